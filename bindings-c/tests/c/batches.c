// Batches: columns and values, errors with rows, nulls and selections, and what is refused.

#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static const char *const CALC =
    "(module (func (export \"add\") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))"
    " (func (export \"div\") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))"
    " (func (export \"divmod\") (param i64 i64) (result i64 i64)"
    "  (i64.div_s (local.get 0) (local.get 1)) (i64.rem_s (local.get 0) (local.get 1)))"
    " (func (export \"half\") (param f64) (result f32) (f32.demote_f64 (f64.mul (local.get 0) (f64.const 0.5))))"
    " (global $n (export \"n\") (mut i32) (i32.const 0))"
    " (func (export \"tick\") (global.set $n (i32.add (global.get $n) (i32.const 1)))))";

#define ROWS 10000
static lb_instance_t calc;

static lb_func_t func_of(const char *name) {
  lb_func_t func;
  CHECK(good(lb_instance_func(calc, name, &func)));
  return func;
}

// Whether the call failed with this kind, at this row, with this part of a message; frees the error.
static int fails_at(lb_error_t *error, lb_kind_t kind, int64_t row, const char *part) {
  int same = lb_error_kind(error) == kind && lb_error_row(error) == row && strstr(lb_error_message(error), part);
  if (!same) printf("%s at %d: %s\n", lb_error_kind_name(error), (int)lb_error_row(error), lb_error_message(error));
  lb_error_free(error);
  return same;
}

static void columns_and_values(void) {
  static int32_t xs[ROWS], ys[ROWS], sums[ROWS];
  const int32_t ten = 10;
  lb_func_t add = func_of("add");
  for (int i = 0; i < ROWS; i++) xs[i] = i, ys[i] = 3 * i;
  const lb_column_t both[2] = { LB_COLUMN(LB_TYPE_I32, xs, ROWS), LB_COLUMN(LB_TYPE_I32, ys, ROWS) };
  const lb_column_t one[2] = { LB_COLUMN(LB_TYPE_I32, xs, ROWS), LB_REPEATED(LB_TYPE_I32, &ten) };
  const lb_result_column_t result = LB_RESULT_COLUMN(LB_TYPE_I32, sums, ROWS);
  for (int round = 0; round < 3; round++) {
    size_t right = 0;
    CHECK(good(lb_func_map(add, both, 2, &result, 1, NULL)));
    for (int i = 0; i < ROWS; i++) right += sums[i] == 4 * i;
    CHECK(right == ROWS && good(lb_func_map(add, one, 2, &result, 1, NULL)));
    for (int i = 0; i < ROWS; i++) right += sums[i] == i + 10;
    CHECK(right == 2 * ROWS);
  }
  // Into an argument.
  const lb_result_column_t in_place = LB_RESULT_COLUMN(LB_TYPE_I32, ys, ROWS);
  CHECK(good(lb_func_map(add, both, 2, &in_place, 1, NULL)) && ys[1] == 4 && ys[ROWS - 1] == 4 * (ROWS - 1));
  // Where an argument is, but a row later or earlier.
  for (int to = 0; to < 2; to++) {
    for (int i = 0; i < ROWS; i++) xs[i] = i;
    const lb_column_t shifted[2] = { LB_COLUMN(LB_TYPE_I32, xs + !to, ROWS - 1), LB_REPEATED(LB_TYPE_I32, &ten) };
    const lb_result_column_t over = LB_RESULT_COLUMN(LB_TYPE_I32, xs + to, ROWS - 1);
    size_t right = 0;
    CHECK(good(lb_func_map(add, shifted, 2, &over, 1, NULL)));
    for (int i = 0; i < ROWS - 1; i++) right += xs[to + i] == !to + i + 10;
    CHECK(right == ROWS - 1);
  }
  CHECK(good(lb_func_release(add)));
}

static void other_types(void) {
  const int64_t dividends[3] = { 7, 8, -9 }, four = 4;
  int64_t quotients[3], rests[3];
  const double whole[2] = { 3, -5 };
  float halves[2];
  lb_func_t divmod = func_of("divmod"), half = func_of("half"), tick = func_of("tick");
  const lb_column_t args[2] = { LB_COLUMN(LB_TYPE_I64, dividends, 3), LB_REPEATED(LB_TYPE_I64, &four) };
  const lb_result_column_t results[2] = { LB_RESULT_COLUMN(LB_TYPE_I64, quotients, 3),
                                          LB_RESULT_COLUMN(LB_TYPE_I64, rests, 3) };
  CHECK(good(lb_func_map(divmod, args, 2, results, 2, NULL)));
  CHECK(quotients[0] == 1 && quotients[2] == -2 && rests[0] == 3 && rests[1] == 0 && rests[2] == -1);
  const lb_column_t arg = LB_COLUMN(LB_TYPE_F64, whole, 2);
  const lb_result_column_t result = LB_RESULT_COLUMN(LB_TYPE_F32, halves, 2);
  CHECK(good(lb_func_map(half, &arg, 1, &result, 1, NULL)) && halves[0] == 1.5f && halves[1] == -2.5f);
  lb_batch_t batch = LB_BATCH;
  batch.rows = 5000;
  lb_global_t n;
  lb_value_t count;
  CHECK(good(lb_func_map(tick, NULL, 0, NULL, 0, &batch)) && good(lb_instance_global(calc, "n", &n)));
  CHECK(good(lb_global_get(n, &count)) && count.of.i32 == 5000 && good(lb_global_release(n)));
  CHECK(fails_at(lb_func_map(tick, NULL, 0, NULL, 0, NULL), LB_KIND_TYPE, -1, "give the number of rows"));
  batch.rows = 0;
  CHECK(good(lb_func_map(tick, NULL, 0, NULL, 0, &batch)));
  CHECK(good(lb_func_release(divmod)) && good(lb_func_release(half)) && good(lb_func_release(tick)));
}

static void rows_of_errors(void) {
  static int32_t xs[ROWS], ys[ROWS], out[ROWS];
  lb_func_t div = func_of("div");
  for (int i = 0; i < ROWS; i++) xs[i] = i, ys[i] = 1, out[i] = -1;
  ys[7777] = 0;
  const lb_column_t args[2] = { LB_COLUMN(LB_TYPE_I32, xs, ROWS), LB_COLUMN(LB_TYPE_I32, ys, ROWS) };
  const lb_result_column_t result = LB_RESULT_COLUMN(LB_TYPE_I32, out, ROWS);
  lb_error_t *error = lb_func_map(div, args, 2, &result, 1, NULL);
  CHECK(lb_error_trap_code(error) == LB_TRAP_INTEGER_DIVISION_BY_ZERO && lb_error_frame_count(error) == 1);
  CHECK(fails_at(error, LB_KIND_TRAP, 7777, "row 7777: integer divide by zero"));
  CHECK(out[7776] == 7776 && out[7777] == -1 && lb_error_row(NULL) == -1);
  ys[7777] = 7;
  CHECK(good(lb_func_map(div, args, 2, &result, 1, NULL)) && out[7777] == 1111);
  CHECK(good(lb_func_release(div)));
}

static void nulls_and_selections(void) {
  int32_t xs[8] = { 0, 1, 2, 3, 4, 5, 6, 7 }, out[8] = { -1, -1, -1, -1, -1, -1, -1, -1 };
  const int32_t one = 1;
  const uint8_t bits[2] = { 0xD8, 0x07 }; // From bit 3 on: 1 1 0 1 1 1 1 1
  const uint64_t chosen[4] = { 1, 2, 3, 7 }, wrong[2] = { 3, 2 };
  uint8_t valid = 0x55;
  lb_func_t add = func_of("add");
  lb_column_t args[2] = { LB_COLUMN(LB_TYPE_I32, xs, 8), LB_REPEATED(LB_TYPE_I32, &one) };
  const lb_result_column_t result = LB_RESULT_COLUMN(LB_TYPE_I32, out, 8);
  lb_batch_t batch = LB_BATCH;
  args[0].validity = bits;
  args[0].validity_offset = 3;
  batch.selection = chosen;
  batch.nselection = 4;
  batch.validity = &valid;
  CHECK(good(lb_func_map(add, args, 2, &result, 1, &batch)));
  const int32_t expected[8] = { -1, 2, 0, 4, -1, -1, -1, 8 };
  CHECK(!memcmp(out, expected, sizeof out) && valid == 0xDB);
  // The bitmap of an argument may be the one that is written.
  for (size_t offset = 0; offset <= 3; offset += 3) {
    uint8_t both[2] = { offset ? 0xD8 : 0xFB, 0x07 };
    batch.selection = NULL;
    args[0].validity = batch.validity = both;
    args[0].validity_offset = offset;
    CHECK(good(lb_func_map(add, args, 2, &result, 1, &batch)) && both[0] == 0xFB && out[2] == 0 && out[7] == 8);
  }
  batch.selection = wrong;
  batch.nselection = 2;
  CHECK(fails_at(lb_func_map(add, args, 2, &result, 1, &batch), LB_KIND_RANGE, -1, "in ascending order"));
  CHECK(good(lb_func_release(add)));
}

static void misuse(void) {
  int32_t xs[2] = { 1, 2 }, out[2];
  const double two = 2;
  lb_func_t add = func_of("add"), none = { 0 };
  lb_column_t args[2] = { LB_COLUMN(LB_TYPE_I32, xs, 2), LB_COLUMN(LB_TYPE_I32, xs, 2) };
  lb_result_column_t result = LB_RESULT_COLUMN(LB_TYPE_I32, out, 2);
  lb_batch_t batch = LB_BATCH;
  args[0].type = LB_TYPE_F32;
  CHECK(fails_at(lb_func_map(add, args, 2, &result, 1, NULL), LB_KIND_TYPE, -1, "a column of f32, not of i32"));
  args[0].type = 99;
  CHECK(fails(lb_func_map(add, args, 2, &result, 1, NULL), LB_KIND_TYPE));
  args[0] = (lb_column_t)LB_REPEATED(LB_TYPE_F64, &two);
  CHECK(fails_at(lb_func_map(add, args, 2, &result, 1, NULL), LB_KIND_TYPE, -1, "expected i32, got f64"));
  args[0] = (lb_column_t)LB_COLUMN(LB_TYPE_I32, xs, 1);
  CHECK(fails_at(lb_func_map(add, args, 2, &result, 1, NULL), LB_KIND_TYPE, -1, "argument 2 of add has 2 rows"));
  args[0].rows = 2;
  result.rows = 1;
  CHECK(fails_at(lb_func_map(add, args, 2, &result, 1, NULL), LB_KIND_TYPE, -1, "result 1 of add has 1 rows"));
  result.rows = 2;
  result.type = LB_TYPE_I64;
  CHECK(fails_at(lb_func_map(add, args, 2, &result, 1, NULL), LB_KIND_TYPE, -1, "result 1 of add: a column of i64"));
  result.type = LB_TYPE_I32;
  CHECK(fails(lb_func_map(add, args, 1, &result, 1, NULL), LB_KIND_TYPE));
  CHECK(fails(lb_func_map(add, args, 2, NULL, 0, NULL), LB_KIND_TYPE));
  CHECK(fails(lb_func_map(add, NULL, 2, &result, 1, NULL), LB_KIND_TYPE));
  args[1].data = NULL;
  CHECK(fails_at(lb_func_map(add, args, 2, &result, 1, NULL), LB_KIND_TYPE, -1, "argument 2 of add is NULL"));
  args[1].data = xs;
  args[0].rows = args[1].rows = result.rows = SIZE_MAX / 2;
  CHECK(fails(lb_func_map(add, args, 2, &result, 1, NULL), LB_KIND_RANGE));
  args[0].rows = args[1].rows = result.rows = 2;
  args[0].size--;
  CHECK(fails(lb_func_map(add, args, 2, &result, 1, NULL), LB_KIND_UNSUPPORTED));
  args[0].size++;
  batch.size = 3;
  CHECK(fails(lb_func_map(add, args, 2, &result, 1, &batch), LB_KIND_UNSUPPORTED));
  CHECK(fails(lb_func_map(none, args, 2, &result, 1, NULL), LB_KIND_TYPE));
  CHECK(good(lb_func_map(add, args, 2, &result, 1, NULL)) && out[1] == 4);
  CHECK(good(lb_func_release(add)) && fails(lb_func_map(add, args, 2, &result, 1, NULL), LB_KIND_CLOSED));
}

// What a host function does in the middle of the batch that calls it.
typedef struct wild {
  enum { NESTS, RELEASES, CLOSES, SCRIBBLES, FORKS } does;
  lb_func_t through;
  lb_instance_t instance;
  uint64_t *selection;
  pid_t child;
} wild;

static lb_error_t *run_wild(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                            lb_value_t *results, size_t nresults) {
  wild *it = data;
  (void)context, (void)nargs, (void)nresults;
  results[0] = args[0];
  if (args[0].of.i32 != ROWS / 2) return NULL;
  int32_t few[3] = { 1, 2, 3 };
  const lb_column_t column = LB_COLUMN(LB_TYPE_I32, few, 3);
  const lb_result_column_t out = LB_RESULT_COLUMN(LB_TYPE_I32, few, 3);
  switch (it->does) {
  case NESTS:
    for (int i = 0; i < 200; i++) CHECK(good(lb_func_map(it->through, &column, 1, &out, 1, NULL)) && few[2] == 3);
    return NULL;
  case RELEASES:
    CHECK(good(lb_func_release(it->through)));
    return NULL;
  case CLOSES:
    lb_error_free(lb_instance_close(it->instance));
    return NULL;
  case SCRIBBLES:
    for (int i = 0; i < ROWS; i++) it->selection[i] = UINT64_MAX - (uint64_t)i;
    return NULL;
  case FORKS:
    it->child = fork();
    return NULL;
  }
  return NULL;
}

static void wild_host_functions(int does) {
  static int32_t xs[ROWS], out[ROWS];
  static uint64_t selection[ROWS];
  wild it = { .does = does, .selection = selection, .child = -1 };
  lb_imports_t imports;
  lb_batch_t batch = LB_BATCH;
  CHECK(good(lb_imports_new(&imports)) && good(lb_imports_func(imports, "env", "f", run_wild, &it, NULL)));
  it.instance = instance_of("(module (import \"env\" \"f\" (func $f (param i32) (result i32)))"
                            " (func (export \"through\") (param i32) (result i32) (call $f (local.get 0))))", &imports);
  CHECK(good(lb_instance_func(it.instance, "through", &it.through)));
  for (int i = 0; i < ROWS; i++) xs[i] = i, selection[i] = (uint64_t)i, out[i] = -1;
  const lb_column_t column = LB_COLUMN(LB_TYPE_I32, xs, ROWS);
  const lb_result_column_t result = LB_RESULT_COLUMN(LB_TYPE_I32, out, ROWS);
  batch.selection = selection;
  batch.nselection = ROWS;
  lb_error_t *error = lb_func_map(it.through, &column, 1, &result, 1, does == SCRIBBLES ? &batch : NULL);
  const int done = !error && !memcmp(xs, out, sizeof xs);
  // What of a selection that was written over is seen, nobody says; the process goes on, and so does the instance.
  CHECK(does == SCRIBBLES || does == CLOSES ? out[1] == 1 : done);
  lb_error_free(error);
  if (it.child == 0) _exit(done ? 0 : 1);
  if (it.child > 0) {
    int status = -1;
    CHECK(waitpid(it.child, &status, 0) == it.child && status == 0);
  }
  if (does == SCRIBBLES) CHECK(good(lb_func_map(it.through, &column, 1, &result, 1, NULL)) && !memcmp(xs, out, sizeof xs));
  if (does != RELEASES) CHECK(good(lb_func_release(it.through)));
  if (does != CLOSES) CHECK(good(lb_instance_close(it.instance)));
  CHECK(good(lb_imports_release(imports)));
}

int main(void) {
  for (int does = NESTS; does <= FORKS; does++) wild_host_functions(does);
  calc = instance_of(CALC, NULL);
  columns_and_values();
  other_types();
  rows_of_errors();
  nulls_and_selections();
  misuse();
  CHECK(good(lb_instance_close(calc)));
  return finish();
}
