// Pools: taking and giving back, waiting, what callers see of each other, and ends.

#include <pthread.h>
#include <sched.h>

#include "check.h"

static const char *const COUNTER =
    "(module (global $n (mut i32) (i32.const 0)) (memory (export \"memory\") 1)"
    " (func (export \"next\") (result i32)"
    "  (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))"
    " (func (export \"spin\") (loop $again (br $again)))"
    " (func (export \"trap\") unreachable))";

static lb_pool_t pool_of(size_t max, uint64_t wait_ms, lb_reset_t reset, const lb_sandbox_t *sandbox) {
  lb_pool_options_t options = LB_POOL_OPTIONS;
  lb_pool_t pool;
  lb_module_t module = module_of(COUNTER);
  options.max = max;
  options.wait_ms = wait_ms;
  options.reset = reset;
  CHECK(good(lb_pool_new(module, NULL, sandbox, &options, &pool)) && good(lb_module_release(module)));
  return pool;
}

static int next(lb_pool_t pool) {
  lb_value_t n = LB_I32(-1);
  CHECK(good(lb_pool_call(pool, "next", NULL, 0, &n, 1)));
  return n.of.i32;
}

static int next_of(lb_instance_t one) {
  lb_value_t n = LB_I32(-1);
  CHECK(good(lb_instance_call(one, "next", NULL, 0, &n, 1)));
  return n.of.i32;
}

static lb_pool_counts_t counts_of(lb_pool_t pool) {
  lb_pool_counts_t counts = LB_POOL_COUNTS;
  CHECK(good(lb_pool_counts(pool, &counts)));
  return counts;
}

static void defaults(void) {
  lb_pool_options_t options = LB_POOL_OPTIONS;
  lb_pool_t pool, same;
  lb_module_t module = module_of(COUNTER);
  CHECK(good(lb_pool_new(module, NULL, NULL, NULL, &pool)) && good(lb_pool_new(module, NULL, NULL, &options, &same)));
  CHECK(next(pool) == 1 && next(pool) == 1 && next(same) == 1);
  const lb_pool_counts_t counts = counts_of(pool);
  CHECK(counts.ready == 1 && counts.taken == 0 && counts.waiting == 0 && counts.made == 3 && counts.served == 2);
  CHECK(good(lb_pool_release(pool)) && good(lb_pool_release(same)) && good(lb_module_release(module)));
}

static void misuse(void) {
  lb_pool_options_t options = LB_POOL_OPTIONS;
  lb_pool_counts_t counts = LB_POOL_COUNTS;
  lb_sandbox_t sandbox = LB_SANDBOX;
  lb_pool_t pool = { 5 };
  lb_instance_t one;
  lb_value_t n;
  lb_module_t module = module_of(COUNTER), lacking = module_of("(module (import \"a\" \"b\" (func)))");
  options.max = 0;
  CHECK(fails(lb_pool_new(module, NULL, NULL, &options, &pool), LB_KIND_RANGE) && pool.id == 0);
  options.max = 1;
  options.reset = 2;
  CHECK(fails(lb_pool_new(module, NULL, NULL, &options, &pool), LB_KIND_TYPE));
  options.reset = LB_RESET_FRESH;
  options.size--;
  CHECK(fails(lb_pool_new(module, NULL, NULL, &options, &pool), LB_KIND_UNSUPPORTED));
  sandbox.size--;
  CHECK(fails(lb_pool_new(module, NULL, &sandbox, NULL, &pool), LB_KIND_UNSUPPORTED));
  CHECK(fails(lb_pool_new(module, NULL, NULL, NULL, NULL), LB_KIND_TYPE));
  CHECK(fails(lb_pool_new(lacking, NULL, NULL, NULL, &pool), LB_KIND_LINK));
  CHECK(fails(lb_pool_get(pool, &one), LB_KIND_TYPE) && fails(lb_pool_counts(pool, &counts), LB_KIND_TYPE));
  CHECK(fails(lb_pool_close(pool), LB_KIND_TYPE) && good(lb_module_release(lacking)));
  CHECK(good(lb_pool_new(module, NULL, NULL, NULL, &pool)) && good(lb_module_release(module)));
  CHECK(fails(lb_pool_call(pool, "nothing", NULL, 0, NULL, 0), LB_KIND_NOT_FOUND));
  CHECK(fails(lb_pool_call(pool, "memory", NULL, 0, NULL, 0), LB_KIND_NOT_FOUND));
  CHECK(fails(lb_pool_call(pool, "next", NULL, 0, NULL, 0), LB_KIND_TYPE));
  CHECK(fails(lb_pool_call(pool, "next", NULL, 1, &n, 1), LB_KIND_TYPE));
  CHECK(fails(lb_pool_get(pool, NULL), LB_KIND_TYPE) && fails(lb_pool_counts(pool, NULL), LB_KIND_TYPE));
  counts.size = 3;
  CHECK(fails(lb_pool_counts(pool, &counts), LB_KIND_UNSUPPORTED) && counts_of(pool).taken == 0);
  CHECK(good(lb_pool_release(pool)) && fails(lb_pool_release(pool), LB_KIND_CLOSED));
  CHECK(fails(lb_pool_get(pool, &one), LB_KIND_CLOSED) && good(lb_pool_close(pool)));
  counts.size = sizeof counts;
  counts.made = 9;
  CHECK(fails(lb_pool_counts(pool, &counts), LB_KIND_CLOSED) && counts.made == 0 && counts.size == sizeof counts);
}

static void taking(void) {
  lb_instance_t one, two, three;
  lb_func_t func;
  lb_pool_t pool = pool_of(2, 20, LB_RESET_FRESH, NULL);
  CHECK(good(lb_pool_get(pool, &one)) && good(lb_pool_get(pool, &two)));
  CHECK(fails(lb_pool_get(pool, &three), LB_KIND_BUSY) && three.id == 0);
  CHECK(next_of(one) == 1 && next_of(one) == 2 && next_of(two) == 1 && counts_of(pool).taken == 2);
  CHECK(good(lb_instance_func(one, "next", &func)) && good(lb_instance_close(one)));
  // What was given back is closed, with all that was got from it.
  lb_value_t n;
  CHECK(fails(lb_instance_call(one, "next", NULL, 0, &n, 1), LB_KIND_CLOSED));
  CHECK(fails(lb_instance_call_async(one, "next", NULL, 0, NULL, NULL, NULL), LB_KIND_CLOSED));
  CHECK(fails(lb_func_call(func, NULL, 0, &n, 1), LB_KIND_CLOSED) && good(lb_func_release(func)));
  CHECK(good(lb_instance_close(one)) && counts_of(pool).taken == 1);
  // Releasing gives back as well.
  CHECK(good(lb_instance_release(two)) && counts_of(pool).taken == 0);
  CHECK(good(lb_pool_get(pool, &one)) && next_of(one) == 1);
  // An instance outlives its pool.
  CHECK(good(lb_pool_release(pool)) && next_of(one) == 2 && good(lb_instance_close(one)));
}

static void reuse(void) {
  lb_limits_t limits = LB_LIMITS;
  lb_sandbox_t sandbox = LB_SANDBOX;
  limits.fuel = 1000;
  sandbox.limits = &limits;
  lb_pool_t pool = pool_of(1, 20, LB_RESET_REUSE, &sandbox);
  for (int i = 1; i < 500; i++) CHECK(next(pool) == i);
  CHECK(counts_of(pool).made == 1 && fails(lb_pool_call(pool, "spin", NULL, 0, NULL, 0), LB_KIND_FUEL));
  CHECK(next(pool) == 1 && counts_of(pool).made == 2 && good(lb_pool_release(pool)));
}

static void slots(void) {
  lb_engine_options_t options = LB_ENGINE_OPTIONS; lb_engine_t engine; lb_module_t module; lb_pool_t pool;
  lb_pool_counts_t counts = LB_POOL_COUNTS;
  options.pool_slots = 100;
  CHECK(good(lb_engine_new(&options, &engine)));
  CHECK(good(lb_module_load_text(&engine, COUNTER, &module)));
  CHECK(good(lb_pool_new(module, NULL, NULL, NULL, &pool)));
  CHECK(next(pool) == 1);
  CHECK(good(lb_pool_counts(pool, &counts)));
  CHECK(counts.made == 2 && counts.in_slots == 2);
  // A program that knows no slots.
  counts.in_slots = 7;
  counts.size = offsetof(lb_pool_counts_t, in_slots);
  CHECK(good(lb_pool_counts(pool, &counts)) && counts.made == 2 && counts.in_slots == 7);
  CHECK(good(lb_pool_release(pool)) && good(lb_module_release(module)) && good(lb_engine_release(engine)));
}

static int drops;

static void count_drop(void *data) {
  (void)data;
  __atomic_add_fetch(&drops, 1, __ATOMIC_SEQ_CST);
}

static lb_error_t *swallow(void *data, const uint8_t *bytes, size_t length) {
  (void)data, (void)bytes, (void)length;
  return NULL;
}

// Data of a sandbox lives as long as the pool and its instances.
static void data_is_dropped(void) {
  lb_sandbox_t sandbox = LB_SANDBOX;
  lb_instance_t one;
  lb_pool_t pool;
  lb_pool_options_t options = LB_POOL_OPTIONS;
  sandbox.out.drop = count_drop;
  lb_module_t module = { 0 };
  CHECK(fails(lb_pool_new(module, NULL, &sandbox, NULL, &pool), LB_KIND_TYPE) && drops == 1);
  sandbox.out.to = LB_STREAM_CALLBACK;
  sandbox.out.write = NULL;
  module = module_of(COUNTER);
  CHECK(fails(lb_pool_new(module, NULL, &sandbox, NULL, &pool), LB_KIND_TYPE) && drops == 2);
  sandbox.out.write = swallow;
  options.max = 0;
  CHECK(fails(lb_pool_new(module, NULL, &sandbox, &options, &pool), LB_KIND_RANGE) && drops == 3);
  CHECK(good(lb_pool_new(module, NULL, &sandbox, NULL, &pool)) && good(lb_pool_get(pool, &one)));
  CHECK(good(lb_pool_release(pool)) && drops == 3 && next_of(one) == 1);
  CHECK(good(lb_instance_close(one)) && drops == 4 && good(lb_module_release(module)));
}

typedef struct {
  int calls, failed, sum;
} told;

static void note(void *data, const lb_error_t *error, const lb_value_t *results, size_t count) {
  told *all = data;
  if (count) __atomic_add_fetch(&all->sum, results[0].of.i32, __ATOMIC_SEQ_CST);
  __atomic_add_fetch(&all->failed, error != NULL, __ATOMIC_SEQ_CST);
  __atomic_add_fetch(&all->calls, 1, __ATOMIC_SEQ_CST);
}

static void await_told(told *all, int calls) {
  while (__atomic_load_n(&all->calls, __ATOMIC_SEQ_CST) < calls) sched_yield();
}

static void a_thousand_in_flight(void) {
  told all = { 0, 0, 0 };
  lb_call_t call;
  lb_value_t n;
  lb_pool_t pool = pool_of(3, 60000, LB_RESET_FRESH, NULL);
  for (int i = 0; i < 1000; i++) CHECK(good(lb_pool_call_async(pool, "next", NULL, 0, NULL, note, &all)));
  CHECK(good(lb_pool_call_async(pool, "next", NULL, 0, &call, NULL, NULL)));
  CHECK(good(lb_call_wait(call, &n, 1)) && n.of.i32 == 1 && good(lb_call_release(call)));
  await_told(&all, 1000);
  CHECK(all.failed == 0 && all.sum == 1000);
  while (counts_of(pool).taken) sched_yield();
  CHECK(counts_of(pool).ready <= 3 && counts_of(pool).served == 1001);
  // Unknown names are told by the call.
  CHECK(good(lb_pool_call_async(pool, "nothing", NULL, 0, &call, NULL, NULL)));
  CHECK(fails(lb_call_wait(call, NULL, 0), LB_KIND_NOT_FOUND) && good(lb_call_release(call)));
  CHECK(good(lb_pool_release(pool)));
}

static int fresh;

static void *take_often(void *data) {
  for (int i = 0; i < 100; i++) {
    lb_instance_t one;
    lb_value_t n = LB_I32(-1);
    int all = good(lb_pool_get(*(lb_pool_t *)data, &one)) && good(lb_instance_call(one, "next", NULL, 0, &n, 1));
    if (all && n.of.i32 == 1 && good(lb_instance_close(one))) __atomic_add_fetch(&fresh, 1, __ATOMIC_SEQ_CST);
  }
  return NULL;
}

static void threads(void) {
  pthread_t ids[3];
  lb_pool_t pool = pool_of(3, 60000, LB_RESET_FRESH, NULL);
  for (int i = 0; i < 3; i++) CHECK(!pthread_create(&ids[i], NULL, take_often, &pool));
  for (int i = 0; i < 3; i++) CHECK(!pthread_join(ids[i], NULL));
  CHECK(fresh == 300 && counts_of(pool).served == 300 && counts_of(pool).taken == 0 && good(lb_pool_release(pool)));
}

// The pool is closed while one call runs and others wait for room.
static void closing(void) {
  enum { MANY = 20 };
  lb_call_t running[2], waiting[MANY];
  lb_instance_t one;
  lb_pool_t pool = pool_of(3, 60000, LB_RESET_FRESH, NULL);
  CHECK(good(lb_pool_get(pool, &one)));
  for (int i = 0; i < 2; i++) CHECK(good(lb_pool_call_async(pool, "spin", NULL, 0, &running[i], NULL, NULL)));
  while (counts_of(pool).taken < 3) sched_yield();
  for (int i = 0; i < MANY; i++) CHECK(good(lb_pool_call_async(pool, "next", NULL, 0, &waiting[i], NULL, NULL)));
  CHECK(good(lb_pool_close(pool)) && good(lb_pool_close(pool)) && counts_of(pool).taken == 3);
  CHECK(next_of(one) == 1 && good(lb_instance_close(one)));
  CHECK(fails(lb_pool_get(pool, &one), LB_KIND_CLOSED));
  CHECK(fails(lb_pool_call(pool, "trap", NULL, 0, NULL, 0), LB_KIND_CLOSED));
  for (int i = 0; i < 2; i++) {
    CHECK(!lb_call_is_done(running[i]) && good(lb_call_cancel(running[i])));
    CHECK(fails(lb_call_wait(running[i], NULL, 0), LB_KIND_CANCELLED) && good(lb_call_release(running[i])));
  }
  for (int i = 0; i < MANY; i++) {
    CHECK(fails(lb_call_wait(waiting[i], NULL, 0), LB_KIND_CLOSED) && good(lb_call_release(waiting[i])));
  }
  CHECK(counts_of(pool).taken == 0 && good(lb_pool_release(pool)));
}

int main(void) {
  defaults();
  misuse();
  taking();
  reuse();
  slots();
  data_is_dropped();
  a_thousand_in_flight();
  threads();
  closing();
  return finish();
}
