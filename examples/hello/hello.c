// The smallest program: loads a component and calls it.

// [hello]
#include <landbridge.h>
#include <stdio.h>

int main(void) {
  lb_module_t module = {0};
  lb_instance_t greet = {0};
  lb_wit_func_t hello = {0};
  lb_wit_value_t args[] = {LB_WIT_STRING("Ada")};
  lb_wit_result_t text = {0};
  lb_error_t *err = lb_module_load_file(NULL, "greet.wasm", &module);
  if (!err) err = lb_instance_new(module, NULL, &greet);
  if (!err) err = lb_instance_wit_func(greet, "hello", &hello);
  if (!err) err = lb_wit_func_call(hello, args, 1, &text);
  if (err) {
    fprintf(stderr, "%s: %s\n", lb_error_kind_name(err), lb_error_message(err));
    lb_error_free(err);
    return 1;
  }
  printf("%.*s\n", (int)text.value->of.text.length, text.value->of.text.data);
  lb_error_free(lb_wit_result_release(text));
  return 0;
}
// [end hello]
