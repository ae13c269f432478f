// Operations on functions, memories, tables, globals and tags.

#ifndef OBJECTS_H
#define OBJECTS_H

#include "stores.h"

static void func_new(void) {
  lb_type_t params[4], results[4];
  lb_func_type_t type = { params, below(5), results, below(5) };
  lb_func_t func;
  for (int i = 0; i < 4; i++) params[i] = any_type(), results[i] = any_type();
  token *it = token_new(1, 0);
  if (TRY(MAKES, lb_func_new(PICK(lb_store_t, STORE), one_in(50) ? NULL : &type, &func, one_in(50) ? NULL : host_function, it, token_drop))) {
    keep(FUNC, func.id);
  }
}

static void func_use(void) {
  lb_func_t func = PICK(lb_func_t, FUNC), clone;
  lb_func_type_t type;
  char text[32];
  size_t length;
  switch (below(4)) {
    case 0: if (TRY(HANDLE, lb_func_clone(func, &clone))) keep(FUNC, clone.id); break;
    case 1: lb_func_same(func, PICK(lb_func_t, FUNC)); break;
    case 2: TRY(HANDLE, lb_func_name(func, text, below(sizeof text), one_in(2) ? NULL : &length)); break;
    default:
      if (TRY(HANDLE, lb_func_type(MINE(lb_func_t, FUNC), &type))) lb_func_type_text(&type, text, below(sizeof text));
  }
}

static void memory_new(void) {
  lb_memory_type_t type = { below(4), one_in(2) ? LB_NO_MAX : number(), one_in(8) ? number() : 65536, one_in(4) };
  lb_memory_t memory;
  if (one_in(16)) type.min = number();
  // What a machine has no room for is refused; what it has room for would be slow.
  if (type.min > 64 && type.min < UINT64_C(1) << 40) type.min = 64;
  if (TRY(MAKES | KIND(UNSUPPORTED), lb_memory_new(PICK(lb_store_t, STORE), &type, &memory))) keep(MEMORY, memory.id);
}

// What texts in memory are refused with.
#define TEXT (KIND(OUT_OF_BOUNDS) | KIND(TYPE))

static void memory_use(void) {
  size_t length;
  lb_memory_t memory = PICK(lb_memory_t, MEMORY);
  lb_memory_type_t type;
  lb_view_t view;
  uint8_t bytes[64] = { 0 };
  uint64_t size = 0;
  switch (below(11)) {
    case 8: TRY(TURN | TEXT, lb_memory_read_text(memory, number(), below(100), (char *)bytes, sizeof bytes, &length)); break;
    case 9: TRY(TURN | TEXT, lb_memory_read_c_string(memory, number(), below(100), (char *)bytes, below(sizeof bytes), NULL)); break;
    case 10: TRY(TURN | TEXT, lb_memory_write_text(memory, number(), name(), &length)); break;
    case 0: TRY(TURN | KIND(OUT_OF_BOUNDS), lb_memory_read(memory, number(), bytes, below(sizeof bytes))); break;
    case 1: TRY(TURN | KIND(OUT_OF_BOUNDS), lb_memory_write(memory, number(), bytes, below(sizeof bytes))); break;
    // A length that no memory has: bytes has no room for it.
    case 2: TRY(TURN | KIND(OUT_OF_BOUNDS), lb_memory_read(memory, number(), bytes, SIZE_MAX - below(9))); break;
    case 3: TRY(MAKES, lb_memory_grow(memory, one_in(8) ? UINT64_MAX - number() : below(2), one_in(2) ? NULL : &size)); break;
    case 4: TRY(TURN, lb_memory_size_bytes(memory, &size)); break;
    case 5: TRY(TURN, lb_memory_size_pages(memory, &size)); break;
    case 6: TRY(TURN, lb_memory_type(memory, &type)); break;
    default:
      if (!TRY(TURN, lb_memory_view(memory, &view))) break;
      // Whatever others close meanwhile.
      act();
      for (size_t at = 0; at < view.length; at += 4096) ((volatile uint8_t *)view.data)[at] += 1;
      TRY(0, lb_view_release(view));
      TRY(HANDLE, lb_view_release(view));
  }
}

static void table_new(void) {
  lb_table_type_t type = { below(8), one_in(2) ? LB_NO_MAX : number(), any_type(), one_in(8) };
  lb_table_t table;
  if (one_in(16)) type.min = one_in(2) ? below(100000) : UINT64_MAX - number();
  if (TRY(MAKES | KIND(UNSUPPORTED), lb_table_new(PICK(lb_store_t, STORE), &type, value_of(type.element), &table))) keep(TABLE, table.id);
}

static void table_use(void) {
  lb_table_t table = PICK(lb_table_t, TABLE);
  lb_table_type_t type = { 0, 0, 0, 0 };
  lb_value_t value;
  uint64_t size;
  TRY(TURN, lb_table_type(table, &type));
  switch (below(4)) {
    case 0: if (TRY(TURN | KIND(LIMIT) | KIND(OUT_OF_BOUNDS), lb_table_get(table, number(), &value))) received(value); break;
    case 1: TRY(MAKES | KIND(OUT_OF_BOUNDS), lb_table_set(table, number(), value_of(type.element))); break;
    case 2: TRY(MAKES, lb_table_grow(table, one_in(8) ? UINT64_MAX - number() : below(4), value_of(type.element), &size)); break;
    default: TRY(TURN, lb_table_size(table, &size));
  }
}

static void global_new(void) {
  lb_global_type_t type = { any_type(), one_in(2) };
  lb_global_t global;
  if (TRY(MAKES, lb_global_new(PICK(lb_store_t, STORE), &type, value_of(type.content), &global))) keep(GLOBAL, global.id);
}

static void global_use(void) {
  lb_global_t global = PICK(lb_global_t, GLOBAL);
  lb_global_type_t type = { 0, 0 };
  lb_value_t value;
  TRY(TURN, lb_global_type(global, &type));
  if (one_in(2)) TRY(MAKES, lb_global_set(global, value_of(type.content)));
  else if (TRY(TURN | KIND(LIMIT), lb_global_get(global, &value))) received(value);
}

static void tag_use(void) {
  lb_type_t params[4] = { any_type(), any_type(), any_type(), any_type() };
  lb_func_type_t type;
  lb_tag_t tag;
  char text[32];
  switch (below(3)) {
    case 0: if (TRY(MAKES, lb_tag_new(PICK(lb_store_t, STORE), params, below(5), &tag))) keep(TAG, tag.id); break;
    case 1: lb_tag_same(PICK(lb_tag_t, TAG), PICK(lb_tag_t, TAG)); break;
    default:
      if (TRY(HANDLE, lb_tag_type(MINE(lb_tag_t, TAG), &type))) lb_func_type_text(&type, text, below(sizeof text));
  }
}

#endif
