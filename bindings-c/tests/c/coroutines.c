// Coroutines: a stack of their own has its end, and only one of them is inside of a guest. What would be a crash
// is the end of a child process.

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <ucontext.h>
#include <unistd.h>

#include "check.h"

static const char *const MODULE =
    "(module (import \"env\" \"f\" (func $f (param i32) (result i32)))"
    " (memory (export \"memory\") 1)"
    " (func $down (export \"down\") (result i32) (i32.add (call $down) (i32.const 1)))"
    " (func (export \"outer\") (param i32) (result i32) (i32.add (call $f (local.get 0)) (i32.const 1)))"
    " (func (export \"twice\") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))"
    " (func (export \"trap\") (unreachable)))";

enum { GUARD = 4096, SMALL = 64 << 10, LARGE = 1 << 20 };

typedef struct coroutine {
  ucontext_t here, back;
  char *stack;
  size_t size;
  int is_done;
  void (*what)(void *);
  void *data;
} coroutine;

static __thread coroutine *running;

static void begin(void) {
  coroutine *it = running;
  it->what(it->data);
  it->is_done = 1;
}

// Runs a coroutine until it stops or ends.
static void resume(coroutine *it) {
  coroutine *outer = running;
  running = it;
  swapcontext(&it->back, &it->here);
  running = outer;
}

static void stop(void) {
  coroutine *it = running;
  swapcontext(&it->here, &it->back);
}

static void prepare(coroutine *it, char *stack, size_t size, void (*what)(void *), void *data) {
  memset(it, 0, sizeof *it);
  it->stack = stack, it->size = size, it->what = what, it->data = data;
  getcontext(&it->here);
  it->here.uc_stack.ss_sp = stack;
  it->here.uc_stack.ss_size = size;
  it->here.uc_link = &it->back;
  makecontext(&it->here, begin, 0);
}

// On a stack with a guard page, as coroutine libraries make them.
static void make(coroutine *it, size_t size, void (*what)(void *), void *data) {
  char *stack = mmap(NULL, GUARD + size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(stack != MAP_FAILED && !mprotect(stack, GUARD, PROT_NONE));
  prepare(it, stack + GUARD, size, what, data);
}

static void unmake(coroutine *it) {
  CHECK(it->is_done);
  munmap(it->stack - GUARD, GUARD + it->size);
}

static lb_module_t module;

// Stops the coroutine that the guest runs in, if there is one and it was told to.
static lb_error_t *stopping(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                            lb_value_t *results, size_t nresults) {
  (void)data, (void)context, (void)nargs, (void)nresults;
  if (args[0].of.i32 >= 100 && running) stop();
  results[0] = args[0];
  return NULL;
}

static lb_instance_t with_store(const lb_store_t *store) {
  lb_imports_t imports;
  lb_instance_t instance;
  CHECK(good(lb_imports_new(&imports)));
  CHECK(good(lb_imports_func(imports, "env", "f", stopping, NULL, NULL)));
  CHECK(good(store ? lb_store_instantiate(*store, module, &imports, &instance) : lb_instance_new(module, &imports, &instance)));
  CHECK(good(lb_imports_release(imports)));
  return instance;
}

static lb_error_t *call(lb_instance_t instance, const char *name, int32_t n, int32_t *result) {
  lb_value_t args[1] = { LB_I32(n) }, results[1] = { LB_I32(0) };
  lb_error_t *error = lb_instance_call(instance, name, args, 1, results, 1);
  *result = results[0].of.i32;
  return error;
}

static int gives(lb_instance_t instance, const char *name, int32_t n, int32_t expected) {
  int32_t result;
  return good(call(instance, name, n, &result)) && result == expected;
}

static int traps(lb_instance_t instance) {
  lb_error_t *error = lb_instance_call(instance, "trap", NULL, 0, NULL, 0);
  int right = lb_error_trap_code(error) == LB_TRAP_UNREACHABLE;
  lb_error_free(error);
  return right;
}

static int overflows(lb_instance_t instance) {
  lb_value_t result[1];
  lb_error_t *error = lb_instance_call(instance, "down", NULL, 0, result, 1);
  int right = lb_error_trap_code(error) == LB_TRAP_STACK_OVERFLOW;
  if (!right) printf("%s: %s\n", lb_error_kind_name(error), lb_error_message(error));
  lb_error_free(error);
  return right;
}

static void recursions(void *data) {
  lb_instance_t instance = *(lb_instance_t *)data;
  for (int round = 0; round < 3; round++) {
    CHECK(overflows(instance));
    CHECK(traps(instance));
    CHECK(gives(instance, "outer", 7, 8));
  }
  lb_module_t compiled = module_of("(module (func (export \"compiled on a coroutine\")))");
  CHECK(good(lb_module_release(compiled)));
}

// Recursion is a trap on every stack that has a guard page, and beside others.
static void *small_stacks(void *unused) {
  (void)unused;
  const size_t sizes[] = { SMALL, 128 << 10, 256 << 10, LARGE, 8 << 20 };
  lb_instance_t instance = with_store(NULL);
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    coroutine it;
    make(&it, sizes[i], recursions, &instance);
    resume(&it);
    unmake(&it);
    CHECK(gives(instance, "twice", 4, 8));
  }
  CHECK(overflows(instance));
  CHECK(good(lb_instance_close(instance)));
  return NULL;
}

static void refused(void *data) {
  int32_t result;
  lb_instance_t instance = *(lb_instance_t *)data;
  CHECK(fails(call(instance, "twice", 4, &result), LB_KIND_UNSUPPORTED));
  lb_error_t *error = call(instance, "twice", 4, &result);
  CHECK(strstr(lb_error_message(error), "guard page") != NULL);
  lb_error_free(error);
}

// Nobody knows where a stack without a guard page ends, so nothing is risked there.
static void *stacks_without_a_guard(void *unused) {
  (void)unused;
  lb_instance_t instance = with_store(NULL);
  coroutine it;
  char *stack = malloc(SMALL);
  prepare(&it, stack, SMALL, refused, &instance);
  resume(&it);
  CHECK(it.is_done);
  free(stack);
  CHECK(gives(instance, "twice", 4, 8));
  CHECK(good(lb_instance_close(instance)));
  return NULL;
}

typedef struct {
  lb_instance_t instance;
  int32_t n;
} job;

static void outer(void *data) {
  const job *it = data;
  CHECK(gives(it->instance, "outer", it->n, it->n + 1));
  CHECK(traps(it->instance));
  CHECK(gives(it->instance, "outer", 7, 8));
}

static void intruder(void *data) {
  const job *it = data;
  int32_t result;
  lb_store_t store;
  lb_instance_t none;
  CHECK(fails(call(it->instance, "twice", 1, &result), LB_KIND_BUSY));
  CHECK(fails(call(it->instance, "outer", it->n, &result), LB_KIND_BUSY));
  CHECK(fails(lb_instance_call(it->instance, "trap", NULL, 0, NULL, 0), LB_KIND_BUSY));
  CHECK(fails(lb_instance_new(module, NULL, &none), LB_KIND_BUSY));
  CHECK(fails(lb_store_new(NULL, &store), LB_KIND_BUSY));
}

// While one coroutine stands in a host function, the others of its thread are told so, wherever they are.
static void refusals(lb_instance_t one, lb_instance_t two) {
  coroutine first, second;
  job mine = { one, 100 }, other = { two, 200 };
  for (int round = 0; round < 3; round++) {
    make(&first, LARGE, outer, &mine);
    make(&second, LARGE, intruder, &other);
    resume(&first);
    CHECK(!first.is_done);
    resume(&second);
    intruder(&other);
    resume(&first);
    unmake(&first);
    unmake(&second);
    CHECK(gives(one, "outer", 7, 8) && gives(two, "outer", 7, 8));
    CHECK(traps(one) && traps(two));
  }
}

static void *two_stores(void *unused) {
  (void)unused;
  lb_instance_t one = with_store(NULL), two = with_store(NULL);
  refusals(one, two);
  CHECK(good(lb_instance_close(one)));
  CHECK(good(lb_instance_close(two)));
  return NULL;
}

static void *one_store(void *unused) {
  (void)unused;
  lb_store_t store;
  CHECK(good(lb_store_new(NULL, &store)));
  refusals(with_store(&store), with_store(&store));
  CHECK(good(lb_store_close(store)));
  return NULL;
}

static const char *const WRITER =
    "(module (import \"wasi_snapshot_preview1\" \"fd_write\" (func $write (param i32 i32 i32 i32) (result i32)))"
    " (memory (export \"memory\") 1) (data (i32.const 0) \"\\10\\00\\00\\00\\02\\00\\00\\00\") (data (i32.const 16) \"hi\")"
    " (func (export \"hi\") (result i32) (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))";

static lb_error_t *stopping_output(void *data, const uint8_t *bytes, size_t length) {
  (void)data, (void)bytes, (void)length;
  stop();
  return NULL;
}

static void hello(void *data) {
  lb_value_t result[1];
  CHECK(good(lb_instance_call(*(lb_instance_t *)data, "hi", NULL, 0, result, 1)) && result[0].of.i32 == 0);
}

// A function for output is one of the host's, too.
static void *output(void *unused) {
  (void)unused;
  lb_module_t writer = module_of(WRITER);
  lb_instance_t instance, other = with_store(NULL);
  lb_sandbox_t sandbox = LB_SANDBOX;
  coroutine it;
  job second = { other, 200 };
  sandbox.out.to = LB_STREAM_CALLBACK;
  sandbox.out.write = stopping_output;
  CHECK(good(lb_instance_new_with(writer, NULL, &sandbox, &instance)));
  make(&it, LARGE, hello, &instance);
  resume(&it);
  CHECK(!it.is_done);
  intruder(&second);
  resume(&it);
  unmake(&it);
  CHECK(gives(other, "twice", 4, 8));
  CHECK(good(lb_instance_close(instance)));
  return NULL;
}

static void many_calls(void *data) {
  const job *it = data;
  for (int32_t k = 0; k < 50; k++) {
    CHECK(gives(it->instance, "outer", it->n % 100, it->n % 100 + 1));
    CHECK(k % 10 || traps(it->instance));
    stop();
  }
}

// Coroutines that switch between calls only, and share instances, do not notice each other.
static void *between_calls(void *unused) {
  (void)unused;
  enum { COUNT = 8 };
  lb_instance_t instances[2] = { with_store(NULL), with_store(NULL) };
  coroutine all[COUNT];
  job jobs[COUNT];
  for (int i = 0; i < COUNT; i++) {
    jobs[i] = (job){ instances[i % 2], i };
    make(&all[i], i % 3 ? LARGE : SMALL, many_calls, &jobs[i]);
  }
  for (int left = COUNT; left;) {
    left = 0;
    for (int i = 0; i < COUNT; i++) {
      if (!all[i].is_done) resume(&all[i]);
      left += !all[i].is_done;
    }
  }
  for (int i = 0; i < COUNT; i++) unmake(&all[i]);
  CHECK(good(lb_instance_close(instances[0])));
  CHECK(good(lb_instance_close(instances[1])));
  return NULL;
}

static lb_instance_t abandoned;
static pthread_t former;

static void *leave_a_coroutine(void *unused) {
  (void)unused;
  static coroutine it;
  static job mine;
  int32_t result;
  former = pthread_self();
  mine = (job){ abandoned, 100 };
  make(&it, LARGE, outer, &mine);
  resume(&it);
  munmap(it.stack - GUARD, GUARD + it.size);
  // Nothing on this thread can be put on top of that call.
  CHECK(fails(call(abandoned, "twice", 1, &result), LB_KIND_BUSY));
  return NULL;
}

static void *come_after(void *unused) {
  (void)unused;
  int32_t result;
  // The system gives a new thread what the old one had.
  CHECK(pthread_equal(former, pthread_self()));
  lb_instance_t other = with_store(NULL);
  CHECK(gives(other, "outer", 7, 8));
  CHECK(fails(call(abandoned, "twice", 1, &result), LB_KIND_BUSY));
  CHECK(gives(other, "outer", 7, 8));
  CHECK(good(lb_instance_close(other)));
  return NULL;
}

// Returns on another thread than it was called on if it is told to.
static void *resume_here(void *data) {
  resume(data);
  return NULL;
}

static void moving_outer(void *data) {
  const job *it = data;
  int32_t result;
  CHECK(good(call(it->instance, "outer", it->n, &result)));
}

// Stands in a host function, and tries the store from another thread.
static lb_error_t *moving(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                          lb_value_t *results, size_t nresults) {
  int32_t result;
  (void)context, (void)args, (void)nargs, (void)results, (void)nresults;
  stop();
  lb_error_t *error = call(*(lb_instance_t *)data, "twice", 1, &result);
  CHECK(lb_error_kind(error) == LB_KIND_BUSY && strstr(lb_error_message(error), "moved to another thread"));
  lb_error_free(error);
  stop();
  return NULL;
}

static void move(coroutine *it, lb_instance_t *instance, job *mine) {
  lb_imports_t imports;
  pthread_t thread;
  CHECK(good(lb_imports_new(&imports)));
  CHECK(good(lb_imports_func(imports, "env", "f", moving, instance, NULL)));
  CHECK(good(lb_instance_new(module, &imports, instance)));
  *mine = (job){ *instance, 1 };
  make(it, LARGE, moving_outer, mine);
  resume(it);
  CHECK(!pthread_create(&thread, NULL, resume_here, it));
  pthread_join(thread, NULL);
  CHECK(!it->is_done);
}

// A coroutine that goes on elsewhere within a host function, and comes back before that returns.
static void *moved_and_back(void *unused) {
  (void)unused;
  coroutine it;
  lb_instance_t instance;
  job mine;
  move(&it, &instance, &mine);
  resume(&it);
  unmake(&it);
  CHECK(traps(instance) && gives(instance, "twice", 4, 8));
  return NULL;
}

// One that returns elsewhere: nothing but the end of the process is safe.
static void *moved(void *unused) {
  (void)unused;
  coroutine it;
  lb_instance_t instance;
  job mine;
  pthread_t thread;
  move(&it, &instance, &mine);
  pthread_create(&thread, NULL, resume_here, &it);
  pthread_join(thread, NULL);
  return NULL;
}

static lb_error_t *sleeping(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                            lb_value_t *results, size_t nresults) {
  (void)context, (void)args, (void)nargs, (void)results, (void)nresults;
  sem_post(data);
  sem_wait((sem_t *)data + 1);
  return NULL;
}

static lb_error_t *ending(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                          lb_value_t *results, size_t nresults) {
  (void)data, (void)context, (void)args, (void)nargs, (void)results, (void)nresults;
  pthread_exit(NULL);
}

static lb_instance_t cancelled;
static int returned;

static void *to_be_cancelled(void *unused) {
  (void)unused;
  lb_func_t run;
  lb_value_t args[1] = { LB_I32(1) }, result[1];
  CHECK(good(lb_instance_func(cancelled, "outer", &run)));
  // [cancel]
  int before;
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
  lb_error_t *err = lb_func_call(run, args, 1, result, 1);
  pthread_setcancelstate(before, NULL);
  // [end cancel]
  CHECK(good(err) && result[0].of.i32 == 1);
  CHECK(good(lb_func_release(run)));
  returned = 1;
  pthread_testcancel();
  CHECK(0);
  return NULL;
}

static void lend(lb_callback_t f, void *data) {
  lb_imports_t imports;
  CHECK(good(lb_imports_new(&imports)));
  CHECK(good(lb_imports_func(imports, "env", "f", f, data, NULL)));
  CHECK(good(lb_instance_new(module, &imports, &cancelled)));
}

// A thread is cancelled while it is in a host function, with that switched off: the call ends first.
static void *cancellation(void *unused) {
  (void)unused;
  sem_t meet[2];
  pthread_t thread;
  void *result;
  sem_init(&meet[0], 0, 0), sem_init(&meet[1], 0, 0);
  lend(sleeping, meet);
  CHECK(!pthread_create(&thread, NULL, to_be_cancelled, NULL));
  sem_wait(&meet[0]);
  CHECK(!pthread_cancel(thread));
  sem_post(&meet[1]);
  pthread_join(thread, &result);
  CHECK(returned && result == PTHREAD_CANCELED);
  CHECK(gives(cancelled, "twice", 4, 8) && traps(cancelled));
  return NULL;
}

static void *end_of_a_thread(void *unused) {
  (void)unused;
  int32_t result;
  lend(ending, NULL);
  return call(cancelled, "outer", 1, &result);
}

static void on_a_thread(void *(*what)(void *)) {
  pthread_t thread;
  CHECK(!pthread_create(&thread, NULL, what, NULL));
  pthread_join(thread, NULL);
}

// A coroutine that is thrown away within a host function: its store is for nobody any more.
static void *thrown_away(void *unused) {
  (void)unused;
  abandoned = with_store(NULL);
  on_a_thread(leave_a_coroutine);
  on_a_thread(come_after);
  return NULL;
}

static void here(void *(*what)(void *)) {
  what(NULL);
}

// In a child process: a crash is a check that failed.
static void in_child(const char *name, void *(*what)(void *), void (*how)(void *(*)(void *)), int expected) {
  fflush(stdout);
  pid_t child = fork();
  if (!child) {
    alarm(20);
    checks_passed = checks_failed = 0;
    module = module_of(MODULE);
    how(what);
    fflush(stdout);
    _exit(checks_failed != 0);
  }
  int status = -1;
  waitpid(child, &status, 0);
  if (status != expected) printf("%s: status %x\n", name, status);
  CHECK(status == expected);
}

int main(void) {
  const struct {
    const char *name;
    void *(*what)(void *);
  } cases[] = {
    { "small stacks", small_stacks },
    { "stacks without a guard page", stacks_without_a_guard },
    { "two stores", two_stores },
    { "one store", one_store },
    { "between calls", between_calls },
    { "output", output },
    { "thrown away", thrown_away },
    { "moved and back", moved_and_back },
    { "cancellation", cancellation },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    in_child(cases[i].name, cases[i].what, here, 0);
    in_child(cases[i].name, cases[i].what, on_a_thread, 0);
  }
  // What nothing can be done about is the end of the process at once, and not something worse.
  in_child("moved", moved, here, SIGABRT);
  in_child("end of a thread", end_of_a_thread, on_a_thread, SIGABRT);
  return finish();
}
