// How types of C++ are types of WIT.

#ifndef LANDBRIDGE_WIT_HPP
#define LANDBRIDGE_WIT_HPP

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

namespace landbridge {

// Says what a type of your own is in WIT. Specialise it with one of these, in WIT's order and with WIT's names:
//
//     struct Person { std::string name; std::optional<uint32_t> age; };
//     template <> struct landbridge::Wit<Person> {                       // record person { name: string, age: option<u32> }
//       static constexpr auto fields = landbridge::fields("name", &Person::name, "age", &Person::age);
//     };
//
//     struct Circle { double radius; };                                  // what is only another name for its one member
//     template <> struct landbridge::Wit<Circle> { static constexpr auto holds = &Circle::radius; };
//
//     struct Nothing {};
//     struct Shape : std::variant<Circle, Person, Nothing> { using variant::variant; };
//     template <> struct landbridge::Wit<Shape> {                        // variant shape { circle(f64), owned-by(person), nothing }
//       static constexpr auto cases = landbridge::names("circle", "owned-by", "nothing");
//     };
//
//     struct Move { struct Left {}; struct Up { uint32_t steps; }; std::variant<Left, Up> it; };
//     template <> struct landbridge::Wit<Move> {                         // variant move { left, up(u32) }
//       static constexpr auto cases = landbridge::names("left", "up");
//       static constexpr auto of = &Move::it;
//     };                                                                 // and Wit<Move::Up>, which holds its steps
//
//     enum class Color { red, dark_blue };
//     template <> struct landbridge::Wit<Color> {                        // enum color { red, dark-blue }
//       static constexpr auto names = landbridge::names("red", "dark-blue");
//     };
//     Flags<Color>                                                       // flags colors { red, dark-blue }
//
//     enum class Access : uint8_t { read = 1, write = 2 };               // the first flag is the lowest bit
//     template <> struct landbridge::Wit<Access> {
//       static constexpr auto flags = landbridge::names("read", "write");
//     };
//
// A case without a value is an empty struct, or std::monostate. By `static constexpr std::string_view name = "person";`
// messages call the type as you like.
template <class T>
struct Wit {};

namespace detail {

// Fields of a record: their names, and pointers to members.
template <class... M>
struct Fields {
  std::array<std::string_view, sizeof...(M)> names;
  std::tuple<M...> members;
};

}  // namespace detail

// The fields of a record: names, each with its member.
template <class... A>
  requires(sizeof...(A) % 2 == 0)
consteval auto fields(A... all) {
  const std::tuple<A...> given(all...);
  return [&]<size_t... I>(std::index_sequence<I...>) {
    return detail::Fields<std::tuple_element_t<2 * I + 1, std::tuple<A...>>...>{
        {std::string_view(std::get<2 * I>(given))...}, {std::get<2 * I + 1>(given)...}};
  }(std::make_index_sequence<sizeof...(A) / 2>());
}

// Names of cases, of an enum or of flags.
template <class... A>
consteval auto names(A... all) {
  return std::array<std::string_view, sizeof...(A)>{std::string_view(all)...};
}

namespace detail {

template <class T>
concept IsRecord = requires { Wit<T>::fields; };
template <class T>
concept IsVariant = requires { Wit<T>::cases; };
template <class T>
concept IsEnum = std::is_enum_v<T> && requires { Wit<T>::names; };
template <class T>
concept IsMask = std::is_enum_v<T> && requires { Wit<T>::flags; };
template <class T>
concept IsName = requires { Wit<T>::holds; };
template <class T>
concept IsDescribed = IsRecord<T> || IsVariant<T> || IsEnum<T> || IsMask<T> || IsName<T>;

// What a type is called in messages; empty if it does not say.
template <class T>
constexpr std::string_view name_of_type() {
  if constexpr (requires { Wit<T>::name; }) return Wit<T>::name;
  return {};
}

// How a type of C++ crosses: what it is in WIT, how it is written to a frame and read from one, and what blobs of it
// become.
template <class T>
struct Codec {
  static constexpr bool known = false;
};

// A type of C++ that is a type of WIT.
template <class T>
concept Crosses = Codec<T>::known;

// The same, of which values can be made; what only borrows is for arguments alone.
template <class T>
concept Made = Crosses<T> && Codec<T>::made;

// What stands for nothing: no result, a case without a value.
template <class T>
concept Nothing = std::is_void_v<T> || std::same_as<T, std::monostate> ||
                  (std::is_empty_v<T> && std::is_class_v<T> && !IsDescribed<T> && !Crosses<T>);

}  // namespace detail

// A set of enumerators: the flags of WIT whose names are those of an enum, the first of which is 0.
//
//     Flags<Access> access{Access::read, Access::write};
//     if (access.has(Access::read)) ...
template <class E>
  requires std::is_enum_v<E>
class Flags {
 public:
  constexpr Flags() noexcept = default;
  constexpr Flags(E flag) { set(flag); }
  constexpr Flags(std::initializer_list<E> flags) {
    for (E flag : flags) set(flag);
  }

  constexpr bool has(E flag) const { return (words_.at(word(flag)) & bit(flag)) != 0; }
  constexpr Flags &set(E flag, bool is_set = true) {
    uint32_t &bits = words_.at(word(flag));
    bits = is_set ? bits | bit(flag) : bits & ~bit(flag);
    return *this;
  }
  constexpr bool is_empty() const noexcept { return *this == Flags(); }

  friend constexpr Flags operator|(Flags one, const Flags &other) noexcept {
    for (size_t i = 0; i < one.words_.size(); ++i) one.words_[i] |= other.words_[i];
    return one;
  }
  friend constexpr Flags operator&(Flags one, const Flags &other) noexcept {
    for (size_t i = 0; i < one.words_.size(); ++i) one.words_[i] &= other.words_[i];
    return one;
  }
  constexpr Flags &operator|=(const Flags &other) noexcept { return *this = *this | other; }
  constexpr Flags &operator&=(const Flags &other) noexcept { return *this = *this & other; }
  friend constexpr bool operator==(const Flags &, const Flags &) noexcept = default;

  // The bits, the first flag lowest.
  static constexpr size_t count = Wit<E>::names.size();
  using Words = std::array<uint32_t, (count + 31) / 32 + (count == 0)>;
  constexpr const Words &words() const noexcept { return words_; }
  constexpr Words &words() noexcept { return words_; }

 private:
  static constexpr size_t word(E flag) noexcept { return static_cast<size_t>(flag) / 32; }
  static constexpr uint32_t bit(E flag) noexcept { return uint32_t{1} << static_cast<size_t>(flag) % 32; }

  Words words_{};
};

}  // namespace landbridge

#endif
