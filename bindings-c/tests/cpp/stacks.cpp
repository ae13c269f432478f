// Endless recursion ends as a Trap on small stacks, exceptions of C++ pass at any depth, and what comes after goes on.

#include <landbridge.hpp>

#include <functional>
#include <pthread.h>
#include <stdexcept>

#include "check.h"

using namespace landbridge;

namespace {

const char *const MODULE = R"((module
  (import "env" "f" (func $f (param i32) (result i32)))
  (func $down (export "down") (call $down))
  (func (export "outer") (param i32) (result i32) (call $f (local.get 0)))
  (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))))";

template <class F>
bool overflows(F what) {
  try {
    what();
  } catch (const Trap &trap) {
    return trap.code() == TrapCode::stack_overflow;
  }
  return false;
}

// A guest whose host function enters it again, for ever or so many times, and then throws.
struct Recursion {
  Instance instance;

  explicit Recursion(const Module &module) {
    Imports imports;
    imports.func("env", "f", [this](int32_t n) {
      if (n == 1) throw std::runtime_error("the last");
      return instance.call<int32_t>("outer", n - 1);
    });
    instance = module.instantiate(imports);
  }
};

const Module &module() {
  static const Module made = Module::from_text(MODULE);
  return made;
}

const Module &start() {
  static const Module made = Module::from_text("(module (start $s) (func $s (call $s)))");
  return made;
}

void every_recursion() {
  Recursion it(module());
  CHECK(overflows([&] { it.instance.call<void>("down"); }));
  CHECK(overflows([&] { it.instance.call<int32_t>("outer", 0); }));
  CHECK(overflows([] { start().instantiate(); }));
  CHECK(throws<std::runtime_error>([&] { it.instance.call<int32_t>("outer", 5); }));
  CHECK(it.instance.call<int32_t>("twice", 7) == 14);
}

void on(size_t bytes, std::function<void()> what) {
  pthread_t thread;
  pthread_attr_t attr;
  pthread_attr_init(&attr);
  CHECK(!pthread_attr_setstacksize(&attr, bytes));
  auto run = [](void *data) -> void * {
    (*static_cast<std::function<void()> *>(data))();
    return nullptr;
  };
  CHECK(!pthread_create(&thread, &attr, run, &what));
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attr);
}

}  // namespace

int main() {
  every_recursion();
  for (size_t kib : {48, 64, 96, 128, 256}) {
    for (int round = 0; round < 20; round++) on(kib << 10, every_recursion);
  }
  return finish();
}
