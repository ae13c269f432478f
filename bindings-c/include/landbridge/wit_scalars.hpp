// Numbers, bool, char and text as types of WIT.

#ifndef LANDBRIDGE_WIT_SCALARS_HPP
#define LANDBRIDGE_WIT_SCALARS_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "wit.hpp"
#include "wit_frame.hpp"
#include "wit_type.hpp"

namespace landbridge::detail {

// Where a text is no UTF-8; std::string_view::npos if it is.
inline size_t not_utf8(std::string_view text) noexcept {
  const auto *at = reinterpret_cast<const uint8_t *>(text.data());
  const uint8_t *const begin = at, *const end = at + text.size();
  while (at != end) {
    for (uint64_t word; end - at >= 8; at += 8) {
      std::memcpy(&word, at, 8);
      if (word & 0x8080808080808080) break;
    }
    if (at == end) break;
    const uint8_t first = *at;
    if (first < 0x80) {
      ++at;
      continue;
    }
    const int more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc2 || first > 0xf4 || end - at <= more) return static_cast<size_t>(at - begin);
    // What would be too long, a surrogate or too large shows in the second byte.
    const uint8_t least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    const uint8_t most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (at[1] < least || at[1] > most) return static_cast<size_t>(at - begin);
    for (int i = 2; i <= more; ++i) {
      if ((at[i] & 0xc0) != 0x80) return static_cast<size_t>(at - begin);
    }
    at += more + 1;
  }
  return std::string_view::npos;
}

// A number of WIT: those of C++ that are no characters and no bool. std::byte is a u8.
template <class T>
concept Number = std::same_as<T, std::byte> || std::same_as<T, float> || std::same_as<T, double> ||
                 (std::integral<T> && !std::same_as<T, bool> && !std::same_as<T, char> && !std::same_as<T, wchar_t> &&
                  !std::same_as<T, char8_t> && !std::same_as<T, char16_t> && !std::same_as<T, char32_t>);

template <Number T>
constexpr WitSort sort_of() {
  if constexpr (std::same_as<T, float>) return WitSort::f32;
  if constexpr (std::same_as<T, double>) return WitSort::f64;
  constexpr uint8_t place = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 2 : sizeof(T) == 4 ? 4 : 6;
  return static_cast<WitSort>(1 + place + !std::is_signed_v<T>);
}

// What WIT calls a type without parts.
inline const WitType &scalar(WitSort sort) {
  static const std::vector<WitType> all = [] {
    const char *const names[] = {"bool", "s8",  "u8",  "s16", "u16",  "s32",   "u32",
                                 "s64",  "u64", "f32", "f64", "char", "string"};
    std::vector<WitType> made;
    for (uint8_t i = 0; i < 13; ++i) made.push_back(WitType::of(static_cast<WitSort>(i), names[i]));
    return made;
  }();
  return all[static_cast<size_t>(sort)];
}

template <Number T>
struct Codec<T> {
  static constexpr bool known = true, made = true;
  static const WitType &type() { return scalar(sort_of<T>()); }
  static void write(FrameWriter &frame, T number) { frame.number(number); }
  static T read(FrameReader &frame) { return frame.number<T>(); }
  static constexpr void bulk(Makers &) {}
};

template <>
struct Codec<bool> {
  static constexpr bool known = true, made = true;
  static const WitType &type() { return scalar(WitSort::boolean); }
  static void write(FrameWriter &frame, bool truth) { frame.boolean(truth); }
  static bool read(FrameReader &frame) { return frame.boolean(); }
  static constexpr void bulk(Makers &) {}
};

template <>
struct Codec<char32_t> {
  static constexpr bool known = true, made = true;
  static const WitType &type() { return scalar(WitSort::character); }
  static void write(FrameWriter &frame, char32_t it) {
    if (it > 0x10ffff || (it >= 0xd800 && it <= 0xdfff)) [[unlikely]] frame.wrong(WrongAt::character, it);
    frame.number(static_cast<uint32_t>(it));
  }
  static char32_t read(FrameReader &frame) { return static_cast<char32_t>(frame.number<uint32_t>()); }
  static constexpr void bulk(Makers &) {}
};

// What text is: owned, or lent for a call.
template <class T, bool is_made>
struct TextCodec {
  static constexpr bool known = true, made = is_made;
  static const WitType &type() { return scalar(WitSort::string); }
  static void write(FrameWriter &frame, std::string_view text) {
    const size_t bad = not_utf8(text);
    if (bad != std::string_view::npos) [[unlikely]] frame.wrong(WrongAt::text, bad);
    frame.bulk(text.data(), text.size(), 1);
  }
};

template <>
struct Codec<std::string> : TextCodec<std::string, true> {
  static std::string read(FrameReader &frame) { return frame.bulk<std::string>(); }
  static constexpr void bulk(Makers &makers) { makers.add<std::string>(); }
};

template <>
struct Codec<std::string_view> : TextCodec<std::string_view, false> {
  // For arguments of host functions, which see them where they are.
  static std::string_view view(FrameReader &frame) {
    const auto bytes = frame.view(1);
    return {reinterpret_cast<const char *>(bytes.data()), bytes.size()};
  }
};

template <>
struct Codec<const char *> : TextCodec<const char *, false> {
  static void write(FrameWriter &frame, const char *text) {
    if (!text) [[unlikely]] return frame.wrong(WrongAt::empty);
    TextCodec::write(frame, text);
  }
};

}  // namespace landbridge::detail

#endif
