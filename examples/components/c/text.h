/* Strings of WIT: bytes and a length, without a zero at the end. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shop.h"

/* A new string, as printf makes it. */
static inline shop_string_t text(const char *format, ...) {
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int len = vsnprintf(NULL, 0, format, args);
  shop_string_t it = {malloc(len + 1), len};
  vsnprintf((char *)it.ptr, len + 1, format, again);
  va_end(again);
  va_end(args);
  return it;
}

/* For %.*s. */
#define SHOWN(it) (int)(it).len, (const char *)(it).ptr

static inline shop_string_t copied(shop_string_t it) {
  shop_string_t copy = {malloc(it.len), it.len};
  memcpy(copy.ptr, it.ptr, it.len);
  return copy;
}

/* Writes to the host's log, and lets go of the text. */
static inline void logged(demo_shop_office_level_t level, shop_string_t it) {
  demo_shop_office_log(level, &it);
  shop_string_free(&it);
}
