// Loads modules that others wrote, lets them work on real bytes, and prints one line for each call:
// host, module, call, result, digest, milliseconds. Every host has this program.

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <ranges>

#include <landbridge.hpp>

namespace lb = landbridge;
using Bytes = std::string;

// Types of the shop.
enum class Level { debug, info, warning };
template <>
struct landbridge::Wit<Level> {
  static constexpr auto names = landbridge::names("debug", "info", "warning");
};
struct Statistics {
  uint32_t count;
  double least, most, mean;
};
template <>
struct landbridge::Wit<Statistics> {
  static constexpr auto fields = landbridge::fields("count", &Statistics::count, "least", &Statistics::least, "most",
                                                    &Statistics::most, "mean", &Statistics::mean);
};

namespace {

// Kinds of messages, as llhttp counts them, with one of each.
constexpr std::pair<int32_t, const char *> MESSAGES[] = {
    {1, "modules/built/request.http"},
    {2, "modules/built/response.http"},
};

// FNV-1a, 64 bits.
uint64_t digest(const Bytes &bytes) {
  uint64_t hash = 0xcbf29ce484222325;
  for (unsigned char byte : bytes) hash = (hash ^ byte) * 0x100000001b3;
  return hash;
}

void line(const char *module, const char *call, const std::string &result, const Bytes &output, double ms) {
  std::printf("cpp\t%s\t%s\t%s\t%016llx\t%.2f\n", module, call, result.c_str(),
              static_cast<unsigned long long>(digest(output)), ms);
}

// Calls, and says how long it took.
template <class Call>
auto timed(Call call) {
  auto start = std::chrono::steady_clock::now();
  auto result = call();
  std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - start;
  return std::pair(result, time.count());
}

Bytes file(const std::filesystem::path &path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error(path.string() + " cannot be read");
  return Bytes(std::istreambuf_iterator<char>(in), {});
}

// The bytes of a number, the lowest first.
template <class T>
Bytes number(T value) {
  static_assert(std::endian::native == std::endian::little);
  auto bytes = std::bit_cast<std::array<char, sizeof value>>(value);
  return Bytes(bytes.data(), bytes.size());
}

// Puts bytes into a guest, in room made by its own allocator, and gives their address.
uint32_t put(const lb::Instance &guest, const char *alloc, const Bytes &bytes) {
  auto address = guest.call<uint32_t>(alloc, static_cast<uint32_t>(bytes.size()));
  guest.memory("memory").write(address, bytes);
  return address;
}

// Notes a callback: its name, then its arguments.
template <class... Args>
void note(Bytes &events, const char *name, Args... args) {
  events += name;
  ((events += number(args)), ...);
}

class Demo {
 public:
  explicit Demo(std::filesystem::path examples)
      : examples_(std::move(examples)),
        input_(file(examples_ / "modules/built/input.bin")),
        length_(static_cast<uint32_t>(input_.size())) {}

  void sha256() const {
    auto guest = load("guests/sha256.wasm").instantiate();
    auto sha256 = guest.func<uint32_t(uint32_t, uint32_t, uint32_t)>("sha256");
    auto data = put(guest, "alloc", input_), out = guest.call<uint32_t>("alloc", 32);
    auto [length, ms] = timed([&] { return sha256(data, length_, out); });
    line("sha256", "sha256", std::to_string(length), guest.memory("memory").read_string(out, length), ms);
  }

  void text() const {
    auto guest = load("guests/text.wasm").instantiate();
    auto base64 = guest.func<uint32_t(uint32_t, uint32_t, uint32_t)>("base64");
    auto data = put(guest, "alloc", input_), out = guest.call<uint32_t>("alloc", (length_ + 2) / 3 * 4);
    auto [length, ms] = timed([&] { return base64(data, length_, out); });
    line("text", "base64", std::to_string(length), guest.memory("memory").read_string(out, length), ms);

    auto entropy = guest.func<double(uint32_t, uint32_t)>("entropy");
    auto [bits, time] = timed([&] { return entropy(data, length_); });
    line("text", "entropy", std::to_string(bits), number(bits), time);  // six places
  }

  void lz4() const {
    auto guest = load("guests/lz4.wasm").instantiate();
    auto compress = guest.func<uint32_t(uint32_t, uint32_t, uint32_t)>("compress");
    auto decompress = guest.func<int32_t(uint32_t, uint32_t, uint32_t, uint32_t)>("decompress");
    auto data = put(guest, "alloc", input_);
    auto packed = guest.call<uint32_t>("alloc", guest.call<uint32_t>("compress_bound", length_));
    auto [size, ms] = timed([&, packed] { return compress(data, length_, packed); });
    line("lz4", "compress", std::to_string(size), guest.memory("memory").read_string(packed, size), ms);

    auto back = guest.call<uint32_t>("alloc", length_);
    auto [length, time] = timed([&, size = size] { return decompress(packed, size, back, length_); });
    auto output = guest.memory("memory").read_string(back, static_cast<uint32_t>(length));
    line("lz4", "decompress", std::to_string(length), output, time);
  }

  void words() const {
    auto guest = load("guests/words.wasm").instantiate();
    auto words = guest.func<int64_t(uint32_t, uint32_t)>("words");
    auto data = put(guest, "alloc", input_);
    auto [report, ms] = timed([&] { return words(data, length_); });
    auto address = static_cast<uint32_t>(report >> 32), length = static_cast<uint32_t>(report);
    line("words", "words", std::to_string(report), guest.memory("memory").read_string(address, length), ms);
  }

  void xxhash() const {
    auto guest = load("modules/built/xxhash.wasm").instantiate();
    auto memory = guest.memory("mem");
    memory.grow((length_ + 65535) / 65536);
    memory.write(0, input_);
    auto xxh32 = guest.func<int32_t(uint32_t, uint32_t, uint32_t)>("xxh32");
    auto [hash32, ms] = timed([&] { return xxh32(0, length_, 0); });
    line("xxhash", "xxh32", std::to_string(hash32), number(hash32), ms);

    auto xxh64 = guest.func<int64_t(uint32_t, uint32_t, uint64_t)>("xxh64");
    auto [hash64, time] = timed([&] { return xxh64(0, length_, 0); });
    line("xxhash", "xxh64", std::to_string(hash64), number(hash64), time);
  }

  void llhttp() const {
    Bytes events;
    lb::Imports imports;
    for (const char *name : {"wasm_on_message_begin", "wasm_on_message_complete"}) {
      imports.func("env", name, [&events, name](int32_t parser) {
        note(events, name, parser);
        return 0;
      });
    }
    for (const char *name : {"wasm_on_url", "wasm_on_status", "wasm_on_header_field", "wasm_on_header_value", "wasm_on_body"}) {
      imports.func("env", name, [&events, name](const lb::Context &context, int32_t parser, uint32_t at, uint32_t length) {
        note(events, name, parser, at, length);
        events += context.memory().read_string(at, length);
        return 0;
      });
    }
    imports.func("env", "wasm_on_headers_complete", [&events](int32_t parser, int32_t status, int32_t upgrade, int32_t keep) {
      note(events, "wasm_on_headers_complete", parser, status, upgrade, keep);
      return 0;
    });
    auto guest = load("modules/built/llhttp.wasm").instantiate(imports);
    auto execute = guest.func<int32_t(int32_t, uint32_t, uint32_t)>("llhttp_execute");
    for (auto [kind, name] : MESSAGES) {
      events.clear();
      Bytes message = file(examples_ / name);
      auto parser = guest.call<int32_t>("llhttp_alloc", kind);
      auto data = put(guest, "malloc", message);
      auto [status, ms] = timed([&] { return execute(parser, data, static_cast<uint32_t>(message.size())); });
      line("llhttp", "llhttp_execute", std::to_string(status), events, ms);
    }
  }

  void mappings() const {
    Bytes events;
    int count = 0;
    lb::Imports imports;
    imports.func("env", "mapping_callback", [&](const lb::Context &, std::span<const lb::Value> args) {
      count += 1;
      events += "mapping_callback";
      for (const lb::Value &arg : args) events += number(arg.as<int32_t>());
      return std::vector<lb::Value>();
    });
    auto guest = load("modules/built/mappings.wasm").instantiate(imports);
    auto data = put(guest, "allocate_mappings", file(examples_ / "modules/built/mappings.txt"));
    auto parse = guest.func<int32_t(uint32_t)>("parse_mappings");
    auto [parsed, ms] = timed([&] { return parse(data); });
    line("mappings", "parse_mappings", std::to_string(parsed), number(parsed), ms);

    auto each = guest.func<void(int32_t)>("by_generated_location");
    auto [heard, time] = timed([&, parsed = parsed] { return each(parsed), count; });
    line("mappings", "by_generated_location", std::to_string(heard), events, time);
  }

  // A component: strings, lists and records cross as what they are in C++.
  void shop() const {
    Bytes logged;
    lb::Imports imports;
    imports.wit_func("office", "log", [&](const lb::Context &, std::span<const lb::WitValue> args) {
      logged += args[0].as<Level>() == Level::info ? "info: " : "";
      logged += args[1].as<std::string>();
      return lb::WitValue();
    });
    imports.wit_func("", "currency", [] { return std::string("EUR"); });
    for (const char *name : {"journal", "journal.write", "journal.length", "journal.find", "worth", "reserve", "close", "title"}) {
      imports.wit_func("office", name, [](const lb::Context &, std::span<const lb::WitValue>) -> lb::WitValue {
        throw std::logic_error("not in this demo");
      });
    }
    auto guest = load("components/shop-rust.wasm").instantiate(imports);
    auto checksum = guest.wit_func<uint32_t(std::span<const uint8_t>)>("orders#checksum");
    std::span<const uint8_t> input(reinterpret_cast<const uint8_t *>(input_.data()), input_.size());
    auto [sum, ms] = timed([&] { return checksum(input); });
    line("shop", "checksum", std::to_string(sum), number(sum), ms);

    std::vector<std::string_view> lines;
    std::vector<double> lengths;
    for (auto line : std::views::split(std::string_view(input_), '\n')) {
      lines.emplace_back(line.begin(), line.end());
      lengths.push_back(static_cast<double>(lines.back().size()));
    }
    auto echo = guest.wit_func<std::vector<std::string>(std::vector<std::string_view>)>("echo#echo-strings");
    auto [same, time] = timed([&] { return echo(lines); });
    Bytes joined;
    for (const std::string &line : same) joined += line;
    line("shop", "echo-strings", std::to_string(same.size()), joined, time);

    auto describe = guest.wit_func<Statistics(std::span<const double>)>("orders#describe");
    auto [found, took] = timed([&] { return describe(lengths); });
    Bytes output = number(found.count) + number(found.least) + number(found.most) + number(found.mean);
    line("shop", "describe", std::to_string(found.mean), output, took);

    auto greet = guest.wit_func<std::string(std::string_view)>("greet");
    auto [greeting, passed] = timed([&] { return greet("Zo\u00eb"); });
    line("shop", "greet", greeting, logged, passed);
  }

  void trap() const {
    auto div = load("demo/trap.wat").instantiate().func<int32_t(int32_t, int32_t)>("div");
    std::string frame;
    auto [trapped, ms] = timed([&] {
      try {
        return "returned " + std::to_string(div(1, 0));
      } catch (const lb::Trap &trap) {
        frame = trap.frames().at(0).func_name.value_or("");
        return std::string(lb::name(trap.kind())) + " " + std::string(lb::name(trap.code()));
      }
    });
    line("trap", "div", trapped, frame, ms);
  }

 private:
  lb::Module load(const char *path) const { return lb::Module::load(examples_ / path); }

  std::filesystem::path examples_;
  Bytes input_;
  uint32_t length_;
};

}  // namespace

int main(int argc, char **argv) try {
  Demo demo(argc > 1 ? argv[1] : "examples");
  demo.sha256();
  demo.text();
  demo.lz4();
  demo.words();
  demo.xxhash();
  demo.llhttp();
  demo.mappings();
  demo.shop();
  demo.trap();
} catch (const std::exception &e) {
  std::cerr << e.what() << '\n';
  return 1;
}
