// Operations on engines, modules, inspections and imports.

#ifndef MODULES_H
#define MODULES_H

#include "hosts.h"

static char *texts[2], *folder;
static size_t text_lengths[2];

static const lb_engine_t *any_engine(void) {
  static __thread lb_engine_t picked;
  if (one_in(2)) return NULL;
  picked.id = one_in(4) ? pick(ENGINE) : engines[below(3)].id;
  return &picked;
}

static lb_module_t any_module(void) {
  return one_in(3) ? PICK(lb_module_t, MODULE) : bases[below(BASES)];
}

static void engine_new(void) {
  lb_engine_options_t options = LB_ENGINE_OPTIONS;
  lb_engine_t engine;
  // Each engine starts threads and makes tables: not many are made.
  if (!one_in(40)) return;
  options.cache = "off";
  options.interruptible = !one_in(4);
  options.signal_handlers = !one_in(2);
  options.stack_bytes = one_in(2) ? 0 : (size_t)number() * 1024;
  options.call_threads = below(3);
  options.wide_arithmetic = one_in(2);
  options.size = one_in(8) ? (size_t)number() : sizeof options;
  if (TRY(KIND(UNSUPPORTED) | KIND(TYPE) | KIND(RANGE) | KIND(LIMIT), lb_engine_new(one_in(8) ? NULL : &options, &engine))) keep(ENGINE, engine.id);
}

// A text of a guest in which a few bytes are others, mostly no valid one.
static void module_damaged(void) {
  int which = (int)below(2);
  lb_module_t module;
  lb_inspection_t inspection;
  char *text = malloc(text_lengths[which] + 1);
  memcpy(text, texts[which], text_lengths[which] + 1);
  for (uint64_t left = 1 + below(3); left; left--) {
    uint64_t from = below(text_lengths[which] - 32), to = below(text_lengths[which] - 32);
    memmove(text + to, text + from, below(32));
  }
  if (one_in(4)) text[below(text_lengths[which])] = 0;
  if (one_in(2)) {
    if (TRY(LOADS, lb_module_load_text(any_engine(), text, &module))) keep(MODULE, module.id);
  } else if (TRY(LOADS, lb_inspect_text(text, &inspection))) {
    keep(INSPECTION, inspection.id);
  }
  free(text);
}

static void module_load(void) {
  char text[256];
  lb_module_t module = { 0 };
  switch (below(6)) {
    case 0: snprintf(text, sizeof text, "(module (func (export \"inc\") (result i32) (i32.const %d)))", (int)any()); break;
    case 1: snprintf(text, sizeof text, "(module (import \"host\" \"number\" (func (param i32) (result i32))) (memory (export \"memory\") %d))", (int)below(20)); break;
    case 2: TRY(LOADS, lb_module_load_bytes(any_engine(), (const uint8_t *)text, 0, &module)); return;
    case 3: if (!one_in(4)) return; module_damaged(); return;
    default: {
      // It is loaded already, mostly.
      const char *guest = texts[below(2)];
      if (TRY(LOADS, lb_module_load_text(any_engine(), guest, &module))) keep(MODULE, module.id);
      return;
    }
  }
  if (TRY(LOADS, lb_module_load_text(any_engine(), text, &module))) keep(MODULE, module.id);
}

static void module_read(void) {
  lb_module_t module = one_in(2) ? bases[below(BASES)] : MINE(lb_module_t, MODULE);
  const char *text;
  const uint8_t *bytes;
  const lb_import_t *imports;
  const lb_export_t *exports;
  size_t count;
  char buffer[64];
  if (TRY(HANDLE, lb_module_name(module, &text)) && text && strlen(text) > 1000) found("a long name");
  if (TRY(HANDLE, lb_module_digest(module, &text)) && strlen(text) != 64) found("a digest of another length");
  if (TRY(HANDLE, lb_module_bytes(module, &bytes, &count)) && memcmp(bytes, "\0asm", 4)) found("no bytes of a module");
  if (TRY(HANDLE, lb_module_imports(module, &imports, &count))) {
    for (size_t i = 0; i < count; i++) lb_extern_type_text(&imports[i].type, buffer, below(sizeof buffer));
  }
  if (TRY(HANDLE, lb_module_exports(module, &exports, &count))) {
    for (size_t i = 0; i < count; i++) lb_extern_type_text(&exports[i].type, buffer, below(sizeof buffer));
  }
}

static void module_file(void) {
  static atomic_int files;
  char path[600];
  lb_module_t module;
  if (!one_in(16)) return;
  snprintf(path, sizeof path, "%s/%d.code", folder, atomic_fetch_add(&files, 1) % 8);
  TRY(HANDLE | KIND(IO), lb_module_compile(any_module(), one_in(16) ? "/no/such/folder/x" : path));
  if (TRY(LOADS, lb_module_load_precompiled(any_engine(), path, &module))) keep(MODULE, module.id);
  TRY(LOADS, lb_module_load_file(any_engine(), path, &module));
}

static void inspection_read(void) {
  lb_inspection_t it = MINE(lb_inspection_t, INSPECTION);
  const char *text, *const *list;
  const lb_import_t *imports;
  const lb_export_t *exports;
  const lb_memory_type_t *memories;
  const lb_custom_section_t *sections;
  const lb_producer_t *producers;
  const lb_ask_t *asks;
  size_t count, length = 0;
  if (one_in(4) && TRY(LOADS, lb_inspect_text(texts[below(2)], &it))) keep(INSPECTION, it.id);
  it = MINE(lb_inspection_t, INSPECTION);
  if (TRY(HANDLE, lb_inspection_name(it, &text)) && text) length += strlen(text);
  if (TRY(HANDLE, lb_inspection_imports(it, &imports, &count)) && count) length += strlen(imports[count - 1].name);
  if (TRY(HANDLE, lb_inspection_exports(it, &exports, &count)) && count) length += strlen(exports[count - 1].name);
  if (TRY(HANDLE, lb_inspection_asks(it, &asks, &count)) && count) length += strlen(asks[count - 1].functions[0]);
  if (TRY(HANDLE, lb_inspection_memories(it, &memories, &count)) && count) length += memories[count - 1].min;
  if (TRY(HANDLE, lb_inspection_features(it, &list, &count)) && count) length += strlen(list[count - 1]);
  TRY(HANDLE, lb_inspection_custom_sections(it, &sections, &count));
  TRY(HANDLE, lb_inspection_producers(it, &producers, &count));
  TRY(HANDLE, lb_inspection_target_features(it, &list, &count));
  if (length > 100000) found("long texts");
}

static void imports_change(void) {
  lb_imports_t imports = PICK(lb_imports_t, IMPORTS);
  token *it;
  switch (below(6)) {
    case 0:
      it = token_new(1, 0);
      TRY(HANDLE, lb_imports_func(imports, "host", name(), host_function, it, token_drop));
      break;
    case 1: TRY(HANDLE, lb_imports_define(imports, "host", name(), any_item())); break;
    case 2: TRY(HANDLE | KIND(RANGE), lb_imports_value(imports, "host", name(), value_of(any_type()))); break;
    case 3: TRY(TURN, lb_imports_instance(imports, "host", PICK(lb_instance_t, INSTANCE))); break;
    default: keep(IMPORTS, any_imports().id); break;
  }
}

#endif
