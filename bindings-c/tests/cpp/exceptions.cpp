// Exceptions of WebAssembly in C++, and what else is new of modules: files, inspection, lent values.

#include <filesystem>
#include <fstream>
#include <landbridge.hpp>
#include <memory>

#include "check.h"

using namespace landbridge;

namespace {

const char *const MODULE = R"((module $guest
  (import "env" "f" (func $f (param i32)))
  (tag $number (export "number") (param i32 i64))
  (tag $object (export "object") (param externref))
  (func $throw (export "throw") (param i32 i64) (throw $number (local.get 0) (local.get 1)))
  (func (export "throw_object") (param externref) (throw $object (local.get 0)))
  (func $call (export "call") (param i32) (call $f (local.get 0)))
  (func (export "catch") (param i32) (result i32 i64)
    (block $caught (result i32 i64)
      (try_table (catch $number $caught) (call $f (local.get 0)))
      (i32.const 0) (i64.const 0)))
  (func (export "pass") (param exnref) (result exnref) (local.get 0))))";

template <class F>
Instance instance_of(F callable) {
  Imports imports;
  imports.func("env", "f", std::move(callable));
  return Module::from_text(MODULE).instantiate(imports);
}

// What a call threw, as it is.
template <class F>
std::exception_ptr caught(F what) {
  try {
    what();
  } catch (...) {
    return std::current_exception();
  }
  return nullptr;
}

void from_guest() {
  auto guest = instance_of([](int32_t) {});
  const Tag number = guest.tag("number");
  try {
    guest.call<void>("throw", 3, int64_t{-4});
    CHECK(false);
  } catch (const TaggedException &thrown) {
    CHECK(thrown.kind() == Kind::exception && thrown.tag() == number && thrown.frames().size() == 1);
    CHECK(thrown.payload().at(0).as<int32_t>() == 3 && thrown.payload().at(1).as<int64_t>() == -4);
    CHECK(thrown.exception() == thrown.exception() && thrown.exception().tag() == number);
    CHECK(guest.func<Exception(Exception)>("pass")(thrown.exception()) == thrown.exception());
  }
  CHECK(!guest.call<Exception>("pass", Exception()) && number.type().text() == "tag (i32, i64)");
  CHECK(number == guest.tag("number") && !(number == guest.tag("object")));
  CHECK(throws<NotFound>([&] { guest.tag("throw"); }));
}

void from_host() {
  auto holder = std::make_shared<std::unique_ptr<Instance>>();
  std::exception_ptr thrown;
  auto down = [&thrown, weak = std::weak_ptr(holder)](int32_t depth) {
    auto &guest = **weak.lock();
    if (depth > 0) return guest.call<void>("call", depth - 1);
    thrown = std::make_exception_ptr(TaggedException(guest.tag("number"), {5, int64_t{6}}));
    std::rethrow_exception(thrown);
  };
  *holder = std::make_unique<Instance>(instance_of(down));
  auto &guest = **holder;
  CHECK((guest.func<std::tuple<int32_t, int64_t>(int32_t)>("catch")(0) == std::tuple{5, int64_t{6}}));
  CHECK((guest.func<std::tuple<int32_t, int64_t>(int32_t)>("catch")(3) == std::tuple{5, int64_t{6}}));
  // The very object comes out of all calls, with the frames of all guests.
  const std::exception_ptr found = caught([&] { guest.call<void>("call", 3); });
  try {
    std::rethrow_exception(found);
  } catch (const TaggedException &exception) {
    CHECK(exception.frames().size() == 4 && exception.payload().at(0).as<int32_t>() == 5);
  }
  CHECK(found == thrown);
  // A bare one may be thrown as well, and what is caught thrown again.
  auto bare = instance_of([](const Context &context, int32_t) {
    throw TaggedException(std::get<Tag>(context.exported("number")), {7, int64_t{8}});
  });
  CHECK((bare.func<std::tuple<int32_t, int64_t>(int32_t)>("catch")(0) == std::tuple{7, int64_t{8}}));
  auto again = instance_of([weak = std::weak_ptr(holder)](int32_t) { (**weak.lock()).call<void>("throw", 1, int64_t{2}); });
  CHECK(throws<TaggedException>([&] { again.call("catch", {0}); }));
}

void misuse() {
  auto guest = instance_of([](int32_t) {});
  const Tag number = guest.tag("number");
  CHECK(throws<TypeError>([&] { Exception(number, {1}); }));
  CHECK(throws<TypeError>([&] { Exception(number, {1, 2}); }));
  CHECK(throws<TypeError>([&] { throw TaggedException(number, {}); }));
  Store store;
  Tag own(store, {Type::funcref});
  CHECK(throws<WrongStore>([&] { Exception(own, {guest.func("call")}); }));
  auto text = std::make_shared<std::string>("a text");
  std::optional<TaggedException> kept;
  try {
    guest.call<void>("throw_object", ExternRef(text));
  } catch (const TaggedException &thrown) {
    kept = thrown;
  }
  guest.close();
  CHECK(kept->payload().at(0).as<ExternRef>().object<std::string>() == text && !(kept->tag() == number));
  CHECK(throws<Closed>([&] { Exception(number, {1, int64_t{2}}); }));
  kept.reset();
  CHECK(text.use_count() == 1);
  // A host function of the program throws what is of another store: no guest there can catch it.
  auto other = instance_of([&](int32_t) { throw TaggedException(own, {Func()}); });
  CHECK(throws<TaggedException>([&] { other.call("catch", {0}); }));
  // An error of the kind without an exception in it is an error like others.
  auto none = instance_of([](int32_t) { throw Error(Kind::exception, "none"); });
  CHECK(throws<Error>([&] { none.call("catch", {1}); }));
}

void files() {
  const Folder folder;
  const auto path = folder.path / "code";
  auto module = Module::from_text(R"((module (func (export "f") (result i32) (i32.const 7))))");
  module.compile(path);
  CHECK(Module::load_precompiled(path).instantiate().call<int32_t>("f") == 7);
  CHECK(throws<CompileError>([&] { Module::load(path); }));
  CHECK(throws<CompileError>([&] { Module::load_precompiled(path, Engine({.interruptible = false, .cache = "off"})); }));
  std::ofstream(path, std::ios::binary) << "hello";
  CHECK(throws<CompileError>([&] { Module::load_precompiled(path); }));
  std::filesystem::remove(path);
  CHECK(throws<IoError>([&] { Module::load_precompiled(path); }));
  CHECK(module.digest().size() == 64 && Module::from_bytes(module.bytes()).digest() == module.digest());
}

void inspection() {
  const Inspection found = inspect_text(MODULE);
  CHECK(found.name == "guest" && found.imports.at(0).name == "f" && found.exports.size() == 7);
  CHECK(found.memories.empty() && std::get<TagType>(found.exports[0].type.type).params.size() == 2);
  CHECK((found.features == std::vector<std::string>{"multi-value", "reference-types", "exceptions"}));
  CHECK(inspect_bytes(Module::from_text(MODULE).bytes()).custom_sections.at(0).name == "name");
  CHECK(throws<CompileError>([] { inspect_text("(module"); }) && throws<IoError>([] { inspect("/no/such/file"); }));
}

void names() {
  const std::string odd("a\0b", 3);
  auto guest = Module::from_text(R"((module (func (export "a\00b") (result i32) (i32.const 1))))");
  CHECK(guest.exports().at(0).name == odd && guest.instantiate().func(odd).call({}).at(0).as<int32_t>() == 1);
  Imports imports;
  imports.func(odd, odd, [] { return 5; }).value(odd, "n", 6);
  auto user = Module::from_text(R"((module (import "a\00b" "a\00b" (func $f (result i32)))
      (import "a\00b" "n" (global $n i32)) (func (export "f") (result i32) (i32.add (call $f) (global.get $n)))))");
  CHECK(user.imports().at(0).module == odd && user.instantiate(imports).call<int32_t>("f") == 11);
  imports.value(odd, "n", int64_t{6});
  CHECK(throws<TypeError>([&] { user.instantiate(imports); }));
}

}  // namespace

int main() {
  from_guest();
  from_host();
  misuse();
  files();
  inspection();
  names();
  return finish();
}
