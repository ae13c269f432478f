// Host functions that another thread answers for, and a host with habits of its own.

#include <atomic>
#include <chrono>
#include <future>
#include <landbridge.hpp>
#include <thread>

#include "check.h"

using namespace landbridge;

static constexpr const char *MODULE =
    "(module (import \"env\" \"later\" (func $later (param i32) (result i32)))"
    " (func (export \"later\") (param i32) (result i32) (call $later (local.get 0)))"
    " (func (export \"twice\") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))"
    " (func (export \"spin\") (loop $l (br $l))))";

// A guest whose host function `then` answers for, on a thread of its own.
template <class Then>
static Instance lending(Then then) {
  Imports imports;
  imports.func("env", "later", [then](const Context &context, int32_t n) {
    const Loan loan = context.lend();
    std::thread other([&] { then(loan.answer(), n); });
    struct Join {
      std::thread &thread;
      ~Join() { thread.join(); }
    } join{other};
    return loan.wait<int32_t>();
  });
  return Module::from_text(MODULE).instantiate(imports);
}

static void another_thread_answers() {
  auto guest = lending([](Answer answer, int32_t n) {
    CHECK(answer.is_open() && !is_serving());
    answer.give(n + 1);
    CHECK(throws<Closed>([&] { answer.give(n); }));
  });
  CHECK(guest.call<int32_t>("later", 41) == 42);

  auto mine = std::make_shared<int>(7);
  auto fails = lending([mine](Answer answer, int32_t) { answer.fail(std::make_exception_ptr(mine)); });
  try {
    fails.call<int32_t>("later", 1);
    CHECK(false);
  } catch (const std::shared_ptr<int> &found) {
    CHECK(found == mine);
  }

  auto wrong = lending([](Answer answer, int32_t) { answer.give(1.5); });
  CHECK(throws<TypeError>([&] { wrong.call<int32_t>("later", 1); }));
}

static void other_threads_use_the_store() {
  std::promise<Instance *> known;
  auto found = known.get_future().share();
  auto guest = lending([found](Answer answer, int32_t n) {
    const auto entered = answer.enter();
    answer.give(found.get()->call<int32_t>("twice", n));
  });
  known.set_value(&guest);
  CHECK(guest.call<int32_t>("later", 21) == 42);
}

static void a_late_answer_is_told() {
  std::promise<void> over;
  auto done = over.get_future().share();
  std::promise<bool> closed;
  Imports imports;
  std::thread late;
  imports.func("env", "later", [&](const Context &context, int32_t) {
    const Loan loan = context.lend();
    late = std::thread([&closed, done, answer = loan.answer()] {
      done.wait();
      closed.set_value(throws<Closed>([&] { answer.give(1); }) && !answer.is_open());
    });
    return loan.wait<int32_t>();
  });
  Sandbox sandbox;
  sandbox.limits.timeout = std::chrono::milliseconds(50);
  auto guest = Module::from_text(MODULE).instantiate(imports, sandbox);
  CHECK(throws<Timeout>([&] { guest.call<int32_t>("later", 1); }));
  over.set_value();
  CHECK(closed.get_future().get());
  late.join();
}

struct Interrupt {
  int number;
};

class Habits : public Host {
 public:
  std::atomic<bool> stops = false;
  std::atomic<int> waited = 0, blocked = 0;
  std::promise<void> *met = nullptr;

  void wait() override {
    ++waited;
    if (met) met->set_value();
    wait_now();
  }
  void block() override { ++blocked; }
  void tick(uint32_t ticks) override {
    if (stops && ticks > 2) throw Interrupt{2};
  }
  static void out_of_place() { wait_now(); }
};

static void a_host_has_habits() {
  static Habits habits;
  Host::install(habits);
  CHECK(throws<Unsupported>([] { Host::install(habits); }));
  CHECK(throws<Unsupported>([] { Habits::out_of_place(); }));

  std::promise<void> inside, leave;
  auto left = leave.get_future().share();
  Imports imports;
  imports.func("env", "later", [&](int32_t n) {
    inside.set_value();
    left.wait();
    return n;
  });
  auto guest = Module::from_text(MODULE).instantiate(imports);
  std::thread other([&] { CHECK(guest.call<int32_t>("later", 1) == 1); });
  inside.get_future().wait();
  habits.met = &leave;
  CHECK(guest.call<int32_t>("twice", 2) == 4 && habits.waited == 1);
  habits.met = nullptr;
  other.join();

  habits.stops = true;
  try {
    guest.call<void>("spin");
    CHECK(false);
  } catch (const Interrupt &found) {
    CHECK(found.number == 2);
  }
  habits.stops = false;
  another_thread_answers();
  CHECK(habits.blocked > 0);
}

int main() {
  another_thread_answers();
  other_threads_use_the_store();
  a_late_answer_is_told();
  a_host_has_habits();
  std::printf("%zu passed, %zu failed\n", checks_passed, checks_failed);
  return checks_failed != 0;
}
