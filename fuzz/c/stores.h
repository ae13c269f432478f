// Operations on stores, sandboxes, instances and calls.

#ifndef STORES_H
#define STORES_H

#include "modules.h"

// A limit that is reached, one that is not, or none.
static uint64_t limit(uint64_t usual) { return one_in(3) ? 0 : one_in(4) ? below(usual) : usual; }

typedef struct {
  lb_sandbox_t sandbox;
  lb_limits_t limits;
  token *out, *refusals;
} closed_in;

static void any_sandbox(closed_in *it) {
  static const lb_limits_t NONE = LB_LIMITS;
  static const lb_sandbox_t OPEN = LB_SANDBOX;
  it->limits = NONE;
  it->sandbox = OPEN;
  it->limits.memory_bytes = limit(4 << 20);
  it->limits.table_elements = limit(1000);
  it->limits.instances = limit(10);
  it->limits.fuel = one_in(4) ? 1 + below(100000) : 0;
  it->limits.output_bytes = limit(1000);
  it->limits.timeout_ms = limit(100);
  it->limits.written_bytes = limit(20000);
  it->limits.open_files = limit(4);
  it->limits.transfer_bytes = limit(1000);
  it->limits.handles = limit(10);
  if (one_in(50)) it->limits.size = (size_t)number();
  it->sandbox.limits = one_in(8) ? NULL : &it->limits;
  it->sandbox.policy.id = one_in(3) ? 0 : pick(POLICY);
  it->sandbox.in.from = one_in(2) ? LB_STREAM_NONE : LB_STREAM_BYTES;
  it->sandbox.in.bytes = "what the guest reads";
  it->sandbox.in.length = below(20);
  it->sandbox.err.to = LB_STREAM_CAPTURE;
  it->sandbox.out.to = one_in(2) ? LB_STREAM_CAPTURE : LB_STREAM_CALLBACK;
  it->sandbox.out.write = write_function;
  it->sandbox.out.data = token_new(1, 0);
  it->sandbox.out.drop = token_drop;
  it->sandbox.refusals = it->sandbox.out;
  it->sandbox.refusals.data = token_new(1, 0);
  if (one_in(50)) it->sandbox.in.from = (lb_stream_t)number();
}

#define OPENS (LOADS | RUNS | KIND(LINK))

static void store_new(void) {
  closed_in it;
  lb_store_t store;
  if (one_in(2)) {
    if (TRY(HANDLE | KIND(LIMIT), lb_store_new(any_engine(), &store))) keep(STORE, store.id);
    return;
  }
  any_sandbox(&it);
  if (TRY(HANDLE | KIND(LIMIT) | KIND(RANGE) | KIND(UNSUPPORTED), lb_store_new_with(any_engine(), &it.sandbox, &store))) keep(STORE, store.id);
}

static void instance_new(void) {
  closed_in it;
  lb_instance_t instance;
  int is_new = !one_in(4);
  lb_imports_t imports = is_new ? any_imports() : PICK(lb_imports_t, IMPORTS);
  const lb_imports_t *lent = one_in(16) ? NULL : &imports;
  lb_module_t module = any_module();
  if (one_in(3)) {
    if (TRY(OPENS, lb_store_instantiate(PICK(lb_store_t, STORE), module, lent, &instance))) keep(INSTANCE, instance.id);
  } else if (one_in(2)) {
    if (TRY(OPENS, lb_instance_new(module, lent, &instance))) keep(INSTANCE, instance.id);
  } else {
    any_sandbox(&it);
      if (TRY(OPENS, lb_instance_new_with(module, lent, &it.sandbox, &instance))) keep(INSTANCE, instance.id);
  }
  if (is_new) keep(IMPORTS, imports.id);
}

static void store_use(void) {
  lb_store_t store = PICK(lb_store_t, STORE);
  lb_usage_t usage = LB_USAGE;
  lb_bytes_t bytes;
  switch (below(7)) {
    case 0:
      if (TRY(TURN, lb_store_usage(store, &usage)) && usage.memory_bytes > usage.peak_memory_bytes) found("more than the peak");
      break;
    case 1: TRY(TURN | KIND(UNSUPPORTED), lb_store_set_fuel(store, number())); break;
    case 2: if (one_in(4)) TRY(HANDLE, lb_store_cancel(store)); break;
    case 3:
      if (TRY(HANDLE, lb_store_stdout(store, &bytes))) TRY(0, lb_bytes_release(bytes));
      break;
    case 4:
      if (TRY(HANDLE, lb_store_stderr(store, &bytes))) TRY(0, lb_bytes_release(bytes));
      break;
    case 5:
      if (TRY(HANDLE, lb_store_refusals(store, &bytes)) && bytes.data[bytes.length]) found("bytes without a zero");
      TRY(HANDLE, lb_bytes_release(bytes));
      break;
    default: TRY(TURN, lb_store_gc(store));
  }
}

static void instance_use(void) {
  lb_instance_t instance = PICK(lb_instance_t, INSTANCE);
  const lb_export_t *exports;
  lb_extern_t item;
  lb_func_t func;
  lb_memory_t memory;
  lb_table_t table;
  lb_global_t global;
  lb_tag_t tag;
  lb_store_t store;
  lb_module_t module;
  size_t count;
  int32_t code;
  const uint32_t gets = TURN | KIND(NOT_FOUND) | KIND(LIMIT) | KIND(UNSUPPORTED);
  switch (below(10)) {
    case 0: if (TRY(gets, lb_instance_func(instance, name(), &func))) keep(FUNC, func.id); break;
    case 1: if (TRY(gets, lb_instance_memory(instance, name(), &memory))) keep(MEMORY, memory.id); break;
    case 2: if (TRY(gets, lb_instance_table(instance, name(), &table))) keep(TABLE, table.id); break;
    case 3: if (TRY(gets, lb_instance_global(instance, name(), &global))) keep(GLOBAL, global.id); break;
    case 4: if (TRY(gets, lb_instance_tag(instance, name(), &tag))) keep(TAG, tag.id); break;
    case 5: if (TRY(gets, lb_instance_export(instance, name(), &item))) received_item(item); break;
    case 6:
      if (TRY(TURN, lb_instance_exports(MINE(lb_instance_t, INSTANCE), &exports, &count)) && count && !exports[count - 1].name) found("no name");
      break;
    case 7: if (TRY(HANDLE, lb_instance_store(instance, &store))) keep(STORE, store.id); break;
    case 8: if (TRY(HANDLE, lb_instance_module(instance, &module))) keep(MODULE, module.id); break;
    default: TRY(RUNS, lb_instance_run(instance, &code));
  }
}

// ---- Calls. Their arguments mostly are what the function takes.

enum { VALUES = 8 };

typedef struct {
  lb_func_t func;
  const char *name;
  lb_value_t args[VALUES], results[VALUES];
  size_t nargs, nresults;
} prepared;

// Whether the function, which only this thread knows, can be called.
static int prepare(prepared *it, lb_func_t func) {
  lb_func_type_t type;
  if (!TRY(HANDLE, lb_func_type(func, &type)) || type.nparams > VALUES || type.nresults > VALUES) return 0;
  it->func = func;
  it->nargs = type.nparams;
  it->nresults = type.nresults;
  lb_type_t params[VALUES];
  for (size_t i = 0; i < type.nparams; i++) params[i] = type.params[i];
  for (size_t i = 0; i < it->nargs; i++) it->args[i] = value_of(params[i]);
  if (one_in(32)) it->nargs = below(VALUES);
  for (size_t i = 0; i < VALUES; i++) it->results[i] = lb_i32(7);
  if (one_in(32)) it->nresults = below(VALUES);
  for (size_t i = type.nparams; i < it->nargs; i++) it->args[i] = value_of(any_type());
  return 1;
}

static void results_of(prepared *it) {
  guests_called++;
  for (size_t i = 0; i < it->nresults; i++) received(it->results[i]);
}

static void func_call(void) {
  prepared it;
  lb_func_t func;
  if (!TRY(HANDLE, lb_func_clone(PICK(lb_func_t, FUNC), &func))) return;
  if (prepare(&it, func)) {
    if (TRY(RUNS, lb_func_call(func, it.args, it.nargs, it.results, it.nresults))) results_of(&it);
    else if (it.results[0].type != LB_TYPE_I32) found("results were written in spite of an error");
  }
  TRY(0, lb_func_release(func));
}

static void instance_call(void) {
  prepared it;
  lb_func_t func;
  lb_instance_t instance = PICK(lb_instance_t, INSTANCE);
  it.name = name();
  if (!TRY(TURN | KIND(NOT_FOUND) | KIND(LIMIT) | KIND(UNSUPPORTED), lb_instance_func(instance, it.name, &func))) return;
  if (prepare(&it, func)) {
    if (TRY(RUNS, lb_instance_call(instance, it.name, it.args, it.nargs, it.results, it.nresults))) results_of(&it);
  }
  if (one_in(2)) keep(FUNC, func.id);
  else TRY(0, lb_func_release(func));
}

#endif
