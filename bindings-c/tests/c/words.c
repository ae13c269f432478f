// What is said of wrong texts and names, what a string is that is loaded, and texts in memory.

#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

// Whether the call failed with this kind and says this; frees the error.
static int says(lb_error_t *error, lb_kind_t kind, const char *part) {
  const int found = error && strstr(lb_error_message(error), part) != NULL;
  if (error && !found) printf("%s\n", lb_error_message(error));
  return fails(error, kind) && found;
}

static void given(void) {
  lb_policy_t policy;
  const char *zero[2] = { "p", "a\xc0\x80" }, *bytes[2] = { "p", "\xff" };
  CHECK(good(lb_policy_new(&policy)));
  CHECK(says(lb_policy_args(policy, zero, 2), LB_KIND_TYPE, "args[1] has a zero byte"));
  CHECK(says(lb_policy_args(policy, bytes, 2), LB_KIND_TYPE, "args[1] is not Unicode"));
  CHECK(says(lb_policy_env(policy, "", "1"), LB_KIND_TYPE, "no name"));
  CHECK(says(lb_policy_env(policy, "A=B", "1"), LB_KIND_TYPE, "the variable \"A=B\" has a \"=\""));
  CHECK(says(lb_policy_env(policy, "A", "\xc0\x80"), LB_KIND_TYPE, "the variable \"A\" has a zero byte"));
  CHECK(says(lb_policy_env(policy, "\xff", "1"), LB_KIND_TYPE, "the name of a variable is not Unicode"));
  CHECK(says(lb_policy_env(policy, "A", "\xff"), LB_KIND_TYPE, "the variable \"A\" is not Unicode"));
  CHECK(says(lb_policy_dir(policy, "/\xc0\x80", ".", LB_ACCESS_READ), LB_KIND_TYPE, "has a zero byte"));
  CHECK(says(lb_policy_memory_dir(policy, "/\xc0\x80", NULL, 0, LB_ACCESS_READ), LB_KIND_TYPE, "has a zero byte"));
  char json[128];
  CHECK(good(lb_policy_to_json(policy, json, sizeof json, NULL)) && strstr(json, "\"args\":[]") && strstr(json, "\"env\":{}"));
  CHECK(good(lb_policy_release(policy)));
}

static void write_file(const char *path, const char *text) {
  FILE *file = fopen(path, "w");
  CHECK(file && fputs(text, file) >= 0 && !fclose(file));
}

static void strings(void) {
  char folder[] = "/tmp/landbridge-c-XXXXXX";
  CHECK(mkdtemp(folder) && !chdir(folder));
  const char *name, *paths[] = { "a.wat", "(1).wat", "\xff.wat" };
  for (int i = 0; i < 3; i++) write_file(paths[i], "(module $file)");
  lb_module_t module;
  CHECK(good(lb_module_load(NULL, "a.wat", &module)) && good(lb_module_name(module, &name)) && !strcmp(name, "file"));
  CHECK(good(lb_module_release(module)));
  CHECK(good(lb_module_load(NULL, "\xff.wat", &module)) && good(lb_module_release(module)));
  CHECK(good(lb_module_load(NULL, "./(1).wat", &module)) && good(lb_module_release(module)));
  CHECK(good(lb_module_load(NULL, "\xef\xbb\xbf ;; a\n(module $text)", &module)));
  CHECK(good(lb_module_name(module, &name)) && !strcmp(name, "text") && good(lb_module_release(module)));
  CHECK(says(lb_module_load(NULL, "(1).wat", &module), LB_KIND_COMPILE, "") && !module.id);
  CHECK(says(lb_module_load(NULL, "b.wat", &module), LB_KIND_IO, "b.wat") && !module.id);
  CHECK(says(lb_module_load(NULL, "(module \xff)", &module), LB_KIND_TYPE, "not Unicode"));
  CHECK(fails(lb_module_load(NULL, NULL, &module), LB_KIND_TYPE));
  lb_inspection_t found;
  CHECK(good(lb_inspect("a.wat", &found)) && good(lb_inspection_name(found, &name)) && !strcmp(name, "file"));
  CHECK(good(lb_inspection_built_for(found, &name)) && !name && good(lb_inspection_release(found)));
  CHECK(fails(lb_inspect(NULL, &found), LB_KIND_TYPE) && !found.id);
  for (int i = 0; i < 3; i++) CHECK(!unlink(paths[i]));
  CHECK(!chdir("/") && !rmdir(folder));
}

static void texts(void) {
  lb_instance_t guest = instance_of("(module (memory (export \"m\") 1))", NULL);
  lb_memory_t memory;
  char text[8];
  size_t length;
  CHECK(good(lb_instance_memory(guest, "m", &memory)));
  CHECK(good(lb_memory_write_text(memory, 0, "gr\xc3\xb6\xc3\x9f" "e", &length)) && length == 7);
  CHECK(good(lb_memory_write_text(memory, 0, "g", NULL)));
  // Cut between characters, with its whole length.
  CHECK(good(lb_memory_read_text(memory, 0, 7, text, 4, &length)) && length == 7 && !strcmp(text, "gr"));
  CHECK(good(lb_memory_read_text(memory, 0, 7, text, sizeof text, NULL)) && !strcmp(text, "gr\xc3\xb6\xc3\x9f" "e"));
  CHECK(good(lb_memory_read_c_string(memory, 0, 0, NULL, 0, &length)) && length == 7);
  CHECK(fails(lb_memory_read_c_string(memory, 0, 7, text, sizeof text, &length), LB_KIND_OUT_OF_BOUNDS));
  CHECK(fails(lb_memory_write_text(memory, 0, "\xff", &length), LB_KIND_TYPE));
  CHECK(fails(lb_memory_write_text(memory, 0, NULL, &length), LB_KIND_TYPE));
  CHECK(good(lb_memory_release(memory)) && good(lb_instance_close(guest)));
  CHECK(fails(lb_memory_read_text(memory, 0, 1, text, sizeof text, &length), LB_KIND_CLOSED));
}

int main(void) {
  given();
  strings();
  texts();
  return finish();
}
