// Misuse is an ordinary error: stale, forged and null handles, NULL pointers, wrong kinds and counts.

#include "check.h"
#include <landbridge.h>  // a second time: the header may be included anywhere

static const char *const MODULE =
    "(module (memory (export \"memory\") 1) (table (export \"table\") 2 funcref)"
    " (global (export \"global\") (mut i32) (i32.const 7))"
    " (func (export \"add\") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))";

static void stale_handles(void) {
  lb_instance_t calc = instance_of(MODULE, NULL);
  lb_func_t add;
  lb_memory_t memory;
  CHECK(good(lb_instance_func(calc, "add", &add)));
  CHECK(good(lb_instance_memory(calc, "memory", &memory)));
  CHECK(good(lb_memory_release(memory)));
  CHECK(fails(lb_memory_release(memory), LB_KIND_CLOSED));
  uint64_t bytes = 1;
  CHECK(fails(lb_memory_size_bytes(memory, &bytes), LB_KIND_CLOSED));
  CHECK(bytes == 0);

  lb_value_t args[2] = { LB_I32(2), LB_I32(3) }, result[1];
  CHECK(good(lb_instance_close(calc)));
  CHECK(good(lb_instance_close(calc)));
  CHECK(fails(lb_instance_release(calc), LB_KIND_CLOSED));
  CHECK(fails(lb_func_call(add, args, 2, result, 1), LB_KIND_CLOSED));
  CHECK(good(lb_func_release(add)));
  CHECK(fails(lb_func_call(add, args, 2, result, 1), LB_KIND_CLOSED));
  CHECK(fails(lb_func_release(add), LB_KIND_CLOSED));
  CHECK(!lb_func_same(add, add));
}

static void forged_handles(void) {
  lb_instance_t calc = instance_of(MODULE, NULL);
  const uint64_t forged[] = { 0, 1, 64, 0xffffffff, 0xfffffffd00000000, 0xfffffffffffffffe, UINT64_MAX };
  lb_value_t args[2] = { LB_I32(2), LB_I32(3) }, result[1];
  for (size_t i = 0; i < sizeof forged / sizeof *forged; i++) {
    lb_module_t module;
    lb_func_t func = { forged[i] };
    CHECK(fails(lb_func_call(func, args, 2, result, 1), LB_KIND_TYPE));
    CHECK(fails(lb_func_release(func), LB_KIND_TYPE));
    CHECK(fails(lb_instance_close((lb_instance_t){ forged[i] }), LB_KIND_TYPE));
    CHECK(fails(lb_store_close((lb_store_t){ forged[i] }), LB_KIND_TYPE));
    lb_view_t view = { NULL, 0, forged[i] };
    CHECK(fails(lb_view_release(view), LB_KIND_TYPE));
    lb_engine_t engine = { forged[i] };
    lb_error_t *error = lb_module_load_text(&engine, "(module)", &module);
    CHECK(forged[i] ? fails(error, LB_KIND_TYPE) : good(error) && good(lb_module_release(module)));
  }
  // Of another kind.
  CHECK(fails(lb_func_call((lb_func_t){ calc.id }, args, 2, result, 1), LB_KIND_TYPE));
  CHECK(fails(lb_memory_release((lb_memory_t){ calc.id }), LB_KIND_TYPE));
  CHECK(good(lb_instance_close(calc)));
}

static void null_pointers(void) {
  lb_instance_t calc = instance_of(MODULE, NULL);
  lb_func_t add;
  lb_memory_t memory;
  lb_value_t result[1];
  CHECK(fails(lb_module_load_file(NULL, NULL, NULL), LB_KIND_TYPE));
  CHECK(fails(lb_module_load_text(NULL, NULL, NULL), LB_KIND_TYPE));
  CHECK(fails(lb_module_load_text(NULL, "(module)", NULL), LB_KIND_TYPE));
  CHECK(fails(lb_instance_func(calc, NULL, &add), LB_KIND_TYPE));
  CHECK(fails(lb_instance_func(calc, "add", NULL), LB_KIND_TYPE));
  CHECK(fails(lb_instance_func(calc, "\xff", &add), LB_KIND_TYPE));
  CHECK(good(lb_instance_func(calc, "add", &add)));
  CHECK(fails(lb_func_call(add, NULL, 2, result, 1), LB_KIND_TYPE));
  lb_value_t args[2] = { LB_I32(2), LB_I32(3) };
  CHECK(fails(lb_func_call(add, args, 2, NULL, 1), LB_KIND_TYPE));
  CHECK(good(lb_instance_memory(calc, "memory", &memory)));
  CHECK(fails(lb_memory_read(memory, 0, NULL, 1), LB_KIND_TYPE));
  CHECK(fails(lb_memory_write(memory, 0, NULL, 1), LB_KIND_TYPE));
  CHECK(good(lb_memory_write(memory, 0, NULL, 0)));
  CHECK(fails(lb_memory_read(memory, 0, args, SIZE_MAX), LB_KIND_OUT_OF_BOUNDS));
  lb_imports_t imports;
  CHECK(good(lb_imports_new(&imports)));
  CHECK(fails(lb_imports_func(imports, "env", "f", NULL, NULL, NULL), LB_KIND_TYPE));
  CHECK(good(lb_imports_release(imports)));
  // Readers of errors and releasing nothing.
  CHECK(lb_error_kind(NULL) == 0 && !*lb_error_message(NULL) && !*lb_error_kind_name(NULL));
  CHECK(lb_error_frame_count(NULL) == 0 && !lb_error_frame(NULL, 0) && !lb_error_host_exception(NULL));
  lb_error_free(NULL);
  CHECK(good(lb_value_release(NULL)));
  lb_func_release(add);
  lb_memory_release(memory);
  CHECK(good(lb_instance_close(calc)));
}

static void wrong_values(void) {
  lb_instance_t calc = instance_of(MODULE, NULL);
  lb_func_t add;
  CHECK(good(lb_instance_func(calc, "add", &add)));
  lb_value_t args[3] = { LB_I32(2), LB_I64(3), LB_I32(4) }, result[2] = { LB_I32(77), LB_I32(78) };
  CHECK(fails(lb_func_call(add, args, 2, result, 1), LB_KIND_TYPE));
  CHECK(fails(lb_func_call(add, args, 1, result, 1), LB_KIND_TYPE));
  CHECK(fails(lb_func_call(add, args, SIZE_MAX, result, 1), LB_KIND_TYPE));
  args[1] = lb_i32(3);
  CHECK(fails(lb_func_call(add, args, 2, result, 2), LB_KIND_TYPE));
  CHECK(fails(lb_func_call(add, args, 2, result, 0), LB_KIND_TYPE));
  CHECK(result[0].of.i32 == 77 && result[1].of.i32 == 78);
  args[1].type = 12345;
  CHECK(fails(lb_func_call(add, args, 2, result, 1), LB_KIND_TYPE));
  args[1].type = LB_TYPE_FUNCREF;
  CHECK(fails(lb_func_call(add, args, 2, result, 1), LB_KIND_TYPE));
  // Arguments and results may be one array.
  args[1] = lb_i32(3);
  CHECK(good(lb_func_call(add, args, 2, args, 1)) && args[0].of.i32 == 5);
  CHECK(fails(lb_instance_call(calc, "nothing", args, 2, result, 1), LB_KIND_NOT_FOUND));
  CHECK(fails(lb_instance_call(calc, "memory", args, 2, result, 1), LB_KIND_NOT_FOUND));
  lb_table_t table;
  CHECK(good(lb_instance_table(calc, "table", &table)));
  CHECK(fails(lb_table_set(table, 0, lb_i32(1)), LB_KIND_TYPE));
  CHECK(fails(lb_table_set(table, 0, lb_funcref((lb_func_t){ 99 })), LB_KIND_TYPE));
  CHECK(good(lb_table_set(table, 0, lb_funcref(add))));
  CHECK(fails(lb_table_get(table, 2, result), LB_KIND_OUT_OF_BOUNDS));
  CHECK(good(lb_table_get(table, 0, result)) && lb_func_same(result[0].of.func, add));
  CHECK(good(lb_value_release(result)) && result[0].of.func.id == 0);
  CHECK(good(lb_value_release(result)));
  lb_table_release(table);
  lb_func_release(add);
  lb_instance_release(calc);
}

// Calls whose signature the caller has checked.
static void bits(void) {
  lb_instance_t calc = instance_of(
      "(module (func (export \"none\"))"
      " (func (export \"sub\") (param i32 i32) (result i32) (i32.sub (local.get 0) (local.get 1)))"
      " (func (export \"mix\") (param i64 f32 f64 i32) (result f64)"
      "   (f64.add (f64.add (f64.convert_i64_s (local.get 0)) (f64.promote_f32 (local.get 1)))"
      "            (f64.add (local.get 2) (f64.convert_i32_s (local.get 3)))))"
      " (func (export \"five\") (param i32 i32 i32 i32 i32))"
      " (func (export \"two\") (result i32 i32) (i32.const 1) (i32.const 2))"
      " (func (export \"refer\") (param externref))"
      " (func (export \"vector\") (result v128) (v128.const i64x2 1 2))"
      " (func (export \"trap\") (result i32) unreachable))",
      NULL);
  lb_func_t sub, func;
  CHECK(good(lb_instance_func(calc, "sub", &sub)));
  // What is above 32 bits does not count, and is zero in the result.
  uint64_t word[4] = { 0xdeadbeef00000002, 0xdeadbeef00000003 };
  CHECK(good(lb_func_call_bits(sub, word, 2)) && word[0] == 0xffffffff && word[1] == 0xdeadbeef00000003);
  CHECK(fails(lb_func_call_bits(sub, word, 1), LB_KIND_TYPE) && fails(lb_func_call_bits(sub, word, 3), LB_KIND_TYPE));
  CHECK(fails(lb_func_call_bits(sub, word, SIZE_MAX), LB_KIND_TYPE));
  CHECK(fails(lb_func_call_bits(sub, word, SIZE_MAX - 1), LB_KIND_TYPE));
  CHECK(fails(lb_func_call_bits(sub, NULL, 2), LB_KIND_TYPE) && word[0] == 0xffffffff);
  const float half = 0.5f;
  const double quarter = 0.25;
  double sum;
  word[0] = (uint64_t)-8, word[1] = 0, word[3] = (uint32_t)-1;
  memcpy(&word[1], &half, sizeof half), memcpy(&word[2], &quarter, sizeof quarter);
  CHECK(good(lb_instance_func(calc, "mix", &func)) && good(lb_func_call_bits(func, word, 4)));
  memcpy(&sum, word, sizeof sum);
  CHECK(sum == -8.25 && good(lb_func_release(func)));
  static const struct {
    const char *name;
    size_t params;
  } others[] = { { "five", 5 }, { "two", 0 }, { "refer", 1 }, { "vector", 0 } };
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    uint64_t words[5] = { 0 };
    CHECK(good(lb_instance_func(calc, others[i].name, &func)));
    CHECK(fails(lb_func_call_bits(func, words, others[i].params), LB_KIND_TYPE) && good(lb_func_release(func)));
  }
  CHECK(good(lb_instance_func(calc, "trap", &func)) && fails(lb_func_call_bits(func, word, 0), LB_KIND_TRAP));
  CHECK(good(lb_func_release(func)));
  CHECK(good(lb_instance_func(calc, "none", &func)) && good(lb_func_call_bits(func, word, 0)));
  CHECK(good(lb_func_call(func, NULL, 0, NULL, 0)) && good(lb_func_release(func)));
  CHECK(fails(lb_func_call(sub, NULL, 2, NULL, 1), LB_KIND_TYPE));
  CHECK(good(lb_instance_close(calc)) && fails(lb_func_call_bits(sub, word, 2), LB_KIND_CLOSED));
  CHECK(good(lb_func_release(sub)) && fails(lb_func_call_bits(sub, word, 2), LB_KIND_CLOSED));
  CHECK(fails(lb_func_call_bits((lb_func_t){ 0 }, word, 2), LB_KIND_TYPE));
}

static void options(void) {
  lb_engine_t engine;
  lb_engine_options_t options = LB_ENGINE_OPTIONS;
  CHECK(good(lb_engine_new(&options, &engine)) && good(lb_engine_release(engine)));
  CHECK(fails(lb_engine_release(engine), LB_KIND_CLOSED));
  options.size = 3;
  CHECK(fails(lb_engine_new(&options, &engine), LB_KIND_UNSUPPORTED));
  options.size = SIZE_MAX;
  CHECK(fails(lb_engine_new(&options, &engine), LB_KIND_UNSUPPORTED));
  options.size = sizeof options + 8;  // as a program of a newer header has it
  lb_error_t *error = lb_engine_new(&options, &engine);
  CHECK(strstr(lb_error_message(error), "use a library that is as new as the header"));
  CHECK(fails(error, LB_KIND_UNSUPPORTED));
}

static void texts(void) {
  char text[8];
  const lb_type_t types[] = { LB_TYPE_I32, LB_TYPE_I64 };
  lb_func_type_t type = { types, 2, NULL, 0 };
  CHECK(lb_func_type_text(&type, NULL, 0) == strlen("(i32, i64) -> ()"));
  CHECK(lb_func_type_text(&type, text, sizeof text) == strlen("(i32, i64) -> ()"));
  CHECK(!strcmp(text, "(i32, i"));
  lb_func_type_t broken = { NULL, 2, NULL, SIZE_MAX };
  CHECK(lb_func_type_text(&broken, text, sizeof text) > 0);
  CHECK(lb_func_type_text(NULL, text, sizeof text) > 0);
  CHECK(lb_abi_version() == LB_ABI_VERSION && strchr(lb_version(), '.'));
  CHECK(!*lb_kind_name(0) && !*lb_kind_name(999) && !strcmp(lb_kind_name(LB_KIND_NOT_FOUND), "not_found"));
  CHECK(fails(lb_error_new(LB_KIND_RANGE, NULL), LB_KIND_RANGE));
  CHECK(fails(lb_error_new(999, "x"), LB_KIND_HOST));
}

static void versions(void) {
  // [check_version]
  lb_error_t *err = lb_check_version();   // LB_KIND_UNSUPPORTED if the library is older than this header
  // [end check_version]
  CHECK(good(err));
  // [limits]
  lb_limits_t limits = LB_LIMITS;       // size is set, and nothing is limited
  limits.memory_bytes = 64 << 20;
  // [end limits]
  lb_store_t store;
  lb_sandbox_t sandbox = LB_SANDBOX;
  sandbox.limits = &limits;
  CHECK(good(lb_store_new_with(NULL, &sandbox, &store)) && good(lb_store_close(store)));
}

int main(void) {
  versions();
  stale_handles();
  forged_handles();
  null_pointers();
  wrong_values();
  bits();
  options();
  texts();
  return finish();
}
