// Endless recursion ends as a trap on the smallest stacks, and what comes after goes on.

#include <limits.h>
#include <pthread.h>

#include "check.h"

// A thread with less than ENOUGH_BYTES cannot enter a guest at all, and is told so.
enum { ROUNDS = 20, ENOUGH_BYTES = 32 << 10 };

static const char *const MODULE =
    "(module (import \"env\" \"f\" (func $f))"
    " (func $down (export \"down\") (call $down))"
    " (func (export \"outer\") (call $f))"
    " (func (export \"twice\") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))";

static lb_module_t start, start_of_host;

static lb_error_t *again(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                         lb_value_t *results, size_t nresults) {
  (void)context, (void)args, (void)nargs, (void)results, (void)nresults;
  return lb_instance_call(*(lb_instance_t *)data, "outer", NULL, 0, NULL, 0);
}

static lb_error_t *start_again(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                               lb_value_t *results, size_t nresults) {
  (void)context, (void)args, (void)nargs, (void)results, (void)nresults;
  lb_instance_t none;
  return lb_instance_new(start_of_host, data, &none);
}

static lb_imports_t imports_of(const char *name, lb_callback_t f, void *data) {
  lb_imports_t imports;
  CHECK(good(lb_imports_new(&imports)));
  CHECK(good(lb_imports_func(imports, "env", name, f, data, NULL)));
  return imports;
}

static int overflows(lb_error_t *error) {
  int right = lb_error_trap_code(error) == LB_TRAP_STACK_OVERFLOW;
  if (!right) printf("%s: %s\n", lb_error_kind_name(error), lb_error_message(error));
  lb_error_free(error);
  return right;
}

static int twice(lb_instance_t instance, int32_t n) {
  lb_value_t args[1] = { LB_I32(n) }, result[1];
  return good(lb_instance_call(instance, "twice", args, 1, result, 1)) && result[0].of.i32 == 2 * n;
}

// What a thread with so much stack does, and finds.
typedef struct {
  lb_instance_t instance;
  lb_imports_t imports;
} job;

static void *every_recursion(void *data) {
  const job *it = data;
  lb_instance_t none;
  CHECK(overflows(lb_instance_call(it->instance, "down", NULL, 0, NULL, 0)));
  CHECK(overflows(lb_instance_call(it->instance, "outer", NULL, 0, NULL, 0)));
  CHECK(overflows(lb_instance_new(start, NULL, &none)));
  CHECK(overflows(lb_instance_new(start_of_host, &it->imports, &none)));
  return NULL;
}

static void *a_call(void *data) {
  CHECK(twice(((const job *)data)->instance, 7));
  return NULL;
}

static void *a_compilation(void *data) {
  (void)data;
  lb_instance_t instance = instance_of("(module (func $f (export \"down\") (call $f)))", NULL);
  CHECK(overflows(lb_instance_call(instance, "down", NULL, 0, NULL, 0)));
  CHECK(good(lb_instance_close(instance)));
  return NULL;
}

static void on(size_t bytes, void *(*what)(void *), job *it) {
  pthread_t thread;
  pthread_attr_t attr;
  pthread_attr_init(&attr);
  CHECK(!pthread_attr_setstacksize(&attr, bytes));
  CHECK(!pthread_create(&thread, &attr, what, it));
  pthread_join(thread, NULL);
  pthread_attr_destroy(&attr);
}

int main(void) {
  job it;
  start = module_of("(module (start $s) (func $s (call $s)))");
  start_of_host = module_of("(module (import \"env\" \"again\" (func $again)) (start $again))");
  lb_imports_t imports = imports_of("f", again, &it.instance);
  it.instance = instance_of(MODULE, &imports);
  it.imports = imports_of("again", start_again, &it.imports);
  const size_t sizes[] = { PTHREAD_STACK_MIN, 20 << 10, 24 << 10, 32 << 10, 40 << 10, 64 << 10, 128 << 10 };
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    for (int round = 0; round < ROUNDS; round++) {
      on(sizes[i], every_recursion, &it);
      if (sizes[i] >= ENOUGH_BYTES) on(sizes[i], a_call, &it);
      if (sizes[i] >= ENOUGH_BYTES) on(sizes[i], a_compilation, &it);
      CHECK(twice(it.instance, 7));
    }
  }
  every_recursion(&it);
  CHECK(good(lb_instance_close(it.instance)));
  return finish();
}
