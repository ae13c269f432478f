// Worlds from a seed, as conformance/worlds/README.md has them: `conformance-c ../../conformance ../../target/worlds`.

#ifndef CONFORMANCE_WIT_WORLDS_H
#define CONFORMANCE_WIT_WORLDS_H

#include "fails.h"
#include "wit.h"

// What the function that a world asks for gives, and what it got.
typedef struct {
  env *env;
  const node *call;
} world_host;

// A world at work.
typedef struct {
  env *env;
  lb_instance_t instance;
  lb_store_t store;
  lb_wit_func_t func;
  lb_wit_func_type_t type;
  world_host host;
} world;

static lb_error_t *run_world_host(void *data, lb_wit_context_t *context, const lb_wit_value_t *args, size_t nargs) {
  world_host *host = data;
  const lb_wit_func_type_t *type = lb_wit_context_type(context);
  wit_record_args(host->env, type, args, nargs);
  return wit_give(host->env, context, tree_find(host->call, "result"));
}

// Whether the function that was lent got just the arguments, once.
static void check_world_host(env *e, const node *args) {
  wit_entry *got = e->wit_log;
  e->wit_log = NULL;
  if (!got || got->next || got->count != args->count) {
    fail(e, "the host's function was not called once with %zu values", args->count);
    return;
  }
  const node *text = args->first;
  for (size_t i = 0; i < got->count; i++, text = text->next) check_text(e, text, got->texts[i]);
}

static void check_world_fuel(world *it, const node *call, uint64_t before) {
  lb_usage_t usage = LB_USAGE;
  lb_error_t *error = lb_store_usage(it->store, &usage);
  if (error) fail(it->env, "no usage: %s", lb_error_message(error));
  lb_error_free(error);
  const uint64_t wanted = tree_num(call, "fuel", before);
  if (usage.fuel_used != wanted) {
    fail(it->env, "fuel: expected %llu, got %llu", (unsigned long long)wanted, (unsigned long long)usage.fuel_used);
  }
}

// A call of a world: one that gives something, or one with a wrong value.
static void call_world(world *it, const node *call, uint64_t fuel) {
  lb_wit_value_t *args = NULL;
  lb_wit_result_t result = { NULL, 0 };
  size_t nargs;
  const node *fails = tree_find(call, "fails");
  it->host.call = call;
  lb_error_t *error = wit_args_of(it->env, &it->type, tree_find(call, "args"), &args, &nargs);
  if (!error) error = lb_wit_func_call(it->func, args, nargs, &result);
  if (error && fails) {
    check_failure(it->env, fails, error);
  } else if (error || fails) {
    fail(it->env, "%s", error ? lb_error_message(error) : "it did not fail");
  } else {
    char *told = wit_told(it->env, it->type.result, result.value);
    check_text(it->env, tree_find(call, "result"), told);
    free(told);
  }
  lb_error_free(error);
  lb_error_free(lb_wit_result_release(result));
  free(args);
  check_world_fuel(it, call, fuel);
}

static lb_error_t *open_world(world *it, const node *line, const char *folder, lb_engine_t engine) {
  char path[PATH_MAX], text[1 << 16];
  const char *file = tree_str(line, "file");
  lb_module_t module;
  lb_imports_t imports = { 0 };
  lb_limits_t limits = LB_LIMITS;
  lb_sandbox_t sandbox = LB_SANDBOX;
  limits.fuel = 1000000000000;
  sandbox.limits = &limits;
  snprintf(path, sizeof path, "%s/%s", folder, file ? file : "no file");
  lb_error_t *error = lb_module_load_file(&engine, path, &module);
  if (error) return error;
  const node *import = tree_find(line, "import");
  error = lb_imports_new(&imports);
  if (!error && import->first) {
    error = lb_imports_wit(imports, import->first->text, import->first->next->text, run_world_host, &it->host, NULL);
  }
  if (!error) error = lb_instance_new_with(module, &imports, &sandbox, &it->instance);
  lb_error_free(lb_imports_release(imports));
  lb_error_free(lb_module_release(module));
  if (!error) error = lb_instance_store(it->instance, &it->store);
  if (!error) error = lb_instance_wit_func(it->instance, tree_str(line, "func"), &it->func);
  if (!error) error = lb_wit_func_type(it->func, &it->type);
  if (!error) error = lb_wit_func_text(it->func, text, sizeof text, NULL);
  if (!error) check_text(it->env, tree_find(line, "type"), text);
  return error;
}

// Calls one world as often as its line says; gives how often that was.
static size_t run_world(env *e, const node *line, const char *folder, lb_engine_t engine) {
  world it = { .env = e, .host = { .env = e } };
  size_t calls = 0;
  uint64_t fuel = 0;
  lb_error_t *error = open_world(&it, line, folder, engine);
  if (error) fail(e, "%s", lb_error_message(error));
  lb_error_free(error);
  const node *call = tree_find(line, "calls")->first;
  for (; call && !e->failure[0]; call = call->next, calls++) {
    call_world(&it, call, fuel);
    fuel = tree_num(call, "fuel", fuel);
    if (tree_find(line, "import")->first) check_world_host(e, tree_find(call, "args"));
  }
  for (call = tree_find(line, "wrong")->first; call && !e->failure[0]; call = call->next) call_world(&it, call, fuel);
  lb_error_free(lb_wit_func_release(it.func));
  lb_error_free(lb_store_release(it.store));
  lb_error_free(lb_instance_close(it.instance));
  return calls;
}

static int run_worlds(const char *folder) {
  char path[PATH_MAX];
  lb_engine_options_t options = LB_ENGINE_OPTIONS;
  lb_engine_t engine;
  snprintf(path, sizeof path, "%s/cache", folder);
  options.cache = path;
  options.signal_handlers = cases_signal_handlers();
  lb_error_t *error = lb_engine_new(&options, &engine);
  if (error) cases_wrong("no engine", lb_error_message(error));
  char file[PATH_MAX];
  snprintf(file, sizeof file, "%s/worlds.jsonl", folder);
  char *line = tree_bytes(file, NULL);
  const char *most = getenv("LANDBRIDGE_WORLDS");
  size_t left = most ? strtoull(most, NULL, 10) : SIZE_MAX, worlds = 0, calls = 0, failed = 0;
  for (char *end; (end = strchr(line, '\n')) && left--; line = end + 1) {
    *end = 0;
    const node *one = tree_of(file, line).root;
    env *e = calloc(1, sizeof *e);
    calls += run_world(e, one, folder, engine);
    if (e->failure[0]) {
      printf("FAIL seed %s number %s: %s\n    make worlds SEED=%s COUNT=1 FIRST=%s\n", tree_str(one, "seed"),
             tree_str(one, "number"), e->failure, tree_str(one, "seed"), tree_str(one, "number"));
    }
    failed += e->failure[0] != 0;
    worlds++;
  }
  lb_error_free(lb_engine_release(engine));
  printf("worlds c: %zu worlds, %zu calls\n", worlds, calls);
  return failed || !worlds;
}

#endif
