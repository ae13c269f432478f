// What the unit tests of C++ share: checks that count.

#ifndef CHECK_H
#define CHECK_H

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>

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

// A new folder that only this user may enter, and that goes with this.
struct Folder {
  std::filesystem::path path;

  Folder() {
    std::string pattern = std::filesystem::temp_directory_path() / "landbridge-cpp-XXXXXX";
    if (!mkdtemp(pattern.data())) throw std::runtime_error("no folder can be made");
    path = pattern;
  }
  Folder(const Folder &) = delete;
  ~Folder() { std::filesystem::remove_all(path); }
};

inline int finish() {
  std::printf("%zu passed, %zu failed\n", checks_passed, checks_failed);
  return checks_failed != 0;
}

#endif
