// Runs the lists of the official test suite, see conformance/spec/README.md, for the runners of C and C++, which
// say what a command does.

#ifndef SPEC_H
#define SPEC_H

#include <limits.h>
#include <stdint.h>
#include <time.h>

#include "tree.h"

// How a host runs the commands of a file.
typedef struct {
  const char *host;
  // Makes what a file needs. Its modules lie in bytes.
  void *(*open)(const char *bytes);
  // Runs a command. Gives why it did not do what it should, which is good until the next one, or NULL.
  const char *(*run)(void *file, const node *command);
  void (*close)(void *file);
} spec_runner;

// Whether the engine has handlers of signals.
static inline int spec_signal_handlers(void) {
  const char *signals = getenv("LANDBRIDGE_TEST_SIGNALS");
  return !signals || strcmp(signals, "off");
}

typedef struct {
  size_t passed, failed, skipped;
} spec_counts;

static inline int spec_compare(const void *one, const void *other) {
  return strcmp(*(const char *const *)one, *(const char *const *)other);
}

// What no host runs: files, and lines of them.
typedef struct {
  const char **all;
  size_t count;
} spec_skips;

static inline spec_skips spec_read_skips(const char *path) {
  spec_skips skips = { NULL, 0 };
  for (const node *list = tree_file(path).root->first; list; list = list->next) {
    skips.all = (const char **)realloc(skips.all, (skips.count + list->count) * sizeof *skips.all);
    for (const node *one = list->first; one; one = one->next) skips.all[skips.count++] = one->text;
  }
  qsort(skips.all, skips.count, sizeof *skips.all, spec_compare);
  return skips;
}

static inline int spec_skipped(const spec_skips *skips, const char *name) {
  return bsearch(&name, skips->all, skips->count, sizeof *skips->all, spec_compare) != NULL;
}

static inline int spec_is_assertion(const node *command) {
  static const char *const others[] = { "module", "define", "instance", "register", "action" };
  for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
    if (!strcmp(others[i], tree_str(command, "do"))) return 0;
  }
  return 1;
}

static inline void spec_command(const spec_runner *runner, void *file, const char *name, const node *command,
                                spec_counts *counts) {
  const char *why = runner->run(file, command);
  if (why) printf("FAILED %s:%s %s: %s\n", name, tree_str(command, "line"), tree_str(command, "do"), why);
  counts->failed += why != NULL;
  counts->passed += !why && spec_is_assertion(command);
}

static inline void spec_file(const spec_runner *runner, const spec_skips *skips, const char *name,
                             spec_counts *counts) {
  char path[PATH_MAX], line[PATH_MAX];
  snprintf(path, sizeof path, "target/spec/%s.json", name);
  const tree list = tree_file(path);
  snprintf(path, sizeof path, "target/spec/%s.bin", name);
  char *bytes = tree_bytes(path, NULL);
  void *file = runner->open(bytes);
  const int all = spec_skipped(skips, name);
  const node *command = tree_find(list.root, "commands")->first;
  for (; command; command = command->next) {
    snprintf(line, sizeof line, "%s:%s", name, tree_str(command, "line"));
    if (spec_skipped(skips, line)) {
      counts->skipped++;
    } else if (all) {
      counts->skipped += (size_t)spec_is_assertion(command);
    } else {
      spec_command(runner, file, name, command, counts);
    }
  }
  runner->close(file);
  free(bytes);
  tree_free(list);
}

static inline double spec_seconds(void) {
  struct timespec now;
  timespec_get(&now, TIME_UTC);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

// Runs all files whose names contain $SPEC, from the root of the tree.
static inline int spec_main(const spec_runner *runner) {
  const char *only = getenv("SPEC");
  const double start = spec_seconds();
  spec_counts counts = { 0, 0, 0 };
  size_t files = 0;
  const spec_skips skips = spec_read_skips("conformance/spec-skips.json");
  for (const node *name = tree_file("target/spec/index.json").root->first; name; name = name->next) {
    if (only && !strstr(name->text, only)) continue;
    spec_file(runner, &skips, name->text, &counts);
    files++;
  }
  printf("spec %s: %zu files, %zu passed, %zu failed, %zu skipped, %.1f s\n", runner->host, files, counts.passed,
         counts.failed, counts.skipped, spec_seconds() - start);
  return counts.failed != 0;
}

// Reads bits in hexadecimal, of a text such as "0x7fc00000": the low 64 bits first.
static inline void spec_bits(const char *text, uint64_t bits[2]) {
  bits[0] = bits[1] = 0;
  for (text += 2; *text; text++) {
    char digit[2] = { *text, 0 };
    bits[1] = bits[1] << 4 | bits[0] >> 60;
    bits[0] = bits[0] << 4 | strtoul(digit, NULL, 16);
  }
}

// Whether a float of 32 or 64 bits is the one expected, which may be any of some NaNs.
static inline int spec_is_float(uint64_t found, const char *expected, int width) {
  const uint64_t nan = width == 32 ? 0x7fc00000 : 0x7ff8000000000000, sign = (uint64_t)1 << (width - 1);
  uint64_t bits[2];
  if (!strcmp(expected, "nan:canonical")) return (found & ~sign) == nan;
  if (!strcmp(expected, "nan:arithmetic")) return (found & nan) == nan;
  spec_bits(expected, bits);
  return bits[0] == found;
}

#endif
