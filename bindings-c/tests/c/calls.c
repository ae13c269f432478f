// Asynchronous calls: many in flight, their outcomes, ends of all sorts, and what they leave behind.

#include <pthread.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static const char *const CALC =
    "(module (import \"h\" \"hold\" (func $hold)) (import \"h\" \"fail\" (func $fail)) (memory (export \"memory\") 1)"
    " (func (export \"add\") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))"
    " (func $trap (export \"trap\") unreachable)"
    " (func (export \"hold\") (call $hold))"
    " (func (export \"fail\") (call $fail))"
    " (func (export \"same\") (param externref) (result externref) (local.get 0))"
    " (func (export \"spin\") (loop $again (br $again))))";

// A gate that a host function waits at, and that says how many wait.
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t moved = PTHREAD_COND_INITIALIZER;
static int is_open, inside;

static void set_open(int open) {
  pthread_mutex_lock(&lock);
  is_open = open;
  if (!open) inside = 0;
  pthread_cond_broadcast(&moved);
  pthread_mutex_unlock(&lock);
}

static void await_inside(int many) {
  pthread_mutex_lock(&lock);
  while (inside < many) pthread_cond_wait(&moved, &lock);
  pthread_mutex_unlock(&lock);
}

static lb_error_t *hold(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                        lb_value_t *results, size_t nresults) {
  (void)data, (void)context, (void)args, (void)nargs, (void)results, (void)nresults;
  pthread_mutex_lock(&lock);
  inside++;
  pthread_cond_broadcast(&moved);
  while (!is_open) pthread_cond_wait(&moved, &lock);
  pthread_mutex_unlock(&lock);
  return NULL;
}

static int mine;

static lb_error_t *fail_with_mine(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                                  lb_value_t *results, size_t nresults) {
  (void)data, (void)context, (void)args, (void)nargs, (void)results, (void)nresults;
  return lb_error_host("mine", &mine, NULL);
}

static lb_imports_t imports_of_calc(void) {
  lb_imports_t imports;
  CHECK(good(lb_imports_new(&imports)));
  CHECK(good(lb_imports_func(imports, "h", "hold", hold, NULL, NULL)));
  CHECK(good(lb_imports_func(imports, "h", "fail", fail_with_mine, NULL, NULL)));
  return imports;
}

static lb_instance_t calc_with(const lb_engine_t *engine, const lb_sandbox_t *sandbox) {
  lb_module_t module;
  lb_instance_t calc;
  lb_imports_t imports = imports_of_calc();
  CHECK(good(lb_module_load_text(engine, CALC, &module)));
  CHECK(good(lb_instance_new_with(module, &imports, sandbox, &calc)));
  CHECK(good(lb_imports_release(imports)) && good(lb_module_release(module)));
  return calc;
}

static lb_instance_t calc_of(void) { return calc_with(NULL, NULL); }

static lb_error_t *start(lb_instance_t calc, const char *name, lb_call_t *call) {
  return lb_instance_call_async(calc, name, NULL, 0, call, NULL, NULL);
}

static void end(lb_call_t call, lb_kind_t kind) {
  CHECK(fails(lb_call_wait(call, NULL, 0), kind));
  CHECK(good(lb_call_release(call)));
}

// What done functions told: how often, and the kind and the sum of what came.
typedef struct {
  int calls, failed, sum;
  lb_kind_t kind;
  pthread_t thread;
} told;

static void note(void *data, const lb_error_t *error, const lb_value_t *results, size_t count) {
  told *all = data;
  pthread_mutex_lock(&lock);
  all->calls++;
  all->failed += error != NULL;
  if (error) all->kind = lb_error_kind(error);
  if (count) all->sum += results[0].of.i32;
  all->thread = pthread_self();
  pthread_cond_broadcast(&moved);
  pthread_mutex_unlock(&lock);
}

static void await_told(told *all, int calls) {
  pthread_mutex_lock(&lock);
  while (all->calls < calls) pthread_cond_wait(&moved, &lock);
  pthread_mutex_unlock(&lock);
}

static void a_thousand_in_flight(void) {
  enum { MANY = 1000 };
  static lb_call_t calls[MANY];
  told all = { 0 };
  lb_instance_t calc = calc_of();
  lb_call_t held;
  set_open(0);
  CHECK(good(start(calc, "hold", &held)));
  for (int i = 0; i < MANY; i++) {
    lb_value_t args[2] = { LB_I32(i), LB_I32(1) };
    CHECK(good(lb_instance_call_async(calc, "add", args, 2, &calls[i], note, &all)));
  }
  CHECK(all.calls == 0 && !lb_call_is_done(calls[MANY - 1]));
  set_open(1);
  for (int i = 0; i < MANY; i++) {
    lb_value_t sum;
    CHECK(good(lb_call_wait(calls[i], &sum, 1)) && sum.of.i32 == i + 1);
    CHECK(good(lb_call_wait(calls[i], &sum, 1)) && lb_call_is_done(calls[i]) && good(lb_call_release(calls[i])));
  }
  await_told(&all, MANY);
  CHECK(all.calls == MANY && all.failed == 0 && all.sum == MANY * (MANY + 1) / 2);
  CHECK(!pthread_equal(all.thread, pthread_self()));
  CHECK(good(lb_call_wait(held, NULL, 0)) && good(lb_call_release(held)) && good(lb_instance_close(calc)));
}

// The function that waits for the outcome is never called inside of the one that starts the call.
static void done_is_called_elsewhere(void) {
  told all = { 0 };
  lb_instance_t calc = calc_of();
  lb_func_t add;
  lb_value_t args[2] = { LB_I32(1), LB_I32(1) };
  CHECK(good(lb_instance_func(calc, "add", &add)));
  for (int i = 0; i < 500; i++) {
    pthread_mutex_lock(&lock);
    CHECK(good(lb_func_call_async(add, args, 2, NULL, note, &all)));
    CHECK(all.calls == i);
    pthread_mutex_unlock(&lock);
    await_told(&all, i + 1);
  }
  CHECK(good(lb_func_release(add)) && good(lb_instance_close(calc)));
}

static void outcomes(void) {
  told all = { 0 };
  lb_call_t call;
  lb_value_t result, arg;
  lb_instance_t calc = calc_of();
  CHECK(good(start(calc, "trap", &call)));
  lb_error_t *trap = lb_call_wait(call, NULL, 0);
  CHECK(lb_error_trap_code(trap) == LB_TRAP_UNREACHABLE && !strcmp(lb_error_frame(trap, 0)->func_name, "trap"));
  lb_error_free(trap);
  CHECK(good(lb_call_on_done(call, note, &all)) && all.calls == 1 && all.kind == LB_KIND_TRAP);
  CHECK(pthread_equal(all.thread, pthread_self()) && good(lb_call_release(call)));

  CHECK(good(start(calc, "fail", &call)));
  lb_error_t *failed = lb_call_wait(call, NULL, 0);
  CHECK(lb_error_host_exception(failed) == &mine && !strcmp(lb_error_message(failed), "mine"));
  lb_error_free(failed);
  CHECK(good(lb_call_release(call)));

  // References: the call copies its argument, and each caller gets one of its own.
  CHECK(good(lb_externref_new(&mine, NULL, &arg.of.externref)));
  arg.type = LB_TYPE_EXTERNREF;
  CHECK(good(lb_instance_call_async(calc, "same", &arg, 1, &call, NULL, NULL)));
  for (int i = 0; i < 2; i++) {
    CHECK(good(lb_call_wait(call, &result, 1)) && lb_externref_same(result.of.externref, arg.of.externref));
    CHECK(result.of.externref.id != arg.of.externref.id && good(lb_value_release(&result)));
  }
  size_t count = 0;
  CHECK(good(lb_call_result_count(call, &count)) && count == 1);
  CHECK(fails(lb_call_wait(call, NULL, 0), LB_KIND_TYPE) && fails(lb_call_wait(call, NULL, 1), LB_KIND_TYPE));
  CHECK(good(lb_value_release(&arg)) && good(lb_call_release(call)) && good(lb_instance_close(calc)));
}

static void misuse(void) {
  told all = { 0 };
  lb_call_t call;
  bool is_done = true;
  lb_func_t func;
  lb_instance_t calc = calc_of();
  lb_value_t wrong[2] = { { 99, { 0 } }, LB_I32(1) }, other[2] = { LB_I64(1), LB_I32(1) };
  CHECK(fails(lb_instance_call_async(calc, "add", wrong, 1, &call, note, &all), LB_KIND_TYPE) && call.id == 0);
  CHECK(fails(lb_instance_call_async(calc, "add", wrong, 2, &call, note, &all), LB_KIND_TYPE));
  CHECK(fails(lb_instance_call_async(calc, "add", NULL, 2, &call, note, &all), LB_KIND_TYPE));
  CHECK(fails(lb_instance_call_async(calc, NULL, NULL, 0, &call, note, &all), LB_KIND_TYPE));
  CHECK(fails(lb_instance_call_async(calc, "memory", NULL, 0, &call, note, &all), LB_KIND_NOT_FOUND));
  CHECK(fails(lb_instance_call_async(calc, "nothing", NULL, 0, &call, note, &all), LB_KIND_NOT_FOUND));
  CHECK(good(lb_instance_func(calc, "add", &func)));
  CHECK(fails(lb_func_call_async(func, wrong, 1, NULL, note, &all), LB_KIND_TYPE));
  CHECK(good(lb_func_call_async(func, other, 2, &call, NULL, NULL)));
  CHECK(fails(lb_call_wait(call, NULL, 0), LB_KIND_TYPE) && fails(lb_call_on_done(call, NULL, NULL), LB_KIND_TYPE));
  CHECK(fails(lb_call_wait_for(call, 0, NULL), LB_KIND_TYPE) && good(lb_call_release(call)));
  CHECK(fails(lb_call_release(call), LB_KIND_CLOSED) && fails(lb_call_cancel(call), LB_KIND_CLOSED));
  CHECK(fails(lb_call_wait(call, NULL, 0), LB_KIND_CLOSED) && !lb_call_is_done(call));
  CHECK(fails(lb_call_wait_for(call, 0, &is_done), LB_KIND_CLOSED) && !is_done);
  CHECK(good(lb_func_release(func)) && fails(lb_func_call_async(func, other, 2, &call, note, &all), LB_KIND_CLOSED));
  CHECK(good(lb_instance_close(calc)) && fails(start(calc, "trap", &call), LB_KIND_CLOSED));
  CHECK(fails(lb_instance_run_async(calc, NULL, note, &all), LB_KIND_CLOSED));
  calc.id = 0;
  CHECK(fails(start(calc, "trap", &call), LB_KIND_TYPE) && all.calls == 0);
}

static void cancelling(void) {
  told all = { 0 };
  lb_call_t running, queued, kept;
  bool is_done = true;
  lb_instance_t calc = calc_of(), other = calc_of();
  set_open(0);
  CHECK(good(start(calc, "hold", &running)));
  await_inside(1);
  CHECK(good(lb_instance_call_async(calc, "trap", NULL, 0, &queued, note, &all)));
  CHECK(good(start(calc, "trap", &kept)));
  CHECK(good(lb_call_wait_for(running, 5, &is_done)) && !is_done);
  // One that has not begun: told here and now, and the others go on.
  CHECK(good(lb_call_cancel(queued)) && all.calls == 1 && all.kind == LB_KIND_CANCELLED);
  CHECK(pthread_equal(all.thread, pthread_self()));
  end(queued, LB_KIND_CANCELLED);
  CHECK(!lb_call_is_done(running) && !lb_call_is_done(kept));
  set_open(1);
  CHECK(good(lb_call_wait(running, NULL, 0)));
  CHECK(good(lb_call_wait_for(running, 0, &is_done)) && is_done);
  end(kept, LB_KIND_TRAP);
  // One that is over: nothing happens.
  CHECK(good(lb_call_cancel(running)) && good(lb_call_wait(running, NULL, 0)) && good(lb_call_release(running)));
  // One that runs: its store is poisoned, another is not.
  CHECK(good(start(calc, "spin", &running)) && good(start(calc, "trap", &queued)));
  CHECK(good(lb_call_wait_for(running, 5, &is_done)) && !is_done && good(lb_call_cancel(running)));
  end(running, LB_KIND_CANCELLED);
  end(queued, LB_KIND_POISONED);
  CHECK(good(start(other, "trap", &kept)));
  end(kept, LB_KIND_TRAP);
  CHECK(good(lb_instance_close(calc)) && good(lb_instance_close(other)) && all.calls == 1);
}

static void ends(void) {
  told all = { 0 };
  lb_limits_t limits = LB_LIMITS;
  lb_sandbox_t sandbox = LB_SANDBOX;
  lb_call_t call, queued;
  lb_store_t store;
  limits.timeout_ms = 30;
  sandbox.limits = &limits;
  lb_instance_t calc = calc_with(NULL, &sandbox);
  CHECK(good(start(calc, "spin", &call)));
  end(call, LB_KIND_TIMEOUT);
  CHECK(good(lb_instance_close(calc)));
  // The instance is closed while one call runs and another waits; both are told so.
  calc = calc_of();
  CHECK(good(lb_instance_store(calc, &store)));
  CHECK(good(lb_instance_call_async(calc, "spin", NULL, 0, &call, note, &all)));
  CHECK(good(lb_instance_call_async(calc, "trap", NULL, 0, &queued, note, &all)));
  CHECK(good(lb_instance_close(calc)));
  end(call, LB_KIND_CLOSED);
  end(queued, LB_KIND_CLOSED);
  await_told(&all, 2);
  CHECK(all.failed == 2 && all.kind == LB_KIND_CLOSED && good(lb_store_release(store)));
}

static lb_instance_t own;

static lb_error_t *wait_inside(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                               lb_value_t *results, size_t nresults) {
  (void)data, (void)context, (void)args, (void)nargs, (void)results, (void)nresults;
  lb_call_t call;
  lb_error_t *error = start(own, "one", &call);
  if (!error) error = lb_call_wait(call, NULL, 0);
  lb_error_free(lb_call_release(call));
  return error;
}

static void waiting_inside_is_a_deadlock(void) {
  lb_imports_t imports;
  CHECK(good(lb_imports_new(&imports)));
  CHECK(good(lb_imports_func(imports, "h", "f", wait_inside, NULL, NULL)));
  own = instance_of("(module (import \"h\" \"f\" (func $f)) (func (export \"one\")) (func (export \"f\") (call $f)))",
                    &imports);
  CHECK(fails(lb_instance_call(own, "f", NULL, 0, NULL, 0), LB_KIND_DEADLOCK));
  CHECK(good(lb_imports_release(imports)) && good(lb_instance_close(own)));
}

static void engines(void) {
  enum { ENGINES = 8, CALLS = 20 };
  lb_engine_options_t options = LB_ENGINE_OPTIONS;
  lb_engine_t made[ENGINES];
  lb_instance_t calcs[ENGINES];
  told all = { 0 };
  options.call_threads = 1;
  for (int i = 0; i < ENGINES; i++) {
    CHECK(good(lb_engine_new(&options, &made[i])));
    calcs[i] = calc_with(&made[i], NULL);
    CHECK(good(lb_engine_release(made[i])));
    for (int j = 0; j < CALLS; j++) {
      lb_value_t args[2] = { LB_I32(i), LB_I32(j) };
      CHECK(good(lb_instance_call_async(calcs[i], "add", args, 2, NULL, note, &all)));
    }
  }
  await_told(&all, ENGINES * CALLS);
  CHECK(all.failed == 0 && all.sum == CALLS * 28 + ENGINES * 190);
  // A program that knew no call_threads.
  options.size = offsetof(lb_engine_options_t, call_threads);
  CHECK(good(lb_engine_new(&options, &made[0])) && good(lb_engine_release(made[0])));
  for (int i = 0; i < ENGINES; i++) CHECK(good(lb_instance_close(calcs[i])));
}

static void programs(void) {
  lb_call_t call;
  lb_value_t exit_code;
  lb_instance_t program = instance_of(
      "(module (import \"wasi_snapshot_preview1\" \"proc_exit\" (func $exit (param i32))) (memory (export \"memory\") 1)"
      " (func (export \"_start\") (call $exit (i32.const 7))))", NULL);
  CHECK(good(lb_instance_run_async(program, &call, NULL, NULL)));
  CHECK(good(lb_call_wait(call, &exit_code, 1)) && exit_code.of.i32 == 7 && good(lb_call_release(call)));
  CHECK(good(lb_instance_close(program)));
  program = calc_of();
  CHECK(good(lb_instance_run_async(program, &call, NULL, NULL)));
  end(call, LB_KIND_NOT_FOUND);
  CHECK(good(lb_instance_close(program)));
}

// A done function that starts the next call, until there were enough.
typedef struct {
  lb_instance_t calc;
  told told;
  int left;
} chain;

static void go_on(void *data, const lb_error_t *error, const lb_value_t *results, size_t count) {
  chain *all = data;
  lb_value_t args[2] = { LB_I32(1), LB_I32(1) };
  if (all->left-- > 0) CHECK(good(lb_instance_call_async(all->calc, "add", args, 2, NULL, go_on, all)));
  note(&all->told, error, results, count);
}

static void chains(void) {
  chain all = { calc_of(), { 0 }, 200 };
  lb_value_t args[2] = { LB_I32(1), LB_I32(1) };
  CHECK(good(lb_instance_call_async(all.calc, "add", args, 2, NULL, go_on, &all)));
  await_told(&all.told, 201);
  CHECK(all.told.sum == 402 && good(lb_instance_close(all.calc)));
}

static long resident_kib(void) {
  long kib = 0;
  char line[128];
  FILE *file = fopen("/proc/self/status", "r");
  while (file && fgets(line, sizeof line, file)) sscanf(line, "RssAnon: %ld", &kib);
  if (file) fclose(file);
  return kib;
}

static void leak_round(lb_instance_t calc, int times) {
  told all = { 0 };
  lb_call_t call;
  for (int i = 0; i < times; i++) {
    lb_value_t arg = LB_NULL_EXTERNREF, args[2] = { LB_I32(1), LB_I32(1) };
    CHECK(good(lb_externref_new(&mine, NULL, &arg.of.externref)));
    CHECK(good(lb_instance_call_async(calc, "same", &arg, 1, NULL, note, &all)));
    CHECK(good(lb_value_release(&arg)));
    CHECK(good(lb_instance_call_async(calc, "add", args, 2, &call, note, &all)) && good(lb_call_release(call)));
    CHECK(good(lb_instance_call_async(calc, "fail", NULL, 0, NULL, note, &all)));
    await_told(&all, 3 * i + 3);
  }
}

// Handles are used again: those of the library's that were released have low numbers, in the lower half of an id.
static uint32_t next_handle(void) {
  lb_externref_t probe;
  CHECK(good(lb_externref_new(&mine, NULL, &probe)) && good(lb_externref_release(probe)));
  return (uint32_t)probe.id;
}

static void nothing_is_left(void) {
  lb_instance_t calc = calc_of();
  leak_round(calc, 500);
  const long before = resident_kib();
  const uint32_t handle = next_handle();
  leak_round(calc, 10000);
  const long grown = resident_kib() - before;
  if (grown >= 4096) printf("30000 calls left %ld KiB\n", grown);
  CHECK(before > 0 && grown < 4096);
  CHECK(next_handle() <= handle + 8);
  CHECK(good(lb_instance_close(calc)));
}

// A child that ends while calls run and wait: this program again.
static int leave(void) {
  lb_instance_t calc = calc_of(), other = calc_of();
  static told all;
  CHECK(good(lb_instance_call_async(calc, "spin", NULL, 0, NULL, note, &all)));
  CHECK(good(lb_instance_call_async(other, "hold", NULL, 0, NULL, note, &all)));
  for (int i = 0; i < 100; i++) CHECK(good(lb_instance_call_async(calc, "trap", NULL, 0, NULL, note, &all)));
  await_inside(1);
  return checks_failed || all.calls ? 1 : 7;
}

static void a_process_ends_with_calls_in_flight(const char *program) {
  for (int i = 0; i < 5; i++) {
    const pid_t child = fork();
    if (child == 0) {
      alarm(60);
      execl(program, program, "leave", (char *)NULL);
      _exit(127);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7);
  }
}

int main(int argc, char **argv) {
  if (argc > 1 && !strcmp(argv[1], "leave")) return leave();
  a_thousand_in_flight();
  done_is_called_elsewhere();
  outcomes();
  misuse();
  cancelling();
  ends();
  waiting_inside_is_a_deadlock();
  engines();
  programs();
  chains();
  nothing_is_left();
  a_process_ends_with_calls_in_flight(argv[0]);
  return finish();
}
