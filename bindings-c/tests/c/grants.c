// Grants of files and networks, what is wrong with them, what was refused, what modules ask, and exits.

#include <stddef.h>

#include "check.h"

// Opens a.txt of its first folder, and what is above it; run ends as the host says.
static const char *const GUEST =
    "(module (import \"wasi_snapshot_preview1\" \"path_open\""
    "  (func $open (param i32 i32 i32 i32 i32 i64 i64 i32 i32) (result i32)))"
    " (import \"wasi_snapshot_preview1\" \"path_create_directory\" (func $mkdir (param i32 i32 i32) (result i32)))"
    " (import \"env\" \"end\" (func $end))"
    " (memory (export \"memory\") 1) (data (i32.const 0) \"a.txt../b\")"
    " (func $at (param i32 i32) (result i32) (call $open (i32.const 3) (i32.const 0) (local.get 0) (local.get 1)"
    "  (i32.const 0) (i64.const 2) (i64.const 0) (i32.const 0) (i32.const 64)))"
    " (func (export \"open\") (result i32) (call $at (i32.const 0) (i32.const 5)))"
    " (func (export \"leave\") (result i32) (call $at (i32.const 5) (i32.const 4)))"
    " (func (export \"mkdir\") (result i32) (call $mkdir (i32.const 3) (i32.const 8) (i32.const 1)))"
    " (func (export \"end\") (call $end)) (func (export \"_start\") (call $end)))";

static int drops;

static void count_drop(void *data) {
  (void)data;
  drops++;
}

static lb_error_t *end(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                       lb_value_t *results, size_t nresults) {
  (void)context, (void)args, (void)nargs, (void)results, (void)nresults;
  const lb_instance_t *inner = data;
  return inner->id ? lb_instance_call(*inner, "end", NULL, 0, NULL, 0) : lb_error_exit(-5);
}

// A guest whose host function ends it, or calls the end of another guest.
static lb_error_t *make(const lb_sandbox_t *sandbox, const lb_instance_t *inner, lb_instance_t *guest) {
  lb_imports_t imports;
  lb_module_t module = module_of(GUEST);
  CHECK(good(lb_imports_new(&imports)) && good(lb_imports_func(imports, "env", "end", end, (void *)inner, NULL)));
  lb_error_t *error = lb_instance_new_with(module, &imports, sandbox, guest);
  CHECK(good(lb_imports_release(imports)) && good(lb_module_release(module)));
  return error;
}

static int32_t answer(lb_instance_t guest, const char *name) {
  lb_value_t result[1] = { LB_I32(-1) };
  CHECK(good(lb_instance_call(guest, name, NULL, 0, result, 1)));
  return result[0].of.i32;
}

static lb_policy_t with_folder(lb_access_t access) {
  lb_policy_t policy;
  const lb_file_t files[] = { { "a.txt", "old", 3 }, { "b/c.txt", NULL, 0 }, { "a.txt", "text", 4 } };
  CHECK(good(lb_policy_new(&policy)) && good(lb_policy_memory_dir(policy, "/m", files, 3, access)));
  return policy;
}

static bool has_json(lb_policy_t policy, const char *expected) {
  char json[512];
  CHECK(good(lb_policy_to_json(policy, json, sizeof json, NULL)));
  if (strcmp(json, expected)) printf("%s\n", json);
  return !strcmp(json, expected);
}

static void memory_dirs(void) {
  lb_policy_t policy = with_folder(LB_ACCESS_WRITE);
  const lb_file_t outside = { "../a", "", 0 }, nameless = { NULL, "", 0 }, empty = { "a", NULL, 1 };
  const lb_file_t both[] = { { "a", "", 0 }, { "a/b", "", 0 } };
  CHECK(has_json(policy, "{\"args\":[],\"clock\":\"none\",\"dirs\":{\"/m\":{\"access\":\"write\",\"files\":"
                         "{\"a.txt\":\"text\",\"b/c.txt\":\"\"}}},\"env\":{},\"random\":\"none\"}"));
  lb_policy_t before;
  CHECK(good(lb_policy_clone(policy, &before)));
  CHECK(fails(lb_policy_memory_dir(policy, "/m", &outside, 1, LB_ACCESS_READ), LB_KIND_TYPE));
  CHECK(fails(lb_policy_memory_dir(policy, "/m", &nameless, 1, LB_ACCESS_READ), LB_KIND_TYPE));
  CHECK(fails(lb_policy_memory_dir(policy, "/m", &empty, 1, LB_ACCESS_READ), LB_KIND_TYPE));
  CHECK(fails(lb_policy_memory_dir(policy, "/m", both, 2, LB_ACCESS_READ), LB_KIND_TYPE));
  CHECK(fails(lb_policy_memory_dir(policy, "/m", NULL, 2, LB_ACCESS_READ), LB_KIND_TYPE));
  CHECK(fails(lb_policy_memory_dir(policy, "/m", NULL, 0, 7), LB_KIND_TYPE));
  CHECK(lb_policy_same(policy, before));  // what fails grants nothing, and takes nothing
  CHECK(good(lb_policy_memory_dir(policy, "/m", NULL, 0, LB_ACCESS_READ)) && !lb_policy_same(policy, before));
  CHECK(good(lb_policy_release(before)) && good(lb_policy_release(policy)));
  CHECK(fails(lb_policy_memory_dir(policy, "/m", NULL, 0, LB_ACCESS_READ), LB_KIND_CLOSED));
}

static void limits(void) {
  lb_limits_t limits = LB_LIMITS;
  lb_sandbox_t sandbox = LB_SANDBOX;
  lb_usage_t usage = LB_USAGE;
  lb_instance_t guest;
  lb_store_t store;
  limits.written_bytes = 5000;
  limits.open_files = 1;
  sandbox.limits = &limits;
  sandbox.policy = with_folder(LB_ACCESS_WRITE);
  CHECK(good(make(&sandbox, NULL, &guest)) && good(lb_instance_store(guest, &store)));
  CHECK(answer(guest, "open") == 0 && answer(guest, "open") == 33);  // MFILE
  CHECK(answer(guest, "mkdir") == 20);                                // EXIST: b is there
  CHECK(good(lb_store_usage(store, &usage)) && usage.open_files == 1 && usage.written_bytes == 0);

  // A program that knew less: what it does not know is not bounded, and not told.
  usage.size = offsetof(lb_usage_t, written_bytes);
  usage.open_files = 77;
  CHECK(good(lb_store_usage(store, &usage)) && usage.open_files == 77 && usage.instances == 1);
  CHECK(good(lb_store_release(store)) && good(lb_instance_close(guest)));
  limits.size = offsetof(lb_limits_t, written_bytes);
  CHECK(good(make(&sandbox, NULL, &guest)) && answer(guest, "open") == 0 && answer(guest, "open") == 0);
  CHECK(good(lb_instance_close(guest)) && good(lb_policy_release(sandbox.policy)));
}

static lb_error_t *append(void *data, const uint8_t *bytes, size_t length) {
  strncat(data, (const char *)bytes, length);
  return NULL;
}

static void refusals(void) {
  static const char *const line = "refused: path_open \"../b\" below \"/m\": not permitted\n";
  char text[256] = "";
  lb_sandbox_t sandbox = LB_SANDBOX;
  lb_instance_t guest;
  lb_store_t store;
  lb_bytes_t bytes;
  sandbox.policy = with_folder(LB_ACCESS_READ);
  sandbox.refusals.to = LB_STREAM_CAPTURE;
  CHECK(good(make(&sandbox, NULL, &guest)) && good(lb_instance_store(guest, &store)));
  CHECK(answer(guest, "open") == 0 && answer(guest, "leave") != 0 && good(lb_instance_close(guest)));
  CHECK(good(lb_store_refusals(store, &bytes)) && !strcmp((const char *)bytes.data, line));
  CHECK(good(lb_bytes_release(bytes)) && good(lb_store_refusals(store, &bytes)) && bytes.length == 0);
  CHECK(good(lb_bytes_release(bytes)) && good(lb_store_release(store)));
  CHECK(fails(lb_store_refusals(store, &bytes), LB_KIND_CLOSED) && bytes.data == NULL);

  sandbox.refusals = (lb_output_t){ LB_STREAM_CALLBACK, NULL, append, text, count_drop };
  CHECK(good(make(&sandbox, NULL, &guest)) && answer(guest, "leave") != 0 && !strcmp(text, line));
  CHECK(good(lb_instance_close(guest)) && drops == 1);
  sandbox.size = offsetof(lb_sandbox_t, refusals);  // a program that knew less
  CHECK(good(make(&sandbox, NULL, &guest)) && answer(guest, "leave") != 0 && !strcmp(text, line) && drops == 1);
  CHECK(good(lb_instance_close(guest)));
  sandbox.size = sizeof sandbox;
  sandbox.refusals.to = LB_STREAM_BYTES;
  CHECK(fails(make(&sandbox, NULL, &guest), LB_KIND_TYPE) && drops == 2);
  CHECK(good(lb_policy_release(sandbox.policy)));
}

typedef lb_error_t *address_question(lb_policy_t policy, const char *address, uint16_t port, bool *allowed);

static bool allows(address_question *question, lb_policy_t policy, const char *address, uint16_t port) {
  bool allowed = false;
  CHECK(good(question(policy, address, port, &allowed)));
  return allowed;
}

static void networks(void) {
  lb_policy_t policy;
  bool allowed = true;
  CHECK(good(lb_policy_new(&policy)));
  CHECK(good(lb_policy_tcp_connect(policy, "10.0.0.0/8", "443")) && good(lb_policy_tcp_bind(policy, "::1", "8000-8999")));
  CHECK(good(lb_policy_udp_connect(policy, "192.0.2.1", "*")) && good(lb_policy_udp_bind(policy, "0.0.0.0/0", "53")));
  CHECK(good(lb_policy_name(policy, "*.example.org", "443")));
  CHECK(good(lb_policy_http(policy, "https", "example.org", "443", "GET")));
  CHECK(allows(lb_policy_allows_tcp_connect, policy, "10.1.2.3", 443));
  CHECK(!allows(lb_policy_allows_tcp_connect, policy, "10.1.2.3", 80));
  CHECK(!allows(lb_policy_allows_tcp_connect, policy, "11.1.2.3", 443));
  CHECK(allows(lb_policy_allows_tcp_bind, policy, "::1", 8999) && !allows(lb_policy_allows_tcp_bind, policy, "::", 8999));
  CHECK(allows(lb_policy_allows_udp_connect, policy, "::ffff:192.0.2.1", 65535));
  CHECK(allows(lb_policy_allows_udp_bind, policy, "0.0.0.0", 53) && !allows(lb_policy_allows_udp_bind, policy, "::", 53));
  CHECK(good(lb_policy_allows_name(policy, "WWW.example.org.", &allowed)) && allowed);
  CHECK(good(lb_policy_allows_name(policy, "example.org", &allowed)) && !allowed);
  CHECK(good(lb_policy_allows_name_port(policy, "a.example.org", 443, &allowed)) && allowed);
  CHECK(good(lb_policy_allows_name_port(policy, "a.example.org", 80, &allowed)) && !allowed);
  CHECK(good(lb_policy_allows_http(policy, "https", "example.org", 443, "GET", &allowed)) && allowed);
  CHECK(good(lb_policy_allows_http(policy, "https", "example.org", 443, "POST", &allowed)) && !allowed);
  CHECK(good(lb_policy_release(policy)));
}

static void wrong_networks(void) {
  lb_policy_t policy, none;
  bool allowed = true;
  CHECK(good(lb_policy_new(&policy)) && good(lb_policy_new(&none)));
  CHECK(fails(lb_policy_tcp_connect(policy, "example.org", "1"), LB_KIND_TYPE));
  CHECK(fails(lb_policy_tcp_bind(policy, "10.0.0.0/33", "1"), LB_KIND_TYPE));
  CHECK(fails(lb_policy_udp_connect(policy, "10.0.0.0", "9-1"), LB_KIND_TYPE));
  CHECK(fails(lb_policy_udp_bind(policy, "10.0.0.0", "65536"), LB_KIND_TYPE));
  CHECK(fails(lb_policy_udp_bind(policy, "10.0.0.0", NULL), LB_KIND_TYPE));
  CHECK(fails(lb_policy_tcp_bind(policy, NULL, "1"), LB_KIND_TYPE) && fails(lb_policy_name(policy, "a b", "1"), LB_KIND_TYPE));
  CHECK(fails(lb_policy_http(policy, "ftp", "a", "1", "GET"), LB_KIND_TYPE) && lb_policy_same(policy, none));
  CHECK(fails(lb_policy_allows_tcp_connect(policy, "localhost", 1, &allowed), LB_KIND_TYPE) && !allowed);
  CHECK(fails(lb_policy_allows_udp_bind(policy, "1.2.3.4:80", 1, &allowed), LB_KIND_TYPE));
  CHECK(fails(lb_policy_allows_tcp_bind(policy, "1.2.3.4", 1, NULL), LB_KIND_TYPE));
  CHECK(fails(lb_policy_allows_name(policy, NULL, &allowed), LB_KIND_TYPE));
  CHECK(good(lb_policy_release(policy)) && good(lb_policy_release(none)));
  CHECK(fails(lb_policy_name(policy, "a", "1"), LB_KIND_CLOSED));
  CHECK(fails(lb_policy_allows_name(policy, "a", &allowed), LB_KIND_CLOSED));
}

static void asks(void) {
  lb_inspection_t found;
  const lb_ask_t *asks;
  size_t count;
  CHECK(good(lb_inspect_text(GUEST, &found)) && good(lb_inspection_asks(found, &asks, &count)) && count == 1);
  CHECK(!strcmp(asks->what, "files") && asks->count == 2 && !strcmp(asks->functions[1], "path_create_directory"));
  CHECK(good(lb_inspection_release(found)) && fails(lb_inspection_asks(found, &asks, &count), LB_KIND_CLOSED));
  CHECK(asks == NULL && count == 0);
}

// An exit comes out of all the guests that are in between, with its code.
static void exits(void) {
  lb_instance_t none = { 0 }, inner, outer;
  int32_t code = 0;
  CHECK(good(make(NULL, &none, &inner)) && good(make(NULL, &inner, &outer)));
  CHECK(good(lb_instance_run(outer, &code)) && code == -5);
  lb_error_t *error = lb_instance_call(outer, "end", NULL, 0, NULL, 0);
  CHECK(lb_error_kind(error) == LB_KIND_EXIT && lb_error_exit_code(error) == -5);
  lb_error_free(error);
  CHECK(good(lb_instance_close(outer)) && good(lb_instance_close(inner)));
}

int main(void) {
  memory_dirs();
  limits();
  refusals();
  networks();
  wrong_networks();
  asks();
  exits();
  return finish();
}
