// Signals of a program that had its handlers before the library: its own faults still reach them.

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/mman.h>

#include "check.h"

enum { TIMES = 10000, THREADS = 4, ALT_BYTES = 256 << 10 };

static const char *const MODULE =
    "(module (import \"env\" \"f\" (func $f)) (memory 1 1)"
    " (func (export \"load\") (param i32) (result i32) (i32.load (local.get 0)))"
    " (func (export \"div\") (param i32) (result i32) (i32.div_s (i32.const 6) (local.get 0)))"
    " (func $down (export \"down\") (call $down))"
    " (func (export \"call\") (call $f)))";

static char *forbidden;
static __thread sigjmp_buf back;
static __thread char *alt_stack;
static __thread volatile int seen;
static __thread volatile size_t on_alt_stack;

// Counts the fault, notes whether it runs on this thread's alternate stack, and goes back.
static void handler(int number, siginfo_t *info, void *context) {
  (void)context;
  char here;
  uintptr_t distance = (uintptr_t)&here - (uintptr_t)alt_stack;
  on_alt_stack += distance < ALT_BYTES;
  seen = number == SIGSEGV && info->si_addr != forbidden ? -1 : number;
  siglongjmp(back, 1);
}

static void install(void) {
  struct sigaction action = { 0 };
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  const int numbers[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGUSR1 };
  for (size_t i = 0; i < 5; i++) CHECK(!sigaction(numbers[i], &action, NULL));
}

static void use_alt_stack(void) {
  alt_stack = malloc(ALT_BYTES);
  stack_t stack = { .ss_sp = alt_stack, .ss_size = ALT_BYTES };
  CHECK(!sigaltstack(&stack, NULL));
}

static void let_alt_stack_go(void) {
  stack_t stack = { .ss_flags = SS_DISABLE }, former;
  CHECK(!sigaltstack(&stack, &former) && former.ss_sp == alt_stack);
  free(alt_stack);
}

// A fault of the program's own: this signal, and nothing of the library's, must reach the handler.
static size_t faults(int number) {
  seen = 0;
  if (!sigsetjmp(back, 1)) {
    if (number == SIGSEGV) *(volatile char *)forbidden = 1;
    else raise(number);
  }
  return seen == number;
}

static size_t traps(lb_instance_t instance, const char *name, int32_t arg, lb_trap_t code) {
  lb_value_t args[1] = { LB_I32(arg) }, result[1];
  size_t count = strcmp(name, "down") ? 1 : 0;
  lb_error_t *error = lb_instance_call(instance, name, args, count, result, count);
  size_t same = lb_error_trap_code(error) == code;
  lb_error_free(error);
  return same;
}

static lb_error_t *fault_inside(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                                lb_value_t *results, size_t nresults) {
  (void)context, (void)args, (void)nargs, (void)results, (void)nresults;
  *(size_t *)data += faults(SIGSEGV);
  return NULL;
}

static lb_instance_t make(size_t *inside) {
  lb_imports_t imports;
  CHECK(good(lb_imports_new(&imports)));
  CHECK(good(lb_imports_func(imports, "env", "f", fault_inside, inside, NULL)));
  lb_instance_t instance = instance_of(MODULE, &imports);
  CHECK(good(lb_imports_release(imports)));
  return instance;
}

static size_t alternate(size_t times) {
  size_t right = 0, inside = 0;
  lb_instance_t instance = make(&inside);
  on_alt_stack = 0;
  for (size_t i = 0; i < times; i++) {
    right += traps(instance, "load", 70000, LB_TRAP_MEMORY_OUT_OF_BOUNDS) + faults(SIGSEGV);
    right += traps(instance, "div", 0, LB_TRAP_INTEGER_DIVISION_BY_ZERO) + faults(SIGFPE);
    right += traps(instance, "down", 0, LB_TRAP_STACK_OVERFLOW) + faults(SIGILL);
    right += good(lb_instance_call(instance, "call", NULL, 0, NULL, 0)) + faults(SIGUSR1);
  }
  lb_error_free(lb_instance_close(instance));
  return right == 8 * times && inside == times && on_alt_stack == 5 * times;
}

static void *in_thread(void *data) {
  use_alt_stack();
  *(size_t *)data = alternate(TIMES / THREADS);
  let_alt_stack_go();
  return NULL;
}

static void in_threads(void) {
  pthread_t threads[THREADS];
  size_t right[THREADS];
  for (int i = 0; i < THREADS; i++) CHECK(!pthread_create(&threads[i], NULL, in_thread, &right[i]));
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
    CHECK(right[i]);
  }
}

int main(void) {
  forbidden = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  CHECK(forbidden != MAP_FAILED);
  install();
  use_alt_stack();
  CHECK(alternate(TIMES));
  in_threads();
  let_alt_stack_go();
  return finish();
}
