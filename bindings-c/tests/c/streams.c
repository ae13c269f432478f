// Streams: a guest that writes where nobody reads ends with its call, and never ends its host by SIGPIPE.

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

enum { PIPE_ERROR = 64 };

static const char *const GUEST =
    "(module (import \"wasi_snapshot_preview1\" \"fd_write\" (func $write (param i32 i32 i32 i32) (result i32)))"
    " (memory (export \"memory\") 1) (data (i32.const 0) \"\\10\\00\\00\\00\\00\\20\\00\\00\")"
    " (func $print (export \"print\") (param $fd i32) (result i32)"
    "  (call $write (local.get $fd) (i32.const 0) (i32.const 1) (i32.const 8)))"
    " (func (export \"flood\") (param $fd i32) (result i32) (local $error i32)"
    "  (loop $again (br_if $again (i32.eqz (local.tee $error (call $print (local.get $fd))))))"
    "  (local.get $error)))";

static lb_instance_t guest_with(uint64_t timeout_ms) {
  lb_sandbox_t sandbox = LB_SANDBOX;
  lb_limits_t limits = LB_LIMITS;
  lb_instance_t guest;
  lb_module_t module = module_of(GUEST);
  limits.timeout_ms = timeout_ms;
  sandbox.limits = &limits;
  sandbox.out.to = sandbox.err.to = LB_STREAM_INHERIT;
  CHECK(good(lb_instance_new_with(module, NULL, &sandbox, &guest)));
  CHECK(good(lb_module_release(module)));
  return guest;
}

static lb_error_t *call(lb_instance_t guest, const char *name, int fd, int *result) {
  lb_value_t args[1] = { LB_I32(fd) }, results[1];
  lb_error_t *error = lb_instance_call(guest, name, args, 1, results, 1);
  *result = error ? -1 : results[0].of.i32;
  return error;
}

// Puts a pipe in the place of stdout or stderr; the former one comes back with `restore`.
static int replace(int fd, int writer) {
  const int kept = dup(fd);
  fflush(NULL);
  CHECK(kept >= 0 && dup2(writer, fd) == fd);
  return kept;
}

static void restore(int fd, int kept) {
  dup2(kept, fd);
  close(kept);
}

static void a_reader_that_left(int fd, bool does_block) {
  int ends[2], result, again;
  CHECK(!pipe(ends) && !close(ends[0]));
  if (!does_block) CHECK(!fcntl(ends[1], F_SETFL, O_NONBLOCK));
  lb_instance_t guest = guest_with(0);
  const int kept = replace(fd, ends[1]);
  lb_error_t *error = call(guest, "print", fd, &result);
  lb_error_t *flooded = call(guest, "flood", fd, &again);
  restore(fd, kept);
  CHECK(good(error) && result == PIPE_ERROR);
  CHECK(good(flooded) && again == PIPE_ERROR);
  CHECK(good(lb_instance_close(guest)) && !close(ends[1]));
}

static void a_reader_that_stopped(int fd, bool does_block) {
  int ends[2], result;
  CHECK(!pipe(ends));
  if (!does_block) CHECK(!fcntl(ends[1], F_SETFL, O_NONBLOCK));
  lb_instance_t guest = guest_with(100);
  const int kept = replace(fd, ends[1]);
  lb_error_t *error = call(guest, "flood", fd, &result);
  const int flags = fcntl(ends[1], F_GETFL);
  restore(fd, kept);
  CHECK(fails(error, LB_KIND_TIMEOUT));
  CHECK(!(flags & O_NONBLOCK) == does_block);
  CHECK(good(lb_instance_close(guest)) && !close(ends[0]) && !close(ends[1]));
}

static void *cancel(void *store) {
  usleep(100000);  // sleeps: the write waits by now, which nothing tells
  return lb_store_cancel(*(lb_store_t *)store);
}

static void a_cancelled_write(void) {
  int ends[2], result;
  void *cancelled;
  pthread_t thread;
  lb_store_t store;
  CHECK(!pipe(ends));
  lb_instance_t guest = guest_with(0);
  CHECK(good(lb_instance_store(guest, &store)));
  const int kept = replace(1, ends[1]);
  pthread_create(&thread, NULL, cancel, &store);
  lb_error_t *error = call(guest, "flood", 1, &result);
  pthread_join(thread, &cancelled);
  restore(1, kept);
  CHECK(good(cancelled) && fails(error, LB_KIND_CANCELLED));
  CHECK(good(lb_store_release(store)) && good(lb_instance_close(guest)) && !close(ends[0]) && !close(ends[1]));
}

int main(void) {
  // What a program in C begins with.
  signal(SIGPIPE, SIG_DFL);
  for (int fd = 1; fd <= 2; fd++) {
    for (int does_block = 0; does_block <= 1; does_block++) {
      a_reader_that_left(fd, does_block);
      a_reader_that_stopped(fd, does_block);
    }
  }
  a_cancelled_write();
  sigset_t waiting;
  CHECK(!sigpending(&waiting) && !sigismember(&waiting, SIGPIPE));
  return finish();
}
