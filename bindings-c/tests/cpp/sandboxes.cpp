// Sandboxes: limits, policies and streams as values of C++, and calls that are ended.

#include <landbridge.hpp>

#include <atomic>
#include <fstream>
#include <stdexcept>
#include <thread>

#include "check.h"

using namespace landbridge;
using namespace std::chrono_literals;

namespace {

// A guest that writes, sleeps, loops and ends itself.
const char *const GUEST = R"((module
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (import "wasi_snapshot_preview1" "poll_oneoff" (func $poll (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1 10) (data (i32.const 0) "\08\00\00\00\06\00\00\00hello\n")
  (func (export "print") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 100))))
  (func (export "complain") (drop (call $write (i32.const 2) (i32.const 0) (i32.const 1) (i32.const 100))))
  (func (export "read") (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 100))))
  (func (export "exit") (param i32) (call $exit (local.get 0)))
  (func (export "_start") (call $exit (i32.const 3)))
  (func (export "sleep") (i64.store (i32.const 224) (i64.const 3600000000000))
    (drop (call $poll (i32.const 200) (i32.const 300) (i32.const 1) (i32.const 400))))
  (func (export "must_grow") (if (i32.eq (memory.grow (i32.const 5)) (i32.const -1)) (then unreachable)))
  (func (export "loop") (loop $again (br $again)))
  (func (export "one") (result i32) (i32.const 1))))";

Instance guest_of(const Sandbox &sandbox) { return Module::from_text(GUEST).instantiate({}, sandbox); }

void limits_as_json() {
  const Limits limits{.memory_bytes = 1 << 20, .timeout = 500ms};
  CHECK(limits.to_json() == R"({"memory_bytes":1048576,"timeout_ms":500})" && Limits().to_json() == "{}");
  CHECK(Limits::from_json(limits.to_json()) == limits && Limits::from_json("{}") == Limits());
  CHECK(throws<TypeError>([] { Limits::from_json(R"({"fuels":1})"); }));
  CHECK(throws<TypeError>([] { Limits::from_json(std::string_view("{}\0{}", 5)); }));
  CHECK(throws<RangeError>([] { Limits::from_json(R"({"fuel":0})"); }));
  CHECK(throws<RangeError>([] { Limits::from_json(R"({"timeout_ms":18446744073709551615})"); }));
}

void limits() {
  auto guest = guest_of({.limits = {.memory_bytes = 1 << 17, .fuel = 100'000, .output_bytes = 10}});
  try {
    guest.call<void>("must_grow");
    CHECK(false);
  } catch (const MemoryLimit &limit) {
    CHECK(limit.trap_code() == TrapCode::unreachable);
  }
  guest.call<void>("print");
  CHECK(throws<LimitExceeded>([&] { guest.call<void>("print"); }));
  const Store store = guest.store();
  const Usage usage = store.usage();
  CHECK(usage.memory_bytes == 65536 && usage.output_bytes == 6 && usage.fuel_used > 0u && usage.last_call < 5s);
  store.set_fuel(1000);
  CHECK(store.usage().fuel_used == 0u && throws<FuelExhausted>([&] { guest.call<void>("loop"); }));
  CHECK(throws<Poisoned>([&] { guest.call<int32_t>("one"); }));
  CHECK(!guest_of({}).store().usage().fuel_used && throws<Unsupported>([] { Store().set_fuel(1); }));

  CHECK(Limits{} == Limits{} && !(Limits{.fuel = 1} == Limits{}));
  CHECK(throws<RangeError>([] { Store({.limits = {.fuel = 0}}); }));
  CHECK(throws<RangeError>([] { guest_of({.limits = {.timeout = 0ms}}); }));
  CHECK(throws<RangeError>([] { guest_of({.limits = {.timeout = -5ms}}); }));
  CHECK(throws<Unsupported>([] { Store({.limits = {.timeout = 5ms}}, Engine({.interruptible = false})); }));
  CHECK(throws<LimitExceeded>([] {
    Store store({.limits = {.instances = 1}});
    for (int i = 0; i < 2; ++i) store.instantiate(Module::from_text("(module)"));
  }));
}

struct Boom {
  int number;
};

// A callable that can be moved only, and takes the bytes as they are.
struct Bytes {
  std::unique_ptr<std::vector<std::byte> *> to;
  void operator()(std::span<const std::byte> bytes) { (*to)->insert((*to)->end(), bytes.begin(), bytes.end()); }
};

void streams() {
  std::string text;
  std::vector<std::byte> bytes;
  auto count = std::make_shared<int>(0);
  Stdio stdio{.in = Input::bytes("input"),
              .out = Output::to([&text, count](std::string_view more) { text += more; }),
              .err = Output::to(Bytes{std::make_unique<std::vector<std::byte> *>(&bytes)})};
  {
    auto one = guest_of({.stdio = stdio}), two = guest_of({.stdio = stdio});  // a value: used any number of times
    for (const char *name : {"print", "complain"}) one.call<void>(name), two.call<void>(name);
    CHECK(text == "hello\nhello\n" && bytes.size() == 12);
    one.call<void>("read");
    CHECK(one.memory("memory").read_string(8, 6) == "input\n");
  }
  stdio = {};
  CHECK(count.use_count() == 1);

  auto captured = guest_of({.stdio = {.out = Output::capture()}});
  captured.call<void>("print");
  const Store store = captured.store();
  captured.close();
  CHECK(store.take_stdout() == "hello\n" && store.take_stdout().empty() && store.take_stderr().empty());

  const Folder folder;
  const auto file = folder.path / "out.txt";
  guest_of({.stdio = {.out = Output::file(file)}}).call<void>("print");
  std::string line;
  CHECK(std::getline(std::ifstream(file), line) && line == "hello");
  auto reads = guest_of({.stdio = {.in = Input::file(file)}});
  reads.memory("memory").write(8, "......");
  reads.call<void>("read");
  CHECK(reads.memory("memory").read_string(8, 6) == "hello\n");
  std::filesystem::remove(file);
  CHECK(throws<IoError>([&] { guest_of({.stdio = {.in = Input::file(file)}}); }));
}

void streams_that_throw() {
  Stdio stdio{.out = Output::to([](std::string_view) { throw Boom{7}; })};
  auto guest = guest_of({.stdio = stdio});
  int number = 0;
  try {
    guest.call<void>("print");
  } catch (const Boom &boom) {
    number = boom.number;
  }
  CHECK(number == 7 && guest.call<int32_t>("one") == 1);

  Instance *back = nullptr;
  auto calls = guest_of({.stdio = {.out = Output::to([&](std::string_view) { back->call<int32_t>("one"); })}});
  back = &calls;
  CHECK(throws<Busy>([&] { calls.call<void>("print"); }) && calls.call<int32_t>("one") == 1);
}

void exit_codes() {
  auto guest = guest_of({});
  CHECK(guest.run() == 3);
  try {
    guest.call<void>("exit", 7);
    CHECK(false);
  } catch (const Exit &exit) {
    CHECK(exit.exit_code() == 7 && exit.kind() == Kind::exit);
  }
  CHECK(throws<NotFound>([] { Module::from_text("(module)").instantiate().run(); }));
}

void deadlines() {
  for (const char *name : {"loop", "sleep"}) {
    auto guest = guest_of({.limits = {.timeout = 20ms}});
    CHECK(throws<Timeout>([&] { guest.call<void>(name); }) && guest.store().usage().last_call > 10ms);
    CHECK(throws<Poisoned>([&] { guest.call<int32_t>("one"); }));
  }
}

void cancelling() {
  for (const char *name : {"loop", "sleep"}) {
    auto guest = guest_of({});
    const Store store = guest.store();
    store.cancel();
    CHECK(guest.call<int32_t>("one") == 1);  // no call ran
    std::atomic<bool> done = false;
    std::jthread other([&] {
      while (!done) {
        std::this_thread::sleep_for(1ms);  // sleeps: a poll
        store.cancel();
      }
    });
    CHECK(throws<Cancelled>([&] { guest.call<void>(name); }));
    done = true;
  }
}

void policies() {
  const Policy none;
  const Policy policy = none.with_read_only_dir("/d", "data").with_env("A", "1").with_args({"prog", "-v"});
  CHECK(none == Policy() && none.to_json() == R"({"args":[],"clock":"none","dirs":{},"env":{},"random":"none"})");
  CHECK(policy == Policy(policy) && policy == Policy::from_json(policy.to_json()) && !(policy == none));
  CHECK(policy.with_args({}) == none.with_dir("/d", "data", Access::read).with_env("A", "1"));
  CHECK(policy.allows(none) && !none.allows(policy) && policy.with_dir("/d", "data", Access::write).allows(policy));
  CHECK(policy.restrict(none) == none && policy.with_real_clock().restrict(policy) == policy);
  CHECK(policy.with_real_clock().with_secure_random().with_no_clock().with_no_random() == policy);
  const Policy timed = none.with_stepped_clock(1ns, 5ns).with_seeded_random(UINT64_MAX);
  CHECK(timed == Policy::from_json(R"({"clock":{"start_ns":1,"step_ns":5},"random":{"seed":18446744073709551615}})"));
  CHECK(none.with_fixed_clock(2s) == Policy::from_json(R"({"clock":{"fixed_ns":2000000000}})"));
  CHECK(throws<RangeError>([&] { none.with_fixed_clock(-1s); }));
  CHECK(throws<TypeError>([] { Policy::from_json("{\"dir\":{}}"); }));
  CHECK(throws<TypeError>([] { Policy::from_json(std::string_view("{}\0{}", 5)); }));
  CHECK(throws<IoError>([] { Policy::from_file("no such file"); }));
  CHECK(throws<IoError>([&] { guest_of({.policy = none.with_read_only_dir("/d", "no such folder")}); }));
}

}  // namespace

int main() {
  limits_as_json();
  limits();
  streams();
  streams_that_throw();
  exit_codes();
  deadlines();
  cancelling();
  policies();
  return finish();
}
