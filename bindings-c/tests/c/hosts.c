// Host functions: their data, references, errors and exceptions, threads, and any order of destruction.

#include <pthread.h>
#include <unistd.h>

#include "check.h"

static const char *const MODULE =
    "(module (import \"env\" \"f\" (func $f (param i32) (result i32)))"
    " (import \"env\" \"r\" (func $r (param externref) (result externref)))"
    " (func (export \"call\") (param i32) (result i32) (call $f (local.get 0)))"
    " (func (export \"pass\") (param externref) (result externref) (call $r (local.get 0)))"
    " (func (export \"trap\") unreachable)"
    " (func $deep (export \"deep\") (call $deep)))";

static int drops;

static void count_drop(void *data) {
  (void)data;
  __atomic_add_fetch(&drops, 1, __ATOMIC_SEQ_CST);
}

typedef struct {
  lb_instance_t instance;
  int behaviour;
} state;

enum { ADD, WRONG_KIND, THROW, NEST, NEST_TRAP, CLOSE };

static lb_error_t *f(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs, lb_value_t *results,
                     size_t nresults) {
  state *s = data;
  CHECK(nargs == 1 && nresults == 1 && args[0].type == LB_TYPE_I32 && results[0].type == LB_TYPE_I32);
  char name[16];
  CHECK(lb_context_name(context, name, sizeof name) == 5 && !strcmp(name, "env.f"));
  lb_value_t down[1] = { LB_I32(args[0].of.i32 - 1) };
  switch (s->behaviour) {
    case WRONG_KIND: results[0] = lb_f64(1); return NULL;
    case THROW: return lb_error_host("boom", (void *)(intptr_t)args[0].of.i32, count_drop);
    case NEST:
      if (args[0].of.i32 == 1000) return lb_error_host("boom", s, count_drop);
      down[0].of.i32 = args[0].of.i32 == 1 ? 1000 : args[0].of.i32 - 1;
      return lb_instance_call(s->instance, "call", down, 1, results, 1);
    case NEST_TRAP: return lb_instance_call(s->instance, "trap", NULL, 0, NULL, 0);
    case CLOSE: return lb_instance_close(s->instance);
    default: results[0].of.i32 = args[0].of.i32 + 1; return NULL;
  }
}

static lb_error_t *r(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs, lb_value_t *results,
                     size_t nresults) {
  (void)data, (void)context, (void)nargs, (void)nresults;
  results[0] = args[0];
  return NULL;
}

static lb_instance_t make(state *s) {
  lb_imports_t imports;
  CHECK(good(lb_imports_new(&imports)));
  CHECK(good(lb_imports_func(imports, "env", "f", f, s, count_drop)));
  CHECK(good(lb_imports_func(imports, "env", "r", r, NULL, NULL)));
  lb_instance_t instance = instance_of(MODULE, &imports);
  CHECK(good(lb_imports_release(imports)));
  return instance;
}

static void behaviours(void) {
  state s = { { 0 }, ADD };
  s.instance = make(&s);
  lb_value_t arg[1] = { LB_I32(41) }, result[1];
  CHECK(good(lb_instance_call(s.instance, "call", arg, 1, result, 1)) && result[0].of.i32 == 42);
  s.behaviour = WRONG_KIND;
  CHECK(fails(lb_instance_call(s.instance, "call", arg, 1, result, 1), LB_KIND_TYPE));
  s.behaviour = THROW;
  drops = 0;
  lb_error_t *error = lb_instance_call(s.instance, "call", arg, 1, result, 1);
  CHECK(lb_error_kind(error) == LB_KIND_HOST && !strcmp(lb_error_message(error), "boom"));
  CHECK(lb_error_host_exception(error) == (void *)41 && lb_error_host_drop(error) == count_drop);
  lb_error_t *clone = lb_error_clone(error);
  lb_error_free(error);
  CHECK(drops == 0 && lb_error_host_exception(clone) == (void *)41);
  lb_error_free(clone);
  CHECK(drops == 1);
  s.behaviour = NEST;
  arg[0].of.i32 = 5;
  error = lb_instance_call(s.instance, "call", arg, 1, result, 1);
  CHECK(lb_error_kind(error) == LB_KIND_HOST && lb_error_host_exception(error) == &s);
  CHECK(lb_error_frame_count(error) == 6);
  lb_error_free(error);
  s.behaviour = NEST_TRAP;
  error = lb_instance_call(s.instance, "call", arg, 1, result, 1);
  CHECK(lb_error_kind(error) == LB_KIND_TRAP && lb_error_trap_code(error) == LB_TRAP_UNREACHABLE);
  lb_error_free(error);
  s.behaviour = CLOSE;
  drops = 0;
  CHECK(fails(lb_instance_call(s.instance, "call", arg, 1, result, 1), LB_KIND_CLOSED));
  CHECK(drops == 1);
}

static void references(void) {
  state s = { { 0 }, ADD };
  s.instance = make(&s);
  int object;
  drops = 0;
  lb_externref_t reference;
  CHECK(good(lb_externref_new(&object, count_drop, &reference)));
  lb_value_t arg[1] = { LB_EXTERNREF(reference) }, result[1];
  CHECK(good(lb_instance_call(s.instance, "pass", arg, 1, result, 1)));
  void *data;
  CHECK(good(lb_externref_data(result[0].of.externref, NULL, &data)) && data == &object);
  CHECK(good(lb_value_release(&result[0])));
  lb_value_t null[1] = { LB_NULL_EXTERNREF };
  CHECK(good(lb_instance_call(s.instance, "pass", null, 1, result, 1)) && result[0].of.externref.id == 0);
  CHECK(good(lb_externref_release(reference)));
  CHECK(fails(lb_externref_release(reference), LB_KIND_CLOSED));
  CHECK(fails(lb_instance_call(s.instance, "pass", arg, 1, result, 1), LB_KIND_CLOSED));
  CHECK(good(lb_instance_close(s.instance)));
  // The object and the host function's data.
  CHECK(drops == 2);
  CHECK(fails(lb_externref_new(&object, count_drop, NULL), LB_KIND_TYPE));
  CHECK(drops == 3);
}

static void any_order(void) {
  for (int order = 0; order < 6; order++) {
    lb_module_t module = module_of("(module (memory (export \"m\") 1) (func (export \"f\") (result i32) (i32.const 7)))");
    lb_instance_t instance;
    lb_func_t func;
    lb_memory_t memory;
    lb_view_t view;
    lb_value_t result[1];
    CHECK(good(lb_instance_new(module, NULL, &instance)));
    CHECK(good(lb_instance_func(instance, "f", &func)));
    CHECK(good(lb_instance_memory(instance, "m", &memory)));
    CHECK(good(lb_memory_view(memory, &view)));
    for (int i = 0; i < 5; i++) {
      switch ((i + order) % 5) {
        case 0: CHECK(good(lb_module_release(module))); break;
        case 1: CHECK(good(lb_instance_release(instance))); break;
        case 2: CHECK(good(lb_func_call(func, NULL, 0, result, 1))); CHECK(good(lb_func_release(func))); break;
        case 3: CHECK(good(lb_memory_release(memory))); break;
        default: view.data[view.length - 1] = 9; CHECK(good(lb_view_release(view))); break;
      }
    }
  }
}

static void views_outlive_closing(void) {
  lb_instance_t instance = instance_of("(module (memory (export \"m\") 1 3))", NULL);
  lb_memory_t memory;
  lb_view_t view;
  uint64_t former;
  CHECK(good(lb_instance_memory(instance, "m", &memory)) && good(lb_memory_view(memory, &view)));
  CHECK(good(lb_memory_write(memory, 65535, "x", 1)) && view.data[65535] == 'x');
  CHECK(good(lb_memory_grow(memory, 2, &former)) && former == 1);
  CHECK(fails(lb_memory_grow(memory, 1, &former), LB_KIND_MEMORY_LIMIT));
  CHECK(good(lb_instance_close(instance)));
  CHECK(fails(lb_memory_read(memory, 0, &former, 1), LB_KIND_CLOSED));
  view.data[0] = 1;
  CHECK(view.data[65535] == 'x');
  CHECK(good(lb_view_release(view)) && good(lb_memory_release(memory)));
  CHECK(fails(lb_view_release(view), LB_KIND_CLOSED));
}

static lb_instance_t shared;

// Each thread throws an exception of its own through a shared instance and must get that one.
static void *throw_own(void *data) {
  size_t wrong = 0;
  for (int i = 0; i < 300; i++) {
    lb_value_t arg[1] = { LB_I32((int32_t)(intptr_t)data * 1000 + i) }, result[1];
    lb_error_t *error = lb_instance_call(shared, "call", arg, 1, result, 1);
    wrong += lb_error_host_exception(error) != (void *)(intptr_t)arg[0].of.i32;
    lb_error_free(error);
  }
  return (void *)wrong;
}

static void exceptions_in_threads(void) {
  state s = { { 0 }, THROW };
  shared = make(&s);
  drops = 0;
  pthread_t threads[8];
  for (intptr_t i = 0; i < 8; i++) CHECK(!pthread_create(&threads[i], NULL, throw_own, (void *)(i + 1)));
  for (int i = 0; i < 8; i++) {
    void *wrong;
    pthread_join(threads[i], &wrong);
    CHECK(!wrong);
  }
  CHECK(drops == 8 * 300);
  CHECK(good(lb_instance_close(shared)));
}

static void *overflow(void *data) {
  (void)data;
  lb_instance_t instance = instance_of("(module (func $f (export \"deep\") (call $f)))", NULL);
  lb_error_t *error = lb_instance_call(instance, "deep", NULL, 0, NULL, 0);
  CHECK(lb_error_trap_code(error) == LB_TRAP_STACK_OVERFLOW);
  lb_error_free(error);
  CHECK(good(lb_instance_close(instance)));
  return NULL;
}

static void small_stacks(void) {
  const size_t sizes[] = { 128 << 10, 256 << 10, 1 << 20 };
  for (size_t i = 0; i < 3; i++) {
    pthread_t thread;
    pthread_attr_t attr;
    pthread_attr_init(&attr);
    CHECK(!pthread_attr_setstacksize(&attr, sizes[i]));
    CHECK(!pthread_create(&thread, &attr, overflow, NULL));
    pthread_join(thread, NULL);
    pthread_attr_destroy(&attr);
  }
}

static void *release_while_running(void *data) {
  lb_func_t func = *(lb_func_t *)data;
  for (int i = 0; i < 2000; i++) lb_error_free(lb_func_call(func, NULL, 0, NULL, 0));
  return NULL;
}

static void races(void) {
  for (int round = 0; round < 20; round++) {
    lb_instance_t instance = instance_of("(module (func (export \"f\")))", NULL);
    lb_func_t func;
    CHECK(good(lb_instance_func(instance, "f", &func)));
    pthread_t threads[2];
    for (int i = 0; i < 2; i++) CHECK(!pthread_create(&threads[i], NULL, release_while_running, &func));
    CHECK(good(round % 2 ? lb_func_release(func) : lb_instance_close(instance)));
    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
    lb_error_free(round % 2 ? lb_instance_release(instance) : lb_func_release(func));
  }
}

static void drop_lends(void *data) {
  lb_imports_t *imports = data;
  drops++;
  CHECK(good(lb_imports_func(*imports, "env", "other", f, NULL, NULL)));
}

// What is taken the place of is dropped when the collection can be used again.
static void drops_use_their_imports(void) {
  lb_imports_t imports;
  int before = drops;
  alarm(60);
  CHECK(good(lb_imports_new(&imports)));
  for (int i = 0; i < 3; i++) CHECK(good(lb_imports_func(imports, "env", "f", f, &imports, drop_lends)));
  CHECK(good(lb_imports_value(imports, "env", "f", lb_i32(1))));
  CHECK(drops == before + 3);
  CHECK(good(lb_imports_release(imports)));
  alarm(0);
}

int main(void) {
  drops_use_their_imports();
  behaviours();
  references();
  any_order();
  views_outlive_closing();
  exceptions_in_threads();
  small_stacks();
  races();
  return finish();
}
