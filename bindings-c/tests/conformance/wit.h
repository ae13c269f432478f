// Steps about functions of components.

#ifndef CONFORMANCE_WIT_H
#define CONFORMANCE_WIT_H

#include "item.h"
#include "wit_host.h"

// The function of a step, and its type. The caller releases it.
static lb_error_t *wit_func_of(env *e, const node *step, const char *key, lb_wit_func_t *func, lb_wit_func_type_t *type) {
  lb_instance_t instance = find(e, tree_str(step, key), INSTANCE)->instance;
  lb_error_t *error = lb_instance_wit_func(instance, tree_str(step, "func"), func);
  return error ? error : lb_wit_func_type(*func, type);
}

// Compares what a call gave.
static void wit_check(env *e, const node *step, const lb_wit_type_t *type, const lb_wit_value_t *value, lb_store_t store) {
  const node *expected = tree_find(step, "result"), *names = tree_find(step, "keep");
  if (names && names->first) {
    wit_keep_all(e, value, value != NULL, store, names);
  } else if (expected) {
    char *told = wit_told(e, type, value);
    check_text(e, expected, told);
    free(told);
  }
}

static lb_error_t *do_wit_call(env *e, const node *step) {
  lb_wit_func_t func;
  lb_wit_func_type_t type;
  lb_wit_value_t *args = NULL;
  lb_wit_result_t result = { NULL, 0 };
  lb_store_t store = { 0 };
  size_t nargs;
  lb_error_t *error = wit_func_of(e, step, "instance", &func, &type);
  if (error) return error;
  error = wit_args_of(e, &type, tree_find(step, "args"), &args, &nargs);
  if (!error) error = lb_wit_func_store(func, &store);
  if (!error) error = lb_wit_func_call(func, args, nargs, &result);
  if (!error) wit_check(e, step, type.result, result.value, store);
  if (error || !tree_find(step, "keep")) lb_error_free(lb_store_release(store));
  lb_error_free(lb_wit_result_release(result));
  lb_error_free(lb_wit_func_release(func));
  free(args);
  return error;
}

static lb_error_t *do_wit_pool_call(env *e, const node *step) {
  lb_wit_func_t func;
  lb_wit_func_type_t type;
  lb_wit_value_t *args = NULL;
  lb_wit_result_t result = { NULL, 0 };
  size_t nargs;
  lb_error_t *error = wit_func_of(e, step, "of", &func, &type);
  if (error) return error;
  error = wit_args_of(e, &type, tree_find(step, "args"), &args, &nargs);
  lb_pool_t pool = find(e, tree_str(step, "pool"), POOL)->pool;
  if (!error) error = lb_pool_wit_call(pool, tree_str(step, "func"), args, nargs, &result);
  if (!error) wit_check(e, step, type.result, result.value, (lb_store_t){ 0 });
  lb_error_free(lb_wit_result_release(result));
  lb_error_free(lb_wit_func_release(func));
  free(args);
  return error;
}

static lb_error_t *do_wit_call_async(env *e, const node *step) {
  const size_t times = tree_num(step, "times", 1);
  const bool is_pool = tree_find(step, "pool") != NULL;
  lb_wit_value_t *args = NULL;
  size_t nargs;
  thing *made = make(e, step, WIT_CALLS);
  lb_error_t *error = wit_func_of(e, step, is_pool ? "of" : "instance", &made->wit_func, &made->wit_type);
  if (error) return error;
  error = wit_args_of(e, &made->wit_type, tree_find(step, "args"), &args, &nargs);
  if (!error) error = lb_wit_func_store(made->wit_func, &made->store);
  made->wit_calls = calloc(times, sizeof *made->wit_calls);
  while (!error && made->ncalls < times) {
    lb_wit_call_t *call = &made->wit_calls[made->ncalls];
    error = is_pool ? lb_pool_wit_call_async(find(e, tree_str(step, "pool"), POOL)->pool, tree_str(step, "func"), args, nargs,
                                             call, NULL, NULL)
                    : lb_wit_func_call_async(made->wit_func, args, nargs, call, NULL, NULL);
    made->ncalls += !error;
  }
  free(args);
  return keep(e, made, error);
}

static lb_error_t *do_wit_await(env *e, const node *step) {
  const thing *calls = find(e, tree_str(step, "call"), WIT_CALLS);
  lb_error_t *error = NULL;
  for (size_t i = 0; i < calls->ncalls && !error; i++) {
    lb_wit_result_t result;
    error = lb_wit_call_wait(calls->wit_calls[i], &result);
    if (!error) wit_check(e, step, calls->wit_type.result, result.value, calls->store);
    lb_error_free(lb_wit_result_release(result));
  }
  return error;
}

static lb_error_t *do_wit_type(env *e, const node *step) {
  lb_wit_func_t func;
  lb_wit_func_type_t type;
  char text[4096];
  lb_error_t *error = wit_func_of(e, step, "instance", &func, &type);
  if (error) return error;
  error = lb_wit_func_text(func, text, sizeof text, NULL);
  if (!error) check_text(e, tree_find(step, "equals"), text);
  lb_error_free(lb_wit_func_release(func));
  return error;
}

// Reads a text and writes it again.
static lb_error_t *do_wit_text(env *e, const node *step) {
  lb_wit_func_t func;
  lb_wit_func_type_t type;
  const size_t param = tree_num(step, "param", 0);
  lb_error_t *error = wit_func_of(e, step, "instance", &func, &type);
  if (error) return error;
  if (param >= type.nparams) fail(e, "there is no parameter %zu", param);
  lb_wit_result_t read = { NULL, 0 };
  const lb_wit_type_t *of = param < type.nparams ? type.params[param].type : NULL;
  error = lb_wit_parse(of, tree_str(step, "text"), &read);
  char *told = error ? NULL : wit_told(e, of, read.value);
  if (!error && tree_find(step, "equals")) check_text(e, tree_find(step, "equals"), told);
  free(told);
  lb_error_free(lb_wit_result_release(read));
  lb_error_free(lb_wit_func_release(func));
  return error;
}

static lb_error_t *do_wit_drop(env *e, const node *step) {
  return wit_close(find(e, tree_str(step, "resource"), WIT_RESOURCE));
}

static lb_error_t *do_wit_object(env *e, const node *step) {
  const thing *found = find(e, tree_str(step, "resource"), WIT_RESOURCE);
  if (found->object != object_of(e, tree_str(step, "equals"))) fail(e, "it is not the object %s", tree_str(step, "equals"));
  return NULL;
}

static lb_error_t *do_wit_log(env *e, const node *step) {
  const wit_entry *one = outermost(e)->wit_log;
  const node *line = tree_find(step, "equals")->first;
  for (; line && one; line = line->next, one = one->next) {
    if (line->count != one->count) fail(e, "the log has %zu values in a line, not %zu", one->count, line->count);
    const node *text = line->first;
    for (size_t i = 0; i < one->count && text; i++, text = text->next) check_text(e, text, one->texts[i]);
  }
  if (line || one) fail(e, "the log is %s than expected", line ? "shorter" : "longer");
  return NULL;
}

static lb_error_t *cancel_wit_calls(const thing *calls) {
  lb_error_t *error = NULL;
  for (size_t i = 0; i < calls->ncalls && !error; i++) error = lb_wit_call_cancel(calls->wit_calls[i]);
  return error;
}

#endif
