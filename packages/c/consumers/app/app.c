/* A program of C99: a module, a function, a host function and a trap. */
#include <landbridge.h>
#include <stdio.h>
#include <stdlib.h>

static void need(lb_error_t *error) {
  if (!error) return;
  fprintf(stderr, "%s: %s\n", lb_error_kind_name(error), lb_error_message(error));
  lb_error_free(error);
  exit(1);
}

static lb_error_t *twice(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs, lb_value_t *results,
                         size_t nresults) {
  (void)data, (void)context, (void)nargs, (void)nresults;
  lb_value_t given = LB_I32(2 * args[0].of.i32);
  results[0] = given;
  return NULL;
}

int main(void) {
  lb_module_t module;
  lb_imports_t imports;
  lb_instance_t calc;
  lb_value_t args[] = {LB_I32(2), LB_I32(3)}, sum[1];
  lb_error_t *trap;
  need(lb_check_version());
  need(lb_module_load_text(NULL,
                           "(module (import \"host\" \"twice\" (func $twice (param i32) (result i32)))"
                           " (func (export \"add\") (param i32 i32) (result i32)"
                           "  (call $twice (i32.add (local.get 0) (local.get 1))))"
                           " (func (export \"trap\") unreachable))",
                           &module));
  need(lb_imports_new(&imports));
  need(lb_imports_func(imports, "host", "twice", twice, NULL, NULL));
  need(lb_instance_new(module, &imports, &calc));
  need(lb_instance_call(calc, "add", args, 2, sum, 1));
  trap = lb_instance_call(calc, "trap", NULL, 0, NULL, 0);
  printf("%s %d %s\n", lb_version(), (int)sum[0].of.i32, lb_error_trap_name(trap));
  lb_error_free(trap);
  need(lb_instance_close(calc));
  need(lb_imports_release(imports));
  need(lb_module_release(module));
  return 0;
}
