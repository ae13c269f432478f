// The programs of docs/guide/c.md; they are cut from here. Runs in this directory.

#include <assert.h>
#include <landbridge.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// [check]
static void check(lb_error_t *err) {
  if (!err) return;
  fprintf(stderr, "%s: %s\n", lb_error_kind_name(err), lb_error_message(err));
  for (size_t i = 0; i < lb_error_frame_count(err); i++) {
    const lb_frame_t *frame = lb_error_frame(err, i);
    fprintf(stderr, "    at %s\n", frame->func_name ? frame->func_name : "an unnamed function");
  }
  lb_error_free(err);
  exit(1);
}
// [end check]

static void load_and_call(void) {
  // [call]
  lb_module_t module; lb_instance_t calc; lb_func_t add;
  lb_error_t *err = lb_module_load_file(NULL, "calc.wat", &module);
  if (!err) err = lb_instance_new(module, NULL, &calc);
  if (!err) err = lb_instance_func(calc, "add", &add);
  lb_value_t args[2] = { LB_I32(2), LB_I32(3) }, result[1];
  if (!err) err = lb_func_call(add, args, 2, result, 1);
  if (err) { fprintf(stderr, "%s: %s\n", lb_error_kind_name(err), lb_error_message(err)); lb_error_free(err); }
  // [end call]
  assert(!err && result[0].of.i32 == 5);

  // [by-name]
  check(lb_instance_call(calc, "add", args, 2, result, 1));
  printf("%d\n", result[0].of.i32);
  // [end by-name]

  // [errors]
  lb_value_t zero[2] = { LB_I32(1), LB_I32(0) };
  err = lb_instance_call(calc, "divide", zero, 2, result, 1);
  if (lb_error_trap_code(err) == LB_TRAP_INTEGER_DIVISION_BY_ZERO) puts("divided by zero");
  lb_error_free(err);
  // [end errors]

  // [memory]
  lb_memory_t memory; lb_view_t view;
  check(lb_instance_memory(calc, "memory", &memory));
  check(lb_memory_write(memory, 16, "hello", 5));  // checked and copied
  check(lb_memory_view(memory, &view));            // in place
  printf("%.5s\n", (const char *)view.data + 16);
  check(lb_view_release(view));
  // [end memory]

  // [closing]
  lb_func_release(add);      // gives the handle up; in any order
  lb_memory_release(memory);
  lb_module_release(module);
  lb_instance_close(calc);   // ends the instance and frees its memory
  // [end closing]
}

// [host-function]
static lb_error_t *read_line(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                             lb_value_t *results, size_t nresults) {
  const char *line = data;
  (void)nargs, (void)nresults;  // as many as the module's import says
  lb_extern_t memory;
  lb_error_t *err = lb_context_export(context, "memory", &memory);
  if (err) return err;
  err = lb_memory_write(memory.of.memory, (uint32_t)args[0].of.i32, line, strlen(line));
  lb_error_free(lb_extern_release(memory));
  results[0] = lb_i32((int32_t)strlen(line));
  return err;
}
// [end host-function]

// [failing]
static lb_error_t *refuse(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                          lb_value_t *results, size_t nresults) {
  (void)context, (void)args, (void)nargs, (void)results, (void)nresults;
  return lb_error_host("not today", data, NULL);
}
// [end failing]

static void host_functions(void) {
  // [imports]
  lb_module_t module; lb_instance_t app; lb_imports_t imports;
  check(lb_module_load_file(NULL, "app.wat", &module));
  check(lb_imports_new(&imports));
  check(lb_imports_func(imports, "env", "read_line", read_line, strdup("a line"), free));
  check(lb_instance_new(module, &imports, &app));
  lb_value_t length[1];
  check(lb_instance_call(app, "run", NULL, 0, length, 1));
  printf("%d\n", length[0].of.i32);
  // [end imports]
  assert(length[0].of.i32 == 6);
  lb_instance_close(app);

  // [exception]
  int mine;
  check(lb_imports_func(imports, "env", "read_line", refuse, &mine, NULL));
  check(lb_instance_new(module, &imports, &app));
  lb_error_t *err = lb_instance_call(app, "run", NULL, 0, length, 1);
  if (lb_error_host_exception(err) == &mine) puts(lb_error_message(err));
  lb_error_free(err);
  // [end exception]
  assert(err);
  lb_instance_close(app);
  lb_imports_release(imports);
  lb_module_release(module);
}

int main(void) {
  load_and_call();
  host_functions();
  puts("2 passed, 0 failed");
  return 0;
}
