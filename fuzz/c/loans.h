// Host functions that another thread answers for.

#ifndef LOANS_H
#define LOANS_H

#include "values.h"

static void on_this_thread(void);
static lb_error_t *any_error(void);

#define ANSWERS (HANDLE | KIND(RANGE))

// Results up to which one answers later.
enum { LATER = 8 };

// What the answering thread gets: the loan, and the store that the guest runs in.
typedef struct {
  lb_loan_t loan;
  lb_store_t store;
  lb_value_t results[LATER];
  size_t count;
} question;

static atomic_int answering;

// Uses the guest's store, and no other: nothing would tell a circle of guests that wait for answers from each other.
static void use_lent_store(question *it) {
  lb_usage_t usage = LB_USAGE;
  if (!TRY(HANDLE, lb_loan_enter(it->loan))) return;
  for (uint64_t left = below(4); left; left--) {
    if (one_in(2)) TRY(TURN, lb_store_usage(it->store, &usage));
    else TRY(TURN, lb_store_gc(it->store));
  }
  // Whoever released it has left it to the end of this thread.
  TRY(HANDLE, lb_loan_leave(it->loan));
}

static void *answerer(void *data) {
  question *it = data;
  on_this_thread();
  if (one_in(2)) use_lent_store(it);
  if (one_in(8)) TRY(ANSWERS, lb_loan_fail(it->loan, any_error()));
  if (one_in(16)) TRY(ANSWERS, lb_loan_answer(it->loan, it->results, below(LATER)));
  for (int i = 0; i < 2; i++) {
    if (one_in(4)) lb_loan_is_open(it->loan);
    TRY(ANSWERS, lb_loan_answer(it->loan, it->results, it->count));
  }
  // If these were no values, the guest still waits.
  TRY(ANSWERS, lb_loan_fail(it->loan, lb_error_new(LB_KIND_HOST, "no answer")));
  TRY(HANDLE, lb_store_release(it->store));
  free(it);
  atomic_fetch_sub(&answering, 1);
  return NULL;
}

static lb_error_t *answered_later(const lb_context_t *context, lb_value_t *results, size_t nresults) {
  pthread_t thread;
  lb_loan_t loan;
  question *it = calloc(1, sizeof *it);
  if (nresults > LATER || !TRY(HANDLE | KIND(LIMIT), lb_context_lend(context, &loan))) {
    free(it);
    return lb_error_new(LB_KIND_HOST, "nothing is lent");
  }
  it->loan = loan;
  it->count = nresults;
  for (size_t i = 0; i < nresults; i++) it->results[i] = value_of(results[i].type);
  TRY(HANDLE | KIND(LIMIT), lb_context_store(context, &it->store));
  atomic_fetch_add(&answering, 1);
  if (pthread_create(&thread, NULL, answerer, it)) found("no thread");
  pthread_detach(thread);
  lb_error_t *error = lb_loan_wait(loan, results, nresults);
  if (error) {
    for (size_t i = 0; i < nresults; i++) results[i] = (lb_value_t){ results[i].type, { 0 } };
  }
  keep(LOAN, loan.id);
  return error;
}

static void job_run(void *data) {
  on_this_thread();
  atomic_fetch_add((atomic_int *)data, 1);
}

// What whoever has the number of a loan may do with it.
static void loan_use(void) {
  static atomic_int jobs;
  lb_loan_t loan = PICK(lb_loan_t, LOAN);
  lb_value_t result[1] = { value_of(LB_TYPE_I32) };
  bool reached = false;
  switch (below(8)) {
    case 0: TRY(ANSWERS, lb_loan_answer(loan, result, 1)); break;
    case 1: TRY(ANSWERS, lb_loan_fail(loan, one_in(4) ? NULL : any_error())); break;
    case 2: lb_loan_is_open(loan); break;
    case 3: TRY(RUNS, lb_loan_wait(loan, result, 1)); break;
    case 4: TRY(HANDLE, lb_loan_leave(loan)); break;
    case 5:
      if (TRY(HANDLE, lb_loan_enter(loan))) TRY(HANDLE, lb_loan_leave(loan));
      break;
    default:
      if (TRY(HANDLE, lb_loan_reach(loan, one_in(8) ? NULL : job_run, &jobs, &reached)) && reached && !lb_thread_is_serving())
        found("a thread was reached that nobody serves");
  }
}

#endif
