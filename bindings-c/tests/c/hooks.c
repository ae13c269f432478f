// What a host does in its own way: waiting, ticks, and hooks that do what they should not.

#include <pthread.h>
#include <semaphore.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static const char *const MODULE =
    "(module (import \"env\" \"rest\" (func $rest))"
    " (import \"env\" \"later\" (func $later (result i32)))"
    " (func (export \"rest\") (call $rest))"
    " (func (export \"later\") (result i32) (call $later))"
    " (func (export \"one\") (result i32) (i32.const 1))"
    " (func (export \"spin\") (loop $l (br $l))))";

typedef enum { WAITS, WAITS_TWICE, IS_LAZY, REFUSES, REFUSES_LATE, GIVES_UP } way;

static way waits;
static int asked_to_wait, looked, asked_guest, blocked, counted_coroutines;
static uint32_t end_at;
static lb_instance_t guest, other;
static sem_t inside, leave;

// A thread that is asked how to wait would stand behind itself.
static void calls_back(void) {
  lb_value_t result[1];
  CHECK(fails(lb_instance_call(guest, "one", NULL, 0, result, 1), LB_KIND_BUSY));
  CHECK(good(lb_instance_call(other, "one", NULL, 0, result, 1)) && result[0].of.i32 == 1);
}

static lb_error_t *wait_hook(void *data) {
  CHECK(data == &waits);
  asked_to_wait++;
  calls_back();
  if (waits == IS_LAZY) return NULL;
  if (waits == REFUSES) return lb_error_new(LB_KIND_BUSY, "this thread never waits");
  if (waits != GIVES_UP) sem_post(&leave);
  CHECK(good(lb_host_wait()));
  if (waits == WAITS_TWICE) CHECK(good(lb_host_wait()));
  return waits == REFUSES_LATE ? lb_error_new(LB_KIND_BUSY, "too late") : NULL;
}

static lb_error_t *waiting_hook(void *data) {
  (void)data;
  looked++;
  CHECK(fails(lb_host_wait(), LB_KIND_UNSUPPORTED));
  if (waits != GIVES_UP) return NULL;
  calls_back();
  return lb_error_new(LB_KIND_CANCELLED, "the thread is stopping");
}

static void wait_for_guest_hook(void *data) {
  (void)data;
  asked_guest++;
  CHECK(good(lb_host_wait()));
}

static void block_hook(void *data) {
  (void)data;
  blocked++;
}

// Calls back, and ends a loop with an error of its own.
static lb_error_t *tick_hook(void *data, uint32_t ticks) {
  lb_value_t result[1];
  CHECK(ticks > 0);
  if (!end_at || ticks < end_at) return NULL;
  CHECK(fails(lb_instance_call(guest, "one", NULL, 0, result, 1), LB_KIND_BUSY));
  CHECK(good(lb_instance_call(other, "one", NULL, 0, result, 1)) && result[0].of.i32 == 1);
  return lb_error_host("Ctrl-C", data, NULL);
}

static size_t coroutine_hook(void *data) {
  (void)data;
  __atomic_add_fetch(&counted_coroutines, 1, __ATOMIC_RELAXED);
  return 0;
}

static lb_host_t hooks(void) {
  lb_host_t host = LB_HOST;
  host.data = &waits;
  host.wait = wait_hook;
  host.waiting = waiting_hook;
  host.wait_for_guest = wait_for_guest_hook;
  host.block = block_hook;
  host.tick = tick_hook;
  host.coroutine = coroutine_hook;
  return host;
}

static lb_error_t *rest(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                        lb_value_t *results, size_t nresults) {
  (void)data, (void)context, (void)args, (void)nargs, (void)results, (void)nresults;
  sem_post(&inside);
  sem_wait(&leave);
  return NULL;
}

static lb_loan_t loan;

static lb_error_t *later(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                         lb_value_t *results, size_t nresults) {
  (void)data, (void)args, (void)nargs;
  CHECK(good(lb_context_lend(context, &loan)));
  sem_post(&inside);
  return lb_loan_wait(loan, results, nresults);
}

static lb_instance_t make(void) {
  lb_imports_t imports;
  CHECK(good(lb_imports_new(&imports)));
  CHECK(good(lb_imports_func(imports, "env", "rest", rest, NULL, NULL)));
  CHECK(good(lb_imports_func(imports, "env", "later", later, NULL, NULL)));
  lb_instance_t made = instance_of(MODULE, &imports);
  CHECK(good(lb_imports_release(imports)));
  return made;
}

static void *rests(void *data) {
  (void)data;
  CHECK(good(lb_instance_call(guest, "rest", NULL, 0, NULL, 0)));
  return NULL;
}

// A call while another thread is inside, which leaves when the hook waits, or else afterwards.
static lb_error_t *meets(way how) {
  pthread_t thread;
  lb_value_t result[1] = { LB_I32(0) };
  waits = how;
  CHECK(!pthread_create(&thread, NULL, rests, NULL));
  sem_wait(&inside);
  lb_error_t *error = lb_instance_call(guest, "one", NULL, 0, result, 1);
  CHECK(error || result[0].of.i32 == 1);
  if (how == IS_LAZY || how == REFUSES || how == GIVES_UP) sem_post(&leave);
  pthread_join(thread, NULL);
  CHECK(good(lb_instance_call(guest, "one", NULL, 0, result, 1)));
  return error;
}

static void waiting_is_the_hosts_affair(void) {
  CHECK(good(meets(WAITS)) && asked_to_wait == 1);
  CHECK(good(meets(WAITS_TWICE)));
  CHECK(fails(meets(IS_LAZY), LB_KIND_INTERNAL));
  CHECK(fails(meets(REFUSES), LB_KIND_BUSY));
  CHECK(fails(meets(REFUSES_LATE), LB_KIND_BUSY));
  looked = 0;
  CHECK(fails(meets(GIVES_UP), LB_KIND_CANCELLED) && looked == 1);
  CHECK(asked_to_wait == 6);
}

// Its place in the line is booked: who waited in its hook would wait for itself.
static void asynchronous_calls_wait_so_too(void) {
  pthread_t thread;
  lb_call_t call;
  lb_value_t result[1] = { LB_I32(0) };
  waits = WAITS;
  asked_to_wait = 0;
  CHECK(!pthread_create(&thread, NULL, rests, NULL));
  sem_wait(&inside);
  CHECK(good(lb_instance_call_async(guest, "one", NULL, 0, &call, NULL, NULL)));
  CHECK(good(lb_call_wait(call, result, 1)) && result[0].of.i32 == 1 && asked_to_wait == 1);
  CHECK(good(lb_call_release(call)));
  pthread_join(thread, NULL);
}

static void a_tick_ends_a_loop(void) {
  end_at = 3;
  lb_error_t *error = lb_instance_call(guest, "spin", NULL, 0, NULL, 0);
  end_at = 0;
  CHECK(lb_error_host_exception(error) == &waits && !strcmp(lb_error_message(error), "Ctrl-C"));
  CHECK(fails(error, LB_KIND_HOST));
  CHECK(fails(lb_instance_call(guest, "spin", NULL, 0, NULL, 0), LB_KIND_POISONED));
}

static void guests_are_waited_for(bool is_hooked) {
  lb_call_t call;
  lb_value_t result[1] = { LB_I32(6) };
  waits = WAITS;
  asked_guest = blocked = 0;
  CHECK(good(lb_instance_call_async(guest, "later", NULL, 0, &call, NULL, NULL)));
  sem_wait(&inside);
  CHECK(good(lb_loan_enter(loan)));
  CHECK(good(lb_instance_call(guest, "one", NULL, 0, result, 1)) && result[0].of.i32 == 1);
  CHECK(good(lb_loan_leave(loan)));
  CHECK(good(lb_loan_answer(loan, result, 1)));
  CHECK(good(lb_call_wait(call, result, 1)) && result[0].of.i32 == 1);
  CHECK(good(lb_call_release(call)) && good(lb_loan_release(loan)));
  CHECK((asked_guest > 0) == is_hooked && (blocked > 0) == is_hooked && (counted_coroutines > 0) == is_hooked);
}

// What `what` checks in a child, which has what the parent has.
static void in_a_child(void (*what)(void)) {
  pid_t child = fork();
  if (!child) {
    size_t before = checks_failed;
    what();
    fflush(stdout);
    _exit(checks_failed != before);
  }
  int status;
  CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

// Hooks that are NULL change nothing.
static void without_hooks(void) {
  lb_host_t host = LB_HOST;
  CHECK(good(lb_host_install(&host)));
  guest = make();
  sem_post(&leave);
  CHECK(good(meets(WAITS)) && !asked_to_wait);
  guests_are_waited_for(false);
}

static void misuse(void) {
  lb_host_t host = LB_HOST;
  CHECK(fails(lb_host_wait(), LB_KIND_UNSUPPORTED));
  CHECK(fails(lb_host_install(NULL), LB_KIND_TYPE));
  host.size = sizeof host - 1;
  CHECK(fails(lb_host_install(&host), LB_KIND_UNSUPPORTED));
}

int main(void) {
  sem_init(&inside, 0, 0);
  sem_init(&leave, 0, 0);
  misuse();
  in_a_child(without_hooks);
  lb_host_t host = hooks();
  CHECK(good(lb_host_install(&host)));
  CHECK(fails(lb_host_install(&host), LB_KIND_UNSUPPORTED));
  guest = make();
  other = make();
  waiting_is_the_hosts_affair();
  asynchronous_calls_wait_so_too();
  guests_are_waited_for(true);
  in_a_child(a_tick_ends_a_loop);
  a_tick_ends_a_loop();
  CHECK(good(lb_instance_close(guest)));
  CHECK(good(lb_instance_close(other)));
  return finish();
}
