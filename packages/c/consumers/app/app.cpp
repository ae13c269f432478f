// The same in C++20.
#include <iostream>
#include <landbridge.hpp>

int main() {
  landbridge::check_version();
  landbridge::Imports imports;
  imports.func("host", "twice", [](int32_t it) { return 2 * it; });
  auto calc = landbridge::Module::from_text(R"(
      (module (import "host" "twice" (func $twice (param i32) (result i32)))
        (func (export "add") (param i32 i32) (result i32) (call $twice (i32.add (local.get 0) (local.get 1))))
        (func (export "trap") unreachable)))").instantiate(imports);
  auto add = calc.func<int32_t(int32_t, int32_t)>("add");
  const int32_t sum = add(2, 3);
  try {
    calc.func<void()>("trap")();
  } catch (const landbridge::Trap &trap) {
    std::cout << landbridge::version() << ' ' << sum << ' ' << landbridge::name(trap.code()) << '\n';
  }
}
