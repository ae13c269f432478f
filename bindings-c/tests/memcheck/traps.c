// What a host does most, for memcheck: makes memories and looks at them, loads, calls, traps, closes.

#include "../c/check.h"

static const char text[] =
    "(module (memory 1)"
    " (func (export \"load\") (param i32) (result i32) (i32.load (local.get 0)))"
    " (func (export \"divide\") (param i32) (result i32) (i32.div_s (i32.const 1) (local.get 0))))";

static void call(lb_instance_t instance, const char *name, int32_t argument, bool traps) {
  lb_value_t result, value = lb_i32(argument);
  lb_error_t *error = lb_instance_call(instance, name, &value, 1, &result, 1);
  CHECK(traps ? fails(error, LB_KIND_TRAP) : good(error));
}

static void run(lb_engine_t engine, lb_module_t module) {
  lb_store_t store;
  CHECK(good(lb_store_new(&engine, &store)));
  lb_memory_type_t type = {1, LB_NO_MAX, 0, false};
  lb_memory_t memory;
  CHECK(good(lb_memory_new(store, &type, &memory)));
  lb_view_t view;
  CHECK(good(lb_memory_view(memory, &view)));
  uint64_t former;
  CHECK(good(lb_memory_grow(memory, 4, &former)));
  view.data[8] = 7;
  CHECK(good(lb_view_release(view)));
  CHECK(good(lb_memory_release(memory)));
  lb_instance_t instance;
  CHECK(good(lb_store_instantiate(store, module, NULL, &instance)));
  call(instance, "load", 8, false);
  call(instance, "load", -1, true);
  call(instance, "divide", 0, true);
  CHECK(good(lb_store_close(store)));
  lb_instance_release(instance);
  lb_store_release(store);
}

int main(void) {
  lb_engine_options_t options = LB_ENGINE_OPTIONS;
  // Memcheck tells of traps that are signals as if they were mistakes.
  options.signal_handlers = false;
  options.cache = "off";
  const uint64_t reservations[] = {0, 1 << 20};
  for (size_t i = 0; i < 2; i++) {
    options.memory_reservation_bytes = reservations[i];
    lb_engine_t engine;
    CHECK(good(lb_engine_new(&options, &engine)));
    lb_module_t module;
    CHECK(good(lb_module_load_text(&engine, text, &module)));
    run(engine, module);
    CHECK(good(lb_module_release(module)));
    CHECK(good(lb_engine_release(engine)));
  }
  return finish();
}
