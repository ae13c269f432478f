// The programs of docs/guide/cpp.md; they are cut from here. Runs in this directory.

#include <cassert>
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
  calc.close();                                                       // ends it; destructors only let go
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

int main() {
  load_and_call();
  host_functions();
  std::cout << "2 passed, 0 failed\n";
}
