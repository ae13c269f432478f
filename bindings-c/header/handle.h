// A lb_extern_t of a handle.
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
