// Modules that are loaded on a thread of the library's, identity, and what is released twice.
#include "check.h"

static int calls;

static int called(void) { return __sync_fetch_and_add(&calls, 0); }

static void on_module(void *data, const lb_error_t *error, lb_module_t module) {
  *(lb_kind_t *)data = lb_error_kind(error);
  if (!error) CHECK(good(lb_module_release(module)));
  (void)__sync_fetch_and_add(&calls, 1);
}

static void test_a_module_is_loaded_elsewhere(void) {
  lb_kind_t kind = 99;
  lb_load_t load;
  lb_module_t module, again;
  lb_instance_t instance;
  CHECK(good(lb_module_load_text_async(NULL, "(module (func (export \"f\")))", &load, on_module, &kind)));
  CHECK(good(lb_load_wait(load, &module)) && good(lb_load_wait(load, &again)));
  CHECK(lb_load_is_done(load) && module.id != again.id);
  CHECK(good(lb_instance_new(module, NULL, &instance)) && good(lb_instance_call(instance, "f", NULL, 0, NULL, 0)));
  while (called() < 1) {}
  CHECK(kind == 0);
  CHECK(good(lb_load_on_done(load, on_module, &kind)) && called() == 2);
  CHECK(fails(lb_load_on_done(load, NULL, NULL), LB_KIND_TYPE));
  CHECK(good(lb_load_release(load)) && fails(lb_load_wait(load, &module), LB_KIND_CLOSED));
  CHECK(good(lb_module_release(again)) && good(lb_instance_release(instance)));
}

static void test_errors_arrive_as_from_load(void) {
  lb_kind_t kind = 0;
  lb_load_t load;
  lb_module_t module;
  calls = 0;
  CHECK(good(lb_module_load_bytes_async(NULL, (const uint8_t *)"nothing", 7, &load, NULL, NULL)));
  CHECK(fails(lb_load_wait(load, &module), LB_KIND_COMPILE) && module.id == 0);
  CHECK(good(lb_load_release(load)));
  CHECK(good(lb_module_load_file_async(NULL, "/nowhere.wasm", NULL, on_module, &kind)));
  while (called() < 1) {}
  CHECK(kind == LB_KIND_IO);
  CHECK(fails(lb_module_load_file_async(NULL, NULL, &load, on_module, &kind), LB_KIND_TYPE) && load.id == 0);
  CHECK(called() == 1);
}

static void test_cancelling_ends_the_waiting(void) {
  enum { MANY = 20 };
  lb_load_t loads[MANY];
  lb_module_t module;
  lb_kind_t kind = 0;
  calls = 0;
  for (size_t i = 0; i < MANY; i++) {
    char text[64];
    snprintf(text, sizeof text, "(module (func (export \"f%zu\")))", i);
    CHECK(good(lb_module_load_text_async(NULL, text, &loads[i], on_module, &kind)));
  }
  for (size_t i = 0; i < MANY; i++) CHECK(good(lb_load_cancel(loads[i])));
  CHECK(called() == MANY);
  for (size_t i = 0; i < MANY; i++) {
    lb_error_t *error = lb_load_wait(loads[i], &module);
    // One may have been done before.
    if (!error) CHECK(good(lb_module_release(module)));
    else CHECK(fails(error, LB_KIND_CANCELLED));
    CHECK(good(lb_load_release(loads[i])));
  }
}

static void test_things_are_the_same_wherever_they_are_found(void) {
  const char *a = "(module (func (export \"f\")) (memory (export \"m\") 1) (table (export \"t\") 1 funcref)"
                  "(global (export \"g\") i32 (i32.const 1)))";
  const char *b = "(module (import \"a\" \"f\" (func)) (import \"a\" \"m\" (memory 1)) (import \"a\" \"t\" (table 1 funcref))"
                  "(import \"a\" \"g\" (global i32)) (export \"f\" (func 0)) (export \"m\" (memory 0))"
                  "(export \"t\" (table 0)) (export \"g\" (global 0)))";
  lb_store_t store;
  lb_module_t one, two;
  lb_instance_t first, second;
  lb_imports_t imports;
  CHECK(good(lb_store_new(NULL, &store)) && good(lb_imports_new(&imports)));
  CHECK(good(lb_module_load_text(NULL, a, &one)) && good(lb_module_load_text(NULL, b, &two)));
  CHECK(good(lb_store_instantiate(store, one, NULL, &first)) && good(lb_imports_instance(imports, "a", first)));
  CHECK(good(lb_store_instantiate(store, two, &imports, &second)));
  lb_func_t f1, f2;
  lb_memory_t m1, m2;
  lb_table_t t1, t2;
  lb_global_t g1, g2;
  CHECK(good(lb_instance_func(first, "f", &f1)) && good(lb_instance_func(second, "f", &f2)));
  CHECK(good(lb_instance_memory(first, "m", &m1)) && good(lb_instance_memory(second, "m", &m2)));
  CHECK(good(lb_instance_table(first, "t", &t1)) && good(lb_instance_table(second, "t", &t2)));
  CHECK(good(lb_instance_global(first, "g", &g1)) && good(lb_instance_global(second, "g", &g2)));
  CHECK(good(lb_store_close(store)));
  CHECK(lb_func_same(f1, f2) && lb_memory_same(m1, m2) && lb_table_same(t1, t2) && lb_global_same(g1, g2));
  const lb_memory_t none = { f1.id };
  CHECK(!lb_memory_same(m1, none));
  CHECK(good(lb_func_release(f1)) && good(lb_func_release(f2)) && good(lb_memory_release(m1)));
  CHECK(good(lb_memory_release(m2)) && good(lb_table_release(t1)) && good(lb_table_release(t2)));
  CHECK(good(lb_global_release(g1)) && good(lb_global_release(g2)) && good(lb_imports_release(imports)));
  CHECK(good(lb_module_release(one)) && good(lb_module_release(two)));
  CHECK(good(lb_instance_release(first)) && good(lb_instance_release(second)));
}

static void test_what_is_released_twice_is_told_by_one_error(void) {
  lb_module_t module;
  lb_instance_t instance;
  CHECK(good(lb_module_load_text(NULL, "(module)", &module)) && good(lb_instance_new(module, NULL, &instance)));
  CHECK(good(lb_instance_close(instance)));
  lb_error_t *error = lb_instance_release(instance);
  CHECK(lb_error_kind(error) == LB_KIND_CLOSED && error == lb_instance_release(instance));
  lb_error_free(error);
  lb_error_free(error);
  CHECK(!strcmp(lb_error_message(error), "the instance is closed"));
  CHECK(good(lb_module_release(module)) && lb_module_release(module) != error);
}

int main(void) {
  test_a_module_is_loaded_elsewhere();
  test_errors_arrive_as_from_load();
  test_cancelling_ends_the_waiting();
  test_things_are_the_same_wherever_they_are_found();
  test_what_is_released_twice_is_told_by_one_error();
  return finish();
}
