// Calls the guests that lie in the current folder. Prints what hosts/*.py print.
#include <filesystem>
#include <iostream>
#include <landbridge.hpp>
#include <string>
#include <tuple>
#include <vector>

struct Person {
  std::string name;
  uint8_t age;
  std::vector<std::string> languages;
};
template <>
struct landbridge::Wit<Person> {
  static constexpr auto fields = landbridge::fields("name", &Person::name, "age", &Person::age, "languages", &Person::languages);
};

static std::string greeting(const landbridge::Instance &guest, std::string_view name) {
  auto memory = guest.memory("memory");
  auto length = static_cast<uint32_t>(name.size());
  auto at = guest.call<uint32_t>("alloc", length);
  memory.write_text(at, name);
  auto found = guest.call<uint64_t>("hello", at, length);
  guest.call<void>("dealloc", at, length);
  at = static_cast<uint32_t>(found >> 32), length = static_cast<uint32_t>(found);
  std::string text = memory.read_text(at, length);
  guest.call<void>("dealloc", at, length);
  return text;
}

static void greet(const landbridge::Instance &guest) {
  std::cout << guest.call<int32_t>("add", 2, 3) << '\n' << greeting(guest, "Ada") << '\n' << greeting(guest, "Zoë") << '\n';
}

static void countdown(const landbridge::Instance &guest) {
  std::cout << guest.call<int32_t>("countdown", 3) << " lines\n";
}

static void greeter(const landbridge::Instance &guest) {
  auto hello = guest.wit_func<std::string(Person)>("greetings#hello");
  std::cout << hello({"Ada", 36, {"en", "fr"}}) << '\n';
  try {
    hello({"", 0, {}});
  } catch (const landbridge::WitError &refused) {
    std::cout << "refused: " << refused.payload().as<std::string>() << '\n';
  }
}

static void counter(const landbridge::Instance &guest) {
  std::cout << guest.wit_func<uint32_t(uint32_t)>("countdown")(3) << " lines\n";
}

static void call(const std::string &name, const landbridge::Imports &imports, void (*calls)(const landbridge::Instance &)) {
  if (!std::filesystem::exists(name + ".wasm")) return;
  landbridge::Sandbox sandbox;
  sandbox.policy = landbridge::Policy::program();  // Go needs a clock
  calls(landbridge::Module::load(name + ".wasm").instantiate(imports, sandbox));
}

int main() {
  landbridge::Imports nothing, env, logging;
  env.func("env", "log", [](const landbridge::Context &context, uint32_t at, uint32_t length) {
    std::cout << std::get<landbridge::Memory>(context.exported("memory")).read_text(at, length) << '\n';
  });
  logging.wit_func("logging", "log", [](std::string_view line) { std::cout << line << '\n'; });
  call("greet", nothing, greet);
  call("countdown", env, countdown);
  call("greeter", nothing, greeter);
  call("counter", logging, counter);
}
