// Landbridge from C, on the cases of its peers; see ../README.md.

#include <landbridge.h>

#include "serve.h"

static struct {
  lb_module_t module;
  lb_imports_t imports;
  lb_func_t add, callbacks, echo, kernels[16];
  lb_memory_t memory;
  lb_engine_t uncached;
  bytes_t large, middle;
} it;

static void check(lb_error_t *error) {
  if (!error) return;
  fprintf(stderr, "%s: %s\n", lb_error_kind_name(error), lb_error_message(error));
  exit(1);
}

static lb_error_t *inc(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs, lb_value_t *results,
                       size_t nresults) {
  (void)data, (void)context, (void)nargs, (void)nresults;
  results[0].of.i32 = args[0].of.i32 + 1;
  return NULL;
}

static int32_t call_2(lb_func_t func, int32_t a, int32_t b) {
  lb_value_t args[2] = { LB_I32(a), LB_I32(b) }, result[1];
  check(lb_func_call(func, args, 2, result, 1));
  return result[0].of.i32;
}

static int32_t add(int32_t a, int32_t b) { return call_2(it.add, a, b); }
static int32_t echo(int32_t at, int32_t length) { return call_2(it.echo, at, length); }
static uint32_t kernel(int i, uint32_t size, uint32_t seed) { return (uint32_t)call_2(it.kernels[i], (int32_t)size, (int32_t)seed); }

static int32_t callbacks(int32_t n) {
  lb_value_t args[1] = { LB_I32(n) }, result[1];
  check(lb_func_call(it.callbacks, args, 1, result, 1));
  return result[0].of.i32;
}

static void write_bytes(int32_t at, const void *bytes, size_t length) { check(lb_memory_write(it.memory, (uint64_t)at, bytes, length)); }
static void read_bytes(int32_t at, void *bytes, size_t length) { check(lb_memory_read(it.memory, (uint64_t)at, bytes, length)); }

static void batch(const int32_t *xs, const int32_t *ys, int32_t *sums) {
  lb_column_t args[2] = { LB_COLUMN(LB_TYPE_I32, xs, ROWS), LB_COLUMN(LB_TYPE_I32, ys, ROWS) };
  lb_result_column_t result = LB_RESULT_COLUMN(LB_TYPE_I32, sums, ROWS);
  check(lb_func_map(it.add, args, 2, &result, 1, NULL));
}

static void instantiate(void) {
  lb_instance_t instance;
  check(lb_instance_new(it.module, &it.imports, &instance));
  check(lb_instance_close(instance));
}

static void load_cached(void) {
  lb_module_t module;
  check(lb_module_load_bytes(NULL, it.large.data, it.large.length, &module));
  check(lb_module_release(module));
}

static void load(void) {
  lb_module_t module;
  check(lb_module_load_bytes(&it.uncached, it.middle.data, it.middle.length, &module));
  check(lb_module_release(module));
}

static void setup(void) {
  bytes_t guest = bytes_of("guest"), work = bytes_of("kernels");
  lb_instance_t instance, worker;
  lb_module_t kernels_module;
  lb_engine_options_t options = LB_ENGINE_OPTIONS;
  options.cache = "off";
  check(lb_engine_new(&options, &it.uncached));
  it.large = bytes_of("large");
  it.middle = bytes_of("middle");
  check(lb_module_load_bytes(NULL, guest.data, guest.length, &it.module));
  check(lb_imports_new(&it.imports));
  check(lb_imports_func(it.imports, "env", "inc", inc, NULL, NULL));
  check(lb_instance_new(it.module, &it.imports, &instance));
  check(lb_instance_func(instance, "add", &it.add));
  check(lb_instance_func(instance, "callbacks", &it.callbacks));
  check(lb_instance_func(instance, "echo", &it.echo));
  check(lb_instance_memory(instance, "memory", &it.memory));
  check(lb_module_load_bytes(NULL, work.data, work.length, &kernels_module));
  check(lb_instance_new(kernels_module, NULL, &worker));
  for (int i = 0; i < kernel_count; i++) check(lb_instance_func(worker, kernels[i].name, &it.kernels[i]));
}

int main(int argc, char **argv) {
  arguments(argc, argv);
  setup();
  const host_t host = { add, callbacks, echo, write_bytes, read_bytes, batch, instantiate, load_cached, load, kernel };
  return serve(&host);
}
