// Steps about calls in flight and pools.

#ifndef CONFORMANCE_CALLS_H
#define CONFORMANCE_CALLS_H

#include "item.h"
#include "limits.h"
#include "wit.h"

static lb_error_t *do_pool(env *e, const node *step) {
  lb_pool_options_t options = LB_POOL_OPTIONS;
  const char *reset = tree_str(step, "reset");
  closed_in in = CLOSED_IN;
  lb_imports_t imports = { 0 };
  options.max = tree_num(step, "max", options.max);
  options.wait_ms = tree_num(step, "wait_ms", options.wait_ms);
  if (reset && !strcmp(reset, "reuse")) {
    options.reset = LB_RESET_REUSE;
  } else if (reset && strcmp(reset, "fresh")) {
    fail(e, "no pool resets by %s", reset);
  }
  thing *made = make(e, step, POOL);
  lb_error_t *error = sandbox_of(e, step, &in);
  if (!error) error = imports_of(e, step, &imports);
  if (!error) error = lb_pool_new(module_of(e, step), &imports, &in.sandbox, &options, &made->pool);
  lb_error_free(lb_imports_release(imports));
  if (in.sandbox.policy.id) lb_error_free(lb_policy_release(in.sandbox.policy));
  return keep(e, made, error);
}

static lb_pool_t pool_of(env *e, const node *step) { return find(e, tree_str(step, "pool"), POOL)->pool; }

static lb_error_t *do_take(env *e, const node *step) {
  thing *made = make(e, step, INSTANCE);
  return keep(e, made, lb_pool_get(pool_of(e, step), &made->instance));
}

static lb_error_t *start(env *e, const node *step, const lb_value_t *args, size_t nargs, lb_call_t *call) {
  const char *object = tree_str(step, "object"), *func = tree_str(step, "func");
  if (object) {
    return lb_func_call_async(find(e, object, LB_SORT_FUNC)->item.of.func, args, nargs, call, NULL, NULL);
  }
  if (tree_find(step, "pool")) return lb_pool_call_async(pool_of(e, step), func, args, nargs, call, NULL, NULL);
  lb_instance_t instance = find(e, tree_str(step, "instance"), INSTANCE)->instance;
  return lb_instance_call_async(instance, func, args, nargs, call, NULL, NULL);
}

static lb_error_t *do_call_async(env *e, const node *step) {
  const size_t times = tree_num(step, "times", 1);
  size_t nargs;
  lb_value_t *args = values_of(e, tree_find(step, "args"), NULL, &nargs);
  thing *made = make(e, step, CALLS);
  made->calls = calloc(times, sizeof *made->calls);
  lb_error_t *error = NULL;
  while (!error && made->ncalls < times) {
    error = start(e, step, args, nargs, &made->calls[made->ncalls]);
    made->ncalls += !error;
  }
  free_values(args, nargs);
  return keep(e, made, error);
}

// Waits for a call and compares its results.
static lb_error_t *await_one(env *e, lb_call_t call, const node *expected) {
  size_t count;
  lb_error_t *error = lb_call_result_count(call, &count);
  if (error) return error;
  lb_value_t *results = calloc(count + 1, sizeof *results);
  error = lb_call_wait(call, results, count);
  if (!error) check_values(e, expected, results, count);
  free_values(results, count);
  return error;
}

static lb_error_t *do_await(env *e, const node *step) {
  const thing *calls = find(e, tree_str(step, "call"), CALLS);
  lb_error_t *error = NULL;
  for (size_t i = 0; i < calls->ncalls && !error; i++) {
    error = await_one(e, calls->calls[i], tree_find(step, "results"));
  }
  return error;
}

static lb_error_t *do_cancel_call(env *e, const node *step) {
  const thing *calls = find(e, tree_str(step, "call"), 0);
  if (calls->sort == WIT_CALLS) return cancel_wit_calls(calls);
  lb_error_t *error = NULL;
  for (size_t i = 0; i < calls->ncalls && !error; i++) error = lb_call_cancel(calls->calls[i]);
  return error;
}

static lb_error_t *do_await_exit(env *e, const node *step) {
  lb_call_t call;
  lb_value_t exit_code;
  lb_error_t *error = lb_instance_run_async(find(e, tree_str(step, "instance"), INSTANCE)->instance, &call, NULL, NULL);
  if (!error) error = lb_call_wait(call, &exit_code, 1);
  if (!error) check_number(e, step, "exit", (uint64_t)exit_code.of.i32);
  lb_error_free(lb_call_release(call));
  return error;
}

static lb_error_t *do_pool_call(env *e, const node *step) {
  const node *expected = tree_find(step, "results");
  // C must know how many results there are: as many as the case says.
  const size_t nresults = expected ? expected->count : 0;
  size_t nargs;
  lb_value_t *args = values_of(e, tree_find(step, "args"), NULL, &nargs);
  lb_value_t *results = calloc(nresults + 1, sizeof *results);
  lb_error_t *error = lb_pool_call(pool_of(e, step), tree_str(step, "func"), args, nargs, results, nresults);
  if (!error) check_values(e, expected, results, nresults);
  free_values(args, nargs);
  free_values(results, nresults);
  return error;
}

static lb_error_t *do_pool_counts(env *e, const node *step) {
  lb_pool_counts_t counts = LB_POOL_COUNTS;
  lb_error_t *error = lb_pool_counts(pool_of(e, step), &counts);
  const struct {
    const char *key;
    uint64_t found;
  } all[] = {
    { "ready", counts.ready }, { "taken", counts.taken },   { "waiting", counts.waiting },
    { "made", counts.made },   { "served", counts.served }, { "in_slots", counts.in_slots },
  };
  for (const node *one = tree_find(step, "equals")->first; one && !error; one = one->next) {
    size_t i = 0;
    while (i < COUNT(all) && strcmp(all[i].key, one->key)) i++;
    if (i == COUNT(all) || all[i].found != strtoull(one->text, NULL, 10)) fail(e, "%s is another number", one->key);
  }
  return error;
}

#endif
