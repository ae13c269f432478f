// An engine without handlers of signals: it installs none, and its traps are the same ones.

#include <signal.h>
#include <stddef.h>

#include "check.h"

static const char *const MODULE =
    "(module (memory 1 1) (type $one (struct (field i32)))"
    " (func (export \"load\") (drop (i32.load (i32.const 70000))))"
    " (func (export \"div\") (drop (i32.div_s (i32.const 6) (i32.const 0))))"
    " (func (export \"null\") (drop (struct.get $one 0 (ref.null $one))))"
    " (func $down (export \"down\") (call $down))"
    " (func (export \"stop\") unreachable))";

static const struct {
  const char *name;
  lb_trap_t code;
} traps[] = {
  { "load", LB_TRAP_MEMORY_OUT_OF_BOUNDS }, { "div", LB_TRAP_INTEGER_DIVISION_BY_ZERO },
  { "null", LB_TRAP_NULL_REFERENCE },       { "down", LB_TRAP_STACK_OVERFLOW },
  { "stop", LB_TRAP_UNREACHABLE },
};

// How many of the signals that traps may come by have a handler.
static int handled(void) {
  const int numbers[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL };
  int count = 0;
  for (size_t i = 0; i < 4; i++) {
    struct sigaction now;
    CHECK(!sigaction(numbers[i], NULL, &now));
    count += now.sa_handler != SIG_DFL;
  }
  return count;
}

static void trap_all(const lb_engine_options_t *options) {
  lb_engine_t engine;
  lb_module_t module;
  lb_instance_t instance;
  CHECK(good(lb_engine_new(options, &engine)) && good(lb_module_load_text(&engine, MODULE, &module)));
  CHECK(good(lb_instance_new(module, NULL, &instance)));
  for (size_t i = 0; i < sizeof traps / sizeof *traps; i++) {
    lb_error_t *error = lb_instance_call(instance, traps[i].name, NULL, 0, NULL, 0);
    CHECK(lb_error_trap_code(error) == traps[i].code);
    lb_error_free(error);
  }
  CHECK(good(lb_instance_close(instance)) && good(lb_module_release(module)) && good(lb_engine_release(engine)));
}

int main(void) {
  lb_engine_options_t options = LB_ENGINE_OPTIONS;
  CHECK(options.signal_handlers);
  options.signal_handlers = false;
  CHECK(handled() == 0);
  trap_all(&options);
  CHECK(handled() == 0);
  // A program that does not know the member has it as it was before.
  options.size = offsetof(lb_engine_options_t, signal_handlers);
  trap_all(&options);
  CHECK(handled() > 0);
  return finish();
}
