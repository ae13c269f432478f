// What guests call: host functions, which call the library again, and fail at times.

#ifndef HOSTS_H
#define HOSTS_H

#include "loans.h"
#include "values.h"

static void operation(void);

// Callbacks run on threads of the library's too, which are as good as any other.
static void on_this_thread(void) {
  static __thread fuzzer visitor;
  static atomic_ullong visitors;
  if (me) return;
  me = &visitor;
  me->random = mixed(run_seed ^ ++visitors);
}

// Some operations inside of a callback, unless it is deep inside already.
static void act(void) {
  on_this_thread();
  if (me->depth >= DEPTH) return;
  me->depth++;
  for (uint64_t left = below(3); left; left--) operation();
  me->depth--;
}

static lb_error_t *any_error(void) {
  static const lb_kind_t FAILS[] = { LB_KIND_HOST, LB_KIND_DENIED, LB_KIND_RANGE, LB_KIND_LIMIT, LB_KIND_NOT_FOUND };
  token *it;
  switch (below(6)) {
    case 0: return lb_error_exit((int32_t)number());
    case 1: return lb_error_throw(PICK(lb_exception_t, EXCEPTION));
    case 2: it = token_new(1, 0); return lb_error_attach(lb_error_new(LB_KIND_HOST, name()), it, token_drop);
    case 3: it = token_new(1, 0); return lb_error_host(one_in(8) ? NULL : "no", it, token_drop);
    default: return lb_error_new(FAILS[below(sizeof FAILS / sizeof *FAILS)], "said the host");
  }
}

static void look_around(const lb_context_t *context) {
  lb_extern_t item;
  lb_store_t store;
  char text[16];
  if (lb_context_name(context, text, sizeof text) && !*text) found("a context without a name");
  if (one_in(2) && TRY(TURN | KIND(NOT_FOUND) | KIND(LIMIT), lb_context_export(context, name(), &item))) received_item(item);
  if (one_in(2) && TRY(HANDLE | KIND(LIMIT), lb_context_store(context, &store))) keep(STORE, store.id);
}

// References that are given away: one that was lent, or a second handle of another.
static void answer(const lb_value_t *args, size_t nargs, lb_value_t *result) {
  lb_value_t value = value_of(result->type), clone;
  if (nargs && one_in(4)) {
    *result = args[below(nargs)];
  } else if (TRY(HANDLE, lb_value_clone(value, &clone))) {
    *result = clone;
  }
}

static lb_error_t *host_function(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                                 lb_value_t *results, size_t nresults) {
  on_this_thread();
  token_used(data);
  hosts_called++;
  act();
  token_used(data);
  if (one_in(8)) look_around(context);
  for (size_t i = 0; i < nargs; i++) {
    lb_value_t clone;
    if (one_in(4) && TRY(HANDLE, lb_value_clone(args[i], &clone))) received(clone);
  }
  if (one_in(8)) return any_error();
  if (one_in(16)) return answered_later(context, results, nresults);
  for (size_t i = 0; i < nresults; i++) answer(args, nargs, &results[i]);
  return NULL;
}

// The outcome of a call on a thread of the library's.
static void done(void *data, const lb_error_t *error, const lb_value_t *results, size_t count) {
  token *it = data;
  on_this_thread();
  if (error) look_at(error);
  if (error && (results || count)) found("an error with results");
  for (size_t i = 0; i < count; i++) {
    lb_value_t clone;
    if (TRY(0, lb_value_clone(results[i], &clone))) received(clone);
  }
  if (it->acts) act();
  if (atomic_fetch_add(&it->dones, 1)) found("an outcome was told twice");
  atomic_fetch_sub(&dones_open, 1);
}

static lb_error_t *write_function(void *data, const uint8_t *bytes, size_t length) {
  on_this_thread();
  token_used(data);
  if (length && bytes[length - 1] == 0x01) found("not what the guest wrote");
  act();
  return one_in(16) ? any_error() : NULL;
}

// Imports that are complete, or nearly.
static lb_imports_t any_imports(void) {
  static const char *const HOSTS[] = { "number", "refs", "throws" };
  lb_imports_t imports = { 0 };
  TRY(KIND(LIMIT), lb_imports_new(&imports));
  for (int i = 0; i < 3; i++) {
    if (one_in(50)) continue;
    token *it = token_new(1, 0);
    TRY(0, lb_imports_func(imports, "host", HOSTS[i], host_function, it, token_drop));
  }
  return imports;
}

#endif
