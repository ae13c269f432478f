// Real guests: examples/components/calls.txt, baskets that are the guest's, journals that are the program's.

#include "office.h"

#define SHOPS "../examples/components/"

typedef struct {
  const char *name;
  lb_instance_t instance;
  lb_store_t store;
} shop_t;

static shop_t open_shop(const char *name) {
  shop_t shop = { name, { 0 }, { 0 } };
  char path[128];
  lb_module_t module;
  lb_imports_t imports = office_imports();
  snprintf(path, sizeof path, SHOPS "shop-%s.wasm", name);
  CHECK(good(lb_module_load_file(NULL, path, &module)));
  CHECK(good(lb_instance_new(module, &imports, &shop.instance)));
  CHECK(good(lb_instance_store(shop.instance, &shop.store)));
  CHECK(good(lb_module_release(module)));
  CHECK(good(lb_imports_release(imports)));
  office.logged = 0;
  return shop;
}

static void close_shop(shop_t shop) {
  CHECK(good(lb_instance_close(shop.instance)));
  CHECK(good(lb_store_release(shop.store)));
}

static lb_error_t *try_call(shop_t shop, const char *name, const lb_wit_value_t *args, size_t nargs, lb_wit_result_t *result) {
  lb_wit_func_t func;
  lb_error_t *error = lb_instance_wit_func(shop.instance, name, &func);
  if (error) return error;
  error = lb_wit_func_call(func, args, nargs, result);
  CHECK(good(lb_wit_func_release(func)));
  return error;
}

static lb_wit_result_t call(shop_t shop, const char *name, const lb_wit_value_t *args, size_t nargs) {
  lb_wit_result_t result;
  CHECK(good(try_call(shop, name, args, nargs, &result)));
  return result;
}

// Whether a call gives this text.
static int gives(shop_t shop, const char *name, const lb_wit_value_t *args, size_t nargs, const char *expected) {
  lb_wit_result_t result = call(shop, name, args, nargs);
  lb_bytes_t text;
  int same = result.value && good(lb_wit_value_text(result.value, &text)) && !strcmp((const char *)text.data, expected);
  if (!same) printf("%s: %s\n", name, result.value ? (const char *)text.data : "nothing");
  if (result.value) CHECK(good(lb_bytes_release(text)));
  CHECK(good(lb_wit_result_release(result)));
  return same;
}

// ---- examples/components/calls.txt ----

// Ends an argument: at a comma or a parenthesis that is in nothing else.
static char *argument_end(char *at) {
  int depth = 0;
  for (; *at; at++) {
    if (*at == '"' || *at == '\'') {
      const char quote = *at++;
      while (*at && *at != quote) at += *at == '\\' ? 2 : 1;
    } else if (strchr("([{", *at)) {
      depth++;
    } else if (strchr(")]}", *at) && depth-- == 0) {
      return at;
    } else if (*at == ',' && !depth) {
      return at;
    }
  }
  return at;
}

// Reads the arguments of a line, which begin at `at`; gives what is behind them.
static char *read_arguments(char *at, const lb_wit_func_type_t *type, lb_wit_result_t *read, lb_wit_value_t *args) {
  for (size_t i = 0; i < type->nparams; i++) {
    char *end = argument_end(at), after = *end;
    *end = 0;
    CHECK(good(lb_wit_parse(type->params[i].type, at, &read[i])));
    if (read[i].value) args[i] = *read[i].value;
    *end = after;
    at = end + (after == ',');
    while (*at == ' ') at++;
  }
  CHECK(*at == ')');
  return at + 1;
}

static char *told(const lb_wit_type_t *type, const lb_wit_value_t *value) {
  lb_bytes_t text;
  CHECK(good(lb_wit_format(type, value, &text)));
  char *copy = strdup((const char *)text.data);
  CHECK(good(lb_bytes_release(text)));
  return copy;
}

static void answer_line(shop_t shop, char *line) {
  lb_wit_result_t read[20] = { { NULL, 0 } }, given, wanted = { NULL, 0 };
  lb_wit_value_t args[20];
  lb_wit_func_t func;
  lb_wit_func_type_t type;
  char *open = strchr(line, '(');
  *open = 0;
  CHECK(good(lb_instance_wit_func(shop.instance, line, &func)) && good(lb_wit_func_type(func, &type)));
  char *rest = read_arguments(open + 1, &type, read, args);
  CHECK(good(lb_wit_func_call(func, args, type.nparams, &given)));
  if (!strncmp(rest, " -> ", 4)) {
    if (strcmp(rest + 4, "same")) CHECK(good(lb_wit_parse(type.result, rest + 4, &wanted)));
    char *one = told(type.result, given.value), *other = told(type.result, wanted.value ? wanted.value : args);
    if (strcmp(one, other)) printf("%s %s: %s gives %s\n", shop.name, line, other, one);
    CHECK(!strcmp(one, other));
    free(one);
    free(other);
  } else {
    CHECK(!*rest && !given.value && !type.result);
  }
  CHECK(good(lb_wit_result_release(given)) && good(lb_wit_result_release(wanted)));
  for (size_t i = 0; i < type.nparams; i++) CHECK(good(lb_wit_result_release(read[i])));
  CHECK(good(lb_wit_func_release(func)));
}

static void every_call_is_answered(const char *name) {
  shop_t shop = open_shop(name);
  static char line[1 << 16];
  // Twice, so that it shows if a call leaves the guest in disorder.
  for (int round = 0; round < 2; round++) {
    FILE *file = fopen(SHOPS "calls.txt", "r");
    size_t calls = 0;
    CHECK(file);
    while (file && fgets(line, sizeof line, file)) {
      line[strcspn(line, "\n")] = 0;
      if (!*line || *line == '#') continue;  // what some other guest cannot answer, these can
      answer_line(shop, line);
      calls++;
    }
    if (file) fclose(file);
    CHECK(calls > 130);
    const char *const lines[] = { "info: greet Ada", "info: greet ", "info: greet Zo\xc3\xab \xe6\xbc\xa2\xe5\xad\x97 \xf0\x9f\x99\x82",
                                  "warning: no code GONE" };
    CHECK(logged(4, lines));
  }
  close_shop(shop);
}

// ---- Resources ----

static lb_wit_result_t pen;

// A basket with so many pens, of 1.20 each.
static lb_wit_value_t basket(shop_t shop, const char *owner, uint16_t pens) {
  lb_wit_value_t arg = lb_wit_string(owner);
  lb_wit_result_t made = call(shop, "orders#basket", &arg, 1);
  CHECK(made.value->sort == LB_WIT_SORT_RESOURCE);
  lb_wit_value_t it = *made.value;
  CHECK(good(lb_wit_result_release(made)));
  if (pens) {
    lb_wit_value_t args[] = { it, *pen.value, LB_WIT_U16(pens) };
    CHECK(good(lb_wit_result_release(call(shop, "orders#basket.add", args, 3))));
  }
  return it;
}

static void read_pen(shop_t shop) {
  lb_wit_func_t echo;
  lb_wit_func_type_t type;
  CHECK(good(lb_instance_wit_func(shop.instance, "echo#echo-product", &echo)) && good(lb_wit_func_type(echo, &type)));
  CHECK(good(lb_wit_parse(type.params[0].type,
                          "{sku: \"P\", name: \"Pen\", unit: piece, marks: {sharp}, price: 120, weight: 9, stock: 40, "
                          "rating: 3.25, place: (1, 'A'), replaced-by: none}",
                          &pen)));
  CHECK(good(lb_wit_func_release(echo)));
}

static int is_there(shop_t shop, lb_wit_value_t resource) {
  bool has;
  return good(lb_wit_resource_has(shop.store, resource.of.resource, &has)) && has;
}

static void baskets_are_the_guests(const char *name) {
  shop_t shop = open_shop(name);
  read_pen(shop);
  lb_wit_value_t ada = basket(shop, "Ada", 3), bob = basket(shop, "Bob", 4), both[] = { ada, bob };
  CHECK(gives(shop, "orders#basket.count", NULL, 0, "2"));
  CHECK(gives(shop, "orders#basket.total", &ada, 1, "360"));
  CHECK(gives(shop, "orders#basket.cheaper-than", both, 2, "true"));
  CHECK(good(lb_wit_resource_close(shop.store, ada.of.resource)));
  CHECK(good(lb_wit_resource_close(shop.store, ada.of.resource)));
  CHECK(!is_there(shop, ada) && is_there(shop, bob));
  lb_wit_result_t none;
  CHECK(fails(try_call(shop, "orders#basket.total", &ada, 1, &none), LB_KIND_CLOSED));
  CHECK(gives(shop, "orders#basket.total", &bob, 1, "480"));
  CHECK(good(lb_wit_resource_drop(shop.store, bob.of.resource)));
  CHECK(good(lb_wit_result_release(call(shop, "orders#basket.count", NULL, 0))));
  CHECK(gives(shop, "orders#basket.count", NULL, 0, "0"));
  const char *const gone[] = { "debug: Ada's basket is gone", "debug: Bob's basket is gone" };
  CHECK(logged(2, gone));

  both[0] = ada = basket(shop, "Ada", 3);
  both[1] = bob = basket(shop, "Bob", 4);
  lb_wit_result_t merged = call(shop, "orders#basket.merge", both, 2);
  CHECK(!is_there(shop, ada) && !is_there(shop, bob));
  CHECK(gives(shop, "orders#basket.total", merged.value, 1, "840"));
  both[0] = both[1] = *merged.value;
  CHECK(fails(try_call(shop, "orders#basket.merge", both, 2, &none), LB_KIND_CLOSED));
  // Numbers that were made up.
  const uint64_t forged[] = { 0, 1, 0xffffffff, 1ull << 32, merged.value->of.resource + 1, merged.value->of.resource ^ 1ull << 40, UINT64_MAX };
  for (size_t i = 0; i < sizeof forged / sizeof *forged; i++) {
    lb_wit_value_t made_up = LB_WIT_RESOURCE(forged[i]);
    CHECK(fails(try_call(shop, "orders#basket.total", &made_up, 1, &none), LB_KIND_CLOSED));
    CHECK(good(lb_wit_resource_close(shop.store, forged[i])) && !is_there(shop, made_up));
    CHECK(good(lb_wit_resource_drop(shop.store, forged[i])));
  }
  lb_wit_value_t object = LB_WIT_OBJECT(calloc(1, sizeof(journal_t)), journal_drop);
  const int before = office.gone;
  CHECK(fails(try_call(shop, "orders#basket.total", &object, 1, &none), LB_KIND_TYPE));
  CHECK(office.gone == before + 1);
  CHECK(good(lb_wit_resource_close(shop.store, merged.value->of.resource)));
  CHECK(good(lb_wit_result_release(merged)));
  CHECK(good(lb_wit_result_release(pen)));
  close_shop(shop);
}

static void lists_of_baskets_cross(const char *name) {
  shop_t shop = open_shop(name);
  read_pen(shop);
  lb_wit_value_t all[4] = { basket(shop, "Ada", 1), basket(shop, "Bob", 5), basket(shop, "Cyd", 2) };
  lb_wit_value_t list = lb_wit_list(all, 3), twice = lb_wit_list(all, 4);
  all[3] = all[0];
  CHECK(gives(shop, "orders#sum", &list, 1, "960"));
  CHECK(gives(shop, "orders#sum", &twice, 1, "1080"));
  lb_wit_result_t best = call(shop, "orders#keep-dearest", &list, 1);
  CHECK(best.value->part == 1);
  CHECK(gives(shop, "orders#basket.total", best.value->of.which.value, 1, "600"));
  CHECK(gives(shop, "orders#basket.count", NULL, 0, "1"));
  CHECK(good(lb_wit_result_release(best)));
  CHECK(good(lb_wit_result_release(pen)));
  close_shop(shop);
}

static void journals_are_the_programs(const char *name) {
  shop_t shop = open_shop(name);
  office.gone = 0;
  lb_wit_value_t title = LB_WIT_STRING("Diary"), line = LB_WIT_STRING("a line");
  journal_t *diary = office.published = journal_new(&title);
  for (uint32_t i = 1; i <= 3; i++) {
    // Without a drop function it stays the program's.
    lb_wit_value_t args[] = { LB_WIT_OBJECT(diary, NULL), line };
    char expected[32];
    snprintf(expected, sizeof expected, "(%u, \"Diary\")", i);
    CHECK(gives(shop, "orders#note", args, 2, expected));
  }
  CHECK(diary->count == 3 && !strcmp(diary->lines[2], "a line"));
  lb_wit_result_t found = call(shop, "orders#look-up", &title, 1);
  CHECK(found.value->part == 0 && found.value->of.which.value->of.object.data == diary);
  CHECK(good(lb_wit_result_release(found)));
  title = lb_wit_string("Novel");
  CHECK(gives(shop, "orders#look-up", &title, 1, "err(\"no journal Novel\")"));
  CHECK(office.gone == 0);
  journal_drop(diary);
  office.published = NULL;
  office.gone = 0;

  // One that the guest opened, and that goes back and forth: it is dropped once, when nobody has it.
  static const lb_wit_value_t two[] = { LB_WIT_STRING("one"), LB_WIT_STRING("two") };
  const lb_wit_value_t args[] = { LB_WIT_STRING("Log"), LB_WIT_LIST(two) };
  lb_wit_result_t opened = call(shop, "orders#open", args, 2);
  CHECK(opened.value->sort == LB_WIT_SORT_OBJECT && !strcmp(journal_of(opened.value)->title, "Log"));
  const lb_wit_value_t more[] = { *opened.value, LB_WIT_STRING("three") };
  CHECK(gives(shop, "orders#finish", more, 2, "[\"one\", \"two\", \"three\"]"));
  CHECK(office.gone == 0);
  CHECK(good(lb_wit_result_release(opened)));
  CHECK(office.gone == 1);

  lb_wit_value_t draft = LB_WIT_OBJECT(journal_new(&title), journal_drop);
  lb_wit_result_t none;
  CHECK(good(try_call(shop, "orders#discard", &draft, 1, &none)) && !none.value);
  CHECK(office.gone == 2);
  // A basket is no journal, and the line that comes behind it is not looked at.
  lb_wit_value_t wrong[] = { basket(shop, "Ada", 0), line };
  CHECK(fails(try_call(shop, "orders#note", wrong, 2, &none), LB_KIND_TYPE));
  // Objects are the library's also if a call fails before it reaches them.
  lb_wit_value_t late[] = { LB_WIT_OBJECT(journal_new(&title), journal_drop), LB_WIT_BOOL(true) };
  CHECK(fails(try_call(shop, "orders#note", late, 2, &none), LB_KIND_TYPE));
  CHECK(office.gone == 3);
  late[0] = lb_wit_object(journal_new(&title), journal_drop);
  lb_wit_value_t inside = LB_WIT_SOME(&late[0]), list = lb_wit_list(&inside, 1);
  CHECK(fails(try_call(shop, "greet", &list, 1, &none), LB_KIND_TYPE));
  CHECK(office.gone == 4);
  late[0] = lb_wit_object(journal_new(&title), journal_drop);
  CHECK(fails(try_call(shop, "orders#note", late, 1, &none), LB_KIND_TYPE));
  CHECK(office.gone == 5);
  close_shop(shop);
}

static void errors_of_the_host_come_out(const char *name) {
  shop_t shop = open_shop(name);
  lb_wit_value_t mallory = LB_WIT_STRING("Mallory");
  lb_wit_result_t none;
  lb_error_t *error = try_call(shop, "greet", &mallory, 1, &none);
  CHECK(lb_error_host_exception(error) == &office && !strcmp(lb_error_message(error), "Mallory may not log in"));
  lb_error_free(error);
  CHECK(fails(try_call(shop, "greet", &mallory, 1, &none), LB_KIND_POISONED));
  close_shop(shop);
  shop = open_shop(name);
  CHECK(fails(try_call(shop, "give-up", &mallory, 1, &none), LB_KIND_TRAP));
  CHECK(fails(try_call(shop, "give-up", &mallory, 1, &none), LB_KIND_POISONED));
  close_shop(shop);
}

int main(void) {
  const char *const guests[] = { "rust", "c" };
  for (size_t i = 0; i < 2; i++) {
    every_call_is_answered(guests[i]);
    baskets_are_the_guests(guests[i]);
    lists_of_baskets_cross(guests[i]);
    journals_are_the_programs(guests[i]);
    errors_of_the_host_come_out(guests[i]);
  }
  return finish();
}
