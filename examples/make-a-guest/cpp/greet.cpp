// [add]
#define EXPORT(name) extern "C" __attribute__((export_name(#name)))

EXPORT(add) int add(int a, int b) { return a + b; }
// [end add]

// [memory]
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

// Makes room for len bytes. The host writes its text there.
EXPORT(alloc) void *alloc(std::size_t len) { return std::malloc(len); }

// Frees what alloc or hello gave out.
EXPORT(dealloc) void dealloc(void *ptr, std::size_t) { std::free(ptr); }
// [end memory]

// [strings]
EXPORT(vowels) int vowels(const char *ptr, std::size_t len) {
  constexpr std::string_view vowels = "aeiouAEIOU";
  std::string_view text(ptr, len);
  return std::count_if(text.begin(), text.end(), [&](char c) { return vowels.find(c) != vowels.npos; });
}

// A copy for the host: where it is, in the high 32 bits, and how long it is, in the low 32.
static std::uint64_t give(std::string_view text) {
  void *copy = std::malloc(text.size());
  if (!copy) std::abort();
  std::memcpy(copy, text.data(), text.size());
  return std::uint64_t(reinterpret_cast<std::uintptr_t>(copy)) << 32 | text.size();
}

EXPORT(hello) std::uint64_t hello(const char *name, std::size_t len) {
  return give("Hello, " + std::string(name, len) + "!");
}
// [end strings]
