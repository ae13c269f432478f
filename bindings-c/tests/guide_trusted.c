// The program of the guide's page on performance for guests that are trusted; it is cut from here. Runs in core/tests/guide.

#include <assert.h>
#include <landbridge.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(lb_error_t *err) {
  if (!err) return;
  fprintf(stderr, "%s: %s\n", lb_error_kind_name(err), lb_error_message(err));
  lb_error_free(err);
  exit(1);
}

int main(void) {
  // [trusted]
  lb_engine_options_t options = LB_ENGINE_OPTIONS; lb_engine_t trusted; lb_module_t module; lb_instance_t calc;
  options.interruptible = false;
  check(lb_engine_new(&options, &trusted));  // one for the program: keep it
  check(lb_module_load_file(&trusted, "calc.wat", &module));
  check(lb_instance_new(module, NULL, &calc));
  lb_value_t args[2] = { LB_I32(2), LB_I32(3) }, sum[1];
  check(lb_instance_call(calc, "add", args, 2, sum, 1));
  // [end trusted]
  assert(sum[0].of.i32 == 5);
  lb_limits_t limits = LB_LIMITS; lb_sandbox_t sandbox = LB_SANDBOX; lb_instance_t bounded;
  limits.timeout_ms = 500;
  sandbox.limits = &limits;
  lb_error_t *err = lb_instance_new_with(module, NULL, &sandbox, &bounded);
  assert(lb_error_kind(err) == LB_KIND_UNSUPPORTED && strstr(lb_error_message(err), "interruptible"));
  lb_error_free(err);
  check(lb_instance_close(calc));
  check(lb_module_release(module));
  check(lb_engine_release(trusted));
  puts("1 passed, 0 failed");
  return 0;
}
