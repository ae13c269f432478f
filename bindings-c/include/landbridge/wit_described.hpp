// Records, variants, enums and flags: types of your own, described by landbridge::Wit.

#ifndef LANDBRIDGE_WIT_DESCRIBED_HPP
#define LANDBRIDGE_WIT_DESCRIBED_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "wit.hpp"
#include "wit_frame.hpp"
#include "wit_type.hpp"
#include "wit_wholes.hpp"

namespace landbridge::detail {

template <class M>
struct MemberOf;
template <class T, class C>
struct MemberOf<T C::*> {
  using type = T;
};

// What is read is made without arguments, and then its members are set.
template <class T, class... M>
constexpr bool can_be_filled = requires { T{}; } && (true && ... && std::is_assignable_v<M &, M>);

// A type with names, by its own name or its sort.
inline WitType described(WitSort sort, const char *word, std::string_view name, std::vector<WitType::Part> parts) {
  return WitType::of(sort, std::string(name.empty() ? word : name), std::move(parts), std::string(name));
}

template <size_t N>
std::vector<WitType::Part> parts_of(const std::array<std::string_view, N> &names) {
  std::vector<WitType::Part> parts;
  for (std::string_view name : names) parts.push_back({std::string(name), {}});
  return parts;
}

// Records.

template <class T, class Members>
struct RecordCodec;

template <class T, class... M>
struct RecordCodec<T, Fields<M...>> {
  static constexpr bool known = true, made = (true && ... && Codec<typename MemberOf<M>::type>::made);
  static_assert((true && ... && Crosses<typename MemberOf<M>::type>),
                "a field's type is none of WIT: specialise landbridge::Wit for it; see landbridge/wit.hpp");
  static const WitType &type() {
    static const WitType made_once = [] {
      std::vector<WitType::Part> parts;
      const WitType types[] = {Codec<typename MemberOf<M>::type>::type()...};
      for (size_t i = 0; i < sizeof...(M); ++i) parts.push_back({std::string(Wit<T>::fields.names[i]), types[i]});
      return described(WitSort::record, "a record", name_of_type<T>(), std::move(parts));
    }();
    return made_once;
  }
  static void write(FrameWriter &frame, const T &it) {
    std::apply([&](auto... members) { (Codec<typename MemberOf<M>::type>::write(frame, it.*members), ...); },
               Wit<T>::fields.members);
  }
  static T read(FrameReader &frame)
    requires made
  {
    static_assert(can_be_filled<T, typename MemberOf<M>::type...>,
                  "a record that comes from a component needs a constructor without arguments, and no const members");
    T it{};
    std::apply([&](auto... members) { ((it.*members = Codec<typename MemberOf<M>::type>::read(frame)), ...); },
               Wit<T>::fields.members);
    return it;
  }
  static constexpr void bulk(Makers &makers) { (Codec<typename MemberOf<M>::type>::bulk(makers), ...); }
};

template <IsRecord T>
struct Codec<T> : RecordCodec<T, std::remove_const_t<decltype(Wit<T>::fields)>> {};

// What is only another name for its one member.
template <IsName T>
struct Codec<T> {
  using Member = typename MemberOf<std::remove_const_t<decltype(Wit<T>::holds)>>::type;
  static_assert(Crosses<Member>, "what it holds is no type of WIT; see landbridge/wit.hpp");
  static constexpr bool known = true, made = Codec<Member>::made;
  static const WitType &type() { return Codec<Member>::type(); }
  static void write(FrameWriter &frame, const T &it) { Codec<Member>::write(frame, it.*Wit<T>::holds); }
  static T read(FrameReader &frame)
    requires made
  {
    static_assert(can_be_filled<T, Member>,
                  "a type that comes from a component needs a constructor without arguments, and no const members");
    T it{};
    it.*Wit<T>::holds = Codec<Member>::read(frame);
    return it;
  }
  static constexpr void bulk(Makers &makers) { Codec<Member>::bulk(makers); }
};

// Variants.

template <class... A>
std::variant<A...> base_of(const std::variant<A...> &);

// The std::variant that a type is derived from, or that its description points to.
template <class T>
struct Alternatives {
  using Base = decltype(base_of(std::declval<const T &>()));
  static const Base &get(const T &it) { return it; }
};
template <class T>
  requires requires { Wit<T>::of; }
struct Alternatives<T> {
  using Base = typename MemberOf<std::remove_const_t<decltype(Wit<T>::of)>>::type;
  static const Base &get(const T &it) { return it.*Wit<T>::of; }
};

template <class T, class Base>
struct VariantCodec;

template <class T, class... A>
struct VariantCodec<T, std::variant<A...>> {
  using Base = std::variant<A...>;
  static constexpr size_t count = sizeof...(A);
  static_assert(Wit<T>::cases.size() == count, "each case has a name: as many as the std::variant has types");
  static constexpr bool known = true, made = (true && ... && Held<A>::made);
  static const WitType &type() {
    static const WitType made_once = [] {
      const WitType types[] = {Held<A>::type()...};
      auto parts = parts_of(Wit<T>::cases);
      for (size_t i = 0; i < count; ++i) parts[i].type = types[i];
      return described(WitSort::variant, "a variant", name_of_type<T>(), std::move(parts));
    }();
    return made_once;
  }
  static void write(FrameWriter &frame, const T &it) {
    const Base &base = Alternatives<T>::get(it);
    const size_t which = base.index();
    if (which == std::variant_npos) [[unlikely]] return frame.wrong(WrongAt::empty);
    frame.which(static_cast<uint32_t>(which), case_bytes(count));
    [&]<size_t... I>(std::index_sequence<I...>) {
      (void)(false || ... || (which == I && (Held<A>::write(frame, *std::get_if<I>(&base)), true)));
    }(std::index_sequence_for<A...>());
  }
  static T read(FrameReader &frame)
    requires made
  {
    return read_from<0>(frame, frame.which(case_bytes(count), count));
  }
  static constexpr void bulk(Makers &makers) { (Held<A>::bulk(makers), ...); }

 private:
  template <size_t I>
  static T read_from(FrameReader &frame, size_t which) {
    using Alternative = std::variant_alternative_t<I, Base>;
    if constexpr (I + 1 < count) {
      if (which != I) return read_from<I + 1>(frame, which);
    }
    if constexpr (requires { Wit<T>::of; }) {
      T it{};
      (it.*Wit<T>::of).template emplace<I>(Held<Alternative>::read(frame));
      return it;
    } else if constexpr (std::is_constructible_v<T, std::in_place_index_t<I>, Alternative>) {
      return T(std::in_place_index<I>, Held<Alternative>::read(frame));
    } else {
      return T{Base(std::in_place_index<I>, Held<Alternative>::read(frame))};
    }
  }
};

template <IsVariant T>
struct Codec<T> : VariantCodec<T, typename Alternatives<T>::Base> {};

// Enums.

template <IsEnum T>
struct Codec<T> {
  static constexpr size_t count = Wit<T>::names.size();
  static constexpr bool known = true, made = true;
  static const WitType &type() {
    static const WitType made_once =
        described(WitSort::enumeration, "an enum", name_of_type<T>(), parts_of(Wit<T>::names));
    return made_once;
  }
  static void write(FrameWriter &frame, T it) {
    const auto number = static_cast<uint64_t>(it);
    if (number >= count) [[unlikely]] frame.wrong(WrongAt::number, number);
    frame.which(static_cast<uint32_t>(number), case_bytes(count));
  }
  static T read(FrameReader &frame) { return static_cast<T>(frame.which(case_bytes(count), count)); }
  static constexpr void bulk(Makers &) {}
};

// Flags.

template <IsEnum E>
struct Codec<Flags<E>> {
  static constexpr size_t count = Flags<E>::count;
  static constexpr bool known = true, made = true;
  static const WitType &type() {
    static const WitType made_once = described(WitSort::flags, "flags", {}, parts_of(Wit<E>::names));
    return made_once;
  }
  static void write(FrameWriter &frame, const Flags<E> &it) {
    if constexpr (count % 32 != 0) {
      const uint32_t beyond = it.words().back() >> count % 32;
      if (beyond) [[unlikely]] frame.wrong(WrongAt::number, it.words().back());
    }
    frame.raw(it.words().data(), flags_bytes(count));
  }
  static Flags<E> read(FrameReader &frame) {
    Flags<E> it;
    std::memcpy(it.words().data(), frame.raw(flags_bytes(count)), flags_bytes(count));
    return it;
  }
  static constexpr void bulk(Makers &) {}
};

// An enum class whose enumerators are bits.
template <IsMask T>
struct Codec<T> {
  static constexpr size_t count = Wit<T>::flags.size();
  static constexpr size_t bytes = flags_bytes(count);
  static_assert(count <= 8 * sizeof(T), "the enum has fewer bits than flags: give it a larger underlying type");
  static constexpr bool known = true, made = true;
  static const WitType &type() {
    static const WitType made_once = described(WitSort::flags, "flags", name_of_type<T>(), parts_of(Wit<T>::flags));
    return made_once;
  }
  static void write(FrameWriter &frame, T it) {
    const uint64_t bits = static_cast<std::make_unsigned_t<std::underlying_type_t<T>>>(it);
    if (count < 64 && bits >> count % 64) [[unlikely]] frame.wrong(WrongAt::number, bits);
    frame.raw(&bits, bytes);
  }
  static T read(FrameReader &frame) {
    uint64_t bits = 0;
    std::memcpy(&bits, frame.raw(bytes), bytes);
    return static_cast<T>(bits);
  }
  static constexpr void bulk(Makers &) {}
};

}  // namespace landbridge::detail

#endif
