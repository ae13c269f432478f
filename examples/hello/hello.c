// The smallest program: loads a module and calls it.

// [hello]
#include <landbridge.h>
#include <stdio.h>

int main(void) {
  lb_module_t module = {0};
  lb_instance_t calc = {0};
  lb_value_t args[2] = {LB_I32(2), LB_I32(3)}, result[1];
  lb_error_t *err = lb_module_load_file(NULL, "calc.wasm", &module);
  if (!err) err = lb_instance_new(module, NULL, &calc);
  if (!err) err = lb_instance_call(calc, "add", args, 2, result, 1);
  if (!err) printf("%d\n", (int)result[0].of.i32);
  if (err) {
    fprintf(stderr, "%s: %s\n", lb_error_kind_name(err), lb_error_message(err));
    lb_error_free(err);
    return 1;
  }
  return 0;
}
// [end hello]
