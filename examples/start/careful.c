// The second program of docs/start/c.md: limits, and an error. docs/start/test.py runs it.

// [careful]
#include <landbridge.h>
#include <stdio.h>

int main(void) {
  lb_module_t module = {0};
  lb_instance_t greet = {0};
  lb_wit_func_t hello = {0};
  lb_wit_result_t text = {0};
  lb_wit_value_t args[] = {LB_WIT_U32(42)};  // hello takes a string
  lb_sandbox_t sandbox = LB_SANDBOX;
  lb_limits_t limits = LB_LIMITS;
  limits.memory_bytes = 16 << 20;
  limits.timeout_ms = 500;
  sandbox.limits = &limits;

  lb_error_t *err = lb_module_load_file(NULL, "greet.wasm", &module);
  if (!err) err = lb_instance_new_with(module, NULL, &sandbox, &greet);
  if (!err) err = lb_instance_wit_func(greet, "hello", &hello);
  if (!err) err = lb_wit_func_call(hello, args, 1, &text);
  if (err) {
    printf("%s: %s\n", lb_error_kind_name(err), lb_error_message(err));
    lb_error_free(err);
  }
  return 0;
}
// [end careful]
