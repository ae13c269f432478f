// Sandboxes: limits, policies and streams, what is wrong with them, and calls that are ended.

#include <pthread.h>
#include <unistd.h>

#include "check.h"

// A guest that writes, sleeps, loops and ends itself.
static const char *const GUEST =
    "(module (import \"wasi_snapshot_preview1\" \"fd_write\" (func $write (param i32 i32 i32 i32) (result i32)))"
    " (import \"wasi_snapshot_preview1\" \"proc_exit\" (func $exit (param i32)))"
    " (import \"wasi_snapshot_preview1\" \"poll_oneoff\" (func $poll (param i32 i32 i32 i32) (result i32)))"
    " (memory (export \"memory\") 1) (data (i32.const 8) \"hello\\n\")"
    " (data (i32.const 0) \"\\08\\00\\00\\00\\06\\00\\00\\00\")"
    " (func (export \"print\") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 100))))"
    " (func (export \"complain\") (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 100))))"
    " (func (export \"exit\") (param i32) (call $exit (local.get 0)))"
    " (func (export \"_start\") (call $exit (i32.const 3)))"
    " (func (export \"sleep\") (i64.store (i32.const 224) (i64.const 3600000000000))"
    "  (drop (call $poll (i32.const 200) (i32.const 300) (i32.const 1) (i32.const 400))))"
    " (func (export \"loop\") (loop $again (br $again)))"
    " (func (export \"one\") (result i32) (i32.const 1)))";

static int drops;

static void count_drop(void *data) {
  (void)data;
  __atomic_add_fetch(&drops, 1, __ATOMIC_SEQ_CST);
}

static lb_error_t *make(const lb_sandbox_t *sandbox, lb_instance_t *guest) {
  lb_module_t module = module_of(GUEST);
  lb_error_t *error = lb_instance_new_with(module, NULL, sandbox, guest);
  CHECK(good(lb_module_release(module)));
  return error;
}

static lb_error_t *call(lb_instance_t guest, const char *name) { return lb_instance_call(guest, name, NULL, 0, NULL, 0); }

static lb_store_t store_of(lb_instance_t guest) {
  lb_store_t store;
  CHECK(good(lb_instance_store(guest, &store)));
  return store;
}

static void defaults(void) {
  lb_sandbox_t sandbox = LB_SANDBOX;
  lb_instance_t guest;
  lb_store_t store;
  lb_bytes_t bytes;
  lb_usage_t usage = LB_USAGE;
  CHECK(good(make(NULL, &guest)) && good(lb_instance_close(guest)));
  CHECK(good(make(&sandbox, &guest)) && good(call(guest, "print")));
  store = store_of(guest);
  CHECK(good(lb_store_usage(store, &usage)) && usage.output_bytes == 6 && usage.fuel_used == LB_NO_FUEL);
  CHECK(usage.memory_bytes == 65536 && usage.peak_memory_bytes == 65536 && usage.instances == 1);
  CHECK(good(lb_store_stdout(store, &bytes)) && bytes.length == 0 && *bytes.data == 0);
  CHECK(good(lb_bytes_release(bytes)) && fails(lb_bytes_release(bytes), LB_KIND_CLOSED));
  CHECK(fails(lb_store_set_fuel(store, 5), LB_KIND_UNSUPPORTED) && good(lb_store_cancel(store)));
  CHECK(good(lb_instance_close(guest)) && fails(lb_store_usage(store, &usage), LB_KIND_CLOSED));
  CHECK(usage.memory_bytes == 0 && usage.size == sizeof usage);
  CHECK(good(lb_store_release(store)) && fails(lb_store_cancel(store), LB_KIND_CLOSED));
}

static void misuse(void) {
  lb_sandbox_t sandbox = LB_SANDBOX;
  lb_limits_t limits = LB_LIMITS;
  lb_usage_t usage = LB_USAGE;
  lb_instance_t guest;
  lb_store_t store;
  sandbox.limits = &limits;
  limits.size = 3;
  CHECK(fails(make(&sandbox, &guest), LB_KIND_UNSUPPORTED) && guest.id == 0);
  sandbox.limits = NULL;
  sandbox.size++;
  CHECK(fails(lb_store_new_with(NULL, &sandbox, &store), LB_KIND_UNSUPPORTED) && store.id == 0);
  sandbox.size--;
  sandbox.in.from = LB_STREAM_CAPTURE;
  CHECK(fails(make(&sandbox, &guest), LB_KIND_TYPE));
  sandbox.in.from = LB_STREAM_FILE;
  CHECK(fails(make(&sandbox, &guest), LB_KIND_TYPE));
  sandbox.in.path = "no such file";
  CHECK(fails(make(&sandbox, &guest), LB_KIND_IO));
  sandbox.in.from = LB_STREAM_BYTES;
  sandbox.in.length = 5;
  CHECK(fails(make(&sandbox, &guest), LB_KIND_TYPE));
  sandbox.in.from = LB_STREAM_NONE;
  sandbox.out.to = 77;
  CHECK(fails(make(&sandbox, &guest), LB_KIND_TYPE));
  sandbox.out.to = LB_STREAM_CALLBACK;
  CHECK(fails(make(&sandbox, &guest), LB_KIND_TYPE));
  sandbox.out.to = LB_STREAM_NONE;
  sandbox.policy.id = 12345;
  CHECK(fails(make(&sandbox, &guest), LB_KIND_TYPE));
  sandbox.policy.id = 0;
  CHECK(fails(lb_store_new_with(NULL, &sandbox, NULL), LB_KIND_TYPE));
  CHECK(good(lb_store_new_with(NULL, &sandbox, &store)) && fails(lb_store_usage(store, NULL), LB_KIND_TYPE));
  usage.size = 1;
  CHECK(fails(lb_store_usage(store, &usage), LB_KIND_UNSUPPORTED) && good(lb_store_close(store)));
  CHECK(fails(lb_instance_run(guest, NULL), LB_KIND_TYPE));
}

// Data is dropped once for each use of the struct, in any case.
static void data_is_dropped(void) {
  lb_sandbox_t sandbox = LB_SANDBOX;
  lb_instance_t guest;
  lb_store_t store;
  drops = 0;
  sandbox.out.drop = count_drop;
  CHECK(fails(lb_store_new_with(NULL, &sandbox, NULL), LB_KIND_TYPE) && drops == 1);
  CHECK(good(lb_store_new_with(NULL, &sandbox, &store)) && drops == 2 && good(lb_store_close(store)));
  sandbox.policy.id = 12345;
  lb_error_free(make(&sandbox, &guest));
  CHECK(drops == 3);
}

static lb_error_t *append(void *data, const uint8_t *bytes, size_t length) {
  strncat(data, (const char *)bytes, length);
  return NULL;
}

static lb_error_t *boom(void *data, const uint8_t *bytes, size_t length) {
  (void)bytes, (void)length;
  return lb_error_host("boom", data, NULL);
}

static lb_error_t *call_back(void *data, const uint8_t *bytes, size_t length) {
  (void)bytes, (void)length;
  lb_value_t one[1];
  return lb_instance_call(*(lb_instance_t *)data, "one", NULL, 0, one, 1);
}

static void streams(void) {
  char text[64] = "";
  lb_sandbox_t sandbox = LB_SANDBOX;
  lb_instance_t guest;
  lb_bytes_t bytes;
  drops = 0;
  sandbox.out = (lb_output_t){ LB_STREAM_CALLBACK, NULL, append, text, count_drop };
  sandbox.err.to = LB_STREAM_CAPTURE;
  CHECK(good(make(&sandbox, &guest)) && good(call(guest, "print")) && good(call(guest, "complain")));
  CHECK(good(call(guest, "print")) && !strcmp(text, "hello\nhello\n") && drops == 0);
  lb_store_t store = store_of(guest);
  CHECK(good(lb_instance_close(guest)));  // what was captured is there still
  CHECK(good(lb_store_stderr(store, &bytes)) && bytes.length == 6 && !strcmp((const char *)bytes.data, "hello\n"));
  CHECK(good(lb_bytes_release(bytes)) && good(lb_store_release(store)) && drops == 1);

  int mine;
  sandbox.out = (lb_output_t){ LB_STREAM_CALLBACK, NULL, boom, &mine, NULL };
  CHECK(good(make(&sandbox, &guest)));
  lb_error_t *error = call(guest, "print");
  CHECK(lb_error_kind(error) == LB_KIND_HOST && lb_error_host_exception(error) == &mine);
  CHECK(lb_error_frame_count(error) == 1);
  lb_error_free(error);
  CHECK(good(call(guest, "complain")) && good(lb_instance_close(guest)));

  sandbox.out = (lb_output_t){ LB_STREAM_CALLBACK, NULL, call_back, &guest, NULL };
  CHECK(good(make(&sandbox, &guest)) && fails(call(guest, "print"), LB_KIND_BUSY));
  CHECK(good(call(guest, "complain")) && good(lb_instance_close(guest)));
}

static void exit_codes(void) {
  lb_instance_t guest;
  int32_t code = -1;
  lb_value_t seven[1] = { LB_I32(7) };
  CHECK(good(make(NULL, &guest)) && good(lb_instance_run(guest, &code)) && code == 3);
  lb_error_t *error = lb_instance_call(guest, "exit", seven, 1, NULL, 0);
  CHECK(lb_error_kind(error) == LB_KIND_EXIT && lb_error_exit_code(error) == 7);
  lb_error_free(error);
  CHECK(lb_error_exit_code(NULL) == 0 && good(lb_instance_close(guest)));
  guest = instance_of("(module)", NULL);
  CHECK(fails(lb_instance_run(guest, &code), LB_KIND_NOT_FOUND) && code == 0 && good(lb_instance_close(guest)));
}

static void deadlines(void) {
  static const char *const waits[] = { "loop", "sleep" };
  lb_limits_t limits = LB_LIMITS;
  lb_sandbox_t sandbox = LB_SANDBOX;
  limits.timeout_ms = 20;
  sandbox.limits = &limits;
  for (int i = 0; i < 2; i++) {
    lb_instance_t guest;
    lb_usage_t usage = LB_USAGE;
    CHECK(good(make(&sandbox, &guest)) && fails(call(guest, waits[i]), LB_KIND_TIMEOUT));
    CHECK(fails(call(guest, "print"), LB_KIND_POISONED));
    lb_store_t store = store_of(guest);
    CHECK(good(lb_store_usage(store, &usage)) && usage.last_call_ns > 10000000);
    CHECK(good(lb_store_release(store)) && good(lb_instance_close(guest)));
  }
}

typedef struct {
  lb_instance_t guest;
  const char *name;
  lb_error_t *error;
  int done;
} running;

static void *run(void *data) {
  running *r = data;
  r->error = call(r->guest, r->name);
  __atomic_store_n(&r->done, 1, __ATOMIC_SEQ_CST);
  return NULL;
}

static void cancelling(void) {
  static const char *const waits[] = { "loop", "sleep" };
  for (int i = 0; i < 2; i++) {
    running r = { { 0 }, waits[i], NULL, 0 };
    pthread_t thread;
    CHECK(good(make(NULL, &r.guest)) && !pthread_create(&thread, NULL, run, &r));
    lb_store_t store = store_of(r.guest);
    // The call may not have begun at first.
    while (!__atomic_load_n(&r.done, __ATOMIC_SEQ_CST)) {
      CHECK(good(lb_store_cancel(store)));
      usleep(1000);  // sleeps: a poll
    }
    pthread_join(thread, NULL);
    CHECK(fails(r.error, LB_KIND_CANCELLED));
    CHECK(good(lb_store_release(store)) && good(lb_instance_close(r.guest)));
  }
}

static void limits_as_json(void) {
  lb_limits_t limits = LB_LIMITS;
  char json[128];
  size_t length;
  limits.fuel = 7;
  limits.timeout_ms = 500;
  CHECK(good(lb_limits_to_json(&limits, json, sizeof json, &length)) && length == strlen(json));
  CHECK(!strcmp(json, "{\"fuel\":7,\"timeout_ms\":500}"));
  CHECK(good(lb_limits_to_json(&limits, json, 8, NULL)) && !strcmp(json, "{\"fuel\""));
  CHECK(good(lb_limits_to_json(NULL, json, sizeof json, NULL)) && !strcmp(json, "{}"));
  CHECK(good(lb_limits_from_json("{\"timeout_ms\":0.25,\"open_files\":3}", &limits)));
  CHECK(limits.timeout_ms == 1 && limits.open_files == 3 && limits.fuel == 0);
  CHECK(fails(lb_limits_from_json("{\"fuels\":1}", &limits), LB_KIND_TYPE) && limits.open_files == 3);
  CHECK(fails(lb_limits_from_json("{\"fuel\":0}", &limits), LB_KIND_RANGE) && limits.open_files == 3);
  CHECK(fails(lb_limits_from_json("{}", NULL), LB_KIND_TYPE) && fails(lb_limits_from_json(NULL, &limits), LB_KIND_TYPE));
  lb_limits_t forgotten = { 0 };
  CHECK(fails(lb_limits_from_json("{}", &forgotten), LB_KIND_UNSUPPORTED));
  CHECK(fails(lb_limits_to_json(&forgotten, json, sizeof json, NULL), LB_KIND_UNSUPPORTED));
}

static void policies(void) {
  lb_policy_t policy, other, both;
  char json[256];
  size_t length;
  const char *const args[] = { "prog", "-v" };
  CHECK(good(lb_policy_new(&policy)) && good(lb_policy_dir(policy, "/d", "data", LB_ACCESS_WRITE)));
  CHECK(good(lb_policy_env(policy, "A", "1")) && good(lb_policy_args(policy, args, 2)));
  CHECK(good(lb_policy_clock_stepped(policy, 1, 5)) && good(lb_policy_random_seed(policy, 9)));
  CHECK(good(lb_policy_to_json(policy, json, sizeof json, &length)) && length == strlen(json));
  CHECK(!strcmp(json, "{\"args\":[\"prog\",\"-v\"],\"clock\":{\"start_ns\":1,\"step_ns\":5},\"dirs\":{\"/d\":"
                      "{\"access\":\"write\",\"path\":\"data\"}},\"env\":{\"A\":\"1\"},\"random\":{\"seed\":9}}"));
  CHECK(good(lb_policy_to_json(policy, json, 6, NULL)) && !strcmp(json, "{\"arg"));
  CHECK(good(lb_policy_clone(policy, &other)) && lb_policy_same(policy, other));
  CHECK(good(lb_policy_clock_real(other)) && good(lb_policy_random_secure(other)) && !lb_policy_same(policy, other));
  CHECK(lb_policy_allows(other, policy) && !lb_policy_allows(policy, other) && lb_policy_allows(policy, policy));
  CHECK(good(lb_policy_restrict(other, policy, &both)) && lb_policy_same(both, policy));
  CHECK(good(lb_policy_release(both)) && good(lb_policy_clock_none(other)) && good(lb_policy_random_none(other)));
  CHECK(good(lb_policy_clock_fixed(other, 3)) && lb_policy_allows(policy, other));

  CHECK(fails(lb_policy_dir(policy, "/d", "data", 7), LB_KIND_TYPE));
  CHECK(fails(lb_policy_dir(policy, NULL, "data", LB_ACCESS_READ), LB_KIND_TYPE));
  CHECK(fails(lb_policy_env(policy, "A", "\xff"), LB_KIND_TYPE) && fails(lb_policy_args(policy, NULL, 2), LB_KIND_TYPE));
  CHECK(fails(lb_policy_from_json("{\"dir\":{}}", &both), LB_KIND_TYPE) && both.id == 0);
  CHECK(fails(lb_policy_from_file("no such file", &both), LB_KIND_IO));
  CHECK(good(lb_policy_release(other)) && fails(lb_policy_release(other), LB_KIND_CLOSED));
  CHECK(!lb_policy_allows(policy, other) && !lb_policy_same(other, other));
  CHECK(fails(lb_policy_clock_real(other), LB_KIND_CLOSED));
  CHECK(good(lb_policy_release(policy)));
}

int main(void) {
  defaults();
  misuse();
  data_is_dropped();
  streams();
  exit_codes();
  deadlines();
  cancelling();
  policies();
  limits_as_json();
  return finish();
}
