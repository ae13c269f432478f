// Runs the conformance cases through landbridge.h: `conformance-c ../../conformance`; with the folder of worlds behind it,
// those (see wit_worlds.h).
//
// Every step is mapped to the API and nothing else. What a case makes stays until the case ends; nodes and
// names stay until the runner ends.

#include <dlfcn.h>
#include <time.h>

#include "cases.h"
#include "conformance/batches.h"
#include "conformance/calls.h"
#include "conformance/fails.h"
#include "conformance/item.h"
#include "conformance/program.h"
#include "conformance/wit_worlds.h"

// ---- Threads ----

static void run_steps(env *e, const node *steps);

typedef struct {
  env *env;
  const node *step;
  unsigned long long times;
} thread_work;

static void *run_thread(void *data) {
  thread_work *work = data;
  for (unsigned long long i = 0; i < work->times && !work->env->failure[0]; i++) {
    run_steps(work->env, tree_find(work->step, "steps"));
  }
  return NULL;
}

static lb_error_t *run_threads(env *e, const node *step, size_t threads, size_t stack_bytes) {
  pthread_t ids[MOST];
  thread_work work[MOST];
  pthread_attr_t attr;
  pthread_attr_init(&attr);
  if (stack_bytes && pthread_attr_setstacksize(&attr, stack_bytes)) fail(e, "no thread has so little stack");
  size_t started = 0;
  for (; started < threads && started < MOST; started++) {
    env *inner = calloc(1, sizeof *inner);
    inner->parent = e;
    work[started] = (thread_work){ inner, step, tree_num(step, "times", 1) };
    if (pthread_create(&ids[started], &attr, run_thread, &work[started])) {
      fail(e, "a thread cannot be started");
      break;
    }
  }
  for (size_t i = 0; i < started; i++) {
    pthread_join(ids[i], NULL);
    if (work[i].env->failure[0]) fail(e, "thread %zu: %s", i, work[i].env->failure);
  }
  pthread_attr_destroy(&attr);
  return NULL;
}

static lb_error_t *do_in_threads(env *e, const node *step) {
  return run_threads(e, step, tree_num(step, "threads", 1), 0);
}

static lb_error_t *do_small_stack(env *e, const node *step) {
  return run_threads(e, step, 1, tree_num(step, "bytes", 0));
}

// ---- Steps ----

// The keys of a sandbox.
#define SANDBOX " limits policy stdin stdout stderr refusals"

static const struct {
  const char *name;
  lb_error_t *(*run)(env *e, const node *step);
  const char *keys;
} verbs[] = {
  { "engine", do_engine,
    "as interruptible stack_bytes compile_cost memory_reservation_bytes deterministic wide_arithmetic custom_page_sizes signal_handlers "
    "call_threads pool_slots cache" },
  { "load", do_load, "module path as engine" },
  { "load_string", do_load_string, "string as engine" },
  { "load_text", do_load_text, "text as engine" },
  { "load_bytes", do_load_bytes, "hex as engine" },
  { "name", do_name, "module equals" },
  { "imports", do_imports, "module equals" },
  { "exports", do_exports, "module equals" },
  { "bytes", do_bytes, "module hex" },
  { "digest", do_digest, "module equals" },
  { "travel", do_travel, "module as" },
  { "compile", do_compile, "module file" },
  { "load_precompiled", do_load_precompiled, "file as engine" },
  { "damage", do_damage, "file how" },
  { "load_written", do_load_written, "file as engine" },
  { "inspect", do_inspect, "module text equals" },
  { "store", do_store, "as engine" SANDBOX },
  { "instantiate", do_instantiate, "module as store imports initialize" SANDBOX },
  { "export", do_export, "instance sort name as" },
  { "call", do_call, "instance func object args results keep" },
  { "map", do_map, "object args rows results" },
  { "call_async", do_call_async, "instance func object pool args times as" },
  { "await", do_await, "call results" },
  { "cancel_call", do_cancel_call, "call" },
  { "await_exit", do_await_exit, "instance exit" },
  { "pool", do_pool, "module as max wait_ms reset imports initialize" SANDBOX },
  { "wit_call", do_wit_call, "instance func args result keep spelled" },
  { "wit_call_async", do_wit_call_async, "instance pool of func args times as" },
  { "wit_await", do_wit_await, "call result keep" },
  { "wit_pool_call", do_wit_pool_call, "pool of func args result" },
  { "wit_type", do_wit_type, "instance func equals" },
  { "wit_text", do_wit_text, "instance func param text equals" },
  { "wit_drop", do_wit_drop, "resource" },
  { "wit_object", do_wit_object, "resource equals" },
  { "wit_log", do_wit_log, "equals" },
  { "take", do_take, "pool as" },
  { "pool_call", do_pool_call, "pool func args results" },
  { "pool_counts", do_pool_counts, "pool equals" },
  { "func_type", do_func_type, "object equals" },
  { "same", do_same, "object other equals" },
  { "same_func", do_same_func, "object other equals" },
  { "new_func", do_new_func, "store params results host as" },
  { "new_memory", do_new_memory, "store min max is_64 page_bytes as" },
  { "new_table", do_new_table, "store element min max is_64 init as" },
  { "new_global", do_new_global, "store type mutable value as" },
  { "new_tag", do_new_tag, "store params as" },
  { "same_tag", do_same_tag, "object other equals" },
  { "new_exception", do_new_exception, "tag payload as" },
  { "exception", do_exception, "object tag payload" },
  { "gc_type", do_gc_type, "object equals" },
  { "gc_len", do_gc_len, "object equals" },
  { "gc_get", do_gc_get, "object index value as" },
  { "gc_set", do_gc_set, "object index value" },
  { "read", do_read, "memory offset length hex" },
  { "write", do_write, "memory offset hex" },
  { "read_text", do_read_text, "memory offset length equals" },
  { "read_c_string", do_read_c_string, "memory offset most equals" },
  { "write_text", do_write_text, "memory offset text result" },
  { "grow", do_grow, "memory pages result" },
  { "size", do_size, "memory pages bytes" },
  { "view", do_view, "memory as" },
  { "view_read", do_view_read, "view offset hex" },
  { "view_write", do_view_write, "view offset hex" },
  { "table_get", do_table_get, "table index value" },
  { "table_set", do_table_set, "table index value" },
  { "table_grow", do_table_grow, "table delta init result" },
  { "table_size", do_table_size, "table equals" },
  { "global_get", do_global_get, "global value" },
  { "global_set", do_global_set, "global value" },
  { "type", do_type, "object equals" },
  { "usage", do_usage, "target equals" },
  { "set_fuel", do_set_fuel, "target fuel" },
  { "cancel", do_cancel, "target" },
  { "output", do_output, "target stream text" },
  { "written", do_written, "text" },
  { "write_file", do_write_file, "file text" },
  { "symlink", do_symlink, "file to" },
  { "make_pipe", do_make_pipe, "file is_held" },
  { "read_file", do_read_file, "file text" },
  { "file_exists", do_file_exists, "file equals" },
  { "policy", do_policy, "from json" },
  { "limits_json", do_limits_json, "from json" },
  { "restrict", do_restrict, "policy by json" },
  { "allows", do_allows, "policy question equals address name port scheme host method" },
  { "run", do_run, "instance exit" },
  { "run_program", do_run_program, "module args exit limits policy stdin stdout stderr refusals" },
  { "gc", do_gc, "store" },
  { "close", do_close, "target" },
  { "log", do_log, "equals" },
  { "in_threads", do_in_threads, "threads times steps" },
  { "repeat", do_in_threads, "times steps" },
  { "small_stack", do_small_stack, "bytes steps" },
};

static double milliseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1e3 + now.tv_nsec / 1e6;
}

static void run_step(env *e, const node *step) {
  const char *name = tree_str(step, "do");
  size_t verb = 0;
  while (verb < COUNT(verbs) && strcmp(verbs[verb].name, name)) verb++;
  if (verb == COUNT(verbs)) {
    fail(e, "no step does %s", name);
    return;
  }
  for (const node *one = step->first; one; one = one->next) {
    if (!is_word("do fails within_ms", one->key) && !is_word(verbs[verb].keys, one->key)) fail(e, "an unknown key: %s", one->key);
  }
  const node *fails = tree_find(step, "fails");
  const double started = milliseconds();
  lb_error_t *error = verbs[verb].run(e, step);
  const double took = milliseconds() - started;
  if (error && fails) {
    check_failure(e, fails, error);
  } else if (error) {
    fail(e, "%s: %s", lb_error_kind_name(error), lb_error_message(error));
  } else if (fails) {
    fail(e, "it did not fail");
  }
  lb_error_free(error);
  const unsigned long long within = tree_num(step, "within_ms", ULLONG_MAX);
  if (within != ULLONG_MAX) printf("took %.1f ms, may take %llu ms\n", took, within);
  if (took > within) fail(e, "took %.1f ms, may take %llu ms", took, within);
}

static void run_steps(env *e, const node *steps) {
  size_t number = 1;
  for (const node *step = steps->first; step && !e->failure[0]; step = step->next, number++) {
    run_step(e, step);
    if (e->failure[0]) {
      char why[sizeof e->failure];
      memcpy(why, e->failure, sizeof why);
      snprintf(e->failure, sizeof e->failure, "step %zu (%s): %.900s", number, tree_str(step, "do"), why);
    }
  }
}

// ---- The surface ----

// The functions for an operation of surface.txt, where its name does not say it.
static const char *const spelt[][2] = {
  { "module.instantiate", "lb_instance_new" },
  { "module.load_async", "lb_module_load_file_async" },
  { "error.frames", "lb_error_frame" },
  { "inspect", "lb_inspect_bytes" },
  { "inspection.to_json", "lb_inspection_json" },
  { "store.with_sandbox", "lb_store_new_with" },
  { "policy.network", "lb_policy_tcp_connect" },
  { "policy.program", "lb_policy_new_program" },
  { "store.stdout_text", "lb_store_stdout" },  // bytes with a zero byte behind them
  { "store.stderr_text", "lb_store_stderr" },
  { "output.lines", "lb_store_new_with" },  // by LB_STREAM_LINES
  { "wit_type.parse", "lb_wit_parse" },
  { "wit_type.format", "lb_wit_format" },
  { "imports.wit_func", "lb_imports_wit" },
  { "wit_resource.is_closed", "lb_wit_resource_has" },
  { "wit_error.new", "lb_wit_error" },
};

static bool has_op(const char *op) {
  char symbol[128];
  snprintf(symbol, sizeof symbol, "lb_%s", op);
  for (char *at = symbol; *at; at++) *at = *at == '.' ? '_' : *at;
  for (size_t i = 0; i < COUNT(spelt); i++) {
    if (!strcmp(spelt[i][0], op)) snprintf(symbol, sizeof symbol, "%s", spelt[i][1]);
  }
  return dlsym(RTLD_DEFAULT, symbol) != NULL;
}

static size_t check_surface(void) {
  char path[PATH_MAX], line[256], sort[32], name[96];
  snprintf(path, sizeof path, "%s/surface.txt", root);
  FILE *file = fopen(path, "r");
  size_t failed = file ? 0 : 1, seen = 0;
  while (file && fgets(line, sizeof line, file)) {
    unsigned number = 0;
    if (*line == '#' || sscanf(line, "%31s %95s %u", sort, name, &number) < 2) continue;
    bool good = !strcmp(sort, "op")     ? has_op(name)
                : !strcmp(sort, "kind") ? !strcmp(lb_kind_name(number), name)
                : !strcmp(sort, "trap") ? !strcmp(lb_trap_name(number), name)
                : !strcmp(sort, "type") ? !strcmp(lb_type_name(number), name)
                                        : false;
    if (!good) printf("FAIL surface: %s", line);
    failed += !good;
    seen++;
  }
  if (file) fclose(file);
  return failed + (seen == 0);
}

int main(int argc, char **argv) {
  if (argc != 2 && argc != 3) {
    fprintf(stderr, "usage: %s CONFORMANCE [WORLDS]\n", argv[0]);
    return 2;
  }
  root = argv[1];
  if (argc == 3) return run_worlds(argv[2]);
  make_default_engine();
  size_t passed = 0, skipped = 0, failed = check_surface();
  const conformance_cases cases = cases_read(root, "c");
  for (const conformance_case *one = cases.all; one < cases.all + cases.count; one++) {
    if (one->skip) {
      skipped++;
      continue;
    }
    env *e = calloc(1, sizeof *e);
    e->log_end = &e->log;
    run_steps(e, one->steps);
    if (e->failure[0]) printf("FAIL %s: %s\n", one->name, e->failure);
    e->failure[0] ? failed++ : passed++;
    release_all(e);
  }
  printf("conformance c: %zu passed, %zu failed, %zu skipped\n", passed, failed, skipped);
  return failed != 0;
}
