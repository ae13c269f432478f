/* A program for WASI: counts lines, words and bytes of its input or of the files it is given, as wc does.
   Rebuild: python -m ziglang cc --target=wasm32-wasi -O2 -s -o count.wasm count.c   (ziglang 0.15.2 from PyPI) */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int count(FILE *file, const char *name) {
  long lines = 0, words = 0, bytes = 0;
  int c, inside = 0;
  while ((c = fgetc(file)) != EOF) {
    bytes++;
    lines += c == '\n';
    words += !inside && !isspace(c);
    inside = !isspace(c);
  }
  printf("%ld %ld %ld %s\n", lines, words, bytes, name);
  return ferror(file) ? 1 : 0;
}

int main(int argc, char **argv) {
  int failed = 0;
  if (argc < 2) return count(stdin, getenv("NAME") ? getenv("NAME") : "-");
  for (int i = 1; i < argc; i++) {
    FILE *file = fopen(argv[i], "rb");
    if (!file) {
      fprintf(stderr, "%s: %s\n", argv[i], strerror(errno));
      failed = 2;
      continue;
    }
    failed |= count(file, argv[i]);
    fclose(file);
  }
  return failed;
}
