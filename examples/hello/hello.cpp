// The smallest program: loads a module and calls it.

// [hello]
#include <iostream>
#include <landbridge.hpp>

int main() {
  auto calc = landbridge::Module::load("calc.wasm").instantiate();
  auto add = calc.func<int32_t(int32_t, int32_t)>("add");
  std::cout << add(2, 3) << '\n';
}
// [end hello]
