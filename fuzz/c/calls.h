// Operations on asynchronous calls and pools.

#ifndef CALLS_H
#define CALLS_H

#include "policies.h"

#define STARTS (HANDLE | KIND(NOT_FOUND) | KIND(LIMIT) | KIND(WRONG_STORE) | KIND(RANGE))

static void call_start(void) {
  prepared it;
  lb_call_t call = { 0 };
  lb_func_t func = { 0 };
  lb_instance_t instance = PICK(lb_instance_t, INSTANCE);
  token *outcome = token_new(0, 1);
  int started = 0;
  it.name = name();
  switch (below(4)) {
    case 0: started = TRY(STARTS, lb_instance_run_async(instance, &call, done, outcome)); break;
    case 1:
      if (!TRY(TURN | KIND(NOT_FOUND) | KIND(LIMIT) | KIND(UNSUPPORTED), lb_instance_func(instance, it.name, &func))) break;
      if (prepare(&it, func)) started = TRY(STARTS, lb_instance_call_async(instance, it.name, it.args, it.nargs, &call, done, outcome));
      break;
    default:
      if (!TRY(HANDLE, lb_func_clone(PICK(lb_func_t, FUNC), &func))) break;
      if (prepare(&it, func)) started = TRY(STARTS, lb_func_call_async(func, it.args, it.nargs, &call, done, outcome));
  }
  if (!started) token_not_started(outcome);
  if (func.id) TRY(0, lb_func_release(func));
  keep(CALL, call.id);
}

// Waiting without an end is for threads that nobody waits for: what a callback waits for may wait for its store.
static void call_use(void) {
  lb_call_t call = PICK(lb_call_t, CALL);
  lb_value_t results[VALUES];
  bool is_done;
  size_t count = 0;
  token *outcome;
  switch (below(6)) {
    case 0: if (one_in(4)) TRY(HANDLE, lb_call_cancel(call)); break;
    case 1: TRY(HANDLE, lb_call_wait_for(call, below(3), &is_done)); break;
    case 2: lb_call_is_done(call); break;
    case 3:
      outcome = token_new(0, 1);
      if (!TRY(HANDLE, lb_call_on_done(call, done, outcome))) token_not_started(outcome);
      break;
    default:
      if (me->depth || !me->number || !lb_call_is_done(call)) break;
      if (!TRY(RUNS, lb_call_result_count(call, &count)) || count > VALUES) break;
      if (TRY(RUNS, lb_call_wait(call, results, count))) {
        for (size_t i = 0; i < count; i++) received(results[i]);
      }
  }
}

static void pool_new(void) {
  lb_pool_options_t options = LB_POOL_OPTIONS;
  closed_in it;
  lb_pool_t pool;
  int is_new = !one_in(4);
  lb_imports_t imports = is_new ? any_imports() : PICK(lb_imports_t, IMPORTS);
  if (one_in(2)) {
    any_sandbox(&it);
    options.max = below(4);
    options.wait_ms = below(5);
    options.reset = (lb_reset_t)below(2);
    if (one_in(50)) options.reset = (lb_reset_t)number();
    if (TRY(OPENS, lb_pool_new(any_module(), &imports, &it.sandbox, &options, &pool))) keep(POOL, pool.id);
  } else {
    options.wait_ms = 1;
    if (TRY(OPENS, lb_pool_new(any_module(), &imports, NULL, &options, &pool))) keep(POOL, pool.id);
  }
  if (is_new) keep(IMPORTS, imports.id);
}

static void pool_use(void) {
  lb_pool_t pool = PICK(lb_pool_t, POOL);
  lb_pool_counts_t counts = LB_POOL_COUNTS;
  lb_instance_t instance;
  lb_value_t args[1] = { value_of(LB_TYPE_I32) }, results[1];
  lb_call_t call = { 0 };
  token *outcome;
  const char *called = ONE_OF("inc", "host", "fib", "spin", "write", "bytes", "deep");
  switch (below(6)) {
    case 0: if (TRY(OPENS, lb_pool_get(pool, &instance))) keep(INSTANCE, instance.id); break;
    case 1: if (TRY(OPENS, lb_pool_call(pool, called, args, 1, results, 1))) received(results[0]); break;
    case 2:
      outcome = token_new(0, 1);
      if (!TRY(STARTS, lb_pool_call_async(pool, called, args, 1, &call, done, outcome))) token_not_started(outcome);
      keep(CALL, call.id);
      break;
    case 3: if (one_in(8)) TRY(HANDLE, lb_pool_close(pool)); break;
    default: if (TRY(HANDLE, lb_pool_counts(pool, &counts)) && counts.served && !counts.made) found("served by none");
  }
}

#endif
