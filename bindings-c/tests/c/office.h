// The host of the shops of examples/components: a log, discount codes, journals.

#ifndef OFFICE_H
#define OFFICE_H

#include "check.h"

#define OFFICE "demo:shop/office@1.2.0"

// A book that guests write into. It is an object of the program's.
typedef struct {
  char title[64];
  char *lines[16];
  size_t count;
} journal_t;

static struct {
  char log[16][128];  // since the last time that it was looked at, each as "level: text"
  size_t logged;
  journal_t *published;  // the one that can be found
  int gone;              // how many journals were let go of by everybody
} office;

static inline void journal_drop(void *data) {
  journal_t *journal = data;
  for (size_t i = 0; i < journal->count; i++) free(journal->lines[i]);
  free(journal);
  office.gone++;
}

static inline journal_t *journal_of(const lb_wit_value_t *value) {
  CHECK(value->sort == LB_WIT_SORT_OBJECT);
  return value->of.object.data;
}

static inline char *text_copy(const lb_wit_value_t *value) {
  CHECK(value->sort == LB_WIT_SORT_STRING);
  char *copy = calloc(value->of.text.length + 1, 1);
  memcpy(copy, value->of.text.data, value->of.text.length);
  return copy;
}

static inline journal_t *journal_new(const lb_wit_value_t *title) {
  journal_t *journal = calloc(1, sizeof *journal);
  char *text = text_copy(title);
  snprintf(journal->title, sizeof journal->title, "%s", text);
  free(text);
  return journal;
}

#define OFFICE_FUNC(name) \
  static lb_error_t *office_##name(void *data, lb_wit_context_t *context, const lb_wit_value_t *args, size_t nargs)

OFFICE_FUNC(currency) {
  (void)data, (void)args, (void)nargs;
  lb_wit_value_t result = LB_WIT_STRING("EUR");
  return lb_wit_context_give(context, &result);
}

OFFICE_FUNC(log) {
  (void)data, (void)context, (void)nargs;
  char *text = text_copy(&args[1]);
  lb_error_t *error = strstr(text, "Mallory") ? lb_error_host("Mallory may not log in", &office, NULL) : NULL;
  if (!error && office.logged < 16) {
    snprintf(office.log[office.logged++], 128, "%s: %s", args[0].of.which.name, text);
  }
  free(text);
  return error;
}

OFFICE_FUNC(worth) {
  (void)data, (void)nargs;
  char why[64], *code = text_copy(&args[0]);
  snprintf(why, sizeof why, "no code %s", code);
  lb_wit_value_t cents = LB_WIT_U64(!strcmp(code, "WELCOME") ? 500 : !strcmp(code, "LOYAL") ? 1250 : 0);
  lb_wit_value_t text = lb_wit_string(why), result = LB_WIT_OK(&cents);
  free(code);
  // Its error is the guest's.
  return cents.of.u64 ? lb_wit_context_give(context, &result) : lb_wit_error(&text);
}

OFFICE_FUNC(reserve) {
  (void)data, (void)nargs;
  lb_wit_value_t units = LB_WIT_U32(0);
  for (size_t i = 0; i < args[0].of.items.count; i++) {
    units.of.u32 += lb_wit_field(&args[0].of.items.data[i], "count")->of.u16;
  }
  return lb_wit_context_give(context, &units);
}

OFFICE_FUNC(close) {
  (void)data, (void)nargs;
  const journal_t *journal = journal_of(&args[0]);
  lb_wit_value_t lines[16];
  for (size_t i = 0; i < journal->count; i++) lines[i] = lb_wit_string(journal->lines[i]);
  lb_wit_value_t result = lb_wit_list(lines, journal->count);
  return lb_wit_context_give(context, &result);
}

OFFICE_FUNC(title) {
  (void)data, (void)nargs;
  lb_wit_value_t result = lb_wit_string(journal_of(&args[0])->title);
  return lb_wit_context_give(context, &result);
}

OFFICE_FUNC(journal) {
  (void)data, (void)nargs;
  lb_wit_value_t result = LB_WIT_OBJECT(journal_new(&args[0]), journal_drop);
  return lb_wit_context_give(context, &result);
}

OFFICE_FUNC(write) {
  (void)data, (void)nargs;
  journal_t *journal = journal_of(&args[0]);
  if (journal->count < 16) journal->lines[journal->count++] = text_copy(&args[1]);
  lb_wit_value_t result = LB_WIT_U32((uint32_t)journal->count);
  return lb_wit_context_give(context, &result);
}

OFFICE_FUNC(length) {
  (void)data, (void)nargs;
  lb_wit_value_t result = LB_WIT_U32((uint32_t)journal_of(&args[0])->count);
  return lb_wit_context_give(context, &result);
}

OFFICE_FUNC(find) {
  (void)data, (void)nargs;
  char why[64], *title = text_copy(&args[0]);
  snprintf(why, sizeof why, "no journal %s", title);
  const int is_it = office.published && !strcmp(office.published->title, title);
  free(title);
  // Its error is a value. The office keeps the journal: guests do not drop it.
  lb_wit_value_t journal = LB_WIT_OBJECT(office.published, NULL), text = lb_wit_string(why);
  lb_wit_value_t result = is_it ? lb_wit_ok(&journal) : lb_wit_err(&text);
  return lb_wit_context_give(context, &result);
}

// The imports of a shop. The caller releases them.
static inline lb_imports_t office_imports(void) {
  static const struct {
    const char *name;
    lb_wit_callback_t func;
  } all[] = {
    { "log", office_log },     { "worth", office_worth },
    { "reserve", office_reserve }, { "close", office_close },
    { "title", office_title }, { "[constructor]journal", office_journal },
    { "[method]journal.write", office_write }, { "[method]journal.length", office_length },
    { "[static]journal.find", office_find },
  };
  lb_imports_t imports;
  CHECK(good(lb_imports_new(&imports)));
  CHECK(good(lb_imports_wit(imports, "", "currency", office_currency, NULL, NULL)));
  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    CHECK(good(lb_imports_wit(imports, OFFICE, all[i].name, all[i].func, NULL, NULL)));
  }
  return imports;
}

// Whether just this was logged since the last time.
static inline int logged(size_t count, const char *const *lines) {
  int same = office.logged == count;
  for (size_t i = 0; i < count && same; i++) same = !strcmp(office.log[i], lines[i]);
  for (size_t i = 0; i < office.logged && !same; i++) printf("logged: %s\n", office.log[i]);
  office.logged = 0;
  return same;
}

#endif
