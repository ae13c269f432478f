// Host functions that another thread answers for: the guest runs on a thread of the library's, this one answers.

#include <pthread.h>
#include <semaphore.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static const char *const MODULE =
    "(module (import \"env\" \"later\" (func $later (param i32) (result i32)))"
    " (import \"env\" \"ref\" (func $ref (result externref)))"
    " (import \"env\" \"inner\" (func $inner (result i32)))"
    " (func (export \"later\") (param i32) (result i32) (call $later (local.get 0)))"
    " (func (export \"ref\") (result externref) (call $ref))"
    " (func (export \"inner\") (result i32) (call $inner))"
    " (func (export \"twice\") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2))))";

static sem_t lent;
static lb_loan_t loan, nested;
static int32_t asked;

// Lends, lets the other thread know and waits. The test releases the loan.
static lb_error_t *later(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                         lb_value_t *results, size_t nresults) {
  (void)data;
  if (nargs) asked = args[0].of.i32;
  CHECK(good(lb_context_lend(context, &loan)));
  CHECK(lb_loan_is_open(loan));
  sem_post(&lent);
  lb_error_t *error = lb_loan_wait(loan, results, nresults);
  CHECK(!lb_loan_is_open(loan));
  CHECK(fails(lb_loan_wait(loan, results, nresults), LB_KIND_CLOSED));
  return error;
}

static void job(void *data) {
  lb_value_t result[1] = { LB_I32(5) };
  *(pthread_t *)data = pthread_self();
  CHECK(good(lb_loan_answer(nested, result, 1)));
}

static pthread_t ran_on;

// Called by a thread that works for another one, which is reached.
static lb_error_t *inner(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                         lb_value_t *results, size_t nresults) {
  (void)data, (void)args, (void)nargs;
  bool reached = false;
  CHECK(lb_thread_is_serving());
  CHECK(good(lb_context_lend(context, &nested)));
  CHECK(fails(lb_loan_reach(nested, NULL, NULL, &reached), LB_KIND_TYPE) && !reached);
  CHECK(good(lb_loan_reach(nested, job, &ran_on, &reached)) && reached);
  lb_error_t *error = lb_loan_wait(nested, results, nresults);
  CHECK(good(lb_loan_release(nested)));
  return error;
}

static lb_instance_t guest;

static void make(uint64_t timeout_ms) {
  lb_imports_t imports;
  lb_sandbox_t sandbox = LB_SANDBOX;
  lb_limits_t limits = LB_LIMITS;
  limits.timeout_ms = timeout_ms;
  sandbox.limits = &limits;
  CHECK(good(lb_imports_new(&imports)));
  CHECK(good(lb_imports_func(imports, "env", "later", later, NULL, NULL)));
  CHECK(good(lb_imports_func(imports, "env", "ref", later, NULL, NULL)));
  CHECK(good(lb_imports_func(imports, "env", "inner", inner, NULL, NULL)));
  lb_module_t module = module_of(MODULE);
  CHECK(good(lb_instance_new_with(module, &imports, &sandbox, &guest)));
  CHECK(good(lb_imports_release(imports)));
  CHECK(good(lb_module_release(module)));
}

// Starts a call of which the host function waits when this returns.
static lb_call_t asks(const char *name, int32_t arg) {
  lb_call_t call;
  lb_value_t args[1] = { LB_I32(arg) };
  size_t nargs = !strcmp(name, "later");
  CHECK(good(lb_instance_call_async(guest, name, args, nargs, &call, NULL, NULL)));
  sem_wait(&lent);
  return call;
}

// Whether the call gave this number.
static int gives(lb_call_t call, int32_t number) {
  lb_value_t result[1];
  int is = good(lb_call_wait(call, result, 1)) && result[0].of.i32 == number;
  return good(lb_call_release(call)) && good(lb_loan_release(loan)) && is;
}

static int fails_with(lb_call_t call, lb_kind_t kind) {
  lb_value_t result[1];
  int does = fails(lb_call_wait(call, result, 1), kind);
  return good(lb_call_release(call)) && does;
}

static lb_error_t *answer(int32_t number) {
  lb_value_t result[1] = { LB_I32(number) };
  return lb_loan_answer(loan, result, 1);
}

static void another_thread_answers(void) {
  make(0);
  lb_call_t call = asks("later", 6);
  CHECK(asked == 6 && !lb_call_is_done(call));
  CHECK(good(answer(7)));
  CHECK(fails(answer(8), LB_KIND_CLOSED));
  CHECK(gives(call, 7));
  CHECK(fails(answer(9), LB_KIND_CLOSED));

  int object;
  lb_value_t given, result[1];
  lb_externref_t ref;
  CHECK(good(lb_externref_new(&object, NULL, &ref)));
  call = asks("ref", 0);
  given = lb_externref(ref);
  CHECK(good(lb_loan_answer(loan, &given, 1)));
  CHECK(good(lb_externref_release(ref)));
  CHECK(good(lb_call_wait(call, result, 1)) && result[0].type == LB_TYPE_EXTERNREF);
  void *data = NULL;
  CHECK(good(lb_externref_data(result[0].of.externref, NULL, &data)) && data == &object);
  CHECK(good(lb_value_release(&result[0])));
  CHECK(good(lb_call_release(call)) && good(lb_loan_release(loan)));
  CHECK(good(lb_instance_close(guest)));
}

static void answers_that_do_not_fit(void) {
  make(0);
  lb_value_t wrong[2] = { LB_F64(1), LB_I32(2) }, none = { 99, { 0 } };
  lb_call_t call = asks("later", 1);
  CHECK(fails(lb_loan_answer(loan, &none, 1), LB_KIND_TYPE));
  CHECK(fails(lb_loan_answer(loan, NULL, 1), LB_KIND_TYPE));
  CHECK(fails(lb_loan_fail(loan, NULL), LB_KIND_TYPE));
  CHECK(lb_loan_is_open(loan));
  CHECK(good(lb_loan_answer(loan, wrong, 1)));
  CHECK(fails_with(call, LB_KIND_TYPE));
  CHECK(good(lb_loan_release(loan)));
  call = asks("later", 1);
  CHECK(good(lb_loan_answer(loan, wrong, 2)));
  lb_value_t result[1];
  lb_error_t *error = lb_call_wait(call, result, 1);
  CHECK(strstr(lb_error_message(error), "results of env.later: expected 1, got 2"));
  CHECK(fails(error, LB_KIND_TYPE));
  CHECK(good(lb_call_release(call)) && good(lb_loan_release(loan)));
  int mine;
  call = asks("later", 1);
  CHECK(good(lb_loan_fail(loan, lb_error_host("boom", &mine, NULL))));
  CHECK(fails(lb_loan_fail(loan, lb_error_host("again", &mine, NULL)), LB_KIND_CLOSED));
  error = lb_call_wait(call, result, 1);
  CHECK(lb_error_host_exception(error) == &mine && !strcmp(lb_error_message(error), "boom"));
  CHECK(lb_error_frame_count(error) == 1 && fails(error, LB_KIND_HOST));
  CHECK(good(lb_call_release(call)) && good(lb_loan_release(loan)));
  CHECK(good(lb_instance_close(guest)));
}

static void calls_that_are_over(void) {
  make(50);
  CHECK(fails_with(asks("later", 1), LB_KIND_TIMEOUT));
  CHECK(fails(answer(1), LB_KIND_CLOSED) && !lb_loan_is_open(loan));
  CHECK(good(lb_loan_release(loan)));
  CHECK(good(lb_instance_close(guest)));

  make(0);
  lb_call_t call = asks("later", 1);
  CHECK(good(lb_call_cancel(call)));
  CHECK(fails_with(call, LB_KIND_CANCELLED));
  CHECK(fails(answer(1), LB_KIND_CLOSED));
  CHECK(good(lb_loan_release(loan)));
  CHECK(good(lb_instance_close(guest)));

  make(0);
  call = asks("later", 1);
  CHECK(good(lb_instance_close(guest)));
  CHECK(fails_with(call, LB_KIND_CLOSED));
  CHECK(fails(answer(1), LB_KIND_CLOSED));
  CHECK(good(lb_loan_release(loan)));
  CHECK(fails(answer(1), LB_KIND_CLOSED));
  CHECK(fails(lb_loan_release(loan), LB_KIND_CLOSED));
}

static void other_threads_use_the_store(void) {
  make(0);
  lb_value_t arg[1] = { LB_I32(21) }, result[1];
  lb_call_t call = asks("later", 1);
  CHECK(fails(lb_loan_wait(loan, result, 1), LB_KIND_UNSUPPORTED));
  CHECK(!lb_thread_is_serving());
  CHECK(good(lb_loan_leave(loan)));
  CHECK(good(lb_loan_enter(loan)));
  CHECK(good(lb_instance_call(guest, "twice", arg, 1, result, 1)) && result[0].of.i32 == 42);
  CHECK(good(lb_instance_call(guest, "inner", NULL, 0, result, 1)) && result[0].of.i32 == 5);
  CHECK(pthread_equal(ran_on, pthread_self()));
  CHECK(good(lb_loan_leave(loan)));
  CHECK(good(answer(3)));
  CHECK(gives(call, 3));
  CHECK(good(lb_instance_close(guest)));
}

static void a_forked_child_answers_nobody(void) {
  make(0);
  lb_call_t call = asks("later", 1);
  pid_t child = fork();
  if (!child) {
    lb_value_t result[1];
    int is_told = fails(answer(1), LB_KIND_CLOSED) && !lb_loan_is_open(loan) &&
                  fails(lb_loan_fail(loan, lb_error_new(LB_KIND_HOST, "no")), LB_KIND_CLOSED) &&
                  fails(lb_loan_wait(loan, result, 1), LB_KIND_UNSUPPORTED) && good(lb_loan_enter(loan)) &&
                  fails(lb_instance_call(guest, "inner", NULL, 0, result, 1), LB_KIND_POISONED) &&
                  good(lb_loan_leave(loan)) && good(lb_loan_release(loan));
    _exit(is_told ? 0 : 1);
  }
  int status;
  CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
  CHECK(good(answer(4)));
  CHECK(gives(call, 4));
  CHECK(good(lb_instance_close(guest)));
}

static void misuse(void) {
  lb_loan_t none = { 0 }, forged = { 12345678901 };
  lb_value_t result[1] = { LB_I32(1) };
  bool reached = true;
  CHECK(fails(lb_context_lend(NULL, &none), LB_KIND_TYPE) && !none.id);
  CHECK(fails(lb_loan_wait(none, result, 1), LB_KIND_TYPE));
  CHECK(fails(lb_loan_answer(forged, result, 1), LB_KIND_TYPE));
  CHECK(fails(lb_loan_fail(forged, lb_error_new(LB_KIND_HOST, "no")), LB_KIND_TYPE));
  CHECK(fails(lb_loan_enter(none), LB_KIND_TYPE) && fails(lb_loan_leave(none), LB_KIND_TYPE));
  CHECK(fails(lb_loan_reach(none, job, NULL, &reached), LB_KIND_TYPE) && !reached);
  CHECK(!lb_loan_is_open(none) && !lb_loan_is_open(forged) && !lb_thread_is_serving());
  make(0);
  CHECK(fails(lb_loan_answer((lb_loan_t){ guest.id }, result, 1), LB_KIND_TYPE));
  CHECK(good(lb_instance_close(guest)));
}

int main(void) {
  sem_init(&lent, 0, 0);
  another_thread_answers();
  answers_that_do_not_fit();
  calls_that_are_over();
  other_threads_use_the_store();
  a_forked_child_answers_nobody();
  misuse();
  return finish();
}
