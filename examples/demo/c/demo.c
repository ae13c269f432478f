// Loads modules that others wrote, lets them work on real bytes, and prints one line for each call:
// host, module, call, result, digest, milliseconds. Every host has this program.

#define _POSIX_C_SOURCE 199309L

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <landbridge.h>

enum { PAGE = 65536, PATH = 4096 };

// Bytes that grow.
typedef struct {
  uint8_t *data;
  size_t length, room;
} bytes_t;

static const char *examples;
static bytes_t input;

// A demo has no use for errors but to show them.
static void check(lb_error_t *error) {
  if (!error) return;
  fprintf(stderr, "%s: %s\n", lb_error_kind_name(error), lb_error_message(error));
  lb_error_free(error);
  exit(1);
}

// ---- Bytes --------------------------------------------------------------------------------------

// Makes room for more bytes at the end and says where.
static uint8_t *extend(bytes_t *bytes, size_t length) {
  if (bytes->room - bytes->length < length) {
    bytes->room = 2 * bytes->room + length;
    bytes->data = realloc(bytes->data, bytes->room);
    if (!bytes->data) abort();
  }
  bytes->length += length;
  return bytes->data + bytes->length - length;
}

static void append(bytes_t *bytes, const void *data, size_t length) {
  memcpy(extend(bytes, length), data, length);
}

static const char *path_of(const char *name) {
  static char path[PATH];
  snprintf(path, sizeof path, "%s/%s", examples, name);
  return path;
}

static bytes_t file(const char *name) {
  bytes_t bytes = {0};
  FILE *in = fopen(path_of(name), "rb");
  if (!in) {
    perror(path_of(name));
    exit(1);
  }
  size_t got;
  do {
    got = fread(extend(&bytes, PAGE), 1, PAGE, in);
    bytes.length -= PAGE - got;
  } while (got > 0);
  fclose(in);
  return bytes;
}

// FNV-1a, 64 bits.
static uint64_t digest(const void *data, size_t length) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const uint8_t *byte = data; length > 0; length--) hash = (hash ^ *byte++) * 0x100000001b3;
  return hash;
}

static double now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void line(const char *module, const char *call, const char *result, const void *output, size_t length, double ms) {
  printf("c\t%s\t%s\t%s\t%016" PRIx64 "\t%.2f\n", module, call, result, digest(output, length), ms);
}

// ---- Guests -------------------------------------------------------------------------------------

// A guest with what is asked of it most.
typedef struct {
  lb_instance_t instance;
  lb_memory_t memory;
} guest_t;

static guest_t load(const char *name, const char *memory, const lb_imports_t *imports) {
  lb_module_t module;
  guest_t guest;
  check(lb_module_load_file(NULL, path_of(name), &module));
  check(lb_instance_new(module, imports, &guest.instance));
  check(lb_instance_memory(guest.instance, memory, &guest.memory));
  check(lb_module_release(module));
  return guest;
}

static void done(guest_t guest) {
  check(lb_memory_release(guest.memory));
  check(lb_instance_close(guest.instance));
}

// Calls a function that gives one result, and says how long it took.
static lb_value_t timed(guest_t guest, const char *name, const lb_value_t *args, size_t nargs, double *ms) {
  lb_value_t result;
  double start = now_ms();
  check(lb_instance_call(guest.instance, name, args, nargs, &result, 1));
  *ms = now_ms() - start;
  return result;
}

static uint32_t room(guest_t guest, const char *alloc, size_t length) {
  lb_value_t arg = lb_i32((int32_t)length), address;
  check(lb_instance_call(guest.instance, alloc, &arg, 1, &address, 1));
  return (uint32_t)address.of.i32;
}

// Puts bytes into a guest, in room made by its own allocator, and gives their address.
static uint32_t put(guest_t guest, const char *alloc, bytes_t bytes) {
  uint32_t address = room(guest, alloc, bytes.length);
  check(lb_memory_write(guest.memory, address, bytes.data, bytes.length));
  return address;
}

// A line for a call whose output is in the guest's memory, which is looked at in place.
static void line_of_memory(guest_t guest, const char *module, const char *call, const char *result, uint32_t at, uint32_t length, double ms) {
  lb_view_t view;
  check(lb_memory_view(guest.memory, &view));
  if (at > view.length || length > view.length - at) {
    fprintf(stderr, "%s: the output is outside of the memory\n", call);
    exit(1);
  }
  line(module, call, result, view.data + at, length, ms);
  check(lb_view_release(view));
}

// A line for a call that gives the length of its output.
static uint32_t line_of_length(guest_t guest, const char *module, const char *call, const lb_value_t *args, size_t nargs, uint32_t out) {
  char text[24];
  double ms;
  int32_t length = timed(guest, call, args, nargs, &ms).of.i32;
  snprintf(text, sizeof text, "%" PRId32, length);
  line_of_memory(guest, module, call, text, out, (uint32_t)length, ms);
  return (uint32_t)length;
}

// A line for a call whose result is all there is; numbers are little-endian here.
static lb_value_t line_of_result(guest_t guest, const char *module, const char *call, const lb_value_t *args, size_t nargs) {
  char text[32];
  double ms;
  lb_value_t result = timed(guest, call, args, nargs, &ms);
  switch (result.type) {
    case LB_TYPE_I32: snprintf(text, sizeof text, "%" PRId32, result.of.i32); break;
    case LB_TYPE_I64: snprintf(text, sizeof text, "%" PRId64, result.of.i64); break;
    default: snprintf(text, sizeof text, "%.6f", result.of.f64);
  }
  line(module, call, text, &result.of, result.type == LB_TYPE_I32 ? 4 : 8, ms);
  return result;
}

// ---- The work -----------------------------------------------------------------------------------

static void sha256(void) {
  guest_t guest = load("guests/sha256.wasm", "memory", NULL);
  uint32_t data = put(guest, "alloc", input), out = room(guest, "alloc", 32);
  lb_value_t args[] = {lb_i32((int32_t)data), lb_i32((int32_t)input.length), lb_i32((int32_t)out)};
  line_of_length(guest, "sha256", "sha256", args, 3, out);
  done(guest);
}

static void text(void) {
  guest_t guest = load("guests/text.wasm", "memory", NULL);
  uint32_t data = put(guest, "alloc", input), out = room(guest, "alloc", (input.length + 2) / 3 * 4);
  lb_value_t args[] = {lb_i32((int32_t)data), lb_i32((int32_t)input.length), lb_i32((int32_t)out)};
  line_of_length(guest, "text", "base64", args, 3, out);
  line_of_result(guest, "text", "entropy", args, 2);
  done(guest);
}

static void lz4(void) {
  guest_t guest = load("guests/lz4.wasm", "memory", NULL);
  uint32_t data = put(guest, "alloc", input);
  uint32_t bound = room(guest, "compress_bound", input.length), packed = room(guest, "alloc", bound);
  lb_value_t args[] = {lb_i32((int32_t)data), lb_i32((int32_t)input.length), lb_i32((int32_t)packed)};
  uint32_t size = line_of_length(guest, "lz4", "compress", args, 3, packed);

  uint32_t back = room(guest, "alloc", input.length);
  lb_value_t back_args[] = {lb_i32((int32_t)packed), lb_i32((int32_t)size), lb_i32((int32_t)back), lb_i32((int32_t)input.length)};
  line_of_length(guest, "lz4", "decompress", back_args, 4, back);
  done(guest);
}

static void words(void) {
  guest_t guest = load("guests/words.wasm", "memory", NULL);
  uint32_t data = put(guest, "alloc", input);
  lb_value_t args[] = {lb_i32((int32_t)data), lb_i32((int32_t)input.length)};
  char text[32];
  double ms;
  int64_t report = timed(guest, "words", args, 2, &ms).of.i64;
  snprintf(text, sizeof text, "%" PRId64, report);
  line_of_memory(guest, "words", "words", text, (uint32_t)(report >> 32), (uint32_t)report, ms);
  done(guest);
}

static void xxhash(void) {
  guest_t guest = load("modules/built/xxhash.wasm", "mem", NULL);
  check(lb_memory_grow(guest.memory, (input.length + PAGE - 1) / PAGE, NULL));
  check(lb_memory_write(guest.memory, 0, input.data, input.length));
  lb_value_t args[] = {LB_I32(0), lb_i32((int32_t)input.length), LB_I32(0)};
  line_of_result(guest, "xxhash", "xxh32", args, 3);
  args[2] = lb_i64(0);
  line_of_result(guest, "xxhash", "xxh64", args, 3);
  done(guest);
}

// What a callback needs: its name, and where to note that it was called.
typedef struct {
  const char *name;
  bytes_t *events;
  int count;
} callback_t;

// Notes a callback: its name, then its arguments.
static void note(callback_t *callback, const lb_value_t *args, size_t nargs) {
  callback->count++;
  append(callback->events, callback->name, strlen(callback->name));
  for (size_t i = 0; i < nargs; i++) append(callback->events, &args[i].of.i32, 4);
}

static lb_error_t *on_mapping(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs, lb_value_t *results, size_t nresults) {
  (void)context, (void)results, (void)nresults;
  note(data, args, nargs);
  return NULL;
}

// With three arguments, the second and third say where the text is.
static lb_error_t *on_http(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs, lb_value_t *results, size_t nresults) {
  callback_t *callback = data;
  note(callback, args, nargs);
  if (nresults == 1) results[0] = lb_i32(0);
  if (nargs != 3) return NULL;
  lb_extern_t memory;
  lb_error_t *error = lb_context_export(context, "memory", &memory);
  if (error) return error;
  uint32_t at = (uint32_t)args[1].of.i32, length = (uint32_t)args[2].of.i32;
  error = lb_memory_read(memory.of.memory, at, extend(callback->events, length), length);
  check(lb_extern_release(memory));
  return error;
}

// Parses one message of a kind, as llhttp counts them.
static void parse(guest_t guest, int32_t kind, const char *name, bytes_t *events) {
  bytes_t message = file(name);
  lb_value_t of_kind = lb_i32(kind), parser;
  check(lb_instance_call(guest.instance, "llhttp_alloc", &of_kind, 1, &parser, 1));
  uint32_t data = put(guest, "malloc", message);
  lb_value_t args[] = {parser, lb_i32((int32_t)data), lb_i32((int32_t)message.length)};
  char text[24];
  double ms;
  events->length = 0;
  snprintf(text, sizeof text, "%" PRId32, timed(guest, "llhttp_execute", args, 3, &ms).of.i32);
  line("llhttp", "llhttp_execute", text, events->data, events->length, ms);
  free(message.data);
}

static void llhttp(void) {
  static const char *const names[] = {
      "wasm_on_message_begin", "wasm_on_url",  "wasm_on_status",           "wasm_on_header_field", "wasm_on_header_value",
      "wasm_on_headers_complete", "wasm_on_body", "wasm_on_message_complete",
  };
  enum { COUNT = sizeof names / sizeof *names };
  bytes_t events = {0};
  callback_t callbacks[COUNT];
  lb_imports_t imports;
  check(lb_imports_new(&imports));
  for (size_t i = 0; i < COUNT; i++) {
    callbacks[i] = (callback_t){names[i], &events, 0};
    check(lb_imports_func(imports, "env", names[i], on_http, &callbacks[i], NULL));
  }
  guest_t guest = load("modules/built/llhttp.wasm", "memory", &imports);
  parse(guest, 1, "modules/built/request.http", &events);
  parse(guest, 2, "modules/built/response.http", &events);
  done(guest);
  check(lb_imports_release(imports));
  free(events.data);
}

static void mappings(void) {
  bytes_t events = {0}, source = file("modules/built/mappings.txt");
  callback_t callback = {"mapping_callback", &events, 0};
  lb_imports_t imports;
  check(lb_imports_new(&imports));
  check(lb_imports_func(imports, "env", callback.name, on_mapping, &callback, NULL));
  guest_t guest = load("modules/built/mappings.wasm", "memory", &imports);
  lb_value_t data = lb_i32((int32_t)put(guest, "allocate_mappings", source));
  lb_value_t parsed = line_of_result(guest, "mappings", "parse_mappings", &data, 1);

  char text[24];
  double start = now_ms();
  check(lb_instance_call(guest.instance, "by_generated_location", &parsed, 1, NULL, 0));
  double ms = now_ms() - start;
  snprintf(text, sizeof text, "%d", callback.count);
  line("mappings", "by_generated_location", text, events.data, events.length, ms);
  done(guest);
  check(lb_imports_release(imports));
  free(source.data);
  free(events.data);
}

// ---- A component --------------------------------------------------------------------------------

static lb_error_t *on_log(void *data, lb_wit_context_t *context, const lb_wit_value_t *args, size_t nargs) {
  (void)context, (void)nargs;
  const char *level = args[0].of.which.name;
  append(data, level, strlen(level));
  append(data, ": ", 2);
  append(data, args[1].of.text.data, args[1].of.text.length);
  return NULL;
}

static lb_error_t *on_currency(void *data, lb_wit_context_t *context, const lb_wit_value_t *args, size_t nargs) {
  (void)data, (void)args, (void)nargs;
  lb_wit_value_t euro = LB_WIT_STRING("EUR");
  return lb_wit_context_give(context, &euro);
}

static lb_error_t *not_needed(void *data, lb_wit_context_t *context, const lb_wit_value_t *args, size_t nargs) {
  (void)data, (void)context, (void)args, (void)nargs;
  return lb_error_host("not in this demo", NULL, NULL);
}

// A component that logs to some bytes. Of all that it asks for only the log is needed here.
static lb_instance_t open_shop(bytes_t *logged) {
  static const char *const rest[] = {"journal", "journal.write", "journal.length", "journal.find", "worth", "reserve", "close", "title"};
  lb_imports_t imports;
  lb_module_t module;
  lb_instance_t shop;
  check(lb_imports_new(&imports));
  check(lb_imports_wit(imports, "office", "log", on_log, logged, NULL));
  check(lb_imports_wit(imports, "", "currency", on_currency, NULL, NULL));
  for (size_t i = 0; i < sizeof rest / sizeof *rest; i++) check(lb_imports_wit(imports, "office", rest[i], not_needed, NULL, NULL));
  check(lb_module_load_file(NULL, path_of("components/shop-rust.wasm"), &module));
  check(lb_instance_new(module, &imports, &shop));
  check(lb_imports_release(imports));
  check(lb_module_release(module));
  return shop;
}

// Calls a function of one argument, and says how long it took.
static lb_wit_result_t ask(lb_instance_t shop, const char *name, lb_wit_value_t arg, double *ms) {
  lb_wit_func_t func;
  lb_wit_result_t result;
  check(lb_instance_wit_func(shop, name, &func));
  double start = now_ms();
  check(lb_wit_func_call(func, &arg, 1, &result));
  *ms = now_ms() - start;
  check(lb_wit_func_release(func));
  return result;
}

// The lines of the input, as strings that lie in it.
static size_t split(lb_wit_value_t **lines) {
  size_t count = 1, at = 0;
  for (size_t i = 0; i < input.length; i++) count += input.data[i] == '\n';
  *lines = malloc(count * sizeof **lines);
  if (!*lines) abort();
  for (size_t i = 0; i < count; i++) {
    const char *start = (const char *)input.data + at, *end = memchr(start, '\n', input.length - at);
    size_t length = end ? (size_t)(end - start) : input.length - at;
    (*lines)[i] = lb_wit_text(start, length);
    at += length + 1;
  }
  return count;
}

static void shop(void) {
  bytes_t logged = {0}, joined = {0};
  lb_instance_t guest = open_shop(&logged);
  char text[32];
  double ms;
  lb_wit_result_t result = ask(guest, "orders#checksum", lb_wit_bytes(input.data, input.length), &ms);
  snprintf(text, sizeof text, "%" PRIu32, result.value->of.u32);
  line("shop", "checksum", text, &result.value->of, 4, ms);
  check(lb_wit_result_release(result));

  lb_wit_value_t *lines;
  size_t count = split(&lines);
  result = ask(guest, "echo#echo-strings", lb_wit_list(lines, count), &ms);
  lb_wit_items_t same = result.value->of.items;
  for (size_t i = 0; i < same.count; i++) append(&joined, same.data[i].of.text.data, same.data[i].of.text.length);
  snprintf(text, sizeof text, "%zu", same.count);
  line("shop", "echo-strings", text, joined.data, joined.length, ms);
  check(lb_wit_result_release(result));

  double *lengths = malloc(count * sizeof *lengths);
  if (!lengths) abort();
  for (size_t i = 0; i < count; i++) lengths[i] = (double)lines[i].of.text.length;
  result = ask(guest, "orders#describe", lb_wit_numbers(LB_WIT_SORT_F64, lengths, count), &ms);
  joined.length = 0;
  append(&joined, &lb_wit_field(result.value, "count")->of.u32, 4);
  append(&joined, &lb_wit_field(result.value, "least")->of.f64, 8);
  append(&joined, &lb_wit_field(result.value, "most")->of.f64, 8);
  append(&joined, &lb_wit_field(result.value, "mean")->of.f64, 8);
  snprintf(text, sizeof text, "%.6f", lb_wit_field(result.value, "mean")->of.f64);
  line("shop", "describe", text, joined.data, joined.length, ms);
  check(lb_wit_result_release(result));

  result = ask(guest, "greet", lb_wit_string("Zo\u00eb"), &ms);
  snprintf(text, sizeof text, "%.*s", (int)result.value->of.text.length, result.value->of.text.data);
  line("shop", "greet", text, logged.data, logged.length, ms);
  check(lb_wit_result_release(result));
  check(lb_instance_close(guest));
  free(lengths);
  free(lines);
  free(joined.data);
  free(logged.data);
}

static void trap(void) {
  lb_module_t module;
  lb_instance_t guest;
  check(lb_module_load_file(NULL, path_of("demo/trap.wat"), &module));
  check(lb_instance_new(module, NULL, &guest));
  lb_value_t args[2] = {LB_I32(1), LB_I32(0)}, result[1];
  double start = now_ms();
  lb_error_t *error = lb_instance_call(guest, "div", args, 2, result, 1);
  double ms = now_ms() - start;
  const lb_frame_t *frame = lb_error_frame(error, 0);
  const char *name = frame && frame->func_name ? frame->func_name : "";
  char text[64];
  snprintf(text, sizeof text, "%s %s", lb_error_kind_name(error), lb_error_trap_name(error));
  line("trap", "div", text, name, strlen(name), ms);
  lb_error_free(error);
  check(lb_instance_close(guest));
  check(lb_module_release(module));
}

int main(int argc, char **argv) {
  examples = argc > 1 ? argv[1] : "examples";
  input = file("modules/built/input.bin");
  sha256();
  text();
  lz4();
  words();
  xxhash();
  llhttp();
  mappings();
  shop();
  trap();
  free(input.data);
  return 0;
}
