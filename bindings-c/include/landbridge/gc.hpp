// What is on the guest's heap: structs, arrays, and whatever else an anyref is.

#ifndef LANDBRIDGE_GC_HPP
#define LANDBRIDGE_GC_HPP

#include <cstdint>
#include <optional>
#include <utility>

#include "externref.hpp"
#include "handle.hpp"
#include "out.hpp"
#include "types.hpp"
#include "value.hpp"

namespace landbridge {

// A struct or an array of the guest's heap: what is read and written is what the guest has. Copies are the same
// object. The empty one is the null reference.
class GcRef : public detail::Reference<lb_gcref_t, lb_gcref_release, lb_gcref_same, lb_gcref_clone> {
 public:
  GcRef() noexcept = default;
  // Takes over a handle of landbridge.h, of a structref or arrayref.
  GcRef(lb_gcref_t handle, Type sort) noexcept : Reference(handle), sort_(sort) {}

  // Type::structref or Type::arrayref.
  Type sort() const noexcept { return sort_; }
  GcType type() const { return GcType::of(detail::made<lb_gc_type_t>(lb_gcref_type, handle_)); }
  // How many fields or elements it has.
  uint64_t size() const { return detail::made<uint64_t>(lb_gcref_len, handle_); }
  // A field or an element. Throws OutOfBounds.
  Value at(uint64_t index) const { return Value::own(detail::made<lb_value_t>(lb_gcref_get, handle_, index)); }
  // Throws OutOfBounds, TypeError if the value does not fit or the field is immutable, WrongStore.
  void set(uint64_t index, const Value &value) const {
    detail::check(lb_gcref_set(handle_, index, value.get()));
  }

 private:
  Type sort_ = Type::structref;
};

// What an anyref is: null, a small integer, a struct or array of the guest's heap, or an object of the host.
class AnyRef : public detail::OwnedValue {
 public:
  // Null.
  AnyRef() noexcept : OwnedValue(lb_anyref(lb_externref_t{})) {}
  // A small integer, from -2^30 to 2^30 - 1; a call with another one throws RangeError.
  AnyRef(int32_t i31) noexcept : OwnedValue(lb_i31ref(i31)) {}
  AnyRef(GcRef object) noexcept : OwnedValue(of(std::move(object))) {}
  // An object of the host, or what a guest made an externref of.
  AnyRef(ExternRef host) : OwnedValue(of(std::move(host))) {}
  // Takes over a value of landbridge.h, which is of a type below anyref.
  static AnyRef own(const lb_value_t &raw) noexcept { return AnyRef(raw); }

  // Whether it is not null.
  explicit operator bool() const noexcept { return type() == Type::i31ref || raw_.of.gcref.id != 0; }
  // The small integer, if it is one.
  std::optional<int32_t> i31() const noexcept {
    return type() == Type::i31ref ? std::optional<int32_t>(raw_.of.i32) : std::nullopt;
  }
  // The struct or array; the empty one if it is none.
  GcRef object() const {
    return is_object() ? GcRef(detail::clone(raw_).of.gcref, type()) : GcRef();
  }
  // The object of the host; the empty one if it is none.
  ExternRef host() const {
    return *this && type() == Type::anyref ? ExternRef(detail::clone(raw_).of.externref) : ExternRef();
  }

  // Whether both are the same integer, or one object.
  friend bool operator==(const AnyRef &one, const AnyRef &other) {
    if (!one || !other) return !one && !other;
    if (one.is_object() && other.is_object()) return lb_gcref_same(one.raw_.of.gcref, other.raw_.of.gcref);
    return one.type() == other.type() && one.i31() == other.i31() && one.host() == other.host();
  }

 private:
  explicit AnyRef(const lb_value_t &raw) noexcept : OwnedValue(raw) {}
  static lb_value_t of(GcRef object) noexcept {
    if (!object) return lb_anyref(lb_externref_t{});
    const bool is_struct = object.sort() == Type::structref;
    return is_struct ? lb_structref(object.take()) : lb_arrayref(object.take());
  }
  static lb_value_t of(ExternRef host) {
    AnyRef inward = host.any();
    return inward ? inward.take() : lb_anyref(host.take());
  }
  bool is_object() const noexcept { return type() == Type::structref || type() == Type::arrayref; }
};

namespace detail {

inline bool is_object(const lb_value_t &value) noexcept {
  return value.type == LB_TYPE_STRUCTREF || value.type == LB_TYPE_ARRAYREF;
}

inline bool is_any(const lb_value_t &value) noexcept { return lb_type_top(value.type) == LB_TYPE_ANYREF; }

// A struct, an array or null; a parameter that may be more than that takes them, a result does not give them.
template <>
struct Leaf<GcRef> {
  static constexpr bool known = true;
  static constexpr Type type = Type::anyref;
  static lb_value_t lend(const GcRef &value) noexcept { return make(value.sort(), &lb_bits_t::gcref, value.get()); }
  static lb_value_t give(GcRef value) noexcept { return make(value.sort(), &lb_bits_t::gcref, value.take()); }
  static GcRef take(const lb_value_t &value) noexcept {
    return is_object(value) ? GcRef(value.of.gcref, static_cast<Type>(value.type)) : GcRef();
  }
  static GcRef borrow(const lb_value_t &value) { return take(clone(value)); }
  static bool holds(const lb_value_t &value) noexcept {
    return is_object(value) || (is_any(value) && value.type != LB_TYPE_I31REF && value.of.externref.id == 0);
  }
  static bool takes(Type param) noexcept { return top(param) == Type::anyref; }
  static bool gives(Type result) noexcept {
    return result == Type::structref || result == Type::arrayref || result == Type::nullref;
  }
};

template <>
struct Leaf<AnyRef> {
  static constexpr bool known = true;
  static constexpr Type type = Type::anyref;
  static lb_value_t lend(const AnyRef &value) noexcept { return value.get(); }
  static lb_value_t give(AnyRef value) noexcept { return value.take(); }
  static AnyRef take(const lb_value_t &value) noexcept { return AnyRef::own(value); }
  static AnyRef borrow(const lb_value_t &value) { return take(clone(value)); }
  static bool holds(const lb_value_t &value) noexcept { return is_any(value); }
  static bool takes(Type param) noexcept { return top(param) == Type::anyref; }
  static bool gives(Type result) noexcept { return top(result) == Type::anyref; }
};

}  // namespace detail

inline ExternRef ExternRef::from_any(const AnyRef &any) {
  ExternRef made;
  detail::check(lb_externref_from_any(any.get(), &made.handle_));
  return made;
}

inline AnyRef ExternRef::any() const {
  if (!*this) return {};
  return AnyRef::own(detail::made<lb_value_t>(lb_externref_any, handle_));
}

}  // namespace landbridge

#endif
