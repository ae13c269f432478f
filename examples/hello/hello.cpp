// The smallest program: loads a component and calls it.

// [hello]
#include <iostream>
#include <landbridge.hpp>

int main() {
  auto greet = landbridge::Module::load("greet.wasm").instantiate();
  auto hello = greet.wit_func<std::string(std::string_view)>("hello");
  std::cout << hello("Ada") << '\n';
}
// [end hello]
