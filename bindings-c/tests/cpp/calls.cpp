// Asynchronous calls in C++: futures of every sort, exceptions as they were thrown, coroutines, and pools.

#include <landbridge.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <latch>
#include <stdexcept>
#include <string>
#include <thread>

#include "check.h"

using namespace landbridge;
using namespace std::chrono_literals;

namespace {

const char *const CALC = R"((module (import "h" "ask" (func $ask (param i32) (result i32)))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "pair") (result i32 f64) (i32.const 1) (f64.const 0.5))
  (func (export "nothing"))
  (func (export "same") (param externref) (result externref) (local.get 0))
  (func (export "ask") (param i32) (result i32) (call $ask (local.get 0)))
  (func $trap (export "trap") unreachable)
  (func (export "spin") (loop $again (br $again)))))";

struct Boom : std::runtime_error {
  using std::runtime_error::runtime_error;
};

const Boom *thrown = nullptr;

int32_t ask(int32_t number) {
  if (number >= 0) return number;
  static const std::exception_ptr boom = std::make_exception_ptr(Boom("boom"));
  try {
    std::rethrow_exception(boom);
  } catch (const Boom &it) {
    thrown = &it;
    throw;
  }
}

Imports imports() {
  Imports lent;
  lent.func("h", "ask", ask);
  return lent;
}

Instance calc_of(const Sandbox &sandbox = {}, const Engine &engine = Engine::shared()) {
  return Module::from_text(CALC, engine).instantiate(imports(), sandbox);
}

void values() {
  auto calc = calc_of();
  auto add = calc.func<int32_t(int32_t, int32_t)>("add");
  std::vector<Call<int32_t>> calls;
  for (int i = 0; i < 1000; ++i) calls.push_back(add.call_async(i, 1));
  int sum = 0;
  for (const auto &call : calls) sum += call.get() + call.get();
  CHECK(sum == 2 * 500500 && calls.back().is_done() && calls.back().wait_for(0s));

  CHECK((calc.call_async<std::tuple<int32_t, double>>("pair").get() == std::tuple(1, 0.5)));
  calc.call_async<void>("nothing").get();
  CHECK(calc.call_async("add", {2, 3}).get()[0].as<int32_t>() == 5);
  CHECK(calc.func("pair").call_async({}).get().size() == 2);
  auto object = std::make_shared<std::string>("object");
  auto same = calc.call_async<ExternRef>("same", ExternRef(object));
  CHECK(same.get().object<std::string>() == object && same.get() == same.get());

  CHECK(throws<TypeError>([&] { (void)calc.call_async("add", {1}); }));
  CHECK(throws<NotFound>([&] { (void)calc.call_async<void>("unknown"); }));
  CHECK(throws<TypeError>([&] { calc.call_async<int64_t>("add", 1, 2).get(); }));
  CHECK(throws<TypeError>([&] { calc.call_async<void>("add", 1, 2).get(); }));
  CHECK(throws<NotFound>([&] { calc.run_async().get(); }));
}

void exceptions() {
  auto calc = calc_of();
  try {
    calc.call_async<void>("trap").get();
    CHECK(false);
  } catch (const Trap &trap) {
    CHECK(trap.code() == TrapCode::unreachable && trap.frames().at(0).func_name == "trap");
  }
  auto failed = calc.call_async<int32_t>("ask", -1);
  for (int i = 0; i < 2; ++i) {
    try {
      failed.get();
      CHECK(false);
    } catch (const Boom &boom) {
      CHECK(&boom == thrown);  // the very object
    }
  }
  auto timed = calc_of({.limits = {.timeout = 30ms}});
  CHECK(throws<Timeout>([&] { timed.call_async<void>("spin").get(); }));
}

void cancelling() {
  auto calc = calc_of();
  auto spin = calc.call_async<void>("spin"), queued = calc.call_async<void>("nothing");
  CHECK(!spin.wait_for(5ms) && !spin.wait_for(-1s) && !queued.is_done());
  queued.cancel();
  CHECK(throws<Cancelled>([&] { queued.get(); }) && !spin.is_done());
  spin.cancel();
  CHECK(throws<Cancelled>([&] { spin.get(); }));
  CHECK(throws<Poisoned>([&] { calc.call_async<void>("nothing").get(); }));
  auto done = calc_of().call_async<void>("nothing");
  done.get();
  done.cancel();
  done.get();

  auto moved = std::move(done);
  moved.get();
  CHECK(throws<TypeError>([&] { done.get(); }) && !done.is_done());  // NOLINT: moved from
  auto closing = calc_of();
  auto running = closing.call_async<void>("spin");
  closing.close();
  CHECK(throws<Closed>([&] { running.get(); }) && throws<Closed>([&] { (void)closing.call_async<void>("spin"); }));
}

void continuations() {
  auto calc = calc_of();
  std::latch all(101);
  std::atomic<int> sum = 0;
  for (int i = 0; i < 100; ++i) {
    auto kept = std::make_unique<int>(i);  // a callable that can be moved only
    calc.call_async<int32_t>("add", i, 1).then([&, kept = std::move(kept)](Call<int32_t> call) {
      CHECK(call.is_done());
      sum += call.get() + *kept;
      all.count_down();
    });
  }
  calc.call_async<void>("trap").then([&](Call<void> call) {
    CHECK(throws<Trap>([&] { call.get(); }));
    all.count_down();
  });
  all.wait();
  CHECK(sum == 5050 + 4950);
  // It is dropped, and goes on.
  { (void)calc.call_async<int32_t>("ask", 1); }
  CHECK(calc.call_async<int32_t>("ask", 2).get() == 2);
}

// The least of coroutines: starts at once, and frees itself at its end.
struct Task {
  struct promise_type {
    Task get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};

Task sum_up(const Instance &calc, int &sum, bool &is_caught, std::latch &over) {
  for (int i = 0; i < 200; ++i) sum = co_await calc.call_async<int32_t>("add", sum, i);
  auto call = calc.call_async<int32_t>("ask", -1);
  try {
    co_await call;
  } catch (const Boom &boom) {
    is_caught = &boom == thrown;
  }
  over.count_down();
}

void coroutines() {
  auto calc = calc_of(), other = calc_of();
  int sums[2] = {};
  bool caught[2] = {};
  std::latch over(2);
  sum_up(calc, sums[0], caught[0], over);
  sum_up(other, sums[1], caught[1], over);
  over.wait();
  CHECK(sums[0] == 19900 && sums[1] == 19900 && caught[0] && caught[1]);
}

void engines() {
  std::vector<Instance> calcs;
  std::vector<Call<int32_t>> calls;
  for (int i = 0; i < 5; ++i) {
    const Engine engine({.call_threads = 1});
    calcs.push_back(calc_of({}, engine));
    calls.push_back(calcs.back().call_async<int32_t>("add", i, i));
  }
  for (int i = 0; i < 5; ++i) CHECK(calls[static_cast<size_t>(i)].get() == 2 * i);
}

const char *const COUNTER = R"((module (global $n (mut i32) (i32.const 0))
  (func (export "next") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
  (func (export "trap") unreachable)))";

void pools() {
  auto module = Module::from_text(COUNTER);
  Pool pool(module, {.max = 2, .wait = 20ms});
  {
    auto one = pool.get(), two = pool.get();
    CHECK(throws<Busy>([&] { pool.get(); }));
    CHECK(one.call<int32_t>("next") == 1 && two.call<int32_t>("next") == 1 && pool.counts().taken == 2);
    one.close();
    CHECK(throws<Closed>([&] { one.call<int32_t>("next"); }) && pool.counts().taken == 1);
  }
  CHECK(pool.counts().taken == 0 && pool.call<int32_t>("next") == 1 && pool.call("next", {})[0].as<int32_t>() == 1);
  CHECK(throws<Trap>([&] { pool.call<void>("trap"); }) && throws<TypeError>([&] { pool.call<double>("next"); }));
  CHECK(throws<NotFound>([&] { pool.call<void>("unknown"); }) && pool.counts().taken == 0);

  std::vector<Call<int32_t>> calls;
  for (int i = 0; i < 1000; ++i) calls.push_back(pool.call_async<int32_t>("next"));
  int sum = 0;
  for (const auto &call : calls) sum += call.get();
  CHECK(sum == 1000 && pool.call_async("next", {}).get()[0].as<int32_t>() == 1);

  Pool kept(module, Imports(), {.limits = {.fuel = 1000}}, {.max = 1, .reset = Reset::reuse});
  for (int i = 1; i < 100; ++i) CHECK(kept.call<int32_t>("next") == i);
  CHECK((kept.counts() == PoolCounts{.ready = 1, .taken = 0, .waiting = 0, .made = 1, .served = 99}));

  auto taken = pool.get();
  pool.close();
  pool.close();
  CHECK(throws<Closed>([&] { pool.get(); }) && taken.call<int32_t>("next") == 1);
  CHECK(throws<Closed>([&] { pool.call_async<int32_t>("next").get(); }));
  CHECK(throws<RangeError>([&] { Pool(module, {.max = 0}); }) && throws<RangeError>([&] { Pool(module, {.wait = -1s}); }));
  CHECK(throws<LinkError>([] { Pool(Module::from_text("(module (import \"a\" \"b\" (func)))")); }));
  Instance outlives = Pool(module).get();
  CHECK(outlives.call<int32_t>("next") == 1);
}

// A child that ends while calls run and wait, with all its objects still there: this program again.
int leave() {
  static auto calc = calc_of();
  static Pool pool(Module::from_text(CALC), imports());
  static auto spin = calc.call_async<void>("spin");
  static std::vector<Call<void>> calls;
  for (int i = 0; i < 50; ++i) calls.push_back(calc.call_async<void>("nothing"));
  for (int i = 0; i < 50; ++i) calls.push_back(pool.call_async<void>("spin"));
  std::move(calls.back()).then([](Call<void>) {});
  return spin.wait_for(5ms) ? 1 : 7;
}

void a_process_ends_with_calls_in_flight(const char *program) {
  for (int i = 0; i < 5; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      alarm(60);
      execl(program, program, "leave", nullptr);
      _exit(127);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 7);
  }
}

}  // namespace

int main(int argc, char **argv) {
  if (argc > 1) return leave();
  values();
  exceptions();
  cancelling();
  continuations();
  coroutines();
  engines();
  pools();
  a_process_ends_with_calls_in_flight(argv[0]);
  return finish();
}
