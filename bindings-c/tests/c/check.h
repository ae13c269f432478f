// What the unit tests of C share: checks that count, and modules.

#ifndef CHECK_H
#define CHECK_H

#include <landbridge.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t checks_passed, checks_failed;

#define CHECK(truth)                                               \
  do {                                                             \
    if (truth) {                                                   \
      checks_passed++;                                             \
    } else {                                                       \
      checks_failed++;                                             \
      printf("FAIL %s:%d: %s\n", __FILE__, __LINE__, #truth);      \
    }                                                              \
  } while (0)

// Whether the call went well; frees the error.
static inline int good(lb_error_t *error) {
  if (error) printf("%s: %s\n", lb_error_kind_name(error), lb_error_message(error));
  lb_error_free(error);
  return !error;
}

// Whether the call failed with this kind; frees the error.
static inline int fails(lb_error_t *error, lb_kind_t kind) {
  int same = lb_error_kind(error) == kind;
  if (!same) printf("%s: %s\n", lb_error_kind_name(error), lb_error_message(error));
  lb_error_free(error);
  return same;
}

static inline lb_module_t module_of(const char *text) {
  lb_module_t module;
  CHECK(good(lb_module_load_text(NULL, text, &module)));
  return module;
}

static inline lb_instance_t instance_of(const char *text, const lb_imports_t *imports) {
  lb_instance_t instance;
  lb_module_t module = module_of(text);
  CHECK(good(lb_instance_new(module, imports, &instance)));
  CHECK(good(lb_module_release(module)));
  return instance;
}

static inline int finish(void) {
  printf("%zu passed, %zu failed\n", checks_passed, checks_failed);
  return checks_failed != 0;
}

#endif
