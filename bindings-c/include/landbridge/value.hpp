// Values of any type, and how types of C++ cross.

#ifndef LANDBRIDGE_VALUE_HPP
#define LANDBRIDGE_VALUE_HPP

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <type_traits>
#include <utility>

#include "error.hpp"
#include "messages.hpp"
#include "out.hpp"
#include "types.hpp"

namespace landbridge {

// A 128-bit vector: its bytes in the order they have in memory, lane 0 first. Lanes of another sort are a
// std::array of theirs: std::bit_cast<std::array<float, 4>>(v128).
using V128 = std::array<uint8_t, 16>;

namespace detail {

inline lb_value_t clone(const lb_value_t &value) {
  return made<lb_value_t>(lb_value_clone, value);
}

// Owns a value of landbridge.h with its reference.
class OwnedValue {
 public:
  OwnedValue(const OwnedValue &other) : raw_(other.type() <= Type::v128 ? other.raw_ : clone(other.raw_)) {}
  OwnedValue(OwnedValue &&other) noexcept : raw_(other.take()) {}
  OwnedValue &operator=(OwnedValue other) noexcept {
    std::swap(raw_, other.raw_);
    return *this;
  }
  ~OwnedValue() { lb_error_free(lb_value_release(&raw_)); }

  // What it is; of an anyref i31ref, structref, arrayref, or anyref for null and objects of the host.
  Type type() const noexcept { return static_cast<Type>(raw_.type); }
  // The value of landbridge.h; its reference stays this object's.
  const lb_value_t &get() const noexcept { return raw_; }
  // The same, given up to the caller.
  lb_value_t take() noexcept { return std::exchange(raw_, lb_i32(0)); }

 protected:
  explicit OwnedValue(const lb_value_t &raw) noexcept : raw_(raw) {}

  lb_value_t raw_;
};

// How a type of C++ crosses: lend() and give() make a value for the library, which does not or does
// take the reference over; borrow() and take() read one that is lent or given, which it holds(). A parameter
// takes() it if its type is such, and a result gives() it.
template <class T>
struct Leaf {
  static constexpr bool known = false;
};

template <class C>
lb_value_t make(Type type, C lb_bits_t::*member, C bits) noexcept {
  lb_value_t value;
  value.type = static_cast<uint32_t>(type);
  value.of.*member = bits;
  return value;
}

// Numbers and vectors.
template <class T, Type leaf_type, class C, C lb_bits_t::*member>
struct PlainLeaf {
  static constexpr bool known = true;
  static constexpr Type type = leaf_type;
  static lb_value_t lend(const T &value) noexcept { return make<C>(leaf_type, member, std::bit_cast<C>(value)); }
  static lb_value_t give(const T &value) noexcept { return lend(value); }
  static T borrow(const lb_value_t &value) noexcept { return std::bit_cast<T>(value.of.*member); }
  static T take(const lb_value_t &value) noexcept { return borrow(value); }
  static bool holds(const lb_value_t &value) noexcept { return value.type == static_cast<uint32_t>(leaf_type); }
  static bool takes(Type param) noexcept { return param == leaf_type; }
  static bool gives(Type result) noexcept { return result == leaf_type; }
};

template <std::integral T>
  requires(sizeof(T) == 4 && !std::same_as<T, char32_t> && !std::same_as<T, wchar_t>)
struct Leaf<T> : PlainLeaf<T, Type::i32, int32_t, &lb_bits_t::i32> {};

template <std::integral T>
  requires(sizeof(T) == 8)
struct Leaf<T> : PlainLeaf<T, Type::i64, int64_t, &lb_bits_t::i64> {};

template <>
struct Leaf<float> : PlainLeaf<float, Type::f32, float, &lb_bits_t::f32> {};

template <>
struct Leaf<double> : PlainLeaf<double, Type::f64, double, &lb_bits_t::f64> {};

template <class T, size_t N>
  requires((std::integral<T> || std::floating_point<T>) && !std::same_as<T, bool> && sizeof(T) <= 8 &&
           N * sizeof(T) == 16)
struct Leaf<std::array<T, N>> : PlainLeaf<std::array<T, N>, Type::v128, lb_v128_t, &lb_bits_t::v128> {};

// References.
template <class T, Type leaf_type, class C, C lb_bits_t::*member>
struct ReferenceLeaf {
  static constexpr bool known = true;
  static constexpr Type type = leaf_type;
  static lb_value_t lend(const T &value) noexcept { return make<C>(leaf_type, member, value.get()); }
  static lb_value_t give(T value) noexcept { return make<C>(leaf_type, member, value.take()); }
  static T take(const lb_value_t &value) noexcept { return T(value.of.*member); }
  static T borrow(const lb_value_t &value) { return take(clone(value)); }
  static bool holds(const lb_value_t &value) noexcept { return value.type == static_cast<uint32_t>(leaf_type); }
  static bool takes(Type param) noexcept { return top(param) == leaf_type; }
  static bool gives(Type result) noexcept { return top(result) == leaf_type; }
};

template <class T>
concept Crossing = Leaf<T>::known;

}  // namespace detail

// A value of any type. Copies of references are the same object.
class Value : public detail::OwnedValue {
 public:
  // The i32 0.
  Value() noexcept : OwnedValue(lb_i32(0)) {}

  template <detail::Crossing T>
  Value(T value) noexcept : OwnedValue(detail::Leaf<T>::give(std::move(value))) {}

  // The value as a T. Throws TypeError if it is of another type.
  template <detail::Crossing T>
  T as() const {
    if (!detail::Leaf<T>::holds(raw_)) {
      LANDBRIDGE_THROW(detail::messages::not_a("the value", std::string(landbridge::name(detail::Leaf<T>::type)),
                                    std::string(landbridge::name(type()))));
    }
    return detail::Leaf<T>::borrow(raw_);
  }

  // Takes over a value of landbridge.h with its reference.
  static Value own(const lb_value_t &raw) noexcept { return Value(raw); }
  // Copies a value of landbridge.h, whose reference stays the caller's.
  static Value copy(const lb_value_t &raw) { return own(detail::clone(raw)); }

 private:
  explicit Value(const lb_value_t &raw) noexcept : OwnedValue(raw) {}
};

// Functions of the library take an array of values as it is.
static_assert(sizeof(Value) == sizeof(lb_value_t) && std::is_standard_layout_v<Value>);

namespace detail {

inline const lb_value_t *raw(std::span<const Value> values) noexcept {
  return reinterpret_cast<const lb_value_t *>(values.data());
}

}  // namespace detail

}  // namespace landbridge

#endif
