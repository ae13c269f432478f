// What a case has made, by name.

#ifndef CONFORMANCE_WORLD_H
#define CONFORMANCE_WORLD_H

#include <ftw.h>
#include <landbridge.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <unistd.h>

#include "../tree.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define MOST 64

enum sort { ENGINE = 10, MODULE, STORE, INSTANCE, VIEW, REFERENCE, THROWN, CALLS, POOL, WIT_RESOURCE, WIT_CALLS };

// What is known by a name. Functions, memories, tables, globals and tags have their LB_SORT_; objects of the
// guest's heap and exceptions are references.
typedef struct thing {
  const char *name;
  uint32_t sort;
  lb_engine_t engine;
  lb_module_t module;
  lb_store_t store;
  lb_instance_t instance;
  lb_view_t view;
  lb_pool_t pool;
  lb_call_t *calls;
  lb_wit_call_t *wit_calls;
  lb_wit_func_t wit_func;
  lb_wit_func_type_t wit_type;
  uint64_t resource;  // of a guest, of the store
  void *object;       // or one of the host's
  size_t ncalls;
  lb_extern_t item;
  lb_value_t reference;
  struct thing *next;
} thing;

// An object of the host's own: known by its address.
typedef struct object {
  const char *name;
  struct object *next;
} object;

typedef struct entry {
  lb_value_t *values;
  size_t count;
  struct entry *next;
} entry;

// What a host function of a component got.
typedef struct wit_entry {
  char **texts;
  size_t count;
  struct wit_entry *next;
} wit_entry;

// A case, or the names of one thread of it.
typedef struct env {
  struct env *parent;
  thing *things;
  object *objects;
  entry *log, **log_end;
  wit_entry *wit_log;
  char *written;
  size_t written_length;
  char folder[64];
  char failure[1024];
} env;

static const char *root;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static env *outermost(env *e) {
  while (e->parent) e = e->parent;
  return e;
}

// Notes why a case fails; the first reason counts.
static void fail(env *e, const char *format, ...) {
  va_list args;
  va_start(args, format);
  if (!e->failure[0]) vsnprintf(e->failure, sizeof e->failure, format, args);
  va_end(args);
}

static thing *find(env *e, const char *name, uint32_t sort) {
  thing *found = NULL;
  pthread_mutex_lock(&lock);
  for (env *in = e; in && !found; in = in->parent) {
    for (found = in->things; found && strcmp(found->name, name ? name : ""); found = found->next) {}
  }
  pthread_mutex_unlock(&lock);
  static thing nothing;
  if (found && (!sort || found->sort == sort)) return found;
  fail(e, "nothing of this sort is known as %s", name ? name : "(no name)");
  return &nothing;
}

static thing *named(const char *name, uint32_t sort) {
  thing *made = calloc(1, sizeof *made);
  made->name = name;
  made->sort = sort;
  made->item.sort = sort;
  return made;
}

static thing *make(env *e, const node *step, uint32_t sort) {
  const char *name = tree_str(step, "as");
  if (!name) fail(e, "the step has no name under \"as\"");
  return named(name ? name : "", sort);
}

// Makes a name known once the step went well.
static lb_error_t *keep(env *e, thing *made, lb_error_t *error) {
  if (error) return error;
  pthread_mutex_lock(&lock);
  made->next = e->things;
  e->things = made;
  pthread_mutex_unlock(&lock);
  return NULL;
}

static object *object_of(env *e, const char *name) {
  e = outermost(e);
  pthread_mutex_lock(&lock);
  object *found = e->objects;
  while (found && strcmp(found->name, name)) found = found->next;
  if (!found) {
    found = calloc(1, sizeof *found);
    found->name = name;
    found->next = e->objects;
    e->objects = found;
  }
  pthread_mutex_unlock(&lock);
  return found;
}

// A path in the case's own folder, which is made at first mention.
static const char *in_folder(env *e, const char *name, char path[PATH_MAX]) {
  env *in = outermost(e);
  pthread_mutex_lock(&lock);
  if (!*in->folder) {
    strcpy(in->folder, "/tmp/landbridge-conformance-XXXXXX");
    if (!mkdtemp(in->folder)) fail(e, "no folder can be made");
  }
  pthread_mutex_unlock(&lock);
  snprintf(path, PATH_MAX, "%s/%s", in->folder, name);
  return path;
}

static const char *file_of(env *e, const node *step, char path[PATH_MAX]) {
  return in_folder(e, tree_str(step, "file"), path);
}

static int remove_one(const char *path, const struct stat *is, int sort, struct FTW *at) {
  (void)is, (void)sort, (void)at;
  return remove(path);
}

static void remove_folder(env *e) {
  if (*e->folder) nftw(e->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void release_calls(thing *calls) {
  for (size_t i = 0; i < calls->ncalls; i++) lb_error_free(lb_call_release(calls->calls[i]));
  free(calls->calls);
}

static void release_wit_calls(thing *calls) {
  for (size_t i = 0; i < calls->ncalls; i++) lb_error_free(lb_wit_call_release(calls->wit_calls[i]));
  lb_error_free(lb_wit_func_release(calls->wit_func));
  lb_error_free(lb_store_release(calls->store));
  free(calls->wit_calls);
}

static void release_all(env *e) {
  for (thing *one = e->things; one; one = one->next) {
    switch (one->sort) {
      case ENGINE: lb_error_free(lb_engine_release(one->engine)); break;
      case MODULE: lb_error_free(lb_module_release(one->module)); break;
      case STORE: lb_error_free(lb_store_release(one->store)); break;
      case INSTANCE: lb_error_free(lb_instance_release(one->instance)); break;
      case VIEW: lb_error_free(lb_view_release(one->view)); break;
      case CALLS: release_calls(one); break;
      case WIT_CALLS: release_wit_calls(one); break;
      case WIT_RESOURCE: lb_error_free(lb_store_release(one->store)); break;  // several may have one handle
      case POOL: lb_error_free(lb_pool_release(one->pool)); break;
      case REFERENCE:
      case THROWN: lb_error_free(lb_value_release(&one->reference)); break;
      default: lb_error_free(lb_extern_release(one->item)); break;
    }
  }
  for (entry *one = e->log; one; one = one->next) {
    for (size_t i = 0; i < one->count; i++) lb_error_free(lb_value_release(&one->values[i]));
  }
  free(e->written);
  remove_folder(e);
}

#endif
