// What the driver needs of wasmtime's C API for components: the shared library in the wheel of wasmtime-py exports it,
// and no header comes with it.

#ifndef BENCH_WASMTIME_C_H
#define BENCH_WASMTIME_C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct wasm_config wasm_config_t;
typedef struct wasm_engine wasm_engine_t;
typedef struct wasmtime_error wasmtime_error_t;
typedef struct wasmtime_store wasmtime_store_t;
typedef struct wasmtime_context wasmtime_context_t;
typedef struct component component_t;
typedef struct linker linker_t;
typedef struct linker_instance linker_instance_t;
typedef struct export_index export_index_t;
typedef struct func_type func_type_t;

typedef struct {
  size_t size;
  char *data;
} name_t;

typedef struct {
  uint64_t store_id;
  uint32_t private;
} instance_t;

typedef struct {
  struct {
    uint64_t store_id;
    uint32_t private;
  } first;
  uint32_t second;
} func_t;

enum { BOOL, S8, U8, S16, U16, S32, U32, S64, U64, F32, F64, CHAR, STRING, LIST, RECORD, TUPLE, VARIANT, ENUM,
       OPTION, RESULT };

typedef struct val val_t;
typedef struct entry entry_t;

typedef struct {
  uint8_t kind;
  union {
    bool boolean;
    uint8_t u8;
    int32_t s32;
    uint32_t u32;
    int64_t s64;
    uint64_t u64;
    float f32;
    double f64;
    name_t string;
    struct {
      size_t size;
      val_t *data;
    } list;
    struct {
      size_t size;
      entry_t *data;
    } record;
    struct {
      name_t name;
      val_t *val;
    } variant;
    struct {
      bool is_ok;
      val_t *val;
    } result;
  } of;
} val_parts_t;

struct val {
  val_parts_t it;
};

struct entry {
  name_t name;
  val_t val;
};

typedef wasmtime_error_t *(*callback_t)(void *, wasmtime_context_t *, const func_type_t *, val_t *, size_t, val_t *,
                                        size_t);

wasm_config_t *wasm_config_new(void);
void wasmtime_config_epoch_interruption_set(wasm_config_t *, bool);
wasm_engine_t *wasm_engine_new_with_config(wasm_config_t *);
wasmtime_store_t *wasmtime_store_new(wasm_engine_t *, void *, void (*)(void *));
wasmtime_context_t *wasmtime_store_context(wasmtime_store_t *);
void wasmtime_context_set_epoch_deadline(wasmtime_context_t *, uint64_t);
void wasmtime_error_message(const wasmtime_error_t *, name_t *);
wasmtime_error_t *wasmtime_component_new(const wasm_engine_t *, const uint8_t *, size_t, component_t **);
linker_t *wasmtime_component_linker_new(const wasm_engine_t *);
linker_instance_t *wasmtime_component_linker_root(linker_t *);
void wasmtime_component_linker_instance_delete(linker_instance_t *);
wasmtime_error_t *wasmtime_component_linker_instance_add_instance(linker_instance_t *, const char *, size_t,
                                                                  linker_instance_t **);
wasmtime_error_t *wasmtime_component_linker_instance_add_func(linker_instance_t *, const char *, size_t, callback_t,
                                                              void *, void (*)(void *));
wasmtime_error_t *wasmtime_component_linker_instantiate(const linker_t *, wasmtime_context_t *, const component_t *,
                                                        instance_t *);
export_index_t *wasmtime_component_instance_get_export_index(const instance_t *, wasmtime_context_t *,
                                                             const export_index_t *, const char *, size_t);
bool wasmtime_component_instance_get_func(const instance_t *, wasmtime_context_t *, const export_index_t *, func_t *);
wasmtime_error_t *wasmtime_component_func_call(const func_t *, wasmtime_context_t *, const val_t *, size_t, val_t *,
                                               size_t);
void wasmtime_component_vallist_new_uninit(void *, size_t);
void wasmtime_component_valrecord_new_uninit(void *, size_t);
val_t *wasmtime_component_val_new(val_t *);
void wasmtime_component_val_clone(const val_t *, val_t *);
void wasmtime_component_val_delete(val_t *);
void wasm_byte_vec_new(name_t *, size_t, const char *);

#endif
