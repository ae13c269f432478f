// What the drivers of Landbridge and its peers in C share; see ../README.md. A driver defines the functions of its host.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MIB (1 << 20)
#define ROWS 1000000
static const char TEXT[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

typedef struct {
  uint8_t *data;
  size_t length;
} bytes_t;

// What the host does. NULL: it cannot.
typedef struct {
  int32_t (*add)(int32_t a, int32_t b);
  int32_t (*callbacks)(int32_t n);
  int32_t (*echo)(int32_t at, int32_t length);
  void (*write)(int32_t at, const void *bytes, size_t length);
  void (*read)(int32_t at, void *bytes, size_t length);
  void (*batch)(const int32_t *xs, const int32_t *ys, int32_t *sums);
  void (*instantiate)(void);
  void (*load_cached)(void);
  void (*load)(void);
  uint32_t (*kernel)(int index, uint32_t size, uint32_t seed);
} host_t;

typedef struct {
  char name[24];
  uint32_t size, checksum;
} kernel_t;

static kernel_t kernels[16];
static int kernel_count;
static const char *folder;

static bytes_t bytes_of(const char *name) {
  char path[1024];
  snprintf(path, sizeof path, "%s/%s.wasm", folder, name);
  FILE *file = fopen(path, "rb");
  if (!file) {
    perror(path);
    exit(1);
  }
  bytes_t it = { malloc(4 * MIB), 0 };
  it.length = fread(it.data, 1, 4 * MIB, file);
  fclose(file);
  return it;
}

static void arguments(int argc, char **argv) {
  folder = argv[1];
  for (int i = 2; i < argc; i++) {
    kernel_t *it = &kernels[kernel_count++];
    if (sscanf(argv[i], "%23[^=]=%u=%u", it->name, &it->size, &it->checksum) != 3) exit(2);
  }
}

static void text(const host_t *host, char back[65]) {
  host->write(1024, TEXT, 64);
  host->read(host->echo(1024, 64), back, 64);
  back[64] = 0;
}

static int32_t *column(void) {
  int32_t *it = malloc(ROWS * sizeof *it);
  for (int i = 0; i < ROWS; i++) it[i] = i;
  return it;
}

/* Runs a case so many times; 0 if there is none of this name. */
static int run(const host_t *host, const char *name, long n) {
  static int32_t *xs, *ys, *sums;
  static uint8_t *block;
  if (!xs) xs = column(), ys = column(), sums = column(), block = calloc(1, MIB);
  char back[65];
  if (!strncmp(name, "kernel_", 7)) {
    int i = 0;
    while (i < kernel_count && strcmp(kernels[i].name, name + 7)) i++;
    if (i == kernel_count) return 0;
    while (n--) host->kernel(i, kernels[i].size, 1);
  } else if (!strcmp(name, "call")) {
    while (n--) host->add(2, 3);
  } else if (!strcmp(name, "callback")) {
    host->callbacks((int32_t)n);
  } else if (!strcmp(name, "text")) {
    while (n--) text(host, back);
  } else if (!strcmp(name, "bytes_in")) {
    while (n--) host->write(8192, block, MIB);
  } else if (!strcmp(name, "bytes_out")) {
    while (n--) host->read(8192, block, MIB);
  } else if (!strcmp(name, "batch")) {
    while (n--) host->batch(xs, ys, sums);
  } else if (!strcmp(name, "instantiate")) {
    while (n--) host->instantiate();
  } else if (!strcmp(name, "load_cached")) {
    while (n--) host->load_cached();
  } else if (!strcmp(name, "load")) {
    while (n--) host->load();
  } else {
    return 0;
  }
  return 1;
}

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int serve(const host_t *host) {
  char back[65], name[64];
  text(host, back);
  if (strcmp(back, TEXT) || host->callbacks(10) != 10) {
    fputs("the guest gave back something else\n", stderr);
    return 1;
  }
  printf("ready call callback text bytes_in bytes_out batch instantiate load_cached load");
  for (int i = 0; i < kernel_count; i++) {
    if (host->kernel(i, kernels[i].size, 1) != kernels[i].checksum) {
      fprintf(stderr, "%s returned another checksum\n", kernels[i].name);
      return 1;
    }
    printf(" kernel_%s", kernels[i].name);
  }
  puts("");
  fflush(stdout);
  for (long n; scanf("%63s %ld", name, &n) == 2;) {
    long long start = now();
    if (!run(host, name, n)) return 1;
    printf("%lld\n", now() - start);
    fflush(stdout);
  }
  return 0;
}
