// The program of the guide's page on performance for guests that are trusted; it is cut from here. Runs in core/tests/guide.

#include <cassert>
#include <iostream>
#include <landbridge.hpp>

using namespace std::chrono_literals;

int main() {
  // [trusted]
  landbridge::Engine trusted({.interruptible = false});               // one for the program: keep it
  auto calc = landbridge::Module::load("calc.wat", trusted).instantiate();
  int five = calc.call<int>("add", 2, 3);
  // [end trusted]
  assert(five == 5);
  try {
    landbridge::Module::load("calc.wat", trusted).instantiate({}, {.limits = {.timeout = 500ms}});
    return 1;
  } catch (const landbridge::Unsupported &error) {
    assert(std::string_view(error.what()).find("interruptible") != std::string_view::npos);
  }
  std::cout << "1 passed, 0 failed\n";
}
