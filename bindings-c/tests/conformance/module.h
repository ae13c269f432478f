// Steps about engines and modules.

#ifndef CONFORMANCE_MODULE_H
#define CONFORMANCE_MODULE_H

#include "../cases.h"
#include "host.h"

// The engine where a case names none, or 0 for the shared one.
static lb_engine_t default_engine;

static void make_default_engine(void) {
  lb_engine_options_t options = LB_ENGINE_OPTIONS;
  options.signal_handlers = cases_signal_handlers();
  lb_error_t *error = options.signal_handlers ? NULL : lb_engine_new(&options, &default_engine);
  if (error) cases_wrong("no engine without signal handlers", lb_error_message(error));
}

static const lb_engine_t *engine_of(env *e, const node *step) {
  const char *name = tree_str(step, "engine");
  return name ? &find(e, name, ENGINE)->engine : &default_engine;
}

static lb_error_t *do_engine(env *e, const node *step) {
  lb_engine_options_t options = LB_ENGINE_OPTIONS;
  options.stack_bytes = tree_num(step, "stack_bytes", 0);
  options.call_threads = tree_num(step, "call_threads", 0);
  options.pool_slots = tree_num(step, "pool_slots", 0);
  options.compile_cost = tree_num(step, "compile_cost", 0);
  options.memory_reservation_bytes = tree_num(step, "memory_reservation_bytes", 0);
  options.deterministic = tree_is(step, "deterministic");
  options.cache = tree_str(step, "cache");
  options.wide_arithmetic = tree_is(step, "wide_arithmetic");
  options.custom_page_sizes = tree_is(step, "custom_page_sizes");
  options.signal_handlers = cases_signal_handlers();
  if (tree_find(step, "signal_handlers")) options.signal_handlers = tree_is(step, "signal_handlers");
  if (tree_find(step, "interruptible")) options.interruptible = tree_is(step, "interruptible");
  thing *made = make(e, step, ENGINE);
  return keep(e, made, lb_engine_new(&options, &made->engine));
}

static void check_bytes(env *e, const char *hex, const uint8_t *found, size_t length) {
  uint8_t *wanted = malloc(length + 1);
  if (bytes_of(hex, wanted, length) != length || strlen(hex) != 2 * length || memcmp(wanted, found, length)) {
    fail(e, "the bytes are not %.60s, the first is %02x", hex, length ? found[0] : 0);
  }
  free(wanted);
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

static lb_error_t *do_load_string(env *e, const node *step) {
  const char *source = tree_str(step, "string");
  char path[PATH_MAX];
  if (!strncmp(source, "CASE/", 5)) source = in_folder(e, source + 5, path);
  thing *made = make(e, step, MODULE);
  return keep(e, made, lb_module_load(engine_of(e, step), source, &made->module));
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

static bool check_count(env *e, const node *expected, size_t count) {
  if (expected->count != count) fail(e, "expected %zu of %s, got %zu", expected->count, expected->key, count);
  return expected->count == count;
}

static void check_imports(env *e, const node *expected, const lb_import_t *imports, size_t count) {
  if (!check_count(e, expected, count)) return;
  for (const node *line = expected->first; line; line = line->next, imports++) {
    check_line(e, line, imports->module, imports->name, &imports->type);
  }
}

static void check_exports(env *e, const node *expected, const lb_export_t *exports, size_t count) {
  if (!check_count(e, expected, count)) return;
  for (const node *line = expected->first; line; line = line->next, exports++) {
    check_line(e, line, NULL, exports->name, &exports->type);
  }
}

static lb_error_t *do_imports(env *e, const node *step) {
  const lb_import_t *imports;
  size_t count;
  lb_error_t *error = lb_module_imports(module_of(e, step), &imports, &count);
  if (!error) check_imports(e, tree_find(step, "equals"), imports, count);
  return error;
}

static lb_error_t *do_exports(env *e, const node *step) {
  const lb_export_t *exports;
  size_t count;
  lb_error_t *error = lb_module_exports(module_of(e, step), &exports, &count);
  if (!error) check_exports(e, tree_find(step, "equals"), exports, count);
  return error;
}

static lb_error_t *do_bytes(env *e, const node *step) {
  const uint8_t *bytes;
  size_t length;
  lb_error_t *error = lb_module_bytes(module_of(e, step), &bytes, &length);
  if (!error) check_bytes(e, tree_str(step, "hex"), bytes, length);
  return error;
}

static lb_error_t *do_digest(env *e, const node *step) {
  const char *digest;
  lb_error_t *error = lb_module_digest(module_of(e, step), &digest);
  if (!error) check_text(e, tree_find(step, "equals"), digest);
  return error;
}

// A module of C travels as its bytes.
static lb_error_t *do_travel(env *e, const node *step) {
  const uint8_t *bytes;
  size_t length;
  thing *made = make(e, step, MODULE);
  lb_error_t *error = lb_module_bytes(module_of(e, step), &bytes, &length);
  return keep(e, made, error ? error : lb_module_load_bytes(&default_engine, bytes, length, &made->module));
}

static lb_error_t *do_compile(env *e, const node *step) {
  char path[PATH_MAX];
  return lb_module_compile(module_of(e, step), file_of(e, step, path));
}

static lb_error_t *do_load_precompiled(env *e, const node *step) {
  char path[PATH_MAX];
  thing *made = make(e, step, MODULE);
  return keep(e, made, lb_module_load_precompiled(engine_of(e, step), file_of(e, step, path), &made->module));
}

static lb_error_t *do_load_written(env *e, const node *step) {
  char path[PATH_MAX];
  thing *made = make(e, step, MODULE);
  return keep(e, made, lb_module_load_file(engine_of(e, step), file_of(e, step, path), &made->module));
}

static lb_error_t *do_damage(env *e, const node *step) {
  char path[PATH_MAX];
  size_t length;
  const char *how = tree_str(step, "how");
  char *bytes = tree_bytes(file_of(e, step, path), &length);
  if (!strcmp(how, "truncate")) {
    length /= 2;
  } else if (!strcmp(how, "alter")) {
    bytes[length / 2] ^= 1;
  } else if (!strcmp(how, "text")) {
    strcpy(bytes, "hello");
    length = 5;
  } else {
    fail(e, "no damage is %s", how);
  }
  FILE *file = fopen(path, "wb");
  if (!file || fwrite(bytes, 1, length, file) != length || fclose(file)) fail(e, "%s cannot be written", path);
  free(bytes);
  return NULL;
}

// ---- Inspection ----

static void check_texts(env *e, const node *expected, const char *const *texts, size_t count) {
  if (!check_count(e, expected, count)) return;
  for (const node *one = expected->first; one; one = one->next) check_text(e, one, *texts++);
}

static lb_error_t *check_asks(env *e, const node *expected, lb_inspection_t found) {
  const lb_ask_t *asks;
  size_t count;
  lb_error_t *error = lb_inspection_asks(found, &asks, &count);
  if (error || !check_count(e, expected, count)) return error;
  for (const node *one = expected->first; one; one = one->next, asks++) {
    check_text(e, one->first, asks->what);
    check_texts(e, one->first->next, asks->functions, asks->count);
  }
  return NULL;
}

static lb_error_t *check_memories(env *e, const node *expected, lb_inspection_t found) {
  const lb_memory_type_t *memories;
  size_t count;
  lb_error_t *error = lb_inspection_memories(found, &memories, &count);
  if (error || !check_count(e, expected, count)) return error;
  for (const node *one = expected->first; one; one = one->next) {
    char text[64];
    lb_memory_type_text(memories++, text, sizeof text);
    check_text(e, one, text);
  }
  return NULL;
}

static lb_error_t *check_sections(env *e, const node *expected, lb_inspection_t found) {
  const lb_custom_section_t *sections;
  size_t count;
  lb_error_t *error = lb_inspection_custom_sections(found, &sections, &count);
  if (error || !check_count(e, expected, count)) return error;
  for (const node *one = expected->first; one; one = one->next) check_text(e, one, sections++->name);
  return NULL;
}

static lb_error_t *check_producers(env *e, const node *expected, lb_inspection_t found) {
  const lb_producer_t *producers;
  size_t count;
  lb_error_t *error = lb_inspection_producers(found, &producers, &count);
  if (error || !check_count(e, expected, count)) return error;
  for (const node *one = expected->first; one; one = one->next, producers++) {
    check_text(e, one->first, producers->field);
    check_text(e, one->first->next, producers->name);
    check_text(e, one->first->next->next, producers->version);
  }
  return NULL;
}

static lb_error_t *check_inspection(env *e, const node *expected, lb_inspection_t found) {
  const char *name, *const *texts;
  const lb_import_t *imports;
  const lb_export_t *exports;
  size_t count;
  lb_error_t *error = NULL;
  if (!strcmp(expected->key, "json")) {
    error = lb_inspection_json(found, &name);
    if (!error) check_text(e, expected, name);
  } else if (!strcmp(expected->key, "name")) {
    error = lb_inspection_name(found, &name);
    if (!error) check_text(e, expected, name);
  } else if (!strcmp(expected->key, "built_for")) {
    error = lb_inspection_built_for(found, &name);
    bool good = error || (expected->text ? name && strstr(name, expected->text) : !name);
    if (!good) fail(e, "it was built for %s", name ? name : "nothing else");
  } else if (!strcmp(expected->key, "wit")) {
    error = lb_inspection_wit(found, &name);
    if (!error) check_text(e, expected, name);
  } else if (!strcmp(expected->key, "imports")) {
    error = lb_inspection_imports(found, &imports, &count);
    if (!error) check_imports(e, expected, imports, count);
  } else if (!strcmp(expected->key, "exports")) {
    error = lb_inspection_exports(found, &exports, &count);
    if (!error) check_exports(e, expected, exports, count);
  } else if (!strcmp(expected->key, "features")) {
    error = lb_inspection_features(found, &texts, &count);
    if (!error) check_texts(e, expected, texts, count);
  } else if (!strcmp(expected->key, "compile_cost")) {
    uint64_t units;
    error = lb_inspection_compile_cost(found, &units);
    if (!error && units != strtoull(expected->text, NULL, 10)) fail(e, "compiling costs %llu units", (unsigned long long)units);
  } else if (!strcmp(expected->key, "target_features")) {
    error = lb_inspection_target_features(found, &texts, &count);
    if (!error) check_texts(e, expected, texts, count);
  } else if (!strcmp(expected->key, "asks")) {
    error = check_asks(e, expected, found);
  } else if (!strcmp(expected->key, "memories")) {
    error = check_memories(e, expected, found);
  } else if (!strcmp(expected->key, "custom_sections")) {
    error = check_sections(e, expected, found);
  } else if (!strcmp(expected->key, "producers")) {
    error = check_producers(e, expected, found);
  } else {
    fail(e, "an inspection has no %s", expected->key);
  }
  return error;
}

static lb_error_t *do_inspect(env *e, const node *step) {
  char path[PATH_MAX];
  lb_inspection_t found;
  const char *text = tree_str(step, "text");
  const node *equals = tree_find(step, "equals");
  snprintf(path, sizeof path, "%s/modules/%s", root, text ? "" : tree_str(step, "module"));
  lb_error_t *error = text ? lb_inspect_text(text, &found) : lb_inspect_file(path, &found);
  for (const node *one = equals ? equals->first : NULL; one && !error; one = one->next) {
    error = check_inspection(e, one, found);
  }
  lb_error_free(lb_inspection_release(found));
  return error;
}

#endif
