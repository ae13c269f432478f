// The driver of wasmtime's own C API for modules, a peer; see ../README.md. With -DUNCHECKED calls and host functions are those
// that check no types. The wheel that the library comes from has no headers: what is used of them stands here.

#include <stdbool.h>

#include "serve.h"

typedef struct { uint64_t store; void *rest; } func_t;
typedef struct { uint64_t store; size_t rest; } instance_t;
typedef struct { uint8_t kind; union { func_t func; uint64_t room[4]; } of; } extern_t;
typedef struct { uint8_t kind; union { int32_t i32; uint64_t room[3]; } of; } val_t;
typedef union { int32_t i32; uint64_t v128[2]; } raw_t;
typedef struct { size_t size; void *data; } vec_t;
typedef void *(*called_t)(void *data, void *caller, const val_t *args, size_t nargs, val_t *results, size_t nresults);
typedef void *(*called_raw_t)(void *data, void *caller, raw_t *slots, size_t nslots);

void *wasm_engine_new(void);
void *wasm_valtype_new(uint8_t kind);
void wasm_valtype_vec_new(vec_t *out, size_t size, void *const *types);
void *wasm_functype_new(vec_t *params, vec_t *results);
void *wasmtime_module_new(void *engine, const uint8_t *bytes, size_t length, void **module);
void wasmtime_module_delete(void *module);
void *wasmtime_module_serialize(void *module, vec_t *bytes);
void *wasmtime_module_deserialize_file(void *engine, const char *path, void **module);
void *wasmtime_store_new(void *engine, void *data, void (*end)(void *));
void wasmtime_store_delete(void *store);
void *wasmtime_store_context(void *store);
void *wasmtime_linker_new(void *engine);
void *wasmtime_linker_define_func(void *linker, const char *module, size_t m, const char *name, size_t n, void *type, called_t called,
                                  void *data, void (*end)(void *));
void *wasmtime_linker_define_func_unchecked(void *linker, const char *module, size_t m, const char *name, size_t n, void *type,
                                            called_raw_t called, void *data, void (*end)(void *));
void *wasmtime_linker_instantiate_pre(void *linker, void *module, void **pre);
void *wasmtime_instance_pre_instantiate(void *pre, void *context, instance_t *instance, void **trap);
bool wasmtime_instance_export_get(void *context, const instance_t *instance, const char *name, size_t length, extern_t *item);
void *wasmtime_func_call(void *context, const func_t *func, const val_t *args, size_t nargs, val_t *results, size_t nresults, void **trap);
void *wasmtime_func_call_unchecked(void *context, const func_t *func, raw_t *slots, size_t nslots, void **trap);
uint8_t *wasmtime_memory_data(void *context, const void *memory);

static struct {
  void *engine, *context, *pre;
  func_t add, callbacks, echo, kernels[16];
  extern_t memory;
  bytes_t middle;
  char code[1024];
} it;

static void check(void *error, void *trap) {
  if (!error && !trap) return;
  fputs("wasmtime returned an error\n", stderr);
  exit(1);
}

static int32_t call(const func_t *func, const int32_t *given, size_t count) {
  void *trap = NULL;
#ifdef UNCHECKED
  raw_t slots[2];
  for (size_t i = 0; i < count; i++) slots[i].i32 = given[i];
  check(wasmtime_func_call_unchecked(it.context, func, slots, 2, &trap), trap);
  return slots[0].i32;
#else
  val_t args[2], result[1];
  for (size_t i = 0; i < count; i++) args[i].kind = 0, args[i].of.i32 = given[i];
  check(wasmtime_func_call(it.context, func, args, count, result, 1, &trap), trap);
  return result[0].of.i32;
#endif
}

static int32_t add(int32_t a, int32_t b) { return call(&it.add, (int32_t[]){ a, b }, 2); }
static int32_t echo(int32_t at, int32_t length) { return call(&it.echo, (int32_t[]){ at, length }, 2); }
static int32_t callbacks(int32_t n) { return call(&it.callbacks, &n, 1); }
static uint32_t kernel(int i, uint32_t size, uint32_t seed) {
  return (uint32_t)call(&it.kernels[i], (int32_t[]){ (int32_t)size, (int32_t)seed }, 2);
}

static uint8_t *memory(void) { return wasmtime_memory_data(it.context, &it.memory.of); }
static void write_bytes(int32_t at, const void *bytes, size_t length) { memcpy(memory() + at, bytes, length); }
static void read_bytes(int32_t at, void *bytes, size_t length) { memcpy(bytes, memory() + at, length); }

static void batch(const int32_t *xs, const int32_t *ys, int32_t *sums) {
  for (int row = 0; row < ROWS; row++) sums[row] = add(xs[row], ys[row]);
}

static instance_t instance_in(void *pre, void *context) {
  instance_t instance;
  void *trap = NULL;
  check(wasmtime_instance_pre_instantiate(pre, context, &instance, &trap), trap);
  return instance;
}

static void instantiate(void) {
  void *store = wasmtime_store_new(it.engine, NULL, NULL);
  instance_in(it.pre, wasmtime_store_context(store));
  wasmtime_store_delete(store);
}

static void load_cached(void) {
  void *module;
  check(wasmtime_module_deserialize_file(it.engine, it.code, &module), NULL);
  wasmtime_module_delete(module);
}

static void *compiled(bytes_t bytes) {
  void *module;
  check(wasmtime_module_new(it.engine, bytes.data, bytes.length, &module), NULL);
  return module;
}

static void load(void) { wasmtime_module_delete(compiled(it.middle)); }

#ifdef UNCHECKED
static void *inc(void *data, void *caller, raw_t *slots, size_t nslots) {
  (void)data, (void)caller, (void)nslots;
  slots[0].i32++;
  return NULL;
}
#define DEFINE wasmtime_linker_define_func_unchecked
#else
static void *inc(void *data, void *caller, const val_t *args, size_t nargs, val_t *results, size_t nresults) {
  (void)data, (void)caller, (void)nargs, (void)nresults;
  results[0].kind = 0;
  results[0].of.i32 = args[0].of.i32 + 1;
  return NULL;
}
#define DEFINE wasmtime_linker_define_func
#endif

static extern_t export_of(const instance_t *instance, const char *name) {
  extern_t item;
  if (!wasmtime_instance_export_get(it.context, instance, name, strlen(name), &item)) check(&item, NULL);
  return item;
}

/* Code of the large module in a file, as a program would keep it. */
static void keep_code(void) {
  vec_t code;
  check(wasmtime_module_serialize(compiled(bytes_of("large")), &code), NULL);
  snprintf(it.code, sizeof it.code, "%s/large.wasmtime-c", folder);
  FILE *file = fopen(it.code, "wb");
  if (!file || fwrite(code.data, 1, code.size, file) != code.size || fclose(file)) check(it.code, NULL);
}

static void setup(void) {
  it.engine = wasm_engine_new();
  it.context = wasmtime_store_context(wasmtime_store_new(it.engine, NULL, NULL));
  it.middle = bytes_of("middle");
  keep_code();
  vec_t params, results;
  wasm_valtype_vec_new(&params, 1, (void *[]){ wasm_valtype_new(0) });
  wasm_valtype_vec_new(&results, 1, (void *[]){ wasm_valtype_new(0) });
  void *linker = wasmtime_linker_new(it.engine), *work;
  check(DEFINE(linker, "env", 3, "inc", 3, wasm_functype_new(&params, &results), inc, NULL, NULL), NULL);
  check(wasmtime_linker_instantiate_pre(linker, compiled(bytes_of("guest")), &it.pre), NULL);
  instance_t guest = instance_in(it.pre, it.context);
  it.add = export_of(&guest, "add").of.func;
  it.callbacks = export_of(&guest, "callbacks").of.func;
  it.echo = export_of(&guest, "echo").of.func;
  it.memory = export_of(&guest, "memory");
  check(wasmtime_linker_instantiate_pre(linker, compiled(bytes_of("kernels")), &work), NULL);
  instance_t worker = instance_in(work, it.context);
  for (int i = 0; i < kernel_count; i++) it.kernels[i] = export_of(&worker, kernels[i].name).of.func;
}

int main(int argc, char **argv) {
  arguments(argc, argv);
  setup();
  const host_t host = { add, callbacks, echo, write_bytes, read_bytes, batch, instantiate, load_cached, load, kernel };
  return serve(&host);
}
