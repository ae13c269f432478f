// What the operating system said of a file stands in the exception.

#include <landbridge.hpp>

#include <cerrno>

#include "check.h"

using namespace landbridge;

namespace {

// Whether this throws an IoError with this number and path.
template <class F>
bool refused(F what, int code, const std::string &path) {
  try {
    what();
  } catch (const IoError &error) {
    return error.os_code() == code && error.path() == path;
  } catch (const std::exception &error) {
    std::printf("%s\n", error.what());
  }
  return false;
}

}  // namespace

int main() {
  const std::string none = "no such folder/no such file";
  CHECK(refused([&] { Module::load(none); }, ENOENT, none));
  CHECK(refused([&] { Policy::from_file(none); }, ENOENT, none));
  CHECK(refused([] { Module::load("/"); }, EISDIR, "/"));
  try {
    throw IoError("mine");
  } catch (const Error &error) {
    CHECK(!error.os_code() && !error.path());
  }
  return finish();
}
