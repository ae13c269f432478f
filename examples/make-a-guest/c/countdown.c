/* [countdown] */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The host's function. */
__attribute__((import_module("env"), import_name("log"))) void host_log(const char *line, size_t len);

__attribute__((export_name("countdown"))) uint32_t countdown(uint32_t start) {
  char line[16];
  for (uint32_t n = start; n > 0; n--) {
    int len = snprintf(line, sizeof line, "%u", (unsigned)n);
    host_log(line, (size_t)len);
  }
  return start;
}
/* [end countdown] */
