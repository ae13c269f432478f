// Modules: bytes, names with zero bytes, precompiled files, inspection, values for imports; options of engines.

#include <unistd.h>

#include "check.h"

static void bytes(void) {
  lb_module_t module = module_of("(module $m (func (export \"a\\00b\") (result i32) (i32.const 1)))"), copy;
  const uint8_t *all;
  size_t length, count;
  const char *digest, *same;
  CHECK(good(lb_module_bytes(module, &all, &length)) && length > 8 && !memcmp(all, "\0asm", 4));
  CHECK(good(lb_module_digest(module, &digest)) && strlen(digest) == 64);
  CHECK(good(lb_module_load_bytes(NULL, all, length, &copy)) && good(lb_module_digest(copy, &same)));
  CHECK(!strcmp(digest, same) && fails(lb_module_bytes(module, &all, NULL), LB_KIND_TYPE));
  const lb_export_t *exports;
  CHECK(good(lb_module_exports(copy, &exports, &count)) && count == 1 && !strcmp(exports->name, "a\xc0\x80" "b"));
  lb_instance_t instance;
  lb_value_t result;
  CHECK(good(lb_instance_new(copy, NULL, &instance)));
  CHECK(good(lb_instance_call(instance, exports->name, NULL, 0, &result, 1)) && result.of.i32 == 1);
  CHECK(fails(lb_instance_call(instance, "a", NULL, 0, &result, 1), LB_KIND_NOT_FOUND));
  CHECK(fails(lb_instance_call(instance, "\xc0", NULL, 0, &result, 1), LB_KIND_TYPE));
  CHECK(fails(lb_instance_call(instance, "\xc0\x80\xff", NULL, 0, &result, 1), LB_KIND_TYPE));
  CHECK(good(lb_instance_close(instance)) && good(lb_module_release(module)) && good(lb_module_release(copy)));
  CHECK(fails(lb_module_bytes(module, &all, &length), LB_KIND_CLOSED) && !all && !length);
  CHECK(fails(lb_module_digest(module, &digest), LB_KIND_CLOSED) && !digest);
}

static void precompiled(void) {
  char path[] = "/tmp/landbridge-c-XXXXXX";
  close(mkstemp(path));
  lb_module_t module = module_of("(module (func (export \"f\") (result i32) (i32.const 7)))"), loaded;
  lb_instance_t instance;
  lb_value_t result;
  CHECK(good(lb_module_compile(module, path)) && good(lb_module_release(module)));
  CHECK(fails(lb_module_load_file(NULL, path, &loaded), LB_KIND_COMPILE) && loaded.id == 0);
  CHECK(good(lb_module_load_precompiled(NULL, path, &loaded)) && good(lb_instance_new(loaded, NULL, &instance)));
  CHECK(good(lb_instance_call(instance, "f", NULL, 0, &result, 1)) && result.of.i32 == 7);
  CHECK(good(lb_instance_close(instance)) && good(lb_module_release(loaded)));
  CHECK(fails(lb_module_compile(module, path), LB_KIND_CLOSED));
  CHECK(fails(lb_module_load_precompiled(NULL, NULL, &loaded), LB_KIND_TYPE));
  CHECK(!truncate(path, 100) && fails(lb_module_load_precompiled(NULL, path, &loaded), LB_KIND_COMPILE));
  CHECK(!unlink(path) && fails(lb_module_load_precompiled(NULL, path, &loaded), LB_KIND_IO));
  module = module_of("(module)");
  CHECK(fails(lb_module_compile(module, "/no/such/folder/file"), LB_KIND_IO));
  CHECK(fails(lb_module_compile(module, NULL), LB_KIND_TYPE) && good(lb_module_release(module)));
}

static void inspection(void) {
  lb_inspection_t found;
  const lb_import_t *imports;
  const lb_memory_type_t *memories;
  const lb_custom_section_t *sections;
  const char *name, *const *features;
  size_t count;
  CHECK(good(lb_inspect_text("(module $m (@custom \"x\" \"abc\") (import \"e\" \"f\" (func (param i32)))"
                             " (memory 1 2) (table 1 externref))", &found)));
  CHECK(good(lb_inspection_name(found, &name)) && !strcmp(name, "m"));
  CHECK(good(lb_inspection_imports(found, &imports, &count)) && count == 1);
  CHECK(imports->type.sort == LB_SORT_FUNC && imports->type.of.func.nparams == 1 && !strcmp(imports->module, "e"));
  CHECK(good(lb_inspection_memories(found, &memories, &count)) && count == 1 && memories->max == 2);
  CHECK(good(lb_inspection_custom_sections(found, &sections, &count)) && count == 2);
  CHECK(sections->length == 3 && !memcmp(sections->bytes, "abc", 3) && !strcmp(sections->name, "x"));
  CHECK(good(lb_inspection_features(found, &features, &count)) && count == 1 && !strcmp(*features, "reference-types"));
  CHECK(fails(lb_inspection_features(found, NULL, &count), LB_KIND_TYPE));
  uint64_t units = 1;
  CHECK(good(lb_inspection_compile_cost(found, &units)) && units < 1000);
  CHECK(fails(lb_inspection_compile_cost(found, NULL), LB_KIND_TYPE));
  CHECK(good(lb_inspection_release(found)) && fails(lb_inspection_release(found), LB_KIND_CLOSED));
  CHECK(fails(lb_inspection_name(found, &name), LB_KIND_CLOSED) && !name);
  CHECK(fails(lb_inspection_memories(found, &memories, &count), LB_KIND_CLOSED) && !memories && !count);
  CHECK(fails(lb_inspect_bytes((const uint8_t *)"hello", 5, &found), LB_KIND_COMPILE) && found.id == 0);
  CHECK(fails(lb_inspect_bytes(NULL, 5, &found), LB_KIND_TYPE));
  CHECK(fails(lb_inspect_file("/no/such/file", &found), LB_KIND_IO) && fails(lb_inspect_file(NULL, &found), LB_KIND_TYPE));
}

static void lent_values(void) {
  lb_module_t module = module_of("(module (import \"e\" \"n\" (global $n i64)) (import \"e\" \"f\" (global $f funcref))"
                                 " (func (export \"n\") (result i64) (global.get $n)))");
  lb_imports_t imports;
  lb_instance_t instance;
  lb_value_t result, null = LB_NULL_FUNCREF, stale = lb_externref((lb_externref_t){ 0xfffffffe00000001 });
  CHECK(good(lb_imports_new(&imports)) && good(lb_imports_value(imports, "e", "f", null)));
  CHECK(fails(lb_imports_value(imports, "e", "n", stale), LB_KIND_TYPE));
  stale.type = 77;
  CHECK(fails(lb_imports_value(imports, "e", "n", stale), LB_KIND_TYPE));
  CHECK(fails(lb_imports_value(imports, NULL, "n", null), LB_KIND_TYPE));
  CHECK(good(lb_imports_value(imports, "e", "n", lb_i32(1))));
  CHECK(fails(lb_instance_new(module, &imports, &instance), LB_KIND_TYPE));
  CHECK(good(lb_imports_value(imports, "e", "n", lb_i64(1) )) && good(lb_instance_new(module, &imports, &instance)));
  CHECK(good(lb_instance_call(instance, "n", NULL, 0, &result, 1)) && result.of.i64 == 1);
  CHECK(good(lb_imports_release(imports)) && fails(lb_imports_value(imports, "e", "n", null), LB_KIND_CLOSED));
  CHECK(good(lb_instance_close(instance)) && good(lb_module_release(module)));
}

// Programs that were compiled with the first version of the options know fewer bytes of them.
static void options(void) {
  static const char *const wide = "(module (func (param i64 i64) (result i64 i64) (i64.mul_wide_u (local.get 0) (local.get 1))))";
  lb_engine_t engine;
  lb_module_t module;
  lb_engine_options_t options = LB_ENGINE_OPTIONS;
  options.wide_arithmetic = true;
  options.cache = "off";
  CHECK(good(lb_engine_new(&options, &engine)) && good(lb_module_load_text(&engine, wide, &module)));
  CHECK(good(lb_module_release(module)) && good(lb_engine_release(engine)));
  options.compile_cost = UINT64_MAX;
  CHECK(good(lb_engine_new(&options, &engine)) && good(lb_engine_release(engine)));
  options.size = offsetof(lb_engine_options_t, memory_reservation_bytes);
  CHECK(good(lb_engine_new(&options, &engine)) && good(lb_engine_release(engine)));
  options.size = offsetof(lb_engine_options_t, compile_cost);
  CHECK(good(lb_engine_new(&options, &engine)) && good(lb_engine_release(engine)));
  options.size = offsetof(lb_engine_options_t, cache);
  CHECK(good(lb_engine_new(&options, &engine)));
  CHECK(fails(lb_module_load_text(&engine, wide, &module), LB_KIND_COMPILE) && good(lb_engine_release(engine)));
  char folder[] = "/tmp/landbridge-c-XXXXXX", path[80];
  CHECK(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/cache", folder);
  options.size = sizeof options;
  options.cache = path;
  CHECK(good(lb_engine_new(&options, &engine)) && good(lb_module_load_text(&engine, wide, &module)));
  CHECK(!access(path, F_OK) && good(lb_module_release(module)) && good(lb_engine_release(engine)));
  char command[120];
  snprintf(command, sizeof command, "rm -r %s", folder);
  CHECK(!system(command));
}

// An assertion of the engine's validator fails on this component: that is an error, and nothing is printed besides.
static void panics(void) {
  const char *text = "(component (component $c (type $t (instance (type $u u32) (export \"t\" (type (eq $u)))))"
                     " (import \"a\" (instance (type $t))) (import \"b\" (instance (type $t)))) (type $u u32)"
                     " (instance $i (export \"t\" (type $u)))"
                     " (instance (instantiate $c (with \"a\" (instance $i)) (with \"b\" (instance $i)))))";
  char path[] = "/tmp/landbridge-c-XXXXXX";
  lb_module_t module;
  lb_inspection_t inspection;
  const int file = mkstemp(path), kept = dup(2);
  CHECK(file >= 0 && kept >= 0 && dup2(file, 2) == 2);
  lb_error_t *loaded = lb_module_load_text(NULL, text, &module);
  lb_error_t *inspected = lb_inspect(text, &inspection);
  dup2(kept, 2);
  CHECK(fails(loaded, LB_KIND_COMPILE) && fails(inspected, LB_KIND_COMPILE));
  CHECK(lseek(file, 0, SEEK_END) == 0 && !close(kept) && !close(file) && !unlink(path));
}

static void types(void) {
  CHECK(lb_type_top(LB_TYPE_I32) == LB_TYPE_I32 && lb_type_top(LB_TYPE_NULLREF) == LB_TYPE_ANYREF);
  CHECK(lb_type_top(LB_TYPE_NULLEXNREF) == LB_TYPE_EXNREF && !lb_type_top(0) && !lb_type_top(99));
}

int main(void) {
  bytes();
  precompiled();
  inspection();
  lent_values();
  options();
  types();
  panics();
  return finish();
}
