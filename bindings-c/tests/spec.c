// Runs the official test suite through landbridge.h, see conformance/spec/README.md.

#include <landbridge.h>

#include "spec.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static lb_engine_t engine;

// An instance or a definition that was made, in the order of making, the last one first.
typedef struct made {
  const char *name;
  lb_instance_t instance;
  lb_module_t module;
  struct made *next;
} made;

// A host object: known by its address.
typedef struct object {
  const char *name;
  struct object *next;
} object;

typedef struct {
  const char *bytes;
  lb_store_t store;
  lb_imports_t imports;
  made *all;
  lb_instance_t instance;
  lb_module_t definition;
  object *objects;
  char why[512];
} file;

// ---- The host module ----

static void must(lb_error_t *error) {
  if (!error) return;
  fprintf(stderr, "%s: %s\n", lb_error_kind_name(error), lb_error_message(error));
  exit(2);
}

static void lend(file *f, const char *name, lb_extern_t item) {
  must(lb_imports_define(f->imports, "spectest", name, item));
  must(lb_extern_release(item));
}

static lb_error_t *print(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                         lb_value_t *results, size_t nresults) {
  (void)data, (void)context, (void)args, (void)nargs, (void)results, (void)nresults;
  return NULL;
}

static void lend_funcs(file *f) {
  static const struct {
    const char *name;
    lb_type_t params[2];
    size_t count;
  } prints[] = {
    { "print", { 0 }, 0 },
    { "print_i32", { LB_TYPE_I32 }, 1 },
    { "print_i64", { LB_TYPE_I64 }, 1 },
    { "print_f32", { LB_TYPE_F32 }, 1 },
    { "print_f64", { LB_TYPE_F64 }, 1 },
    { "print_i32_f32", { LB_TYPE_I32, LB_TYPE_F32 }, 2 },
    { "print_f64_f64", { LB_TYPE_F64, LB_TYPE_F64 }, 2 },
  };
  for (size_t i = 0; i < COUNT(prints); i++) {
    lb_func_t func;
    const lb_func_type_t type = { prints[i].params, prints[i].count, NULL, 0 };
    must(lb_func_new(f->store, &type, &func, print, NULL, NULL));
    lend(f, prints[i].name, lb_extern_func(func));
  }
}

static void lend_globals(file *f) {
  static const struct {
    const char *name;
    lb_value_t value;
  } globals[] = {
    { "global_i32", LB_I32(666) },
    { "global_i64", LB_I64(666) },
    { "global_f32", LB_F32(666.6f) },
    { "global_f64", LB_F64(666.6) },
  };
  for (size_t i = 0; i < COUNT(globals); i++) {
    lb_global_t global;
    const lb_global_type_t type = { globals[i].value.type, false };
    must(lb_global_new(f->store, &type, globals[i].value, &global));
    lend(f, globals[i].name, lb_extern_global(global));
  }
}

static void lend_table(file *f, const char *name, bool is_64) {
  lb_table_t table;
  const lb_table_type_t type = { 10, 20, LB_TYPE_FUNCREF, is_64 };
  must(lb_table_new(f->store, &type, lb_funcref((lb_func_t){ 0 }), &table));
  lend(f, name, lb_extern_table(table));
}

static void lend_memory(file *f) {
  lb_memory_t memory;
  const lb_memory_type_t type = { 1, 2, 0, false };
  must(lb_memory_new(f->store, &type, &memory));
  lend(f, "memory", lb_extern_memory(memory));
}

static void *open_file(const char *bytes) {
  file *f = calloc(1, sizeof *f);
  f->bytes = bytes;
  must(lb_store_new(&engine, &f->store));
  must(lb_imports_new(&f->imports));
  lend_funcs(f);
  lend_globals(f);
  lend_table(f, "table", false);
  lend_table(f, "table64", true);
  lend_memory(f);
  return f;
}

static void close_file(void *data) {
  file *f = data;
  for (made *one = f->all, *next; one; one = next) {
    next = one->next;
    lb_error_free(one->module.id ? lb_module_release(one->module) : lb_instance_release(one->instance));
    free(one);
  }
  for (object *one = f->objects, *next; one; one = next) {
    next = one->next;
    free(one);
  }
  must(lb_imports_release(f->imports));
  must(lb_store_close(f->store));
  free(f);
}

// ---- Values ----

static void *object_of(file *f, const char *name) {
  object *found = f->objects;
  while (found && strcmp(found->name, name)) found = found->next;
  if (found) return found;
  found = malloc(sizeof *found);
  *found = (object){ name, f->objects };
  return f->objects = found;
}

// The null of a type, or a reference to a host object, which the caller releases.
static lb_value_t reference_of(file *f, const char *type, const char *name) {
  lb_value_t value = lb_i64(0);
  for (value.type = LB_TYPE_FUNCREF; strcmp(lb_type_name(value.type), type); value.type++) {
    if (value.type > LB_TYPE_NULLEXNREF) must(lb_error_new(LB_KIND_TYPE, type));
  }
  if (name) must(lb_externref_new(object_of(f, name), NULL, &value.of.externref));
  return value;
}

static lb_value_t value_of(file *f, const node *tagged) {
  const char *tag = tagged->first->key, *text = tagged->first->text;
  uint64_t bits[2] = { 0, 0 };
  if (text && (*tag == 'f' || *tag == 'v')) spec_bits(text, bits);
  lb_value_t value = lb_i64((int64_t)bits[0]);
  if (!strcmp(tag, "i32")) return lb_i32((int32_t)strtol(text, NULL, 10));
  if (!strcmp(tag, "i64")) return lb_i64(strtoll(text, NULL, 10));
  if (!strcmp(tag, "v128")) return lb_v128(lb_v128_i64x2((int64_t[]){ (int64_t)bits[0], (int64_t)bits[1] }));
  if (!strcmp(tag, "f32")) {
    value.type = LB_TYPE_F32;
  } else if (!strcmp(tag, "f64")) {
    value.type = LB_TYPE_F64;
  } else {
    value = reference_of(f, tag, text);
  }
  return value;
}

static lb_value_t *values_of(file *f, const node *list) {
  lb_value_t *values = calloc(list->count + 1, sizeof *values), *to = values;
  for (const node *one = list->first; one; one = one->next) *to++ = value_of(f, one);
  return values;
}

static void free_values(lb_value_t *values, size_t count) {
  for (size_t i = 0; i < count; i++) lb_error_free(lb_value_release(&values[i]));
  free(values);
}

static bool is_null(lb_value_t value) {
  return value.type >= LB_TYPE_FUNCREF && value.type != LB_TYPE_I31REF && !value.of.func.id;
}

static bool is_sort(lb_value_t value, const char *sort) {
  if (is_null(value)) return !strcmp(sort, "null");
  const lb_type_t type = value.type;
  const bool is_i31 = type == LB_TYPE_I31REF, is_struct = type == LB_TYPE_STRUCTREF, is_array = type == LB_TYPE_ARRAYREF;
  if (!strcmp(sort, "func")) return type == LB_TYPE_FUNCREF;
  if (!strcmp(sort, "extern")) return type == LB_TYPE_EXTERNREF;
  if (!strcmp(sort, "exn")) return type == LB_TYPE_EXNREF;
  if (!strcmp(sort, "any")) return lb_type_top(type) == LB_TYPE_ANYREF;
  if (!strcmp(sort, "eq")) return is_i31 || is_struct || is_array;
  if (!strcmp(sort, "i31")) return is_i31;
  if (!strcmp(sort, "struct")) return is_struct;
  return !strcmp(sort, "array") && is_array;
}

static bool is_same(file *f, lb_value_t found, const node *tagged) {
  lb_value_t wanted = value_of(f, tagged);
  void *one = NULL, *other = NULL;
  bool same = found.type == wanted.type;
  if (found.type == LB_TYPE_V128) {
    same = same && !memcmp(found.of.v128.bytes, wanted.of.v128.bytes, 16);
  } else if (same && found.type >= LB_TYPE_FUNCREF && wanted.of.externref.id) {
    lb_error_free(lb_externref_data(found.of.externref, NULL, &one));
    lb_error_free(lb_externref_data(wanted.of.externref, NULL, &other));
    same = one == other;
  } else if (found.type == LB_TYPE_I32 || found.type == LB_TYPE_F32) {
    same = same && found.of.i32 == wanted.of.i32;
  } else {
    same = same && found.of.i64 == wanted.of.i64;
  }
  lb_error_free(lb_value_release(&wanted));
  return same;
}

static bool fits_lanes(lb_v128_t found, const node *lane, int width) {
  for (size_t i = 0; lane; lane = lane->next, i++) {
    const uint64_t bits = width == 32 ? (uint32_t)lb_v128_i32x4_lane(found, i) : (uint64_t)lb_v128_i64x2_lane(found, i);
    if (!spec_is_float(bits, lane->text, width)) return false;
  }
  return true;
}

static bool fits(file *f, lb_value_t found, const node *expected) {
  const node *one = expected->first;
  if (!strcmp(one->key, "either")) {
    const node *choice = one->first;
    while (choice && !fits(f, found, choice)) choice = choice->next;
    return choice != NULL;
  }
  if (!strcmp(one->key, "ref")) return is_sort(found, one->text);
  if (!strcmp(one->key, "f32x4")) return found.type == LB_TYPE_V128 && fits_lanes(found.of.v128, one->first, 32);
  if (!strcmp(one->key, "f64x2")) return found.type == LB_TYPE_V128 && fits_lanes(found.of.v128, one->first, 64);
  if (!strcmp(one->key, "f32")) {
    return found.type == LB_TYPE_F32 && spec_is_float((uint32_t)found.of.i32, one->text, 32);
  }
  if (!strcmp(one->key, "f64")) {
    return found.type == LB_TYPE_F64 && spec_is_float((uint64_t)found.of.i64, one->text, 64);
  }
  return is_same(f, found, expected);
}

// ---- Commands ----

// A command ends with an error of the library, or with a text in why, or as it should.

static lb_error_t *wrong(file *f, const char *what, const char *which) {
  snprintf(f->why, sizeof f->why, "%s %s", what, which);
  return NULL;
}

static lb_error_t *load(file *f, const node *command, lb_module_t *module) {
  const uint8_t *bytes = (const uint8_t *)f->bytes + tree_num(command, "at", 0);
  return lb_module_load_bytes(&engine, bytes, tree_num(command, "size", 0), module);
}

static made *keep(file *f, const char *name) {
  made *one = calloc(1, sizeof *one);
  one->name = name;
  one->next = f->all;
  return f->all = one;
}

static lb_error_t *instantiate(file *f, lb_module_t module, const char *name) {
  lb_instance_t instance;
  lb_error_t *error = lb_store_instantiate(f->store, module, &f->imports, &instance);
  if (!error) f->instance = keep(f, name)->instance = instance;
  return error;
}

// What is known by a name; instances and definitions are apart.
static const made *find(file *f, const char *name, bool is_module) {
  const made *found = f->all;
  while (found && (!found->name || strcmp(found->name, name) || !found->module.id == is_module)) found = found->next;
  static const made nothing;
  if (!found) wrong(f, "nothing is known as", name);
  return found ? found : &nothing;
}

static lb_instance_t instance_of(file *f, const node *from) {
  const char *name = tree_str(from, "of");
  return name ? find(f, name, false)->instance : f->instance;
}

static void check_results(file *f, const node *expected, const lb_value_t *found, size_t count) {
  if (!expected) return;
  if (expected->count != count) wrong(f, "another number of", "results");
  const node *one = expected->first;
  for (size_t i = 0; one && i < count; one = one->next, i++) {
    if (fits(f, found[i], one)) continue;
    snprintf(f->why, sizeof f->why, "result %zu: expected %s %s, got %s %#llx", i + 1, one->first->key,
             one->first->text ? one->first->text : "", lb_type_name(found[i].type), (unsigned long long)found[i].of.i64);
  }
}

static lb_error_t *invoke(file *f, const node *action, const node *expected) {
  lb_func_t func;
  lb_func_type_t type = { 0 };
  lb_error_t *error = lb_instance_func(instance_of(f, action), tree_str(action, "name"), &func);
  if (!error) error = lb_func_type(func, &type);
  const node *list = tree_find(action, "args");
  lb_value_t *args = values_of(f, list), *results = calloc(type.nresults + 1, sizeof *results);
  if (!error) error = lb_func_call(func, args, list->count, results, type.nresults);
  if (!error) check_results(f, expected, results, type.nresults);
  free_values(args, list->count);
  free_values(results, type.nresults);
  lb_error_free(lb_func_release(func));
  return error;
}

static lb_error_t *get(file *f, const node *action, const node *expected) {
  lb_global_t global;
  lb_value_t value = lb_i32(0);
  lb_error_t *error = lb_instance_global(instance_of(f, action), tree_str(action, "name"), &global);
  if (!error) error = lb_global_get(global, &value);
  if (!error) check_results(f, expected, &value, 1);
  lb_error_free(lb_value_release(&value));
  lb_error_free(lb_global_release(global));
  return error;
}

static lb_error_t *act(file *f, const node *command) {
  const node *action = tree_find(command, "action"), *expected = tree_find(command, "results");
  const char *type = tree_str(action, "type");
  if (!strcmp(type, "invoke")) return invoke(f, action, expected);
  if (!strcmp(type, "get")) return get(f, action, expected);
  return wrong(f, "no action is", type);
}

static lb_error_t *do_module(file *f, const node *command) {
  lb_module_t module;
  f->instance.id = 0;
  lb_error_t *error = load(f, command, &module);
  if (!error) error = instantiate(f, module, tree_str(command, "as"));
  lb_error_free(lb_module_release(module));
  return error;
}

static lb_error_t *do_define(file *f, const node *command) {
  lb_error_t *error = load(f, command, &f->definition);
  if (!error) keep(f, tree_str(command, "as"))->module = f->definition;
  return error;
}

static lb_error_t *do_instance(file *f, const node *command) {
  const char *of = tree_str(command, "of");
  f->instance.id = 0;
  return instantiate(f, of ? find(f, of, true)->module : f->definition, tree_str(command, "as"));
}

static lb_error_t *do_register(file *f, const node *command) {
  return lb_imports_instance(f->imports, tree_str(command, "name"), instance_of(f, command));
}

// Instantiates a module that must load, to no avail.
static lb_error_t *link(file *f, const node *command) {
  lb_module_t module;
  lb_instance_t instance;
  lb_error_t *error = load(f, command, &module);
  if (error) {
    wrong(f, "it does not load:", lb_error_message(error));
    return error;
  }
  error = lb_store_instantiate(f->store, module, &f->imports, &instance);
  lb_error_free(lb_instance_release(instance));
  lb_error_free(lb_module_release(module));
  return error;
}

static lb_error_t *do_trap(file *f, const node *command) {
  return tree_find(command, "action") ? act(f, command) : link(f, command);
}

static lb_error_t *do_refused(file *f, const node *command) {
  lb_module_t module;
  lb_error_t *error = load(f, command, &module);
  lb_error_free(lb_module_release(module));
  return error;
}

static const struct {
  const char *name;
  lb_error_t *(*run)(file *f, const node *command);
  lb_kind_t kind;  // with which it must fail, or 0
} verbs[] = {
  { "module", do_module, 0 },
  { "define", do_define, 0 },
  { "instance", do_instance, 0 },
  { "register", do_register, 0 },
  { "action", act, 0 },
  { "return", act, 0 },
  { "trap", do_trap, LB_KIND_TRAP },
  { "exception", act, LB_KIND_EXCEPTION },
  { "invalid", do_refused, LB_KIND_COMPILE },
  { "malformed", do_refused, LB_KIND_COMPILE },
  { "unlinkable", link, LB_KIND_LINK },
};

static bool is_code(const node *command, const char *code) {
  const node *codes = tree_find(command, "codes"), *one = codes ? codes->first : tree_find(command, "code");
  while (one && strcmp(one->text, code)) one = codes ? one->next : NULL;
  return one != NULL;
}

// Compares how a command ended with how it must.
static void check_end(file *f, const node *command, const lb_error_t *error, lb_kind_t kind) {
  if (*f->why) return;
  if (lb_error_kind(error) != kind) {
    snprintf(f->why, sizeof f->why, "it ends with %s, not with %s: %s", lb_error_kind_name(error), lb_kind_name(kind),
             lb_error_message(error));
  } else if (kind == LB_KIND_TRAP && !is_code(command, lb_error_trap_name(error))) {
    wrong(f, "it traps with", lb_error_trap_name(error));
  }
}

static const char *run_command(void *data, const node *command) {
  file *f = data;
  const char *name = tree_str(command, "do");
  size_t verb = 0;
  *f->why = 0;
  while (verb < COUNT(verbs) && strcmp(verbs[verb].name, name)) verb++;
  if (verb == COUNT(verbs)) return "no command does this";
  lb_error_t *error = verbs[verb].run(f, command);
  check_end(f, command, error, verbs[verb].kind);
  lb_error_free(error);
  return *f->why ? f->why : NULL;
}

int main(void) {
  static const spec_runner runner = { "c", open_file, run_command, close_file };
  lb_engine_options_t options = LB_ENGINE_OPTIONS;
  options.wide_arithmetic = options.custom_page_sizes = true;
  options.signal_handlers = spec_signal_handlers();
  must(lb_engine_new(&options, &engine));
  const int failed = spec_main(&runner);
  must(lb_engine_release(engine));
  return failed;
}
