// Calls of several threads, on stores of their own and on one; see ../README.md. C99 has no threads: these are POSIX's.

#include <pthread.h>

#define MOST_THREADS 8

typedef struct {
  lb_func_t add;
  long n;
  pthread_mutex_t *mutex;
  pthread_barrier_t *start;
  long long cpu_ns, begin_ns, end_ns;
} lane_t;

static long long clock_ns(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void *run_lane(void *data) {
  lane_t *lane = data;
  lb_value_t args[2] = { LB_I32(2), LB_I32(3) }, result[1];
  pthread_barrier_wait(lane->start);
  lane->begin_ns = clock_ns(CLOCK_MONOTONIC);
  long long start = clock_ns(CLOCK_THREAD_CPUTIME_ID);
  for (long i = 0; i < lane->n; i++) {
    if (lane->mutex) pthread_mutex_lock(lane->mutex);
    check(lb_func_call(lane->add, args, 2, result, 1));
    if (lane->mutex) pthread_mutex_unlock(lane->mutex);
  }
  lane->cpu_ns = clock_ns(CLOCK_THREAD_CPUTIME_ID) - start;
  lane->end_ns = clock_ns(CLOCK_MONOTONIC);
  return NULL;
}

/* The nanoseconds from when the first thread began until the last ended. They begin together. */
static long long run_lanes(lane_t *lanes, int count) {
  pthread_t threads[MOST_THREADS];
  pthread_barrier_t start;
  pthread_barrier_init(&start, NULL, (unsigned)count);
  for (int i = 0; i < count; i++) {
    lanes[i].start = &start;
    pthread_create(&threads[i], NULL, run_lane, &lanes[i]);
  }
  for (int i = 0; i < count; i++) pthread_join(threads[i], NULL);
  long long begin = lanes[0].begin_ns, end = lanes[0].end_ns;
  for (int i = 1; i < count; i++) {
    begin = lanes[i].begin_ns < begin ? lanes[i].begin_ns : begin;
    end = lanes[i].end_ns > end ? lanes[i].end_ns : end;
  }
  pthread_barrier_destroy(&start);
  return end - begin;
}

/* Each thread has a store of its own and makes n calls: the time of a processor that a thread took. */
static long long separate(const lb_func_t *adds, int count, long n) {
  lane_t lanes[MOST_THREADS] = { 0 };
  for (int i = 0; i < count; i++) lanes[i] = (lane_t){ .add = adds[i], .n = n };
  run_lanes(lanes, count);
  long long cpu_ns = 0;
  for (int i = 0; i < count; i++) cpu_ns += lanes[i].cpu_ns;
  return cpu_ns / count;
}

/* All threads call the same store, n times together, behind a mutex of the program's or without: the time that passed. */
static long long together(lb_func_t add, int count, long n, pthread_mutex_t *mutex) {
  lane_t lanes[MOST_THREADS] = { 0 };
  for (int i = 0; i < count; i++) lanes[i] = (lane_t){ .add = add, .n = n / count + (i < n % count), .mutex = mutex };
  return run_lanes(lanes, count);
}
