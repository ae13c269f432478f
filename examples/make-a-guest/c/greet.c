/* [add] */
#define EXPORT(name) __attribute__((export_name(#name)))

EXPORT(add) int add(int a, int b) { return a + b; }
/* [end add] */

/* [memory] */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Makes room for len bytes. The host writes its text there. */
EXPORT(alloc) void *alloc(size_t len) { return malloc(len); }

/* Frees what alloc or hello gave out. */
EXPORT(dealloc) void dealloc(void *ptr, size_t len) {
  (void)len;
  free(ptr);
}
/* [end memory] */

/* [strings] */
EXPORT(vowels) int vowels(const char *text, size_t len) {
  int count = 0;
  for (size_t i = 0; i < len; i++) {
    if (text[i] && strchr("aeiouAEIOU", text[i])) count++;
  }
  return count;
}

/* Returns where its text is, in the high 32 bits, and how long it is, in the low 32. */
EXPORT(hello) uint64_t hello(const char *name, size_t len) {
  size_t room = len + sizeof "Hello, !";
  char *text = malloc(room);
  if (!text) abort();
  int written = snprintf(text, room, "Hello, %.*s!", (int)len, name);
  return (uint64_t)(uintptr_t)text << 32 | (uint32_t)written;
}
/* [end strings] */
