/* [counter] */
#include <stdio.h>
#include <string.h>

#include "counter.h"

uint32_t exports_counter_countdown(uint32_t start) {
  char line[16];
  for (uint32_t n = start; n > 0; n--) {
    int len = snprintf(line, sizeof line, "%u", (unsigned)n);
    counter_string_t text = {(uint8_t *)line, (size_t)len};
    demo_greeter_logging_log(&text);
  }
  return start;
}
/* [end counter] */
