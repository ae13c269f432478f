// Drop functions that call the library: those of objects that the guest's collector lets go of, of what a
// host function threw, and of functions.

#include "check.h"

// Makes garbage with objects of the program's; holds object 0 for ever.
static const char *const GARBAGE =
    "(module (import \"e\" \"fresh\" (func $fresh (result externref)))"
    " (type $s (struct (field i64) (field externref) (field (ref null $s))))"
    " (global $g (mut (ref null $s)) (ref.null $s))"
    " (table $t (export \"table\") 10 externref)"
    " (func (export \"keep\") (global.set $g (struct.new $s (i64.const 4242) (call $fresh) (ref.null $s))))"
    " (func (export \"number\") (result i64) (struct.get $s 0 (global.get $g)))"
    " (func (export \"kept\") (result externref) (struct.get $s 1 (global.get $g)))"
    " (func (export \"churn\") (param i32)"
    "   (loop $l (drop (struct.new $s (i64.const 1) (call $fresh) (ref.null $s)))"
    "     (drop (struct.new $s (i64.const 2) (call $fresh) (global.get $g)))"
    "     (table.set $t (i32.rem_u (local.get 0) (i32.const 10)) (call $fresh))"
    "     (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))))";

typedef struct {
  int number, dropped;
} object;

static object objects[200000];
static int made, dropped, twice, wrong, depth;
static lb_instance_t guest;
static lb_store_t store;
static lb_table_t table;
static void (*act)(void);

static void drop_object(void *data) {
  object *it = data;
  dropped++;
  if (it->dropped++) twice++;
  if (!act || depth > 3) return;
  depth++;
  act();
  depth--;
}

static lb_externref_t object_new(void) {
  lb_externref_t reference = { 0 };
  object *it = &objects[made];
  it->number = made++;
  CHECK(good(lb_externref_new(it, drop_object, &reference)));
  return reference;
}

static lb_error_t *fresh(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                         lb_value_t *results, size_t nresults) {
  (void)data, (void)context, (void)args, (void)nargs, (void)nresults;
  results[0] = lb_externref(object_new());
  return NULL;
}

static void calls(void) {
  lb_value_t result;
  if (!good(lb_instance_call(guest, "number", NULL, 0, &result, 1)) || result.of.i64 != 4242) wrong++;
}

static void makes_garbage(void) {
  lb_value_t two = lb_i32(2);
  if (dropped % 20 == 0 && !good(lb_instance_call(guest, "churn", &two, 1, NULL, 0))) wrong++;
}

static void collects(void) {
  if (dropped % 50) return;
  lb_externref_t reference = object_new();
  if (!good(lb_table_set(table, (uint64_t)(made % 10), lb_externref(reference)))) wrong++;
  if (!good(lb_externref_release(reference)) || !good(lb_store_gc(store))) wrong++;
}

static void garbage(void (*what)(void)) {
  made = dropped = twice = wrong = 0;
  memset(objects, 0, sizeof objects);
  lb_imports_t imports;
  CHECK(good(lb_imports_new(&imports)) && good(lb_imports_func(imports, "e", "fresh", fresh, NULL, NULL)));
  guest = instance_of(GARBAGE, &imports);
  CHECK(good(lb_instance_store(guest, &store)) && good(lb_instance_table(guest, "table", &table)));
  CHECK(good(lb_instance_call(guest, "keep", NULL, 0, NULL, 0)));
  act = what;
  for (int i = 0; i < 10; i++) {
    lb_value_t many = lb_i32(1000), kept;
    CHECK(good(lb_instance_call(guest, "churn", &many, 1, NULL, 0)));
    CHECK(good(lb_store_gc(store)));
    CHECK(good(lb_instance_call(guest, "kept", NULL, 0, &kept, 1)));
    void *data = NULL;
    CHECK(good(lb_externref_data(kept.of.externref, NULL, &data)));
    CHECK(data == &objects[0] && !objects[0].dropped);
    CHECK(good(lb_value_release(&kept)));
  }
  act = NULL;
  CHECK(dropped > 1000 && !twice && !wrong);
  CHECK(good(lb_table_release(table)) && good(lb_imports_release(imports)));
  CHECK(good(lb_instance_close(guest)) && good(lb_store_release(store)));
  CHECK(dropped == made && !twice);
}

// A function that no guest saw goes with its handle, and its drop function may make another one.
static int gone;

static lb_error_t *nothing(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                           lb_value_t *results, size_t nresults) {
  (void)data, (void)context, (void)args, (void)nargs, (void)results, (void)nresults;
  return NULL;
}

static void drop_func(void *data) {
  gone++;
  lb_func_type_t type = { 0 };
  lb_func_t next;
  if (!data) return;
  CHECK(good(lb_func_new(store, &type, &next, nothing, NULL, drop_func)));
  CHECK(good(lb_func_call(next, NULL, 0, NULL, 0)) && good(lb_func_release(next)));
}

static void functions(void) {
  lb_func_type_t type = { 0 };
  CHECK(good(lb_store_new(NULL, &store)));
  for (int i = 0; i < 1000; i++) {
    lb_func_t func;
    gone = 0;
    CHECK(good(lb_func_new(store, &type, &func, nothing, &gone, drop_func)));
    CHECK(good(lb_func_call(func, NULL, 0, NULL, 0)) && !gone);
    CHECK(good(lb_func_release(func)) && gone == 2);
  }
  CHECK(good(lb_store_release(store)));
}

int main(void) {
  garbage(calls);
  garbage(makes_garbage);
  garbage(collects);
  functions();
  return finish();
}
