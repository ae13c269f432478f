// Values or errors in place of exceptions, in a program that has exceptions.

#include <landbridge.hpp>
#include <stdexcept>
#include <string>

#include "check.h"

using namespace landbridge;

static const char HALVES[] = R"((module
  (import "host" "half" (func $half (param i32) (result i32)))
  (func (export "half") (param i32) (result i32) (call $half (local.get 0)))
  (func (export "nop")) (func (export "trap") unreachable)))";

static void values_and_errors() {
  Imports imports;
  imports.func("host", "half", [](int32_t it) -> Expected<int32_t> {
    if (it % 2 != 0) return Error(Kind::range, "an odd number");
    if (it == 0) throw std::runtime_error("nothing");
    return it / 2;
  });
  auto made = Module::from_text(HALVES).try_instantiate(imports);
  auto half = made.value().try_func<int32_t(int32_t)>("half").value();
  CHECK(half(8) == 4 && half.try_call(8).value() == 4 && half.try_call(3).value_or(7) == 7);
  CHECK(throws<RangeError>([&] { half(3); }));
  auto odd = half.try_call(3);
  CHECK(!odd && !odd.has_value() && odd.error().kind() == Kind::range);
  CHECK(throws<RangeError>([&] { odd.value(); }));
  // An exception of the program's stays the same object.
  auto thrown = half.try_call(0);
  CHECK(!thrown && thrown.error().kind() == Kind::host && std::string(thrown.error().what()) == "nothing");
  CHECK(throws<std::runtime_error>([&] { thrown.value(); }));
  auto nop = made->try_func<void()>("nop").value().try_call();
  CHECK(nop && nop.has_value());
  nop.value();
  auto trap = made->try_func<void()>("trap")->try_call();
  CHECK(!trap && trap.error().trap_code() == TrapCode::unreachable);
  CHECK(throws<Trap>([&] { trap.value(); }));
  CHECK(made->try_func<double(double)>("half").error().kind() == Kind::type);
  CHECK(made->try_func<void()>("none").error().kind() == Kind::not_found);
  CHECK(made->try_run().error().kind() == Kind::not_found);
}

static void modules() {
  CHECK(Module::try_load("nothing.wasm").error().kind() == Kind::io);
  CHECK(Module::try_load(std::filesystem::path("nothing.wasm")).error().kind() == Kind::io);
  CHECK(Module::try_from_text("(module").error().kind() == Kind::compile);
  CHECK(Module::try_load(std::string(HALVES))->try_instantiate().error().kind() == Kind::link);
  Limits limits;
  limits.memory_bytes = 1;
  CHECK(Module::from_text("(module (memory 1))").try_instantiate({}, {.limits = limits}).error().kind() == Kind::memory_limit);
}

static void components() {
  auto greet = Module::load("../examples/components/greet.wasm").instantiate();
  auto hello = greet.try_wit_func<std::string(std::string_view)>("hello").value();
  CHECK(hello.try_call("Ada").value() == "Hello, Ada!");
  CHECK(std::string(hello.try_call("\xff").error().what()) == "args[0]: expected string, got bytes that are not UTF-8");
  CHECK(greet.try_wit_func<uint32_t(uint32_t)>("hello").error().kind() == Kind::type);
  CHECK(greet.try_wit_func<void()>("none").error().kind() == Kind::not_found);
}

static void say(const char *what) { CHECK(!what); }

static void guide() {
  Imports imports;
  // [try]
  imports.func("host", "half", [](int32_t it) -> landbridge::Expected<int32_t> {
    if (it % 2 != 0) return landbridge::Error(landbridge::Kind::range, "an odd number");
    return it / 2;
  });
  auto module = landbridge::Module::try_load(std::string(HALVES));    // WebAssembly text, or a path
  if (!module) return say(module.error().what());
  auto instance = module->try_instantiate(imports);
  if (!instance) return say(instance.error().what());
  auto half = instance->try_func<int32_t(int32_t)>("half");
  if (!half) return say(half.error().what());
  auto four = half->try_call(8);                                      // an Expected<int32_t>
  if (!four) return say(four.error().what());                         // a trap, a limit, an error of the host function
  // [end try]
  CHECK(*four == 4);
}

int main() {
  guide();
  values_and_errors();
  modules();
  components();
  return finish();
}
