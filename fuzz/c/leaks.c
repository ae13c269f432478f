// The situations of ../leaks.json in C. Takes the name of one and how many rounds, and prints the bytes that the process
// has after a fifth of them and after all.

#include <landbridge.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static lb_module_t guest;
static lb_imports_t imports;
static lb_instance_t instance;
static lb_store_t store;
static lb_func_t inc;
static lb_policy_t policy;
static const char *text;

static void good(lb_error_t *error) {
  if (!error) return;
  fprintf(stderr, "%s: %s\n", lb_error_kind_name(error), lb_error_message(error));
  exit(1);
}

static void fails(lb_error_t *error, lb_kind_t kind) {
  if (lb_error_kind(error) != kind) {
    fprintf(stderr, "not %s: %s\n", lb_kind_name(kind), error ? lb_error_message(error) : "no error");
    exit(1);
  }
  lb_error_free(error);
}

static lb_error_t *host(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                        lb_value_t *results, size_t nresults) {
  (void)data, (void)context;
  if (nresults == 1) results[0] = nargs ? args[0] : lb_i32(0);
  return NULL;
}

static lb_error_t *throws(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                          lb_value_t *results, size_t nresults) {
  (void)data, (void)context, (void)args, (void)nargs, (void)results, (void)nresults;
  return lb_error_host("no", malloc(100), free);
}

static void call(lb_instance_t of, const char *name, lb_value_t arg, lb_value_t *result) {
  good(lb_instance_call(of, name, &arg, 1, result, 1));
}

static void calls(void) {
  lb_value_t arg = lb_i32(1), result;
  good(lb_func_call(inc, &arg, 1, &result, 1));
}

static void calls_by_name(void) {
  lb_value_t result;
  call(instance, "inc", lb_i32(1), &result);
}

static void instances(void) {
  lb_instance_t made;
  good(lb_instance_new(guest, &imports, &made));
  good(lb_instance_close(made));
}

static void stores(void) {
  lb_store_t made;
  lb_instance_t first, second;
  good(lb_store_new(NULL, &made));
  good(lb_store_instantiate(made, guest, &imports, &first));
  good(lb_store_instantiate(made, guest, &imports, &second));
  good(lb_instance_release(first));
  good(lb_store_release(made));
  good(lb_instance_release(second));
}

static void modules(void) {
  static int count;
  char source[200];
  lb_module_t made;
  snprintf(source, sizeof source, "(module (memory 1) (func (export \"f%d\") (result i32) (i32.const %d)))", count, count);
  count++;
  good(lb_module_load_text(NULL, source, &made));
  good(lb_module_release(made));
}

static void traps(void) { fails(lb_instance_call(instance, "unreachable", NULL, 0, NULL, 0), LB_KIND_TRAP); }

static void throwing_callbacks(void) {
  lb_value_t arg = lb_i32(1), result;
  fails(lb_instance_call(instance, "catch", &arg, 1, &result, 1), LB_KIND_HOST);
}

static void async_calls(void) {
  lb_value_t arg = lb_i32(1), result;
  lb_call_t started;
  good(lb_func_call_async(inc, &arg, 1, &started, NULL, NULL));
  good(lb_call_wait(started, &result, 1));
  good(lb_call_release(started));
}

static void externrefs(void) {
  lb_externref_t made;
  lb_value_t back;
  good(lb_externref_new(malloc(100), free, &made));
  call(instance, "extern", lb_externref(made), &back);
  good(lb_externref_release(made));
  good(lb_value_release(&back));
}

static void gc_refs(void) {
  lb_value_t bytes, element;
  call(instance, "bytes", lb_i32(100), &bytes);
  good(lb_gcref_get(bytes.of.gcref, 7, &element));
  good(lb_value_release(&bytes));
}

static void views(void) {
  lb_memory_t memory;
  lb_view_t view;
  good(lb_instance_memory(instance, "memory", &memory));
  good(lb_memory_view(memory, &view));
  view.data[0]++;
  good(lb_view_release(view));
  good(lb_memory_release(memory));
}

static void pools(void) {
  static lb_pool_t pool;
  lb_value_t arg = lb_i32(1), result;
  lb_instance_t taken;
  if (!pool.id) good(lb_pool_new(guest, &imports, NULL, NULL, &pool));
  good(lb_pool_call(pool, "inc", &arg, 1, &result, 1));
  good(lb_pool_get(pool, &taken));
  good(lb_instance_close(taken));
}

// A store whose table holds a function of the program's, which knows the store.
static void cycles(void) {
  lb_store_t made;
  lb_func_t func;
  lb_table_t table;
  const lb_func_type_t nothing = { NULL, 0, NULL, 0 };
  const lb_table_type_t type = { 1, 1, LB_TYPE_FUNCREF, false };
  lb_store_t *known = malloc(sizeof *known);
  good(lb_store_new(NULL, &made));
  *known = made;
  good(lb_func_new(made, &nothing, &func, host, known, free));
  good(lb_table_new(made, &type, lb_funcref(func), &table));
  good(lb_func_release(func));
  good(lb_table_release(table));
  good(lb_store_close(made));
}

static void engines(void) {
  lb_engine_options_t options = LB_ENGINE_OPTIONS;
  lb_engine_t engine;
  lb_module_t made;
  lb_store_t of;
  options.cache = "off";
  good(lb_engine_new(&options, &engine));
  good(lb_module_load_text(&engine, "(module (func (export \"f\")))", &made));
  good(lb_store_new(&engine, &of));
  good(lb_store_close(of));
  good(lb_module_release(made));
  good(lb_engine_release(engine));
}

static void policies(void) {
  lb_policy_t made, less;
  lb_limits_t limits = LB_LIMITS;
  lb_sandbox_t sandbox = LB_SANDBOX;
  lb_store_t closed_in;
  char json[1000];
  good(lb_policy_from_json("{\"env\":{\"A\":\"B\"},\"clock\":\"real\",\"random\":{\"seed\":1}}", &made));
  good(lb_policy_restrict(made, policy, &less));
  good(lb_policy_to_json(less, json, sizeof json, NULL));
  limits.timeout_ms = 1000;
  sandbox.policy = made;
  sandbox.limits = &limits;
  sandbox.out.to = LB_STREAM_CAPTURE;
  good(lb_store_new_with(NULL, &sandbox, &closed_in));
  good(lb_store_close(closed_in));
  good(lb_policy_release(less));
  good(lb_policy_release(made));
}

static void wasi_files(void) {
  static lb_instance_t program;
  lb_value_t args[2] = { lb_i32(3), lb_i32(0) }, result;
  if (!program.id) {
    const lb_file_t file = { "file", "in it", 5 };
    lb_sandbox_t sandbox = LB_SANDBOX;
    lb_module_t module;
    char path[1024];
    snprintf(path, sizeof path, "%s/program.wat", text);
    good(lb_policy_memory_dir(policy, "/data", &file, 1, LB_ACCESS_WRITE));
    sandbox.policy = policy;
    good(lb_module_load_file(NULL, path, &module));
    good(lb_instance_new_with(module, NULL, &sandbox, &program));
  }
  good(lb_instance_call(program, "open", args, 2, &result, 1));
  if (result.of.i32) fprintf(stderr, "open: %d\n", (int)result.of.i32), exit(1);
  call(program, "close", lb_i32(4), &result);
  if (result.of.i32) fprintf(stderr, "close: %d\n", (int)result.of.i32), exit(1);
}

static void cancelled_calls(void) {
  lb_instance_t made;
  lb_call_t started;
  lb_value_t arg = lb_i32(0xffffff);
  good(lb_instance_new(guest, &imports, &made));
  good(lb_instance_call_async(made, "spin", &arg, 1, &started, NULL, NULL));
  good(lb_call_cancel(started));
  lb_error_t *error = lb_call_wait(started, NULL, 0);
  if (error) fails(error, LB_KIND_CANCELLED);
  good(lb_call_release(started));
  good(lb_instance_close(made));
}

static void refused_links(void) {
  lb_instance_t made;
  fails(lb_instance_new(guest, NULL, &made), LB_KIND_LINK);
}

static void funcs_and_tags(void) {
  const lb_type_t i32 = LB_TYPE_I32;
  const lb_func_type_t type = { &i32, 1, &i32, 1 };
  lb_func_t func;
  lb_tag_t tag;
  good(lb_func_new(store, &type, &func, host, malloc(100), free));
  good(lb_tag_new(store, &i32, 1, &tag));
  good(lb_func_release(func));
  good(lb_tag_release(tag));
}

static void inspections(void) {
  lb_inspection_t made;
  const char *const *features;
  size_t count;
  char path[1024];
  snprintf(path, sizeof path, "%s/guest.wat", text);
  good(lb_inspect_file(path, &made));
  good(lb_inspection_features(made, &features, &count));
  good(lb_inspection_release(made));
}

// ---- Components: things of the program's and of the guest's.

static lb_module_t things;
static lb_imports_t things_imports;
static lb_instance_t component;
static lb_store_t component_store;

static lb_error_t *thing(void *data, lb_wit_context_t *context, const lb_wit_value_t *args, size_t nargs) {
  (void)data, (void)nargs;
  char name[64];
  lb_context_name(lb_wit_context_base(context), name, sizeof name);
  lb_wit_value_t number = LB_WIT_U32(1), made = lb_wit_object(NULL, NULL);
  if (strstr(name, "constructor")) {
    made = lb_wit_object(malloc(100), free);
    return lb_wit_context_give(context, &made);
  }
  if (strstr(name, "get")) return lb_wit_context_give(context, &number);
  return args[0].sort == LB_WIT_SORT_OBJECT ? NULL : lb_error_new(LB_KIND_TYPE, "no object");
}

static void components_setup(void) {
  static const char *const names[] = { "[constructor]thing", "[method]thing.get", "eat", "keep" };
  char path[1024];
  snprintf(path, sizeof path, "%s/../conformance/modules/things.wat", text);
  good(lb_module_load_file(NULL, path, &things));
  good(lb_imports_new(&things_imports));
  for (int i = 0; i < 4; i++) good(lb_imports_wit(things_imports, "things", names[i], thing, NULL, NULL));
  good(lb_instance_new(things, &things_imports, &component));
  good(lb_instance_store(component, &component_store));
}

static lb_wit_result_t wit_call(lb_instance_t of, const char *name, lb_wit_value_t arg) {
  lb_wit_func_t func;
  lb_wit_result_t result;
  good(lb_instance_wit_func(of, name, &func));
  good(lb_wit_func_call(func, &arg, 1, &result));
  good(lb_wit_func_release(func));
  return result;
}

static void components(void) {
  lb_instance_t made;
  if (!things.id) components_setup();
  good(lb_instance_new(things, &things_imports, &made));
  good(lb_wit_result_release(wit_call(made, "make", lb_wit_u32(7))));
  good(lb_instance_close(made));
}

static void wit_calls(void) {
  lb_wit_func_t func;
  lb_wit_func_type_t type;
  lb_wit_result_t result;
  lb_bytes_t told;
  lb_wit_value_t wrong = LB_WIT_STRING("no number");
  if (!things.id) components_setup();
  good(lb_instance_wit_func(component, "make", &func));
  good(lb_wit_func_type(func, &type));
  good(lb_wit_parse(type.result, "12", &result));
  good(lb_wit_format(type.result, result.value, &told));
  good(lb_bytes_release(told));
  good(lb_wit_result_release(result));
  fails(lb_wit_func_call(func, &wrong, 1, &result), LB_KIND_TYPE);
  good(lb_wit_func_release(func));
  good(lb_wit_result_release(wit_call(component, "make", lb_wit_u32(7))));
}

// Of the guest: closed, let go of later. Of the program: lent, given, refused.
static void wit_resources(void) {
  if (!things.id) components_setup();
  for (int i = 0; i < 2; i++) {
    lb_wit_result_t mine = wit_call(component, "[constructor]mine", lb_wit_u32(1));
    const uint64_t handle = mine.value->of.resource;
    good(lb_wit_result_release(mine));
    if (i == 0) good(lb_wit_resource_close(component_store, handle));
    if (i == 1) good(lb_wit_resource_drop(component_store, handle));
  }
  good(lb_wit_result_release(wit_call(component, "forward", lb_wit_object(malloc(100), free))));
  good(lb_wit_result_release(wit_call(component, "give", lb_wit_object(malloc(100), free))));
  lb_wit_func_t func;
  lb_wit_result_t result;
  lb_wit_value_t args[2] = { LB_WIT_OBJECT(malloc(100), free), LB_WIT_OBJECT(malloc(100), free) };
  good(lb_instance_wit_func(component, "make", &func));
  fails(lb_wit_func_call(func, args, 2, &result), LB_KIND_TYPE);
  good(lb_wit_func_release(func));
}

static const struct {
  const char *name;
  void (*step)(void);
} SITUATIONS[] = {
  { "calls", calls }, { "calls_by_name", calls_by_name }, { "instances", instances }, { "stores", stores },
  { "modules", modules }, { "traps", traps }, { "throwing_callbacks", throwing_callbacks },
  { "async_calls", async_calls }, { "externrefs", externrefs }, { "gc_refs", gc_refs }, { "views", views },
  { "pools", pools }, { "cycles", cycles }, { "engines", engines }, { "policies", policies },
  { "wasi_files", wasi_files }, { "cancelled_calls", cancelled_calls }, { "refused_links", refused_links },
  { "funcs_and_tags", funcs_and_tags }, { "inspections", inspections },
  { "components", components }, { "wit_calls", wit_calls }, { "wit_resources", wit_resources },
};

static long resident(void) {
  long pages = 0, kept = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (!file || fscanf(file, "%ld %ld", &pages, &kept) != 2) exit(1);
  fclose(file);
  return kept * sysconf(_SC_PAGESIZE);
}

static void setup(void) {
  char path[1024];
  snprintf(path, sizeof path, "%s/guest.wat", text);
  good(lb_module_load_file(NULL, path, &guest));
  good(lb_imports_new(&imports));
  good(lb_imports_func(imports, "host", "number", host, NULL, NULL));
  good(lb_imports_func(imports, "host", "refs", host, NULL, NULL));
  good(lb_imports_func(imports, "host", "throws", throws, NULL, NULL));
  good(lb_instance_new(guest, &imports, &instance));
  good(lb_instance_func(instance, "inc", &inc));
  good(lb_store_new(NULL, &store));
  good(lb_policy_new(&policy));
}

int main(int argc, char **argv) {
  if (argc != 4) return fprintf(stderr, "leaks GUESTS SITUATION ROUNDS\n"), 2;
  text = argv[1];
  setenv("LANDBRIDGE_CACHE", "off", 1);
  setup();
  for (size_t i = 0; i < sizeof SITUATIONS / sizeof *SITUATIONS; i++) {
    if (strcmp(SITUATIONS[i].name, argv[2])) continue;
    // Asked for once before, so that what that needs is there.
    long rounds = atol(argv[3]), first = resident();
    for (long done = 0; done < rounds; done++) {
      if (done == rounds / 5) first = resident();
      SITUATIONS[i].step();
    }
    printf("%ld %ld\n", first, resident());
    return 0;
  }
  return fprintf(stderr, "there is no situation %s\n", argv[2]), 2;
}
