// The C++ driver of the bench; see ../README.md.

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <landbridge.hpp>
#include <map>
#include <span>

using namespace landbridge;

// Runs the cases that standard input asks for.
static void serve(const std::map<std::string, std::function<void(long)>> &cases) {
  for (const auto &[name, run] : cases) run(10);
  std::cout << "ready";
  for (const auto &[name, run] : cases) std::cout << ' ' << name;
  std::cout << std::endl;
  std::string name;
  for (long n; std::cin >> name >> n;) {
    const auto &run = cases.at(name);
    const auto start = std::chrono::steady_clock::now();
    run(n);
    const std::chrono::nanoseconds took = std::chrono::steady_clock::now() - start;
    std::cout << took.count() << std::endl;
  }
}

int main(int argc, char **argv) {
  if (argc < 3) {
    std::cerr << "usage: " << argv[0] << " BENCH_WAT LARGE_WASM\n";
    return 2;
  }
  std::ifstream file(argv[1], std::ios::binary);
  const std::string source(std::istreambuf_iterator<char>(file), {});
  std::ifstream large_file(argv[2], std::ios::binary);
  const std::string large(std::istreambuf_iterator<char>(large_file), {});
  const auto module = Module::from_text(source);
  Imports imports;
  imports.func("env", "inc", [](int32_t x) { return x + 1; });
  const auto instance = module.instantiate(imports);
  const auto add_i32 = instance.func<int32_t(int32_t, int32_t)>("add_i32");
  const auto add_i64 = instance.func<int64_t(int64_t, int64_t)>("add_i64");
  const auto add_f64 = instance.func<double(double, double)>("add_f64");
  const auto callbacks = instance.func<int32_t(int32_t)>("callbacks");
  const auto memory = instance.memory("memory");
  std::vector<std::byte> bytes(1 << 20);

  std::vector<int32_t> ints(1'000'000, 1), int_sums(ints.size());
  std::vector<double> floats(ints.size(), 1), float_sums(ints.size());
  auto map = [](const auto &add, auto &column, auto &sums, size_t rows) {
    const std::span args(column.data(), rows);
    add.map_into(std::span(sums.data(), rows), args, args);
  };

  const Engine engine({.pool_slots = 8});
  const Pool pool(Module::load(std::filesystem::path(argv[1]).replace_filename("data.wat").string(), engine));

  auto each = [](auto what) {
    return [what](long n) {
      for (long i = 0; i < n; i++) what();
    };
  };
  const std::map<std::string, std::function<void(long)>> cases{
      {"empty", each([] { lb_error_frame(nullptr, 3); })},
      {"add_i32", each([&] { add_i32(2, 3); })},
      {"add_i64", each([&] { add_i64(2, 3); })},
      {"add_f64", each([&] { add_f64(2, 3); })},
      {"by_name", each([&] { instance.call<int32_t>("add_i32", 2, 3); })},
      {"map_i32_1e5", each([&] { map(add_i32, ints, int_sums, 100'000); })},
      {"map_f64_1e5", each([&] { map(add_f64, floats, float_sums, 100'000); })},
      {"map_i32_1e6", each([&] { map(add_i32, ints, int_sums, 1'000'000); })},
      {"map_f64_1e6", each([&] { map(add_f64, floats, float_sums, 1'000'000); })},
      {"callback", [&](long n) { callbacks(static_cast<int32_t>(n)); }},
      {"instantiate", each([&] { module.instantiate(imports).close(); })},
      {"instantiate_pooled", each([&] { pool.get().close(); })},
      {"load", each([&] { Module::from_bytes(std::as_bytes(std::span(large))); })},
      {"load_path", each([&] { Module::load(argv[2]); })},
      {"copy_64", each([&] {
         memory.write(0, std::span(bytes).first(64));
         memory.read(0, std::span(bytes).first(64));
       })},
      {"write_1mib", each([&] { memory.write(0, bytes); })},
      {"read_1mib", each([&] { memory.read(0, bytes); })},
  };

  serve(cases);
}
