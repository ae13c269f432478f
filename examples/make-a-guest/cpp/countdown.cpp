// [countdown]
#include <cstdint>
#include <string>

// The host's function.
extern "C" __attribute__((import_module("env"), import_name("log"))) void host_log(const char *line, std::size_t len);

extern "C" __attribute__((export_name("countdown"))) std::uint32_t countdown(std::uint32_t start) {
  for (auto n = start; n > 0; n--) {
    std::string line = std::to_string(n);
    host_log(line.data(), line.size());
  }
  return start;
}
// [end countdown]
