// What the unit tests of C++ share: checks that count.

#ifndef CHECK_H
#define CHECK_H

#include <cstdio>
#include <exception>

inline size_t checks_passed, checks_failed;

inline void check(bool truth, const char *what, const char *file, int line) {
  (truth ? checks_passed : checks_failed)++;
  if (!truth) std::printf("FAIL %s:%d: %s\n", file, line, what);
}

#define CHECK(...) check((__VA_ARGS__), #__VA_ARGS__, __FILE__, __LINE__)

// Whether this throws an E.
template <class E, class F>
bool throws(F what) {
  try {
    what();
  } catch (const E &) {
    return true;
  } catch (const std::exception &e) {
    std::printf("%s\n", e.what());
  }
  return false;
}

inline int finish() {
  std::printf("%zu passed, %zu failed\n", checks_passed, checks_failed);
  return checks_failed != 0;
}

#endif
