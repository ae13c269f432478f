// Objects of the guest's heap: their life, misuse, and objects of the program's that they hold.

#include <pthread.h>

#include "check.h"

static const char *const MODULE =
    "(module (type $s (struct (field (mut i32)) (field f64) (field (mut anyref)) (field (mut externref)) (field (mut i8))))"
    " (type $a (array (mut i16)))"
    " (global $kept (export \"kept\") (mut anyref) (ref.null any))"
    " (table (export \"table\") 2 externref)"
    " (func (export \"make\") (param i32) (result (ref $s))"
    "   (struct.new $s (local.get 0) (f64.const 0.5) (ref.null any) (ref.null extern) (i32.const 255)))"
    " (func (export \"array\") (param i32) (result arrayref) (array.new_default $a (local.get 0)))"
    " (func (export \"any\") (param anyref) (result anyref) (local.get 0))"
    " (func (export \"outward\") (param anyref) (result externref) (extern.convert_any (local.get 0)))"
    " (func (export \"inward\") (param externref) (result anyref) (any.convert_extern (local.get 0)))"
    " (func (export \"two\") (result i32 anyref) (i32.const 1) (ref.i31 (i32.const 2))))";

static int drops;

static void count_drop(void *data) {
  (void)data;
  __atomic_add_fetch(&drops, 1, __ATOMIC_SEQ_CST);
}

static lb_value_t call1(lb_instance_t instance, const char *name, lb_value_t arg) {
  lb_value_t result;
  CHECK(good(lb_instance_call(instance, name, &arg, 1, &result, 1)));
  return result;
}

static lb_value_t host_object(void) {
  lb_externref_t reference;
  CHECK(good(lb_externref_new(&drops, count_drop, &reference)));
  return lb_externref(reference);
}

static void fields(void) {
  lb_instance_t instance = instance_of(MODULE, NULL);
  lb_value_t made = call1(instance, "make", lb_i32(7)), field;
  CHECK(made.type == LB_TYPE_STRUCTREF);
  lb_gcref_t object = made.of.gcref;
  lb_gc_type_t type;
  uint64_t length;
  CHECK(good(lb_gcref_type(object, &type)) && type.sort == LB_TYPE_STRUCTREF && type.nfields == 5);
  CHECK(type.fields[0].type == LB_TYPE_I32 && type.fields[0].is_mutable && !type.fields[1].is_mutable);
  CHECK(type.fields[4].packed_bits == 8 && type.fields[4].type == LB_TYPE_I32 && !type.fields[0].packed_bits);
  char text[80];
  CHECK(lb_gc_type_text(&type, text, sizeof text) < sizeof text);
  CHECK(!strcmp(text, "(struct (mut i32) f64 (mut anyref) (mut externref) (mut i8))"));
  CHECK(lb_gc_type_text(NULL, text, sizeof text) > 0);
  type.sort = LB_TYPE_I32;
  CHECK(lb_gc_type_text(&type, text, sizeof text) > 0);
  CHECK(good(lb_gcref_len(object, &length)) && length == 5);
  CHECK(good(lb_gcref_get(object, 0, &field)) && field.of.i32 == 7);
  CHECK(good(lb_gcref_get(object, 4, &field)) && field.of.i32 == 255);
  CHECK(good(lb_gcref_set(object, 4, lb_i32(-1))) && good(lb_gcref_get(object, 4, &field)) && field.of.i32 == 255);
  CHECK(fails(lb_gcref_set(object, 1, lb_f64(1)), LB_KIND_TYPE));
  CHECK(fails(lb_gcref_set(object, 0, lb_i64(1)), LB_KIND_TYPE));
  CHECK(fails(lb_gcref_set(object, 2, lb_i31ref(INT32_MAX)), LB_KIND_RANGE));
  CHECK(fails(lb_gcref_get(object, 5, &field), LB_KIND_OUT_OF_BOUNDS));
  CHECK(fails(lb_gcref_get(object, UINT64_C(1) << 32, &field), LB_KIND_OUT_OF_BOUNDS));
  CHECK(fails(lb_gcref_set(object, UINT64_MAX, lb_i32(1)), LB_KIND_OUT_OF_BOUNDS));
  CHECK(fails(lb_gcref_get(object, 0, NULL), LB_KIND_TYPE));
  lb_value_t array = call1(instance, "array", lb_i32(3));
  CHECK(array.type == LB_TYPE_ARRAYREF && good(lb_gcref_len(array.of.gcref, &length)) && length == 3);
  CHECK(good(lb_gcref_set(object, 2, array)) && good(lb_gcref_get(object, 2, &field)));
  CHECK(field.type == LB_TYPE_ARRAYREF && lb_gcref_same(field.of.gcref, array.of.gcref));
  CHECK(!lb_gcref_same(object, array.of.gcref));
  CHECK(good(lb_value_release(&field)) && good(lb_value_release(&array)) && good(lb_value_release(&made)));
  CHECK(good(lb_instance_close(instance)));
}

static void stale(void) {
  lb_instance_t instance = instance_of(MODULE, NULL), other = instance_of(MODULE, NULL);
  lb_value_t made = call1(instance, "make", lb_i32(7)), result;
  lb_gcref_t object = made.of.gcref, clone;
  CHECK(fails(lb_instance_call(other, "any", &made, 1, &result, 1), LB_KIND_WRONG_STORE));
  CHECK(good(lb_gcref_clone(object, &clone)) && lb_gcref_same(object, clone) && clone.id != object.id);
  CHECK(good(lb_value_release(&made)) && made.of.gcref.id == 0);
  CHECK(fails(lb_gcref_release(object), LB_KIND_CLOSED));
  CHECK(fails(lb_gcref_get(object, 0, &result), LB_KIND_CLOSED) && !lb_gcref_same(object, clone));
  made.of.gcref = object;
  CHECK(fails(lb_instance_call(instance, "any", &made, 1, &result, 1), LB_KIND_CLOSED));
  made.of.gcref.id = instance.id;
  CHECK(fails(lb_instance_call(instance, "any", &made, 1, &result, 1), LB_KIND_TYPE));
  const lb_value_t no_null = { LB_TYPE_EQREF, { (int32_t)clone.id } };
  CHECK(fails(lb_instance_call(instance, "any", &no_null, 1, &result, 1), LB_KIND_TYPE));
  const lb_value_t null = { LB_TYPE_NULLREF, { 0 } };
  CHECK(good(lb_instance_call(instance, "any", &null, 1, &result, 1)) && result.type == LB_TYPE_ANYREF);
  CHECK(result.of.externref.id == 0 && good(lb_value_release(&result)));
  CHECK(good(lb_gcref_get(clone, 0, &result)) && result.of.i32 == 7);
  CHECK(good(lb_instance_close(instance)) && good(lb_instance_close(other)));
  CHECK(fails(lb_gcref_get(clone, 0, &result), LB_KIND_CLOSED));
  CHECK(fails(lb_gcref_set(clone, 0, lb_i32(1)), LB_KIND_CLOSED));
  CHECK(good(lb_gcref_release(clone)));
}

static void any(void) {
  lb_instance_t instance = instance_of(MODULE, NULL);
  lb_value_t made = call1(instance, "make", lb_i32(1)), outward = call1(instance, "outward", made), value;
  void *data;
  CHECK(outward.type == LB_TYPE_EXTERNREF);
  CHECK(fails(lb_externref_data(outward.of.externref, NULL, &data), LB_KIND_TYPE));
  CHECK(good(lb_externref_any(outward.of.externref, &value)) && value.type == LB_TYPE_STRUCTREF);
  CHECK(lb_gcref_same(value.of.gcref, made.of.gcref));
  lb_externref_t again, none;
  CHECK(good(lb_externref_from_any(value, &again)) && lb_externref_same(again, outward.of.externref));
  CHECK(good(lb_value_release(&value)) && fails(lb_externref_from_any(lb_i32(1), &none), LB_KIND_TYPE));
  lb_value_t null = LB_NULL_ANYREF;
  CHECK(good(lb_externref_from_any(null, &none)) && none.id == 0);
  value = call1(instance, "inward", lb_externref(again));
  CHECK(value.type == LB_TYPE_STRUCTREF && lb_gcref_same(value.of.gcref, made.of.gcref));
  CHECK(good(lb_value_release(&value)));
  value = call1(instance, "outward", lb_i31ref(-3));
  lb_value_t small;
  CHECK(good(lb_externref_any(value.of.externref, &small)) && small.type == LB_TYPE_I31REF && small.of.i32 == -3);
  CHECK(good(lb_value_release(&value)) && good(lb_value_release(&small)) && small.of.i32 == -3);
  lb_value_t results[2], mine = host_object();
  CHECK(good(lb_instance_call(instance, "two", NULL, 0, results, 2)) && results[1].of.i32 == 2);
  CHECK(good(lb_externref_any(mine.of.externref, &value)) && value.type == LB_TYPE_ANYREF && !value.of.externref.id);
  lb_value_t back = call1(instance, "any", lb_anyref(mine.of.externref));
  CHECK(back.type == LB_TYPE_ANYREF && lb_externref_same(back.of.externref, mine.of.externref));
  CHECK(good(lb_externref_release(back.of.externref)) && good(lb_value_release(&mine)));
  CHECK(good(lb_externref_release(again)) && good(lb_value_release(&outward)) && good(lb_value_release(&made)));
  CHECK(good(lb_instance_close(instance)));
}

// An object of the program's is freed when neither side holds it, wherever a guest held it.
static void releases(void) {
  lb_instance_t instance = instance_of(MODULE, NULL);
  lb_store_t store;
  lb_global_t kept;
  lb_table_t table;
  CHECK(good(lb_instance_store(instance, &store)) && good(lb_instance_global(instance, "kept", &kept)));
  CHECK(good(lb_instance_table(instance, "table", &table)));
  for (int place = 0; place < 4; place++) {
    drops = 0;
    lb_value_t mine = host_object(), made = call1(instance, "make", lb_i32(1)), inner = lb_anyref(mine.of.externref);
    lb_value_t null_any = LB_NULL_ANYREF, null_extern = LB_NULL_EXTERNREF;
    switch (place) {
      case 0: CHECK(good(lb_global_set(kept, inner))); break;
      case 1: CHECK(good(lb_table_set(table, 0, mine))); break;
      case 2: CHECK(good(lb_gcref_set(made.of.gcref, 2, inner)) && good(lb_global_set(kept, made))); break;
      default: CHECK(good(lb_gcref_set(made.of.gcref, 3, mine)) && good(lb_global_set(kept, made)));
    }
    CHECK(good(lb_value_release(&mine)) && good(lb_value_release(&made)));
    CHECK(good(lb_store_gc(store)) && drops == 0);
    CHECK(good(lb_global_set(kept, null_any)) && good(lb_table_set(table, 0, null_extern)));
    CHECK(good(lb_store_gc(store)) && drops == 1);
  }
  lb_value_t mine = host_object();
  drops = 0;
  CHECK(good(lb_global_set(kept, lb_anyref(mine.of.externref))) && good(lb_value_release(&mine)));
  CHECK(good(lb_global_release(kept)) && good(lb_table_release(table)) && good(lb_instance_release(instance)));
  CHECK(good(lb_store_close(store)) && drops == 1);
  CHECK(fails(lb_store_gc(store), LB_KIND_CLOSED));
}

// What it does not set is null, or zero.
static lb_error_t *nothing(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                           lb_value_t *results, size_t nresults) {
  (void)data, (void)context, (void)args, (void)nargs, (void)nresults;
  CHECK(results[0].type == LB_TYPE_ANYREF && results[0].of.externref.id == 0);
  return NULL;
}

static void unset_results(void) {
  lb_imports_t imports;
  CHECK(good(lb_imports_new(&imports)) && good(lb_imports_func(imports, "e", "f", nothing, NULL, NULL)));
  CHECK(good(lb_imports_func(imports, "e", "g", nothing, NULL, NULL)));
  lb_instance_t instance = instance_of(
      "(module (import \"e\" \"f\" (func $f (result i31ref))) (import \"e\" \"g\" (func $g (result (ref i31))))"
      " (func (export \"f\") (result i31ref) (call $f)) (func (export \"g\") (result (ref i31)) (call $g)))", &imports);
  lb_value_t result;
  CHECK(good(lb_instance_call(instance, "f", NULL, 0, &result, 1)));
  CHECK(result.type == LB_TYPE_ANYREF && result.of.externref.id == 0);
  CHECK(fails(lb_instance_call(instance, "g", NULL, 0, &result, 1), LB_KIND_TYPE));
  CHECK(good(lb_imports_release(imports)) && good(lb_instance_close(instance)));
}

static lb_instance_t shared;

static void *churn(void *data) {
  for (int i = 0; i < 200; i++) {
    lb_value_t made = call1(shared, "make", lb_i32(i)), copy, field;
    lb_error_free(lb_value_clone(made, &copy));
    lb_error_free(lb_gcref_set(copy.of.gcref, 2, made));
    if (lb_gcref_get(made.of.gcref, 0, &field) || field.of.i32 != i) data = &shared;
    lb_error_free(lb_value_release(&copy));
    lb_error_free(lb_value_release(&made));
  }
  return data;
}

static void threads(void) {
  shared = instance_of(MODULE, NULL);
  pthread_t all[4];
  for (int i = 0; i < 4; i++) CHECK(!pthread_create(&all[i], NULL, churn, NULL));
  for (int i = 0; i < 4; i++) {
    void *wrong;
    pthread_join(all[i], &wrong);
    CHECK(!wrong);
  }
  CHECK(good(lb_instance_close(shared)));
}

static void lanes(void) {
  lb_instance_t instance = instance_of(
      "(module (func (export \"add\") (param v128 v128) (result v128) (f32x4.add (local.get 0) (local.get 1))))", NULL);
  const float one[4] = { 1, 2, 3, 4 };
  const int16_t ints[8] = { -1, 2, 3, 4, 5, 6, 7, -8 };
  lb_value_t args[2] = { lb_v128(lb_v128_f32x4(one)), lb_v128(lb_v128_f32x4(one)) }, result;
  CHECK(good(lb_instance_call(instance, "add", args, 2, &result, 1)));
  for (size_t i = 0; i < 4; i++) CHECK(lb_v128_f32x4_lane(result.of.v128, i) == 2 * one[i]);
  CHECK(lb_v128_i16x8_lane(lb_v128_i16x8(ints), 0) == -1 && lb_v128_i16x8_lane(lb_v128_i16x8(ints), 15) == -8);
  CHECK(good(lb_instance_close(instance)));
}

int main(void) {
  fields();
  stale();
  any();
  releases();
  unset_results();
  threads();
  lanes();
  return finish();
}
