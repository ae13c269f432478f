// Host functions and what else is lent.

#ifndef CONFORMANCE_HOST_H
#define CONFORMANCE_HOST_H

#include "value.h"

typedef struct host {
  env *env;
  const node *spec;
} host;

static lb_error_t *give(env *e, const node *list, lb_value_t *results, size_t nresults) {
  size_t count;
  lb_value_t *given = values_of(e, list, NULL, &count);
  if (count != nresults) {
    fail(e, "a host function of C cannot return another number of values");
    free_values(given, count);
    return lb_error_new(LB_KIND_INTERNAL, "another number of values");
  }
  memcpy(results, given, count * sizeof *given);
  free(given);
  return NULL;
}

static lb_error_t *close_named(env *e, const char *name) {
  thing *target = find(e, name, 0);
  if (target->sort == INSTANCE) return lb_instance_close(target->instance);
  if (target->sort == STORE) return lb_store_close(target->store);
  if (target->sort == POOL) return lb_pool_close(target->pool);
  fail(e, "%s cannot be closed", name);
  return NULL;
}

static lb_error_t *cancel_named(env *e, const char *name) {
  const thing *target = find(e, name, 0);
  if (target->sort != INSTANCE) return lb_store_cancel(target->store);
  lb_store_t store;
  lb_error_t *error = lb_instance_store(target->instance, &store);
  if (!error) error = lb_store_cancel(store);
  lb_error_free(lb_store_release(store));
  return error;
}

static void record(env *e, const lb_value_t *args, size_t nargs) {
  entry *made = calloc(1, sizeof *made);
  made->values = calloc(nargs + 1, sizeof *args);
  for (; made->count < nargs; made->count++) {
    lb_error_free(lb_value_clone(args[made->count], &made->values[made->count]));
  }
  e = outermost(e);
  pthread_mutex_lock(&lock);
  *e->log_end = made;
  e->log_end = &made->next;
  pthread_mutex_unlock(&lock);
}

static lb_value_t sum(const lb_value_t *args, size_t nargs) {
  lb_value_t total = args[0];
  for (size_t i = 1; i < nargs; i++) {
    switch (total.type) {
      case LB_TYPE_I32: total.of.i32 = (int32_t)((uint32_t)total.of.i32 + (uint32_t)args[i].of.i32); break;
      case LB_TYPE_I64: total.of.i64 = (int64_t)((uint64_t)total.of.i64 + (uint64_t)args[i].of.i64); break;
      case LB_TYPE_F32: total.of.f32 += args[i].of.f32; break;
      default: total.of.f64 += args[i].of.f64; break;
    }
  }
  return total;
}

static lb_error_t *call_export(env *e, const node *spec, const lb_value_t *args, size_t nargs, lb_value_t *results,
                               size_t nresults) {
  lb_instance_t instance = find(e, tree_str(spec, "instance"), INSTANCE)->instance;
  const node *given = tree_find(spec, "args");
  size_t count;
  lb_value_t *own = values_of(e, given, NULL, &count);
  lb_error_t *error =
      lb_instance_call(instance, tree_str(spec, "func"), given ? own : args, given ? count : nargs, results, nresults);
  free_values(own, count);
  return error;
}

static lb_error_t *write_caller_memory(const lb_context_t *context, const char *name) {
  lb_extern_t item;
  lb_error_t *error = lb_context_export(context, name, &item);
  if (error) return error;
  error = lb_memory_write(item.of.memory, 0, "\x2a", 1);
  lb_error_free(lb_extern_release(item));
  return error;
}

// Throws a new exception, which is known by its name for "fails".
static lb_error_t *throw_tag(env *e, const node *spec) {
  size_t count;
  lb_value_t *payload = values_of(e, tree_find(spec, "payload"), NULL, &count);
  const char *name = tree_str(spec, "exception");
  thing *made = named(name ? name : "", THROWN);
  made->reference = lb_exnref((lb_exception_t){ 0 });
  lb_error_t *error = lb_exception_new(find(e, tree_str(spec, "tag"), LB_SORT_TAG)->item.of.tag, payload, count,
                                       &made->reference.of.exception);
  free_values(payload, count);
  error = keep(outermost(e), made, error);
  return error ? error : lb_error_throw(made->reference.of.exception);
}

static lb_error_t *run_host(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                            lb_value_t *results, size_t nresults) {
  env *e = ((host *)data)->env;
  const node *spec = ((host *)data)->spec, *wanted = tree_find(spec, "results");
  const char *does = tree_str(spec, "does");
  lb_error_t *error = NULL;
  if (!strcmp(does, "give")) return give(e, wanted, results, nresults);
  if (!strcmp(does, "echo")) {
    if (nargs != nresults) fail(e, "a host function of C cannot return another number of values");
    memcpy(results, args, (nargs < nresults ? nargs : nresults) * sizeof *args);
    return NULL;
  }
  if (!strcmp(does, "add")) {
    results[0] = sum(args, nargs);
    return NULL;
  }
  if (!strcmp(does, "throw")) {
    const char *name = tree_str(spec, "exception");
    return lb_error_host(name, object_of(e, name), NULL);
  }
  if (!strcmp(does, "throw_tag")) return throw_tag(e, spec);
  if (!strcmp(does, "throw_exn")) {
    return lb_error_throw(find(e, tree_str(spec, "object"), REFERENCE)->reference.of.exception);
  }
  if (!strcmp(does, "call")) return call_export(e, spec, args, nargs, results, nresults);
  if (!strcmp(does, "caller_memory")) return write_caller_memory(context, tree_str(spec, "name"));
  if (!strcmp(does, "record")) {
    record(e, args, nargs);
  } else if (!strcmp(does, "call_caught")) {
    lb_error_t *caught = call_export(e, spec, args, nargs, results, nresults);
    if (!caught) return NULL;
    lb_error_free(caught);
  } else if (!strcmp(does, "close")) {
    error = close_named(e, tree_str(spec, "target"));
  } else if (!strcmp(does, "cancel")) {
    error = cancel_named(e, tree_str(spec, "target"));
  } else if (!strcmp(does, "grow")) {
    error = lb_memory_grow(find(e, tree_str(spec, "memory"), LB_SORT_MEMORY)->item.of.memory,
                           tree_num(spec, "pages", 0), NULL);
  } else {
    fail(e, "no host function does %s", does);
  }
  return error ? error : give(e, wanted, results, nresults);
}

// A host function that another thread answers for.
typedef struct {
  host *host;
  const lb_context_t *context;
  const lb_value_t *args;
  size_t nargs, nresults;
  lb_value_t results[MOST];
  lb_loan_t loan;
} later;

static void *answer_later(void *data) {
  later *it = data;
  lb_error_free(lb_loan_enter(it->loan));
  lb_error_t *error = run_host(it->host, it->context, it->args, it->nargs, it->results, it->nresults);
  lb_error_free(lb_loan_leave(it->loan));
  // The guest may wait no longer.
  lb_error_free(error ? lb_loan_fail(it->loan, error) : lb_loan_answer(it->loan, it->results, it->nresults));
  return NULL;
}

static lb_error_t *run_later(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                             lb_value_t *results, size_t nresults) {
  pthread_t thread;
  later it = { data, context, args, nargs, nresults, { { 0, { 0 } } }, { 0 } };
  memcpy(it.results, results, nresults * sizeof *results);
  lb_error_t *error = lb_context_lend(context, &it.loan);
  if (error) return error;
  if (pthread_create(&thread, NULL, answer_later, &it)) return lb_error_new(LB_KIND_INTERNAL, "no thread");
  error = lb_loan_wait(it.loan, results, nresults);
  pthread_join(thread, NULL);
  lb_error_free(lb_loan_release(it.loan));
  return error;
}

static host *host_of(env *e, const node *spec) {
  host *made = malloc(sizeof *made);
  *made = (host){ e, spec };
  return made;
}

// What is lent to components; see wit_host.h.
static bool wit_lend(env *e, const node *one, lb_imports_t imports, lb_error_t **error);

static lb_error_t *imports_of(env *e, const node *step, lb_imports_t *imports) {
  const node *list = tree_find(step, "imports");
  lb_error_t *error = lb_imports_new(imports);
  if (!error && tree_find(step, "initialize")) error = lb_imports_initialize(*imports, tree_is(step, "initialize"));
  for (const node *one = list ? list->first : NULL; one && !error; one = one->next) {
    const char *module = tree_str(one, "module"), *name = tree_str(one, "name");
    const node *spec = tree_find(one, "host");
    if (wit_lend(e, one, *imports, &error)) continue;
    if (spec) {
      lb_callback_t run = tree_find(spec, "async") ? run_later : run_host;
      error = lb_imports_func(*imports, module, name, run, host_of(e, spec), free);
    } else if (tree_find(one, "item")) {
      error = lb_imports_define(*imports, module, name, find(e, tree_str(one, "item"), 0)->item);
    } else if (tree_find(one, "value")) {
      lb_value_t value = value_of(e, tree_find(one, "value"), 0);
      error = lb_imports_value(*imports, module, name, value);
      release_values(&value, 1);
    } else {
      error = lb_imports_instance(*imports, module, find(e, tree_str(one, "instance"), INSTANCE)->instance);
    }
  }
  return error;
}

#endif
