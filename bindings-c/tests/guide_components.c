// The programs of the guide's pages on components; they are cut from here. Runs in core/tests/guide.

#include <assert.h>
#include <landbridge.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(lb_error_t *err) {
  if (!err) return;
  fprintf(stderr, "%s: %s\n", lb_error_kind_name(err), lb_error_message(err));
  lb_error_free(err);
  exit(1);
}

// [lend-functions]
static lb_error_t *price(void *data, lb_wit_context_t *context, const lb_wit_value_t *args, size_t nargs) {
  (void)data, (void)nargs;
  lb_wit_text_t colour = args[0].of.text;  // valid until this returns
  lb_wit_value_t cents = LB_WIT_U32(1200), why = LB_WIT_STRING("sold out"), result = LB_WIT_OK(&cents);
  if (colour.length != 3 || memcmp(colour.data, "red", 3)) result = lb_wit_err(&why);  // the guest gets err("sold out")
  return lb_wit_context_give(context, &result);
}

typedef struct { char lines[100]; } journal_t;  // a resource: the guest calls write

static lb_error_t *journal_write(void *data, lb_wit_context_t *context, const lb_wit_value_t *args, size_t nargs) {
  (void)data, (void)context, (void)nargs;
  journal_t *journal = args[0].of.object.data;
  size_t used = strlen(journal->lines);
  snprintf(journal->lines + used, sizeof journal->lines - used, "%.*s\n", (int)args[1].of.text.length, args[1].of.text.data);
  return NULL;  // it gives nothing
}
// [end lend-functions]

// [failing]
static lb_error_t *lost(void *data, lb_wit_context_t *context, const lb_wit_value_t *args, size_t nargs) {
  (void)context, (void)args, (void)nargs;
  return lb_error_host("the price list is lost", data, NULL);  // comes out of the call, and ends the component
}
// [end failing]

static lb_instance_t instance_of(const char *file, const lb_imports_t *imports) {
  lb_module_t module;
  lb_instance_t instance;
  check(lb_module_load_file(NULL, file, &module));
  check(lb_instance_new(module, imports, &instance));
  check(lb_module_release(module));
  return instance;
}

static lb_instance_t open_paint(void) {
  lb_instance_t paint;
  // [lend]
  lb_imports_t imports;
  check(lb_imports_new(&imports));
  check(lb_imports_wit(imports, "prices", "price", price, NULL, NULL));
  check(lb_imports_wit(imports, "journals", "journal.write", journal_write, NULL, NULL));
  // [end lend]
  paint = instance_of("paint.wat", &imports);
  check(lb_imports_release(imports));
  return paint;
}

static void texts(lb_wit_func_t area) {
  // [texts]
  lb_wit_func_type_t type;
  lb_wit_result_t shape;
  lb_bytes_t text;
  check(lb_wit_func_type(area, &type));                      // lives as long as the function
  check(lb_wit_parse(type.params[0].type, "rectangle((2, 1.5))", &shape));
  check(lb_wit_format(type.params[0].type, shape.value, &text));
  printf("%s takes %s\n", lb_wit_type_text(type.params[0].type), (const char *)text.data);
  check(lb_bytes_release(text));
  check(lb_wit_result_release(shape));
  // [end texts]
}

static void values(void) {
  lb_instance_t paint = open_paint();
  // [values]
  lb_wit_func_t area, cost;
  lb_wit_result_t given;
  check(lb_instance_wit_func(paint, "shapes#area", &area));  // looked up once
  check(lb_instance_wit_func(paint, "shapes#cost", &cost));

  lb_wit_value_t radius = LB_WIT_F64(2), circle = LB_WIT_VARIANT("circle", &radius);
  check(lb_wit_func_call(area, &circle, 1, &given));
  printf("%.2f\n", given.value->of.f64);                     // 12.57
  check(lb_wit_result_release(given));

  const uint8_t coats[] = { 2, 1 };
  lb_wit_field_t fields[] = { { "colour", LB_WIT_STRING("red") }, { "coats", LB_WIT_BYTES(coats, 2) } };
  lb_wit_value_t order = LB_WIT_RECORD(fields);              // note is an option: it may be left out
  check(lb_wit_func_call(cost, &order, 1, &given));
  const lb_wit_value_t *held = given.value->of.which.value;  // the result's ok or err
  printf("%s %u\n", given.value->part == 0 ? "ok" : "err", held->of.u32);  // ok 3600
  check(lb_wit_result_release(given));
  // [end values]
  check(lb_wit_func_call(cost, &order, 1, &given));
  assert(given.value->part == 0 && given.value->of.which.value->of.u32 == 3600);
  check(lb_wit_result_release(given));

  fields[0].value = lb_wit_string("gold");
  // [err]
  check(lb_wit_func_call(cost, &order, 1, &given));          // an err is a value here, and no error
  if (given.value->part == 1) {
    lb_wit_text_t why = given.value->of.which.value->of.text;
    printf("%.*s\n", (int)why.length, why.data);             // sold out
  }
  check(lb_wit_result_release(given));
  // [end err]

  fields[0].value = lb_wit_string("red");
  // [wrong]
  lb_wit_value_t numbers[] = { LB_WIT_U32(2), LB_WIT_U32(300) };
  fields[1].value = lb_wit_list(numbers, 2);
  lb_error_t *err = lb_wit_func_call(cost, &order, 1, &given);
  if (err) fprintf(stderr, "%s: %s\n", lb_error_kind_name(err), lb_error_message(err));
  // range: args[0].coats[1]: 300 does not fit in u8
  // [end wrong]
  assert(err && !strcmp(lb_error_message(err), "args[0].coats[1]: 300 does not fit in u8"));
  lb_error_free(err);

  texts(area);
  check(lb_wit_func_release(area));
  check(lb_wit_func_release(cost));
  check(lb_instance_close(paint));
}

static void other_errors(void) {
  lb_imports_t imports;
  check(lb_imports_new(&imports));
  check(lb_imports_wit(imports, "prices", "price", lost, &imports, NULL));
  check(lb_imports_wit(imports, "journals", "journal.write", journal_write, NULL, NULL));
  lb_instance_t paint = instance_of("paint.wat", &imports);
  check(lb_imports_release(imports));
  lb_wit_func_t cost;
  check(lb_instance_wit_func(paint, "shapes#cost", &cost));
  lb_wit_field_t fields[] = { { "colour", LB_WIT_STRING("red") }, { "coats", LB_WIT_BYTES("\1", 1) } };
  lb_wit_value_t order = LB_WIT_RECORD(fields);
  lb_wit_result_t given;
  lb_error_t *err = lb_wit_func_call(cost, &order, 1, &given);
  assert(lb_error_kind(err) == LB_KIND_HOST && !strcmp(lb_error_message(err), "the price list is lost"));
  lb_error_free(err);
  err = lb_wit_func_call(cost, &order, 1, &given);
  assert(lb_error_kind(err) == LB_KIND_POISONED);
  lb_error_free(err);
  check(lb_wit_func_release(cost));
  check(lb_instance_close(paint));
}

static void resources(void) {
  lb_instance_t paint = open_paint();
  lb_store_t store;
  check(lb_instance_store(paint, &store));
  // [resource]
  lb_wit_func_t make, draw;
  lb_wit_result_t made;
  check(lb_instance_wit_func(paint, "shapes#canvas", &make));
  check(lb_instance_wit_func(paint, "shapes#canvas.draw", &draw));
  lb_wit_value_t width = LB_WIT_U32(80), radius = LB_WIT_F64(1);
  check(lb_wit_func_call(make, &width, 1, &made));
  uint64_t canvas = made.value->of.resource;                 // a number of this store; it is yours to close
  check(lb_wit_result_release(made));

  lb_wit_value_t args[] = { LB_WIT_RESOURCE(canvas), LB_WIT_VARIANT("circle", &radius) };
  check(lb_wit_func_call(draw, args, 2, NULL));              // a method takes its resource first
  check(lb_wit_resource_close(store, canvas));               // the guest's destructor runs
  // [end resource]
  lb_error_t *err = lb_wit_func_call(draw, args, 2, NULL);
  assert(lb_error_kind(err) == LB_KIND_CLOSED);
  lb_error_free(err);

  check(lb_wit_func_call(make, &width, 1, &made));
  canvas = made.value->of.resource;
  check(lb_wit_result_release(made));
  // [host-resource]
  lb_wit_func_t sign;
  check(lb_instance_wit_func(paint, "shapes#canvas.sign", &sign));
  journal_t journal = { "" };
  lb_wit_value_t signing[] = { LB_WIT_RESOURCE(canvas), LB_WIT_OBJECT(&journal, NULL) };
  check(lb_wit_func_call(sign, signing, 2, NULL));           // the guest calls write
  printf("%s", journal.lines);                               // signed
  // [end host-resource]
  assert(!strcmp(journal.lines, "signed\n"));
  check(lb_wit_resource_close(store, canvas));
  check(lb_wit_func_release(make));
  check(lb_wit_func_release(draw));
  check(lb_wit_func_release(sign));
  check(lb_store_release(store));
  check(lb_instance_close(paint));
}

static void asynchronous_calls(void) {
  lb_instance_t greet = instance_of("greet.wat", NULL);
  lb_wit_func_t hello;
  check(lb_instance_wit_func(greet, "hello", &hello));
  // [async]
  lb_wit_value_t ada = LB_WIT_STRING("Ada");
  lb_wit_call_t call;
  lb_wit_result_t text;
  check(lb_wit_func_call_async(hello, &ada, 1, &call, NULL, NULL));  // on a thread of the library's
  check(lb_wit_call_wait(call, &text));
  printf("%.*s\n", (int)text.value->of.text.length, text.value->of.text.data);
  check(lb_wit_result_release(text));
  check(lb_wit_call_release(call));
  // [end async]
  check(lb_wit_func_release(hello));
  check(lb_instance_close(greet));
}

static void limits(void) {
  lb_module_t module;
  lb_instance_t greet;
  check(lb_module_load_file(NULL, "greet.wat", &module));
  // [limits]
  lb_sandbox_t sandbox = LB_SANDBOX;
  lb_limits_t limits = LB_LIMITS;
  limits.timeout_ms = 500;
  limits.transfer_bytes = 1 << 20;
  limits.handles = 100;
  sandbox.limits = &limits;
  check(lb_instance_new_with(module, NULL, &sandbox, &greet));
  // [end limits]
  lb_wit_func_t hello;
  check(lb_instance_wit_func(greet, "hello", &hello));
  char *text = calloc(2 << 20, 1);
  lb_wit_value_t large = lb_wit_text(text, 2 << 20);
  lb_wit_result_t given;
  lb_error_t *err = lb_wit_func_call(hello, &large, 1, &given);
  assert(lb_error_kind(err) == LB_KIND_LIMIT);
  lb_error_free(err);
  free(text);
  check(lb_wit_func_release(hello));
  check(lb_instance_close(greet));
  check(lb_module_release(module));
}

int main(void) {
  values();
  other_errors();
  resources();
  asynchronous_calls();
  limits();
  puts("5 passed, 0 failed");
  return 0;
}
