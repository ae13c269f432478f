// Modules that are loaded on a thread of the library's, and identity, in C++.

#include <landbridge.hpp>

#include <atomic>
#include <string>
#include <thread>

#include "check.h"

using namespace landbridge;

namespace {

const char *const ONE = "(module (func (export \"one\") (result i32) (i32.const 1)))";

void loading() {
  Loading load = Module::from_text_async(ONE);
  CHECK(load.get().instantiate().call<int32_t>("one") == 1);
  CHECK(load.is_done() && load.get().digest() == Module::from_text(ONE).digest());
  CHECK(throws<CompileError>([] { Module::from_text_async("(module (func").get(); }));
  CHECK(throws<IoError>([] { Module::load_async("/nowhere.wasm").get(); }));

  std::atomic<int> told = 0;
  Module::from_text_async(ONE).then([&](Loading done) { told = done.get().instantiate().call<int32_t>("one"); });
  while (told == 0) std::this_thread::yield();
  CHECK(told == 1);

  std::vector<Loading> many;
  for (int i = 0; i < 20; ++i) many.push_back(Module::from_text_async("(module (memory " + std::to_string(i) + "))"));
  int cancelled = 0;
  for (const Loading &one : many) {
    one.cancel();
    try {
      (void)one.get();
    } catch (const Cancelled &) {
      ++cancelled;
    }
    CHECK(one.is_done());
  }
  CHECK(cancelled > 0);
}

void identity() {
  Store store;
  Instance a = store.instantiate(Module::from_text(
      "(module (func (export \"f\")) (memory (export \"m\") 1) (table (export \"t\") 1 funcref)"
      "(global (export \"g\") i32 (i32.const 1)) (tag (export \"e\")))"));
  Imports imports;
  imports.instance("a", a);
  Instance b = store.instantiate(
      Module::from_text(
          "(module (import \"a\" \"f\" (func)) (import \"a\" \"m\" (memory 1)) (import \"a\" \"t\" (table 1 funcref))"
          "(import \"a\" \"g\" (global i32)) (import \"a\" \"e\" (tag)) (export \"f\" (func 0))"
          "(export \"m\" (memory 0)) (export \"t\" (table 0)) (export \"g\" (global 0)) (export \"e\" (tag 0)))"),
      imports);
  CHECK(a.func("f") == b.func("f") && a.memory("m") == b.memory("m") && a.table("t") == b.table("t"));
  CHECK(a.global("g") == b.global("g") && a.tag("e") == b.tag("e"));
  CHECK(a.memory("m") != Memory(store, MemoryType{.min = 1}));
}

}  // namespace

int main() {
  loading();
  identity();
  return finish();
}
