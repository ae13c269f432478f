/* A library for WASI, called into: counts, remembers what it was told, and reads a granted file.
   tally.rs and tally.go are the same library.
   Rebuild: python -m ziglang cc --target=wasm32-wasi -mexec-model=reactor -O2 -s -o tally_c.wasm tally.c
   (ziglang 0.15.2 from PyPI) */
#include <stdio.h>

#define EXPORT(name) __attribute__((export_name(#name)))

static long long total;

EXPORT(add) long long add(int n) { return total += n; }

EXPORT(sum_file) long long sum_file(void) {
  FILE *file = fopen("/data/numbers.txt", "r");
  if (!file) return -1;
  long long sum = 0, n;
  while (fscanf(file, "%lld", &n) == 1) sum += n;
  fclose(file);
  return sum;
}

EXPORT(print) void print(void) {
  printf("total %lld\n", total);
  fflush(stdout);
}
