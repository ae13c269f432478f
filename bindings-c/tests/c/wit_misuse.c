// Misuse of what components are called with is an ordinary error; readers, calls in flight, frames that are malformed.

#include <pthread.h>

#include "check.h"
#include "strings.h"

static lb_error_t *shout(void *data, lb_wit_context_t *context, const lb_wit_value_t *args, size_t nargs) {
  (void)data, (void)nargs;
  return lb_wit_context_give(context, args);
}

static lb_imports_t shouting(void) {
  lb_imports_t imports;
  CHECK(good(lb_imports_new(&imports)));
  CHECK(good(lb_imports_wit(imports, "host", "shout", shout, NULL, NULL)));
  return imports;
}

static lb_instance_t strings(void) {
  lb_imports_t imports = shouting();
  lb_instance_t instance = instance_of(STRINGS, &imports);
  CHECK(good(lb_imports_release(imports)));
  return instance;
}

static lb_wit_func_t func_of(lb_instance_t instance, const char *name) {
  lb_wit_func_t func;
  CHECK(good(lb_instance_wit_func(instance, name, &func)));
  return func;
}

static int dropped;

static void drop(void *data) {
  (void)data;
  dropped++;
}

static lb_error_t *no_result(void *data, const lb_wit_frame_t *frame) {
  (void)data, (void)frame;
  return NULL;
}

static void null_pointers(void) {
  lb_instance_t instance = strings();
  lb_wit_func_t echo = func_of(instance, "echo"), func;
  lb_wit_func_type_t type;
  lb_wit_sink_t sink = LB_WIT_SINK, no_sink = LB_WIT_SINK, no_size = LB_WIT_SINK;
  sink.result = no_size.result = no_result;
  no_size.size = 0;
  lb_wit_frame_t frame = { NULL, 0, NULL, 0, NULL, 0 };
  CHECK(fails(lb_instance_wit_func(instance, NULL, &func), LB_KIND_TYPE));
  CHECK(fails(lb_instance_wit_func(instance, "echo", NULL), LB_KIND_TYPE));
  CHECK(fails(lb_instance_wit_func(instance, "ecko", &func), LB_KIND_NOT_FOUND) && !func.id);
  CHECK(fails(lb_instance_wit_func((lb_instance_t){ echo.id }, "echo", &func), LB_KIND_TYPE));
  CHECK(fails(lb_wit_func_type(echo, NULL), LB_KIND_TYPE));
  CHECK(fails(lb_wit_func_type((lb_wit_func_t){ 0 }, &type), LB_KIND_TYPE) && !type.params && !type.result);
  CHECK(fails(lb_wit_func_call_frame(echo, NULL, &sink), LB_KIND_TYPE));
  CHECK(fails(lb_wit_func_call_frame(echo, &frame, NULL), LB_KIND_TYPE));
  CHECK(fails(lb_wit_func_call_frame(echo, &frame, &no_sink), LB_KIND_TYPE));
  CHECK(fails(lb_wit_func_call_frame(echo, &frame, &no_size), LB_KIND_UNSUPPORTED));
  frame.length = 4;
  CHECK(fails(lb_wit_func_call_frame(echo, &frame, &sink), LB_KIND_TYPE));
  frame.length = SIZE_MAX;
  frame.bytes = (uint8_t *)&frame;
  CHECK(fails(lb_wit_func_call_frame(echo, &frame, &sink), LB_KIND_OUT_OF_BOUNDS));
  frame.length = 0;
  frame.nblobs = SIZE_MAX / 2;
  frame.blobs = (const lb_wit_blob_t *)&frame;
  CHECK(fails(lb_wit_func_call_frame(echo, &frame, &sink), LB_KIND_OUT_OF_BOUNDS));
  frame.nblobs = 0;
  frame.nobjects = 1;
  CHECK(fails(lb_wit_func_call_frame(echo, &frame, &sink), LB_KIND_TYPE));

  lb_imports_t imports = shouting();
  CHECK(fails(lb_imports_wit(imports, "host", "f", NULL, &dropped, drop), LB_KIND_TYPE) && dropped == 1);
  CHECK(fails(lb_imports_wit(imports, NULL, "f", shout, &dropped, drop), LB_KIND_TYPE) && dropped == 2);
  CHECK(fails(lb_imports_wit(imports, "host", NULL, shout, &dropped, drop), LB_KIND_TYPE) && dropped == 3);
  CHECK(fails(lb_imports_wit_frame(imports, "host", "f", NULL, NULL, &dropped, drop), LB_KIND_TYPE) && dropped == 4);
  CHECK(fails(lb_imports_wit((lb_imports_t){ 0 }, "host", "f", shout, &dropped, drop), LB_KIND_TYPE) && dropped == 5);
  CHECK(fails(lb_imports_wit_resource(imports, NULL, "r"), LB_KIND_TYPE));
  CHECK(fails(lb_imports_wit_resource(imports, "host", NULL), LB_KIND_TYPE));
  CHECK(good(lb_imports_release(imports)));
  CHECK(fails(lb_imports_wit(imports, "host", "f", shout, &dropped, drop), LB_KIND_CLOSED) && dropped == 6);

  CHECK(fails(lb_wit_result_release((lb_wit_result_t){ NULL, echo.id }), LB_KIND_TYPE));
  CHECK(good(lb_wit_func_release(echo)));
  CHECK(fails(lb_wit_func_name(echo, NULL, 0, NULL), LB_KIND_CLOSED));
  CHECK(good(lb_instance_close(instance)));
}

static void null_pointers_without_objects(void) {
  lb_wit_sink_t sink = LB_WIT_SINK;
  lb_wit_frame_t frame = { NULL, 0, NULL, 0, NULL, 0 };
  sink.result = no_result;
  CHECK(fails(lb_wit_context_give(NULL, NULL), LB_KIND_TYPE));
  CHECK(fails(lb_wit_context_give_frame(NULL, &frame), LB_KIND_TYPE));
  CHECK(!lb_wit_context_base(NULL) && !lb_wit_context_type(NULL));
  CHECK(fails(lb_wit_parse_frame(NULL, "1", &sink), LB_KIND_TYPE));
  CHECK(fails(lb_wit_resource_has((lb_store_t){ 0 }, 1, NULL), LB_KIND_TYPE));
  CHECK(fails(lb_wit_resource_close((lb_store_t){ 0 }, 1), LB_KIND_TYPE));
  CHECK(good(lb_wit_result_release((lb_wit_result_t){ NULL, 0 })));
  CHECK(lb_wit_interface_fits(NULL, "a") == LB_WIT_NO_FIT && lb_wit_interface_fits("a", "\xff") == LB_WIT_NO_FIT);
  bool is_there = true;
  CHECK(!lb_error_payload(NULL, &is_there) && !is_there);

  lb_module_t core = module_of("(module)");
  const lb_wit_world_t *world;
  CHECK(fails(lb_module_wit_world(core, &world), LB_KIND_UNSUPPORTED) && !world);
  CHECK(good(lb_module_release(core)));
  CHECK(fails(lb_module_wit_world(core, &world), LB_KIND_CLOSED));
}

// What the header says: a frame that is malformed ends the component, and nothing else.
static void frames_that_are_not_well_made(void) {
  static uint8_t short_text[] = { 9, 0, 0, 0, 'A' }, no_blob[] = { 255, 255, 255, 255, 7, 0, 0, 0 };
  static uint8_t no_text[] = { 1, 0, 0, 0, 255 }, too_much[] = { 0, 0, 0, 0, 1 };
  const lb_wit_frame_t frames[] = {
    { short_text, sizeof short_text, NULL, 0, NULL, 0 }, { no_blob, sizeof no_blob, NULL, 0, NULL, 0 },
    { no_text, sizeof no_text, NULL, 0, NULL, 0 },       { too_much, sizeof too_much, NULL, 0, NULL, 0 },
    { NULL, 0, NULL, 0, NULL, 0 },
  };
  lb_wit_sink_t sink = { sizeof(lb_wit_sink_t), NULL, NULL, no_result, NULL };
  for (size_t i = 0; i < sizeof frames / sizeof *frames; i++) {
    lb_instance_t instance = strings();
    lb_wit_func_t echo = func_of(instance, "echo");
    CHECK(fails(lb_wit_func_call_frame(echo, &frames[i], &sink), LB_KIND_TYPE));
    CHECK(good(lb_wit_func_release(echo)) && good(lb_instance_close(instance)));
  }
}

// ---- Readers ----

#define SHOP "../examples/components/shop-rust.wasm"

static const char *const ORDER =
    "{id: 7, to: {name: \"Ada\", street: \"\", town: \"\"}, lines: [{product: {sku: \"P\", name: \"Pen\", unit: hour, marks: "
    "{frozen, adults-only}, price: 120, weight: 9, stock: -4, rating: 3.25, place: (1, 'A'), replaced-by: some(\"Q\")}, "
    "count: 3}], discount: codes([\"A\", \"B\"]), card: some(none)}";

static int is_text(lb_wit_value_t value, const char *text) {
  return value.sort == LB_WIT_SORT_STRING && value.of.text.length == strlen(text) &&
         !memcmp(value.of.text.data, text, value.of.text.length);
}

static lb_error_t *read_order(void *data, const lb_wit_frame_t *frame) {
  const lb_wit_type_t *order = data;
  lb_wit_reader_t reader, fields, inner, lines, line, product, held;
  lb_wit_value_t value;
  lb_wit_reader_begin(order, frame, &reader);
  CHECK(fails(lb_wit_read(&reader, &value), LB_KIND_TYPE) && value.sort == LB_WIT_SORT_NOTHING);
  CHECK(good(lb_wit_reader_enter(&reader, &fields)) && fields.count == 5);
  CHECK(good(lb_wit_read(&fields, &value)) && value.sort == LB_WIT_SORT_U64 && value.of.u64 == 7);
  CHECK(good(lb_wit_reader_enter(&fields, &inner)));
  CHECK(good(lb_wit_read(&inner, &value)) && is_text(value, "Ada"));
  // The rest of the address is not read.
  CHECK(fails(lb_wit_reader_leave(&reader, &inner), LB_KIND_TYPE));
  CHECK(good(lb_wit_reader_leave(&fields, &inner)));
  CHECK(good(lb_wit_reader_enter(&fields, &lines)) && lines.count == 1);
  CHECK(good(lb_wit_reader_enter(&lines, &line)) && good(lb_wit_reader_enter(&line, &product)) && product.count == 10);
  CHECK(good(lb_wit_read(&product, &value)) && is_text(value, "P"));
  CHECK(good(lb_wit_reader_skip(&product)));
  CHECK(fails(lb_wit_read(&product, &value), LB_KIND_TYPE));
  CHECK(good(lb_wit_reader_enter(&product, &held)) && held.part == 3 && held.count == 0 && !held.type);
  CHECK(good(lb_wit_reader_leave(&product, &held)));
  CHECK(good(lb_wit_read(&product, &value)) && value.sort == LB_WIT_SORT_NUMBERS && value.of.numbers.count == 2);
  CHECK(((const uint8_t *)value.of.numbers.data)[0] == 2 && ((const uint8_t *)value.of.numbers.data)[1] == 2);
  CHECK(fails(lb_wit_reader_enter(&product, &held), LB_KIND_TYPE));
  for (int i = 0; i < 2; i++) CHECK(good(lb_wit_reader_skip(&product)));
  CHECK(good(lb_wit_read(&product, &value)) && value.of.s32 == -4);
  CHECK(good(lb_wit_read(&product, &value)) && value.of.f32 == 3.25f);
  CHECK(good(lb_wit_reader_enter(&product, &held)) && held.count == 2);
  CHECK(good(lb_wit_reader_skip(&held)) && good(lb_wit_read(&held, &value)) && value.of.character == 'A');
  CHECK(!held.type && fails(lb_wit_read(&held, &value), LB_KIND_TYPE) && fails(lb_wit_reader_skip(&held), LB_KIND_TYPE));
  CHECK(good(lb_wit_reader_leave(&product, &held)));
  CHECK(good(lb_wit_reader_enter(&product, &held)) && held.part == 1 && held.count == 1);
  CHECK(good(lb_wit_read(&held, &value)) && is_text(value, "Q") && good(lb_wit_reader_leave(&product, &held)));
  CHECK(!product.type && good(lb_wit_reader_leave(&line, &product)));
  CHECK(good(lb_wit_read(&line, &value)) && value.of.u16 == 3);
  CHECK(good(lb_wit_reader_leave(&lines, &line)) && !lines.type && good(lb_wit_reader_leave(&fields, &lines)));
  CHECK(good(lb_wit_reader_enter(&fields, &held)) && held.part == 3 && held.count == 1);
  CHECK(good(lb_wit_reader_leave(&fields, &held)));
  CHECK(good(lb_wit_reader_enter(&fields, &held)) && held.part == 1 && held.count == 1);
  CHECK(good(lb_wit_reader_enter(&held, &inner)) && inner.part == 0 && inner.count == 0);
  CHECK(good(lb_wit_reader_leave(&held, &inner)) && good(lb_wit_reader_leave(&fields, &held)));
  CHECK(!fields.type && good(lb_wit_reader_leave(&reader, &fields)) && !reader.type && reader.at == frame->length);

  // A frame that ends too early, and one that is not there.
  for (size_t length = 0; length < frame->length; length++) {
    lb_wit_frame_t cut = *frame;
    cut.length = length;
    lb_wit_reader_begin(order, &cut, &reader);
    CHECK(fails(lb_wit_reader_skip(&reader), LB_KIND_TYPE));
  }
  lb_wit_reader_begin(order, NULL, &reader);
  CHECK(fails(lb_wit_reader_skip(&reader), LB_KIND_TYPE));
  lb_wit_reader_begin(NULL, frame, &reader);
  CHECK(fails(lb_wit_read(&reader, &value), LB_KIND_TYPE));
  CHECK(fails(lb_wit_read(NULL, &value), LB_KIND_TYPE) && fails(lb_wit_reader_enter(NULL, &inner), LB_KIND_TYPE));
  return lb_error_new(LB_KIND_DENIED, "the sink says no");
}

static void readers_read(void) {
  lb_module_t module;
  const lb_wit_world_t *world;
  const lb_wit_type_t *order = NULL;
  CHECK(good(lb_module_load_file(NULL, SHOP, &module)) && good(lb_module_wit_world(module, &world)));
  for (size_t i = 0; i < world->nexports; i++) {
    for (size_t k = 0; k < world->exports[i].ntypes; k++) {
      if (!strcmp(world->exports[i].types[k].name, "order")) order = world->exports[i].types[k].type;
    }
  }
  lb_wit_sink_t sink = { sizeof(lb_wit_sink_t), (void *)order, NULL, read_order, NULL };
  CHECK(fails(lb_wit_parse_frame(order, ORDER, &sink), LB_KIND_DENIED));
  CHECK(good(lb_module_release(module)));
}

static void bools_are_0_or_1(void) {
  lb_instance_t instance = instance_of(
      "(component (core module $m (func (export \"not\") (param i32) (result i32) (i32.eqz (local.get 0))))"
      " (core instance $i (instantiate $m))"
      " (func (export \"not\") (param \"it\" bool) (result bool) (canon lift (core func $i \"not\"))))",
      NULL);
  lb_wit_func_t not = func_of(instance, "not");
  lb_wit_func_type_t type;
  CHECK(good(lb_wit_func_type(not, &type)));
  for (uint8_t bits = 0; bits < 4; bits++) {
    lb_wit_frame_t frame = { &bits, 1, NULL, 0, NULL, 0 };
    lb_wit_reader_t reader;
    lb_wit_value_t value;
    lb_wit_reader_begin(type.result, &frame, &reader);
    lb_error_t *err = lb_wit_read(&reader, &value);
    if (bits > 1) {
      CHECK(fails(err, LB_KIND_TYPE) && value.sort == LB_WIT_SORT_NOTHING && reader.type == type.result);
    } else {
      CHECK(good(err) && value.sort == LB_WIT_SORT_BOOL && value.of.boolean == (bits == 1) && !reader.type);
    }
  }
  lb_wit_reader_begin(type.result, NULL, NULL);
  CHECK(good(lb_wit_func_release(not)) && good(lb_instance_close(instance)));
}

// ---- Calls in flight ----

typedef struct {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  int done, failed;
} counts;

static void count_done(void *data, const lb_error_t *error, const lb_wit_value_t *result) {
  counts *all = data;
  pthread_mutex_lock(&all->lock);
  all->done++;
  all->failed += error != NULL || !is_text(*result, "hello");
  pthread_cond_signal(&all->changed);
  pthread_mutex_unlock(&all->lock);
}

static void count_frame(void *data, const lb_error_t *error, const lb_wit_frame_t *frame) {
  lb_wit_value_t value = LB_WIT_STRING("hello");
  count_done(data, error || frame->length != 9 ? (const lb_error_t *)data : NULL, &value);
}

static void wait_for(counts *all, int done) {
  pthread_mutex_lock(&all->lock);
  while (all->done < done) pthread_cond_wait(&all->changed, &all->lock);
  pthread_mutex_unlock(&all->lock);
}

static void calls_in_flight(void) {
  counts all = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0 };
  lb_instance_t instance = strings();
  lb_wit_func_t through = func_of(instance, "through"), trap = func_of(instance, "trap");
  lb_wit_value_t hello = LB_WIT_STRING("hello"), wrong = LB_WIT_U8(1);
  lb_wit_call_t calls[20], call;
  lb_wit_result_t result;
  for (int i = 0; i < 20; i++) {
    CHECK(good(lb_wit_func_call_async(through, &hello, 1, &calls[i], count_done, &all)));
  }
  for (int i = 0; i < 20; i++) {
    CHECK(good(lb_wit_call_wait(calls[i], &result)) && is_text(*result.value, "hello"));
    CHECK(good(lb_wit_result_release(result)) && lb_wit_call_is_done(calls[i]));
  }
  wait_for(&all, 20);
  CHECK(all.failed == 0);
  CHECK(good(lb_wit_call_on_done(calls[0], count_done, &all)) && all.done == 21);
  CHECK(fails(lb_wit_call_on_done(calls[0], NULL, &all), LB_KIND_TYPE));
  CHECK(fails(lb_wit_call_wait(calls[0], NULL), LB_KIND_TYPE));
  bool is_done;
  CHECK(good(lb_wit_call_wait_for(calls[0], 0, &is_done)) && is_done);
  for (int i = 0; i < 20; i++) CHECK(good(lb_wit_call_release(calls[i])));
  CHECK(fails(lb_wit_call_release(calls[0]), LB_KIND_CLOSED) && !lb_wit_call_is_done(calls[0]));
  // What can be told at once is.
  CHECK(fails(lb_wit_func_call_async(through, &wrong, 1, &call, count_done, &all), LB_KIND_TYPE) && !call.id);
  CHECK(fails(lb_wit_func_call_async(through, NULL, 0, &call, count_done, &all), LB_KIND_TYPE));
  lb_wit_value_t object = LB_WIT_OBJECT(&dropped, drop);
  const int before = dropped;
  CHECK(fails(lb_wit_func_call_async(through, &object, 1, &call, NULL, NULL), LB_KIND_TYPE) && dropped == before + 1);
  CHECK(fails(lb_wit_func_call_async((lb_wit_func_t){ 0 }, &object, 1, &call, NULL, NULL), LB_KIND_TYPE));
  CHECK(dropped == before + 2);
  uint8_t bytes[] = { 5, 0, 0, 0, 'h', 'e', 'l', 'l', 'o' };
  lb_wit_frame_t frame = { bytes, sizeof bytes, NULL, 0, NULL, 0 };
  lb_wit_sink_t sink = { sizeof(lb_wit_sink_t), NULL, NULL, no_result, NULL };
  CHECK(good(lb_wit_func_call_frame_async(through, &frame, &call, count_frame, &all)));
  CHECK(good(lb_wit_call_wait_frame(call, &sink)) && good(lb_wit_call_wait(call, &result)) && is_text(*result.value, "hello"));
  CHECK(good(lb_wit_result_release(result)) && good(lb_wit_call_release(call)));
  wait_for(&all, 22);
  CHECK(all.failed == 0);
  CHECK(good(lb_wit_func_call_async(trap, NULL, 0, &call, NULL, NULL)));
  CHECK(fails(lb_wit_call_wait(call, &result), LB_KIND_TRAP) && !result.value);
  CHECK(good(lb_wit_call_release(call)));
  CHECK(good(lb_wit_func_release(through)) && good(lb_wit_func_release(trap)) && good(lb_instance_close(instance)));
}

static void pools_call(void) {
  counts all = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0 };
  lb_imports_t imports = shouting();
  lb_module_t module = module_of(STRINGS);
  lb_pool_t pool;
  lb_wit_call_t call;
  lb_wit_value_t hello = LB_WIT_STRING("hello"), wrong = LB_WIT_U8(1);
  lb_wit_result_t result;
  CHECK(good(lb_pool_new(module, &imports, NULL, NULL, &pool)));
  CHECK(good(lb_pool_wit_call(pool, "through", &hello, 1, &result)) && is_text(*result.value, "hello"));
  CHECK(good(lb_wit_result_release(result)));
  lb_error_t *error = lb_pool_wit_call(pool, "through", &wrong, 1, &result);
  CHECK(!strcmp(lb_error_message(error), "args[0]: expected string, got u8"));
  CHECK(fails(error, LB_KIND_TYPE));
  error = lb_pool_wit_call(pool, "through", NULL, 0, &result);
  CHECK(!strcmp(lb_error_message(error), "through takes 1 argument, got 0: it is func(text: string) -> string"));
  CHECK(fails(error, LB_KIND_TYPE));
  CHECK(fails(lb_pool_wit_call(pool, "no", &hello, 1, &result), LB_KIND_NOT_FOUND));
  CHECK(fails(lb_pool_wit_call(pool, NULL, &hello, 1, &result), LB_KIND_TYPE));
  CHECK(good(lb_pool_wit_call_async(pool, "echo", &hello, 1, &call, count_done, &all)));
  CHECK(good(lb_wit_call_wait(call, &result)) && is_text(*result.value, "hello"));
  CHECK(good(lb_wit_result_release(result)) && good(lb_wit_call_release(call)));
  uint8_t bytes[] = { 5, 0, 0, 0, 'h', 'e', 'l', 'l', 'o' };
  lb_wit_frame_t frame = { bytes, sizeof bytes, NULL, 0, NULL, 0 };
  lb_wit_sink_t sink = { sizeof(lb_wit_sink_t), NULL, NULL, no_result, NULL };
  CHECK(good(lb_pool_wit_call_frame(pool, "echo", &frame, &sink)));
  CHECK(good(lb_pool_wit_call_frame_async(pool, "echo", &frame, NULL, count_frame, &all)));
  wait_for(&all, 2);
  CHECK(all.failed == 0);
  CHECK(good(lb_pool_close(pool)) && good(lb_pool_release(pool)));
  CHECK(good(lb_imports_release(imports)) && good(lb_module_release(module)));
}

// Objects in what is passed are dropped once, whatever fails, also where values lead to themselves.
static void objects_of_what_fails(void) {
  lb_instance_t instance = strings();
  lb_wit_func_t echo = func_of(instance, "echo");
  lb_wit_value_t object = LB_WIT_OBJECT(&dropped, drop), deep[1000], circle[2];
  lb_wit_result_t result;
  lb_pool_t none = { 0 };
  dropped = 0;
  CHECK(fails(lb_pool_wit_call(none, "echo", &object, 1, &result), LB_KIND_TYPE) && dropped == 1);
  CHECK(fails(lb_pool_wit_call_async(none, "echo", &object, 1, NULL, NULL, NULL), LB_KIND_TYPE) && dropped == 2);
  CHECK(fails(lb_wit_context_give(NULL, &object), LB_KIND_TYPE) && dropped == 3);
  CHECK(fails(lb_wit_func_call(echo, &object, 1, NULL), LB_KIND_TYPE) && dropped == 4);

  deep[999] = object;
  for (size_t i = 999; i > 0; i--) deep[i - 1] = lb_wit_some(&deep[i]);
  CHECK(fails(lb_wit_func_call(echo, deep, 1, &result), LB_KIND_TYPE) && dropped == 5);
  CHECK(fails(lb_wit_error(deep), LB_KIND_LIMIT) && dropped == 6);

  circle[0] = circle[1] = lb_wit_list(circle, 2);
  CHECK(fails(lb_wit_func_call(echo, circle, 1, &result), LB_KIND_TYPE));
  CHECK(fails(lb_wit_error(circle), LB_KIND_LIMIT) && dropped == 6);
  CHECK(good(lb_wit_func_release(echo)) && good(lb_instance_close(instance)));
}

int main(void) {
  null_pointers();
  null_pointers_without_objects();
  frames_that_are_not_well_made();
  readers_read();
  bools_are_0_or_1();
  calls_in_flight();
  pools_call();
  objects_of_what_fails();
  return finish();
}
