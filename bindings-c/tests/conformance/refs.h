// Steps about the guest's heap, tags and exceptions.

#ifndef CONFORMANCE_REFS_H
#define CONFORMANCE_REFS_H

#include "host.h"

// Names a reference, which becomes the case's.
static void put(env *e, const char *name, lb_value_t value) {
  if (value.type == LB_TYPE_EXTERNREF) {
    lb_value_t any;
    lb_error_free(lb_externref_any(value.of.externref, &any));
    lb_error_free(lb_value_release(&value));
    value = any;
  }
  thing *made = named(name, value.type == LB_TYPE_FUNCREF ? LB_SORT_FUNC : REFERENCE);
  made->item.of.func = value.of.func;
  made->reference = value;
  if (value.type == LB_TYPE_I31REF || !value.of.func.id) fail(e, "%s is no reference to an object", name);
  keep(e, made, NULL);
}

// Names results; the copies are the case's.
static void keep_results(env *e, const node *names, const lb_value_t *results, size_t count) {
  if (names && names->count > count) fail(e, "there are %zu results only", count);
  for (const node *name = names ? names->first : NULL; name && count; name = name->next, results++, count--) {
    lb_value_t copy;
    if (!name->text) continue;
    lb_error_free(lb_value_clone(*results, &copy));
    put(e, name->text, copy);
  }
}

static lb_gcref_t gcref_of(env *e, const node *step) {
  return find(e, tree_str(step, "object"), REFERENCE)->reference.of.gcref;
}

static lb_error_t *do_gc_type(env *e, const node *step) {
  lb_gc_type_t type;
  char text[256];
  lb_error_t *error = lb_gcref_type(gcref_of(e, step), &type);
  if (error) return error;
  lb_gc_type_text(&type, text, sizeof text);
  check_text(e, tree_find(step, "equals"), text);
  return NULL;
}

static lb_error_t *do_gc_len(env *e, const node *step) {
  uint64_t length;
  lb_error_t *error = lb_gcref_len(gcref_of(e, step), &length);
  if (!error) check_number(e, step, "equals", length);
  return error;
}

static lb_error_t *do_gc_get(env *e, const node *step) {
  lb_value_t value;
  lb_error_t *error = lb_gcref_get(gcref_of(e, step), tree_num(step, "index", 0), &value);
  const node list = { 'A', NULL, NULL, 1, (node *)tree_find(step, "value"), NULL };
  if (!error && list.first) check_values(e, &list, &value, 1);
  if (!error && tree_find(step, "as")) {
    put(e, tree_str(step, "as"), value);
  } else {
    release_values(&value, 1);
  }
  return error;
}

static lb_error_t *do_gc_set(env *e, const node *step) {
  lb_value_t value = value_of(e, tree_find(step, "value"), 0);
  lb_error_t *error = lb_gcref_set(gcref_of(e, step), tree_num(step, "index", 0), value);
  release_values(&value, 1);
  return error;
}

static lb_tag_t tag_of(env *e, const node *step, const char *key) {
  return find(e, tree_str(step, key), LB_SORT_TAG)->item.of.tag;
}

static lb_error_t *do_new_tag(env *e, const node *step) {
  lb_type_t params[MOST];
  const size_t count = types_of(e, tree_find(step, "params"), params);
  thing *made = make(e, step, LB_SORT_TAG);
  lb_store_t store = find(e, tree_str(step, "store"), STORE)->store;
  return keep(e, made, lb_tag_new(store, params, count, &made->item.of.tag));
}

static lb_error_t *do_same_tag(env *e, const node *step) {
  const bool same = lb_tag_same(tag_of(e, step, "object"), tag_of(e, step, "other"));
  if (same != tree_is(step, "equals")) fail(e, "same_tag is %d", same);
  return NULL;
}

static lb_error_t *do_new_exception(env *e, const node *step) {
  size_t count;
  lb_value_t *payload = values_of(e, tree_find(step, "payload"), NULL, &count);
  thing *made = make(e, step, REFERENCE);
  made->reference = lb_exnref((lb_exception_t){ 0 });
  lb_error_t *error = lb_exception_new(tag_of(e, step, "tag"), payload, count, &made->reference.of.exception);
  free_values(payload, count);
  return keep(e, made, error);
}

// Compares what an exception is and carries with the keys that are there.
static lb_error_t *check_exception(env *e, const node *expected, lb_exception_t exception) {
  lb_tag_t tag;
  lb_func_type_t type;
  lb_error_t *error = lb_exception_tag(exception, &tag);
  if (error) return error;
  lb_error_free(lb_tag_type(tag, &type));
  if (tree_find(expected, "tag") && !lb_tag_same(tag, tag_of(e, expected, "tag"))) {
    fail(e, "the tag is not %s", tree_str(expected, "tag"));
  }
  lb_value_t *payload = calloc(type.nparams + 1, sizeof *payload);
  error = lb_exception_payload(exception, payload, type.nparams);
  if (!error) check_values(e, tree_find(expected, "payload"), payload, type.nparams);
  free_values(payload, error ? 0 : type.nparams);
  lb_error_free(lb_tag_release(tag));
  return error;
}

static lb_error_t *do_exception(env *e, const node *step) {
  return check_exception(e, step, find(e, tree_str(step, "object"), REFERENCE)->reference.of.exception);
}

#endif
