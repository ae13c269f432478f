// Components with values: trees in and out, host functions, what is wrong with a value.

#include "check.h"
#include "strings.h"

#define SHOP "../examples/components/shop-rust.wasm"

static int dropped;

static void drop(void *data) {
  (void)data;
  dropped++;
}

// Upper case; "!" is an error, "?" gives a number.
static lb_error_t *shout(void *data, lb_wit_context_t *context, const lb_wit_value_t *args, size_t nargs) {
  CHECK(nargs == 1 && args[0].sort == LB_WIT_SORT_STRING);
  lb_wit_text_t text = args[0].of.text;
  if (text.length && *text.data == '!') return lb_error_host("no shouting", data, NULL);
  char *upper = malloc(text.length + 1);
  for (size_t i = 0; i < text.length; i++) {
    upper[i] = text.data[i] >= 'a' && text.data[i] <= 'z' ? (char)(text.data[i] - 32) : text.data[i];
  }
  lb_wit_value_t result = lb_wit_text(upper, text.length);
  if (text.length && *text.data == '?') result = lb_wit_u32(3);
  if (text.length && *text.data == '-') return free(upper), NULL;
  lb_error_t *failed = lb_wit_context_give(context, &result);
  free(upper);
  if (!failed) CHECK(fails(lb_wit_context_give(context, &result), LB_KIND_TYPE));
  return failed;
}

static lb_instance_t strings(void) {
  lb_imports_t imports;
  CHECK(good(lb_imports_new(&imports)));
  CHECK(good(lb_imports_wit(imports, "demo:app/host", "shout", shout, &dropped, drop)));
  lb_instance_t instance = instance_of(STRINGS, &imports);
  CHECK(good(lb_imports_release(imports)));
  return instance;
}

static lb_wit_func_t func_of(lb_instance_t instance, const char *name) {
  lb_wit_func_t func;
  CHECK(good(lb_instance_wit_func(instance, name, &func)));
  return func;
}

// Whether an error has a kind and a message; frees it.
static int says(lb_error_t *error, lb_kind_t kind, const char *message) {
  int same = lb_error_kind(error) == kind && !strcmp(lb_error_message(error), message);
  if (!same) printf("%s: %s\n", lb_error_kind_name(error), lb_error_message(error));
  lb_error_free(error);
  return same;
}

static void texts_and_lists_cross(void) {
  lb_instance_t instance = strings();
  lb_wit_func_t echo = func_of(instance, "echo"), through = func_of(instance, "through");
  lb_wit_func_t bytes = func_of(instance, "bytes"), names = func_of(instance, "names");
  const size_t lengths[] = { 0, 3, 1023, 1024, 100000 };
  char *text = malloc(100000);
  memset(text, 'a', 100000);
  for (size_t i = 0; i < 5; i++) {
    lb_wit_value_t arg = lb_wit_text(text, lengths[i]);
    lb_wit_result_t given;
    CHECK(good(lb_wit_func_call(echo, &arg, 1, &given)));
    CHECK(given.value->sort == LB_WIT_SORT_STRING && given.value->of.text.length == lengths[i]);
    CHECK(!memcmp(given.value->of.text.data, text, lengths[i]));
    CHECK(good(lb_wit_result_release(given)));
    CHECK(fails(lb_wit_result_release(given), LB_KIND_CLOSED));
    CHECK(good(lb_wit_func_call(through, &arg, 1, &given)));
    CHECK(given.value->of.text.length == lengths[i] && (!lengths[i] || given.value->of.text.data[0] == 'A'));
    CHECK(good(lb_wit_result_release(given)));

    arg = lb_wit_bytes(text, lengths[i]);
    CHECK(good(lb_wit_func_call(bytes, &arg, 1, &given)));
    CHECK(given.value->sort == LB_WIT_SORT_NUMBERS && given.value->part == LB_WIT_SORT_U8);
    CHECK(given.value->of.numbers.count == lengths[i] && !memcmp(given.value->of.numbers.data, text, lengths[i]));
    CHECK(good(lb_wit_result_release(given)));
  }
  // Numbers one by one, so many that they lie beside the frame.
  lb_wit_value_t *each = malloc(2000 * sizeof *each);
  for (uint32_t i = 0; i < 2000; i++) each[i] = lb_wit_u32(i % 256);
  lb_wit_value_t list = lb_wit_list(each, 2000);
  lb_wit_result_t given;
  CHECK(good(lb_wit_func_call(bytes, &list, 1, &given)));
  CHECK(given.value->of.numbers.count == 2000 && ((const uint8_t *)given.value->of.numbers.data)[1999] == 1999 % 256);
  CHECK(good(lb_wit_result_release(given)));
  each[1500] = lb_wit_u32(256);
  CHECK(says(lb_wit_func_call(bytes, &list, 1, &given), LB_KIND_RANGE, "args[0][1500]: 256 does not fit in u8"));
  CHECK(!given.value && !given.id);

  static const lb_wit_value_t three[] = { LB_WIT_STRING("a"), LB_WIT_STRING(""), LB_WIT_STRING("ccc") };
  static const lb_wit_value_t arg[] = { LB_WIT_LIST(three) };
  CHECK(good(lb_wit_func_call(names, arg, 1, &given)));
  CHECK(given.value->sort == LB_WIT_SORT_LIST && given.value->of.items.count == 3);
  CHECK(given.value->of.items.data[2].of.text.length == 3);
  CHECK(good(lb_wit_result_release(given)));
  free(each);
  free(text);
  CHECK(good(lb_wit_func_release(echo)) && good(lb_wit_func_release(through)));
  CHECK(good(lb_wit_func_release(bytes)) && good(lb_wit_func_release(names)));
  CHECK(good(lb_instance_close(instance)));
  CHECK(dropped == 1);
}

static void wrong_values_are_refused(void) {
  lb_instance_t instance = strings();
  lb_wit_func_t echo = func_of(instance, "echo"), add = func_of(instance, "add"), names = func_of(instance, "names");
  lb_wit_func_t trap = func_of(instance, "trap"), through = func_of(instance, "through");
  lb_wit_result_t given;
  lb_wit_value_t args[2] = { LB_WIT_U8(1), LB_WIT_U32(300) };
  CHECK(says(lb_wit_func_call(add, args, 2, &given), LB_KIND_RANGE, "args[1]: 300 does not fit in u8"));
  args[1] = lb_wit_s64(-1);
  CHECK(says(lb_wit_func_call(add, args, 2, &given), LB_KIND_RANGE, "args[1]: -1 does not fit in u8"));
  args[1] = lb_wit_f32(1);
  CHECK(says(lb_wit_func_call(add, args, 2, &given), LB_KIND_TYPE, "args[1]: expected u8, got f32"));
  args[1] = lb_wit_bool(true);
  CHECK(says(lb_wit_func_call(add, args, 2, &given), LB_KIND_TYPE, "args[1]: expected u8, got bool"));
  args[1] = lb_wit_s64(2);
  CHECK(good(lb_wit_func_call(add, args, 2, &given)));
  CHECK(given.value->sort == LB_WIT_SORT_U32 && given.value->of.u32 == 3);
  CHECK(good(lb_wit_result_release(given)));
  CHECK(says(lb_wit_func_call(add, args, 1, &given), LB_KIND_TYPE,
             "add takes 2 arguments, got 1: it is func(a: u8, b: u8) -> u32"));
  CHECK(fails(lb_wit_func_call(add, NULL, 2, &given), LB_KIND_TYPE));
  CHECK(fails(lb_wit_func_call(add, args, SIZE_MAX, &given), LB_KIND_OUT_OF_BOUNDS));
  CHECK(fails(lb_wit_func_call(add, args, 2, NULL), LB_KIND_TYPE));
  CHECK(fails(lb_wit_func_call((lb_wit_func_t){ 0 }, args, 2, &given), LB_KIND_TYPE));
  CHECK(fails(lb_wit_func_call((lb_wit_func_t){ instance.id }, args, 2, &given), LB_KIND_TYPE));
  CHECK(good(lb_wit_func_release(echo)) && good(lb_wit_func_release(add)) && good(lb_wit_func_release(names)));
  CHECK(good(lb_wit_func_release(trap)) && good(lb_wit_func_release(through)) && good(lb_instance_close(instance)));
}

static void wrong_texts_are_refused(void) {
  lb_instance_t instance = strings();
  lb_wit_func_t echo = func_of(instance, "echo"), names = func_of(instance, "names"), through = func_of(instance, "through");
  lb_wit_result_t given;
  lb_wit_value_t text = LB_WIT_TEXT("\xff", 1);
  CHECK(says(lb_wit_func_call(echo, &text, 1, &given), LB_KIND_TYPE, "args[0]: expected string, got bytes that are not UTF-8"));
  text = lb_wit_text(NULL, 3);
  CHECK(says(lb_wit_func_call(echo, &text, 1, &given), LB_KIND_TYPE, "args[0]: expected string, got NULL"));
  text = lb_wit_text("a", SIZE_MAX);
  CHECK(says(lb_wit_func_call(echo, &text, 1, &given), LB_KIND_TYPE,
             "args[0]: expected string, got 18446744073709551615 elements"));
  text = lb_wit_text(NULL, 0);
  CHECK(good(lb_wit_func_call(echo, &text, 1, &given)));
  CHECK(given.value->of.text.length == 0 && good(lb_wit_result_release(given)));
  text.sort = 99;
  CHECK(says(lb_wit_func_call(echo, &text, 1, &given), LB_KIND_TYPE, "args[0]: expected string, got a value of the unknown sort 99"));
  lb_wit_value_t items[2] = { LB_WIT_STRING("a"), LB_WIT_CHAR('b') };
  lb_wit_value_t list = LB_WIT_LIST(items);
  CHECK(says(lb_wit_func_call(names, &list, 1, &given), LB_KIND_TYPE, "args[0][1]: expected string, got char"));
  list = lb_wit_numbers(LB_WIT_SORT_U16, items, 3);
  CHECK(says(lb_wit_func_call(names, &list, 1, &given), LB_KIND_TYPE, "args[0]: expected list<string>, got list<u16>"));

  // What the host gives is checked too, and the host may give something else then.
  text = lb_wit_string("?");
  CHECK(says(lb_wit_func_call(through, &text, 1, &given), LB_KIND_TYPE,
             "result of demo:app/host#shout: expected string, got u32"));
  CHECK(good(lb_wit_func_release(through)) && good(lb_instance_close(instance)));
  instance = strings();
  through = func_of(instance, "through");
  text = lb_wit_string("-");
  CHECK(says(lb_wit_func_call(through, &text, 1, &given), LB_KIND_TYPE,
             "result of demo:app/host#shout: expected string, got nothing"));
  CHECK(good(lb_wit_func_release(through)) && good(lb_instance_close(instance)));
  instance = strings();
  lb_wit_func_t trap = func_of(instance, "trap");
  CHECK(fails(lb_wit_func_call(trap, NULL, 0, NULL), LB_KIND_TRAP));
  CHECK(fails(lb_wit_func_call(trap, NULL, 0, &given), LB_KIND_POISONED));
  CHECK(good(lb_wit_result_release(given)));
  CHECK(good(lb_wit_func_release(echo)) && good(lb_wit_func_release(names)));
  CHECK(good(lb_wit_func_release(trap)) && good(lb_instance_close(instance)));
}

// The types of the shop: a record with something of every sort in it.
static const lb_wit_type_t *type_named(lb_module_t module, const char *name) {
  const lb_wit_world_t *world;
  CHECK(good(lb_module_wit_world(module, &world)));
  for (size_t side = 0; side < 2; side++) {
    const lb_wit_item_t *items = side ? world->exports : world->imports;
    for (size_t i = 0; i < (side ? world->nexports : world->nimports); i++) {
      for (size_t k = 0; k < items[i].ntypes; k++) {
        if (!strcmp(items[i].types[k].name, name)) return items[i].types[k].type;
      }
    }
  }
  printf("there is no type %s\n", name);
  CHECK(!"the type is there");
  return NULL;
}

static int text_is(const lb_wit_type_t *type, const lb_wit_value_t *value, const char *expected) {
  lb_bytes_t text;
  if (!good(lb_wit_format(type, value, &text))) return 0;
  int same = !strcmp((const char *)text.data, expected);
  if (!same) printf("%s\n", (const char *)text.data);
  return good(lb_bytes_release(text)) && same;
}

static void trees_are_values(void) {
  lb_module_t module;
  CHECK(good(lb_module_load_file(NULL, SHOP, &module)));
  const lb_wit_type_t *product = type_named(module, "product");
  const char *marks[] = { "sharp", "fragile" };
  lb_wit_value_t place[] = { LB_WIT_U8(3), LB_WIT_CHAR(0x1F642) };
  lb_wit_field_t fields[] = {
    { "sku", LB_WIT_STRING("K-1") },   { "unit", LB_WIT_ENUM("piece") }, { "name", LB_WIT_STRING("Knife") },
    { "marks", LB_WIT_FLAGS(marks) },  { "price", LB_WIT_U32(1999) },    { "weight", LB_WIT_U32(80) },
    { "stock", LB_WIT_S8(-4) },        { "rating", LB_WIT_F32(4.5f) },   { "place", LB_WIT_TUPLE(place) },
  };
  lb_wit_value_t knife = LB_WIT_RECORD(fields);
  const char *text = "{sku: \"K-1\", name: \"Knife\", unit: piece, marks: {fragile, sharp}, price: 1999, weight: 80, "
                     "stock: -4, rating: 4.5, place: (3, '\xF0\x9F\x99\x82')}";
  CHECK(text_is(product, &knife, text));
  lb_wit_result_t read;
  CHECK(good(lb_wit_parse(product, text, &read)));
  CHECK(read.value->of.fields.count == 10 && !strcmp(read.value->of.fields.data[2].name, "unit"));
  CHECK(lb_wit_field(read.value, "unit")->part == 0 && !strcmp(lb_wit_field(read.value, "unit")->of.which.name, "piece"));
  CHECK(lb_wit_has_flag(lb_wit_field(read.value, "marks"), "sharp"));
  CHECK(!lb_wit_has_flag(lb_wit_field(read.value, "marks"), "vegan") && !lb_wit_field(read.value, "no"));
  CHECK(!lb_wit_field(read.value, "replaced-by")->of.which.value);
  CHECK(lb_wit_field(read.value, "place")->of.items.data[1].of.character == 0x1F642);
  CHECK(text_is(product, read.value, text));
  CHECK(good(lb_wit_result_release(read)));

  CHECK(good(lb_wit_check(product, &knife)));
  fields[0].name = "sk";
  CHECK(says(lb_wit_check(product, &knife), LB_KIND_TYPE, "value: product has no field \"sk\"; did you mean \"sku\"?"));
  fields[0].name = "name";
  CHECK(says(lb_wit_check(product, &knife), LB_KIND_TYPE, "value: field \"sku\" of product is missing"));
  fields[0].name = NULL;
  CHECK(says(lb_wit_check(product, &knife), LB_KIND_TYPE, "value: expected product, got a field without a name"));
  fields[0].name = "sku";
  marks[1] = "fragil";
  CHECK(says(lb_wit_check(product, &knife), LB_KIND_TYPE, "value.marks: marks has no flag \"fragil\"; did you mean \"fragile\"?"));
  marks[1] = "vegan";
  fields[8].value.of.items.count = 1;
  CHECK(says(lb_wit_check(product, &knife), LB_KIND_TYPE, "value.place: expected a tuple of 2, got a tuple of 1"));
  fields[8].value.of.items.count = 2;
  place[1] = lb_wit_char(0xD800);
  CHECK(says(lb_wit_check(product, &knife), LB_KIND_RANGE, "value.place.1: 0xd800 does not fit in char"));
  place[1] = lb_wit_char('x');
  lb_wit_field_t more[11];
  memcpy(more, fields, sizeof fields);
  more[9] = more[0];
  lb_wit_value_t twice = lb_wit_record(more, 10);
  CHECK(says(lb_wit_check(product, &twice), LB_KIND_TYPE, "value: field \"sku\" is given twice"));
  CHECK(good(lb_module_release(module)));
}

static void cases_are_values(void) {
  lb_module_t module;
  lb_wit_result_t read;
  CHECK(good(lb_module_load_file(NULL, SHOP, &module)));
  const lb_wit_type_t *discount = type_named(module, "discount");
  lb_wit_value_t half = LB_WIT_F64(12.5), codes[] = { LB_WIT_STRING("A") }, list = LB_WIT_LIST(codes);
  lb_wit_value_t off = LB_WIT_VARIANT("percent", &half);
  CHECK(text_is(discount, &off, "percent(12.5)"));
  off = lb_wit_variant("codes", &list);
  CHECK(text_is(discount, &off, "codes([\"A\"])"));
  off = lb_wit_variant("codes", &half);
  CHECK(says(lb_wit_check(discount, &off), LB_KIND_TYPE, "value.codes: expected list<string>, got f64"));
  off = lb_wit_variant("full-price", &half);
  CHECK(says(lb_wit_check(discount, &off), LB_KIND_TYPE, "value.full-price: expected nothing, got f64"));
  off = lb_wit_enum("full-price");
  CHECK(text_is(discount, &off, "full-price"));
  off = lb_wit_variant("percent", NULL);
  CHECK(says(lb_wit_check(discount, &off), LB_KIND_TYPE, "value.percent: expected f64, got nothing"));
  off = lb_wit_variant(NULL, &half);
  off.part = 1;
  CHECK(text_is(discount, &off, "percent(12.5)"));
  off.part = 4;
  CHECK(fails(lb_wit_check(discount, &off), LB_KIND_TYPE));
  off = lb_wit_object(&dropped, drop);
  int before = dropped;
  CHECK(fails(lb_wit_check(discount, &off), LB_KIND_TYPE));
  CHECK(dropped == before);

  CHECK(fails(lb_wit_parse(discount, "percent(", &read), LB_KIND_TYPE) && !read.value);
  CHECK(fails(lb_wit_parse(NULL, "1", &read), LB_KIND_TYPE));
  CHECK(fails(lb_wit_parse(discount, NULL, &read), LB_KIND_TYPE));
  CHECK(fails(lb_wit_check(discount, NULL), LB_KIND_TYPE));
  CHECK(good(lb_module_release(module)));
}

int main(void) {
  texts_and_lists_cross();
  wrong_values_are_refused();
  wrong_texts_are_refused();
  trees_are_values();
  cases_are_values();
  return finish();
}
