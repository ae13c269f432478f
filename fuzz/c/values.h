// Values: mostly of the right type, with references of all stores.

#ifndef VALUES_H
#define VALUES_H

#include "world.h"

static const lb_type_t TYPES[] = {
  LB_TYPE_I32, LB_TYPE_I64, LB_TYPE_F32, LB_TYPE_F64, LB_TYPE_V128, LB_TYPE_FUNCREF, LB_TYPE_EXTERNREF, LB_TYPE_ANYREF,
  LB_TYPE_EQREF, LB_TYPE_I31REF, LB_TYPE_STRUCTREF, LB_TYPE_ARRAYREF, LB_TYPE_EXNREF, LB_TYPE_NULLREF,
  LB_TYPE_NULLFUNCREF, LB_TYPE_NULLEXTERNREF, LB_TYPE_NULLEXNREF,
};

static lb_type_t any_type(void) {
  if (one_in(40)) return (lb_type_t)any();
  return TYPES[below(sizeof TYPES / sizeof *TYPES)];
}

// Small ones are what finds most.
static uint64_t number(void) {
  static const uint64_t EDGES[] = {
    0x7f, 0x80, 0xff, 0xffff, 0x10000, 0x3fffffff, 0x40000000, 0x7fffffff, 0x80000000, 0xffffffff, 0x100000000,
    INT64_MAX, (uint64_t)INT64_MIN, UINT64_MAX, UINT64_MAX - 7,
  };
  switch (below(8)) {
    case 0: return EDGES[below(sizeof EDGES / sizeof *EDGES)];
    case 1: return any();
    case 2: return below(70000);
    default: return below(6);
  }
}

static const char *name(void) {
  static const char *const NAMES[] = {
    "memory", "wide", "objects", "funcs", "anys", "i32", "i64", "f32", "v128", "object", "any", "func", "exn", "plain",
    "pair", "carries", "inc", "numbers", "div", "trunc", "unreachable", "fib", "deep", "spin", "host", "host_often",
    "host_deep", "host_refs", "host_again", "throw", "throw_carries", "throw_ref", "catch", "catch_pair", "extern",
    "must", "keep", "take", "func_of", "call_at", "apply", "grow", "grow_table", "load", "fill", "point", "bytes",
    "list", "anything", "keep_any", "i31", "cast", "outward", "inward", "garbage", "_start", "args", "environ", "clock",
    "random", "write", "read", "open", "unlink", "close", "sleep", "exit", "number", "refs", "throws", "start", "env",
    "", "no such", "\xc0\x80", "\xff", "a/b",
  };
  return NAMES[below(sizeof NAMES / sizeof *NAMES)];
}

// Arguments are lent: the handles in it stay where they are.
static lb_value_t value_of(lb_type_t type) {
  lb_value_t value = { type, { 0 } };
  if (one_in(40)) type = value.type = any_type();
  switch (type) {
    case LB_TYPE_I31REF: value.of.i32 = (int32_t)below(100) - 50; break;
    case LB_TYPE_FUNCREF: value.of.func.id = pick(FUNC); break;
    case LB_TYPE_EXTERNREF: value.of.externref.id = pick(EXTERNREF); break;
    case LB_TYPE_STRUCTREF:
    case LB_TYPE_ARRAYREF: value.of.gcref.id = pick(GCREF); break;
    case LB_TYPE_EXNREF: value.of.exception.id = pick(EXCEPTION); break;
    case LB_TYPE_ANYREF:
      switch (below(4)) {
        case 0: return lb_i31ref((int32_t)number());
        case 1: return lb_structref(PICK(lb_gcref_t, GCREF));
        case 2: return lb_arrayref(PICK(lb_gcref_t, GCREF));
        default: value.of.externref.id = pick(EXTERNREF);
      }
      break;
    case LB_TYPE_F64: value.of.f64 = (double)(int64_t)number() / 3; break;
    case LB_TYPE_V128: memset(value.of.v128.bytes, (int)any(), 16); break;
    case LB_TYPE_I32: value.of.i32 = (int32_t)number(); break;
    default: value.of.i64 = one_in(4) ? (int64_t)number() : 0;
  }
  // References are null at times.
  if (type >= LB_TYPE_FUNCREF && type != LB_TYPE_I31REF && one_in(4)) value.of.i64 = 0;
  return value;
}

// Keeps what a value refers to, or releases it.
static void received(lb_value_t value) {
  if (one_in(2)) {
    lb_value_t clone;
    if (TRY(HANDLE, lb_value_clone(value, &clone))) TRY(0, lb_value_release(&clone));
  }
  if (one_in(3)) {
    TRY(0, lb_value_release(&value));
    return;
  }
  switch (value.type) {
    case LB_TYPE_FUNCREF: keep(FUNC, value.of.func.id); break;
    case LB_TYPE_ANYREF:
    case LB_TYPE_EXTERNREF: keep(EXTERNREF, value.of.externref.id); break;
    case LB_TYPE_STRUCTREF:
    case LB_TYPE_ARRAYREF: keep(GCREF, value.of.gcref.id); break;
    case LB_TYPE_EXNREF: keep(EXCEPTION, value.of.exception.id); break;
    default: break;
  }
}

static void received_item(lb_extern_t item) {
  switch (item.sort) {
    case LB_SORT_FUNC: keep(FUNC, item.of.func.id); break;
    case LB_SORT_MEMORY: keep(MEMORY, item.of.memory.id); break;
    case LB_SORT_TABLE: keep(TABLE, item.of.table.id); break;
    case LB_SORT_GLOBAL: keep(GLOBAL, item.of.global.id); break;
    case LB_SORT_TAG: keep(TAG, item.of.tag.id); break;
    default: found("an export of sort %u", item.sort);
  }
}

static lb_extern_t any_item(void) {
  switch (below(6)) {
    case 0: return lb_extern_memory(PICK(lb_memory_t, MEMORY));
    case 1: return lb_extern_table(PICK(lb_table_t, TABLE));
    case 2: return lb_extern_global(PICK(lb_global_t, GLOBAL));
    case 3: return lb_extern_tag(PICK(lb_tag_t, TAG));
    default: return lb_extern_func(PICK(lb_func_t, FUNC));
  }
}

#endif
