// The second program of docs/start/cpp.md: limits, and an error. docs/start/test.py runs it.

// [careful]
#include <chrono>
#include <iostream>
#include <landbridge.hpp>

int main() {
  landbridge::Sandbox sandbox{.limits = {.memory_bytes = 16 << 20, .timeout = std::chrono::milliseconds(500)}};
  auto greet = landbridge::Module::load("greet.wasm").instantiate({}, sandbox);
  try {
    auto hello = greet.wit_func<std::string(uint32_t)>("hello");  // hello takes a string
    std::cout << hello(42) << '\n';
  } catch (const landbridge::Error &error) {
    std::cout << landbridge::name(error.kind()) << ": " << error.what() << '\n';
  }
}
// [end careful]
