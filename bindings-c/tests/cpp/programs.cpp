// Programs, and what is C++'s of what guests write.

#include <landbridge.hpp>

#include <fstream>
#include <stdexcept>

#include "check.h"

using namespace landbridge;

namespace {

// A program that writes to both streams, and traps if it has three arguments.
const char *const PROGRAM = R"((module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $sizes (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1) (data (i32.const 0) "\08\00\00\00\08\00\00\00one\nlast")
  (func (export "_start")
    (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 100)))
    (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 100)))
    (drop (call $sizes (i32.const 200) (i32.const 204)))
    (if (i32.gt_u (i32.load (i32.const 200)) (i32.const 3)) (then unreachable))
    (call $exit (i32.const 5)))))";

struct Boom : std::runtime_error {
  using runtime_error::runtime_error;
};

}  // namespace

int main() {
  const auto folder = std::filesystem::temp_directory_path() / "landbridge-program";
  std::filesystem::create_directories(folder);
  std::filesystem::current_path(folder);
  const std::filesystem::path file = "app.wasm";
  std::ofstream(file) << PROGRAM;
  // [run]
  int32_t code = landbridge::run("app.wasm", {"--verbose", "in.txt"});
  // [end run]
  CHECK(code == 5);
  // [lines]
  std::vector<std::string> lines;
  auto sandbox = landbridge::Sandbox::program();
  sandbox.policy = sandbox.policy.with_read_only_dir("/data", ".").with_env("LANG", "C");
  sandbox.stdio = {.out = landbridge::Output::lines([&](std::string_view line) { lines.emplace_back(line); })};
  code = landbridge::run("app.wasm", {}, sandbox);
  // [end lines]
  CHECK(code == 5);
  CHECK((lines == std::vector<std::string>{"one", "last"}));
  try {
    run(file, {"one", "more", "one"}, sandbox);
    CHECK(false);
  } catch (const Trap &trap) {
    CHECK(std::string(trap.output()) == "the guest wrote to stderr:\n    | one\n    | last");
  }
  sandbox.stdio.out = Output::lines([](std::string_view) { throw Boom("boom"); });
  try {
    run(file, {}, sandbox);
    CHECK(false);
  } catch (const Boom &boom) {
    CHECK(std::string(boom.what()) == "boom");
  }
  auto program = Module::load(file).instantiate();
  CHECK(program.run() == 5);
  CHECK(program.store().output().starts_with("the guest wrote to stderr:\n    | one"));
  std::filesystem::current_path(folder.parent_path());
  std::filesystem::remove_all(folder);
  return finish();
}
