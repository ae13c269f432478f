// What the operating system said of a file stands in the error.

#include <errno.h>

#include "check.h"

// Whether the call failed with this number for a path that ends so; frees the error.
static int refused(lb_error_t *error, int code, const char *end) {
  const char *path = lb_error_path(error);
  int same = lb_error_kind(error) == LB_KIND_IO && lb_error_os_code(error) == code && path && !strcmp(path, end);
  if (!same) printf("%d for %s: %s\n", lb_error_os_code(error), path ? path : "nothing", lb_error_message(error));
  lb_error_free(error);
  return same;
}

int main(void) {
  const char *const none = "no such folder/no such file";
  lb_module_t module = {0};
  lb_policy_t policy = {0};
  lb_error_t *error, *copy;
  CHECK(refused(lb_module_load_file(NULL, none, &module), ENOENT, none));
  CHECK(refused(lb_module_load_precompiled(NULL, none, &module), ENOENT, none));
  CHECK(refused(lb_policy_from_file(none, &policy), ENOENT, none));
  CHECK(refused(lb_module_load_file(NULL, "/", &module), EISDIR, "/"));
  CHECK(refused(lb_module_load_file(NULL, "/dev/null/x", &module), ENOTDIR, "/dev/null/x"));
  CHECK(refused(lb_module_load_file(NULL, "no\xffsuch", &module), ENOENT, "no\xffsuch"));  // As it was given.

  error = lb_module_load_file(NULL, none, &module);
  copy = lb_error_clone(error);
  lb_error_free(error);
  CHECK(refused(copy, ENOENT, none));

  error = lb_module_load_text(NULL, "(module", &module);
  CHECK(lb_error_os_code(error) == 0 && lb_error_path(error) == NULL);
  lb_error_free(error);
  error = lb_error_new(LB_KIND_IO, "mine");
  CHECK(lb_error_os_code(error) == 0 && lb_error_path(error) == NULL);
  lb_error_free(error);
  CHECK(lb_error_os_code(NULL) == 0 && lb_error_path(NULL) == NULL);
  return finish();
}
