/* A program that loads the library while it runs, twice from two files, as two plugins may that bring one each. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <landbridge.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  uint32_t (*abi_version)(void);
  lb_error_t *(*load)(const lb_engine_t *, const char *, lb_module_t *);
  lb_error_t *(*instance)(lb_module_t, const lb_imports_t *, lb_instance_t *);
  lb_error_t *(*call)(lb_instance_t, const char *, const lb_value_t *, size_t, lb_value_t *, size_t);
  const char *(*trap_name)(const lb_error_t *);
  void (*free_error)(lb_error_t *);
} library;

/* ISO C has no cast between pointers to objects and to functions. */
static int find(void *handle, const char *name, void *function) {
  void *found = dlsym(handle, name);
  memcpy(function, &found, sizeof found);
  return found != NULL;
}

/* A plug-in that looks at the version and is unloaded: the library stays. */
static int unload(const char *path) {
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!handle || dlclose(handle) != 0) return 6;
  handle = dlopen(path, RTLD_NOW | RTLD_NOLOAD);
  return handle ? 0 : (fprintf(stderr, "%s was unloaded by dlclose\n", path), 7);
}

static int run(const char *path) {
  library lib;
  lb_module_t module;
  lb_instance_t instance;
  lb_error_t *error;
  void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!handle) return fprintf(stderr, "%s\n", dlerror()), 1;
  if (!find(handle, "lb_abi_version", &lib.abi_version) || lib.abi_version() < LB_ABI_VERSION) return 2;
  if (!find(handle, "lb_module_load_text", &lib.load) || !find(handle, "lb_instance_new", &lib.instance)) return 3;
  if (!find(handle, "lb_instance_call", &lib.call) || !find(handle, "lb_error_trap_name", &lib.trap_name)) return 4;
  if (!find(handle, "lb_error_free", &lib.free_error)) return 5;
  error = lib.load(NULL, "(module (memory 1) (func (export \"f\") (drop (i32.load (i32.const -1)))))", &module);
  if (!error) error = lib.instance(module, NULL, &instance);
  if (!error) error = lib.call(instance, "f", NULL, 0, NULL, 0);
  printf("%s\n", lib.trap_name(error));
  lib.free_error(error);
  return 0;
}

int main(int argc, char **argv) {
  int failed = argc != 3;
  for (int i = 1; !failed && i < argc; i++) failed = unload(argv[i]);
  for (int i = 1; !failed && i < argc; i++) failed = run(argv[i]);
  return failed;
}
