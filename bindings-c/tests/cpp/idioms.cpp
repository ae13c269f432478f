// What is idiomatic in C++: ownership, signatures, exceptions, lambdas, threads.

#include <landbridge.hpp>
#include <landbridge.hpp>  // a second time: the header may be included anywhere

#include <memory>
#include <stdexcept>
#include <thread>

#include "check.h"

using namespace landbridge;

namespace {

const char *const MODULE = R"((module
  (import "env" "f" (func $f (param i32) (result i32)))
  (memory (export "memory") 1)
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "call") (param i32) (result i32) (call $f (local.get 0)))
  (func (export "swap") (param i32 f64) (result f64 i32) (local.get 1) (local.get 0))
  (func (export "same") (param externref) (result externref) (local.get 0))
  (func (export "trap") (unreachable))))";

static_assert(!std::is_copy_constructible_v<Instance> && std::is_nothrow_move_constructible_v<Instance>);
static_assert(!std::is_copy_constructible_v<Memory> && !std::is_copy_constructible_v<Module>);
static_assert(std::is_copy_constructible_v<Func> && std::is_copy_constructible_v<ExternRef>);
static_assert(std::is_base_of_v<Error, Trap> && std::is_base_of_v<std::exception, Error>);

template <class F>
Instance instance_of(F callable) {
  Imports imports;
  imports.func("env", "f", std::move(callable));
  return Module::from_text(MODULE).instantiate(imports);
}

void signatures() {
  auto calc = instance_of([](int32_t x) { return x + 1; });
  CHECK(calc.func<int32_t(int32_t, int32_t)>("add")(2, 3) == 5);
  CHECK(calc.func<uint32_t(uint32_t, uint32_t)>("add")(UINT32_MAX, 1) == 0);
  CHECK(calc.call<int32_t>("add", 2, 3) == 5);
  CHECK(calc.call("add", {2, 3}).at(0).as<int32_t>() == 5);
  CHECK((calc.func<std::tuple<double, int32_t>(int32_t, double)>("swap")(7, 0.5) == std::tuple{0.5, 7}));
  CHECK(throws<TypeError>([&] { calc.func<int64_t(int32_t, int32_t)>("add"); }));
  CHECK(throws<TypeError>([&] { calc.func<void()>("add"); }));
  CHECK(throws<TypeError>([&] { calc.call<int64_t>("add", 2, 3); }));
  CHECK(throws<TypeError>([&] { calc.call<int32_t>("add", int64_t{2}, 3); }));
  CHECK(throws<NotFound>([&] { calc.func("nothing"); }));
  CHECK(throws<NotFound>([&] { calc.memory("add"); }));
  CHECK(throws<TypeError>([&] { calc.call("add", {2, 3}).at(0).as<double>(); }));
  CHECK(calc.func("add").type().text() == "(i32, i32) -> (i32)" && calc.func("add").name() == "add");
  CHECK(calc.func("add") == calc.func("add") && !(calc.func("add") == calc.func("call")));
}

void closing() {
  auto calc = instance_of([](int32_t x) { return x; });
  auto add = calc.func<int32_t(int32_t, int32_t)>("add");
  auto view = calc.memory("memory").view();
  calc.close();
  calc.close();
  CHECK(throws<Closed>([&] { add(2, 3); }));
  CHECK(throws<Closed>([&] { calc.func("add"); }));
  view.span()[0] = std::byte{1};
  CHECK(view.span().size() == 65536);

  // What is made from an object lives on without it.
  auto orphan = instance_of([](int32_t x) { return x; }).func<int32_t(int32_t, int32_t)>("add");
  CHECK(orphan(2, 3) == 5);
  Instance moved = instance_of([](int32_t x) { return x; });
  Instance target = std::move(moved);
  CHECK(!moved && target.call<int32_t>("add", 2, 3) == 5);
  CHECK(throws<TypeError>([&] { moved.func("add"); }));
}

struct Boom {
  int number;
};

void exceptions() {
  const void *thrown = nullptr;
  auto calc = instance_of([&](int32_t x) -> int32_t {
    try {
      throw Boom{x};
    } catch (const Boom &boom) {
      thrown = &boom;
      throw;
    }
  });
  try {
    calc.call<int32_t>("call", 7);
    CHECK(false);
  } catch (const Boom &boom) {
    CHECK(&boom == thrown && boom.number == 7);
  }
  CHECK(throws<std::out_of_range>([] {
    instance_of([](int32_t) -> int32_t { throw std::out_of_range("far"); }).call<int32_t>("call", 1);
  }));
  CHECK(throws<IoError>([] {
    instance_of([](int32_t) -> int32_t { throw IoError("disk"); }).call<int32_t>("call", 1);
  }));
  try {
    calc.call<void>("trap");
    CHECK(false);
  } catch (const Trap &trap) {
    CHECK(trap.code() == TrapCode::unreachable && trap.kind() == Kind::trap);
    CHECK(trap.frames().size() == 1 && name(trap.code()) == "unreachable");
  }
}

// Host to guest to host, many times over: what is thrown at the bottom comes out at the top.
void nested() {
  auto holder = std::make_shared<std::unique_ptr<Instance>>();
  auto down = [weak = std::weak_ptr(holder)](int32_t x) -> int32_t {
    auto instance = weak.lock();
    if (x == 0) (*instance)->call<void>("trap");
    if (x < 0) throw Boom{x};
    return (*instance)->call<int32_t>("call", x == 1 ? 0 : x == 100 ? -5 : x - 1);
  };
  *holder = std::make_unique<Instance>(instance_of(down));
  try {
    (*holder)->call<int32_t>("call", 6);
    CHECK(false);
  } catch (const Trap &trap) {
    CHECK(trap.code() == TrapCode::unreachable);
    CHECK(trap.frames().size() == 8);
    // The exception does not hold itself: it may be kept.
    CHECK(Trap(trap).frames().size() == 8);
  }
  try {
    (*holder)->call<int32_t>("call", 100);
    CHECK(false);
  } catch (const Boom &boom) {
    CHECK(boom.number == -5);
  }
}

void host_functions() {
  auto marker = std::make_shared<int>(0);
  {
    auto calc = instance_of([marker](const Context &context, int32_t x) {
      context.memory().write(0, "hello");
      return x + static_cast<int32_t>(context.name().size());
    });
    CHECK(calc.call<int32_t>("call", 1) == 6);
    CHECK(calc.memory("memory").read_string(0, 5) == "hello");
    CHECK(throws<OutOfBounds>([&] { calc.memory("memory").read_string(65535, SIZE_MAX); }));
    CHECK(calc.memory("memory").span()[4] == std::byte{'o'});
    CHECK(marker.use_count() == 2);
  }
  CHECK(marker.use_count() == 1);
  auto general = instance_of([](const Context &, std::span<const Value> args) {
    return std::vector<Value>{args[0].as<int32_t>() * 2};
  });
  CHECK(general.call<int32_t>("call", 21) == 42);
  auto many = instance_of([](const Context &, std::span<const Value>) { return std::vector<Value>{1, 2}; });
  CHECK(throws<TypeError>([&] { many.call<int32_t>("call", 21); }));
  auto other = instance_of([](int64_t x) { return x; });
  CHECK(throws<TypeError>([&] { other.call<int32_t>("call", 21); }));
  auto plain = instance_of(+[](int32_t x) { return -x; });
  CHECK(plain.call<int32_t>("call", 21) == -21);
  Store store;
  Func twice(store, [](int64_t x) { return 2 * x; });
  CHECK(twice.typed<int64_t(int64_t)>()(int64_t{1} << 40) == int64_t{1} << 41);
  CHECK(throws<LinkError>([] { Module::from_text(MODULE).instantiate(); }));
  CHECK(throws<CompileError>([] { Module::from_text("(module"); }));
  CHECK(throws<IoError>([] { Module::load("/no/such/file.wasm"); }));
}

void references() {
  auto calc = instance_of([](int32_t x) { return x; });
  auto text = std::make_shared<std::string>("a text");
  {
    ExternRef sent(text), copy = sent;
    auto same = calc.func<ExternRef(ExternRef)>("same");
    ExternRef back = same(sent);
    CHECK(back == sent && back == copy && back == ExternRef(text) && back.object<std::string>() == text);
    CHECK(!back.object<int>() && !same(ExternRef()) && !(back == ExternRef::make<std::string>("a text")));
    std::vector<Value> values{Value(back), Value(1.5), Value(Func())};
    std::vector<Value> others = values;
    CHECK(others[0].as<ExternRef>() == sent && others[1].as<double>() == 1.5);
  }
  calc.close();
  CHECK(text.use_count() == 1);
}

void threads() {
  auto calc = instance_of([](int32_t x) -> int32_t { throw Boom{x}; });
  auto call = calc.func<int32_t(int32_t)>("call");
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> all;
    for (int t = 0; t < 8; ++t) {
      all.emplace_back([&, t] {
        for (int i = 0; i < 200; ++i) {
          try {
            call(t * 1000 + i);
            ++wrong;
          } catch (const Boom &boom) {
            wrong += boom.number != t * 1000 + i;
          }
        }
      });
    }
  }
  CHECK(wrong == 0);
}

void linking() {
  Store store;
  Memory memory(store, {.min = 1, .max = 2});
  Global counter(store, {.content = Type::i32, .is_mutable = true}, 5);
  Imports imports;
  imports.define("env", "memory", memory).define("env", "counter", counter);
  auto one = store.instantiate(Module::from_text(R"((module (import "env" "memory" (memory 1 2))
      (import "env" "counter" (global $c (mut i32)))
      (func (export "bump") (global.set $c (i32.add (global.get $c) (i32.const 1))))))"), imports);
  Imports of_one;
  of_one.instance("one", one);
  auto two = store.instantiate(
      Module::from_text(R"((module (import "one" "bump" (func $b)) (func (export "twice") (call $b) (call $b))))"), of_one);
  two.call<void>("twice");
  CHECK(counter.value().as<int32_t>() == 7 && memory.grow(1) == 1 && memory.type().text() == "memory 1 2");
  CHECK(throws<MemoryLimit>([&] { memory.grow(1); }));
  Table table(store, {.element = Type::funcref, .min = 1}, Func());
  table.set(0, two.func("twice"));
  table.at(0).as<Func>().call({});
  CHECK(counter.value().as<int32_t>() == 9 && table.grow(2, Func()) == 1 && table.size() == 3);
  CHECK(throws<WrongStore>([&] { table.set(0, Func(Store(), [] {})); }));
  store.close();
  CHECK(throws<Closed>([&] { counter.value(); }));
}

}  // namespace

int main() {
  signatures();
  closing();
  exceptions();
  nested();
  host_functions();
  references();
  threads();
  linking();
  return finish();
}
