// landbridge.h of version 0.1 without its comments. Programs were compiled with it: do not edit.
#ifndef LANDBRIDGE_H
#define LANDBRIDGE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#define LB_VERSION 1000
#define LB_VERSION_STRING "0.1.0"
#if defined(__cplusplus) && __cplusplus >= 201703L
#define LB_MUST_USE [[nodiscard]]
#elif defined(__GNUC__)
#define LB_MUST_USE __attribute__((warn_unused_result))
#else
#define LB_MUST_USE
#endif
#ifdef __cplusplus
extern "C" {
#endif
#define LB_ABI_VERSION 1
uint32_t lb_abi_version(void);
const char *lb_version(void);
enum {
  LB_KIND_COMPILE = 1,
  LB_KIND_LINK = 2,
  LB_KIND_TRAP = 3,
  LB_KIND_HOST = 4,
  LB_KIND_TYPE = 5,
  LB_KIND_RANGE = 6,
  LB_KIND_NOT_FOUND = 7,
  LB_KIND_OUT_OF_BOUNDS = 8,
  LB_KIND_CLOSED = 9,
  LB_KIND_WRONG_STORE = 10,
  LB_KIND_BUSY = 11,
  LB_KIND_DEADLOCK = 12,
  LB_KIND_POISONED = 13,
  LB_KIND_CANCELLED = 14,
  LB_KIND_TIMEOUT = 15,
  LB_KIND_FUEL = 16,
  LB_KIND_MEMORY_LIMIT = 17,
  LB_KIND_LIMIT = 18,
  LB_KIND_EXIT = 19,
  LB_KIND_DENIED = 20,
  LB_KIND_IO = 21,
  LB_KIND_UNSUPPORTED = 22,
  LB_KIND_INTERNAL = 23,
  LB_KIND_EXCEPTION = 24,
  LB_KIND_WIT = 25,
};
enum {
  LB_TRAP_UNREACHABLE = 1,
  LB_TRAP_MEMORY_OUT_OF_BOUNDS = 2,
  LB_TRAP_TABLE_OUT_OF_BOUNDS = 3,
  LB_TRAP_INDIRECT_CALL_TO_NULL = 4,
  LB_TRAP_BAD_SIGNATURE = 5,
  LB_TRAP_INTEGER_OVERFLOW = 6,
  LB_TRAP_INTEGER_DIVISION_BY_ZERO = 7,
  LB_TRAP_BAD_CONVERSION_TO_INTEGER = 8,
  LB_TRAP_STACK_OVERFLOW = 9,
  LB_TRAP_HEAP_MISALIGNED = 10,
  LB_TRAP_NULL_REFERENCE = 11,
  LB_TRAP_ARRAY_OUT_OF_BOUNDS = 12,
  LB_TRAP_ALLOCATION_TOO_LARGE = 13,
  LB_TRAP_CAST_FAILURE = 14,
  LB_TRAP_INTERRUPT = 15,
  LB_TRAP_OUT_OF_FUEL = 16,
  LB_TRAP_OTHER = 17,
};
typedef struct lb_error_t lb_error_t;
typedef uint32_t lb_kind_t;
typedef uint32_t lb_trap_t;
typedef struct lb_frame_t {
  const char *module;
  const char *func_name;
  uint32_t func_index;
  int64_t module_offset;
} lb_frame_t;
typedef void (*lb_drop_t)(void *data);
const char *lb_kind_name(lb_kind_t kind);
const char *lb_trap_name(lb_trap_t code);
const char *lb_type_name(uint32_t type);
lb_kind_t lb_error_kind(const struct lb_error_t *error);
const char *lb_error_kind_name(const struct lb_error_t *error);
lb_trap_t lb_error_trap_code(const struct lb_error_t *error);
int32_t lb_error_exit_code(const struct lb_error_t *error);
int64_t lb_error_row(const struct lb_error_t *error);
int32_t lb_error_os_code(const struct lb_error_t *error);
const char *lb_error_path(const struct lb_error_t *error);
const char *lb_error_trap_name(const struct lb_error_t *error);
const char *lb_error_message(const struct lb_error_t *error);
const char *lb_error_output(const struct lb_error_t *error);
size_t lb_error_frame_count(const struct lb_error_t *error);
const struct lb_frame_t *lb_error_frame(const struct lb_error_t *error, size_t index);
void *lb_error_host_exception(const struct lb_error_t *error);
lb_drop_t lb_error_host_drop(const struct lb_error_t *error);
struct lb_error_t *lb_error_new(lb_kind_t kind,
                                const char *message);
struct lb_error_t *lb_error_exit(int32_t code);
struct lb_error_t *lb_error_host(const char *message,
                                 void *data,
                                 lb_drop_t drop);
struct lb_error_t *lb_error_attach(struct lb_error_t *error, void *data, lb_drop_t drop);
struct lb_error_t *lb_error_clone(const struct lb_error_t *error);
void lb_error_free(struct lb_error_t *error);
LB_MUST_USE
static inline lb_error_t *lb_check_version(void) {
  if (lb_abi_version() >= LB_ABI_VERSION) return NULL;
  return lb_error_new(LB_KIND_UNSUPPORTED,
                      "this program was compiled with landbridge.h " LB_VERSION_STRING
                      ", and the library that is loaded is older: install landbridge " LB_VERSION_STRING " or later");
}
enum {
  LB_TYPE_I32 = 1,
  LB_TYPE_I64 = 2,
  LB_TYPE_F32 = 3,
  LB_TYPE_F64 = 4,
  LB_TYPE_V128 = 5,
  LB_TYPE_FUNCREF = 6,
  LB_TYPE_EXTERNREF = 7,
  LB_TYPE_ANYREF = 8,
  LB_TYPE_EQREF = 9,
  LB_TYPE_I31REF = 10,
  LB_TYPE_STRUCTREF = 11,
  LB_TYPE_ARRAYREF = 12,
  LB_TYPE_EXNREF = 13,
  LB_TYPE_NULLREF = 14,
  LB_TYPE_NULLFUNCREF = 15,
  LB_TYPE_NULLEXTERNREF = 16,
  LB_TYPE_NULLEXNREF = 17,
};
#define LB_NO_MAX UINT64_MAX
typedef uint32_t lb_type_t;
typedef struct lb_func_type_t {
  const lb_type_t *params;
  size_t nparams;
  const lb_type_t *results;
  size_t nresults;
} lb_func_type_t;
typedef struct lb_memory_type_t {
  uint64_t min;
  uint64_t max;
  uint64_t page_bytes;
  bool is_64;
} lb_memory_type_t;
typedef struct lb_table_type_t {
  uint64_t min;
  uint64_t max;
  lb_type_t element;
  bool is_64;
} lb_table_type_t;
typedef struct lb_global_type_t {
  lb_type_t content;
  bool is_mutable;
} lb_global_type_t;
typedef uint32_t lb_sort_t;
typedef union lb_extern_type_of_t {
  struct lb_func_type_t func;
  struct lb_memory_type_t memory;
  struct lb_table_type_t table;
  struct lb_global_type_t global;
} lb_extern_type_of_t;
typedef struct lb_extern_type_t {
  lb_sort_t sort;
  union lb_extern_type_of_t of;
} lb_extern_type_t;
typedef struct lb_field_type_t {
  lb_type_t type;
  uint8_t packed_bits;
  bool is_mutable;
} lb_field_type_t;
typedef struct lb_gc_type_t {
  lb_type_t sort;
  const struct lb_field_type_t *fields;
  size_t nfields;
} lb_gc_type_t;
#define LB_SORT_FUNC 1
#define LB_SORT_MEMORY 2
#define LB_SORT_TABLE 3
#define LB_SORT_GLOBAL 4
#define LB_SORT_TAG 5
lb_type_t lb_type_top(lb_type_t type);
size_t lb_func_type_text(const struct lb_func_type_t *type, char *text, size_t size);
size_t lb_memory_type_text(const struct lb_memory_type_t *type, char *text, size_t size);
size_t lb_table_type_text(const struct lb_table_type_t *type, char *text, size_t size);
size_t lb_global_type_text(const struct lb_global_type_t *type, char *text, size_t size);
size_t lb_extern_type_text(const struct lb_extern_type_t *type, char *text, size_t size);
typedef struct lb_func_t {
  uint64_t id;
} lb_func_t;
typedef struct lb_memory_t {
  uint64_t id;
} lb_memory_t;
typedef struct lb_table_t {
  uint64_t id;
} lb_table_t;
typedef struct lb_global_t {
  uint64_t id;
} lb_global_t;
typedef struct lb_tag_t {
  uint64_t id;
} lb_tag_t;
typedef union lb_extern_handle_t {
  struct lb_func_t func;
  struct lb_memory_t memory;
  struct lb_table_t table;
  struct lb_global_t global;
  struct lb_tag_t tag;
} lb_extern_handle_t;
typedef struct lb_extern_t {
  lb_sort_t sort;
  union lb_extern_handle_t of;
} lb_extern_t;
typedef struct lb_engine_t {
  uint64_t id;
} lb_engine_t;
typedef struct lb_module_t {
  uint64_t id;
} lb_module_t;
typedef struct lb_imports_t {
  uint64_t id;
} lb_imports_t;
typedef struct lb_instance_t {
  uint64_t id;
} lb_instance_t;
typedef struct lb_store_t {
  uint64_t id;
} lb_store_t;
typedef struct lb_externref_t {
  uint64_t id;
} lb_externref_t;
typedef struct lb_exception_t {
  uint64_t id;
} lb_exception_t;
typedef struct lb_gcref_t {
  uint64_t id;
} lb_gcref_t;
typedef struct lb_call_t {
  uint64_t id;
} lb_call_t;
typedef struct lb_loan_t {
  uint64_t id;
} lb_loan_t;
typedef struct lb_load_t {
  uint64_t id;
} lb_load_t;
typedef struct lb_pool_t {
  uint64_t id;
} lb_pool_t;
typedef struct lb_inspection_t {
  uint64_t id;
} lb_inspection_t;
typedef struct lb_policy_t {
  uint64_t id;
} lb_policy_t;
typedef struct lb_wit_func_t {
  uint64_t id;
} lb_wit_func_t;
typedef struct lb_wit_call_t {
  uint64_t id;
} lb_wit_call_t;
lb_error_t *lb_extern_release(struct lb_extern_t item);
static inline lb_extern_t lb_extern_func(lb_func_t func) {
  lb_extern_t item = { LB_SORT_FUNC, { { 0 } } };
  item.of.func = func;
  return item;
}
static inline lb_extern_t lb_extern_memory(lb_memory_t memory) {
  lb_extern_t item = { LB_SORT_MEMORY, { { 0 } } };
  item.of.memory = memory;
  return item;
}
static inline lb_extern_t lb_extern_table(lb_table_t table) {
  lb_extern_t item = { LB_SORT_TABLE, { { 0 } } };
  item.of.table = table;
  return item;
}
static inline lb_extern_t lb_extern_tag(lb_tag_t tag) {
  lb_extern_t item = { LB_SORT_TAG, { { 0 } } };
  item.of.tag = tag;
  return item;
}
static inline lb_extern_t lb_extern_global(lb_global_t global) {
  lb_extern_t item = { LB_SORT_GLOBAL, { { 0 } } };
  item.of.global = global;
  return item;
}
typedef struct lb_v128_t {
  uint8_t bytes[16];
} lb_v128_t;
typedef union lb_bits_t {
  int32_t i32;
  int64_t i64;
  float f32;
  double f64;
  struct lb_v128_t v128;
  lb_func_t func;
  lb_externref_t externref;
  lb_gcref_t gcref;
  lb_exception_t exception;
} lb_bits_t;
typedef struct lb_value_t {
  lb_type_t type;
  union lb_bits_t of;
} lb_value_t;
lb_error_t *lb_value_release(struct lb_value_t *value);
LB_MUST_USE
lb_error_t *lb_value_clone(struct lb_value_t value, struct lb_value_t *clone);
LB_MUST_USE
lb_error_t *lb_externref_new(void *data, lb_drop_t drop, lb_externref_t *externref);
LB_MUST_USE
lb_error_t *lb_externref_data(lb_externref_t externref, lb_drop_t *drop, void **data);
LB_MUST_USE
lb_error_t *lb_externref_any(lb_externref_t externref, struct lb_value_t *value);
LB_MUST_USE
lb_error_t *lb_externref_from_any(struct lb_value_t value, lb_externref_t *externref);
bool lb_externref_same(lb_externref_t externref, lb_externref_t other);
LB_MUST_USE
lb_error_t *lb_externref_clone(lb_externref_t externref, lb_externref_t *clone);
lb_error_t *lb_externref_release(lb_externref_t externref);
static inline lb_value_t lb_i32(int32_t i32) {
  lb_value_t value = { LB_TYPE_I32, { 0 } };
  value.of.i32 = i32;
  return value;
}
static inline lb_value_t lb_i64(int64_t i64) {
  lb_value_t value = { LB_TYPE_I64, { 0 } };
  value.of.i64 = i64;
  return value;
}
static inline lb_value_t lb_f32(float f32) {
  lb_value_t value = { LB_TYPE_F32, { 0 } };
  value.of.f32 = f32;
  return value;
}
static inline lb_value_t lb_f64(double f64) {
  lb_value_t value = { LB_TYPE_F64, { 0 } };
  value.of.f64 = f64;
  return value;
}
static inline lb_value_t lb_v128(lb_v128_t v128) {
  lb_value_t value = { LB_TYPE_V128, { 0 } };
  value.of.v128 = v128;
  return value;
}
static inline lb_value_t lb_funcref(lb_func_t func) {
  lb_value_t value = { LB_TYPE_FUNCREF, { 0 } };
  value.of.func = func;
  return value;
}
static inline lb_value_t lb_externref(lb_externref_t externref) {
  lb_value_t value = { LB_TYPE_EXTERNREF, { 0 } };
  value.of.externref = externref;
  return value;
}
static inline lb_value_t lb_i31ref(int32_t i32) {
  lb_value_t value = { LB_TYPE_I31REF, { 0 } };
  value.of.i32 = i32;
  return value;
}
static inline lb_value_t lb_anyref(lb_externref_t externref) {
  lb_value_t value = { LB_TYPE_ANYREF, { 0 } };
  value.of.externref = externref;
  return value;
}
static inline lb_value_t lb_structref(lb_gcref_t gcref) {
  lb_value_t value = { LB_TYPE_STRUCTREF, { 0 } };
  value.of.gcref = gcref;
  return value;
}
static inline lb_value_t lb_arrayref(lb_gcref_t gcref) {
  lb_value_t value = { LB_TYPE_ARRAYREF, { 0 } };
  value.of.gcref = gcref;
  return value;
}
static inline lb_value_t lb_exnref(lb_exception_t exception) {
  lb_value_t value = { LB_TYPE_EXNREF, { 0 } };
  value.of.exception = exception;
  return value;
}
#ifdef __cplusplus
#define LB_I32(value) lb_i32(value)
#define LB_I64(value) lb_i64(value)
#define LB_F32(value) lb_f32(value)
#define LB_F64(value) lb_f64(value)
#define LB_V128(...) lb_v128(lb_v128_t{{__VA_ARGS__}})
#define LB_FUNCREF(value) lb_funcref(value)
#define LB_EXTERNREF(value) lb_externref(value)
#define LB_I31REF(value) lb_i31ref(value)
#define LB_ANYREF(value) lb_anyref(value)
#define LB_STRUCTREF(value) lb_structref(value)
#define LB_ARRAYREF(value) lb_arrayref(value)
#define LB_EXNREF(value) lb_exnref(value)
#define LB_NULL_FUNCREF lb_funcref(lb_func_t{0})
#define LB_NULL_EXTERNREF lb_externref(lb_externref_t{0})
#define LB_NULL_ANYREF lb_anyref(lb_externref_t{0})
#define LB_NULL_EXNREF lb_exnref(lb_exception_t{0})
#else
#define LB_I32(value) { LB_TYPE_I32, { .i32 = (value) } }
#define LB_I64(value) { LB_TYPE_I64, { .i64 = (value) } }
#define LB_F32(value) { LB_TYPE_F32, { .f32 = (value) } }
#define LB_F64(value) { LB_TYPE_F64, { .f64 = (value) } }
#define LB_V128(...) { LB_TYPE_V128, { .v128 = { { __VA_ARGS__ } } } }
#define LB_FUNCREF(value) { LB_TYPE_FUNCREF, { .func = (value) } }
#define LB_EXTERNREF(value) { LB_TYPE_EXTERNREF, { .externref = (value) } }
#define LB_I31REF(value) { LB_TYPE_I31REF, { .i32 = (value) } }
#define LB_ANYREF(value) { LB_TYPE_ANYREF, { .externref = (value) } }
#define LB_STRUCTREF(value) { LB_TYPE_STRUCTREF, { .gcref = (value) } }
#define LB_ARRAYREF(value) { LB_TYPE_ARRAYREF, { .gcref = (value) } }
#define LB_EXNREF(value) { LB_TYPE_EXNREF, { .exception = (value) } }
#define LB_NULL_FUNCREF { LB_TYPE_FUNCREF, { .func = { 0 } } }
#define LB_NULL_EXTERNREF { LB_TYPE_EXTERNREF, { .externref = { 0 } } }
#define LB_NULL_ANYREF { LB_TYPE_ANYREF, { .externref = { 0 } } }
#define LB_NULL_EXNREF { LB_TYPE_EXNREF, { .exception = { 0 } } }
#endif
#define LB_LANES(shape, type, count)                                       \
  static inline lb_v128_t lb_v128_##shape(const type lanes[count]) {       \
    lb_v128_t v128;                                                        \
    memcpy(v128.bytes, lanes, sizeof v128.bytes);                          \
    return v128;                                                           \
  }                                                                        \
  static inline type lb_v128_##shape##_lane(lb_v128_t v128, size_t lane) { \
    type found;                                                            \
    memcpy(&found, v128.bytes + lane % count * sizeof found, sizeof found); \
    return found;                                                          \
  }
LB_LANES(i8x16, int8_t, 16)
LB_LANES(i16x8, int16_t, 8)
LB_LANES(i32x4, int32_t, 4)
LB_LANES(i64x2, int64_t, 2)
LB_LANES(f32x4, float, 4)
LB_LANES(f64x2, double, 2)
#undef LB_LANES
typedef struct lb_import_t {
  const char *module;
  const char *name;
  lb_extern_type_t type;
} lb_import_t;
typedef struct lb_export_t {
  const char *name;
  lb_extern_type_t type;
} lb_export_t;
LB_MUST_USE
lb_error_t *lb_module_load(const lb_engine_t *engine,
                           const char *source,
                           lb_module_t *module);
LB_MUST_USE
lb_error_t *lb_module_load_file(const lb_engine_t *engine, const char *path, lb_module_t *module);
LB_MUST_USE
lb_error_t *lb_module_load_text(const lb_engine_t *engine, const char *source, lb_module_t *module);
LB_MUST_USE
lb_error_t *lb_module_load_bytes(const lb_engine_t *engine,
                                 const uint8_t *bytes,
                                 size_t length,
                                 lb_module_t *module);
LB_MUST_USE
lb_error_t *lb_module_name(lb_module_t module, const char **name);
LB_MUST_USE
lb_error_t *lb_module_bytes(lb_module_t module, const uint8_t **bytes, size_t *length);
LB_MUST_USE
lb_error_t *lb_module_digest(lb_module_t module, const char **digest);
LB_MUST_USE
lb_error_t *lb_module_compile(lb_module_t module, const char *path);
LB_MUST_USE
lb_error_t *lb_module_load_precompiled(const lb_engine_t *engine,
                                       const char *path,
                                       lb_module_t *module);
LB_MUST_USE
lb_error_t *lb_module_imports(lb_module_t module,
                              const struct lb_import_t **imports,
                              size_t *count);
LB_MUST_USE
lb_error_t *lb_module_exports(lb_module_t module,
                              const struct lb_export_t **exports,
                              size_t *count);
lb_error_t *lb_module_release(lb_module_t module);
LB_MUST_USE
lb_error_t *lb_instance_new(lb_module_t module,
                            const lb_imports_t *imports,
                            lb_instance_t *instance);
LB_MUST_USE
lb_error_t *lb_instance_func(lb_instance_t instance,
                             const char *name,
                             lb_func_t *func);
LB_MUST_USE
lb_error_t *lb_instance_memory(lb_instance_t instance, const char *name, lb_memory_t *memory);
LB_MUST_USE
lb_error_t *lb_instance_table(lb_instance_t instance, const char *name, lb_table_t *table);
LB_MUST_USE
lb_error_t *lb_instance_global(lb_instance_t instance, const char *name, lb_global_t *global);
LB_MUST_USE
lb_error_t *lb_instance_tag(lb_instance_t instance, const char *name, lb_tag_t *tag);
LB_MUST_USE
lb_error_t *lb_instance_export(lb_instance_t instance, const char *name, lb_extern_t *item);
LB_MUST_USE
lb_error_t *lb_instance_exports(lb_instance_t instance, const lb_export_t **exports, size_t *count);
LB_MUST_USE
lb_error_t *lb_instance_call(lb_instance_t instance,
                             const char *name,
                             const lb_value_t *args,
                             size_t nargs,
                             lb_value_t *results,
                             size_t nresults);
LB_MUST_USE
lb_error_t *lb_instance_run(lb_instance_t instance,
                            int32_t *exit_code);
LB_MUST_USE
lb_error_t *lb_instance_store(lb_instance_t instance, lb_store_t *store);
LB_MUST_USE
lb_error_t *lb_instance_module(lb_instance_t instance, lb_module_t *module);
lb_error_t *lb_instance_close(lb_instance_t instance);
lb_error_t *lb_instance_release(lb_instance_t instance);
typedef struct lb_context_t lb_context_t;
typedef lb_error_t *(*lb_callback_t)(void *data,
                                     const struct lb_context_t *context,
                                     const lb_value_t *args,
                                     size_t nargs,
                                     lb_value_t *results,
                                     size_t nresults);
LB_MUST_USE
lb_error_t *lb_imports_new(lb_imports_t *imports);
LB_MUST_USE
lb_error_t *lb_imports_func(lb_imports_t imports,
                            const char *module,
                            const char *name,
                            lb_callback_t callback,
                            void *data,
                            lb_drop_t drop);
LB_MUST_USE
lb_error_t *lb_imports_define(lb_imports_t imports,
                              const char *module,
                              const char *name,
                              lb_extern_t item);
LB_MUST_USE
lb_error_t *lb_imports_value(lb_imports_t imports,
                             const char *module,
                             const char *name,
                             lb_value_t value);
LB_MUST_USE
lb_error_t *lb_imports_initialize(lb_imports_t imports,
                                  bool initialize);
LB_MUST_USE
lb_error_t *lb_imports_instance(lb_imports_t imports, const char *module, lb_instance_t instance);
lb_error_t *lb_imports_release(lb_imports_t imports);
LB_MUST_USE
lb_error_t *lb_context_export(const struct lb_context_t *context,
                              const char *name,
                              lb_extern_t *item);
LB_MUST_USE
lb_error_t *lb_context_store(const struct lb_context_t *context, lb_store_t *store);
size_t lb_context_name(const struct lb_context_t *context, char *name, size_t size);
LB_MUST_USE
lb_error_t *lb_func_call(lb_func_t func,
                         const lb_value_t *args,
                         size_t nargs,
                         lb_value_t *results,
                         size_t nresults);
LB_MUST_USE
lb_error_t *lb_func_call_bits(lb_func_t func,
                              uint64_t *bits,
                              size_t count);
LB_MUST_USE
lb_error_t *lb_func_new(lb_store_t store,
                        const lb_func_type_t *type,
                        lb_func_t *func,
                        lb_callback_t callback,
                        void *data,
                        lb_drop_t drop);
LB_MUST_USE
lb_error_t *lb_func_type(lb_func_t func, lb_func_type_t *type);
LB_MUST_USE
lb_error_t *lb_func_name(lb_func_t func, char *name, size_t size, size_t *length);
bool lb_func_same(lb_func_t func, lb_func_t other);
LB_MUST_USE
lb_error_t *lb_func_clone(lb_func_t func, lb_func_t *clone);
lb_error_t *lb_func_release(lb_func_t func);
typedef struct lb_column_t {
  size_t size;
  const void *data;
  size_t rows;
  lb_type_t type;
  uint32_t repeats;
  const uint8_t *validity;
  size_t validity_offset;
} lb_column_t;
typedef struct lb_result_column_t {
  size_t size;
  void *data;
  size_t rows;
  lb_type_t type;
  uint32_t reserved;
} lb_result_column_t;
typedef struct lb_batch_t {
  size_t size;
  size_t rows;
  const uint64_t *selection;
  size_t nselection;
  uint8_t *validity;
} lb_batch_t;
LB_MUST_USE
lb_error_t *lb_func_map(lb_func_t func,
                        const struct lb_column_t *args,
                        size_t nargs,
                        const struct lb_result_column_t *results,
                        size_t nresults,
                        const struct lb_batch_t *batch);
#define LB_ROWS_OF_COLUMNS SIZE_MAX
#define LB_COLUMN(type, data, rows) { sizeof(lb_column_t), (data), (rows), (type), 0, NULL, 0 }
#define LB_REPEATED(type, data) { sizeof(lb_column_t), (data), 0, (type), 1, NULL, 0 }
#define LB_RESULT_COLUMN(type, data, rows) { sizeof(lb_result_column_t), (data), (rows), (type), 0 }
#define LB_BATCH { sizeof(lb_batch_t), LB_ROWS_OF_COLUMNS, NULL, 0, NULL }
typedef struct lb_view_t {
  uint8_t *data;
  size_t length;
  uint64_t id;
} lb_view_t;
LB_MUST_USE
lb_error_t *lb_memory_new(lb_store_t store, const lb_memory_type_t *type, lb_memory_t *memory);
LB_MUST_USE
lb_error_t *lb_memory_read(lb_memory_t memory,
                           uint64_t offset,
                           void *bytes,
                           size_t length);
LB_MUST_USE
lb_error_t *lb_memory_write(lb_memory_t memory, uint64_t offset, const void *bytes, size_t length);
LB_MUST_USE
lb_error_t *lb_memory_read_text(lb_memory_t memory,
                                uint64_t offset,
                                size_t length,
                                char *text,
                                size_t size,
                                size_t *text_length);
LB_MUST_USE
lb_error_t *lb_memory_read_c_string(lb_memory_t memory,
                                    uint64_t offset,
                                    size_t most,
                                    char *text,
                                    size_t size,
                                    size_t *text_length);
LB_MUST_USE
lb_error_t *lb_memory_write_text(lb_memory_t memory,
                                 uint64_t offset,
                                 const char *text,
                                 size_t *written);
LB_MUST_USE
lb_error_t *lb_memory_grow(lb_memory_t memory, uint64_t pages, uint64_t *former_pages);
LB_MUST_USE
lb_error_t *lb_memory_size_bytes(lb_memory_t memory, uint64_t *bytes);
LB_MUST_USE
lb_error_t *lb_memory_size_pages(lb_memory_t memory, uint64_t *pages);
LB_MUST_USE
lb_error_t *lb_memory_type(lb_memory_t memory, lb_memory_type_t *type);
LB_MUST_USE
lb_error_t *lb_memory_view(lb_memory_t memory, struct lb_view_t *view);
lb_error_t *lb_view_release(struct lb_view_t view);
bool lb_memory_same(lb_memory_t memory,
                    lb_memory_t other);
lb_error_t *lb_memory_release(lb_memory_t memory);
LB_MUST_USE
lb_error_t *lb_table_new(lb_store_t store,
                         const lb_table_type_t *type,
                         lb_value_t init,
                         lb_table_t *table);
LB_MUST_USE
lb_error_t *lb_table_get(lb_table_t table, uint64_t index, lb_value_t *value);
LB_MUST_USE
lb_error_t *lb_table_set(lb_table_t table, uint64_t index, lb_value_t value);
LB_MUST_USE
lb_error_t *lb_table_grow(lb_table_t table, uint64_t delta, lb_value_t init, uint64_t *former_size);
LB_MUST_USE
lb_error_t *lb_table_size(lb_table_t table, uint64_t *size);
LB_MUST_USE
lb_error_t *lb_table_type(lb_table_t table, lb_table_type_t *type);
bool lb_table_same(lb_table_t table,
                   lb_table_t other);
lb_error_t *lb_table_release(lb_table_t table);
LB_MUST_USE
lb_error_t *lb_global_new(lb_store_t store,
                          const lb_global_type_t *type,
                          lb_value_t value,
                          lb_global_t *global);
LB_MUST_USE
lb_error_t *lb_global_get(lb_global_t global, lb_value_t *value);
LB_MUST_USE
lb_error_t *lb_global_set(lb_global_t global, lb_value_t value);
LB_MUST_USE
lb_error_t *lb_global_type(lb_global_t global, lb_global_type_t *type);
bool lb_global_same(lb_global_t global,
                    lb_global_t other);
lb_error_t *lb_global_release(lb_global_t global);
LB_MUST_USE
lb_error_t *lb_tag_new(lb_store_t store, const lb_type_t *params, size_t nparams, lb_tag_t *tag);
LB_MUST_USE
lb_error_t *lb_tag_type(lb_tag_t tag, lb_func_type_t *type);
bool lb_tag_same(lb_tag_t tag, lb_tag_t other);
lb_error_t *lb_tag_release(lb_tag_t tag);
LB_MUST_USE
lb_error_t *lb_exception_new(lb_tag_t tag,
                             const lb_value_t *payload,
                             size_t npayload,
                             lb_exception_t *exception);
LB_MUST_USE
lb_error_t *lb_exception_tag(lb_exception_t exception, lb_tag_t *tag);
LB_MUST_USE
lb_error_t *lb_exception_payload(lb_exception_t exception, lb_value_t *payload, size_t npayload);
LB_MUST_USE
lb_error_t *lb_error_exception(const lb_error_t *error, lb_exception_t *exception);
LB_MUST_USE
lb_error_t *lb_error_throw(lb_exception_t exception);
bool lb_exception_same(lb_exception_t exception, lb_exception_t other);
LB_MUST_USE
lb_error_t *lb_exception_clone(lb_exception_t exception, lb_exception_t *clone);
lb_error_t *lb_exception_release(lb_exception_t exception);
LB_MUST_USE
lb_error_t *lb_gcref_type(lb_gcref_t gcref, lb_gc_type_t *type);
size_t lb_gc_type_text(const lb_gc_type_t *type, char *text, size_t size);
LB_MUST_USE
lb_error_t *lb_gcref_len(lb_gcref_t gcref, uint64_t *length);
LB_MUST_USE
lb_error_t *lb_gcref_get(lb_gcref_t gcref, uint64_t index, lb_value_t *value);
LB_MUST_USE
lb_error_t *lb_gcref_set(lb_gcref_t gcref, uint64_t index, lb_value_t value);
bool lb_gcref_same(lb_gcref_t gcref, lb_gcref_t other);
LB_MUST_USE
lb_error_t *lb_gcref_clone(lb_gcref_t gcref, lb_gcref_t *clone);
lb_error_t *lb_gcref_release(lb_gcref_t gcref);
#define LB_NO_FUEL UINT64_MAX
typedef struct lb_limits_t {
  size_t size;
  uint64_t memory_bytes;
  uint64_t table_elements;
  uint64_t instances;
  uint64_t fuel;
  uint64_t output_bytes;
  uint64_t timeout_ms;
  uint64_t written_bytes;
  uint64_t open_files;
  uint64_t transfer_bytes;
  uint64_t handles;
} lb_limits_t;
typedef struct lb_usage_t {
  size_t size;
  uint64_t memory_bytes;
  uint64_t peak_memory_bytes;
  uint64_t table_elements;
  uint64_t instances;
  uint64_t fuel_used;
  uint64_t output_bytes;
  uint64_t last_call_ns;
  uint64_t written_bytes;
  uint64_t open_files;
  uint64_t handles;
} lb_usage_t;
LB_MUST_USE
lb_error_t *lb_limits_to_json(const struct lb_limits_t *limits,
                              char *json,
                              size_t size,
                              size_t *length);
LB_MUST_USE
lb_error_t *lb_limits_from_json(const char *json,
                                struct lb_limits_t *limits);
#define LB_LIMITS { sizeof(lb_limits_t), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }
#define LB_USAGE { sizeof(lb_usage_t), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }
typedef struct lb_bytes_t {
  const uint8_t *data;
  size_t length;
  uint64_t id;
} lb_bytes_t;
typedef uint32_t lb_stream_t;
typedef struct lb_input_t {
  lb_stream_t from;
  const char *path;
  const void *bytes;
  size_t length;
} lb_input_t;
typedef lb_error_t *(*lb_write_t)(void *data, const uint8_t *bytes, size_t length);
typedef struct lb_output_t {
  lb_stream_t to;
  const char *path;
  lb_write_t write;
  void *data;
  lb_drop_t drop;
} lb_output_t;
#define LB_STREAM_NONE 0
#define LB_STREAM_INHERIT 1
#define LB_STREAM_FILE 2
#define LB_STREAM_BYTES 3
#define LB_STREAM_CAPTURE 4
#define LB_STREAM_CALLBACK 5
#define LB_STREAM_LINES 6
lb_error_t *lb_bytes_release(struct lb_bytes_t bytes);
LB_MUST_USE
lb_error_t *lb_store_new(const lb_engine_t *engine, lb_store_t *store);
LB_MUST_USE
lb_error_t *lb_store_number(lb_store_t store, uint64_t *number);
LB_MUST_USE
lb_error_t *lb_store_instantiate(lb_store_t store,
                                 lb_module_t module,
                                 const lb_imports_t *imports,
                                 lb_instance_t *instance);
LB_MUST_USE
lb_error_t *lb_store_usage(lb_store_t store, lb_usage_t *usage);
LB_MUST_USE
lb_error_t *lb_store_set_fuel(lb_store_t store, uint64_t fuel);
LB_MUST_USE
lb_error_t *lb_store_cancel(lb_store_t store);
LB_MUST_USE
lb_error_t *lb_store_stdout(lb_store_t store, lb_bytes_t *bytes);
LB_MUST_USE
lb_error_t *lb_store_stderr(lb_store_t store, lb_bytes_t *bytes);
LB_MUST_USE
lb_error_t *lb_store_refusals(lb_store_t store, lb_bytes_t *bytes);
LB_MUST_USE
lb_error_t *lb_store_output(lb_store_t store,
                            lb_bytes_t *bytes);
LB_MUST_USE
lb_error_t *lb_store_gc(lb_store_t store);
lb_error_t *lb_store_close(lb_store_t store);
lb_error_t *lb_store_release(lb_store_t store);
typedef uint32_t lb_access_t;
typedef struct lb_file_t {
  const char *path;
  const void *bytes;
  size_t length;
} lb_file_t;
#define LB_ACCESS_READ 1
#define LB_ACCESS_WRITE 2
LB_MUST_USE
lb_error_t *lb_policy_new(lb_policy_t *policy);
LB_MUST_USE
lb_error_t *lb_policy_new_program(lb_policy_t *policy);
LB_MUST_USE
lb_error_t *lb_policy_dir(lb_policy_t policy,
                          const char *guest,
                          const char *host,
                          lb_access_t access);
LB_MUST_USE
lb_error_t *lb_policy_memory_dir(lb_policy_t policy,
                                 const char *guest,
                                 const struct lb_file_t *files,
                                 size_t count,
                                 lb_access_t access);
LB_MUST_USE
lb_error_t *lb_policy_env(lb_policy_t policy,
                          const char *name,
                          const char *value);
LB_MUST_USE
lb_error_t *lb_policy_args(lb_policy_t policy,
                           const char *const *args,
                           size_t count);
LB_MUST_USE
lb_error_t *lb_policy_clock_none(lb_policy_t policy);
LB_MUST_USE
lb_error_t *lb_policy_clock_real(lb_policy_t policy);
LB_MUST_USE
lb_error_t *lb_policy_clock_fixed(lb_policy_t policy, uint64_t at_ns);
LB_MUST_USE
lb_error_t *lb_policy_clock_stepped(lb_policy_t policy,
                                    uint64_t start_ns,
                                    uint64_t step_ns);
LB_MUST_USE
lb_error_t *lb_policy_random_none(lb_policy_t policy);
LB_MUST_USE
lb_error_t *lb_policy_random_secure(lb_policy_t policy);
LB_MUST_USE
lb_error_t *lb_policy_random_seed(lb_policy_t policy, uint64_t seed);
LB_MUST_USE
lb_error_t *lb_policy_restrict(lb_policy_t policy, lb_policy_t by, lb_policy_t *restricted);
bool lb_policy_allows(lb_policy_t policy, lb_policy_t other);
bool lb_policy_same(lb_policy_t policy, lb_policy_t other);
LB_MUST_USE
lb_error_t *lb_policy_clone(lb_policy_t policy, lb_policy_t *clone);
LB_MUST_USE
lb_error_t *lb_policy_to_json(lb_policy_t policy,
                              char *json,
                              size_t size,
                              size_t *length);
LB_MUST_USE
lb_error_t *lb_policy_from_json(const char *json, lb_policy_t *policy);
LB_MUST_USE
lb_error_t *lb_policy_from_file(const char *path, lb_policy_t *policy);
lb_error_t *lb_policy_release(lb_policy_t policy);
LB_MUST_USE
lb_error_t *lb_policy_tcp_connect(lb_policy_t policy, const char *network, const char *ports);
LB_MUST_USE
lb_error_t *lb_policy_tcp_bind(lb_policy_t policy, const char *network, const char *ports);
LB_MUST_USE
lb_error_t *lb_policy_udp_connect(lb_policy_t policy, const char *network, const char *ports);
LB_MUST_USE
lb_error_t *lb_policy_udp_bind(lb_policy_t policy, const char *network, const char *ports);
LB_MUST_USE
lb_error_t *lb_policy_name(lb_policy_t policy, const char *name, const char *ports);
LB_MUST_USE
lb_error_t *lb_policy_http(lb_policy_t policy,
                           const char *scheme,
                           const char *host,
                           const char *ports,
                           const char *method);
LB_MUST_USE
lb_error_t *lb_policy_allows_tcp_connect(lb_policy_t policy,
                                         const char *address,
                                         uint16_t port,
                                         bool *allowed);
LB_MUST_USE
lb_error_t *lb_policy_allows_tcp_bind(lb_policy_t policy,
                                      const char *address,
                                      uint16_t port,
                                      bool *allowed);
LB_MUST_USE
lb_error_t *lb_policy_allows_udp_connect(lb_policy_t policy,
                                         const char *address,
                                         uint16_t port,
                                         bool *allowed);
LB_MUST_USE
lb_error_t *lb_policy_allows_udp_bind(lb_policy_t policy,
                                      const char *address,
                                      uint16_t port,
                                      bool *allowed);
LB_MUST_USE
lb_error_t *lb_policy_allows_name(lb_policy_t policy, const char *name, bool *allowed);
LB_MUST_USE
lb_error_t *lb_policy_allows_name_port(lb_policy_t policy,
                                       const char *name,
                                       uint16_t port,
                                       bool *allowed);
LB_MUST_USE
lb_error_t *lb_policy_allows_http(lb_policy_t policy,
                                  const char *scheme,
                                  const char *host,
                                  uint16_t port,
                                  const char *method,
                                  bool *allowed);
typedef struct lb_sandbox_t {
  size_t size;
  lb_policy_t policy;
  const lb_limits_t *limits;
  lb_input_t in;
  lb_output_t out;
  lb_output_t err;
  lb_output_t refusals;
} lb_sandbox_t;
LB_MUST_USE
lb_error_t *lb_store_new_with(const lb_engine_t *engine,
                              const struct lb_sandbox_t *sandbox,
                              lb_store_t *store);
LB_MUST_USE
lb_error_t *lb_instance_new_with(lb_module_t module,
                                 const lb_imports_t *imports,
                                 const struct lb_sandbox_t *sandbox,
                                 lb_instance_t *instance);
#define LB_OUTPUT { LB_STREAM_NONE, NULL, NULL, NULL, NULL }
#define LB_SANDBOX                                                        \
  { sizeof(lb_sandbox_t), { 0 }, NULL, { LB_STREAM_NONE, NULL, NULL, 0 }, \
    LB_OUTPUT, LB_OUTPUT, LB_OUTPUT }
LB_MUST_USE
lb_error_t *lb_run(const lb_engine_t *engine,
                   const char *path,
                   const char *const *args,
                   size_t nargs,
                   const lb_sandbox_t *sandbox,
                   int32_t *exit_code);
#define LB_INHERIT { LB_STREAM_INHERIT, NULL, NULL, NULL, NULL }
#define LB_PROGRAM                                                           \
  { sizeof(lb_sandbox_t), { 0 }, NULL, { LB_STREAM_INHERIT, NULL, NULL, 0 }, \
    LB_INHERIT, LB_INHERIT, LB_OUTPUT }
typedef void (*lb_done_t)(void *data,
                          const lb_error_t *error,
                          const lb_value_t *results,
                          size_t count);
LB_MUST_USE
lb_error_t *lb_func_call_async(lb_func_t func,
                               const lb_value_t *args,
                               size_t nargs,
                               lb_call_t *call,
                               lb_done_t done,
                               void *data);
LB_MUST_USE
lb_error_t *lb_instance_call_async(lb_instance_t instance,
                                   const char *name,
                                   const lb_value_t *args,
                                   size_t nargs,
                                   lb_call_t *call,
                                   lb_done_t done,
                                   void *data);
LB_MUST_USE
lb_error_t *lb_instance_run_async(lb_instance_t instance,
                                  lb_call_t *call,
                                  lb_done_t done,
                                  void *data);
LB_MUST_USE
lb_error_t *lb_call_cancel(lb_call_t call);
LB_MUST_USE
lb_error_t *lb_call_wait(lb_call_t call,
                         lb_value_t *results,
                         size_t nresults);
LB_MUST_USE
lb_error_t *lb_call_wait_for(lb_call_t call,
                             uint64_t timeout_ms,
                             bool *is_done);
bool lb_call_is_done(lb_call_t call);
LB_MUST_USE
lb_error_t *lb_call_result_count(lb_call_t call, size_t *count);
LB_MUST_USE
lb_error_t *lb_call_on_done(lb_call_t call,
                            lb_done_t done,
                            void *data);
lb_error_t *lb_call_release(lb_call_t call);
typedef void (*lb_loaded_t)(void *data, const lb_error_t *error, lb_module_t module);
LB_MUST_USE
lb_error_t *lb_module_load_file_async(const lb_engine_t *engine,
                                      const char *path,
                                      lb_load_t *load,
                                      lb_loaded_t done,
                                      void *data);
LB_MUST_USE
lb_error_t *lb_module_load_text_async(const lb_engine_t *engine,
                                      const char *source,
                                      lb_load_t *load,
                                      lb_loaded_t done,
                                      void *data);
LB_MUST_USE
lb_error_t *lb_module_load_bytes_async(const lb_engine_t *engine,
                                       const uint8_t *bytes,
                                       size_t length,
                                       lb_load_t *load,
                                       lb_loaded_t done,
                                       void *data);
LB_MUST_USE
lb_error_t *lb_load_cancel(lb_load_t load);
LB_MUST_USE
lb_error_t *lb_load_wait(lb_load_t load,
                         lb_module_t *module);
bool lb_load_is_done(lb_load_t load);
LB_MUST_USE
lb_error_t *lb_load_on_done(lb_load_t load,
                            lb_loaded_t done,
                            void *data);
lb_error_t *lb_load_release(lb_load_t load);
typedef void (*lb_job_t)(void *data);
LB_MUST_USE
lb_error_t *lb_context_lend(const lb_context_t *context,
                            lb_loan_t *loan);
LB_MUST_USE
lb_error_t *lb_loan_wait(lb_loan_t loan,
                         lb_value_t *results,
                         size_t nresults);
LB_MUST_USE
lb_error_t *lb_loan_answer(lb_loan_t loan,
                           const lb_value_t *results,
                           size_t nresults);
LB_MUST_USE
lb_error_t *lb_loan_fail(lb_loan_t loan,
                         lb_error_t *error);
bool lb_loan_is_open(lb_loan_t loan);
LB_MUST_USE
lb_error_t *lb_loan_enter(lb_loan_t loan);
LB_MUST_USE
lb_error_t *lb_loan_leave(lb_loan_t loan);
LB_MUST_USE
lb_error_t *lb_loan_reach(lb_loan_t loan,
                          lb_job_t job,
                          void *data,
                          bool *reached);
bool lb_thread_is_serving(void);
lb_error_t *lb_loan_release(lb_loan_t loan);
typedef uint32_t lb_reset_t;
typedef struct lb_pool_options_t {
  size_t size;
  size_t max;
  uint64_t wait_ms;
  lb_reset_t reset;
} lb_pool_options_t;
typedef struct lb_pool_counts_t {
  size_t size;
  uint64_t ready;
  uint64_t taken;
  uint64_t waiting;
  uint64_t made;
  uint64_t served;
  uint64_t in_slots;
} lb_pool_counts_t;
#define LB_RESET_FRESH 0
#define LB_RESET_REUSE 1
LB_MUST_USE
lb_error_t *lb_pool_new(lb_module_t module,
                        const lb_imports_t *imports,
                        const lb_sandbox_t *sandbox,
                        const struct lb_pool_options_t *options,
                        lb_pool_t *pool);
LB_MUST_USE
lb_error_t *lb_pool_get(lb_pool_t pool,
                        lb_instance_t *instance);
LB_MUST_USE
lb_error_t *lb_pool_call(lb_pool_t pool,
                         const char *name,
                         const lb_value_t *args,
                         size_t nargs,
                         lb_value_t *results,
                         size_t nresults);
LB_MUST_USE
lb_error_t *lb_pool_call_async(lb_pool_t pool,
                               const char *name,
                               const lb_value_t *args,
                               size_t nargs,
                               lb_call_t *call,
                               lb_done_t done,
                               void *data);
LB_MUST_USE
lb_error_t *lb_pool_counts(lb_pool_t pool,
                           struct lb_pool_counts_t *counts);
lb_error_t *lb_pool_close(lb_pool_t pool);
lb_error_t *lb_pool_release(lb_pool_t pool);
#define LB_POOL_CORES SIZE_MAX
#define LB_POOL_OPTIONS { sizeof(lb_pool_options_t), LB_POOL_CORES, 30000, LB_RESET_FRESH }
#define LB_POOL_COUNTS { sizeof(lb_pool_counts_t), 0, 0, 0, 0, 0, 0 }
typedef struct lb_engine_options_t {
  size_t size;
  size_t stack_bytes;
  bool interruptible;
  const char *cache;
  bool wide_arithmetic;
  bool custom_page_sizes;
  size_t call_threads;
  bool signal_handlers;
  uint64_t compile_cost;
  uint64_t memory_reservation_bytes;
  bool deterministic;
  size_t pool_slots;
} lb_engine_options_t;
LB_MUST_USE
lb_error_t *lb_engine_new(const struct lb_engine_options_t *options, lb_engine_t *engine);
lb_error_t *lb_engine_release(lb_engine_t engine);
#define LB_ENGINE_OPTIONS { sizeof(lb_engine_options_t), 0, true, NULL, false, false, 0, true, 0, 0, false, 0 }
typedef struct lb_ask_t {
  const char *what;
  const char *const *functions;
  size_t count;
} lb_ask_t;
typedef struct lb_custom_section_t {
  const char *name;
  const uint8_t *bytes;
  size_t length;
} lb_custom_section_t;
typedef struct lb_producer_t {
  const char *field;
  const char *name;
  const char *version;
} lb_producer_t;
LB_MUST_USE
lb_error_t *lb_inspect_bytes(const uint8_t *bytes, size_t length, lb_inspection_t *inspection);
LB_MUST_USE
lb_error_t *lb_inspect_text(const char *source, lb_inspection_t *inspection);
LB_MUST_USE
lb_error_t *lb_inspect(const char *source, lb_inspection_t *inspection);
LB_MUST_USE
lb_error_t *lb_inspect_file(const char *path, lb_inspection_t *inspection);
LB_MUST_USE
lb_error_t *lb_inspection_name(lb_inspection_t inspection, const char **name);
LB_MUST_USE
lb_error_t *lb_inspection_built_for(lb_inspection_t inspection, const char **built_for);
LB_MUST_USE
lb_error_t *lb_inspection_wit(lb_inspection_t inspection,
                              const char **wit);
LB_MUST_USE
lb_error_t *lb_inspection_json(lb_inspection_t inspection,
                               const char **json);
LB_MUST_USE
lb_error_t *lb_inspection_imports(lb_inspection_t inspection,
                                  const lb_import_t **imports,
                                  size_t *count);
LB_MUST_USE
lb_error_t *lb_inspection_asks(lb_inspection_t inspection,
                               const struct lb_ask_t **asks,
                               size_t *count);
LB_MUST_USE
lb_error_t *lb_inspection_exports(lb_inspection_t inspection,
                                  const lb_export_t **exports,
                                  size_t *count);
LB_MUST_USE
lb_error_t *lb_inspection_memories(lb_inspection_t inspection,
                                   const lb_memory_type_t **memories,
                                   size_t *count);
LB_MUST_USE
lb_error_t *lb_inspection_features(lb_inspection_t inspection,
                                   const char *const **features,
                                   size_t *count);
LB_MUST_USE
lb_error_t *lb_inspection_custom_sections(lb_inspection_t inspection,
                                          const struct lb_custom_section_t **sections,
                                          size_t *count);
LB_MUST_USE
lb_error_t *lb_inspection_producers(lb_inspection_t inspection,
                                    const struct lb_producer_t **producers,
                                    size_t *count);
LB_MUST_USE
lb_error_t *lb_inspection_target_features(lb_inspection_t inspection,
                                          const char *const **features,
                                          size_t *count);
LB_MUST_USE
lb_error_t *lb_inspection_compile_cost(lb_inspection_t inspection, uint64_t *units);
lb_error_t *lb_inspection_release(lb_inspection_t inspection);
typedef struct lb_wit_type_t lb_wit_type_t;
typedef uint32_t lb_wit_sort_t;
typedef struct lb_wit_param_t {
  const char *name;
  const struct lb_wit_type_t *type;
} lb_wit_param_t;
typedef struct lb_wit_func_type_t {
  const struct lb_wit_param_t *params;
  size_t nparams;
  const struct lb_wit_type_t *result;
} lb_wit_func_type_t;
#define LB_WIT_SORT_BOOL 0
#define LB_WIT_SORT_S8 1
#define LB_WIT_SORT_U8 2
#define LB_WIT_SORT_S16 3
#define LB_WIT_SORT_U16 4
#define LB_WIT_SORT_S32 5
#define LB_WIT_SORT_U32 6
#define LB_WIT_SORT_S64 7
#define LB_WIT_SORT_U64 8
#define LB_WIT_SORT_F32 9
#define LB_WIT_SORT_F64 10
#define LB_WIT_SORT_CHAR 11
#define LB_WIT_SORT_STRING 12
#define LB_WIT_SORT_LIST 13
#define LB_WIT_SORT_RECORD 14
#define LB_WIT_SORT_TUPLE 15
#define LB_WIT_SORT_VARIANT 16
#define LB_WIT_SORT_ENUM 17
#define LB_WIT_SORT_FLAGS 18
#define LB_WIT_SORT_OPTION 19
#define LB_WIT_SORT_RESULT 20
#define LB_WIT_SORT_OWN 21
#define LB_WIT_SORT_BORROW 22
#define LB_WIT_SORT_NOTHING 23
lb_wit_sort_t lb_wit_type_sort(const struct lb_wit_type_t *type);
const char *lb_wit_type_text(const struct lb_wit_type_t *type);
const char *lb_wit_type_name(const struct lb_wit_type_t *type);
const char *lb_wit_type_interface(const struct lb_wit_type_t *type);
const char *lb_wit_type_docs(const struct lb_wit_type_t *type);
uint32_t lb_wit_type_resource(const struct lb_wit_type_t *type);
size_t lb_wit_type_count(const struct lb_wit_type_t *type);
const char *lb_wit_type_part_name(const struct lb_wit_type_t *type, size_t index);
const char *lb_wit_type_part_docs(const struct lb_wit_type_t *type, size_t index);
const struct lb_wit_type_t *lb_wit_type_part(const struct lb_wit_type_t *type, size_t index);
#define LB_WIT_NO_FIT UINT32_MAX
typedef uint32_t lb_wit_item_sort_t;
typedef uint32_t lb_wit_role_t;
typedef struct lb_wit_func_def_t {
  const char *name;
  const char *own_name;
  lb_wit_role_t role;
  const char *resource;
  const char *docs;
  const char *text;
  lb_wit_func_type_t type;
  uint64_t reserved[2];
} lb_wit_func_def_t;
typedef struct lb_wit_type_def_t {
  const char *name;
  const char *docs;
  const lb_wit_type_t *type;
  bool is_resource;
  uint64_t reserved[2];
} lb_wit_type_def_t;
typedef struct lb_wit_item_t {
  lb_wit_item_sort_t sort;
  const char *name;
  const char *docs;
  const char *what;
  const struct lb_wit_func_def_t *funcs;
  size_t nfuncs;
  const struct lb_wit_type_def_t *types;
  size_t ntypes;
  uint64_t reserved[2];
} lb_wit_item_t;
typedef struct lb_wit_world_t {
  const char *name;
  const char *docs;
  const struct lb_wit_item_t *imports;
  size_t nimports;
  const struct lb_wit_item_t *exports;
  size_t nexports;
} lb_wit_world_t;
#define LB_WIT_ROLE_FREE 0
#define LB_WIT_ROLE_CONSTRUCTOR 1
#define LB_WIT_ROLE_METHOD 2
#define LB_WIT_ROLE_STATIC 3
#define LB_WIT_ITEM_INTERFACE 0
#define LB_WIT_ITEM_FUNC 1
#define LB_WIT_ITEM_TYPE 2
#define LB_WIT_ITEM_OTHER 3
LB_MUST_USE
lb_error_t *lb_module_wit_world(lb_module_t module,
                                const struct lb_wit_world_t **world);
LB_MUST_USE
lb_error_t *lb_module_wit_description(lb_module_t module, const uint8_t **bytes, size_t *length);
uint32_t lb_wit_interface_fits(const char *given,
                               const char *full);
typedef struct lb_wit_blob_t {
  const void *data;
  size_t bytes;
  size_t each;
} lb_wit_blob_t;
typedef struct lb_wit_object_t {
  void *data;
  lb_drop_t drop;
} lb_wit_object_t;
typedef struct lb_wit_frame_t {
  uint8_t *bytes;
  size_t length;
  const struct lb_wit_blob_t *blobs;
  size_t nblobs;
  const struct lb_wit_object_t *objects;
  size_t nobjects;
} lb_wit_frame_t;
typedef struct lb_wit_sink_t {
  size_t size;
  void *data;
  void *(*blob)(void *data, size_t bytes, size_t each);
  lb_error_t *(*result)(void *data, const struct lb_wit_frame_t *frame);
  lb_error_t *(*take)(void *data, const void *bytes, size_t length, size_t each);
} lb_wit_sink_t;
LB_MUST_USE
lb_error_t *lb_wit_parse_frame(const lb_wit_type_t *type,
                               const char *source,
                               const struct lb_wit_sink_t *sink);
LB_MUST_USE
lb_error_t *lb_wit_format_frame(const lb_wit_type_t *type,
                                const struct lb_wit_frame_t *frame,
                                lb_bytes_t *text);
#define LB_WIT_SINK { sizeof(lb_wit_sink_t), NULL, NULL, NULL, NULL }
typedef struct lb_wit_value_t lb_wit_value_t;
typedef struct lb_wit_field_t lb_wit_field_t;
typedef struct lb_wit_text_t {
  const char *data;
  size_t length;
} lb_wit_text_t;
typedef struct lb_wit_items_t {
  const lb_wit_value_t *data;
  size_t count;
} lb_wit_items_t;
typedef struct lb_wit_numbers_t {
  const void *data;
  size_t count;
} lb_wit_numbers_t;
typedef struct lb_wit_fields_t {
  const lb_wit_field_t *data;
  size_t count;
} lb_wit_fields_t;
typedef struct lb_wit_case_t {
  const char *name;
  const lb_wit_value_t *value;
} lb_wit_case_t;
typedef struct lb_wit_names_t {
  const char *const *data;
  size_t count;
} lb_wit_names_t;
typedef union lb_wit_bits_t {
  bool boolean;
  int8_t s8;
  uint8_t u8;
  int16_t s16;
  uint16_t u16;
  int32_t s32;
  uint32_t u32;
  int64_t s64;
  uint64_t u64;
  float f32;
  double f64;
  uint32_t character;
  struct lb_wit_text_t text;
  struct lb_wit_items_t items;
  struct lb_wit_numbers_t numbers;
  struct lb_wit_fields_t fields;
  struct lb_wit_case_t which;
  struct lb_wit_names_t names;
  uint64_t resource;
  lb_wit_object_t object;
} lb_wit_bits_t;
#define LB_WIT_SORT_NUMBERS 24
#define LB_WIT_SORT_RESOURCE 25
#define LB_WIT_SORT_OBJECT 26
struct lb_wit_value_t {
  lb_wit_sort_t sort;
  uint32_t part;
  lb_wit_bits_t of;
};
struct lb_wit_field_t {
  const char *name;
  lb_wit_value_t value;
};
#define LB_WIT_SIMPLE(name, type, SORT, member)                   \
  static inline lb_wit_value_t lb_wit_##name(type it) {           \
    lb_wit_value_t value = { LB_WIT_SORT_##SORT, 0, { 0 } };      \
    value.of.member = it;                                         \
    return value;                                                 \
  }
LB_WIT_SIMPLE(bool, bool, BOOL, boolean)
LB_WIT_SIMPLE(s8, int8_t, S8, s8)
LB_WIT_SIMPLE(u8, uint8_t, U8, u8)
LB_WIT_SIMPLE(s16, int16_t, S16, s16)
LB_WIT_SIMPLE(u16, uint16_t, U16, u16)
LB_WIT_SIMPLE(s32, int32_t, S32, s32)
LB_WIT_SIMPLE(u32, uint32_t, U32, u32)
LB_WIT_SIMPLE(s64, int64_t, S64, s64)
LB_WIT_SIMPLE(u64, uint64_t, U64, u64)
LB_WIT_SIMPLE(f32, float, F32, f32)
LB_WIT_SIMPLE(f64, double, F64, f64)
LB_WIT_SIMPLE(char, uint32_t, CHAR, character)
LB_WIT_SIMPLE(resource, uint64_t, RESOURCE, resource)
#undef LB_WIT_SIMPLE
static inline lb_wit_value_t lb_wit_text(const char *data, size_t length) {
  lb_wit_value_t value = { LB_WIT_SORT_STRING, 0, { 0 } };
  value.of.text.data = data;
  value.of.text.length = length;
  return value;
}
static inline lb_wit_value_t lb_wit_string(const char *text) {
  return lb_wit_text(text, strlen(text));
}
static inline lb_wit_value_t lb_wit_list(const lb_wit_value_t *data, size_t count) {
  lb_wit_value_t value = { LB_WIT_SORT_LIST, 0, { 0 } };
  value.of.items.data = data;
  value.of.items.count = count;
  return value;
}
static inline lb_wit_value_t lb_wit_tuple(const lb_wit_value_t *data, size_t count) {
  lb_wit_value_t value = { LB_WIT_SORT_TUPLE, 0, { 0 } };
  value.of.items.data = data;
  value.of.items.count = count;
  return value;
}
static inline lb_wit_value_t lb_wit_numbers(lb_wit_sort_t sort, const void *data, size_t count) {
  lb_wit_value_t value = { LB_WIT_SORT_NUMBERS, sort, { 0 } };
  value.of.numbers.data = data;
  value.of.numbers.count = count;
  return value;
}
static inline lb_wit_value_t lb_wit_bytes(const void *data, size_t length) {
  return lb_wit_numbers(LB_WIT_SORT_U8, data, length);
}
static inline lb_wit_value_t lb_wit_record(const lb_wit_field_t *data, size_t count) {
  lb_wit_value_t value = { LB_WIT_SORT_RECORD, 0, { 0 } };
  value.of.fields.data = data;
  value.of.fields.count = count;
  return value;
}
static inline lb_wit_value_t lb_wit_variant(const char *name, const lb_wit_value_t *held) {
  lb_wit_value_t value = { LB_WIT_SORT_VARIANT, 0, { 0 } };
  value.of.which.name = name;
  value.of.which.value = held;
  return value;
}
static inline lb_wit_value_t lb_wit_enum(const char *name) {
  lb_wit_value_t value = { LB_WIT_SORT_ENUM, 0, { 0 } };
  value.of.which.name = name;
  return value;
}
static inline lb_wit_value_t lb_wit_flags(const char *const *data, size_t count) {
  lb_wit_value_t value = { LB_WIT_SORT_FLAGS, 0, { 0 } };
  value.of.names.data = data;
  value.of.names.count = count;
  return value;
}
static inline lb_wit_value_t lb_wit_none(void) {
  lb_wit_value_t value = { LB_WIT_SORT_OPTION, 0, { 0 } };
  value.of.which.value = NULL;
  return value;
}
static inline lb_wit_value_t lb_wit_some(const lb_wit_value_t *held) {
  lb_wit_value_t value = { LB_WIT_SORT_OPTION, 1, { 0 } };
  value.of.which.value = held;
  return value;
}
static inline lb_wit_value_t lb_wit_ok(const lb_wit_value_t *held) {
  lb_wit_value_t value = { LB_WIT_SORT_RESULT, 0, { 0 } };
  value.of.which.value = held;
  return value;
}
static inline lb_wit_value_t lb_wit_err(const lb_wit_value_t *held) {
  lb_wit_value_t value = { LB_WIT_SORT_RESULT, 1, { 0 } };
  value.of.which.value = held;
  return value;
}
static inline lb_wit_value_t lb_wit_object(void *data, lb_drop_t drop) {
  lb_wit_value_t value = { LB_WIT_SORT_OBJECT, 0, { 0 } };
  value.of.object.data = data;
  value.of.object.drop = drop;
  return value;
}
#ifdef __cplusplus
#define LB_WIT_BOOL(value) lb_wit_bool(value)
#define LB_WIT_S8(value) lb_wit_s8(value)
#define LB_WIT_U8(value) lb_wit_u8(value)
#define LB_WIT_S16(value) lb_wit_s16(value)
#define LB_WIT_U16(value) lb_wit_u16(value)
#define LB_WIT_S32(value) lb_wit_s32(value)
#define LB_WIT_U32(value) lb_wit_u32(value)
#define LB_WIT_S64(value) lb_wit_s64(value)
#define LB_WIT_U64(value) lb_wit_u64(value)
#define LB_WIT_F32(value) lb_wit_f32(value)
#define LB_WIT_F64(value) lb_wit_f64(value)
#define LB_WIT_CHAR(value) lb_wit_char(value)
#define LB_WIT_RESOURCE(value) lb_wit_resource(value)
#define LB_WIT_TEXT(data, length) lb_wit_text(data, length)
#define LB_WIT_STRING(literal) lb_wit_text("" literal, sizeof(literal) - 1)
#define LB_WIT_BYTES(data, length) lb_wit_bytes(data, length)
#define LB_WIT_NUMBERS(sort, data, count) lb_wit_numbers(sort, data, count)
#define LB_WIT_LIST(array) lb_wit_list(array, sizeof(array) / sizeof *(array))
#define LB_WIT_TUPLE(array) lb_wit_tuple(array, sizeof(array) / sizeof *(array))
#define LB_WIT_RECORD(array) lb_wit_record(array, sizeof(array) / sizeof *(array))
#define LB_WIT_FLAGS(array) lb_wit_flags(array, sizeof(array) / sizeof *(array))
#define LB_WIT_VARIANT(name, held) lb_wit_variant(name, held)
#define LB_WIT_ENUM(name) lb_wit_enum(name)
#define LB_WIT_NONE lb_wit_none()
#define LB_WIT_SOME(held) lb_wit_some(held)
#define LB_WIT_OK(held) lb_wit_ok(held)
#define LB_WIT_ERR(held) lb_wit_err(held)
#define LB_WIT_OBJECT(data, drop) lb_wit_object(data, drop)
#else
#define LB_WIT_BOOL(value) { LB_WIT_SORT_BOOL, 0, { .boolean = (value) } }
#define LB_WIT_S8(value) { LB_WIT_SORT_S8, 0, { .s8 = (value) } }
#define LB_WIT_U8(value) { LB_WIT_SORT_U8, 0, { .u8 = (value) } }
#define LB_WIT_S16(value) { LB_WIT_SORT_S16, 0, { .s16 = (value) } }
#define LB_WIT_U16(value) { LB_WIT_SORT_U16, 0, { .u16 = (value) } }
#define LB_WIT_S32(value) { LB_WIT_SORT_S32, 0, { .s32 = (value) } }
#define LB_WIT_U32(value) { LB_WIT_SORT_U32, 0, { .u32 = (value) } }
#define LB_WIT_S64(value) { LB_WIT_SORT_S64, 0, { .s64 = (value) } }
#define LB_WIT_U64(value) { LB_WIT_SORT_U64, 0, { .u64 = (value) } }
#define LB_WIT_F32(value) { LB_WIT_SORT_F32, 0, { .f32 = (value) } }
#define LB_WIT_F64(value) { LB_WIT_SORT_F64, 0, { .f64 = (value) } }
#define LB_WIT_CHAR(value) { LB_WIT_SORT_CHAR, 0, { .character = (value) } }
#define LB_WIT_RESOURCE(value) { LB_WIT_SORT_RESOURCE, 0, { .resource = (value) } }
#define LB_WIT_TEXT(data, length) { LB_WIT_SORT_STRING, 0, { .text = { (data), (length) } } }
#define LB_WIT_STRING(literal) { LB_WIT_SORT_STRING, 0, { .text = { "" literal, sizeof(literal) - 1 } } }
#define LB_WIT_BYTES(data, length) { LB_WIT_SORT_NUMBERS, LB_WIT_SORT_U8, { .numbers = { (data), (length) } } }
#define LB_WIT_NUMBERS(sort, data, count) { LB_WIT_SORT_NUMBERS, (sort), { .numbers = { (data), (count) } } }
#define LB_WIT_LIST(array) { LB_WIT_SORT_LIST, 0, { .items = { (array), sizeof(array) / sizeof *(array) } } }
#define LB_WIT_TUPLE(array) { LB_WIT_SORT_TUPLE, 0, { .items = { (array), sizeof(array) / sizeof *(array) } } }
#define LB_WIT_RECORD(array) { LB_WIT_SORT_RECORD, 0, { .fields = { (array), sizeof(array) / sizeof *(array) } } }
#define LB_WIT_FLAGS(array) { LB_WIT_SORT_FLAGS, 0, { .names = { (array), sizeof(array) / sizeof *(array) } } }
#define LB_WIT_VARIANT(name, held) { LB_WIT_SORT_VARIANT, 0, { .which = { (name), (held) } } }
#define LB_WIT_ENUM(name) { LB_WIT_SORT_ENUM, 0, { .which = { (name), NULL } } }
#define LB_WIT_NONE { LB_WIT_SORT_OPTION, 0, { .which = { NULL, NULL } } }
#define LB_WIT_SOME(held) { LB_WIT_SORT_OPTION, 1, { .which = { NULL, (held) } } }
#define LB_WIT_OK(held) { LB_WIT_SORT_RESULT, 0, { .which = { NULL, (held) } } }
#define LB_WIT_ERR(held) { LB_WIT_SORT_RESULT, 1, { .which = { NULL, (held) } } }
#define LB_WIT_OBJECT(data, drop) { LB_WIT_SORT_OBJECT, 0, { .object = { (data), (drop) } } }
#endif
static inline const lb_wit_value_t *lb_wit_field(const lb_wit_value_t *record, const char *name) {
  if (!record || record->sort != LB_WIT_SORT_RECORD) return NULL;
  for (size_t i = 0; i < record->of.fields.count; i++) {
    if (!strcmp(record->of.fields.data[i].name, name)) return &record->of.fields.data[i].value;
  }
  return NULL;
}
static inline bool lb_wit_has_flag(const lb_wit_value_t *flags, const char *name) {
  if (!flags || flags->sort != LB_WIT_SORT_FLAGS) return false;
  for (size_t i = 0; i < flags->of.names.count; i++) {
    if (!strcmp(flags->of.names.data[i], name)) return true;
  }
  return false;
}
typedef struct lb_wit_result_t {
  const lb_wit_value_t *value;
  uint64_t id;
} lb_wit_result_t;
lb_error_t *lb_wit_result_release(struct lb_wit_result_t result);
LB_MUST_USE
lb_error_t *lb_wit_parse(const lb_wit_type_t *type,
                         const char *source,
                         struct lb_wit_result_t *value);
LB_MUST_USE
lb_error_t *lb_wit_format(const lb_wit_type_t *type,
                          const lb_wit_value_t *value,
                          lb_bytes_t *text);
LB_MUST_USE
lb_error_t *lb_wit_check(const lb_wit_type_t *type, const lb_wit_value_t *value);
typedef struct lb_wit_reader_t {
  const lb_wit_type_t *type;
  size_t count;
  uint32_t part;
  size_t index;
  size_t at;
  const lb_wit_frame_t *frame;
  const lb_wit_type_t *of;
  uint64_t reserved[2];
} lb_wit_reader_t;
void lb_wit_reader_begin(const lb_wit_type_t *type,
                         const lb_wit_frame_t *frame,
                         struct lb_wit_reader_t *reader);
LB_MUST_USE
lb_error_t *lb_wit_read(struct lb_wit_reader_t *reader,
                        lb_wit_value_t *value);
LB_MUST_USE
lb_error_t *lb_wit_reader_enter(const struct lb_wit_reader_t *reader,
                                struct lb_wit_reader_t *inner);
LB_MUST_USE
lb_error_t *lb_wit_reader_leave(struct lb_wit_reader_t *reader,
                                const struct lb_wit_reader_t *inner);
LB_MUST_USE
lb_error_t *lb_wit_reader_skip(struct lb_wit_reader_t *reader);
LB_MUST_USE
lb_error_t *lb_instance_wit_func(lb_instance_t instance,
                                 const char *name,
                                 lb_wit_func_t *func);
LB_MUST_USE
lb_error_t *lb_wit_func_call_frame(lb_wit_func_t func,
                                   const lb_wit_frame_t *args,
                                   const lb_wit_sink_t *sink);
LB_MUST_USE
lb_error_t *lb_wit_func_type(lb_wit_func_t func, lb_wit_func_type_t *type);
LB_MUST_USE
lb_error_t *lb_wit_func_name(lb_wit_func_t func,
                             char *name,
                             size_t size,
                             size_t *length);
LB_MUST_USE
lb_error_t *lb_wit_func_text(lb_wit_func_t func, char *text, size_t size, size_t *length);
LB_MUST_USE
lb_error_t *lb_wit_func_store(lb_wit_func_t func, lb_store_t *store);
LB_MUST_USE
lb_error_t *lb_wit_func_clone(lb_wit_func_t func, lb_wit_func_t *clone);
lb_error_t *lb_wit_func_release(lb_wit_func_t func);
typedef struct lb_wit_context_t lb_wit_context_t;
typedef lb_error_t *(*lb_wit_frame_callback_t)(void *data,
                                               struct lb_wit_context_t *context,
                                               const lb_wit_frame_t *args);
typedef lb_error_t *(*lb_wit_check_t)(void *data, const char *name, const lb_wit_func_type_t *type);
LB_MUST_USE
lb_error_t *lb_imports_wit_frame(lb_imports_t imports,
                                 const char *interface,
                                 const char *name,
                                 lb_wit_frame_callback_t callback,
                                 lb_wit_check_t check,
                                 void *data,
                                 lb_drop_t drop);
LB_MUST_USE
lb_error_t *lb_imports_wit_resource(lb_imports_t imports,
                                    const char *interface,
                                    const char *name);
const lb_context_t *lb_wit_context_base(struct lb_wit_context_t *context);
const lb_wit_func_type_t *lb_wit_context_type(struct lb_wit_context_t *context);
LB_MUST_USE
lb_error_t *lb_wit_context_give_frame(struct lb_wit_context_t *context,
                                      const lb_wit_frame_t *frame);
typedef lb_error_t *(*lb_wit_callback_t)(void *data,
                                         lb_wit_context_t *context,
                                         const lb_wit_value_t *args,
                                         size_t nargs);
LB_MUST_USE
lb_error_t *lb_wit_func_call(lb_wit_func_t func,
                             const lb_wit_value_t *args,
                             size_t nargs,
                             lb_wit_result_t *result);
LB_MUST_USE
lb_error_t *lb_imports_wit(lb_imports_t imports,
                           const char *interface,
                           const char *name,
                           lb_wit_callback_t callback,
                           void *data,
                           lb_drop_t drop);
LB_MUST_USE
lb_error_t *lb_wit_context_give(lb_wit_context_t *context,
                                const lb_wit_value_t *value);
typedef void (*lb_wit_done_t)(void *data, const lb_error_t *error, const lb_wit_value_t *result);
typedef void (*lb_wit_done_frame_t)(void *data, const lb_error_t *error, const lb_wit_frame_t *frame);
LB_MUST_USE
lb_error_t *lb_wit_func_call_async(lb_wit_func_t func,
                                   const lb_wit_value_t *args,
                                   size_t nargs,
                                   lb_wit_call_t *call,
                                   lb_wit_done_t done,
                                   void *data);
LB_MUST_USE
lb_error_t *lb_wit_func_call_frame_async(lb_wit_func_t func,
                                         const lb_wit_frame_t *args,
                                         lb_wit_call_t *call,
                                         lb_wit_done_frame_t done,
                                         void *data);
LB_MUST_USE
lb_error_t *lb_wit_call_wait(lb_wit_call_t call,
                             lb_wit_result_t *result);
LB_MUST_USE
lb_error_t *lb_wit_call_wait_frame(lb_wit_call_t call,
                                   const lb_wit_sink_t *sink);
LB_MUST_USE
lb_error_t *lb_wit_call_wait_for(lb_wit_call_t call,
                                 uint64_t timeout_ms,
                                 bool *is_done);
bool lb_wit_call_is_done(lb_wit_call_t call);
LB_MUST_USE
lb_error_t *lb_wit_call_cancel(lb_wit_call_t call);
LB_MUST_USE
lb_error_t *lb_wit_call_on_done(lb_wit_call_t call,
                                lb_wit_done_t done,
                                void *data);
lb_error_t *lb_wit_call_release(lb_wit_call_t call);
LB_MUST_USE
lb_error_t *lb_pool_wit_call(lb_pool_t pool,
                             const char *name,
                             const lb_wit_value_t *args,
                             size_t nargs,
                             lb_wit_result_t *result);
LB_MUST_USE
lb_error_t *lb_pool_wit_call_frame(lb_pool_t pool,
                                   const char *name,
                                   const lb_wit_frame_t *args,
                                   const lb_wit_sink_t *sink);
LB_MUST_USE
lb_error_t *lb_pool_wit_call_async(lb_pool_t pool,
                                   const char *name,
                                   const lb_wit_value_t *args,
                                   size_t nargs,
                                   lb_wit_call_t *call,
                                   lb_wit_done_t done,
                                   void *data);
LB_MUST_USE
lb_error_t *lb_pool_wit_call_frame_async(lb_pool_t pool,
                                         const char *name,
                                         const lb_wit_frame_t *args,
                                         lb_wit_call_t *call,
                                         lb_wit_done_frame_t done,
                                         void *data);
LB_MUST_USE
lb_error_t *lb_wit_error(const lb_wit_value_t *payload);
const lb_wit_value_t *lb_error_payload(const lb_error_t *error,
                                       bool *is_there);
LB_MUST_USE
lb_error_t *lb_wit_value_text(const lb_wit_value_t *value, lb_bytes_t *text);
lb_error_t *lb_wit_resource_close(lb_store_t store,
                                  uint64_t resource);
LB_MUST_USE
lb_error_t *lb_wit_resource_has(lb_store_t store, uint64_t resource, bool *has);
LB_MUST_USE
lb_error_t *lb_wit_resource_drop(lb_store_t store,
                                 uint64_t resource);
typedef uint32_t lb_wit_wrong_sort_t;
typedef struct lb_wit_wrong_t {
  size_t size;
  lb_wit_wrong_sort_t sort;
  const char *expected;
  const char *given;
  const char *part;
  const char *name;
  const char *const *known;
  size_t nknown;
} lb_wit_wrong_t;
#define LB_WIT_WRONG_OTHER 1
#define LB_WIT_WRONG_UNFIT 2
#define LB_WIT_WRONG_MISSING 3
#define LB_WIT_WRONG_UNKNOWN 4
#define LB_WIT_WRONG_TWICE 5
#define LB_WIT_WRONG_TOO_DEEP 6
#define LB_WIT_WRONG_SURROGATE 7
#define LB_WIT_WRONG_OTHER_STORE 8
LB_MUST_USE
lb_error_t *lb_wit_wrong(const char *place,
                         const struct lb_wit_wrong_t *wrong);
#define LB_WIT_WRONG { sizeof(lb_wit_wrong_t), 0, NULL, NULL, NULL, NULL, NULL, 0 }
LB_MUST_USE
lb_error_t *lb_wit_signature_check(const lb_wit_func_type_t *type,
                                   const char *name,
                                   bool is_host,
                                   const uint8_t *signature,
                                   size_t length,
                                   bool *is_ok);
LB_MUST_USE
lb_error_t *lb_wit_signature_parse(const uint8_t *signature,
                                   size_t length,
                                   const char *source,
                                   const lb_wit_sink_t *sink);
LB_MUST_USE
lb_error_t *lb_wit_signature_format(const uint8_t *signature,
                                    size_t length,
                                    const lb_wit_frame_t *frame,
                                    lb_bytes_t *text);
typedef struct lb_host_t {
  size_t size;
  void *data;
  lb_error_t *(*wait)(void *data);
  lb_error_t *(*waiting)(void *data);
  void (*wait_for_guest)(void *data);
  void (*block)(void *data);
  lb_error_t *(*tick)(void *data, uint32_t ticks);
  size_t (*coroutine)(void *data);
  bool ends_by_sigpipe;
} lb_host_t;
LB_MUST_USE
lb_error_t *lb_host_install(const struct lb_host_t *host);
LB_MUST_USE
lb_error_t *lb_host_wait(void);
#define LB_HOST { sizeof(lb_host_t), NULL, NULL, NULL, NULL, NULL, NULL, NULL, false }
#ifdef __cplusplus
}
#endif
#endif // LANDBRIDGE_H
