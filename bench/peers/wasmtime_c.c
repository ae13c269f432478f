// The driver of wasmtime's C API for components, a peer; the protocol is in ../README.md. Arguments are made anew for
// each call, as a program has to that does not have them as values of this API.

#include "wasmtime_c.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MIB (1u << 20)
#define FLOATS 100000
#define MANY 10000
#define TEXT "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct {
  wasmtime_context_t *context;
  instance_t instance;
  export_index_t *calls;
  uint8_t *bytes;
  double *floats;
  char texts[MANY][32], names[MANY][16];
} b;

static void check(wasmtime_error_t *error) {
  if (!error) return;
  name_t message;
  wasmtime_error_message(error, &message);
  fprintf(stderr, "%.*s\n", (int)message.size, message.data);
  exit(1);
}

static name_t name(const char *text) {
  name_t it;
  wasm_byte_vec_new(&it, strlen(text), text);
  return it;
}

static void put_text(val_t *to, const char *text) {
  to->it.kind = STRING;
  to->it.of.string = name(text);
}

static void put_u32(val_t *to, uint32_t number) {
  to->it.kind = U32;
  to->it.of.u32 = number;
}

static void put_f64(val_t *to, double number) {
  to->it.kind = F64;
  to->it.of.f64 = number;
}

static val_t *put_list(val_t *to, size_t size) {
  to->it.kind = LIST;
  wasmtime_component_vallist_new_uninit(&to->it.of.list, size);
  return to->it.of.list.data;
}

static entry_t *put_record(val_t *to, size_t size, const char *const names[]) {
  to->it.kind = RECORD;
  wasmtime_component_valrecord_new_uninit(&to->it.of.record, size);
  for (size_t i = 0; i < size; i++) to->it.of.record.data[i].name = name(names[i]);
  return to->it.of.record.data;
}

static size_t make_noop(val_t *args) { return (void)args, 0; }
static size_t make_add(val_t *args) { return put_u32(args, 2), put_u32(args + 1, 3), 2; }
static size_t make_text(val_t *args) { return put_text(args, TEXT), 1; }
static size_t make_mib(val_t *args) { return put_u32(args, MIB), 1; }
static size_t make_count(val_t *args) { return put_u32(args, FLOATS), 1; }

static size_t make_bytes(val_t *args) {
  val_t *to = put_list(args, MIB);
  for (size_t i = 0; i < MIB; i++) {
    to[i].it.kind = U8;
    to[i].it.of.u8 = b.bytes[i];
  }
  return 1;
}

static size_t make_floats(val_t *args) {
  val_t *to = put_list(args, FLOATS);
  for (size_t i = 0; i < FLOATS; i++) put_f64(to + i, b.floats[i]);
  return 1;
}

static size_t make_texts(val_t *args) {
  val_t *to = put_list(args, MANY);
  for (size_t i = 0; i < MANY; i++) put_text(to + i, b.texts[i]);
  return 1;
}

static size_t make_pairs(val_t *args) {
  static const char *const names[] = { "id", "name" };
  val_t *to = put_list(args, MANY);
  for (size_t i = 0; i < MANY; i++) {
    entry_t *fields = put_record(to + i, 2, names);
    put_u32(&fields[0].val, (uint32_t)i);
    put_text(&fields[1].val, b.names[i]);
  }
  return 1;
}

static size_t make_points(val_t *args) {
  static const char *const names[] = { "x", "y", "z" };
  val_t *to = put_list(args, MANY);
  for (size_t i = 0; i < MANY; i++) {
    entry_t *fields = put_record(to + i, 3, names);
    put_f64(&fields[0].val, (double)i);
    put_f64(&fields[1].val, 2);
    put_f64(&fields[2].val, 3);
  }
  return 1;
}

static size_t make_ten(val_t *args) {
  static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g", "h", "i", "j" };
  entry_t *to = put_record(args, 10, names);
  put_u32(&to[0].val, 1);
  put_text(&to[1].val, "a name");
  put_f64(&to[2].val, 4);
  to[3].val.it = (val_parts_t){ BOOL, { .boolean = true } };
  to[4].val.it = (val_parts_t){ U64, { .u64 = 2 } };
  to[5].val.it = (val_parts_t){ S32, { .s32 = -3 } };
  put_text(&to[6].val, "something longer than a name");
  to[7].val.it = (val_parts_t){ U8, { .u8 = 8 } };
  to[8].val.it = (val_parts_t){ F32, { .f32 = 5 } };
  to[9].val.it = (val_parts_t){ S64, { .s64 = -6 } };
  return 1;
}

static size_t make_shape(val_t *args) {
  val_t held;
  put_f64(&held, 1.5);
  args->it.kind = VARIANT;
  args->it.of.variant.name = name("circle");
  args->it.of.variant.val = wasmtime_component_val_new(&held);
  return 1;
}

static size_t make_outcome(val_t *args) {
  val_t held;
  put_text(&held, TEXT);
  args->it.kind = RESULT;
  args->it.of.result.is_ok = true;
  args->it.of.result.val = wasmtime_component_val_new(&held);
  return 1;
}

typedef struct {
  const char *name;
  size_t (*make)(val_t *args);
  size_t results;
} case_t;

static const case_t cases[] = {
  { "noop", make_noop, 0 },        { "add", make_add, 1 },       { "text", make_text, 1 },
  { "bytes-in", make_bytes, 1 },   { "bytes-out", make_mib, 1 }, { "floats-in", make_floats, 1 },
  { "floats-out", make_count, 1 }, { "texts", make_texts, 1 },   { "ten", make_ten, 1 },
  { "pairs", make_pairs, 1 },      { "points", make_points, 1 }, { "shape", make_shape, 1 },
  { "outcome", make_outcome, 1 },  { "host-noop", NULL, 0 },     { "host-add", NULL, 1 },
  { "host-text", NULL, 0 },        { "host-bytes-in", NULL, 0 },
};
#define CASES (sizeof cases / sizeof *cases)
static func_t funcs[CASES];

static void call(const case_t *it, val_t *args, size_t count) {
  val_t result = { { BOOL, { .boolean = false } } };
  check(wasmtime_component_func_call(&funcs[it - cases], b.context, args, count, &result, it->results));
  if (it->results) wasmtime_component_val_delete(&result);
  for (size_t i = 0; i < count; i++) wasmtime_component_val_delete(args + i);
}

static void run(const case_t *it, long n) {
  val_t args[2];
  if (it->make) {
    for (long i = 0; i < n; i++) call(it, args, it->make(args));
    return;
  }
  put_u32(args, (uint32_t)n);
  if (!strcmp(it->name, "host-text")) put_text(args + 1, TEXT);
  if (!strcmp(it->name, "host-bytes-in")) put_u32(args + 1, MIB);
  call(it, args, !strcmp(it->name, "host-text") || !strcmp(it->name, "host-bytes-in") ? 2 : 1);
}

#define HOST(function)                                                                                        \
  static wasmtime_error_t *function(void *data, wasmtime_context_t *context, const func_type_t *type, val_t *args, \
                                    size_t nargs, val_t *results, size_t nresults)
#define UNUSED (void)data, (void)context, (void)type, (void)args, (void)nargs, (void)results, (void)nresults

HOST(host_noop) { return UNUSED, NULL; }

HOST(host_add) {
  UNUSED;
  put_u32(results, args[0].it.of.u32 + args[1].it.of.u32);
  return NULL;
}

HOST(host_text) {
  UNUSED;
  wasmtime_component_val_clone(args, results);
  return NULL;
}

HOST(host_bytes_in) {
  UNUSED;
  put_u32(results, (uint32_t)args[0].it.of.list.size);
  return NULL;
}

static void lend(linker_instance_t *host, const char *name, callback_t function) {
  check(wasmtime_component_linker_instance_add_func(host, name, strlen(name), function, NULL, NULL));
}

static linker_t *linker(const wasm_engine_t *engine) {
  linker_t *linker = wasmtime_component_linker_new(engine);
  linker_instance_t *root = wasmtime_component_linker_root(linker), *host;
  const char *name = "landbridge:bench/host@1.0.0";
  check(wasmtime_component_linker_instance_add_instance(root, name, strlen(name), &host));
  lend(host, "noop", host_noop);
  lend(host, "add", host_add);
  lend(host, "text", host_text);
  lend(host, "bytes-in", host_bytes_in);
  wasmtime_component_linker_instance_delete(host);
  wasmtime_component_linker_instance_delete(root);
  return linker;
}

static void setup(const char *path) {
  FILE *file = fopen(path, "rb");
  if (!file) {
    perror(path);
    exit(1);
  }
  uint8_t *source = malloc(MIB);
  size_t length = fread(source, 1, MIB, file);
  fclose(file);
  wasm_config_t *config = wasm_config_new();
  wasmtime_config_epoch_interruption_set(config, true);
  wasm_engine_t *engine = wasm_engine_new_with_config(config);
  component_t *component;
  check(wasmtime_component_new(engine, source, length, &component));
  b.context = wasmtime_store_context(wasmtime_store_new(engine, NULL, NULL));
  wasmtime_context_set_epoch_deadline(b.context, 1ull << 40);
  check(wasmtime_component_linker_instantiate(linker(engine), b.context, component, &b.instance));
  const char *calls = "landbridge:bench/calls@1.0.0";
  b.calls = wasmtime_component_instance_get_export_index(&b.instance, b.context, NULL, calls, strlen(calls));
}

static void resolve(const case_t *it) {
  export_index_t *index =
    wasmtime_component_instance_get_export_index(&b.instance, b.context, b.calls, it->name, strlen(it->name));
  if (!index || !wasmtime_component_instance_get_func(&b.instance, b.context, index, &funcs[it - cases])) {
    fprintf(stderr, "there is no function %s\n", it->name);
    exit(1);
  }
}

static void make_data(void) {
  b.bytes = malloc(MIB);
  memset(b.bytes, 7, MIB);
  b.floats = malloc(FLOATS * sizeof *b.floats);
  for (size_t i = 0; i < FLOATS; i++) b.floats[i] = (double)i;
  for (size_t i = 0; i < MANY; i++) {
    snprintf(b.texts[i], sizeof b.texts[i], "string number %zu", i);
    snprintf(b.names[i], sizeof b.names[i], "name %zu", i);
  }
}

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: %s COMPONENT_WASM\n", argv[0]);
    return 2;
  }
  setup(argv[1]);
  make_data();
  printf("ready");
  for (size_t i = 0; i < CASES; i++) {
    resolve(cases + i);
    run(cases + i, 2);
    printf(" %s", cases[i].name);
  }
  puts("");
  fflush(stdout);
  char text[32];
  long n;
  while (scanf("%31s %ld", text, &n) == 2) {
    size_t i = 0;
    while (i < CASES && strcmp(cases[i].name, text)) i++;
    if (i == CASES) {
      fprintf(stderr, "no case is named %s\n", text);
      return 1;
    }
    long long start = now();
    run(cases + i, n);
    printf("%lld\n", now() - start);
    fflush(stdout);
  }
  return 0;
}
