// Steps about how a store is closed in, what it may use and used, its streams, and files of the case.

#ifndef CONFORMANCE_LIMITS_H
#define CONFORMANCE_LIMITS_H

#include <sys/stat.h>

#include "refs.h"

static lb_limits_t limits_of(env *e, const node *step) {
  lb_limits_t limits = LB_LIMITS;
  const struct {
    const char *key;
    uint64_t *limit;
  } all[] = {
    { "memory_bytes", &limits.memory_bytes }, { "table_elements", &limits.table_elements },
    { "instances", &limits.instances },       { "fuel", &limits.fuel },
    { "output_bytes", &limits.output_bytes }, { "timeout_ms", &limits.timeout_ms },
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

static lb_error_t *throw_written(void *data, const uint8_t *bytes, size_t length) {
  (void)bytes, (void)length;
  return lb_error_host(((object *)data)->name, data, NULL);
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
  } else if (!strncmp(to, "throw ", 6)) {
    output.write = throw_written;
    output.data = object_of(e, to + 6);
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
  char out[PATH_MAX], err[PATH_MAX];
} closed_in;

static lb_error_t *sandbox_of(env *e, const node *step, closed_in *in) {
  const char *text = tree_str(step, "stdin");
  in->limits = limits_of(e, step);
  in->sandbox.limits = &in->limits;
  if (text) in->sandbox.in = (lb_input_t){ LB_STREAM_BYTES, NULL, text, strlen(text) };
  in->sandbox.out = output_of(e, tree_str(step, "stdout"), in->out);
  in->sandbox.err = output_of(e, tree_str(step, "stderr"), in->err);
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
    { "memory_bytes", usage->memory_bytes }, { "peak_memory_bytes", usage->peak_memory_bytes },
    { "table_elements", usage->table_elements }, { "instances", usage->instances },
    { "fuel_used", usage->fuel_used }, { "output_bytes", usage->output_bytes },
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

static lb_error_t *do_output(env *e, const node *step) {
  lb_store_t store;
  lb_bytes_t bytes;
  const bool is_out = !strcmp(tree_str(step, "stream"), "stdout");
  lb_error_t *error = target_of(e, step, &store);
  if (error) return error;
  error = is_out ? lb_store_stdout(store, &bytes) : lb_store_stderr(store, &bytes);
  if (!error) check_text(e, tree_find(step, "text"), (const char *)bytes.data);
  lb_error_free(lb_bytes_release(bytes));
  release_target(e, step, store);
  return error;
}

static lb_error_t *do_written(env *e, const node *step) {
  env *outer = outermost(e);
  check_text(e, tree_find(step, "text"), outer->written ? outer->written : "");
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

// ---- Files of the case ----

static lb_error_t *do_write_file(env *e, const node *step) {
  char path[PATH_MAX];
  file_of(e, step, path);
  // The folders that it is in; those that are there stay.
  for (char *at = path + 1; (at = strchr(at, '/')); *at++ = '/') *at = 0, mkdir(path, 0700);
  FILE *file = fopen(path, "wb");
  if (!file || fputs(tree_str(step, "text"), file) < 0 || fclose(file)) fail(e, "%s cannot be written", path);
  return NULL;
}

static lb_error_t *do_symlink(env *e, const node *step) {
  char path[PATH_MAX];
  if (symlink(tree_str(step, "to"), file_of(e, step, path))) fail(e, "no link can be made as %s", path);
  return NULL;
}

static lb_error_t *do_read_file(env *e, const node *step) {
  char path[PATH_MAX];
  char *found = tree_bytes(file_of(e, step, path), NULL);
  check_text(e, tree_find(step, "text"), found);
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
