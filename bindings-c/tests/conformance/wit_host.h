// Host functions that components call.

#ifndef CONFORMANCE_WIT_HOST_H
#define CONFORMANCE_WIT_HOST_H

#include "wit_value.h"

// What a host function gives: the value under a key, or nothing.
static lb_error_t *wit_give(env *e, lb_wit_context_t *context, const node *result) {
  const lb_wit_value_t *value = NULL;
  const lb_wit_type_t *type = lb_wit_context_type(context)->result;
  lb_error_t *error = result ? wit_held(e, type, result, &value) : NULL;
  return error || !value ? error : lb_wit_context_give(context, value);
}

static lb_error_t *wit_fail(env *e, const lb_wit_func_type_t *type, const node *payload) {
  const lb_wit_value_t *value;
  lb_error_t *error = wit_held(e, part_of(type->result, LB_WIT_SORT_RESULT, 1), payload, &value);
  return error ? error : lb_wit_error(value);
}

static void wit_record_args(env *e, const lb_wit_func_type_t *type, const lb_wit_value_t *args, size_t nargs) {
  wit_entry *made = calloc(1, sizeof *made);
  made->texts = calloc(nargs + 1, sizeof *made->texts);
  for (; made->count < nargs; made->count++) {
    made->texts[made->count] = wit_told(e, type->params[made->count].type, &args[made->count]);
  }
  e = outermost(e);
  pthread_mutex_lock(&lock);
  wit_entry **end = &e->wit_log;
  while (*end) end = &(*end)->next;
  *end = made;
  pthread_mutex_unlock(&lock);
}

// Calls an export, and gives what that gives.
static lb_error_t *wit_call_export(env *e, lb_wit_context_t *context, const node *spec, const lb_wit_value_t *args,
                                   size_t nargs) {
  lb_instance_t instance = find(e, tree_str(spec, "instance"), INSTANCE)->instance;
  const node *given = tree_find(spec, "args");
  lb_wit_value_t *own = NULL;
  lb_wit_func_t func;
  lb_wit_func_type_t type;
  lb_wit_result_t result = { NULL, 0 };
  lb_error_t *error = lb_instance_wit_func(instance, tree_str(spec, "func"), &func);
  if (error) return error;
  error = lb_wit_func_type(func, &type);
  if (!error && given) error = wit_args_of(e, &type, given, &own, &nargs);
  if (!error) error = lb_wit_func_call(func, given ? own : args, nargs, &result);
  if (!error) error = lb_wit_context_give(context, result.value);
  lb_error_free(lb_wit_result_release(result));
  lb_error_free(lb_wit_func_release(func));
  free(own);
  return error;
}

static lb_error_t *wit_echo(lb_wit_context_t *context, const lb_wit_value_t *args, size_t nargs) {
  lb_wit_value_t all = lb_wit_tuple(args, nargs);
  return lb_wit_context_give(context, nargs == 0 ? NULL : nargs == 1 ? args : &all);
}

static lb_error_t *wit_run_host(void *data, lb_wit_context_t *context, const lb_wit_value_t *args, size_t nargs) {
  env *e = ((host *)data)->env;
  const node *spec = ((host *)data)->spec;
  const lb_wit_func_type_t *type = lb_wit_context_type(context);
  const char *does = tree_str(spec, "does");
  lb_error_t *error = NULL;
  if (!strcmp(does, "echo")) return wit_echo(context, args, nargs);
  if (!strcmp(does, "fail")) return wit_fail(e, type, tree_find(spec, "payload"));
  if (!strcmp(does, "throw")) {
    const char *name = tree_str(spec, "exception");
    return lb_error_host(name, object_of(e, name), NULL);
  }
  if (!strcmp(does, "call")) return wit_call_export(e, context, spec, args, nargs);
  if (!strcmp(does, "record")) {
    wit_record_args(e, type, args, nargs);
  } else if (!strcmp(does, "keep")) {
    lb_store_t store;
    error = lb_context_store(lb_wit_context_base(context), &store);
    if (!error) wit_keep_all(e, args, nargs, store, tree_find(spec, "names"));
  } else if (!strcmp(does, "call_caught")) {
    lb_error_t *caught = wit_call_export(e, context, spec, args, nargs);
    if (!caught) return NULL;
    lb_error_free(caught);
  } else if (!strcmp(does, "drop")) {
    error = wit_close(find(e, tree_str(spec, "resource"), WIT_RESOURCE));
  } else if (!strcmp(does, "close")) {
    error = close_named(e, tree_str(spec, "target"));
  } else if (!strcmp(does, "cancel")) {
    error = cancel_named(e, tree_str(spec, "target"));
  } else if (strcmp(does, "give")) {
    fail(e, "no host function of components does %s", does);
  }
  return error ? error : wit_give(e, context, tree_find(spec, "result"));
}

// Lends what an entry of imports says; false if it is not about components.
static bool wit_lend(env *e, const node *one, lb_imports_t imports, lb_error_t **error) {
  const char *module = tree_str(one, "module");
  const node *spec = tree_find(one, "wit");
  if (tree_find(one, "resource")) {
    *error = lb_imports_wit_resource(imports, module, tree_str(one, "resource"));
  } else if (spec) {
    *error = lb_imports_wit(imports, module, tree_str(one, "name"), wit_run_host, host_of(e, spec), free);
  } else {
    return false;
  }
  return true;
}

#endif
