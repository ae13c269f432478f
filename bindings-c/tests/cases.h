// The conformance cases, with what one host skips. For C and C++.

#ifndef CASES_H
#define CASES_H

#include <glob.h>
#include <limits.h>
#include <stdbool.h>

#include "tree.h"

// A case; skip is the reason why this host does not run it, or NULL.
typedef struct {
  const node *steps;
  const char *name, *skip;
} conformance_case;

typedef struct {
  conformance_case *all;
  size_t count;
} conformance_cases;

// Whether cases run with handlers of signals where they do not say.
static inline bool cases_signal_handlers(void) {
  const char *signals = getenv("LANDBRIDGE_TEST_SIGNALS");
  return !signals || strcmp(signals, "off");
}

static inline void cases_wrong(const char *what, const char *name) {
  fprintf(stderr, "%s: %s\n", what, name);
  exit(2);
}

static inline void cases_add(conformance_cases *cases, const node *one) {
  const char *name = tree_str(one, "name");
  for (size_t i = 0; i < cases->count; i++) {
    if (!strcmp(cases->all[i].name, name)) cases_wrong("two cases have one name", name);
  }
  cases->all = (conformance_case *)realloc(cases->all, (cases->count + 1) * sizeof *cases->all);
  cases->all[cases->count].name = name;
  cases->all[cases->count].steps = tree_find(one, "steps");
  cases->all[cases->count++].skip = NULL;
}

static inline void cases_skip(conformance_cases *cases, const node *reason) {
  for (size_t i = 0; i < cases->count; i++) {
    if (strcmp(cases->all[i].name, reason->key)) continue;
    cases->all[i].skip = reason->text;
    return;
  }
  if (!getenv("LANDBRIDGE_CASE")) cases_wrong("skips.json names no case", reason->key);
}

// Adds the cases of a file, or the one that LANDBRIDGE_CASE names.
static inline void cases_add_file(conformance_cases *cases, const char *path) {
  const char *only = getenv("LANDBRIDGE_CASE");
  const node *list = tree_find(tree_file(path).root, "cases");
  for (const node *one = list->first; one; one = one->next) {
    if (!only || !strcmp(only, tree_str(one, "name"))) cases_add(cases, one);
  }
}

// Reads all cases of a folder, or of the file that LANDBRIDGE_CASES names. They are never freed.
static inline conformance_cases cases_read(const char *root, const char *host) {
  conformance_cases cases = { NULL, 0 };
  char path[PATH_MAX];
  glob_t files;
  if (getenv("LANDBRIDGE_CASES")) {
    cases_add_file(&cases, getenv("LANDBRIDGE_CASES"));
    return cases;
  }
  snprintf(path, sizeof path, "%s/cases/*.json", root);
  if (glob(path, 0, NULL, &files)) cases_wrong("no cases", path);
  for (size_t i = 0; i < files.gl_pathc; i++) cases_add_file(&cases, files.gl_pathv[i]);
  globfree(&files);
  snprintf(path, sizeof path, "%s/skips.json", root);
  const node *skips = tree_find(tree_file(path).root, host);
  for (const node *one = skips ? skips->first : NULL; one; one = one->next) cases_skip(&cases, one);
  return cases;
}

#endif
