// Texts that cross: zero bytes inside of names, and functions that write as snprintf does.

#ifndef LANDBRIDGE_TEXT_HPP
#define LANDBRIDGE_TEXT_HPP

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace landbridge {

namespace detail {

// A text from a function that writes as snprintf does.
template <class Write>
std::string text_of(Write write) {
  std::string text(write(nullptr, size_t{0}), '\0');
  write(text.data(), text.size() + 1);
  return text;
}

// The text of a type.
template <class T>
std::string text_of(size_t (*write)(const T *, char *, size_t), const T &type) {
  return text_of([&](char *text, size_t size) { return write(&type, text, size); });
}

// A zero byte inside of a name is two bytes in C.
constexpr std::string_view zero_in_c = "\xc0\x80";

inline std::string c_name(std::string name) {
  for (size_t at = 0; (at = name.find('\0', at)) != std::string::npos;) name.replace(at, 1, zero_in_c);
  return name;
}

inline std::string name_of(std::string name) {
  for (size_t at = 0; (at = name.find(zero_in_c, at)) != std::string::npos; ++at) name.replace(at, 2, 1, '\0');
  return name;
}

inline std::optional<std::string> name_or_none(const char *name) {
  return name ? std::optional<std::string>(name_of(name)) : std::nullopt;
}

}  // namespace detail

}  // namespace landbridge

#endif
