// Runs the conformance cases through landbridge.h: `flatten.py ../../conformance c | conformance-c ../../conformance`.
//
// Every step is mapped to the API and nothing else. What a case makes stays until the case ends; nodes and
// names stay until the runner ends.

#include <dlfcn.h>
#include <landbridge.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>

#include "tree.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define MOST 64

enum sort { ENGINE = 10, MODULE, STORE, INSTANCE, VIEW };

// What is known by a name. Functions, memories, tables and globals have their LB_SORT_.
typedef struct thing {
  const char *name;
  uint32_t sort;
  lb_engine_t engine;
  lb_module_t module;
  lb_store_t store;
  lb_instance_t instance;
  lb_view_t view;
  lb_extern_t item;
  struct thing *next;
} thing;

// An object of the host's own: known by its address.
typedef struct object {
  const char *name;
  struct object *next;
} object;

typedef struct entry {
  lb_value_t *values;
  size_t count;
  struct entry *next;
} entry;

// A case, or the names of one thread of it.
typedef struct env {
  struct env *parent;
  thing *things;
  object *objects;
  entry *log, **log_end;
  char failure[1024];
} env;

static const char *root;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static env *outermost(env *e) {
  while (e->parent) e = e->parent;
  return e;
}

// Notes why a case fails; the first reason counts.
static void fail(env *e, const char *format, ...) {
  va_list args;
  va_start(args, format);
  if (!e->failure[0]) vsnprintf(e->failure, sizeof e->failure, format, args);
  va_end(args);
}

static thing *find(env *e, const char *name, uint32_t sort) {
  thing *found = NULL;
  pthread_mutex_lock(&lock);
  for (env *in = e; in && !found; in = in->parent) {
    for (found = in->things; found && strcmp(found->name, name ? name : ""); found = found->next) {}
  }
  pthread_mutex_unlock(&lock);
  static thing nothing;
  if (found && (!sort || found->sort == sort)) return found;
  fail(e, "nothing of this sort is known as %s", name ? name : "(no name)");
  return &nothing;
}

static thing *make(env *e, const node *step, uint32_t sort) {
  thing *made = calloc(1, sizeof *made);
  made->name = tree_str(step, "as");
  made->sort = sort;
  made->item.sort = sort;
  if (!made->name) {
    fail(e, "the step has no name under \"as\"");
    made->name = "";
  }
  return made;
}

// Makes a name known once the step went well.
static lb_error_t *keep(env *e, thing *made, lb_error_t *error) {
  if (error) return error;
  pthread_mutex_lock(&lock);
  made->next = e->things;
  e->things = made;
  pthread_mutex_unlock(&lock);
  return NULL;
}

static object *object_of(env *e, const char *name) {
  e = outermost(e);
  pthread_mutex_lock(&lock);
  object *found = e->objects;
  while (found && strcmp(found->name, name)) found = found->next;
  if (!found) {
    found = calloc(1, sizeof *found);
    found->name = name;
    found->next = e->objects;
    e->objects = found;
  }
  pthread_mutex_unlock(&lock);
  return found;
}

static lb_type_t type_of(env *e, const char *name) {
  for (lb_type_t type = 1; *lb_type_name(type); type++) {
    if (!strcmp(lb_type_name(type), name)) return type;
  }
  fail(e, "no type is named %s", name);
  return 0;
}

static size_t types_of(env *e, const node *names, lb_type_t types[MOST]) {
  size_t count = 0;
  for (const node *one = names ? names->first : NULL; one && count < MOST; one = one->next) {
    types[count++] = type_of(e, one->text);
  }
  return count;
}

static size_t bytes_of(const char *hex, uint8_t *bytes, size_t room) {
  size_t count = 0;
  for (; hex && hex[0] && hex[1] && count < room; hex += 2) {
    char two[3] = { hex[0], hex[1], 0 };
    bytes[count++] = (uint8_t)strtoul(two, NULL, 16);
  }
  return count;
}

// Reads a value; the caller owns its reference. wanted is the parameter's type where it is known.
static lb_value_t value_of(env *e, const node *tagged, lb_type_t wanted) {
  const node *one = tagged->first;
  const char *text = one->text;
  if (!strcmp(one->key, "i32")) return lb_i32((int32_t)strtol(text, NULL, 10));
  if (!strcmp(one->key, "i64")) return lb_i64(strtoll(text, NULL, 10));
  lb_value_t value = lb_i64(0);
  if (!strcmp(one->key, "f32")) {
    value.type = LB_TYPE_F32;
    value.of.i32 = (int32_t)strtoul(text, NULL, 16);
  } else if (!strcmp(one->key, "f64")) {
    value.type = LB_TYPE_F64;
    value.of.i64 = (int64_t)strtoull(text, NULL, 16);
  } else if (!strcmp(one->key, "v128")) {
    uint8_t bytes[16] = { 0 };
    bytes_of(text + 2, bytes, 16);
    value.type = LB_TYPE_V128;
    for (int i = 0; i < 16; i++) value.of.v128.bytes[i] = bytes[15 - i];
  } else if (!strcmp(one->key, "funcref")) {
    value = lb_funcref((lb_func_t){ 0 });
    if (text) lb_error_free(lb_func_clone(find(e, text, LB_SORT_FUNC)->item.of.func, &value.of.func));
  } else if (!strcmp(one->key, "externref")) {
    value = lb_externref((lb_externref_t){ 0 });
    if (text) lb_error_free(lb_externref_new(object_of(e, text), NULL, &value.of.externref));
  } else if (!strcmp(one->key, "int") && wanted == LB_TYPE_I32 && strtoll(text, NULL, 10) >= INT32_MIN &&
             strtoll(text, NULL, 10) <= UINT32_MAX) {
    value = lb_i32((int32_t)strtoll(text, NULL, 10));
  } else if (!strcmp(one->key, "int") && wanted == LB_TYPE_I64 && strlen(text) <= 20) {
    value = lb_i64(*text == '-' ? strtoll(text, NULL, 10) : (int64_t)strtoull(text, NULL, 10));
  } else {
    fail(e, "C cannot write the value %s %s", one->key, text ? text : "null");
  }
  return value;
}

static void release_values(lb_value_t *values, size_t count) {
  for (size_t i = 0; i < count; i++) lb_error_free(lb_value_release(&values[i]));
}

// The same for a list, to be freed with free_values().
static lb_value_t *values_of(env *e, const node *list, const lb_func_type_t *type, size_t *count) {
  lb_value_t *values = calloc(list ? list->count + 1 : 1, sizeof *values);
  *count = 0;
  for (const node *one = list ? list->first : NULL; one; one = one->next, ++*count) {
    values[*count] = value_of(e, one, type && *count < type->nparams ? type->params[*count] : 0);
  }
  return values;
}

static void free_values(lb_value_t *values, size_t count) {
  release_values(values, count);
  free(values);
}

static bool same_value(lb_value_t one, lb_value_t other) {
  if (one.type != other.type) return false;
  void *a = NULL, *b = NULL;
  switch (one.type) {
    case LB_TYPE_I32:
    case LB_TYPE_F32: return one.of.i32 == other.of.i32;
    case LB_TYPE_V128: return !memcmp(&one.of.v128, &other.of.v128, 16);
    case LB_TYPE_FUNCREF:
      return one.of.func.id == other.of.func.id || lb_func_same(one.of.func, other.of.func);
    case LB_TYPE_EXTERNREF:
      if (one.of.externref.id) lb_error_free(lb_externref_data(one.of.externref, NULL, &a));
      if (other.of.externref.id) lb_error_free(lb_externref_data(other.of.externref, NULL, &b));
      return a == b;
    default: return one.of.i64 == other.of.i64;
  }
}

static void check_values(env *e, const node *expected, const lb_value_t *found, size_t count) {
  if (!expected) return;
  if (expected->count != count) {
    fail(e, "expected %zu values, got %zu", expected->count, count);
    return;
  }
  const node *one = expected->first;
  for (size_t i = 0; i < count; i++, one = one->next) {
    lb_value_t wanted = value_of(e, one, 0);
    if (!same_value(wanted, found[i])) {
      fail(e, "value %zu: expected %s %s, got %s %#llx", i + 1, one->first->key,
           one->first->text ? one->first->text : "null", lb_type_name(found[i].type),
           (unsigned long long)found[i].of.i64);
    }
    release_values(&wanted, 1);
  }
}

static void check_text(env *e, const node *expected, const char *found) {
  const char *text = expected->text;
  if ((!text) != (!found) || (text && strcmp(text, found))) {
    fail(e, "expected %s, got %s", text ? text : "null", found ? found : "null");
  }
}

static void check_number(env *e, const node *step, const char *key, unsigned long long found) {
  if (tree_find(step, key) && tree_num(step, key, 0) != found) {
    fail(e, "%s: expected %s, got %llu", key, tree_str(step, key), found);
  }
}

// ---- Host functions ----

typedef struct host {
  env *env;
  const node *spec;
} host;

static lb_error_t *give(env *e, const node *list, lb_value_t *results, size_t nresults) {
  size_t count;
  lb_value_t *given = values_of(e, list, NULL, &count);
  if (count != nresults) {
    fail(e, "a host function of C cannot return another number of values");
    free_values(given, count);
    return lb_error_new(LB_KIND_INTERNAL, "another number of values");
  }
  memcpy(results, given, count * sizeof *given);
  free(given);
  return NULL;
}

static lb_error_t *close_named(env *e, const char *name) {
  thing *target = find(e, name, 0);
  if (target->sort == INSTANCE) return lb_instance_close(target->instance);
  if (target->sort == STORE) return lb_store_close(target->store);
  fail(e, "%s cannot be closed", name);
  return NULL;
}

static lb_value_t clone_value(lb_value_t value) {
  if (value.type == LB_TYPE_FUNCREF && value.of.func.id) {
    lb_error_free(lb_func_clone(value.of.func, &value.of.func));
  } else if (value.type == LB_TYPE_EXTERNREF && value.of.externref.id) {
    lb_error_free(lb_externref_clone(value.of.externref, &value.of.externref));
  }
  return value;
}

static void record(env *e, const lb_value_t *args, size_t nargs) {
  entry *made = calloc(1, sizeof *made);
  made->values = calloc(nargs + 1, sizeof *args);
  for (; made->count < nargs; made->count++) {
    made->values[made->count] = clone_value(args[made->count]);
  }
  e = outermost(e);
  pthread_mutex_lock(&lock);
  *e->log_end = made;
  e->log_end = &made->next;
  pthread_mutex_unlock(&lock);
}

static lb_value_t sum(const lb_value_t *args, size_t nargs) {
  lb_value_t total = args[0];
  for (size_t i = 1; i < nargs; i++) {
    switch (total.type) {
      case LB_TYPE_I32: total.of.i32 = (int32_t)((uint32_t)total.of.i32 + (uint32_t)args[i].of.i32); break;
      case LB_TYPE_I64: total.of.i64 = (int64_t)((uint64_t)total.of.i64 + (uint64_t)args[i].of.i64); break;
      case LB_TYPE_F32: total.of.f32 += args[i].of.f32; break;
      default: total.of.f64 += args[i].of.f64; break;
    }
  }
  return total;
}

static lb_error_t *call_export(env *e, const node *spec, const lb_value_t *args, size_t nargs, lb_value_t *results,
                               size_t nresults) {
  lb_instance_t instance = find(e, tree_str(spec, "instance"), INSTANCE)->instance;
  const node *given = tree_find(spec, "args");
  size_t count;
  lb_value_t *own = values_of(e, given, NULL, &count);
  lb_error_t *error =
      lb_instance_call(instance, tree_str(spec, "func"), given ? own : args, given ? count : nargs, results, nresults);
  free_values(own, count);
  return error;
}

static lb_error_t *write_caller_memory(const lb_context_t *context, const char *name) {
  lb_extern_t item;
  lb_error_t *error = lb_context_export(context, name, &item);
  if (error) return error;
  error = lb_memory_write(item.of.memory, 0, "\x2a", 1);
  lb_error_free(lb_extern_release(item));
  return error;
}

static lb_error_t *run_host(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                            lb_value_t *results, size_t nresults) {
  env *e = ((host *)data)->env;
  const node *spec = ((host *)data)->spec, *wanted = tree_find(spec, "results");
  const char *does = tree_str(spec, "does");
  lb_error_t *error = NULL;
  if (!strcmp(does, "give")) return give(e, wanted, results, nresults);
  if (!strcmp(does, "echo")) {
    if (nargs != nresults) fail(e, "a host function of C cannot return another number of values");
    memcpy(results, args, (nargs < nresults ? nargs : nresults) * sizeof *args);
    return NULL;
  }
  if (!strcmp(does, "add")) {
    results[0] = sum(args, nargs);
    return NULL;
  }
  if (!strcmp(does, "throw")) {
    const char *name = tree_str(spec, "exception");
    return lb_error_host(name, object_of(e, name), NULL);
  }
  if (!strcmp(does, "call")) return call_export(e, spec, args, nargs, results, nresults);
  if (!strcmp(does, "caller_memory")) return write_caller_memory(context, tree_str(spec, "name"));
  if (!strcmp(does, "record")) {
    record(e, args, nargs);
  } else if (!strcmp(does, "call_caught")) {
    lb_error_t *caught = call_export(e, spec, args, nargs, results, nresults);
    if (!caught) return NULL;
    lb_error_free(caught);
  } else if (!strcmp(does, "close")) {
    error = close_named(e, tree_str(spec, "target"));
  } else if (!strcmp(does, "grow")) {
    error = lb_memory_grow(find(e, tree_str(spec, "memory"), LB_SORT_MEMORY)->item.of.memory,
                           tree_num(spec, "pages", 0), NULL);
  } else {
    fail(e, "no host function does %s", does);
  }
  return error ? error : give(e, wanted, results, nresults);
}

static host *host_of(env *e, const node *spec) {
  host *made = malloc(sizeof *made);
  *made = (host){ e, spec };
  return made;
}

// ---- Steps ----

static lb_error_t *imports_of(env *e, const node *list, lb_imports_t *imports) {
  lb_error_t *error = lb_imports_new(imports);
  for (const node *one = list ? list->first : NULL; one && !error; one = one->next) {
    const char *module = tree_str(one, "module"), *name = tree_str(one, "name");
    if (tree_find(one, "host")) {
      error = lb_imports_func(*imports, module, name, run_host, host_of(e, tree_find(one, "host")), free);
    } else if (tree_find(one, "item")) {
      error = lb_imports_define(*imports, module, name, find(e, tree_str(one, "item"), 0)->item);
    } else {
      error = lb_imports_instance(*imports, module, find(e, tree_str(one, "instance"), INSTANCE)->instance);
    }
  }
  return error;
}

static const lb_engine_t *engine_of(env *e, const node *step) {
  const char *name = tree_str(step, "engine");
  return name ? &find(e, name, ENGINE)->engine : NULL;
}

static lb_memory_t memory_of(env *e, const node *step) {
  return find(e, tree_str(step, "memory"), LB_SORT_MEMORY)->item.of.memory;
}

static lb_table_t table_of(env *e, const node *step) {
  return find(e, tree_str(step, "table"), LB_SORT_TABLE)->item.of.table;
}

static lb_global_t global_of(env *e, const node *step) {
  return find(e, tree_str(step, "global"), LB_SORT_GLOBAL)->item.of.global;
}

static lb_store_t store_of(env *e, const node *step) { return find(e, tree_str(step, "store"), STORE)->store; }

static lb_error_t *do_engine(env *e, const node *step) {
  lb_engine_options_t options = LB_ENGINE_OPTIONS;
  options.stack_bytes = tree_num(step, "stack_bytes", 0);
  const node *interruptible = tree_find(step, "interruptible");
  if (interruptible) options.interruptible = interruptible->kind == 'T';
  thing *made = make(e, step, ENGINE);
  return keep(e, made, lb_engine_new(&options, &made->engine));
}

static lb_error_t *do_load(env *e, const node *step) {
  const node *module = tree_find(step, "module"), *direct = tree_find(step, "path");
  const char *path = direct ? direct->text : NULL;
  char file[PATH_MAX];
  if (!path && module && module->kind == 'O') path = tree_str(module, "path");
  if (!path) snprintf(file, sizeof file, "%s/modules/%s", root, module->text);
  thing *made = make(e, step, MODULE);
  return keep(e, made, lb_module_load_file(engine_of(e, step), path ? path : file, &made->module));
}

static lb_error_t *do_load_text(env *e, const node *step) {
  thing *made = make(e, step, MODULE);
  return keep(e, made, lb_module_load_text(engine_of(e, step), tree_str(step, "text"), &made->module));
}

static lb_error_t *do_load_bytes(env *e, const node *step) {
  const char *hex = tree_str(step, "hex");
  uint8_t *bytes = malloc(strlen(hex) + 1);
  size_t length = bytes_of(hex, bytes, strlen(hex));
  thing *made = make(e, step, MODULE);
  lb_error_t *error = lb_module_load_bytes(engine_of(e, step), bytes, length, &made->module);
  free(bytes);
  return keep(e, made, error);
}

static lb_module_t module_of(env *e, const node *step) { return find(e, tree_str(step, "module"), MODULE)->module; }

static lb_error_t *do_name(env *e, const node *step) {
  const char *name;
  lb_error_t *error = lb_module_name(module_of(e, step), &name);
  if (!error) check_text(e, tree_find(step, "equals"), name);
  return error;
}

static void check_line(env *e, const node *line, const char *module, const char *name, const lb_extern_type_t *type) {
  char text[4096];
  lb_extern_type_text(type, text, sizeof text);
  const node *part = line->first;
  if (module) {
    check_text(e, part, module);
    part = part->next;
  }
  check_text(e, part, name);
  check_text(e, part->next, text);
}

static lb_error_t *do_imports(env *e, const node *step) {
  const lb_import_t *imports;
  size_t count;
  lb_error_t *error = lb_module_imports(module_of(e, step), &imports, &count);
  if (error) return error;
  const node *expected = tree_find(step, "equals"), *line = expected->first;
  if (expected->count != count) fail(e, "expected %zu imports, got %zu", expected->count, count);
  for (size_t i = 0; i < count && line; i++, line = line->next) {
    check_line(e, line, imports[i].module, imports[i].name, &imports[i].type);
  }
  return NULL;
}

static lb_error_t *do_exports(env *e, const node *step) {
  const lb_export_t *exports;
  size_t count;
  lb_error_t *error = lb_module_exports(module_of(e, step), &exports, &count);
  if (error) return error;
  const node *expected = tree_find(step, "equals"), *line = expected->first;
  if (expected->count != count) fail(e, "expected %zu exports, got %zu", expected->count, count);
  for (size_t i = 0; i < count && line; i++, line = line->next) {
    check_line(e, line, NULL, exports[i].name, &exports[i].type);
  }
  return NULL;
}

static lb_error_t *do_store(env *e, const node *step) {
  thing *made = make(e, step, STORE);
  return keep(e, made, lb_store_new(engine_of(e, step), &made->store));
}

static lb_error_t *do_instantiate(env *e, const node *step) {
  lb_imports_t imports;
  lb_error_t *error = imports_of(e, tree_find(step, "imports"), &imports);
  thing *made = make(e, step, INSTANCE);
  if (!error && tree_find(step, "store")) {
    error = lb_store_instantiate(store_of(e, step), module_of(e, step), &imports, &made->instance);
  } else if (!error) {
    error = lb_instance_new(module_of(e, step), &imports, &made->instance);
  }
  lb_error_free(lb_imports_release(imports));
  return keep(e, made, error);
}

static lb_error_t *do_export(env *e, const node *step) {
  static const char *sorts[] = { "func", "memory", "table", "global" };
  const char *sort = tree_str(step, "sort"), *name = tree_str(step, "name");
  lb_instance_t instance = find(e, tree_str(step, "instance"), INSTANCE)->instance;
  uint32_t number = 0;
  while (number < COUNT(sorts) && strcmp(sorts[number], sort)) number++;
  thing *made = make(e, step, ++number);
  switch (number) {
    case LB_SORT_FUNC: return keep(e, made, lb_instance_func(instance, name, &made->item.of.func));
    case LB_SORT_MEMORY: return keep(e, made, lb_instance_memory(instance, name, &made->item.of.memory));
    case LB_SORT_TABLE: return keep(e, made, lb_instance_table(instance, name, &made->item.of.table));
    case LB_SORT_GLOBAL: return keep(e, made, lb_instance_global(instance, name, &made->item.of.global));
    default: fail(e, "no sort is named %s", sort); return NULL;
  }
}

static lb_error_t *do_call(env *e, const node *step) {
  const char *object_name = tree_str(step, "object");
  lb_func_t func = { 0 };
  lb_func_type_t type = { 0 };
  lb_instance_t instance = { 0 };
  lb_error_t *error = NULL;
  if (object_name) {
    func = find(e, object_name, LB_SORT_FUNC)->item.of.func;
    error = lb_func_type(func, &type);
  } else {
    instance = find(e, tree_str(step, "instance"), INSTANCE)->instance;
    lb_error_free(lb_instance_func(instance, tree_str(step, "func"), &func));
    lb_error_free(lb_func_type(func, &type));
  }
  if (error) return error;
  size_t nargs, nresults = type.nresults;
  lb_value_t *args = values_of(e, tree_find(step, "args"), &type, &nargs);
  lb_value_t *results = calloc(nresults + 1, sizeof *results);
  error = object_name ? lb_func_call(func, args, nargs, results, nresults)
                      : lb_instance_call(instance, tree_str(step, "func"), args, nargs, results, nresults);
  if (!error) check_values(e, tree_find(step, "results"), results, nresults);
  free_values(args, nargs);
  free_values(results, nresults);
  if (!object_name) lb_error_free(lb_func_release(func));
  return error;
}

static lb_error_t *do_func_type(env *e, const node *step) {
  lb_func_type_t type;
  char text[4096];
  lb_error_t *error = lb_func_type(find(e, tree_str(step, "object"), LB_SORT_FUNC)->item.of.func, &type);
  if (error) return error;
  lb_func_type_text(&type, text, sizeof text);
  check_text(e, tree_find(step, "equals"), text);
  return NULL;
}

static lb_error_t *do_same_func(env *e, const node *step) {
  bool same = lb_func_same(find(e, tree_str(step, "object"), LB_SORT_FUNC)->item.of.func,
                           find(e, tree_str(step, "other"), LB_SORT_FUNC)->item.of.func);
  if (same != (tree_find(step, "equals")->kind == 'T')) fail(e, "same_func is %d", same);
  return NULL;
}

static lb_error_t *do_new_func(env *e, const node *step) {
  lb_type_t params[MOST], results[MOST];
  lb_func_type_t type = { params, types_of(e, tree_find(step, "params"), params), results,
                          types_of(e, tree_find(step, "results"), results) };
  thing *made = make(e, step, LB_SORT_FUNC);
  return keep(e, made, lb_func_new(store_of(e, step), &type, &made->item.of.func, run_host,
                                   host_of(e, tree_find(step, "host")), free));
}

static lb_error_t *do_new_memory(env *e, const node *step) {
  lb_memory_type_t type = { tree_num(step, "min", 0), tree_num(step, "max", LB_NO_MAX), 0, false };
  thing *made = make(e, step, LB_SORT_MEMORY);
  return keep(e, made, lb_memory_new(store_of(e, step), &type, &made->item.of.memory));
}

static lb_error_t *do_new_table(env *e, const node *step) {
  lb_table_type_t type = { tree_num(step, "min", 0), tree_num(step, "max", LB_NO_MAX),
                           type_of(e, tree_str(step, "element")) };
  lb_value_t init = value_of(e, tree_find(step, "init"), 0);
  thing *made = make(e, step, LB_SORT_TABLE);
  lb_error_t *error = lb_table_new(store_of(e, step), &type, init, &made->item.of.table);
  release_values(&init, 1);
  return keep(e, made, error);
}

static lb_error_t *do_new_global(env *e, const node *step) {
  const node *is_mutable = tree_find(step, "mutable");
  lb_global_type_t type = { type_of(e, tree_str(step, "type")), is_mutable && is_mutable->kind == 'T' };
  lb_value_t value = value_of(e, tree_find(step, "value"), 0);
  thing *made = make(e, step, LB_SORT_GLOBAL);
  lb_error_t *error = lb_global_new(store_of(e, step), &type, value, &made->item.of.global);
  release_values(&value, 1);
  return keep(e, made, error);
}

static void check_bytes(env *e, const char *hex, const uint8_t *found, size_t length) {
  uint8_t *wanted = malloc(length + 1);
  if (bytes_of(hex, wanted, length) != length || strlen(hex) != 2 * length || memcmp(wanted, found, length)) {
    fail(e, "the bytes are not %.60s, the first is %02x", hex, length ? found[0] : 0);
  }
  free(wanted);
}

static lb_error_t *do_read(env *e, const node *step) {
  const char *hex = tree_str(step, "hex");
  size_t length = tree_num(step, "length", hex ? strlen(hex) / 2 : 0);
  // A length that no memory has is asked for all the same, with no more room than could be needed.
  uint8_t *bytes = malloc(length < (1u << 30) ? length + 1 : 1);
  lb_error_t *error = lb_memory_read(memory_of(e, step), tree_num(step, "offset", 0), bytes, length);
  if (!error && hex) check_bytes(e, hex, bytes, length);
  free(bytes);
  return error;
}

static lb_error_t *do_write(env *e, const node *step) {
  const char *hex = tree_str(step, "hex");
  uint8_t *bytes = malloc(strlen(hex) + 1);
  size_t length = bytes_of(hex, bytes, strlen(hex));
  lb_error_t *error = lb_memory_write(memory_of(e, step), tree_num(step, "offset", 0), bytes, length);
  free(bytes);
  return error;
}

static lb_error_t *do_grow(env *e, const node *step) {
  uint64_t former;
  lb_error_t *error = lb_memory_grow(memory_of(e, step), tree_num(step, "pages", 0), &former);
  if (!error) check_number(e, step, "result", former);
  return error;
}

static lb_error_t *do_size(env *e, const node *step) {
  uint64_t pages, bytes;
  lb_error_t *error = lb_memory_size_pages(memory_of(e, step), &pages);
  if (!error) error = lb_memory_size_bytes(memory_of(e, step), &bytes);
  if (error) return error;
  check_number(e, step, "pages", pages);
  check_number(e, step, "bytes", bytes);
  return NULL;
}

static lb_error_t *do_view(env *e, const node *step) {
  thing *made = make(e, step, VIEW);
  return keep(e, made, lb_memory_view(memory_of(e, step), &made->view));
}

static uint8_t *in_view(env *e, const node *step) {
  lb_view_t view = find(e, tree_str(step, "view"), VIEW)->view;
  size_t offset = tree_num(step, "offset", 0), length = strlen(tree_str(step, "hex")) / 2;
  if (offset <= view.length && length <= view.length - offset) return view.data + offset;
  fail(e, "the view has %zu bytes only", view.length);
  return NULL;
}

static lb_error_t *do_view_read(env *e, const node *step) {
  uint8_t *bytes = in_view(e, step);
  if (bytes) check_bytes(e, tree_str(step, "hex"), bytes, strlen(tree_str(step, "hex")) / 2);
  return NULL;
}

static lb_error_t *do_view_write(env *e, const node *step) {
  uint8_t *bytes = in_view(e, step);
  if (bytes) bytes_of(tree_str(step, "hex"), bytes, strlen(tree_str(step, "hex")) / 2);
  return NULL;
}

static lb_error_t *check_value(env *e, const node *step, lb_error_t *error, lb_value_t value) {
  if (error) return error;
  const node list = { 'A', NULL, NULL, 1, (node *)tree_find(step, "value"), NULL };
  check_values(e, &list, &value, 1);
  release_values(&value, 1);
  return NULL;
}

static lb_error_t *do_table_get(env *e, const node *step) {
  lb_value_t value;
  lb_error_t *error = lb_table_get(table_of(e, step), tree_num(step, "index", 0), &value);
  return check_value(e, step, error, value);
}

static lb_error_t *do_table_set(env *e, const node *step) {
  lb_value_t value = value_of(e, tree_find(step, "value"), 0);
  lb_error_t *error = lb_table_set(table_of(e, step), tree_num(step, "index", 0), value);
  release_values(&value, 1);
  return error;
}

static lb_error_t *do_table_grow(env *e, const node *step) {
  uint64_t former;
  lb_value_t init = value_of(e, tree_find(step, "init"), 0);
  lb_error_t *error = lb_table_grow(table_of(e, step), tree_num(step, "delta", 0), init, &former);
  release_values(&init, 1);
  if (!error) check_number(e, step, "result", former);
  return error;
}

static lb_error_t *do_table_size(env *e, const node *step) {
  uint64_t size;
  lb_error_t *error = lb_table_size(table_of(e, step), &size);
  if (!error) check_number(e, step, "equals", size);
  return error;
}

static lb_error_t *do_global_get(env *e, const node *step) {
  lb_value_t value;
  lb_error_t *error = lb_global_get(global_of(e, step), &value);
  return check_value(e, step, error, value);
}

static lb_error_t *do_global_set(env *e, const node *step) {
  lb_value_t value = value_of(e, tree_find(step, "value"), 0);
  lb_error_t *error = lb_global_set(global_of(e, step), value);
  release_values(&value, 1);
  return error;
}

static lb_error_t *do_type(env *e, const node *step) {
  thing *object = find(e, tree_str(step, "object"), 0);
  lb_extern_type_t type = { object->sort, { { 0 } } };
  char text[256] = "";
  lb_error_t *error = NULL;
  if (object->sort == LB_SORT_MEMORY) {
    error = lb_memory_type(object->item.of.memory, &type.of.memory);
    if (!error) lb_memory_type_text(&type.of.memory, text, sizeof text);
  } else if (object->sort == LB_SORT_TABLE) {
    error = lb_table_type(object->item.of.table, &type.of.table);
    if (!error) lb_table_type_text(&type.of.table, text, sizeof text);
  } else {
    error = lb_global_type(object->item.of.global, &type.of.global);
    if (!error) lb_global_type_text(&type.of.global, text, sizeof text);
  }
  if (!error) check_text(e, tree_find(step, "equals"), text);
  return error;
}

static lb_error_t *do_close(env *e, const node *step) { return close_named(e, tree_str(step, "target")); }

static lb_error_t *do_log(env *e, const node *step) {
  const node *line = tree_find(step, "equals")->first;
  entry *one = outermost(e)->log;
  for (; line && one; line = line->next, one = one->next) check_values(e, line, one->values, one->count);
  if (line || one) fail(e, "the log is %s than expected", line ? "shorter" : "longer");
  return NULL;
}

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

static const struct {
  const char *name;
  lb_error_t *(*run)(env *e, const node *step);
  const char *keys;
} verbs[] = {
  { "engine", do_engine, "as interruptible stack_bytes" },
  { "load", do_load, "module path as engine" },
  { "load_text", do_load_text, "text as engine" },
  { "load_bytes", do_load_bytes, "hex as engine" },
  { "name", do_name, "module equals" },
  { "imports", do_imports, "module equals" },
  { "exports", do_exports, "module equals" },
  { "store", do_store, "as engine" },
  { "instantiate", do_instantiate, "module as store imports" },
  { "export", do_export, "instance sort name as" },
  { "call", do_call, "instance func object args results" },
  { "func_type", do_func_type, "object equals" },
  { "same_func", do_same_func, "object other equals" },
  { "new_func", do_new_func, "store params results host as" },
  { "new_memory", do_new_memory, "store min max as" },
  { "new_table", do_new_table, "store element min max init as" },
  { "new_global", do_new_global, "store type mutable value as" },
  { "read", do_read, "memory offset length hex" },
  { "write", do_write, "memory offset hex" },
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
  { "close", do_close, "target" },
  { "log", do_log, "equals" },
  { "in_threads", do_in_threads, "threads times steps" },
  { "small_stack", do_small_stack, "bytes steps" },
};

// ---- Failures ----

static void check_failure(env *e, const node *fails, const lb_error_t *error) {
  if (strcmp(tree_str(fails, "kind"), lb_error_kind_name(error))) {
    fail(e, "expected kind %s, got %s: %s", tree_str(fails, "kind"), lb_error_kind_name(error),
         lb_error_message(error));
  }
  for (const node *one = fails->first; one; one = one->next) {
    if (!strcmp(one->key, "code")) {
      check_text(e, one, lb_error_trap_name(error));
    } else if (!strcmp(one->key, "message")) {
      for (const node *part = one->first; part; part = part->next) {
        if (!strstr(lb_error_message(error), part->text)) {
          fail(e, "%s is not in the message: %s", part->text, lb_error_message(error));
        }
      }
    } else if (!strcmp(one->key, "frames")) {
      size_t i = 0;
      if (!one->first && lb_error_frame_count(error)) fail(e, "there are frames");
      for (const node *name = one->first; name; name = name->next, i++) {
        const lb_frame_t *frame = lb_error_frame(error, i);
        if (!frame) fail(e, "there are %zu frames only", lb_error_frame_count(error));
        if (frame) check_text(e, name, frame->func_name);
      }
    } else if (!strcmp(one->key, "exception")) {
      if (lb_error_host_exception(error) != object_of(e, one->text)) fail(e, "the exception is not %s", one->text);
      if (strcmp(lb_error_message(error), one->text)) fail(e, "the message is %s", lb_error_message(error));
    } else if (strcmp(one->key, "kind")) {
      fail(e, "an unknown key in fails: %s", one->key);
    }
  }
}

static bool is_word(const char *list, const char *word) {
  size_t length = strlen(word);
  for (const char *at = list; (at = strstr(at, word)); at++) {
    if ((at == list || at[-1] == ' ') && (!at[length] || at[length] == ' ')) return true;
  }
  return false;
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
    if (!is_word("do fails", one->key) && !is_word(verbs[verb].keys, one->key)) fail(e, "an unknown key: %s", one->key);
  }
  const node *fails = tree_find(step, "fails");
  lb_error_t *error = verbs[verb].run(e, step);
  if (error && fails) {
    check_failure(e, fails, error);
  } else if (error) {
    fail(e, "%s: %s", lb_error_kind_name(error), lb_error_message(error));
  } else if (fails) {
    fail(e, "it did not fail");
  }
  lb_error_free(error);
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

static void release_all(env *e) {
  for (thing *one = e->things; one; one = one->next) {
    switch (one->sort) {
      case ENGINE: lb_error_free(lb_engine_release(one->engine)); break;
      case MODULE: lb_error_free(lb_module_release(one->module)); break;
      case STORE: lb_error_free(lb_store_release(one->store)); break;
      case INSTANCE: lb_error_free(lb_instance_release(one->instance)); break;
      case VIEW: lb_error_free(lb_view_release(one->view)); break;
      default: lb_error_free(lb_extern_release(one->item)); break;
    }
  }
  for (entry *one = e->log; one; one = one->next) release_values(one->values, one->count);
}

// ---- The surface ----

// The functions for an operation of surface.txt, where its name does not say it.
static const char *const spelt[][2] = {
  { "module.instantiate", "lb_instance_new" },
  { "error.frames", "lb_error_frame" },
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
  if (argc != 2) {
    fprintf(stderr, "usage: flatten.py CONFORMANCE c | %s CONFORMANCE\n", argv[0]);
    return 2;
  }
  root = argv[1];
  size_t passed = 0, skipped = 0, failed = check_surface();
  const node *cases = tree_read(stdin);
  for (const node *one = cases->first; one; one = one->next) {
    if (tree_find(one, "skip")) {
      skipped++;
      continue;
    }
    env *e = calloc(1, sizeof *e);
    e->log_end = &e->log;
    run_steps(e, tree_find(one, "steps"));
    if (e->failure[0]) printf("FAIL %s: %s\n", tree_str(one, "name"), e->failure);
    e->failure[0] ? failed++ : passed++;
    release_all(e);
  }
  printf("conformance c: %zu passed, %zu failed, %zu skipped\n", passed, failed, skipped);
  return failed != 0;
}
