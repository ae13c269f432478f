// Random calls of everything in landbridge.h, from several threads. See ../README.md.

#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <malloc.h>
#include <pthread.h>
#include <sys/stat.h>

#include "components.h"

// Operations of a round, after which everything is given up and counted.
enum { ROUND = 20000 };

typedef struct {
  uint64_t calls, from, seconds;
  int threads;
} options;

static const struct {
  void (*run)(void);
  int weight;
} OPERATIONS[] = {
  { func_call, 24 },     { instance_call, 16 }, { instance_new, 6 },  { instance_use, 8 },  { store_new, 2 },
  { store_use, 5 },      { module_load, 2 },    { module_read, 1 },   { module_file, 1 },   { inspection_read, 1 },
  { engine_new, 1 },     { imports_change, 3 }, { func_new, 3 },      { func_use, 3 },      { memory_new, 1 },
  { memory_use, 6 },     { table_new, 2 },      { table_use, 6 },     { global_new, 3 },    { global_use, 6 },
  { tag_use, 3 },        { externref_new, 4 },  { externref_use, 6 }, { exception_use, 6 }, { exception_thrown, 2 },
  { gcref_use, 6 },      { policy_new, 2 },     { policy_grant, 4 },  { policy_ask, 2 },    { policy_compare, 3 },
  { call_start, 5 },     { call_use, 5 },       { pool_new, 1 },      { pool_use, 4 },      { loan_use, 2 },      { drop_one, 2 },
  { component_new, 4 },  { wit_func_new, 8 },   { wit_call, 16 },     { wit_call_use, 2 },  { wit_resource_use, 3 },
  { wit_texts, 2 },
};

static void operation(void) {
  enum { COUNT = sizeof OPERATIONS / sizeof *OPERATIONS };
  static int total;
  int all = total;
  if (!all) {
    for (size_t i = 0; i < COUNT; i++) all += OPERATIONS[i].weight;
    total = all;
  }
  int64_t left = (int64_t)below((uint64_t)all);
  for (size_t i = 0; i < COUNT; i++) {
    left -= OPERATIONS[i].weight;
    if (left < 0) {
      OPERATIONS[i].run();
      return;
    }
  }
}

// ---- Threads.

static fuzzer fuzzers[THREADS + 1];
static atomic_int watching = 1;

// What each thread does in a round: the same for the same seed, as far as its neighbours let it.
typedef struct {
  int number;
  uint64_t from, to;
} share;

static void *thread_run(void *data) {
  share *it = data;
  me = &fuzzers[it->number];
  me->number = it->number;
  me->depth = 0;
  me->random = mixed(run_seed + mixed(it->from) + (uint64_t)it->number);
  for (me->operation = it->from; me->operation < it->to; me->operation++) operation();
  atomic_store(&me->call, NULL);
  return NULL;
}

// Ends the process if a call does not return.
static void *watch(void *data) {
  (void)data;
  while (atomic_load(&watching)) {
    struct timespec pause = { 0, 200000000 };
    nanosleep(&pause, NULL);
    for (int i = 0; i <= THREADS; i++) {
      const char *call = atomic_load(&fuzzers[i].call);
      if (call && seconds() - atomic_load(&fuzzers[i].since) > DEADLINE_S) {
        me = &fuzzers[i];
        found("a call does not return");
      }
    }
  }
  return NULL;
}

static pthread_t started(void *(*run)(void *), void *data, size_t stack_bytes) {
  pthread_t thread;
  pthread_attr_t attr;
  pthread_attr_init(&attr);
  pthread_attr_setstacksize(&attr, stack_bytes);
  if (pthread_create(&thread, &attr, run, data)) found("no thread");
  pthread_attr_destroy(&attr);
  return thread;
}

// ---- Rounds.

static void calls_end(void) {
  long long since = seconds();
  atomic_store(&me->call, NULL);
  while (atomic_load(&dones_open) || atomic_load(&answering)) {
    struct timespec pause = { 0, 1000000 };
    nanosleep(&pause, NULL);
    if (seconds() - since > DEADLINE_S) found("%d calls are never done, %d answers", atomic_load(&dones_open), atomic_load(&answering));
  }
}

// What was dropped on other threads needs a moment.
static void drops_end(void) {
  for (int i = 0; i < 2000; i++) {
    int open = 0;
    for (token *it = atomic_load(&tokens); it; it = it->next) open |= it->wants_drop && !atomic_load(&it->drops);
    if (!open) return;
    struct timespec pause = { 0, 1000000 };
    nanosleep(&pause, NULL);
    // Making a handle buries what was released while its store was in use.
    lb_imports_t imports;
    if (TRY(0, lb_imports_new(&imports))) TRY(0, lb_imports_release(imports));
  }
}

// Habits that call back: ticks and waits are where nobody expects it.
static lb_error_t *hook_wait(void *data) {
  on_this_thread();
  if (data != &watching) found("not the host's data");
  if (one_in(8)) act();
  if (one_in(64)) return lb_error_new(LB_KIND_BUSY, "this thread does not wait");
  TRY(0, lb_host_wait());
  return NULL;
}

static lb_error_t *hook_waiting(void *data) {
  (void)data;
  on_this_thread();
  TRY(KIND(UNSUPPORTED), lb_host_wait());
  return one_in(64) ? lb_error_new(LB_KIND_CANCELLED, "this thread waits no longer") : NULL;
}

static void hook_wait_for_guest(void *data) {
  (void)data;
  on_this_thread();
  TRY(0, lb_host_wait());
}

static void hook_block(void *data) {
  (void)data;
  on_this_thread();
}

static lb_error_t *hook_tick(void *data, uint32_t ticks) {
  (void)data;
  on_this_thread();
  if (!ticks) found("ticks count from 1");
  if (one_in(64)) act();
  return one_in(256) ? any_error() : NULL;
}

static void hooks_install(void) {
  lb_host_t host = LB_HOST;
  host.data = &watching;
  host.wait = hook_wait;
  host.waiting = hook_waiting;
  host.wait_for_guest = hook_wait_for_guest;
  host.block = hook_block;
  host.tick = hook_tick;
  if (!TRY(0, lb_host_install(&host)) || TRY(KIND(UNSUPPORTED), lb_host_install(&host))) found("hosts");
}

static void round_run(uint64_t from, uint64_t to, int threads) {
  // Small stacks are where checks of the stack matter.
  static const size_t STACKS[] = { 8 << 20, 256 << 10, 1 << 20, 160 << 10 };
  pthread_t ids[THREADS];
  share shares[THREADS];
  for (int i = 0; i < threads; i++) {
    uint64_t each = (to - from + (uint64_t)threads - 1) / (uint64_t)threads;
    uint64_t first = from + each * (uint64_t)i, last = first + each;
    shares[i] = (share){ i + 1, first < to ? first : to, last < to ? last : to };
    ids[i] = started(thread_run, &shares[i], STACKS[i % 4]);
  }
  for (int i = 0; i < threads; i++) pthread_join(ids[i], NULL);
  // Calls in flight may make more; what their drops make is given up too.
  for (int again = 0; again < 4; again++) {
    world_end();
    calls_end();
  }
  drops_end();
  world_end();
  calls_end();
  tokens_end();
}

static long entries(const char *path) {
  long count = 0;
  DIR *dir = opendir(path);
  while (dir && readdir(dir)) count++;
  if (dir) closedir(dir);
  return count;
}

static long rss_kb(void) {
  long pages = 0, resident = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (file && fscanf(file, "%ld %ld", &pages, &resident) != 2) resident = 0;
  if (file) fclose(file);
  return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

// Bytes that are kept, which a sanitizer does not tell of.
static void flat(uint64_t round, long rss, long files) {
  static long first_rss, first_files;
  if (round < 3 || !first_rss) first_rss = rss > first_rss ? rss : first_rss;
  if (round < 3) first_files = files > first_files ? files : first_files;
  if (round < 3) return;
  if (files > first_files + 8) found("%ld files are open, %ld were", files, first_files);
  if (!getenv("LANDBRIDGE_FUZZ_NO_RSS") && rss > first_rss + (64 << 10)) {
    found("%ld KB are in use, after the first rounds it were %ld", rss, first_rss);
  }
}

// ---- The whole run.

static char *text_of(const char *path) {
  FILE *file = fopen(path, "rb");
  struct stat info;
  if (!file || fstat(fileno(file), &info)) found("no file %s", path);
  char *text = calloc(1, (size_t)info.st_size + 1);
  if (fread(text, 1, (size_t)info.st_size, file) != (size_t)info.st_size) found("cannot read %s", path);
  fclose(file);
  return text;
}

static void setup(const char *guests) {
  char path[1024];
  static char place[] = "/tmp/landbridge-fuzz-XXXXXX";
  folder = mkdtemp(place);
  snprintf(path, sizeof path, "%s/guest.wat", guests);
  texts[0] = text_of(path);
  snprintf(path, sizeof path, "%s/program.wat", guests);
  texts[1] = text_of(path);
  for (int i = 0; i < 2; i++) text_lengths[i] = strlen(texts[i]);
  for (int i = 0; i < 3; i++) {
    lb_engine_options_t options = LB_ENGINE_OPTIONS;
    options.cache = "off";
    options.signal_handlers = i != 1;
    options.stack_bytes = i == 1 ? 128 << 10 : 0;
    options.interruptible = i != 2;
    TRY(0, lb_engine_new(&options, &engines[i]));
  }
  const lb_engine_t *of[BASES] = { NULL, NULL, &engines[1], &engines[2] };
  for (int i = 0; i < BASES; i++) {
    if (!TRY(0, lb_module_load_text(of[i], texts[i == 1], &bases[i]))) found("the guest is no module");
  }
  components_setup(guests);
}

static void teardown(void) {
  char command[600];
  for (int i = 0; i < BASES; i++) TRY(0, lb_module_release(bases[i]));
  components_teardown();
  for (int i = 0; i < 3; i++) TRY(0, lb_engine_release(engines[i]));
  snprintf(command, sizeof command, "rm -rf '%s'", folder);
  if (system(command)) fprintf(stderr, "cannot remove %s\n", folder);
}

static void run(options all) {
  long long start = seconds();
  uint64_t round = 0, at = all.from, end = all.from + all.calls;
  while (at < end) {
    uint64_t to = at - at % ROUND + ROUND;
    round_run(at, to < end ? to : end, all.threads);
    at = to < end ? to : end;
    malloc_trim(0);
    long rss = rss_kb(), files = entries("/proc/self/fd");
    flat(round++, rss, files);
    if (getenv("LANDBRIDGE_FUZZ_ROUNDS")) {
      printf("  %llu: %ld KB, %ld files, %lld s\n", (unsigned long long)at, rss, files, seconds() - start);
      fflush(stdout);
    }
    if (all.seconds && (uint64_t)(seconds() - start) >= all.seconds) break;
  }
  printf("c: %llu operations, %llu calls, %llu into guests that came back well, %llu of host functions, %llu errors:",
         (unsigned long long)(at - all.from), (unsigned long long)calls_made, (unsigned long long)guests_called,
         (unsigned long long)hosts_called, (unsigned long long)calls_failed);
  for (uint32_t kind = 1; kind < 32; kind++) {
    if (kinds_seen[kind]) printf(" %s %llu", lb_kind_name(kind), (unsigned long long)kinds_seen[kind]);
  }
  printf("\n");
  if (at < end) printf("c: ended by --seconds, %llu operations before its end\n", (unsigned long long)(end - at));
}

static options read_options(int argc, char **argv, const char **guests) {
  options all = { 100000, 0, 0, 4 };
  run_seed = (uint64_t)time(NULL);
  for (int i = 1; i + 1 < argc; i += 2) {
    uint64_t value = isdigit((unsigned char)*argv[i + 1]) ? strtoull(argv[i + 1], NULL, 10) : 0;
    if (!strcmp(argv[i], "--seed")) run_seed = value;
    else if (!strcmp(argv[i], "--calls")) all.calls = value;
    else if (!strcmp(argv[i], "--from")) all.from = value;
    else if (!strcmp(argv[i], "--seconds")) all.seconds = value;
    else if (!strcmp(argv[i], "--threads")) all.threads = value < 1 ? 1 : value > THREADS ? THREADS : (int)value;
    else if (!strcmp(argv[i], "--trace")) run_traced = (int)value;
    else if (!strcmp(argv[i], "--guests")) *guests = argv[i + 1];
    else fprintf(stderr, "there is no option %s\n", argv[i]), exit(2);
  }
  return all;
}

int main(int argc, char **argv) {
  const char *guests = "fuzz";
  me = &fuzzers[0];
  options all = read_options(argc, argv, &guests);
  setenv("LANDBRIDGE_CACHE", "off", 1);
  printf("c: --seed %llu --from %llu --calls %llu --threads %d\n", (unsigned long long)run_seed,
         (unsigned long long)all.from, (unsigned long long)all.calls, all.threads);
  fflush(stdout);
  setup(guests);
  // Half of the runs have a host with habits of its own.
  if (run_seed & 1) hooks_install();
  atomic_store(&me->call, NULL);
  pthread_t watchdog = started(watch, NULL, 1 << 20);
  run(all);
  atomic_store(&watching, 0);
  pthread_join(watchdog, NULL);
  teardown();
  return 0;
}
