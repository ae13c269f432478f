// Steps about stores, instances and what they export.

#ifndef CONFORMANCE_ITEM_H
#define CONFORMANCE_ITEM_H

#include "limits.h"
#include "module.h"
#include "refs.h"

static lb_memory_t memory_of(env *e, const node *step) {
  return find(e, tree_str(step, "memory"), LB_SORT_MEMORY)->item.of.memory;
}

static lb_table_t table_of(env *e, const node *step) {
  return find(e, tree_str(step, "table"), LB_SORT_TABLE)->item.of.table;
}

static lb_global_t global_of(env *e, const node *step) {
  return find(e, tree_str(step, "global"), LB_SORT_GLOBAL)->item.of.global;
}

static lb_store_t store_of(env *e, const node *step) { return find(e, tree_str(step, "store"), STORE)->store; }

static lb_error_t *do_store(env *e, const node *step) {
  closed_in in = CLOSED_IN;
  thing *made = make(e, step, STORE);
  lb_error_t *error = sandbox_of(e, step, &in);
  if (!error) error = lb_store_new_with(engine_of(e, step), &in.sandbox, &made->store);
  if (in.sandbox.policy.id) lb_error_free(lb_policy_release(in.sandbox.policy));
  return keep(e, made, error);
}

static lb_error_t *do_instantiate(env *e, const node *step) {
  lb_imports_t imports;
  lb_error_t *error = imports_of(e, step, &imports);
  closed_in in = CLOSED_IN;
  thing *made = make(e, step, INSTANCE);
  if (!error) error = sandbox_of(e, step, &in);
  if (!error && tree_find(step, "store")) {
    error = lb_store_instantiate(store_of(e, step), module_of(e, step), &imports, &made->instance);
  } else if (!error) {
    error = lb_instance_new_with(module_of(e, step), &imports, &in.sandbox, &made->instance);
  }
  if (in.sandbox.policy.id) lb_error_free(lb_policy_release(in.sandbox.policy));
  lb_error_free(lb_imports_release(imports));
  return keep(e, made, error);
}

static lb_error_t *do_export(env *e, const node *step) {
  static const char *sorts[] = { "func", "memory", "table", "global", "tag" };
  const char *sort = tree_str(step, "sort"), *name = tree_str(step, "name");
  lb_instance_t instance = find(e, tree_str(step, "instance"), INSTANCE)->instance;
  uint32_t number = 0;
  while (number < COUNT(sorts) && strcmp(sorts[number], sort)) number++;
  thing *made = make(e, step, ++number);
  switch (number) {
    case LB_SORT_FUNC: return keep(e, made, lb_instance_func(instance, name, &made->item.of.func));
    case LB_SORT_MEMORY: return keep(e, made, lb_instance_memory(instance, name, &made->item.of.memory));
    case LB_SORT_TABLE: return keep(e, made, lb_instance_table(instance, name, &made->item.of.table));
    case LB_SORT_GLOBAL: return keep(e, made, lb_instance_global(instance, name, &made->item.of.global));
    case LB_SORT_TAG: return keep(e, made, lb_instance_tag(instance, name, &made->item.of.tag));
    default: fail(e, "no sort is named %s", sort); return NULL;
  }
}

static lb_error_t *do_call(env *e, const node *step) {
  const char *object_name = tree_str(step, "object");
  lb_func_t func = { 0 };
  lb_func_type_t type = { 0 };
  lb_instance_t instance = { 0 };
  lb_error_t *error = NULL;
  if (object_name) {
    func = find(e, object_name, LB_SORT_FUNC)->item.of.func;
    error = lb_func_type(func, &type);
  } else {
    instance = find(e, tree_str(step, "instance"), INSTANCE)->instance;
    lb_error_free(lb_instance_func(instance, tree_str(step, "func"), &func));
    lb_error_free(lb_func_type(func, &type));
  }
  if (error) return error;
  size_t nargs, nresults = type.nresults;
  lb_value_t *args = values_of(e, tree_find(step, "args"), &type, &nargs);
  lb_value_t *results = calloc(nresults + 1, sizeof *results);
  error = object_name ? lb_func_call(func, args, nargs, results, nresults)
                      : lb_instance_call(instance, tree_str(step, "func"), args, nargs, results, nresults);
  if (!error) check_values(e, tree_find(step, "results"), results, nresults);
  if (!error) keep_results(e, tree_find(step, "keep"), results, nresults);
  free_values(args, nargs);
  free_values(results, nresults);
  if (!object_name) lb_error_free(lb_func_release(func));
  return error;
}

static lb_error_t *do_func_type(env *e, const node *step) {
  lb_func_type_t type;
  char text[4096];
  lb_error_t *error = lb_func_type(find(e, tree_str(step, "object"), LB_SORT_FUNC)->item.of.func, &type);
  if (error) return error;
  lb_func_type_text(&type, text, sizeof text);
  check_text(e, tree_find(step, "equals"), text);
  return NULL;
}

static lb_error_t *do_same(env *e, const node *step) {
  const thing *one = find(e, tree_str(step, "object"), 0), *other = find(e, tree_str(step, "other"), 0);
  bool same = false;
  switch (one->sort) {
    case LB_SORT_FUNC: same = lb_func_same(one->item.of.func, other->item.of.func); break;
    case LB_SORT_MEMORY: same = lb_memory_same(one->item.of.memory, other->item.of.memory); break;
    case LB_SORT_TABLE: same = lb_table_same(one->item.of.table, other->item.of.table); break;
    case LB_SORT_GLOBAL: same = lb_global_same(one->item.of.global, other->item.of.global); break;
    default: same = lb_tag_same(one->item.of.tag, other->item.of.tag); break;
  }
  if (same != tree_is(step, "equals")) fail(e, "same is %d", same);
  return NULL;
}

static lb_error_t *do_same_func(env *e, const node *step) {
  bool same = lb_func_same(find(e, tree_str(step, "object"), LB_SORT_FUNC)->item.of.func,
                           find(e, tree_str(step, "other"), LB_SORT_FUNC)->item.of.func);
  if (same != tree_is(step, "equals")) fail(e, "same_func is %d", same);
  return NULL;
}

static lb_error_t *do_new_func(env *e, const node *step) {
  lb_type_t params[MOST], results[MOST];
  lb_func_type_t type = { params, types_of(e, tree_find(step, "params"), params), results,
                          types_of(e, tree_find(step, "results"), results) };
  thing *made = make(e, step, LB_SORT_FUNC);
  return keep(e, made, lb_func_new(store_of(e, step), &type, &made->item.of.func, run_host,
                                   host_of(e, tree_find(step, "host")), free));
}

static lb_error_t *do_new_memory(env *e, const node *step) {
  lb_memory_type_t type = { tree_num(step, "min", 0), tree_num(step, "max", LB_NO_MAX),
                            tree_num(step, "page_bytes", 0), tree_is(step, "is_64") };
  thing *made = make(e, step, LB_SORT_MEMORY);
  return keep(e, made, lb_memory_new(store_of(e, step), &type, &made->item.of.memory));
}

static lb_error_t *do_new_table(env *e, const node *step) {
  lb_table_type_t type = { tree_num(step, "min", 0), tree_num(step, "max", LB_NO_MAX),
                           type_of(e, tree_str(step, "element")), tree_is(step, "is_64") };
  lb_value_t init = value_of(e, tree_find(step, "init"), 0);
  thing *made = make(e, step, LB_SORT_TABLE);
  lb_error_t *error = lb_table_new(store_of(e, step), &type, init, &made->item.of.table);
  release_values(&init, 1);
  return keep(e, made, error);
}

static lb_error_t *do_new_global(env *e, const node *step) {
  lb_global_type_t type = { type_of(e, tree_str(step, "type")), tree_is(step, "mutable") };
  lb_value_t value = value_of(e, tree_find(step, "value"), 0);
  thing *made = make(e, step, LB_SORT_GLOBAL);
  lb_error_t *error = lb_global_new(store_of(e, step), &type, value, &made->item.of.global);
  release_values(&value, 1);
  return keep(e, made, error);
}

static lb_error_t *do_read(env *e, const node *step) {
  const char *hex = tree_str(step, "hex");
  size_t length = tree_num(step, "length", hex ? strlen(hex) / 2 : 0);
  // A length that no memory has is asked for all the same, with no more room than could be needed.
  uint8_t *bytes = malloc(length < (1u << 30) ? length + 1 : 1);
  lb_error_t *error = lb_memory_read(memory_of(e, step), tree_num(step, "offset", 0), bytes, length);
  if (!error && hex) check_bytes(e, hex, bytes, length);
  free(bytes);
  return error;
}

static lb_error_t *do_write(env *e, const node *step) {
  const char *hex = tree_str(step, "hex");
  uint8_t *bytes = malloc(strlen(hex) + 1);
  size_t length = bytes_of(hex, bytes, strlen(hex));
  lb_error_t *error = lb_memory_write(memory_of(e, step), tree_num(step, "offset", 0), bytes, length);
  free(bytes);
  return error;
}

// Compares a text, in which zero bytes are told by its length.
static void check_memory_text(env *e, const node *step, const char *found, size_t length) {
  char wanted[256];
  size_t count = 0;
  for (const char *at = tree_str(step, "equals"); *at && count < sizeof wanted; at++) {
    const bool is_zero = !strncmp(at, "\xc0\x80", 2);
    wanted[count++] = is_zero ? 0 : *at;
    at += is_zero;
  }
  if (count != length || memcmp(wanted, found, length)) fail(e, "the text is %.100s", found);
}

static lb_error_t *do_read_text(env *e, const node *step) {
  char text[256];
  size_t length;
  lb_error_t *error = lb_memory_read_text(memory_of(e, step), tree_num(step, "offset", 0), tree_num(step, "length", 0),
                                          text, sizeof text, &length);
  if (!error) check_memory_text(e, step, text, length);
  return error;
}

static lb_error_t *do_read_c_string(env *e, const node *step) {
  char text[256];
  size_t length;
  lb_error_t *error = lb_memory_read_c_string(memory_of(e, step), tree_num(step, "offset", 0), tree_num(step, "most", 0),
                                              text, sizeof text, &length);
  if (!error) check_memory_text(e, step, text, length);
  return error;
}

static lb_error_t *do_write_text(env *e, const node *step) {
  size_t written;
  lb_error_t *error = lb_memory_write_text(memory_of(e, step), tree_num(step, "offset", 0), tree_str(step, "text"), &written);
  if (!error) check_number(e, step, "result", written);
  return error;
}

static lb_error_t *do_grow(env *e, const node *step) {
  uint64_t former;
  lb_error_t *error = lb_memory_grow(memory_of(e, step), tree_num(step, "pages", 0), &former);
  if (!error) check_number(e, step, "result", former);
  return error;
}

static lb_error_t *do_size(env *e, const node *step) {
  uint64_t pages, bytes;
  lb_error_t *error = lb_memory_size_pages(memory_of(e, step), &pages);
  if (!error) error = lb_memory_size_bytes(memory_of(e, step), &bytes);
  if (error) return error;
  check_number(e, step, "pages", pages);
  check_number(e, step, "bytes", bytes);
  return NULL;
}

static lb_error_t *do_view(env *e, const node *step) {
  thing *made = make(e, step, VIEW);
  return keep(e, made, lb_memory_view(memory_of(e, step), &made->view));
}

static uint8_t *in_view(env *e, const node *step) {
  lb_view_t view = find(e, tree_str(step, "view"), VIEW)->view;
  size_t offset = tree_num(step, "offset", 0), length = strlen(tree_str(step, "hex")) / 2;
  if (offset <= view.length && length <= view.length - offset) return view.data + offset;
  fail(e, "the view has %zu bytes only", view.length);
  return NULL;
}

static lb_error_t *do_view_read(env *e, const node *step) {
  uint8_t *bytes = in_view(e, step);
  if (bytes) check_bytes(e, tree_str(step, "hex"), bytes, strlen(tree_str(step, "hex")) / 2);
  return NULL;
}

static lb_error_t *do_view_write(env *e, const node *step) {
  uint8_t *bytes = in_view(e, step);
  if (bytes) bytes_of(tree_str(step, "hex"), bytes, strlen(tree_str(step, "hex")) / 2);
  return NULL;
}

static lb_error_t *check_value(env *e, const node *step, lb_error_t *error, lb_value_t value) {
  if (error) return error;
  const node list = { 'A', NULL, NULL, 1, (node *)tree_find(step, "value"), NULL };
  if (list.first) check_values(e, &list, &value, 1);
  release_values(&value, 1);
  return NULL;
}

static lb_error_t *do_table_get(env *e, const node *step) {
  lb_value_t value;
  lb_error_t *error = lb_table_get(table_of(e, step), tree_num(step, "index", 0), &value);
  return check_value(e, step, error, value);
}

static lb_error_t *do_table_set(env *e, const node *step) {
  lb_value_t value = value_of(e, tree_find(step, "value"), 0);
  lb_error_t *error = lb_table_set(table_of(e, step), tree_num(step, "index", 0), value);
  release_values(&value, 1);
  return error;
}

static lb_error_t *do_table_grow(env *e, const node *step) {
  uint64_t former;
  lb_value_t init = value_of(e, tree_find(step, "init"), 0);
  lb_error_t *error = lb_table_grow(table_of(e, step), tree_num(step, "delta", 0), init, &former);
  release_values(&init, 1);
  if (!error) check_number(e, step, "result", former);
  return error;
}

static lb_error_t *do_table_size(env *e, const node *step) {
  uint64_t size;
  lb_error_t *error = lb_table_size(table_of(e, step), &size);
  if (!error) check_number(e, step, "equals", size);
  return error;
}

static lb_error_t *do_global_get(env *e, const node *step) {
  lb_value_t value;
  lb_error_t *error = lb_global_get(global_of(e, step), &value);
  return check_value(e, step, error, value);
}

static lb_error_t *do_global_set(env *e, const node *step) {
  lb_value_t value = value_of(e, tree_find(step, "value"), 0);
  lb_error_t *error = lb_global_set(global_of(e, step), value);
  release_values(&value, 1);
  return error;
}

static lb_error_t *do_type(env *e, const node *step) {
  thing *object = find(e, tree_str(step, "object"), 0);
  lb_extern_type_t type = { object->sort, { { 0 } } };
  char text[256] = "";
  lb_error_t *error = NULL;
  if (object->sort == LB_SORT_MEMORY) {
    error = lb_memory_type(object->item.of.memory, &type.of.memory);
    if (!error) lb_memory_type_text(&type.of.memory, text, sizeof text);
  } else if (object->sort == LB_SORT_TABLE) {
    error = lb_table_type(object->item.of.table, &type.of.table);
    if (!error) lb_table_type_text(&type.of.table, text, sizeof text);
  } else if (object->sort == LB_SORT_TAG) {
    error = lb_tag_type(object->item.of.tag, &type.of.func);
    if (!error) lb_extern_type_text(&type, text, sizeof text);
  } else {
    error = lb_global_type(object->item.of.global, &type.of.global);
    if (!error) lb_global_type_text(&type.of.global, text, sizeof text);
  }
  if (!error) check_text(e, tree_find(step, "equals"), text);
  return error;
}

static lb_error_t *do_gc(env *e, const node *step) { return lb_store_gc(store_of(e, step)); }

static lb_error_t *do_close(env *e, const node *step) { return close_named(e, tree_str(step, "target")); }

static lb_error_t *do_log(env *e, const node *step) {
  const node *line = tree_find(step, "equals")->first;
  entry *one = outermost(e)->log;
  for (; line && one; line = line->next, one = one->next) check_values(e, line, one->values, one->count);
  if (line || one) fail(e, "the log is %s than expected", line ? "shorter" : "longer");
  return NULL;
}

#endif
