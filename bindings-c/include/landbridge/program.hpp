// Programs of WASI in one line.

#ifndef LANDBRIDGE_PROGRAM_HPP
#define LANDBRIDGE_PROGRAM_HPP

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "engine.hpp"
#include "out.hpp"
#include "sandbox.hpp"
#include "text.hpp"

namespace landbridge {

// Runs a program of WASI, as `docker run` would, and gives its exit code, 0 if it just ends:
//
//     landbridge::run("app.wasm", {"--verbose", "in.txt"});
//
// It has the process's own streams, its arguments (the file's name comes before them), the real clock and secure random
// numbers, and nothing else unless the sandbox says so. Throws NotFound if the module is no program, and as Module::load(),
// Module::instantiate() and Instance::run(). An exit code is never thrown.
inline int32_t run(const std::filesystem::path &path, std::vector<std::string> args = {},
                   const Sandbox &sandbox = Sandbox::program(), const Engine &engine = Engine::shared()) {
  std::vector<const char *> raw;
  for (std::string &arg : args) raw.push_back((arg = detail::c_name(std::move(arg))).c_str());
  detail::RawSandbox closed(sandbox);
  return detail::made<int32_t>(lb_run, engine.pointer(), path.string().c_str(), raw.data(), raw.size(), closed.take());
}

}  // namespace landbridge

#endif
