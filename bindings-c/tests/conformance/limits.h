// Steps about how a store is closed in, what it may use and used, its streams, and files of the case.

#ifndef CONFORMANCE_LIMITS_H
#define CONFORMANCE_LIMITS_H

#include <fcntl.h>
#include <sys/stat.h>

#include "refs.h"

static lb_limits_t limits_of(env *e, const node *step) {
  lb_limits_t limits = LB_LIMITS;
  const struct {
    const char *key;
    uint64_t *limit;
  } all[] = {
    // generated: c.case_limits
    { "memory_bytes", &limits.memory_bytes },
    { "table_elements", &limits.table_elements },
    { "instances", &limits.instances },
    { "fuel", &limits.fuel },
    { "output_bytes", &limits.output_bytes },
    { "written_bytes", &limits.written_bytes },
    { "open_files", &limits.open_files },
    { "timeout_ms", &limits.timeout_ms },
    { "transfer_bytes", &limits.transfer_bytes },
    { "handles", &limits.handles },
    // end generated
  };
  const node *given = tree_find(step, "limits");
  for (const node *one = given ? given->first : NULL; one; one = one->next) {
    size_t i = 0;
    while (i < COUNT(all) && strcmp(all[i].key, one->key)) i++;
    if (i == COUNT(all)) {
      fail(e, "no limit is named %s", one->key);
    } else {
      *all[i].limit = strtoull(one->text, NULL, 10);
    }
  }
  return limits;
}

// A policy whose folders are in the folder of the case.
static lb_error_t *policy_of(env *e, const node *given, lb_policy_t *policy) {
  char folder[PATH_MAX], *json = tree_json(given, "CASE/", in_folder(e, "", folder));
  lb_error_t *error = lb_policy_from_json(json, policy);
  free(json);
  return error;
}

static lb_error_t *note_written(void *data, const uint8_t *bytes, size_t length) {
  env *e = outermost(data);
  pthread_mutex_lock(&lock);
  e->written = realloc(e->written, e->written_length + length + 1);
  memcpy(e->written + e->written_length, bytes, length);
  e->written_length += length;
  e->written[e->written_length] = 0;
  pthread_mutex_unlock(&lock);
  return NULL;
}

static lb_error_t *note_line(void *data, const uint8_t *bytes, size_t length) {
  note_written(data, (const uint8_t *)"[", 1);
  note_written(data, bytes, length);
  return note_written(data, (const uint8_t *)"]", 1);
}

static lb_error_t *throw_written(void *data, const uint8_t *bytes, size_t length) {
  (void)bytes, (void)length;
  return lb_error_host(((object *)data)->name, data, NULL);
}

// A function for output that calls an export: `call INSTANCE FUNC`. It stays until the runner ends.
typedef struct {
  env *env;
  char instance[64], func[64];
} calling;

static lb_error_t *call_written(void *data, const uint8_t *bytes, size_t length) {
  (void)bytes, (void)length;
  calling *it = data;
  lb_value_t result[1];
  return lb_instance_call(find(it->env, it->instance, INSTANCE)->instance, it->func, NULL, 0, result, 1);
}

static lb_output_t output_of(env *e, const char *to, char path[PATH_MAX]) {
  lb_output_t output = { LB_STREAM_NONE, NULL, NULL, NULL, NULL };
  if (!to) return output;
  output.to = LB_STREAM_CALLBACK;
  if (!strcmp(to, "capture")) {
    output.to = LB_STREAM_CAPTURE;
  } else if (!strcmp(to, "callback")) {
    output.write = note_written;
    output.data = e;
  } else if (!strcmp(to, "lines")) {
    output.to = LB_STREAM_LINES;
    output.write = note_line;
    output.data = e;
  } else if (!strncmp(to, "throw ", 6)) {
    output.write = throw_written;
    output.data = object_of(e, to + 6);
  } else if (!strncmp(to, "call ", 5)) {
    calling *it = calloc(1, sizeof *it);
    it->env = e;
    if (sscanf(to, "call %63s %63s", it->instance, it->func) != 2) fail(e, "%s names no function", to);
    output.write = call_written;
    output.data = it;
  } else {
    output.to = LB_STREAM_FILE;
    output.path = in_folder(e, to, path);
  }
  return output;
}

// A sandbox with what it points to.
typedef struct {
  lb_sandbox_t sandbox;
  lb_limits_t limits;
  char out[PATH_MAX], err[PATH_MAX], refusals[PATH_MAX];
} closed_in;

#define CLOSED_IN { LB_SANDBOX, LB_LIMITS, "", "", "" }

static lb_error_t *sandbox_of(env *e, const node *step, closed_in *in) {
  const char *text = tree_str(step, "stdin");
  in->limits = limits_of(e, step);
  in->sandbox.limits = &in->limits;
  if (text) in->sandbox.in = (lb_input_t){ LB_STREAM_BYTES, NULL, text, strlen(text) };
  in->sandbox.out = output_of(e, tree_str(step, "stdout"), in->out);
  in->sandbox.err = output_of(e, tree_str(step, "stderr"), in->err);
  in->sandbox.refusals = output_of(e, tree_str(step, "refusals"), in->refusals);
  const node *policy = tree_find(step, "policy");
  return policy ? policy_of(e, policy, &in->sandbox.policy) : NULL;
}

// A handle of the store of an instance, or of a store.
static lb_error_t *target_of(env *e, const node *step, lb_store_t *store) {
  const thing *target = find(e, tree_str(step, "target"), 0);
  if (target->sort == INSTANCE) return lb_instance_store(target->instance, store);
  *store = target->store;
  return NULL;
}

static void release_target(env *e, const node *step, lb_store_t store) {
  if (find(e, tree_str(step, "target"), 0)->sort == INSTANCE) lb_error_free(lb_store_release(store));
}

static void check_usage(env *e, const node *expected, const lb_usage_t *usage) {
  const struct {
    const char *key;
    uint64_t found;
  } all[] = {
    // generated: c.case_usage
    { "memory_bytes", usage->memory_bytes },
    { "peak_memory_bytes", usage->peak_memory_bytes },
    { "table_elements", usage->table_elements },
    { "instances", usage->instances },
    { "output_bytes", usage->output_bytes },
    { "written_bytes", usage->written_bytes },
    { "open_files", usage->open_files },
    { "fuel_used", usage->fuel_used },
    { "handles", usage->handles },
    // end generated
  };
  for (const node *one = expected->first; one; one = one->next) {
    size_t i = 0;
    while (i < COUNT(all) && strcmp(all[i].key, one->key)) i++;
    const uint64_t wanted = one->text ? strtoull(one->text, NULL, 10) : LB_NO_FUEL;
    if (i == COUNT(all) || all[i].found != wanted) fail(e, "the usage is another one in %s", one->key);
  }
}

static lb_error_t *do_usage(env *e, const node *step) {
  lb_store_t store;
  lb_usage_t usage = LB_USAGE;
  lb_error_t *error = target_of(e, step, &store);
  if (error) return error;
  error = lb_store_usage(store, &usage);
  if (!error) check_usage(e, tree_find(step, "equals"), &usage);
  release_target(e, step, store);
  return error;
}

static lb_error_t *do_set_fuel(env *e, const node *step) {
  lb_store_t store;
  lb_error_t *error = target_of(e, step, &store);
  if (error) return error;
  error = lb_store_set_fuel(store, tree_num(step, "fuel", 0));
  release_target(e, step, store);
  return error;
}

static lb_error_t *do_cancel(env *e, const node *step) { return cancel_named(e, tree_str(step, "target")); }

// Compares bytes with a text, in which C0 80 stands for a zero byte.
static void check_content(env *e, const node *expected, const char *bytes, size_t length) {
  char *text = malloc(2 * length + 1), *end = text;
  for (size_t i = 0; i < length; i++) {
    if (!bytes[i]) *end++ = '\xc0';
    *end++ = bytes[i] ? bytes[i] : '\x80';
  }
  *end = 0;
  check_text(e, expected, text);
  free(text);
}

static lb_error_t *take_output(env *e, const char *stream, lb_store_t store, lb_bytes_t *bytes) {
  if (!strcmp(stream, "stdout")) return lb_store_stdout(store, bytes);
  if (!strcmp(stream, "stderr")) return lb_store_stderr(store, bytes);
  if (!strcmp(stream, "nowhere")) return lb_store_output(store, bytes);
  if (strcmp(stream, "refusals")) fail(e, "no stream is %s", stream);
  return lb_store_refusals(store, bytes);
}

static lb_error_t *do_output(env *e, const node *step) {
  lb_store_t store;
  lb_bytes_t bytes;
  lb_error_t *error = target_of(e, step, &store);
  if (error) return error;
  error = take_output(e, tree_str(step, "stream"), store, &bytes);
  if (!error) check_content(e, tree_find(step, "text"), (const char *)bytes.data, bytes.length);
  lb_error_free(lb_bytes_release(bytes));
  release_target(e, step, store);
  return error;
}

static lb_error_t *do_written(env *e, const node *step) {
  env *outer = outermost(e);
  check_content(e, tree_find(step, "text"), outer->written ? outer->written : "", outer->written_length);
  outer->written_length = 0;
  if (outer->written) *outer->written = 0;
  return NULL;
}

static lb_error_t *do_run(env *e, const node *step) {
  int32_t exit_code;
  lb_error_t *error = lb_instance_run(find(e, tree_str(step, "instance"), INSTANCE)->instance, &exit_code);
  if (!error) check_number(e, step, "exit", (uint64_t)exit_code);
  return error;
}

// ---- Policies ----

static void check_json(env *e, const node *expected, lb_policy_t policy) {
  size_t length = 0;
  lb_error_free(lb_policy_to_json(policy, NULL, 0, &length));
  char *json = calloc(length + 1, 1);
  lb_error_free(lb_policy_to_json(policy, json, length + 1, NULL));
  check_text(e, expected, json);
  free(json);
}

static lb_error_t *do_policy(env *e, const node *step) {
  lb_policy_t policy;
  lb_error_t *error = lb_policy_from_json(tree_str(step, "from"), &policy);
  if (error) return error;
  check_json(e, tree_find(step, "json"), policy);
  return lb_policy_release(policy);
}

static lb_error_t *do_limits_json(env *e, const node *step) {
  lb_limits_t limits = LB_LIMITS;
  lb_error_t *error = lb_limits_from_json(tree_str(step, "from"), &limits);
  if (error) return error;
  size_t length = 0;
  error = lb_limits_to_json(&limits, NULL, 0, &length);
  if (error) return error;
  char *json = calloc(length + 1, 1);
  error = lb_limits_to_json(&limits, json, length + 1, NULL);
  check_text(e, tree_find(step, "json"), json);
  free(json);
  return error;
}

static lb_error_t *do_restrict(env *e, const node *step) {
  lb_policy_t policy, by, restricted;
  lb_error_t *error = policy_of(e, tree_find(step, "policy"), &policy);
  if (!error) error = policy_of(e, tree_find(step, "by"), &by);
  if (!error) error = lb_policy_restrict(policy, by, &restricted);
  if (error) return error;
  if (!lb_policy_allows(policy, restricted) || !lb_policy_allows(by, restricted)) fail(e, "it is not allowed");
  check_json(e, tree_find(step, "json"), restricted);
  lb_error_free(lb_policy_release(policy)), lb_error_free(lb_policy_release(by));
  return lb_policy_release(restricted);
}

// An address such as "192.0.2.1:80" or "[::1]:80".
static uint16_t split_address(const char *text, char *address, size_t size) {
  const bool is_bracketed = *text == '[';
  const char *colon = strrchr(text, ':');
  snprintf(address, size, "%.*s", (int)(colon - text) - 2 * is_bracketed, text + is_bracketed);
  return (uint16_t)strtoul(colon + 1, NULL, 10);
}

static lb_error_t *ask(env *e, const node *step, lb_policy_t policy, bool *allowed) {
  static const struct {
    const char *name;
    lb_error_t *(*ask)(lb_policy_t policy, const char *address, uint16_t port, bool *allowed);
  } addresses[] = {
    { "tcp_connect", lb_policy_allows_tcp_connect }, { "tcp_bind", lb_policy_allows_tcp_bind },
    { "udp_connect", lb_policy_allows_udp_connect }, { "udp_bind", lb_policy_allows_udp_bind },
  };
  const char *question = tree_str(step, "question"), *name = tree_str(step, "name");
  const uint16_t port = (uint16_t)tree_num(step, "port", 0);
  for (size_t i = 0; i < COUNT(addresses); i++) {
    char address[64];
    if (strcmp(question, addresses[i].name)) continue;
    const uint16_t at = split_address(tree_str(step, "address"), address, sizeof address);
    return addresses[i].ask(policy, address, at, allowed);
  }
  if (!strcmp(question, "name")) return lb_policy_allows_name(policy, name, allowed);
  if (!strcmp(question, "name_port")) return lb_policy_allows_name_port(policy, name, port, allowed);
  if (strcmp(question, "http")) fail(e, "nobody asks %s", question);
  const char *scheme = tree_str(step, "scheme"), *host = tree_str(step, "host");
  return lb_policy_allows_http(policy, scheme, host, port, tree_str(step, "method"), allowed);
}

static lb_error_t *do_allows(env *e, const node *step) {
  lb_policy_t policy;
  bool allowed;
  lb_error_t *error = policy_of(e, tree_find(step, "policy"), &policy);
  if (error) return error;
  error = ask(e, step, policy, &allowed);
  if (!error && allowed != tree_is(step, "equals")) fail(e, "whether it is allowed is %d", allowed);
  lb_error_free(lb_policy_release(policy));
  return error;
}

// ---- Files of the case ----

// Makes the folders that a path is in; those that are there stay.
static void make_folders(char *path) {
  for (char *at = path + 1; (at = strchr(at, '/')); *at++ = '/') *at = 0, mkdir(path, 0700);
}

static lb_error_t *do_write_file(env *e, const node *step) {
  char path[PATH_MAX];
  file_of(e, step, path);
  make_folders(path);
  FILE *file = fopen(path, "wb");
  if (!file || fputs(tree_str(step, "text"), file) < 0 || fclose(file)) fail(e, "%s cannot be written", path);
  return NULL;
}

static lb_error_t *do_symlink(env *e, const node *step) {
  char path[PATH_MAX];
  file_of(e, step, path);
  make_folders(path);
  if (symlink(tree_str(step, "to"), path)) fail(e, "no link can be made as %s", path);
  return NULL;
}

static lb_error_t *do_make_pipe(env *e, const node *step) {
  char path[PATH_MAX];
  file_of(e, step, path);
  make_folders(path);
  if (mkfifo(path, 0600)) fail(e, "no pipe can be made as %s", path);
  if (tree_is(step, "is_held") && open(path, O_RDWR | O_CLOEXEC) < 0) fail(e, "%s cannot be opened", path);
  return NULL;
}

static lb_error_t *do_read_file(env *e, const node *step) {
  char path[PATH_MAX];
  size_t length;
  char *found = tree_bytes(file_of(e, step, path), &length);
  check_content(e, tree_find(step, "text"), found, length);
  free(found);
  return NULL;
}

static lb_error_t *do_file_exists(env *e, const node *step) {
  char path[PATH_MAX];
  const bool is_there = !access(file_of(e, step, path), F_OK);
  if (is_there != tree_is(step, "equals")) fail(e, "whether the file is there is %d", is_there);
  return NULL;
}

#endif
