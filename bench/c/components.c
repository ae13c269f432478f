// The C driver for components; see ../README.md. Values are trees of the program's: what does not change is made once.

#include <landbridge.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MIB (1u << 20)
#define FLOATS 100000
#define MANY 10000
#define TEXT "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct {
  lb_instance_t instance;
  lb_func_t callbacks;
  uint8_t *bytes, *to;
  double *floats;
  char names[MANY][16], texts[MANY][32];
  lb_wit_value_t text_values[MANY], pair_values[MANY], point_values[MANY];
  lb_wit_field_t pairs[MANY][2], points[MANY][3], ten[10];
} b;

static void check(lb_error_t *error) {
  if (!error) return;
  fprintf(stderr, "%s: %s\n", lb_error_kind_name(error), lb_error_message(error));
  exit(1);
}

typedef struct {
  const char *name;
  /// What it is called with; of a call of the host the first is how often.
  lb_wit_value_t args[2];
  size_t nargs;
  lb_wit_func_t func;
} case_t;

static case_t cases[20];
static size_t ncases;

static void add_case(const char *name, const lb_wit_value_t *args, size_t nargs) {
  case_t *it = cases + ncases++;
  char full[64];
  it->name = name;
  it->nargs = nargs;
  for (size_t i = 0; i < nargs; i++) it->args[i] = args[i];
  snprintf(full, sizeof full, "calls#%s", name);
  check(lb_instance_wit_func(b.instance, full, &it->func));
}

static void call(const case_t *it) {
  lb_wit_result_t given;
  check(lb_wit_func_call(it->func, it->args, it->nargs, &given));
  check(lb_wit_result_release(given));
}

static void copy_in(long n) {
  for (long i = 0; i < n; i++) {
    memcpy(b.to, b.bytes, MIB);
    __asm__ volatile("" : : "r"(b.to) : "memory");
  }
}

static void copy_out(long n) {
  for (long i = 0; i < n; i++) {
    uint8_t *copy = malloc(MIB);
    memcpy(copy, b.bytes, MIB);
    __asm__ volatile("" : : "r"(copy) : "memory");
    free(copy);
  }
}

static void callback(long n) {
  lb_value_t args[1] = { LB_I32((int32_t)n) }, result[1];
  check(lb_func_call(b.callbacks, args, 1, result, 1));
}

static const struct {
  const char *name;
  void (*run)(long n);
} plain[] = { { "copy-in", copy_in }, { "copy-out", copy_out }, { "callback", callback } };
#define PLAIN (sizeof plain / sizeof *plain)

/* Runs a case; false if there is none of this name. */
static int run(const char *name, long n) {
  for (size_t i = 0; i < PLAIN; i++) {
    if (!strcmp(plain[i].name, name)) return plain[i].run(n), 1;
  }
  for (size_t i = 0; i < ncases; i++) {
    case_t *it = cases + i;
    if (strcmp(it->name, name)) continue;
    if (!strncmp(name, "host-", 5)) {
      it->args[0] = lb_wit_u32((uint32_t)n);
      call(it);
    } else {
      for (long k = 0; k < n; k++) call(it);
    }
    return 1;
  }
  return 0;
}

static lb_error_t *host_noop(void *data, lb_wit_context_t *context, const lb_wit_value_t *args, size_t nargs) {
  (void)data, (void)context, (void)args, (void)nargs;
  return NULL;
}

static lb_error_t *host_add(void *data, lb_wit_context_t *context, const lb_wit_value_t *args, size_t nargs) {
  (void)data, (void)nargs;
  const lb_wit_value_t sum = lb_wit_u32(args[0].of.u32 + args[1].of.u32);
  return lb_wit_context_give(context, &sum);
}

static lb_error_t *host_text(void *data, lb_wit_context_t *context, const lb_wit_value_t *args, size_t nargs) {
  (void)data, (void)nargs;
  return lb_wit_context_give(context, args);
}

static lb_error_t *host_bytes_in(void *data, lb_wit_context_t *context, const lb_wit_value_t *args, size_t nargs) {
  (void)data, (void)nargs;
  const lb_wit_value_t length = lb_wit_u32((uint32_t)args[0].of.numbers.count);
  return lb_wit_context_give(context, &length);
}

static lb_error_t *inc(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                       lb_value_t *results, size_t nresults) {
  (void)data, (void)context, (void)nargs, (void)nresults;
  results[0].of.i32 = args[0].of.i32 + 1;
  return NULL;
}

static void setup(const char *component, const char *wat) {
  lb_module_t module;
  lb_imports_t imports;
  lb_instance_t instance;
  lb_sandbox_t sandbox = LB_SANDBOX;
  lb_limits_t limits = LB_LIMITS;
  limits.transfer_bytes = UINT64_MAX >> 1;
  sandbox.limits = &limits;
  check(lb_imports_new(&imports));
  check(lb_imports_wit(imports, "host", "noop", host_noop, NULL, NULL));
  check(lb_imports_wit(imports, "host", "add", host_add, NULL, NULL));
  check(lb_imports_wit(imports, "host", "text", host_text, NULL, NULL));
  check(lb_imports_wit(imports, "host", "bytes-in", host_bytes_in, NULL, NULL));
  check(lb_imports_func(imports, "env", "inc", inc, NULL, NULL));
  check(lb_module_load(NULL, component, &module));
  check(lb_instance_new_with(module, &imports, &sandbox, &b.instance));
  check(lb_module_load(NULL, wat, &module));
  check(lb_instance_new(module, &imports, &instance));
  check(lb_instance_func(instance, "callbacks", &b.callbacks));
}

static lb_wit_field_t field(const char *name, lb_wit_value_t value) {
  const lb_wit_field_t it = { name, value };
  return it;
}

static void make_lists(void) {
  b.bytes = malloc(MIB);
  b.to = calloc(1, MIB);
  memset(b.bytes, 7, MIB);
  b.floats = malloc(FLOATS * sizeof *b.floats);
  for (size_t i = 0; i < FLOATS; i++) b.floats[i] = (double)i;
  for (uint32_t i = 0; i < MANY; i++) {
    snprintf(b.texts[i], sizeof b.texts[i], "string number %u", i);
    snprintf(b.names[i], sizeof b.names[i], "name %u", i);
    b.text_values[i] = lb_wit_string(b.texts[i]);
    b.pairs[i][0] = field("id", lb_wit_u32(i));
    b.pairs[i][1] = field("name", lb_wit_string(b.names[i]));
    b.pair_values[i] = lb_wit_record(b.pairs[i], 2);
    b.points[i][0] = field("x", lb_wit_f64(i));
    b.points[i][1] = field("y", lb_wit_f64(2));
    b.points[i][2] = field("z", lb_wit_f64(3));
    b.point_values[i] = lb_wit_record(b.points[i], 3);
  }
}

static void make_ten(void) {
  lb_wit_field_t *to = b.ten;
  *to++ = field("a", lb_wit_u32(1));
  *to++ = field("b", lb_wit_string("a name"));
  *to++ = field("c", lb_wit_f64(4));
  *to++ = field("d", lb_wit_bool(true));
  *to++ = field("e", lb_wit_u64(2));
  *to++ = field("f", lb_wit_s32(-3));
  *to++ = field("g", lb_wit_string("something longer than a name"));
  *to++ = field("h", lb_wit_u8(8));
  *to++ = field("i", lb_wit_f32(5));
  *to++ = field("j", lb_wit_s64(-6));
}

static void one(const char *name, lb_wit_value_t arg) { add_case(name, &arg, 1); }

static void two(const char *name, lb_wit_value_t first, lb_wit_value_t second) {
  const lb_wit_value_t args[] = { first, second };
  add_case(name, args, 2);
}

static void make_cases(void) {
  static const lb_wit_value_t radius = LB_WIT_F64(1.5), text = LB_WIT_STRING(TEXT);
  add_case("noop", NULL, 0);
  two("add", lb_wit_u32(2), lb_wit_u32(3));
  one("text", text);
  one("bytes-in", lb_wit_bytes(b.bytes, MIB));
  one("bytes-out", lb_wit_u32(MIB));
  one("floats-in", lb_wit_numbers(LB_WIT_SORT_F64, b.floats, FLOATS));
  one("floats-out", lb_wit_u32(FLOATS));
  one("texts", lb_wit_list(b.text_values, MANY));
  one("ten", lb_wit_record(b.ten, 10));
  one("pairs", lb_wit_list(b.pair_values, MANY));
  one("points", lb_wit_list(b.point_values, MANY));
  one("shape", lb_wit_variant("circle", &radius));
  one("outcome", lb_wit_ok(&text));
  one("host-noop", lb_wit_u32(0));
  one("host-add", lb_wit_u32(0));
  two("host-text", lb_wit_u32(0), text);
  two("host-bytes-in", lb_wit_u32(0), lb_wit_u32(MIB));
}

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: %s COMPONENT_WASM BENCH_WAT\n", argv[0]);
    return 2;
  }
  setup(argv[1], argv[2]);
  make_lists();
  make_ten();
  make_cases();
  printf("ready");
  for (size_t i = 0; i < ncases + PLAIN; i++) {
    const char *name = i < ncases ? cases[i].name : plain[i - ncases].name;
    run(name, 10);
    printf(" %s", name);
  }
  puts("");
  fflush(stdout);
  char name[32];
  long n;
  while (scanf("%31s %ld", name, &n) == 2) {
    long long start = now();
    if (!run(name, n)) {
      fprintf(stderr, "no case is named %s\n", name);
      return 1;
    }
    printf("%lld\n", now() - start);
    fflush(stdout);
  }
  return 0;
}
