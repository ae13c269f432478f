// Values of components: texts in WAVE, and what a case gives by hand.

#ifndef CONFORMANCE_WIT_VALUE_H
#define CONFORMANCE_WIT_VALUE_H

#include "host.h"

// A part of a type, or NULL.
static const lb_wit_type_t *part_of(const lb_wit_type_t *type, lb_wit_sort_t sort, size_t index) {
  return lb_wit_type_sort(type) == sort ? lb_wit_type_part(type, index) : NULL;
}

static const lb_wit_type_t *part_named(const lb_wit_type_t *type, lb_wit_sort_t sort, const char *name) {
  if (lb_wit_type_sort(type) != sort) return NULL;
  for (size_t i = 0; i < lb_wit_type_count(type); i++) {
    if (!strcmp(lb_wit_type_part_name(type, i), name)) return lb_wit_type_part(type, i);
  }
  return NULL;
}

static lb_error_t *wit_value_of(env *e, const lb_wit_type_t *type, const node *json, lb_wit_value_t *value);

// Reads a text. What it is made of stays until the runner ends.
static lb_error_t *wit_read(env *e, const lb_wit_type_t *type, const char *text, lb_wit_value_t *value) {
  lb_wit_result_t read;
  if (!type) fail(e, "nothing says what type %s is of", text);
  lb_error_t *error = type ? lb_wit_parse(type, text, &read) : NULL;
  if (!error && type) *value = *read.value;
  return error;
}

// A length in bytes, where a zero byte is C0 80.
static lb_wit_value_t wit_text_of(const char *text) {
  char *copy = malloc(strlen(text) + 1), *to = copy;
  for (; *text; text++) {
    const bool is_zero = !strncmp(text, "\xc0\x80", 2);
    *to++ = is_zero ? 0 : *text;
    text += is_zero;
  }
  return lb_wit_text(copy, (size_t)(to - copy));
}

static uint32_t first_char(const char *text) {
  const unsigned char *byte = (const unsigned char *)text;
  const int more = *byte < 0x80 ? 0 : *byte < 0xe0 ? 1 : *byte < 0xf0 ? 2 : 3;
  uint32_t code = more ? (uint32_t)(*byte & (0x3f >> more)) : *byte;
  for (int i = 0; i < more; i++) code = code << 6 | (*++byte & 0x3f);
  return code;
}

static lb_wit_value_t wit_resource_of(env *e, const char *name) {
  const thing *found = find(e, name, WIT_RESOURCE);
  return found->object ? lb_wit_object(found->object, NULL) : lb_wit_resource(found->resource);
}

// A value that is written as a text.
static lb_error_t *wit_of_text(env *e, const lb_wit_type_t *type, const node *one, lb_wit_value_t *value) {
  const char *text = one->text;
  if (!strcmp(one->key, "int")) {
    *value = *text == '-' ? lb_wit_s64(strtoll(text, NULL, 10)) : lb_wit_u64(strtoull(text, NULL, 10));
  } else if (!strcmp(one->key, "float")) {
    *value = lb_wit_f64(strtod(text, NULL));
  } else if (!strcmp(one->key, "text")) {
    *value = wit_text_of(text);
  } else if (!strcmp(one->key, "char")) {
    *value = lb_wit_char(first_char(text));
  } else if (!strcmp(one->key, "bytes")) {
    uint8_t *bytes = malloc(strlen(text) + 1);
    *value = lb_wit_bytes(bytes, bytes_of(text, bytes, strlen(text)));
  } else if (!strcmp(one->key, "enum")) {
    *value = lb_wit_enum(text);
  } else if (!strcmp(one->key, "wit")) {
    return wit_read(e, type, text, value);
  } else if (!strcmp(one->key, "resource")) {
    *value = wit_resource_of(e, text);
  } else if (!strcmp(one->key, "object")) {
    *value = lb_wit_object(object_of(e, text), NULL);
  } else {
    fail(e, "C cannot write the value %s %s", one->key, text);
  }
  return NULL;
}

// What a case holds: a value to point to, or NULL for null.
static lb_error_t *wit_held(env *e, const lb_wit_type_t *type, const node *json, const lb_wit_value_t **held) {
  *held = NULL;
  if (json->kind == 'Z') return NULL;
  lb_wit_value_t *made = calloc(1, sizeof *made);
  *held = made;
  return wit_value_of(e, type, json, made);
}

static lb_error_t *wit_items(env *e, const lb_wit_type_t *type, const node *list, bool is_list, lb_wit_value_t *value) {
  lb_wit_value_t *items = calloc(list->count + 1, sizeof *items);
  lb_error_t *error = NULL;
  size_t i = 0;
  for (const node *one = list->first; one && !error; one = one->next, i++) {
    const lb_wit_type_t *of = is_list ? part_of(type, LB_WIT_SORT_LIST, 0) : part_of(type, LB_WIT_SORT_TUPLE, i);
    error = wit_value_of(e, of, one, &items[i]);
  }
  *value = is_list ? lb_wit_list(items, i) : lb_wit_tuple(items, i);
  return error;
}

static lb_error_t *wit_record(env *e, const lb_wit_type_t *type, const node *fields, lb_wit_value_t *value) {
  lb_wit_field_t *made = calloc(fields->count + 1, sizeof *made);
  lb_error_t *error = NULL;
  size_t i = 0;
  for (const node *one = fields->first; one && !error; one = one->next, i++) {
    made[i].name = one->key;
    error = wit_value_of(e, part_named(type, LB_WIT_SORT_RECORD, one->key), one, &made[i].value);
  }
  *value = lb_wit_record(made, i);
  return error;
}

// A value that has parts.
static lb_error_t *wit_of_parts(env *e, const lb_wit_type_t *type, const node *one, lb_wit_value_t *value) {
  const lb_wit_value_t *held = NULL;
  lb_error_t *error = NULL;
  if (!strcmp(one->key, "bool")) {
    *value = lb_wit_bool(one->kind == 'T');
  } else if (!strcmp(one->key, "broken_text")) {
    *value = lb_wit_string("\xff");
  } else if (!strcmp(one->key, "nothing")) {
    *value = lb_wit_none();
  } else if (!strcmp(one->key, "list") || !strcmp(one->key, "tuple")) {
    return wit_items(e, type, one, *one->key == 'l', value);
  } else if (!strcmp(one->key, "record")) {
    return wit_record(e, type, one, value);
  } else if (!strcmp(one->key, "case")) {
    const char *name = one->first->text;
    error = wit_held(e, part_named(type, LB_WIT_SORT_VARIANT, name), one->first->next, &held);
    *value = lb_wit_variant(name, held);
  } else if (!strcmp(one->key, "flags")) {
    const char **names = calloc(one->count + 1, sizeof *names);
    size_t i = 0;
    for (const node *name = one->first; name; name = name->next) names[i++] = name->text;
    *value = lb_wit_flags(names, i);
  } else if (!strcmp(one->key, "some")) {
    error = wit_held(e, part_of(type, LB_WIT_SORT_OPTION, 0), one, &held);
    *value = lb_wit_some(held);
  } else if (!strcmp(one->key, "ok")) {
    error = wit_held(e, part_of(type, LB_WIT_SORT_RESULT, 0), one, &held);
    *value = lb_wit_ok(held);
  } else if (!strcmp(one->key, "err")) {
    error = wit_held(e, part_of(type, LB_WIT_SORT_RESULT, 1), one, &held);
    *value = lb_wit_err(held);
  } else {
    fail(e, "C cannot write the value %s", one->key);
  }
  return error;
}

// A value of a type, if that is known. What it is made of stays until the runner ends.
static lb_error_t *wit_value_of(env *e, const lb_wit_type_t *type, const node *json, lb_wit_value_t *value) {
  if (json->kind == 'S') return wit_read(e, type, json->text, value);
  if (json->kind != 'O' || json->count != 1) {
    fail(e, "that is no value");
    return NULL;
  }
  const node *one = json->first;
  return one->kind == 'S' ? wit_of_text(e, type, one, value) : wit_of_parts(e, type, one, value);
}

// The arguments of a call, to be freed.
static lb_error_t *wit_args_of(env *e, const lb_wit_func_type_t *type, const node *list, lb_wit_value_t **args,
                               size_t *nargs) {
  lb_error_t *error = NULL;
  *args = calloc(list ? list->count + 1 : 1, sizeof **args);
  *nargs = 0;
  for (const node *one = list ? list->first : NULL; one && !error; one = one->next, ++*nargs) {
    error = wit_value_of(e, *nargs < type->nparams ? type->params[*nargs].type : NULL, one, &(*args)[*nargs]);
  }
  return error;
}

// A value as a case tells it, to be freed; NULL for none.
static char *wit_told(env *e, const lb_wit_type_t *type, const lb_wit_value_t *value) {
  char told[256] = "resource";
  lb_bytes_t text;
  if (!value) return NULL;
  if (value->sort == LB_WIT_SORT_OBJECT) snprintf(told, sizeof told, "object %s", ((object *)value->of.object.data)->name);
  if (value->sort == LB_WIT_SORT_OBJECT || value->sort == LB_WIT_SORT_RESOURCE) return strdup(told);
  lb_error_t *error = type ? lb_wit_format(type, value, &text) : lb_wit_value_text(value, &text);
  if (error) {
    fail(e, "no text: %s", lb_error_message(error));
    lb_error_free(error);
    return NULL;
  }
  char *made = strdup((const char *)text.data);
  lb_error_free(lb_bytes_release(text));
  return made;
}

// Names the resources in a value, in their order; gives the next name.
static const node *wit_keep(env *e, const lb_wit_value_t *value, lb_store_t store, const node *name) {
  if (value->sort == LB_WIT_SORT_RESOURCE || value->sort == LB_WIT_SORT_OBJECT) {
    if (!name) {
      fail(e, "there is one resource more than names");
      return NULL;
    }
    thing *made = named(name->text, WIT_RESOURCE);
    if (value->sort == LB_WIT_SORT_OBJECT) {
      made->object = value->of.object.data;
    } else {
      made->resource = value->of.resource;
      made->store = store;
    }
    keep(outermost(e), made, NULL);
    return name->next;
  }
  if (value->sort == LB_WIT_SORT_LIST || value->sort == LB_WIT_SORT_TUPLE) {
    for (size_t i = 0; i < value->of.items.count; i++) name = wit_keep(e, &value->of.items.data[i], store, name);
  } else if (value->sort == LB_WIT_SORT_RECORD) {
    for (size_t i = 0; i < value->of.fields.count; i++) name = wit_keep(e, &value->of.fields.data[i].value, store, name);
  } else if (value->sort == LB_WIT_SORT_VARIANT || value->sort == LB_WIT_SORT_OPTION || value->sort == LB_WIT_SORT_RESULT) {
    if (value->of.which.value) return wit_keep(e, value->of.which.value, store, name);
  }
  return name;
}

// The same for several, of all names.
static void wit_keep_all(env *e, const lb_wit_value_t *values, size_t count, lb_store_t store, const node *names) {
  const node *name = names->first;
  for (size_t i = 0; i < count && !e->failure[0]; i++) name = wit_keep(e, &values[i], store, name);
  if (name) fail(e, "there are fewer resources than names");
}

// Closes a resource of a guest; one of the host is only let go of.
static lb_error_t *wit_close(const thing *resource) {
  return resource->object ? NULL : lb_wit_resource_close(resource->store, resource->resource);
}

#endif
