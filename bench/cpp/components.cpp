// The C++ driver for components; see ../README.md.

#include <chrono>
#include <cstring>
#include <functional>
#include <iostream>
#include <landbridge.hpp>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

using namespace landbridge;

struct Fields {
  uint32_t a;
  std::string b;
  double c;
  bool d;
  uint64_t e;
  int32_t f;
  std::string g;
  uint8_t h;
  float i;
  int64_t j;
};
template <>
struct landbridge::Wit<Fields> {
  static constexpr auto fields =
      landbridge::fields("a", &Fields::a, "b", &Fields::b, "c", &Fields::c, "d", &Fields::d, "e", &Fields::e, "f",
                         &Fields::f, "g", &Fields::g, "h", &Fields::h, "i", &Fields::i, "j", &Fields::j);
};

struct Pair {
  uint32_t id;
  std::string name;
};
template <>
struct landbridge::Wit<Pair> {
  static constexpr auto fields = landbridge::fields("id", &Pair::id, "name", &Pair::name);
};

struct Point {
  double x, y, z;
};
template <>
struct landbridge::Wit<Point> {
  static constexpr auto fields = landbridge::fields("x", &Point::x, "y", &Point::y, "z", &Point::z);
};

struct Dot {};
struct Figure : std::variant<Dot, double, std::string> {
  using variant::variant;
};
template <>
struct landbridge::Wit<Figure> {
  static constexpr auto cases = landbridge::names("dot", "circle", "named");
};

using Outcome = WitResult<std::string, std::string>;
using Cases = std::vector<std::pair<std::string, std::function<void(long)>>>;

namespace {

constexpr uint32_t mib = 1 << 20, floats = 100'000;
constexpr size_t many = 10'000;
const std::string text = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

// So that nothing is left out because nobody looks at it.
template <class T>
void keep(const T &it) {
  asm volatile("" : : "r"(&it) : "memory");
}

auto each(auto what) {
  return [what](long n) mutable {
    for (long i = 0; i < n; i++) what();
  };
}

template <class R, class... A>
auto call(const Instance &instance, const char *name, A... args) {
  auto func = instance.wit_func<R(A...)>(std::string("calls#") + name);
  return std::pair(std::string(name), each([func, ... args = std::move(args)] {
                     if constexpr (std::is_void_v<R>) {
                       func(args...);
                     } else {
                       keep(func(args...));
                     }
                   }));
}

template <class... A>
auto of_host(const Instance &instance, const char *name, A... args) {
  const auto func = instance.wit_func(std::string("calls#") + name);
  return std::pair(std::string(name), [func, args...](long n) {
    func.call({WitValue(static_cast<uint32_t>(n)), WitValue(args)...});
  });
}

Instance instantiate(const char *path) {
  Imports imports;
  imports.wit_func("host", "noop", [] {});
  imports.wit_func("host", "add", [](uint32_t a, uint32_t b) { return a + b; });
  imports.wit_func("host", "text", [](std::string_view it) { return std::string(it); });
  imports.wit_func("host", "bytes-in",
                   [](std::span<const uint8_t> it) { return static_cast<uint32_t>(it.size()); });
  Sandbox sandbox;
  sandbox.limits.transfer_bytes = UINT64_MAX >> 1;
  return Module::load(path).instantiate(imports, sandbox);
}

Cases calls(const Instance &it) {
  std::vector<double> numbers(floats);
  std::vector<std::string> texts;
  std::vector<Pair> pairs;
  std::vector<Point> points;
  for (uint32_t i = 0; i < floats; i++) numbers[i] = i;
  for (uint32_t i = 0; i < many; i++) {
    texts.push_back("string number " + std::to_string(i));
    pairs.push_back({i, "name " + std::to_string(i)});
    points.push_back({static_cast<double>(i), 2, 3});
  }
  const Fields ten{1, "a name", 4, true, 2, -3, "something longer than a name", 8, 5, -6};
  return {
      call<void>(it, "noop"),
      call<uint32_t>(it, "add", uint32_t{2}, uint32_t{3}),
      call<std::string>(it, "text", std::string_view(text)),
      call<uint32_t>(it, "bytes-in", std::vector<uint8_t>(mib, 7)),
      call<std::vector<uint8_t>>(it, "bytes-out", mib),
      call<uint32_t>(it, "floats-in", numbers),
      call<std::vector<double>>(it, "floats-out", floats),
      call<std::vector<std::string>>(it, "texts", texts),
      call<Fields>(it, "ten", ten),
      call<std::vector<Pair>>(it, "pairs", pairs),
      call<std::vector<Point>>(it, "points", points),
      call<Figure>(it, "shape", Figure(1.5)),
      call<Outcome>(it, "outcome", Outcome(text)),
      of_host(it, "host-noop"),
      of_host(it, "host-add"),
      of_host(it, "host-text", text),
      of_host(it, "host-bytes-in", mib),
  };
}

Cases plain(const char *path) {
  const std::vector<uint8_t> bytes(mib, 7);
  std::vector<uint8_t> to(mib);
  Imports imports;
  imports.func("env", "inc", [](int32_t x) { return x + 1; });
  const auto callbacks = Module::load(path).instantiate(imports).func<int32_t(int32_t)>("callbacks");
  return {
      {"copy-in", each([bytes, to]() mutable {
         std::memcpy(to.data(), bytes.data(), mib);
         keep(*to.data());
       })},
      {"copy-out", each([bytes] {
         const std::vector<uint8_t> copy = bytes;
         keep(*copy.data());
       })},
      {"callback", [callbacks](long n) { callbacks(static_cast<int32_t>(n)); }},
  };
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 3) {
    std::cerr << "usage: " << argv[0] << " COMPONENT_WASM BENCH_WAT\n";
    return 2;
  }
  const Instance instance = instantiate(argv[1]);
  Cases cases = calls(instance);
  for (auto &one : plain(argv[2])) cases.push_back(std::move(one));
  std::cout << "ready";
  for (const auto &[name, run] : cases) {
    run(10);
    std::cout << ' ' << name;
  }
  std::cout << std::endl;
  std::string name;
  for (long n; std::cin >> name >> n;) {
    for (const auto &[known, run] : cases) {
      if (known != name) continue;
      const auto start = std::chrono::steady_clock::now();
      run(n);
      const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - start;
      std::cout << took.count() << std::endl;
    }
  }
}
