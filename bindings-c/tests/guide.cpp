// The programs of docs/guide/cpp.md; they are cut from here. Runs in this directory.

#include <cassert>
#include <chrono>
#include <iostream>
#include <landbridge.hpp>
#include <stdexcept>
#include <thread>

static void load_and_call() {
  // [call]
  auto calc = landbridge::Module::load("calc.wat").instantiate();
  auto add  = calc.func<int32_t(int32_t, int32_t)>("add");            // checked once, then a plain call
  int five  = add(2, 3);                                              // throws landbridge::Trap, ...
  std::span<std::byte> view = calc.memory("memory").span();
  // [end call]
  assert(five == 5 && view.size() == 65536);

  // [by-name]
  int also_five = calc.call<int32_t>("add", 2, 3);
  std::vector<landbridge::Value> values = calc.call("add", {2, 3});   // any signature
  // [end by-name]
  assert(also_five == 5 && values[0].as<int32_t>() == 5);

  // [errors]
  try {
    calc.call<int32_t>("divide", 1, 0);
  } catch (const landbridge::Trap &trap) {
    std::cout << landbridge::name(trap.code()) << ": " << trap.what() << "\n";
    for (const auto &frame : trap.frames()) std::cout << "    at " << frame.func_name.value_or("?") << "\n";
  } catch (const landbridge::Error &error) {                          // the base of all
    std::cout << landbridge::name(error.kind()) << ": " << error.what() << "\n";
  }
  // [end errors]

  // [memory]
  auto memory = calc.memory("memory");
  memory.write(16, "hello");                                          // checked and copied
  std::cout << memory.read_string(16, 5) << "\n";
  auto kept = memory.view();                                          // mapped as long as `kept` lives
  kept.span()[16] = std::byte{'j'};
  // [end memory]
  assert(memory.read_string(16, 5) == "jello");

  // [threads]
  {
    std::jthread other([&] { add(2, 3); });                           // threads take turns on a store
    add(4, 5);
  }
  // [end threads]

  // [closing]
  calc.close();                                                       // ends it; destructors only release handles
  try {
    add(2, 3);
  } catch (const landbridge::Closed &closed) {
    std::cout << closed.what() << "\n";
  }
  // [end closing]
}

static void host_functions() {
  auto module = landbridge::Module::load("app.wat");
  // [imports]
  landbridge::Imports imports;
  imports.func("env", "read_line", [](const landbridge::Context &context, uint32_t at) -> uint32_t {
    context.memory().write(at, "a line");
    return 6;
  });
  auto app = module.instantiate(imports);
  std::cout << app.call<int32_t>("run") << "\n";
  // [end imports]

  // [exception]
  imports.func("env", "read_line", [](uint32_t) -> uint32_t { throw std::out_of_range("not today"); });
  try {
    module.instantiate(imports).call<int32_t>("run");
  } catch (const std::out_of_range &e) {                              // the very object that was thrown
    std::cout << e.what() << "\n";
  }
  // [end exception]
}

static landbridge::Instance values_guest() {
  landbridge::Imports imports;
  // [values-throw]
  imports.func("env", "check", [](const landbridge::Context &context, int32_t number) {
    auto refused = std::get<landbridge::Tag>(context.exported("refused"));
    if (number > 100) throw landbridge::TaggedException(refused, {number - 100});  // the guest can catch it
  });
  auto guest = landbridge::Module::load("values.wat").instantiate(imports);
  int32_t caught = guest.call<int32_t>("try", 142);
  // [end values-throw]
  assert(caught == 42);
  return guest;
}

static void values() {
  auto guest = values_guest();
  {
    // [values-vector]
    using Lanes = std::array<float, 4>;                               // any array of numbers of 16 bytes
    auto add = guest.func<Lanes(Lanes, Lanes)>("add");
    Lanes sum = add({1, 2, 3, 4}, {10, 20, 30, 40});
    // [end values-vector]
    assert((sum == Lanes{11, 22, 33, 44}));
  }
  {
    auto upper = landbridge::Module::load("../../conformance/modules/upper.wat").instantiate();
    // [values-text]
    auto memory = upper.memory("memory");
    auto at = upper.call<uint32_t>("alloc", 16);                      // the guest says where there is room
    auto length = memory.write_text(at, "größe");                     // 7 bytes: UTF-8, without a zero byte
    upper.call<void>("upper", at, static_cast<uint32_t>(length));
    std::string text = memory.read_text(at, length);
    // [end values-text]
    assert(text == "GRößE");
  }
  {
    // [values-object]
    auto document = std::make_shared<std::string>("any object of C++");
    auto same = guest.func<landbridge::ExternRef(landbridge::ExternRef)>("same");
    landbridge::ExternRef back = same(landbridge::ExternRef(document));
    bool is_same = back.object<std::string>() == document;            // the very object
    // [end values-object]
    assert(is_same && !same({}));
  }
  {
    // [values-gc]
    auto point = guest.call<landbridge::GcRef>("point", 1.5, 2.0);
    std::cout << point.type().text << "\n";                           // (struct (mut f64) f64)
    point.set(0, point.at(0).as<double>() + 2);                       // seen by the guest
    double x = guest.call<double>("x", point);
    // [end values-gc]
    assert(x == 3.5);
  }
  {
    int32_t number = 0;
    // [values-exception]
    auto refused = guest.tag("refused");
    try {
      guest.call<void>("refuse", 7);
    } catch (const landbridge::TaggedException &thrown) {
      if (thrown.tag() != refused) throw;
      number = thrown.payload()[0].as<int32_t>();
    }
    // [end values-exception]
    assert(number == 7);
  }
}

static void linking() {
  auto user = landbridge::Module::load("user.wat"), calc_module = landbridge::Module::load("calc.wat");
  {
    // [linking-memory]
    landbridge::Store store;
    landbridge::Memory memory(store, {.min = 1});
    landbridge::Imports imports;
    imports.define("env", "memory", memory);
    auto one = store.instantiate(user, imports), two = store.instantiate(user, imports);
    one.call<void>("put", 5, 77);
    int32_t found = two.call<int32_t>("get", 5);
    // [end linking-memory]
    assert(found == 77 && memory.span()[5] == std::byte{77});
  }
  {
    // [linking-instance]
    landbridge::Store store;
    auto calc = store.instantiate(calc_module);
    landbridge::Imports imports;
    imports.instance("env", calc);                                    // all exports of calc
    auto two = store.instantiate(user, imports);
    two.call<void>("put", 0, 42);
    // [end linking-instance]
    assert(calc.memory("memory").span()[0] == std::byte{42});
  }
  {
    // [linking-value]
    landbridge::Imports imports;
    imports.value("env", "level", int64_t{3});                        // for a global i64
    auto guest = landbridge::Module::load("level.wat").instantiate(imports);
    // [end linking-value]
    assert(guest.call<int64_t>("level") == 3);
  }
}

static void files() {
  {
    // [precompiled]
    landbridge::Module::load("calc.wat").compile("calc.code");
    // Machine code: only load what you made, or would run as a program.
    auto calc = landbridge::Module::load_precompiled("calc.code").instantiate();
    // [end precompiled]
    assert(calc.call<int32_t>("add", 2, 3) == 5);
    std::filesystem::remove("calc.code");
  }
  {
    // [inspect]
    landbridge::Inspection found = landbridge::inspect("app.wat");    // nothing is compiled
    for (const auto &import : found.imports) {
      std::cout << import.module << "." << import.name << ": " << import.type.text << "\n";
    }
    for (const auto &feature : found.features) std::cout << "needs " << feature << "\n";
    std::cout << found.to_json() << "\n";                              // the same text in every language
    // [end inspect]
    assert(found.imports.size() == 1);
  }
}

static void sandboxes() {
  using namespace std::chrono_literals;
  auto greet = landbridge::Module::load("greet.wat");
  {
    // [sandbox-limits]
    landbridge::Limits limits{.memory_bytes = 64 << 20, .fuel = 10'000'000, .timeout = 500ms};
    auto guest = greet.instantiate({}, {.limits = limits});           // what is not named is not bounded
    try {
      guest.call<void>("spin");
    } catch (const landbridge::FuelExhausted &error) {                // else MemoryLimit, Timeout, LimitExceeded
      std::cout << error.what() << ", " << *guest.store().usage().fuel_used << " units\n";
    }
    // [end sandbox-limits]
    assert(*guest.store().usage().fuel_used >= 10'000'000);
  }
  {
    // [sandbox-policy]
    auto policy = landbridge::Policy()                                // grants nothing; each step is a new policy
                      .with_read_only_dir("/data", "data")            // the guest's name, the host's
                      .with_env("LANG", "C");
    auto program = greet.instantiate({}, {.policy = policy, .stdio = {.out = landbridge::Output::inherit()}});
    int exit_code = program.run();
    // [end sandbox-policy]
    assert(exit_code == 0);
  }
  {
    // [sandbox-output]
    auto program = greet.instantiate({}, {.stdio = {.out = landbridge::Output::capture()}});
    int exit_code = program.run();                                    // 8, an error of WASI: nothing was granted
    std::string written = program.store().take_stdout();              // since the last time
    // [end sandbox-output]
    assert(exit_code == 8 && written == "no greeting\n");
  }
  {
    auto count = landbridge::Module::load("../../conformance/modules/count.wasm");
    // [sandbox-files]
    auto policy = landbridge::Policy()
                      .with_memory_dir("/tmp", {{"poem.txt", "one two\n"}}, landbridge::Access::write)
                      .with_args({"count", "/tmp/poem.txt", "/tmp/../secret.txt"});
    landbridge::Sandbox sandbox{.policy = policy,
                                .limits = {.written_bytes = 1 << 20, .open_files = 16},
                                .stdio = {.refusals = landbridge::Output::capture()}};
    auto program = count.instantiate({}, sandbox);
    int exit_code = program.run();                                    // 2: one of the two could not be opened
    auto refusals = program.store().take_refusals();
    std::cout << refusals;  // refused: path_open "../secret.txt" below "/tmp": not permitted
    // [end sandbox-files]
    assert(exit_code == 2 && program.store().usage().written_bytes == 0);
    assert(refusals == "refused: path_open \"../secret.txt\" below \"/tmp\": not permitted\n");
  }
  {
    // [sandbox-network]
    auto policy = landbridge::Policy()
                      .with_name("*.example.org", 443)                // ports: 443, {8000, 8999}, "8000-8999" or "*"
                      .with_http("https", "api.example.org", 443, "GET");
    bool may_connect = policy.allows_name_port("www.example.org", 443);
    bool may_post = policy.allows_http("https", "api.example.org", 443, "POST");
    // [end sandbox-network]
    assert(may_connect && !may_post);
  }
  {
    bool is_cancelled = false;
    // [sandbox-cancel]
    auto guest = greet.instantiate();
    auto store = guest.store();
    std::jthread other([&] {
      std::this_thread::sleep_for(20ms);
      store.cancel();                                                 // from any thread; does not wait
    });
    try {
      guest.call<void>("spin");                                       // does not end by itself
    } catch (const landbridge::Cancelled &) {
      is_cancelled = true;
    }
    // [end sandbox-cancel]
    assert(is_cancelled);
  }
  {
    // [sandbox-json]
    auto asked = landbridge::Policy::from_file("policy.json");
    auto most = landbridge::Policy::from_json(R"({"dirs": {"/data": {"path": "data"}}, "env": {"LANG": "C"}})");
    auto policy = asked.restrict(most);                               // what both grant: /data, but read-only
    if (!most.allows(asked)) std::cout << "it gets less than it asked for: " << policy.to_json() << "\n";
    // [end sandbox-json]
    assert(policy == most);
  }
}

static void asynchronous_calls() {
  using namespace std::chrono_literals;
  auto calc_module = landbridge::Module::load("calc.wat");
  auto calc = calc_module.instantiate(), guest = landbridge::Module::load("greet.wat").instantiate();
  {
    // [async-call]
    auto add = calc.func<int32_t(int32_t, int32_t)>("add");
    std::vector<landbridge::Call<int32_t>> calls;
    for (int i = 0; i < 1000; ++i) calls.push_back(add.call_async(i, 1));  // does not wait
    int sum = 0;
    for (const auto &call : calls) sum += call.get();                 // or in a coroutine: co_await call
    calc.call_async<int32_t>("divide", 1, 0).then([](landbridge::Call<int32_t> call) {
      try {
        std::cout << call.get() << "\n";                              // it is over by now
      } catch (const landbridge::Trap &trap) {
        std::cout << trap.what() << "\n";
      }
    });
    // [end async-call]
    assert(sum == 500500);
    add.call_async(0, 0).get();
  }
  {
    bool is_cancelled = false;
    // [async-cancel]
    auto call = guest.call_async<void>("spin");                       // does not end by itself
    if (!call.wait_for(20ms)) call.cancel();                          // this call and no other
    try {
      call.get();
    } catch (const landbridge::Cancelled &) {
      is_cancelled = true;
    }
    // [end async-cancel]
    assert(is_cancelled);
  }
  {
    auto calc = calc_module.instantiate();
    // [map]
    auto divide = calc.func<int32_t(int32_t, int32_t)>("divide");
    std::vector<int32_t> xs{10, 20, 30}, out(3);
    std::vector<int32_t> halves = divide.map(xs, 2);                  // {5, 10, 15}; a number repeats
    std::optional<uint64_t> row;
    try {
      divide.map_into(std::span(out), xs, std::vector<int32_t>{1, 0, 1});  // into columns that you have
    } catch (const landbridge::Trap &trap) {
      row = trap.row();                                               // 1; out[0] is 10
    }
    // [end map]
    assert(halves[2] == 15 && row == 1 && out[0] == 10);
  }
  {
    // [pool]
    landbridge::Sandbox sandbox{.limits = {.timeout = 500ms}};
    landbridge::Pool pool(calc_module, {}, sandbox, {.max = 4, .wait = 5s});
    int five;
    {
      auto one = pool.get();                                          // from any thread
      five = one.call<int32_t>("add", 2, 3);
    }                                                                 // given back; a fresh one takes its place
    int seven = pool.call<int32_t>("add", 3, 4);                      // all of it in one step
    auto later = pool.call_async<int32_t>("add", 4, 5);               // and on another thread
    // [end pool]
    assert(five == 5 && seven == 7 && later.get() == 9 && pool.counts().served == 3);
  }
}

static void slots() {
  // [slots]
  landbridge::Engine engine({.pool_slots = 100});                   // once, for all pools together
  landbridge::Pool pool(landbridge::Module::load("calc.wat", engine), {}, {}, {.max = 4});
  int five = pool.call<int32_t>("add", 2, 3);
  auto counts = pool.counts();                                      // made: 2, in_slots: 2
  // [end slots]
  assert(five == 5 && counts.made == 2 && counts.in_slots == 2);
}

int main() {
  load_and_call();
  host_functions();
  values();
  linking();
  files();
  sandboxes();
  asynchronous_calls();
  slots();
  std::cout << "8 passed, 0 failed\n";
}
