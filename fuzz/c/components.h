// Operations on components: values of the right types and of wrong ones, handles of resources that are stale or made up,
// objects of the program's that must be dropped once.

#ifndef COMPONENTS_H
#define COMPONENTS_H

#include "calls.h"

// The guests of components, of ../../conformance/modules.
static const char *const COMPONENT_FILES[] = { "things.wat", "values.wat", "talk.wat" };
enum { COMPONENTS = sizeof COMPONENT_FILES / sizeof *COMPONENT_FILES, MOST_DEEP = 6, ROOM = 256 };
static lb_module_t components[COMPONENTS];

#define WIT_RUNS (RUNS | KIND(WIT) | KIND(RANGE))

// Handles of resources that were seen, of whatever store.
static atomic_ullong resources[16];

static void saw_resource(uint64_t handle) { atomic_store(&resources[below(16)], handle); }

static uint64_t any_resource(void) {
  const uint64_t handle = atomic_load(&resources[below(16)]);
  return one_in(16) ? any() : one_in(16) ? handle ^ UINT64_C(1) << below(64) : one_in(16) ? below(4) : handle;
}

// What values are made of, until the call that they are for is over.
typedef struct {
  lb_wit_value_t values[ROOM];
  lb_wit_field_t fields[ROOM];
  const char *names[ROOM];
  size_t nvalues, nfields, nnames;
  token *object;
  bool has_no_objects;
} room;

static lb_wit_value_t *values_in(room *in, size_t count) {
  lb_wit_value_t *found = in->nvalues + count <= ROOM ? &in->values[in->nvalues] : NULL;
  if (found) in->nvalues += count;
  return found;
}

static lb_wit_value_t wit_any(room *in, const lb_wit_type_t *type, int depth);

// What an object or a resource crosses as. An object may be passed twice while the library has it.
static lb_wit_value_t wit_handle(room *in) {
  if (in->has_no_objects || one_in(2)) return lb_wit_resource(any_resource());
  if (!in->object || one_in(4)) in->object = token_new(1, 0);
  return lb_wit_object(in->object, token_drop);
}

static lb_wit_value_t wit_number(lb_wit_sort_t sort) {
  lb_wit_value_t value = lb_wit_u64(number());
  // What would point somewhere is a sort that there is not.
  if (sort >= LB_WIT_SORT_STRING) sort = 99;
  value.sort = one_in(8) ? (lb_wit_sort_t)below(12) : sort;
  return value;
}

static lb_wit_value_t wit_text(void) {
  static const char LONG[3000] = "more than what lies in a frame";
  const char *text = name();
  return one_in(8) ? lb_wit_text(LONG, below(sizeof LONG)) : lb_wit_text(one_in(64) ? NULL : text, strlen(text));
}

static lb_wit_value_t wit_record(room *in, const lb_wit_type_t *type, int depth) {
  const size_t all = lb_wit_type_count(type), count = all - (all && one_in(32));
  if (in->nfields + count > ROOM) return lb_wit_none();
  lb_wit_field_t *fields = &in->fields[in->nfields];
  in->nfields += count;
  for (size_t i = 0; i < count; i++) {
    fields[i].name = one_in(64) ? name() : lb_wit_type_part_name(type, i);
    fields[i].value = wit_any(in, lb_wit_type_part(type, i), depth);
  }
  return lb_wit_record(fields, count);
}

static lb_wit_value_t wit_case(room *in, const lb_wit_type_t *type, int depth) {
  const lb_wit_sort_t sort = lb_wit_type_sort(type);
  if (sort == LB_WIT_SORT_OPTION && one_in(2)) return lb_wit_none();
  const size_t count = lb_wit_type_count(type), case_of = !count || one_in(32) ? count : below(count);
  const lb_wit_type_t *holds = lb_wit_type_part(type, case_of);
  lb_wit_value_t *held = holds || one_in(64) ? values_in(in, 1) : NULL;
  if (held) *held = wit_any(in, holds, depth);
  if (sort == LB_WIT_SORT_OPTION) return lb_wit_some(held);
  if (sort == LB_WIT_SORT_RESULT) return case_of ? lb_wit_err(held) : lb_wit_ok(held);
  lb_wit_value_t value = lb_wit_variant(one_in(4) ? NULL : lb_wit_type_part_name(type, case_of), held);
  value.part = (uint32_t)case_of;
  return value;
}

static lb_wit_value_t wit_list(room *in, const lb_wit_type_t *type, int depth) {
  static const uint8_t BYTES[4096] = { 1, 2, 3 };
  const bool is_tuple = lb_wit_type_sort(type) == LB_WIT_SORT_TUPLE;
  const lb_wit_sort_t of = lb_wit_type_sort(lb_wit_type_part(type, 0));
  if (!is_tuple && of > LB_WIT_SORT_BOOL && of < LB_WIT_SORT_CHAR && one_in(2)) return lb_wit_numbers(of, BYTES, below(512));
  const size_t count = is_tuple ? lb_wit_type_count(type) : below(4);
  lb_wit_value_t *items = values_in(in, count);
  for (size_t i = 0; items && i < count; i++) items[i] = wit_any(in, lb_wit_type_part(type, is_tuple ? i : 0), depth);
  return is_tuple ? lb_wit_tuple(items, items ? count : 0) : lb_wit_list(items, items ? count : 0);
}

static lb_wit_value_t wit_flags(room *in, const lb_wit_type_t *type) {
  const size_t count = below(lb_wit_type_count(type) + 1);
  if (in->nnames + count > ROOM) return lb_wit_none();
  const char **names = &in->names[in->nnames];
  in->nnames += count;
  for (size_t i = 0; i < count; i++) names[i] = one_in(64) ? NULL : lb_wit_type_part_name(type, below(count));
  return lb_wit_flags(names, count);
}

// A value: mostly of the type.
static lb_wit_value_t wit_any(room *in, const lb_wit_type_t *type, int depth) {
  lb_wit_sort_t sort = lb_wit_type_sort(type);
  if (one_in(64)) sort = (lb_wit_sort_t)below(30);
  if (depth++ > MOST_DEEP) return lb_wit_bool(true);
  switch (sort) {
    case LB_WIT_SORT_BOOL: return lb_wit_bool(one_in(2));
    case LB_WIT_SORT_CHAR: return lb_wit_char(one_in(32) ? (uint32_t)number() : 'a');
    case LB_WIT_SORT_STRING: return wit_text();
    case LB_WIT_SORT_TUPLE:
    case LB_WIT_SORT_LIST: return wit_list(in, type, depth);
    case LB_WIT_SORT_RECORD: return wit_record(in, type, depth);
    case LB_WIT_SORT_VARIANT:
    case LB_WIT_SORT_ENUM:
    case LB_WIT_SORT_OPTION:
    case LB_WIT_SORT_RESULT: return wit_case(in, type, depth);
    case LB_WIT_SORT_FLAGS: return wit_flags(in, type);
    case LB_WIT_SORT_OWN:
    case LB_WIT_SORT_BORROW: return wit_handle(in);
    default: return wit_number(sort);
  }
}

// Looks at all of a value that the library gave.
static uint64_t wit_look(const lb_wit_value_t *value, int depth) {
  uint64_t sum = value->sort;
  if (depth > 200) found("a value that is too deep");
  switch (value->sort) {
    case LB_WIT_SORT_STRING:
      for (size_t i = 0; i < value->of.text.length; i++) sum += (uint8_t)value->of.text.data[i];
      break;
    case LB_WIT_SORT_NUMBERS:
      if (value->of.numbers.count) sum += *(const uint8_t *)value->of.numbers.data;
      break;
    case LB_WIT_SORT_LIST:
    case LB_WIT_SORT_TUPLE:
      for (size_t i = 0; i < value->of.items.count; i++) sum += wit_look(&value->of.items.data[i], depth + 1);
      break;
    case LB_WIT_SORT_RECORD:
      for (size_t i = 0; i < value->of.fields.count; i++) {
        sum += strlen(value->of.fields.data[i].name) + wit_look(&value->of.fields.data[i].value, depth + 1);
      }
      break;
    case LB_WIT_SORT_VARIANT:
    case LB_WIT_SORT_ENUM:
    case LB_WIT_SORT_OPTION:
    case LB_WIT_SORT_RESULT:
      sum += strlen(value->of.which.name);
      if (value->of.which.value) sum += wit_look(value->of.which.value, depth + 1);
      break;
    case LB_WIT_SORT_FLAGS:
      for (size_t i = 0; i < value->of.names.count; i++) sum += strlen(value->of.names.data[i]);
      break;
    case LB_WIT_SORT_RESOURCE: saw_resource(value->of.resource); break;
    case LB_WIT_SORT_OBJECT: token_used(value->of.object.data); break;
    default: sum += value->of.u64;
  }
  return sum;
}

static lb_error_t *wit_host(void *data, lb_wit_context_t *context, const lb_wit_value_t *args, size_t nargs) {
  on_this_thread();
  token_used(data);
  atomic_fetch_add(&hosts_called, 1);
  const lb_wit_func_type_t *type = lb_wit_context_type(context);
  if (type->nparams != nargs) found("another number of arguments than the type says");
  for (size_t i = 0; i < nargs; i++) wit_look(&args[i], 0);
  if (one_in(4)) act();
  if (one_in(16)) return any_error();
  if (!type->result) return NULL;
  room in = { .nvalues = 0 };
  lb_wit_value_t value = nargs && one_in(4) ? args[below(nargs)] : wit_any(&in, type->result, 0);
  if (one_in(16)) return lb_wit_error(&value);
  if (!TRY(HANDLE | KIND(RANGE) | KIND(LIMIT) | KIND(OUT_OF_BOUNDS), lb_wit_context_give(context, &value))) return any_error();
  return NULL;
}

static lb_imports_t wit_imports(lb_module_t module) {
  const lb_wit_world_t *world;
  lb_imports_t imports;
  TRY(0, lb_imports_new(&imports));
  if (!TRY(0, lb_module_wit_world(module, &world))) return imports;
  for (size_t i = 0; i < world->nimports; i++) {
    const lb_wit_item_t *item = &world->imports[i];
    const char *interface = item->sort == LB_WIT_ITEM_FUNC ? "" : item->name;
    for (size_t k = 0; k < item->nfuncs; k++) {
      if (one_in(200)) continue;
      TRY(0, lb_imports_wit(imports, interface, item->funcs[k].name, wit_host, token_new(1, 0), token_drop));
    }
  }
  return imports;
}

static void component_new(void) {
  closed_in it;
  lb_instance_t instance;
  lb_module_t module = components[below(COMPONENTS)];
  lb_imports_t imports = wit_imports(module);
  any_sandbox(&it);
  if (one_in(2)) {
    if (TRY(OPENS, lb_instance_new_with(module, &imports, &it.sandbox, &instance))) keep(INSTANCE, instance.id);
  } else {
    if (TRY(OPENS, lb_store_instantiate(PICK(lb_store_t, STORE), module, &imports, &instance))) keep(INSTANCE, instance.id);
    token_drop(it.sandbox.out.data);
    token_drop(it.sandbox.refusals.data);
  }
  keep(IMPORTS, imports.id);
}

// A function of some component, by the names that they have.
static void wit_func_new(void) {
  const lb_wit_world_t *world;
  lb_wit_func_t func;
  char full[256];
  TRY(0, lb_module_wit_world(components[below(COMPONENTS)], &world));
  const lb_wit_item_t *item = &world->exports[below(world->nexports)];
  if (!item->nfuncs) return;
  const char *own = item->funcs[below(item->nfuncs)].name;
  if (!strcmp(own, "spin")) return;  // it never ends
  snprintf(full, sizeof full, item->sort == LB_WIT_ITEM_FUNC ? "%.0s%s" : "%s#%s", item->name, own);
  if (TRY(TURN | KIND(NOT_FOUND) | KIND(UNSUPPORTED) | KIND(LIMIT), lb_instance_wit_func(PICK(lb_instance_t, INSTANCE), full, &func))) {
    keep(WIT_FUNC, func.id);
  }
}

static void wit_done(void *data, const lb_error_t *error, const lb_wit_value_t *result) {
  on_this_thread();
  token *it = data;
  if (error) look_at(error);
  if (error && result) found("an error with a result");
  if (result) wit_look(result, 0);
  if (atomic_fetch_add(&it->dones, 1)) found("a call is done twice");
  if (one_in(4)) act();
  atomic_fetch_sub(&dones_open, 1);
}

static lb_error_t *wit_sunk(void *data, const lb_wit_frame_t *frame) {
  const lb_wit_type_t *type = data;
  lb_wit_reader_t reader;
  lb_wit_reader_begin(type, frame, &reader);
  if (type) TRY(0, lb_wit_reader_skip(&reader));
  if (reader.at != frame->length) found("a frame that holds more than its type says");
  return one_in(32) ? any_error() : NULL;
}

// A frame of any bytes.
static void wit_frame(lb_wit_func_t func, const lb_wit_type_t *result) {
  uint8_t bytes[64];
  lb_wit_blob_t blobs[2] = { { bytes, below(64), 1 }, { bytes, below(64), 4 } };
  lb_wit_object_t object = { token_new(1, 0), token_drop };
  for (size_t i = 0; i < sizeof bytes; i++) bytes[i] = one_in(2) ? 0 : one_in(4) ? 255 : (uint8_t)below(5);
  lb_wit_frame_t frame = { bytes, below(64), blobs, below(3), &object, 1 };
  lb_wit_sink_t sink = { sizeof sink, (void *)result, NULL, wit_sunk, NULL };
  TRY(WIT_RUNS, lb_wit_func_call_frame(func, &frame, &sink));
}

static void wit_call(void) {
  lb_wit_func_t func;
  lb_wit_func_type_t type;
  lb_wit_result_t result = { NULL, 0 };
  lb_wit_value_t args[8];
  room in = { .nvalues = 0 };
  // A handle of its own, whose types nobody else gives up.
  if (!TRY(HANDLE | KIND(LIMIT), lb_wit_func_clone(PICK(lb_wit_func_t, WIT_FUNC), &func))) return;
  if (!TRY(0, lb_wit_func_type(func, &type))) return;
  if (one_in(8)) {
    wit_frame(func, type.result);
    TRY(0, lb_wit_func_release(func));
    return;
  }
  size_t nargs = type.nparams < 8 ? type.nparams : 8;
  for (size_t i = 0; i < nargs; i++) args[i] = wit_any(&in, type.params[i].type, 0);
  if (one_in(8)) {
    lb_wit_call_t call = { 0 };
    token *outcome = token_new(0, 1);
    if (!TRY(STARTS | KIND(OUT_OF_BOUNDS), lb_wit_func_call_async(func, args, nargs, &call, wit_done, outcome))) token_not_started(outcome);
    keep(WIT_CALL, call.id);
  } else if (TRY(WIT_RUNS, lb_wit_func_call(func, args, nargs, &result))) {
    atomic_fetch_add(&guests_called, 1);
    if (result.value) wit_look(result.value, 0);
    if (!result.value != !type.result) found("a result where there is none, or none where there is one");
    TRY(0, lb_wit_result_release(result));
  }
  TRY(0, lb_wit_func_release(func));
}

static void wit_call_use(void) {
  lb_wit_call_t call = PICK(lb_wit_call_t, WIT_CALL);
  lb_wit_result_t result;
  bool is_done;
  switch (below(4)) {
    case 0: if (one_in(4)) TRY(HANDLE, lb_wit_call_cancel(call)); break;
    case 1: TRY(HANDLE, lb_wit_call_wait_for(call, below(3), &is_done)); break;
    default:
      if (me->depth || !me->number || !lb_wit_call_is_done(call)) break;
      if (TRY(WIT_RUNS, lb_wit_call_wait(call, &result))) TRY(0, lb_wit_result_release(result));
  }
}

static void wit_resource_use(void) {
  lb_store_t store = PICK(lb_store_t, STORE);
  bool has;
  switch (below(3)) {
    case 0: TRY(WIT_RUNS, lb_wit_resource_close(store, any_resource())); break;
    case 1: TRY(TURN, lb_wit_resource_has(store, any_resource(), &has)); break;
    default: TRY(HANDLE, lb_wit_resource_drop(store, any_resource()));
  }
}

// Texts of values and back: what is written of a value that was read is read as well.
static void wit_texts(void) {
  lb_wit_func_t func;
  lb_wit_func_type_t type;
  lb_wit_result_t read;
  lb_bytes_t told;
  if (!TRY(HANDLE | KIND(LIMIT), lb_wit_func_clone(PICK(lb_wit_func_t, WIT_FUNC), &func))) return;
  TRY(0, lb_wit_func_type(func, &type));
  room in = { .nvalues = 0, .has_no_objects = true };
  const lb_wit_type_t *of = type.nparams ? type.params[below(type.nparams)].type : type.result;
  lb_wit_value_t value = wit_any(&in, of, 0);
  if (of && TRY(HANDLE | KIND(RANGE) | KIND(LIMIT), lb_wit_format(of, &value, &told))) {
    if (!TRY(0, lb_wit_parse(of, (const char *)told.data, &read))) found("no text of a value: %s", (const char *)told.data);
    wit_look(read.value, 0);
    TRY(0, lb_wit_result_release(read));
    TRY(0, lb_bytes_release(told));
  }
  if (of && TRY(HANDLE | KIND(RANGE), lb_wit_parse(of, name(), &read))) TRY(0, lb_wit_result_release(read));
  TRY(0, lb_wit_func_release(func));
}

static void components_setup(const char *guests) {
  char path[1024];
  for (int i = 0; i < COMPONENTS; i++) {
    snprintf(path, sizeof path, "%s/../conformance/modules/%s", guests, COMPONENT_FILES[i]);
    if (!TRY(0, lb_module_load_file(NULL, path, &components[i]))) found("%s is no component", path);
  }
}

static void components_teardown(void) {
  for (int i = 0; i < COMPONENTS; i++) TRY(0, lb_module_release(components[i]));
}

#endif
