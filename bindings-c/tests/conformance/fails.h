// Compares an error with what the case says about it.

#ifndef CONFORMANCE_FAILS_H
#define CONFORMANCE_FAILS_H

#include "refs.h"
#include "wit_value.h"

static bool is_word(const char *list, const char *word) {
  size_t length = strlen(word);
  for (const char *at = list; (at = strstr(at, word)); at++) {
    if ((at == list || at[-1] == ' ') && (!at[length] || at[length] == ' ')) return true;
  }
  return false;
}

// The very exception that was thrown under this name.
static void check_thrown(env *e, const node *name, const lb_error_t *error, lb_exception_t exception) {
  if (exception.id) {
    const thing *thrown = find(outermost(e), name->text, THROWN);
    if (!lb_exception_same(exception, thrown->reference.of.exception)) fail(e, "the exception is not %s", name->text);
    return;
  }
  if (lb_error_host_exception(error) != object_of(e, name->text)) fail(e, "the exception is not %s", name->text);
  if (strcmp(lb_error_message(error), name->text)) fail(e, "the message is %s", lb_error_message(error));
}

static void check_frames(env *e, const node *names, const lb_error_t *error) {
  size_t i = 0;
  if (!names->first && lb_error_frame_count(error)) fail(e, "there are frames");
  for (const node *name = names->first; name; name = name->next, i++) {
    const lb_frame_t *frame = lb_error_frame(error, i);
    if (!frame) fail(e, "there are %zu frames only", lb_error_frame_count(error));
    if (frame) check_text(e, name, frame->func_name);
  }
}

// The value of an error of the kind wit.
static void check_payload(env *e, const node *expected, const lb_error_t *error) {
  bool is_there;
  char *told = wit_told(e, NULL, lb_error_payload(error, &is_there));
  if (!is_there) fail(e, "the error has no payload");
  check_text(e, expected, told);
  free(told);
}

static void check_failure(env *e, const node *fails, const lb_error_t *error) {
  lb_exception_t exception;
  lb_error_free(lb_error_exception(error, &exception));
  if (strcmp(tree_str(fails, "kind"), lb_error_kind_name(error))) {
    fail(e, "expected kind %s, got %s: %s", tree_str(fails, "kind"), lb_error_kind_name(error),
         lb_error_message(error));
  }
  for (const node *one = fails->first; one; one = one->next) {
    if (!strcmp(one->key, "code")) {
      check_text(e, one, lb_error_trap_name(error));
    } else if (!strcmp(one->key, "payload") && one->kind == 'S') {
      check_payload(e, one, error);
    } else if (!strcmp(one->key, "message")) {
      for (const node *part = one->first; part; part = part->next) {
        if (!strstr(lb_error_message(error), part->text)) {
          fail(e, "%s is not in the message: %s", part->text, lb_error_message(error));
        }
      }
    } else if (!strcmp(one->key, "output")) {
      check_text(e, one, lb_error_output(error));
    } else if (!strcmp(one->key, "frames")) {
      check_frames(e, one, error);
    } else if (!strcmp(one->key, "frame_count")) {
      check_number(e, fails, "frame_count", lb_error_frame_count(error));
    } else if (!strcmp(one->key, "exception")) {
      check_thrown(e, one, error, exception);
    } else if (!strcmp(one->key, "exit")) {
      check_number(e, fails, "exit", (uint64_t)lb_error_exit_code(error));
    } else if (!strcmp(one->key, "row")) {
      const long long row = one->kind == 'Z' ? -1 : atoll(one->text);
      if (lb_error_row(error) != row) fail(e, "expected row %lld, got %lld", row, (long long)lb_error_row(error));
    } else if (!strcmp(one->key, "os_code")) {
      check_number(e, fails, "os_code", (uint64_t)lb_error_os_code(error));
    } else if (!strcmp(one->key, "path")) {
      const char *path = lb_error_path(error) ? lb_error_path(error) : "";
      const size_t length = strlen(path), end = strlen(one->text);
      if (length < end || strcmp(path + length - end, one->text)) fail(e, "%s is not the end of: %s", one->text, path);
    } else if (!strcmp(one->key, "as")) {
      lb_value_t copy;
      lb_error_free(lb_value_clone(lb_exnref(exception), &copy));
      put(e, one->text, copy);
    } else if (!is_word("kind tag payload", one->key)) {
      fail(e, "an unknown key in fails: %s", one->key);
    }
  }
  if (exception.id) {
    lb_error_free(check_exception(e, fails, exception));
  } else if (tree_find(fails, "tag") || (tree_find(fails, "payload") && strcmp(tree_str(fails, "kind"), "wit"))) {
    fail(e, "there is no exception in the error");
  }
  lb_error_free(lb_exception_release(exception));
}

#endif
