// Programs, and what is C's of what guests write.

#include <unistd.h>

#include "check.h"

// A program that writes its arguments to stdout, and "lost" to stderr, then traps if there are three behind its name.
static const char *const PROGRAM =
    "(module (import \"wasi_snapshot_preview1\" \"fd_write\" (func $write (param i32 i32 i32 i32) (result i32)))"
    " (import \"wasi_snapshot_preview1\" \"args_sizes_get\" (func $sizes (param i32 i32) (result i32)))"
    " (import \"wasi_snapshot_preview1\" \"args_get\" (func $args (param i32 i32) (result i32)))"
    " (import \"wasi_snapshot_preview1\" \"proc_exit\" (func $exit (param i32)))"
    " (memory (export \"memory\") 1) (data (i32.const 16) \"lost\")"
    " (func (export \"_start\") (drop (call $sizes (i32.const 100) (i32.const 12)))"
    "  (drop (call $args (i32.const 200) (i32.const 1000))) (i32.store (i32.const 8) (i32.const 1000))"
    "  (drop (call $write (i32.const 1) (i32.const 8) (i32.const 1) (i32.const 104)))"
    "  (i32.store (i32.const 8) (i32.const 16)) (i32.store (i32.const 12) (i32.const 4))"
    "  (drop (call $write (i32.const 2) (i32.const 8) (i32.const 1) (i32.const 104)))"
    "  (if (i32.gt_u (i32.load (i32.const 100)) (i32.const 3)) (then unreachable))"
    "  (call $exit (i32.const 5))))";

static const char *const file = "app.wasm";
static int drops, lines;

static void count_drop(void *data) { ++*(int *)data; }

static lb_error_t *take_line(void *data, const uint8_t *line, size_t length) {
  (void)data;
  lines++;
  CHECK(length > strlen(file) && !memcmp(line, file, strlen(file) + 1));
  return NULL;
}

static lb_error_t *count_line(void *data, const uint8_t *line, size_t length) {
  (void)line, (void)length;
  ++*(int *)data;
  return NULL;
}

static lb_sandbox_t quiet(void) {
  lb_sandbox_t sandbox = LB_SANDBOX;
  sandbox.out = (lb_output_t){ LB_STREAM_LINES, NULL, take_line, &drops, count_drop };
  return sandbox;
}

static void guide(void) {
  // [run]
  const char *args[] = { "--verbose", "in.txt" };
  int32_t exit_code;
  lb_error_t *err = lb_run(NULL, "app.wasm", args, 2, NULL, &exit_code);
  // [end run]
  CHECK(good(err) && exit_code == 5);
  int count = 0;
  // [lines]
  lb_sandbox_t sandbox = LB_PROGRAM;
  sandbox.out = (lb_output_t){ LB_STREAM_LINES, NULL, count_line, &count, NULL };
  err = lb_run(NULL, "app.wasm", NULL, 0, &sandbox, &exit_code);
  // [end lines]
  CHECK(good(err) && exit_code == 5 && count == 1);
}

static void runs(void) {
  const char *args[] = { "a", "b", "c" };
  int32_t code = -1;
  lb_sandbox_t sandbox = quiet();
  CHECK(good(lb_run(NULL, file, args, 1, &sandbox, &code)));
  CHECK(code == 5 && lines == 1 && drops == 1);
  lb_error_t *error = lb_run(NULL, file, args, 3, &sandbox, &code);
  CHECK(lb_error_kind(error) == LB_KIND_TRAP && code == 0);
  CHECK(!strcmp(lb_error_output(error), "the guest wrote to stderr:\n    | lost"));
  CHECK(lines == 2 && drops == 2);
  lb_error_free(error);
  CHECK(!strcmp(lb_error_output(NULL), ""));
}

// What it is given is let go of where it fails, too.
static void misuse(void) {
  const char *args[] = { "a", NULL };
  int32_t code = -1;
  lb_sandbox_t sandbox = quiet();
  drops = 0;
  CHECK(fails(lb_run(NULL, "/nowhere.wasm", NULL, 0, &sandbox, &code), LB_KIND_IO) && code == 0);
  CHECK(fails(lb_run(NULL, NULL, NULL, 0, &sandbox, &code), LB_KIND_TYPE));
  CHECK(fails(lb_run(NULL, file, args, 2, &sandbox, &code), LB_KIND_TYPE));
  CHECK(fails(lb_run(NULL, file, NULL, 1, &sandbox, &code), LB_KIND_TYPE));
  CHECK(fails(lb_run(NULL, file, NULL, 0, &sandbox, NULL), LB_KIND_TYPE));
  CHECK(drops == 5);
  sandbox = (lb_sandbox_t)LB_PROGRAM;
  sandbox.out.to = LB_STREAM_LINES;
  CHECK(fails(lb_run(NULL, file, NULL, 0, &sandbox, &code), LB_KIND_TYPE));
  CHECK(sandbox.err.to == LB_STREAM_INHERIT && sandbox.in.from == LB_STREAM_INHERIT);
}

static void store_tells(void) {
  lb_store_t store;
  lb_bytes_t bytes;
  int32_t code;
  lb_instance_t program = instance_of(PROGRAM, NULL);
  CHECK(good(lb_instance_run(program, &code)) && code == 5);
  CHECK(good(lb_instance_store(program, &store)));
  for (int i = 0; i < 2; i++) {
    CHECK(good(lb_store_output(store, &bytes)));
    CHECK(!strcmp((const char *)bytes.data, "the guest wrote to stderr:\n    | lost"));
    CHECK(good(lb_bytes_release(bytes)));
  }
  CHECK(good(lb_store_release(store)));
  CHECK(good(lb_instance_close(program)));
}

int main(void) {
  char folder[] = "/tmp/landbridge-program-XXXXXX";
  CHECK(mkdtemp(folder) && !chdir(folder));
  FILE *app = fopen(file, "w");
  CHECK(app && fputs(PROGRAM, app) >= 0 && !fclose(app));
  guide();
  runs();
  misuse();
  store_tells();
  unlink(file);
  rmdir(folder);
  return finish();
}
