/* A program that links two static libraries of Rust. */
#include <landbridge.h>
#include <stdio.h>

uint32_t other_sum(uint32_t count);

int main(void) {
  lb_module_t module;
  lb_error_t *error = lb_module_load_text(NULL, "(module", &module);
  printf("%s %u\n", lb_error_kind_name(error), (unsigned)other_sum(5));
  lb_error_free(error);
  return 0;
}
