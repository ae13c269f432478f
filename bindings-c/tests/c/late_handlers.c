// Handlers of signals that a program installs after the engine's, and those that it takes away again.

#include <setjmp.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static const char *const MODULE =
    "(module (memory 1) (func (export \"load\") (result i32) (i32.load (i32.const 0x7fffffff)))"
    " (func (export \"div\") (result i32) (i32.div_s (i32.const 6) (i32.const 0)))"
    " (func (export \"one\") (result i32) (i32.const 1)))";

static lb_instance_t guest;

// A call after idle time, at which the library looks who stands before its handlers.
static void let_it_look(void) {
  lb_value_t one[1];
  usleep(5000);  // sleeps: so that time has passed
  for (int i = 0; i < 2; i++) {
    CHECK(good(lb_instance_call(guest, "one", NULL, 0, one, 1)));
    usleep(5000);  // sleeps: so that time has passed
  }
}

static lb_trap_t trap(const char *name) {
  lb_value_t result[1];
  lb_error_t *error = lb_instance_call(guest, name, NULL, 0, result, 1);
  lb_trap_t code = lb_error_trap_code(error);
  lb_error_free(error);
  return code;
}

static int traps(void) {
  return trap("load") == LB_TRAP_MEMORY_OUT_OF_BOUNDS && trap("div") == LB_TRAP_INTEGER_DIVISION_BY_ZERO;
}

// Read anew each time, so that the compiler does not know that it leads nowhere.
static volatile int *volatile nowhere = (volatile int *)8;

static void fault(void) { *nowhere = 1; }

static void install(int number, void (*handler)(int, siginfo_t *, void *), int flags, struct sigaction *former) {
  struct sigaction action = { 0 };
  action.sa_sigaction = handler;
  action.sa_flags = SA_SIGINFO | flags;
  sigemptyset(&action.sa_mask);
  sigaddset(&action.sa_mask, SIGUSR2);
  CHECK(!sigaction(number, &action, former));
}

// What a program in a process of its own wrote to `pipe`, and the status it ended with.
static char said[1 << 16];
static int out;

static int run(void (*program)(void)) {
  int ends[2], status = 0;
  CHECK(!pipe(ends));
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) {
    alarm(20);
    out = ends[1];
    program();
    fflush(stdout);
    _exit(checks_failed != 0);
  }
  close(ends[1]);
  size_t length = 0;
  for (ssize_t more; length < sizeof said - 1 && (more = read(ends[0], said + length, sizeof said - 1 - length)) > 0;)
    length += (size_t)more;
  said[length] = 0;
  close(ends[0]);
  CHECK(waitpid(child, &status, 0) == child);
  return status;
}

static void say(const char *text) {
  ssize_t written = write(out, text, strlen(text));
  if (written < 0) _exit(3);
}

static int ended_well(int status) { return WIFEXITED(status) && WEXITSTATUS(status) == 0; }
static int ended_by(int status, int number) { return WIFSIGNALED(status) && WTERMSIG(status) == number; }

// A handler that leaves by a jump, as those do that probe memory.

static sigjmp_buf back;

static void jump(int number, siginfo_t *info, void *context) {
  (void)number, (void)info, (void)context;
  siglongjmp(back, 1);
}

static int readable(const volatile char *at) {
  if (sigsetjmp(back, 1)) return 0;
  (void)*at;
  return 1;
}

static void probe(void) {
  char here = 1;
  install(SIGSEGV, jump, 0, NULL);
  for (int i = 0; i < 20; i++) {
    let_it_look();
    CHECK(traps());
    CHECK(readable(&here) && !readable((const volatile char *)nowhere));
  }
}

// Handlers that hand on to those they found.

static struct sigaction former[3];

static void hand_on(int which, const char *name, int number, siginfo_t *info, void *context) {
  say(name);
  const struct sigaction *next = &former[which];
  if (next->sa_flags & SA_SIGINFO) next->sa_sigaction(number, info, context);
  else if (next->sa_handler == SIG_DFL) signal(number, SIG_DFL);
  else next->sa_handler(number);
}

static void first(int n, siginfo_t *i, void *c) { hand_on(0, "first ", n, i, c); }
static void second(int n, siginfo_t *i, void *c) { hand_on(1, "second ", n, i, c); }
static void third(int n, siginfo_t *i, void *c) { hand_on(2, "third ", n, i, c); }

static void chain(void) {
  install(SIGSEGV, first, SA_ONSTACK, &former[0]);
  let_it_look();
  // Two at once: the library sees the last of them only.
  install(SIGSEGV, second, SA_ONSTACK, &former[1]);
  install(SIGSEGV, third, SA_ONSTACK, &former[2]);
  let_it_look();
  CHECK(traps());
  fault();
}

// One of them goes again.
static void shorter_chain(void) {
  install(SIGSEGV, first, 0, &former[0]);
  let_it_look();
  install(SIGSEGV, second, 0, &former[1]);
  let_it_look();
  CHECK(!sigaction(SIGSEGV, &former[1], NULL));
  let_it_look();
  CHECK(traps());
  fault();
}

static void come_and_go(void) {
  for (int i = 0; i < 100; i++) {
    install(SIGSEGV, first, 0, &former[0]);
    if (i % 2) let_it_look();
    CHECK(!sigaction(SIGSEGV, &former[0], NULL));
    if (i % 3 == 0) let_it_look();
    CHECK(traps());
  }
  install(SIGSEGV, second, 0, &former[1]);
  let_it_look();
  fault();
}

// More than there are levels: nobody is called twice.

#define MANY 24
static struct sigaction found[MANY];
static int calls[MANY];

static void hand_down(int which, int number, siginfo_t *info, void *context) {
  if (calls[which]++) _exit(9);
  if (which == 0) siglongjmp(back, 1);
  found[which].sa_sigaction(number, info, context);
}

#define LATE(K) static void late##K(int n, siginfo_t *i, void *c) { hand_down(K, n, i, c); }
LATE(0) LATE(1) LATE(2) LATE(3) LATE(4) LATE(5) LATE(6) LATE(7) LATE(8) LATE(9) LATE(10) LATE(11)
LATE(12) LATE(13) LATE(14) LATE(15) LATE(16) LATE(17) LATE(18) LATE(19) LATE(20) LATE(21) LATE(22) LATE(23)
static void (*const LATE_ONES[MANY])(int, siginfo_t *, void *) = {
  late0, late1, late2, late3, late4, late5, late6, late7, late8, late9, late10, late11,
  late12, late13, late14, late15, late16, late17, late18, late19, late20, late21, late22, late23,
};

static void long_chain(void) {
  for (int i = 0; i < MANY; i++) {
    install(SIGSEGV, LATE_ONES[i], SA_ONSTACK, &found[i]);
    let_it_look();
  }
  CHECK(!readable((const volatile char *)8));
  for (int i = 0; i < MANY; i++) CHECK(calls[i] == 1);
}

// Somebody puts back what was there before the engine.
static void put_back(void) {
  const int numbers[] = { SIGSEGV, SIGFPE, SIGILL };
  for (int i = 0; i < 10; i++) {
    for (int n = 0; n < 3; n++) CHECK(signal(numbers[n], SIG_DFL) != SIG_ERR);
    let_it_look();
    CHECK(traps());
  }
  say("traps ");
  fault();
}

static void send(void) {
  CHECK(signal(SIGSEGV, SIG_IGN) != SIG_ERR);
  let_it_look();
  raise(SIGSEGV);
  say("ignored ");
  CHECK(signal(SIGSEGV, SIG_DFL) != SIG_ERR);
  let_it_look();
  CHECK(traps());
  raise(SIGSEGV);
  say("alive ");
}

// What the flags and the mask of a handler ask for.

static volatile sig_atomic_t masked;

static void look_at_mask(int number, siginfo_t *info, void *context) {
  (void)number, (void)info, (void)context;
  sigset_t now;
  sigprocmask(SIG_BLOCK, NULL, &now);
  masked = sigismember(&now, SIGUSR2) == 1;
  say("once ");
  siglongjmp(back, 1);
}

static void once(void) {
  install(SIGSEGV, look_at_mask, SA_RESETHAND, NULL);
  let_it_look();
  CHECK(traps());
  CHECK(!readable((const volatile char *)nowhere) && masked);
  CHECK(traps());
  fault();
}

// It says so, and raises the signal again to end the process.
static void report(int number, siginfo_t *info, void *context) {
  (void)info, (void)context;
  say("report ");
  raise(number);
}

static void end_by_raise(void) {
  install(SIGSEGV, report, 0, NULL);
  let_it_look();
  CHECK(traps());
  fault();
}

// It faults itself, until its stack is full.
static void worse(int number, siginfo_t *info, void *context) {
  (void)number, (void)info, (void)context;
  say("worse ");
  fault();
}

static void end_by_fault(void) {
  install(SIGSEGV, worse, 0, NULL);
  let_it_look();
  CHECK(traps());
  fault();
}

int main(void) {
  guest = instance_of(MODULE, NULL);
  CHECK(traps());
  CHECK(ended_well(run(probe)));
  CHECK(ended_by(run(chain), SIGSEGV) && !strcmp(said, "third second first "));
  CHECK(ended_by(run(shorter_chain), SIGSEGV) && !strcmp(said, "first "));
  CHECK(ended_by(run(come_and_go), SIGSEGV) && !strcmp(said, "second "));
  CHECK(ended_well(run(long_chain)));
  CHECK(ended_by(run(put_back), SIGSEGV) && !strcmp(said, "traps "));
  CHECK(ended_by(run(send), SIGSEGV) && !strcmp(said, "ignored "));
  CHECK(ended_by(run(once), SIGSEGV) && !strcmp(said, "once "));
  CHECK(ended_by(run(end_by_raise), SIGSEGV) && !strcmp(said, "report "));
  CHECK(ended_by(run(end_by_fault), SIGSEGV) && !strncmp(said, "worse ", 6));
  CHECK(traps());
  return finish();
}
