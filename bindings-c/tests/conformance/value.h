// Tagged values.

#ifndef CONFORMANCE_VALUE_H
#define CONFORMANCE_VALUE_H

#include "world.h"

static lb_type_t type_of(env *e, const char *name) {
  for (lb_type_t type = 1; *lb_type_name(type); type++) {
    if (!strcmp(lb_type_name(type), name)) return type;
  }
  fail(e, "no type is named %s", name);
  return 0;
}

static size_t types_of(env *e, const node *names, lb_type_t types[MOST]) {
  size_t count = 0;
  for (const node *one = names ? names->first : NULL; one && count < MOST; one = one->next) {
    types[count++] = type_of(e, one->text);
  }
  return count;
}

static size_t bytes_of(const char *hex, uint8_t *bytes, size_t room) {
  size_t count = 0;
  for (; hex && hex[0] && hex[1] && count < room; hex += 2) {
    char two[3] = { hex[0], hex[1], 0 };
    bytes[count++] = (uint8_t)strtoul(two, NULL, 16);
  }
  return count;
}

// Reads a value; the caller owns its reference. wanted is the parameter's type where it is known.
static lb_value_t value_of(env *e, const node *tagged, lb_type_t wanted) {
  const node *one = tagged->first;
  const char *text = one->text;
  if (!strcmp(one->key, "i32")) return lb_i32((int32_t)strtol(text, NULL, 10));
  if (!strcmp(one->key, "i64")) return lb_i64(strtoll(text, NULL, 10));
  lb_value_t value = lb_i64(0);
  if (!strcmp(one->key, "f32")) {
    value.type = LB_TYPE_F32;
    value.of.i32 = (int32_t)strtoul(text, NULL, 16);
  } else if (!strcmp(one->key, "f64")) {
    value.type = LB_TYPE_F64;
    value.of.i64 = (int64_t)strtoull(text, NULL, 16);
  } else if (!strcmp(one->key, "v128")) {
    uint8_t bytes[16] = { 0 };
    bytes_of(text + 2, bytes, 16);
    value.type = LB_TYPE_V128;
    for (int i = 0; i < 16; i++) value.of.v128.bytes[i] = bytes[15 - i];
  } else if (!strcmp(one->key, "funcref")) {
    value = lb_funcref((lb_func_t){ 0 });
    if (text) lb_error_free(lb_func_clone(find(e, text, LB_SORT_FUNC)->item.of.func, &value.of.func));
  } else if (!strcmp(one->key, "externref")) {
    value = lb_externref((lb_externref_t){ 0 });
    if (text) lb_error_free(lb_externref_new(object_of(e, text), NULL, &value.of.externref));
  } else if (!strcmp(one->key, "anyref")) {
    value = lb_anyref((lb_externref_t){ 0 });
    if (text) lb_error_free(lb_externref_new(object_of(e, text), NULL, &value.of.externref));
  } else if (!strcmp(one->key, "i31")) {
    value = lb_i31ref((int32_t)strtol(text, NULL, 10));
  } else if (!strcmp(one->key, "gcref") || (!strcmp(one->key, "exnref") && text)) {
    lb_error_free(lb_value_clone(find(e, text, REFERENCE)->reference, &value));
  } else if (!strcmp(one->key, "exnref")) {
    value = lb_exnref((lb_exception_t){ 0 });
  } else if (!strcmp(one->key, "outward")) {
    value = lb_externref((lb_externref_t){ 0 });
    lb_error_free(lb_externref_from_any(find(e, text, REFERENCE)->reference, &value.of.externref));
  } else if (!strcmp(one->key, "int") && wanted == LB_TYPE_I32 && strtoll(text, NULL, 10) >= INT32_MIN &&
             strtoll(text, NULL, 10) <= UINT32_MAX) {
    value = lb_i32((int32_t)strtoll(text, NULL, 10));
  } else if (!strcmp(one->key, "int") && wanted == LB_TYPE_I64 && strlen(text) <= 20) {
    value = lb_i64(*text == '-' ? strtoll(text, NULL, 10) : (int64_t)strtoull(text, NULL, 10));
  } else {
    fail(e, "C cannot write the value %s %s", one->key, text ? text : "null");
  }
  return value;
}

static void release_values(lb_value_t *values, size_t count) {
  for (size_t i = 0; i < count; i++) lb_error_free(lb_value_release(&values[i]));
}

// The same for a list, to be freed with free_values().
static lb_value_t *values_of(env *e, const node *list, const lb_func_type_t *type, size_t *count) {
  lb_value_t *values = calloc(list ? list->count + 1 : 1, sizeof *values);
  *count = 0;
  for (const node *one = list ? list->first : NULL; one; one = one->next, ++*count) {
    values[*count] = value_of(e, one, type && *count < type->nparams ? type->params[*count] : 0);
  }
  return values;
}

static void free_values(lb_value_t *values, size_t count) {
  release_values(values, count);
  free(values);
}

// The object of the host's own that a reference is to; NULL for null, and for what is of a guest's heap.
static void *data_of(lb_value_t value) {
  void *data = NULL;
  if (value.of.externref.id) lb_error_free(lb_externref_data(value.of.externref, NULL, &data));
  return data;
}

static bool same_reference(lb_value_t one, lb_value_t other) {
  if (!one.of.func.id || !other.of.func.id) return one.of.func.id == other.of.func.id;
  switch (one.type) {
    case LB_TYPE_FUNCREF: return lb_func_same(one.of.func, other.of.func);
    case LB_TYPE_EXTERNREF:
    case LB_TYPE_ANYREF: return data_of(one) && data_of(one) == data_of(other);
    case LB_TYPE_STRUCTREF:
    case LB_TYPE_ARRAYREF: return lb_gcref_same(one.of.gcref, other.of.gcref);
    default: return lb_exception_same(one.of.exception, other.of.exception);
  }
}

static bool same_value(lb_value_t one, lb_value_t other) {
  if (one.type != other.type) return false;
  switch (one.type) {
    case LB_TYPE_I32:
    case LB_TYPE_F32:
    case LB_TYPE_I31REF: return one.of.i32 == other.of.i32;
    case LB_TYPE_I64:
    case LB_TYPE_F64: return one.of.i64 == other.of.i64;
    case LB_TYPE_V128: return !memcmp(&one.of.v128, &other.of.v128, 16);
    default: return same_reference(one, other);
  }
}

// The same, where an externref may be what extern.convert_any made.
static bool is_value(lb_value_t wanted, lb_value_t found) {
  if (found.type != LB_TYPE_EXTERNREF || wanted.type == LB_TYPE_EXTERNREF) return same_value(wanted, found);
  lb_value_t any;
  lb_error_free(lb_externref_any(found.of.externref, &any));
  const bool same = same_value(wanted, any);
  lb_error_free(lb_value_release(&any));
  return same;
}

static void check_values(env *e, const node *expected, const lb_value_t *found, size_t count) {
  if (!expected) return;
  if (expected->count != count) {
    fail(e, "expected %zu values, got %zu", expected->count, count);
    return;
  }
  const node *one = expected->first;
  for (size_t i = 0; i < count; i++, one = one->next) {
    lb_value_t wanted = value_of(e, one, 0);
    if (!is_value(wanted, found[i])) {
      fail(e, "value %zu: expected %s %s, got %s %#llx", i + 1, one->first->key,
           one->first->text ? one->first->text : "null", lb_type_name(found[i].type),
           (unsigned long long)found[i].of.i64);
    }
    release_values(&wanted, 1);
  }
}

static void check_text(env *e, const node *expected, const char *found) {
  const char *text = expected->text;
  if ((!text) != (!found) || (text && strcmp(text, found))) {
    fail(e, "expected %s, got %s", text ? text : "null", found ? found : "null");
  }
}

static void check_number(env *e, const node *step, const char *key, unsigned long long found) {
  if (tree_find(step, key) && tree_num(step, key, 0) != found) {
    fail(e, "%s: expected %s, got %llu", key, tree_str(step, key), found);
  }
}

#endif
