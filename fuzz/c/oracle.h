// What must hold, whatever is called: each call ends, with an error of a kind that it documents or with none; what the
// program hands over is dropped once. A run that finds something else says what, and aborts.

#ifndef ORACLE_H
#define ORACLE_H

#include <landbridge.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

// The most seconds that a call may take, and all that a round leaves behind; long, since machines are busy.
#define DEADLINE_S 60

// How deep calls out of callbacks may be nested.
#define DEPTH 5

// One thread of the fuzzer, or one of the library's that runs a callback. What the watchdog reads is atomic.
typedef struct {
  uint64_t random;
  // Which of the fuzzer's threads it is, from 1; 0 for one of the library's.
  int number;
  int depth;
  uint64_t operation;
  _Atomic(const char *) call;
  atomic_llong since;
} fuzzer;

static __thread fuzzer *me;
static uint64_t run_seed;
static int run_traced;
static atomic_ullong calls_made, calls_failed, guests_called, hosts_called;
static atomic_ullong kinds_seen[32];

static long long seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
  return (long long)now.tv_sec;
}

// Says what was found and how to find it again, and ends the process with a core for the debugger.
static void found(const char *format, ...) {
  va_list args;
  fflush(stdout);
  fprintf(stderr, "\nFOUND (seed %llu, thread %d, operation %llu, in %s): ", (unsigned long long)run_seed,
          me ? me->number : 0, me ? (unsigned long long)me->operation : 0, me ? (const char *)me->call : "no call");
  va_start(args, format);
  vfprintf(stderr, format, args);
  va_end(args);
  fputc('\n', stderr);
  fflush(stderr);
  abort();
}

// ---- Random numbers, by SplitMix64.

static uint64_t mixed(uint64_t z) {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static uint64_t any(void) { return mixed(me->random += 0x9e3779b97f4a7c15u); }
static uint64_t below(uint64_t bound) { return any() % bound; }
static int one_in(uint64_t times) { return below(times) == 0; }

// ---- Kinds of errors, as sets.

#define KIND(name) (1u << LB_KIND_##name)
// What each function may answer that takes a handle.
#define HANDLE (KIND(TYPE) | KIND(CLOSED))
// What each one may that takes the turn of a store. Threads may be out of room for it too.
#define TURN (HANDLE | KIND(WRONG_STORE) | KIND(BUSY) | KIND(DEADLOCK) | KIND(POISONED) | KIND(CANCELLED) | KIND(TIMEOUT))
// What each one may that makes something in a store.
#define MAKES (TURN | KIND(LIMIT) | KIND(MEMORY_LIMIT) | KIND(RANGE))
// What each one may that runs a guest: also what guests and host functions end with.
#define RUNS                                                                                              \
  (MAKES | KIND(TRAP) | KIND(HOST) | KIND(NOT_FOUND) | KIND(FUEL) | KIND(EXIT) | KIND(DENIED) | KIND(EXCEPTION) | \
   KIND(OUT_OF_BOUNDS) | KIND(UNSUPPORTED))
#define LOADS (HANDLE | KIND(COMPILE) | KIND(IO) | KIND(LIMIT) | KIND(UNSUPPORTED))

static void look_at(const lb_error_t *error) {
  const char *message = lb_error_message(error);
  size_t frames = lb_error_frame_count(error);
  if (!message) found("an error without a message");
  if (strlen(message) > 65536) found("a message of %zu bytes", strlen(message));
  if (frames > 1000) found("%zu frames", frames);
  for (size_t i = 0; i <= frames; i++) {
    const lb_frame_t *frame = lb_error_frame(error, i);
    if (!frame != (i == frames)) found("frame %zu of %zu", i, frames);
    if (frame && frame->func_name && strlen(frame->func_name) > 65536) found("a long name in a frame");
  }
  if (lb_error_kind(error) == LB_KIND_TRAP && !lb_error_trap_code(error)) found("a trap without a code");
}

static void begin(const char *call) {
  atomic_store_explicit(&me->since, seconds(), memory_order_relaxed);
  atomic_store_explicit(&me->call, call, memory_order_relaxed);
  if (run_traced) fprintf(stderr, "%d.%d %llu %s\n", me->number, me->depth, (unsigned long long)me->operation, call);
}

// Whether a call went well; an error must be of one of these kinds.
static int judged(const char *call, uint32_t kinds, lb_error_t *error) {
  atomic_fetch_add_explicit(&calls_made, 1, memory_order_relaxed);
  if (!error) return 1;
  lb_kind_t kind = lb_error_kind(error);
  atomic_fetch_add_explicit(&calls_failed, 1, memory_order_relaxed);
  atomic_fetch_add_explicit(&kinds_seen[kind & 31], 1, memory_order_relaxed);
  if (kind > LB_KIND_WIT || !(kinds >> kind & 1)) {
    found("%s: kind \"%s\", which is not documented: %s", call, lb_error_kind_name(error), lb_error_message(error));
  }
  look_at(error);
  if (one_in(8)) {
    lb_error_t *clone = lb_error_clone(error);
    if (lb_error_kind(clone) != kind) found("a clone of another kind");
    lb_error_free(error);
    error = clone;
  }
  lb_error_free(error);
  return 0;
}

#define TRY(kinds, ...) (begin(#__VA_ARGS__), judged(#__VA_ARGS__, kinds, __VA_ARGS__))

// ---- Tokens: what is handed over as data, with a drop function or a done function.

typedef struct token {
  struct token *next;
  atomic_int drops, dones;
  int wants_drop, wants_done;
  // Whether its drop function calls the library.
  int acts;
} token;

static _Atomic(token *) tokens;
static atomic_int dones_open;
static void act(void);

static token *token_new(int wants_drop, int wants_done) {
  token *made = calloc(1, sizeof *made);
  made->wants_drop = wants_drop;
  made->wants_done = wants_done;
  made->acts = one_in(4);
  made->next = atomic_load(&tokens);
  while (!atomic_compare_exchange_weak(&tokens, &made->next, made)) {
  }
  atomic_fetch_add(&dones_open, wants_done);
  return made;
}

static void token_used(token *it) {
  if (it->wants_drop && atomic_load(&it->drops)) found("data was used after it was dropped");
}

static void token_drop(void *data) {
  token *it = data;
  if (atomic_fetch_add(&it->drops, 1)) found("data was dropped twice");
  if (it->acts) act();
}

// A call that could not be started has no outcome.
static void token_not_started(token *it) {
  it->wants_done = 0;
  atomic_fetch_sub(&dones_open, 1);
}

// All of them had their calls; they are freed.
static void tokens_end(void) {
  size_t kept = 0, open = 0;
  for (token *it = atomic_load(&tokens); it; it = it->next) {
    kept += it->wants_drop && atomic_load(&it->drops) != 1;
    open += it->wants_done != atomic_load(&it->dones);
  }
  if (kept || open) found("%zu data were never dropped, %zu calls never done", kept, open);
  for (token *it = atomic_exchange(&tokens, NULL), *next; it; it = next) {
    next = it->next;
    free(it);
  }
}

#endif
