// A program that was compiled with the header of an earlier version, and runs with the library of today. It uses what programs
// use, and all structs that know their size. It prints "abi: ok".

#include LANDBRIDGE_HEADER

#include <stdio.h>
#include <stdlib.h>

static void need(int is_right, const char *what, lb_error_t *error) {
  if (is_right && !error) return;
  fprintf(stderr, "abi: %s: %s\n", what, lb_error_message(error));
  exit(1);
}

#define GOOD(call) need(1, #call, call)
#define TRUE(what) need(what, #what, NULL)

static const char CALC[] =
    "(module (import \"host\" \"twice\" (func $twice (param i32) (result i32))) (memory (export \"memory\") 1 2)"
    " (func (export \"add\") (param i32 i32) (result i32) (call $twice (i32.add (local.get 0) (local.get 1))))"
    " (func (export \"trap\") unreachable))";

static const char ECHO[] =
    "(component (core module $m (func (export \"not\") (param i32) (result i32) (i32.eqz (local.get 0))))"
    " (core instance $i (instantiate $m))"
    " (func (export \"not\") (param \"it\" bool) (result bool) (canon lift (core func $i \"not\"))))";

static int drops;

static void drop(void *data) {
  (void)data;
  drops++;
}

static lb_error_t *twice(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs, lb_value_t *results,
                         size_t nresults) {
  (void)data, (void)context, (void)nargs, (void)nresults;
  results[0].type = LB_TYPE_I32;
  results[0].of.i32 = 2 * args[0].of.i32;
  return NULL;
}

static lb_error_t *take(void *data, const lb_wit_frame_t *frame) {
  lb_wit_reader_t reader;
  lb_wit_value_t value;
  lb_wit_reader_begin(data, frame, &reader);
  GOOD(lb_wit_read(&reader, &value));
  TRUE(value.sort == LB_WIT_SORT_BOOL && value.of.boolean && !reader.type);
  return NULL;
}

static void batches(lb_func_t add) {
  int32_t xs[2] = {1, 2}, ten = 10, sums[2];
  lb_column_t args[2] = {LB_COLUMN(LB_TYPE_I32, xs, 2), LB_REPEATED(LB_TYPE_I32, &ten)};
  lb_result_column_t result = LB_RESULT_COLUMN(LB_TYPE_I32, sums, 2);
  lb_batch_t batch = LB_BATCH;
  GOOD(lb_func_map(add, args, 2, &result, 1, &batch));
  TRUE(sums[0] == 22 && sums[1] == 24);
}

static void core_modules(void) {
  lb_engine_options_t options = LB_ENGINE_OPTIONS;
  lb_limits_t limits = LB_LIMITS;
  lb_usage_t usage = LB_USAGE;
  lb_sandbox_t sandbox = LB_SANDBOX;
  lb_engine_t engine;
  lb_module_t module;
  lb_imports_t imports;
  lb_instance_t calc;
  lb_func_t add;
  lb_memory_t memory;
  lb_memory_type_t type;
  lb_store_t store;
  lb_value_t args[2] = {LB_I32(2), LB_I32(3)}, result[1];
  GOOD(lb_engine_new(&options, &engine));
  GOOD(lb_module_load_text(&engine, CALC, &module));
  GOOD(lb_imports_new(&imports));
  GOOD(lb_imports_func(imports, "host", "twice", twice, NULL, drop));
  limits.memory_bytes = 1 << 20;
  sandbox.limits = &limits;
  GOOD(lb_instance_new_with(module, &imports, &sandbox, &calc));
  GOOD(lb_instance_func(calc, "add", &add));
  GOOD(lb_func_call(add, args, 2, result, 1));
  TRUE(result[0].type == LB_TYPE_I32 && result[0].of.i32 == 10);
  batches(add);
  GOOD(lb_instance_memory(calc, "memory", &memory));
  GOOD(lb_memory_type(memory, &type));
  TRUE(type.min == 1 && type.max == 2 && !type.is_64);
  GOOD(lb_instance_store(calc, &store));
  GOOD(lb_store_usage(store, &usage));
  TRUE(usage.size == sizeof usage && usage.memory_bytes == 65536);
  lb_error_t *error = lb_instance_call(calc, "trap", NULL, 0, NULL, 0);
  TRUE(lb_error_kind(error) == LB_KIND_TRAP && lb_error_trap_code(error) == LB_TRAP_UNREACHABLE);
  TRUE(lb_error_frame(error, 0)->func_index == 2);
  lb_error_free(error);
  GOOD(lb_func_release(add));
  GOOD(lb_memory_release(memory));
  GOOD(lb_store_release(store));
  GOOD(lb_instance_close(calc));
  GOOD(lb_imports_release(imports));
  TRUE(drops == 1);
  GOOD(lb_module_release(module));
  GOOD(lb_engine_release(engine));
}

static void pools(void) {
  lb_pool_options_t options = LB_POOL_OPTIONS;
  lb_pool_counts_t counts = LB_POOL_COUNTS;
  lb_module_t module;
  lb_pool_t pool;
  GOOD(lb_module_load_text(NULL, "(module (func (export \"f\")))", &module));
  options.max = 2;
  GOOD(lb_pool_new(module, NULL, NULL, &options, &pool));
  GOOD(lb_pool_call(pool, "f", NULL, 0, NULL, 0));
  GOOD(lb_pool_counts(pool, &counts));
  TRUE(counts.served == 1);
  GOOD(lb_pool_close(pool));
  GOOD(lb_pool_release(pool));
  GOOD(lb_module_release(module));
}

static void components(void) {
  lb_module_t module;
  lb_instance_t instance;
  lb_wit_func_t not;
  lb_wit_func_type_t type;
  lb_wit_value_t args[1] = {LB_WIT_BOOL(true)};
  lb_wit_result_t result;
  const lb_wit_world_t *world;
  GOOD(lb_module_load_text(NULL, ECHO, &module));
  GOOD(lb_module_wit_world(module, &world));
  TRUE(world->nexports == 1 && world->exports[0].nfuncs == 1 && world->exports[0].funcs[0].type.nparams == 1);
  GOOD(lb_instance_new(module, NULL, &instance));
  GOOD(lb_instance_wit_func(instance, "not", &not));
  GOOD(lb_wit_func_call(not, args, 1, &result));
  TRUE(result.value->sort == LB_WIT_SORT_BOOL && !result.value->of.boolean);
  GOOD(lb_wit_result_release(result));
  GOOD(lb_wit_func_type(not, &type));
  lb_wit_sink_t sink = LB_WIT_SINK;
  sink.data = (void *)type.result;
  sink.result = take;
  uint8_t bits = 0;
  lb_wit_frame_t frame = {&bits, 1, NULL, 0, NULL, 0};
  GOOD(lb_wit_func_call_frame(not, &frame, &sink));
  lb_wit_wrong_t wrong = LB_WIT_WRONG;
  wrong.sort = LB_WIT_WRONG_OTHER;
  wrong.expected = "string";
  wrong.given = "int";
  lb_error_t *error = lb_wit_wrong("args[0]", &wrong);
  TRUE(lb_error_kind(error) == LB_KIND_TYPE);
  lb_error_free(error);
  GOOD(lb_wit_func_release(not));
  GOOD(lb_instance_close(instance));
  GOOD(lb_module_release(module));
}

static size_t entered;

static size_t enter(void *data) {
  ++*(size_t *)data;
  return 0;
}

static void host(void) {
  lb_host_t host = LB_HOST;
  host.data = &entered;
  host.coroutine = enter;
  GOOD(lb_host_install(&host));
}

int main(void) {
  GOOD(lb_check_version());
  host();
  core_modules();
  TRUE(entered > 0);
  pools();
  components();
  puts("abi: ok");
  return 0;
}
