// A program that is installed with its module; see docs/guide/packaging.md, which docs/start/test.py follows.

// [package]
#include <landbridge.h>
#include <stdio.h>

int main(int argc, char **argv) {
  const char *name = argc > 1 ? argv[1] : "world";
  lb_module_t module = {0};
  lb_instance_t greet = {0};
  lb_wit_func_t hello = {0};
  lb_wit_result_t text = {0};
  lb_wit_value_t args[] = {lb_wit_string(name)};
  lb_error_t *err = lb_module_load_file(NULL, GREET_WASM, &module);  // set by CMakeLists.txt
  if (!err) err = lb_instance_new(module, NULL, &greet);
  if (!err) err = lb_instance_wit_func(greet, "hello", &hello);
  if (!err) err = lb_wit_func_call(hello, args, 1, &text);
  if (err) {
    fprintf(stderr, "%s\n", lb_error_message(err));
    lb_error_free(err);
    return 1;
  }
  printf("%.*s\n", (int)text.value->of.text.length, text.value->of.text.data);
  lb_error_free(lb_wit_result_release(text));
  return 0;
}
// [end package]
