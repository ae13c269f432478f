// Lists, tuples, options and results as types of WIT.

#ifndef LANDBRIDGE_WIT_WHOLES_HPP
#define LANDBRIDGE_WIT_WHOLES_HPP

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>
#include <version>

#if defined(__cpp_lib_expected)
#include <expected>
#endif

#include "wit.hpp"
#include "wit_frame.hpp"
#include "wit_result.hpp"
#include "wit_scalars.hpp"
#include "wit_type.hpp"

namespace landbridge::detail {

// What a case or a result holds, which may be nothing.
template <class T>
struct Held {
  static_assert(Crosses<T>, "this type is none of WIT: specialise landbridge::Wit for it; see landbridge/wit.hpp");
  static constexpr bool made = Codec<T>::made;
  static const WitType &type() { return Codec<T>::type(); }
  static void write(FrameWriter &frame, const T &it) { Codec<T>::write(frame, it); }
  static T read(FrameReader &frame) { return Codec<T>::read(frame); }
  static constexpr void bulk(Makers &makers) { Codec<T>::bulk(makers); }
};

inline const WitType &no_type() {
  static const WitType none;
  return none;
}

template <Nothing T>
struct Held<T> {
  static constexpr bool made = true;
  static const WitType &type() { return no_type(); }
  template <class V>
  static void write(FrameWriter &, const V &) {}
  static auto read(FrameReader &) { return std::conditional_t<std::is_void_v<T>, std::monostate, T>(); }
  static constexpr void bulk(Makers &) {}
};

// Lists.

template <class T>
void write_list(FrameWriter &frame, const auto &items) {
  frame.count(items.size());
  for (const auto &item : items) Codec<T>::write(frame, item);
}

template <Crosses T>
struct Codec<std::vector<T>> {
  static constexpr bool known = true, made = Codec<T>::made;
  static const WitType &type() {
    static const WitType made_once = list_of(Codec<T>::type());
    return made_once;
  }
  static void write(FrameWriter &frame, const std::vector<T> &items) {
    if constexpr (Number<T>) {
      frame.bulk(items.data(), items.size(), sizeof(T));
    } else {
      write_list<T>(frame, items);
    }
  }
  static std::vector<T> read(FrameReader &frame)
    requires made
  {
    if constexpr (Number<T>) {
      return frame.bulk<std::vector<T>>();
    } else {
      const size_t count = frame.count();
      std::vector<T> items;
      items.reserve(count);
      for (size_t i = 0; i < count; ++i) items.push_back(Codec<T>::read(frame));
      return items;
    }
  }
  static constexpr void bulk(Makers &makers) {
    if constexpr (Number<T>) {
      makers.add<std::vector<T>>();
    } else {
      Codec<T>::bulk(makers);
    }
  }
};

// What is lent for a call.
template <class T>
  requires Crosses<std::remove_const_t<T>>
struct Codec<std::span<T>> {
  using Item = std::remove_const_t<T>;
  static constexpr bool known = true, made = false;
  static const WitType &type() { return Codec<std::vector<Item>>::type(); }
  static void write(FrameWriter &frame, std::span<T> items) {
    if constexpr (Number<Item>) {
      frame.bulk(items.data(), items.size(), sizeof(Item));
    } else {
      write_list<Item>(frame, items);
    }
  }
};

// Tuples.

template <class Tuple, class... T>
struct TupleCodec {
  static constexpr bool known = true, made = (true && ... && Codec<T>::made);
  static const WitType &type() {
    static const WitType made_once = tuple_of({Codec<T>::type()...});
    return made_once;
  }
  static void write(FrameWriter &frame, const Tuple &all) {
    std::apply([&](const auto &...parts) { (Codec<T>::write(frame, parts), ...); }, all);
  }
  static Tuple read(FrameReader &frame)
    requires made
  {
    return Tuple{Codec<T>::read(frame)...};
  }
  static constexpr void bulk(Makers &makers) { (Codec<T>::bulk(makers), ...); }
};

template <Crosses... T>
  requires(sizeof...(T) > 0)
struct Codec<std::tuple<T...>> : TupleCodec<std::tuple<T...>, T...> {};

template <Crosses A, Crosses B>
struct Codec<std::pair<A, B>> : TupleCodec<std::pair<A, B>, A, B> {};

// Options.

template <Crosses T>
struct Codec<std::optional<T>> {
  static constexpr bool known = true, made = Codec<T>::made;
  static const WitType &type() {
    static const WitType made_once = option_of(Codec<T>::type());
    return made_once;
  }
  static void write(FrameWriter &frame, const std::optional<T> &it) {
    frame.boolean(it.has_value());
    if (it) Codec<T>::write(frame, *it);
  }
  static std::optional<T> read(FrameReader &frame)
    requires made
  {
    if (!frame.boolean()) return std::nullopt;
    return std::optional<T>(std::in_place, Codec<T>::read(frame));
  }
  static constexpr void bulk(Makers &makers) { Codec<T>::bulk(makers); }
};

// Results.

template <class T>
inline constexpr bool is_result = false;
template <class T, class E>
inline constexpr bool is_result<WitResult<T, E>> = true;

template <class Result, class T, class E>
struct ResultCodec {
  static constexpr bool known = true, made = Held<T>::made && Held<E>::made;
  static const WitType &type() {
    static const WitType made_once = result_of(Held<T>::type(), Held<E>::type());
    return made_once;
  }
  static void write(FrameWriter &frame, const Result &it) {
    frame.boolean(!it.has_value());
    if (!it.has_value()) {
      Held<E>::write(frame, it.error());
    } else if constexpr (!Nothing<T>) {
      Held<T>::write(frame, *it);
    }
  }
  static constexpr void bulk(Makers &makers) {
    Held<T>::bulk(makers);
    Held<E>::bulk(makers);
  }
};

template <class T, class E>
  requires((Nothing<T> || Crosses<T>) && (Nothing<E> || Crosses<E>))
struct Codec<WitResult<T, E>> : ResultCodec<WitResult<T, E>, T, E> {
  static WitResult<T, E> read(FrameReader &frame) {
    if (frame.boolean()) return WitResult<T, E>(Err(Held<E>::read(frame)));
    if constexpr (std::is_void_v<T>) {
      return {};
    } else {
      return Held<T>::read(frame);
    }
  }
};

#if defined(__cpp_lib_expected)
template <class T, class E>
inline constexpr bool is_result<std::expected<T, E>> = true;

template <class T, class E>
  requires((Nothing<T> || Crosses<T>) && (Nothing<E> || Crosses<E>))
struct Codec<std::expected<T, E>> : ResultCodec<std::expected<T, E>, T, E> {
  static std::expected<T, E> read(FrameReader &frame) {
    if (frame.boolean()) return std::unexpected(Held<E>::read(frame));
    if constexpr (std::is_void_v<T>) {
      return {};
    } else {
      return Held<T>::read(frame);
    }
  }
};
#endif

}  // namespace landbridge::detail

#endif
