// Tags and exceptions: what carries them, misuse, and what is left when the store is closed.

#include "check.h"

static const char *const MODULE =
    "(module (import \"env\" \"f\" (func $f (param i32)))"
    " (tag $number (export \"number\") (param i32 f64))"
    " (tag $object (export \"object\") (param externref))"
    " (func (export \"throw\") (param i32 f64) (throw $number (local.get 0) (local.get 1)))"
    " (func (export \"throw_object\") (param externref) (throw $object (local.get 0)))"
    " (func (export \"call\") (param i32) (call $f (local.get 0)))"
    " (func (export \"pass\") (param exnref) (result exnref) (local.get 0))"
    " (func (export \"catch\") (param i32) (result i32 f64)"
    "   (block $caught (result i32 f64) (try_table (catch $number $caught) (call $f (local.get 0)))"
    "     (i32.const 0) (f64.const 0))))";

static lb_instance_t instance;
static lb_tag_t number;
static int drops;

static void count_drop(void *data) {
  (void)data;
  drops++;
}

static lb_error_t *f(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs, lb_value_t *results,
                     size_t nresults) {
  (void)data, (void)context, (void)nargs, (void)results, (void)nresults;
  if (args[0].of.i32 > 0) {
    lb_value_t down = lb_i32(args[0].of.i32 - 1);
    return lb_instance_call(instance, "call", &down, 1, NULL, 0);
  }
  const lb_value_t payload[2] = { LB_I32(5), LB_F64(0.5) };
  lb_exception_t exception;
  lb_error_t *error = lb_exception_new(number, payload, 2, &exception);
  if (error) return error;
  error = lb_error_throw(exception);
  lb_error_free(lb_exception_release(exception));
  return error;
}

static void make(void) {
  lb_imports_t imports;
  CHECK(good(lb_imports_new(&imports)) && good(lb_imports_func(imports, "env", "f", f, NULL, NULL)));
  instance = instance_of(MODULE, &imports);
  CHECK(good(lb_imports_release(imports)) && good(lb_instance_tag(instance, "number", &number)));
}

// Whether the error has an exception of this tag, with this payload; frees the error.
static int carries(lb_error_t *error, int32_t first, double second) {
  lb_exception_t exception;
  lb_tag_t tag;
  lb_value_t payload[2] = { LB_I32(0), LB_I32(0) };
  CHECK(lb_error_kind(error) == LB_KIND_EXCEPTION && good(lb_error_exception(error, &exception)));
  lb_error_free(error);
  CHECK(good(lb_exception_tag(exception, &tag)) && lb_tag_same(tag, number) && good(lb_tag_release(tag)));
  CHECK(good(lb_exception_payload(exception, payload, 2)) && good(lb_exception_release(exception)));
  return payload[0].of.i32 == first && payload[1].of.f64 == second;
}

static void thrown(void) {
  make();
  lb_value_t args[2] = { LB_I32(3), LB_F64(1.5) }, results[2];
  CHECK(carries(lb_instance_call(instance, "throw", args, 2, NULL, 0), 3, 1.5));
  args[0] = lb_i32(0);
  CHECK(good(lb_instance_call(instance, "catch", args, 1, results, 2)));
  CHECK(results[0].of.i32 == 5 && results[1].of.f64 == 0.5);
  CHECK(carries(lb_instance_call(instance, "call", args, 1, NULL, 0), 5, 0.5));
  args[0] = lb_i32(4);
  lb_error_t *error = lb_instance_call(instance, "call", args, 1, NULL, 0);
  CHECK(lb_error_frame_count(error) == 5);
  CHECK(carries(error, 5, 0.5));
  CHECK(good(lb_instance_call(instance, "catch", args, 1, results, 2)) && results[0].of.i32 == 5);
  CHECK(good(lb_tag_release(number)) && good(lb_instance_close(instance)));
}

static void values(void) {
  make();
  const lb_value_t payload[2] = { LB_I32(5), LB_F64(0.5) };
  lb_exception_t exception, none = { 0 };
  CHECK(fails(lb_exception_new(number, payload, 1, &exception), LB_KIND_TYPE));
  CHECK(fails(lb_exception_new(number, NULL, 2, &exception), LB_KIND_TYPE));
  CHECK(fails(lb_exception_new(number, payload, SIZE_MAX, &exception), LB_KIND_OUT_OF_BOUNDS));
  CHECK(good(lb_exception_new(number, payload, 2, &exception)));
  lb_value_t arg = lb_exnref(exception), result, out[2];
  CHECK(good(lb_instance_call(instance, "pass", &arg, 1, &result, 1)) && result.type == LB_TYPE_EXNREF);
  CHECK(lb_exception_same(result.of.exception, exception) && !lb_exception_same(exception, none));
  CHECK(good(lb_value_release(&result)) && result.of.exception.id == 0);
  lb_value_t null = LB_NULL_EXNREF;
  CHECK(good(lb_instance_call(instance, "pass", &null, 1, &result, 1)) && result.of.exception.id == 0);
  CHECK(fails(lb_exception_payload(exception, out, 1), LB_KIND_TYPE));
  CHECK(fails(lb_exception_payload(exception, NULL, 2), LB_KIND_TYPE));
  CHECK(good(lb_exception_payload(exception, out, 2)) && out[0].of.i32 == 5);
  CHECK(good(lb_exception_release(exception)) && fails(lb_exception_release(exception), LB_KIND_CLOSED));
  CHECK(fails(lb_error_throw(exception), LB_KIND_CLOSED) && fails(lb_error_throw(none), LB_KIND_TYPE));
  CHECK(good(lb_error_exception(NULL, &exception)) && exception.id == 0);
  lb_error_t *other = lb_error_new(LB_KIND_HOST, "other");
  CHECK(good(lb_error_exception(other, &exception)) && exception.id == 0);
  CHECK(fails(lb_error_exception(other, NULL), LB_KIND_TYPE));
  lb_error_free(other);
  CHECK(good(lb_tag_release(number)) && good(lb_instance_close(instance)));
}

static void closed(void) {
  make();
  int object;
  drops = 0;
  lb_externref_t reference;
  CHECK(good(lb_externref_new(&object, count_drop, &reference)));
  lb_value_t arg = lb_externref(reference), payload;
  lb_error_t *error = lb_instance_call(instance, "throw_object", &arg, 1, NULL, 0);
  CHECK(good(lb_externref_release(reference)) && good(lb_instance_close(instance)));
  lb_exception_t exception, clone;
  lb_tag_t tag;
  void *data;
  CHECK(good(lb_error_exception(error, &exception)) && good(lb_exception_clone(exception, &clone)));
  lb_error_free(error);
  CHECK(good(lb_exception_release(exception)) && good(lb_exception_payload(clone, &payload, 1)));
  CHECK(good(lb_externref_data(payload.of.externref, NULL, &data)) && data == &object);
  CHECK(good(lb_exception_tag(clone, &tag)) && !lb_tag_same(tag, number) && lb_tag_same(number, number));
  CHECK(good(lb_value_release(&payload)) && drops == 0);
  CHECK(good(lb_exception_release(clone)) && drops == 1);
  const lb_value_t numbers[2] = { LB_I32(5), LB_F64(0.5) };
  CHECK(fails(lb_exception_new(number, numbers, 2, &exception), LB_KIND_CLOSED));
  CHECK(good(lb_tag_release(tag)) && good(lb_tag_release(number)) && fails(lb_tag_release(number), LB_KIND_CLOSED));
}

static void tags(void) {
  lb_store_t store;
  lb_tag_t tag, other;
  lb_func_type_t type;
  const lb_type_t params[] = { LB_TYPE_I32, LB_TYPE_ANYREF };
  static lb_type_t many[1001];
  for (size_t i = 0; i < 1001; i++) many[i] = LB_TYPE_I32;
  CHECK(good(lb_store_new(NULL, &store)) && good(lb_tag_new(store, params, 2, &tag)));
  CHECK(good(lb_tag_new(store, params, 2, &other)) && !lb_tag_same(tag, other) && lb_tag_same(tag, tag));
  CHECK(good(lb_tag_type(tag, &type)) && type.nparams == 2 && type.params[1] == LB_TYPE_ANYREF && !type.nresults);
  CHECK(good(lb_tag_release(other)) && good(lb_tag_new(store, NULL, 0, &other)) && good(lb_tag_release(other)));
  CHECK(fails(lb_tag_new(store, many, 1001, &other), LB_KIND_LIMIT));
  many[0] = 99;
  CHECK(fails(lb_tag_new(store, many, 1, &other), LB_KIND_TYPE));
  CHECK(fails(lb_tag_new(store, NULL, 1, &other), LB_KIND_TYPE) && fails(lb_tag_type(other, &type), LB_KIND_TYPE));
  CHECK(fails(lb_func_release((lb_func_t){ tag.id }), LB_KIND_TYPE));
  lb_exception_t exception;
  lb_value_t payload[2] = { LB_I32(1), LB_I31REF(2) };
  CHECK(good(lb_exception_new(tag, payload, 2, &exception)) && good(lb_store_close(store)));
  CHECK(fails(lb_exception_payload(exception, payload, 2), LB_KIND_CLOSED) && payload[1].of.i32 == 2);
  CHECK(good(lb_exception_release(exception)) && good(lb_extern_release(lb_extern_tag(tag))));
}

int main(void) {
  thrown();
  values();
  closed();
  tags();
  return finish();
}
