// Operations on externrefs, exceptions and objects of the guest's heap.

#ifndef REFS_H
#define REFS_H

#include "objects.h"

static void externref_new(void) {
  lb_externref_t externref;
  token *it = token_new(1, 0);
  if (TRY(KIND(LIMIT), lb_externref_new(it, token_drop, &externref))) keep(EXTERNREF, externref.id);
}

static void externref_use(void) {
  lb_externref_t externref = PICK(lb_externref_t, EXTERNREF), other;
  lb_drop_t drop;
  lb_value_t value;
  void *data;
  switch (below(5)) {
    case 0:
      if (TRY(TURN, lb_externref_data(MINE(lb_externref_t, EXTERNREF), &drop, &data)) && drop == token_drop) token_used(data);
      break;
    case 1: if (TRY(TURN | KIND(LIMIT), lb_externref_any(externref, &value))) received(value); break;
    case 2: if (TRY(MAKES, lb_externref_from_any(value_of(LB_TYPE_ANYREF), &other))) keep(EXTERNREF, other.id); break;
    case 3: lb_externref_same(externref, PICK(lb_externref_t, EXTERNREF)); break;
    default: if (TRY(HANDLE | KIND(LIMIT), lb_externref_clone(externref, &other))) keep(EXTERNREF, other.id);
  }
}

static void exception_use(void) {
  lb_exception_t exception = PICK(lb_exception_t, EXCEPTION), other;
  lb_value_t payload[VALUES];
  prepared values;
  lb_func_type_t type = { NULL, 0, NULL, 0 };
  lb_tag_t tag;
  switch (below(6)) {
    case 0:
    case 1:
      // The types of a tag of this thread's own; it may be gone until the exception is made.
      tag = MINE(lb_tag_t, TAG);
      if (!TRY(HANDLE, lb_tag_type(tag, &type)) || type.nparams > VALUES) break;
      values.nargs = type.nparams;
      for (size_t i = 0; i < values.nargs; i++) payload[i].type = type.params[i];
      for (size_t i = 0; i < values.nargs; i++) payload[i] = value_of(payload[i].type);
      if (one_in(16)) values.nargs = 0;
      if (TRY(MAKES, lb_exception_new(tag, payload, values.nargs, &other))) keep(EXCEPTION, other.id);
      break;
    case 2: if (TRY(TURN | KIND(LIMIT), lb_exception_tag(exception, &tag))) keep(TAG, tag.id); break;
    case 3: {
      size_t count = below(4);
      if (!TRY(TURN | KIND(LIMIT), lb_exception_payload(exception, payload, count))) break;
      for (size_t i = 0; i < count; i++) received(payload[i]);
      break;
    }
    case 4: lb_exception_same(exception, PICK(lb_exception_t, EXCEPTION)); break;
    default: if (TRY(HANDLE | KIND(LIMIT), lb_exception_clone(exception, &other))) keep(EXCEPTION, other.id);
  }
}

// A call that throws, whose error is looked into.
static void exception_thrown(void) {
  lb_instance_t instance = PICK(lb_instance_t, INSTANCE);
  lb_value_t args[2] = { lb_i32(1), lb_i64(2) };
  lb_exception_t exception;
  begin("lb_instance_call of throw");
  lb_error_t *error = lb_instance_call(instance, "throw", args, 2, NULL, 0), *clone = lb_error_clone(error);
  judged("lb_instance_call of throw", RUNS, error);
  if (TRY(HANDLE | KIND(LIMIT), lb_error_exception(clone, &exception))) keep(EXCEPTION, exception.id);
  lb_error_free(clone);
}

static void gcref_use(void) {
  lb_gcref_t gcref = PICK(lb_gcref_t, GCREF), other;
  lb_gc_type_t type;
  lb_value_t value;
  uint64_t length;
  char text[64];
  switch (below(6)) {
    case 0:
      if (TRY(HANDLE, lb_gcref_type(MINE(lb_gcref_t, GCREF), &type))) lb_gc_type_text(&type, text, below(sizeof text));
      break;
    case 1: TRY(TURN, lb_gcref_len(gcref, &length)); break;
    case 2: if (TRY(TURN | KIND(OUT_OF_BOUNDS) | KIND(LIMIT), lb_gcref_get(gcref, number(), &value))) received(value); break;
    case 3: TRY(MAKES | KIND(OUT_OF_BOUNDS), lb_gcref_set(gcref, number(), value_of(any_type()))); break;
    case 4: lb_gcref_same(gcref, PICK(lb_gcref_t, GCREF)); break;
    default: if (TRY(HANDLE | KIND(LIMIT), lb_gcref_clone(gcref, &other))) keep(GCREF, other.id);
  }
}

#endif
