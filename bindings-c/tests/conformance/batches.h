// Steps about batches.

#ifndef CONFORMANCE_BATCHES_H
#define CONFORMANCE_BATCHES_H

#include "item.h"
#include "value.h"

#define MOST_COLUMNS 8

// A column with its memory.
typedef struct {
  lb_type_t type;
  size_t rows;
  char *data;
} column;

static size_t element_bytes(lb_type_t type) { return type == LB_TYPE_I32 || type == LB_TYPE_F32 ? 4 : 8; }

// Writes an element that is given as the text of a tagged value.
static void put_element(env *e, const column *into, size_t row, const char *tag, const char *text) {
  const node inner = { .kind = 'S', .text = text, .key = tag };
  const node tagged = { .kind = 'O', .count = 1, .first = (node *)&inner };
  const lb_value_t value = value_of(e, &tagged, 0);
  memcpy(into->data + row * element_bytes(into->type), &value.of, element_bytes(into->type));
}

// What a step says of a column.
static column column_of(env *e, const node *said) {
  const char *tag = tree_str(said, "column");
  const node *of = tree_find(said, "of"), *at = tree_find(said, "at");
  column made = { 0 };
  for (lb_type_t type = LB_TYPE_I32; type <= LB_TYPE_F64; type++) {
    if (!strcmp(lb_type_name(type), tag)) made.type = type;
  }
  made.rows = of ? of->count : tree_num(said, "rows", 0);
  made.data = calloc(made.rows + 1, 8);
  size_t row = 0;
  for (const node *one = of ? of->first : NULL; one; one = one->next) put_element(e, &made, row++, tag, one->text);
  for (size_t i = 0; !of && i < made.rows; i++) {
    char text[32];
    snprintf(text, sizeof text, "%lld", (long long)(tree_num(said, "from", 0) + tree_num(said, "step", 0) * i));
    put_element(e, &made, i, tag, text);
  }
  for (const node *one = at ? at->first : NULL; one; one = one->next) {
    put_element(e, &made, (size_t)atoll(one->key), tag, one->text);
  }
  return made;
}

static void check_columns(env *e, const node *expected, const column *found, size_t count) {
  if (!expected) return;
  if (expected->count != count) fail(e, "expected %zu result columns, got %zu", expected->count, count);
  size_t i = 0;
  for (const node *one = expected->first; one && i < count; one = one->next, i++) {
    column wanted = column_of(e, one);
    if (wanted.type != found[i].type || wanted.rows != found[i].rows ||
        memcmp(wanted.data, found[i].data, wanted.rows * element_bytes(wanted.type))) {
      fail(e, "result column %zu is another one", i + 1);
    }
    free(wanted.data);
  }
}

static lb_error_t *do_map(env *e, const node *step) {
  lb_func_t func = find(e, tree_str(step, "object"), LB_SORT_FUNC)->item.of.func;
  column own[MOST_COLUMNS] = { 0 }, found[MOST_COLUMNS] = { 0 };
  lb_value_t values[MOST_COLUMNS];
  lb_column_t args[MOST_COLUMNS];
  lb_result_column_t results[MOST_COLUMNS];
  lb_batch_t batch = LB_BATCH;
  lb_func_type_t type;
  size_t nargs = 0, rows = SIZE_MAX;
  lb_error_t *error = lb_func_type(func, &type);
  if (error) return error;
  for (const node *one = tree_find(step, "args")->first; one; one = one->next, nargs++) {
    if (tree_find(one, "column")) {
      own[nargs] = column_of(e, one);
      args[nargs] = (lb_column_t)LB_COLUMN(own[nargs].type, own[nargs].data, own[nargs].rows);
      if (rows == SIZE_MAX) rows = own[nargs].rows;
    } else {
      values[nargs] = value_of(e, one, 0);
      args[nargs] = (lb_column_t)LB_REPEATED(values[nargs].type, &values[nargs].of);
    }
  }
  if (tree_find(step, "rows")) rows = batch.rows = tree_num(step, "rows", 0);
  // If nothing says how many rows there are, no result column does.
  const size_t nresults = rows == SIZE_MAX ? 0 : type.nresults;
  for (size_t i = 0; i < nresults; i++) {
    found[i] = (column){ type.results[i], rows, calloc(rows + 1, 8) };
    results[i] = (lb_result_column_t)LB_RESULT_COLUMN(type.results[i], found[i].data, rows);
  }
  error = lb_func_map(func, args, nargs, results, nresults, &batch);
  if (!error) check_columns(e, tree_find(step, "results"), found, nresults);
  for (size_t i = 0; i < MOST_COLUMNS; i++) free(own[i].data), free(found[i].data);
  return error;
}

#endif
