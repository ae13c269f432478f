// A program without exceptions and without RTTI: what a guest or a file does comes as a value.
#include <cstdio>
#include <landbridge.hpp>
#include <memory>
#include <string>

using landbridge::Error;
using landbridge::Expected;
using landbridge::Imports;
using landbridge::Kind;
using landbridge::Module;

static const char CALC[] = R"((module
  (import "host" "half" (func $half (param i32) (result i32)))
  (import "host" "thing" (func $thing (result externref)))
  (func (export "half") (param i32) (result i32) (call $half (local.get 0)))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "thing") (result externref) (call $thing))
  (func (export "trap") unreachable)))";

// Gives what it is given; its type is one of text.
static const char ECHO[] = R"((component
  (core module $m (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
    (func (export "echo") (param i32 i32) (result i32)
      (i32.store (i32.const 0) (local.get 0)) (i32.store (i32.const 4) (local.get 1)) (i32.const 0)))
  (core instance $i (instantiate $m))
  (func (export "echo") (param "it" string) (result string)
    (canon lift (core func $i "echo") (memory (core memory $i "memory")) (realloc (core func $i "realloc"))))))";

static int wrong(const char *what) {
  std::printf("%s is wrong\n", what);
  return 1;
}

static int modules() {
  const auto nothing = Module::try_load("nothing.wasm");
  if (nothing || nothing.error().kind() != Kind::io) return wrong("a file that is not there");
  const auto broken = Module::try_from_text("(module");
  if (broken || broken.error().kind() != Kind::compile) return wrong("a module that is none");
  Imports imports;
  auto object = std::make_shared<std::string>("mine");
  imports.func("host", "thing", [object] { return landbridge::ExternRef(object); });
  const auto module = Module::try_from_text(CALC);
  if (!module) return wrong(module.error().what());
  const auto lacking = module->try_instantiate(imports);
  if (lacking || lacking.error().kind() != Kind::link) return wrong("an import that is missing");
  imports.func("host", "half", [](int32_t it) -> Expected<int32_t> {
    if (it % 2 != 0) return Error(Kind::range, "an odd number");
    return it / 2;
  });
  const auto calc = module->try_instantiate(imports);
  if (!calc) return wrong(calc.error().what());
  const auto add = calc->try_func<int32_t(int32_t, int32_t)>("add");
  const auto other = calc->try_func<double(double)>("add");
  const auto none = calc->try_func<void()>("nothing");
  if (!add || other || other.error().kind() != Kind::type || none) return wrong("a signature");
  const auto half = calc->try_func<int32_t(int32_t)>("half");
  const auto odd = half->try_call(3);
  if (*half->try_call(8) != 4 || odd || odd.error().kind() != Kind::range) return wrong("a host function that fails");
  const auto trap = calc->try_func<void()>("trap")->try_call();
  if (trap || trap.error().trap_code() != landbridge::TrapCode::unreachable) return wrong("a trap");
  const auto thing = calc->try_func<landbridge::ExternRef()>("thing")->try_call();
  if (!thing || thing->object<std::string>() != object || thing->object<int>()) return wrong("an object of the host");
  std::printf("%d\n", *add->try_call(2, 3));
  return 0;
}

static int components() {
  auto module = Module::try_from_text(ECHO);
  if (!module) return wrong(module.error().what());
  const auto instance = module->try_instantiate();
  const auto echo = instance->try_wit_func<std::string(std::string_view)>("echo");
  const auto other = instance->try_wit_func<uint32_t(uint32_t)>("echo");
  if (!echo || other || other.error().kind() != Kind::type) return wrong("a signature of WIT");
  const auto bad = echo->try_call("\xff");
  if (bad || std::string(bad.error().what()) != "args[0]: expected string, got bytes that are not UTF-8") return wrong("text");
  const auto text = echo->try_call("Ada");
  if (!text) return wrong(text.error().what());
  std::printf("%s\n", text->c_str());
  return 0;
}

int main() {
  landbridge::failure_handler() = [](const Error &error) {
    std::printf("the program is wrong: %s\n", error.what());
    std::exit(0);
  };
  if (modules() || components()) return 1;
  // A fault of the program ends it.
  Module::from_text("(module)").instantiate().func("nothing");
  return wrong("the end");
}
