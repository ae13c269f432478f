// The C driver of the bench; see ../README.md.

#include <landbridge.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MIB (1u << 20)

static struct {
  uint8_t *large;
  size_t large_length;
  lb_module_t module;
  lb_imports_t imports;
  lb_instance_t instance;
  const char *large_path;
  lb_func_t add_i32, add_i64, add_f64, callbacks;
  lb_func_t own_adds[8];
  // What a case measured itself, in place of the time that its loop took.
  long long took;
  lb_memory_t memory;
  lb_pool_t pool;
  char *bytes;
} b;

static void check(lb_error_t *error) {
  if (!error) return;
  fprintf(stderr, "%s: %s\n", lb_error_kind_name(error), lb_error_message(error));
  exit(1);
}

#include "threads.h"

static lb_error_t *inc(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                       lb_value_t *results, size_t nresults) {
  (void)data, (void)context, (void)nargs, (void)nresults;
  results[0].of.i32 = args[0].of.i32 + 1;
  return NULL;
}

static const lb_frame_t *volatile none;

static void empty(long n) {
  for (long i = 0; i < n; i++) none = lb_error_frame(NULL, (size_t)i);
}

static void add(lb_func_t func, const lb_value_t args[2], long n) {
  lb_value_t result[1];
  for (long i = 0; i < n; i++) check(lb_func_call(func, args, 2, result, 1));
}

static void add_i32(long n) { add(b.add_i32, (lb_value_t[]){ LB_I32(2), LB_I32(3) }, n); }
static void add_i64(long n) { add(b.add_i64, (lb_value_t[]){ LB_I64(2), LB_I64(3) }, n); }
static void add_f64(long n) { add(b.add_f64, (lb_value_t[]){ LB_F64(2), LB_F64(3) }, n); }

static void by_name(long n) {
  lb_value_t args[2] = { LB_I32(2), LB_I32(3) }, result[1];
  for (long i = 0; i < n; i++) check(lb_instance_call(b.instance, "add_i32", args, 2, result, 1));
}

#define ROWS 1000000
static int32_t columns_i32[3][ROWS];
static double columns_f64[3][ROWS];

static void map(lb_func_t func, lb_type_t type, const void *x, const void *y, void *out, size_t rows, long n) {
  const lb_column_t args[2] = { LB_COLUMN(type, x, rows), LB_COLUMN(type, y, rows) };
  const lb_result_column_t result = LB_RESULT_COLUMN(type, out, rows);
  for (long i = 0; i < n; i++) check(lb_func_map(func, args, 2, &result, 1, NULL));
}

static void map_i32(size_t rows, long n) {
  map(b.add_i32, LB_TYPE_I32, columns_i32[0], columns_i32[1], columns_i32[2], rows, n);
}

static void map_f64(size_t rows, long n) {
  map(b.add_f64, LB_TYPE_F64, columns_f64[0], columns_f64[1], columns_f64[2], rows, n);
}

static void map_i32_1e5(long n) { map_i32(100000, n); }
static void map_f64_1e5(long n) { map_f64(100000, n); }
static void map_i32_1e6(long n) { map_i32(ROWS, n); }
static void map_f64_1e6(long n) { map_f64(ROWS, n); }

static void callback(long n) {
  lb_value_t args[1] = { LB_I32((int32_t)n) }, result[1];
  check(lb_func_call(b.callbacks, args, 1, result, 1));
}

static void instantiate(long n) {
  for (long i = 0; i < n; i++) {
    lb_instance_t instance;
    check(lb_instance_new(b.module, &b.imports, &instance));
    check(lb_instance_close(instance));
  }
}

// An instance with data, taken from a pool with slots and given back.
static void instantiate_pooled(long n) {
  for (long i = 0; i < n; i++) {
    lb_instance_t instance;
    check(lb_pool_get(b.pool, &instance));
    check(lb_instance_close(instance));
  }
}

static void load(long n) {
  for (long i = 0; i < n; i++) {
    lb_module_t module;
    check(lb_module_load_bytes(NULL, b.large, b.large_length, &module));
    check(lb_module_release(module));
  }
}

static void load_path(long n) {
  for (long i = 0; i < n; i++) {
    lb_module_t module;
    check(lb_module_load_file(NULL, b.large_path, &module));
    check(lb_module_release(module));
  }
}

static void copy_64(long n) {
  for (long i = 0; i < n; i++) {
    check(lb_memory_write(b.memory, 0, b.bytes, 64));
    check(lb_memory_read(b.memory, 0, b.bytes, 64));
  }
}

static void write_1mib(long n) {
  for (long i = 0; i < n; i++) check(lb_memory_write(b.memory, 0, b.bytes, MIB));
}

static void read_1mib(long n) {
  for (long i = 0; i < n; i++) check(lb_memory_read(b.memory, 0, b.bytes, MIB));
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

#define THREADS(count)                                                                           \
  static void separate_##count(long n) { b.took = separate(b.own_adds, count, n); }              \
  static void one_store_##count(long n) { b.took = together(b.add_i32, count, n, NULL); }        \
  static void mutex_##count(long n) { b.took = together(b.add_i32, count, n, &mutex); }
THREADS(1)
THREADS(2)
THREADS(4)
THREADS(8)
#define CASES_OF_THREADS(count) \
  { "separate_" #count, separate_##count }, { "one_store_" #count, one_store_##count }, { "mutex_" #count, mutex_##count }

static const struct {
  const char *name;
  void (*run)(long n);
} cases[] = {
  { "empty", empty },           { "add_i32", add_i32 },       { "add_i64", add_i64 },
  { "add_f64", add_f64 },       { "by_name", by_name },       { "callback", callback },
  { "instantiate", instantiate }, { "load", load },           { "write_1mib", write_1mib },
  { "instantiate_pooled", instantiate_pooled },
  { "read_1mib", read_1mib },   { "load_path", load_path },   { "copy_64", copy_64 },
  { "map_i32_1e5", map_i32_1e5 }, { "map_f64_1e5", map_f64_1e5 },
  { "map_i32_1e6", map_i32_1e6 }, { "map_f64_1e6", map_f64_1e6 },
  CASES_OF_THREADS(1), CASES_OF_THREADS(2), CASES_OF_THREADS(4), CASES_OF_THREADS(8),
};
#define CASES (sizeof cases / sizeof *cases)

/* The bytes of a file of at most 2 MiB. */
static uint8_t *contents(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  if (!file) {
    perror(path);
    exit(1);
  }
  uint8_t *bytes = malloc(2 * MIB);
  *length = fread(bytes, 1, 2 * MIB, file);
  fclose(file);
  return bytes;
}

static void setup(const char *path, const char *large) {
  size_t length;
  const uint8_t *source = contents(path, &length);
  b.large_path = large;
  b.large = contents(large, &b.large_length);
  b.bytes = calloc(1, MIB);
  check(lb_module_load_bytes(NULL, source, length, &b.module));
  check(lb_imports_new(&b.imports));
  check(lb_imports_func(b.imports, "env", "inc", inc, NULL, NULL));
  check(lb_instance_new(b.module, &b.imports, &b.instance));
  check(lb_instance_func(b.instance, "add_i32", &b.add_i32));
  check(lb_instance_func(b.instance, "add_i64", &b.add_i64));
  check(lb_instance_func(b.instance, "add_f64", &b.add_f64));
  check(lb_instance_func(b.instance, "callbacks", &b.callbacks));
  check(lb_instance_memory(b.instance, "memory", &b.memory));
  for (int i = 0; i < ROWS; i++) {
    columns_i32[0][i] = columns_i32[1][i] = i;
    columns_f64[0][i] = columns_f64[1][i] = i;
  }
  for (int i = 0; i < 8; i++) {
    lb_instance_t own;
    check(lb_instance_new(b.module, &b.imports, &own));
    check(lb_instance_func(own, "add_i32", &b.own_adds[i]));
  }
}

// A pool with slots, of the module that stands beside the one at `path`.
static void setup_pool(const char *path) {
  lb_engine_options_t options = LB_ENGINE_OPTIONS;
  lb_engine_t engine;
  lb_module_t module;
  char data[4096];
  options.pool_slots = 8;
  const char *slash = strrchr(path, '/');
  snprintf(data, sizeof data, "%.*sdata.wat", slash ? (int)(slash + 1 - path) : 0, path);
  check(lb_engine_new(&options, &engine));
  check(lb_module_load_file(&engine, data, &module));
  check(lb_pool_new(module, NULL, NULL, NULL, &b.pool));
}

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "usage: %s BENCH_WAT LARGE_WASM\n", argv[0]);
    return 2;
  }
  setup(argv[1], argv[2]);
  setup_pool(argv[1]);
  for (size_t i = 0; i < CASES; i++) cases[i].run(10);
  fputs("ready", stdout);
  for (size_t i = 0; i < CASES; i++) printf(" %s", cases[i].name);
  puts("");
  fflush(stdout);
  char name[32];
  long n;
  while (scanf("%31s %ld", name, &n) == 2) {
    size_t i = 0;
    while (i < CASES && strcmp(cases[i].name, name)) i++;
    if (i == CASES) {
      fprintf(stderr, "no case is named %s\n", name);
      return 1;
    }
    b.took = -1;
    long long start = now();
    cases[i].run(n);
    printf("%lld\n", b.took >= 0 ? b.took : now() - start);
    fflush(stdout);
  }
  return 0;
}
