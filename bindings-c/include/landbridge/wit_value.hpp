// Values of WIT, for programs that learn the types when they run.

#ifndef LANDBRIDGE_WIT_VALUE_HPP
#define LANDBRIDGE_WIT_VALUE_HPP

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "wit.hpp"
#include "wit_frame.hpp"
#include "wit_resource.hpp"
#include "wit_scalars.hpp"

namespace landbridge {

class WitType;

// A value of any type of WIT. Cheap to copy but for its lists and texts.
//
// Integers are taken by their value: 3 may be given for a u8, and 300 may not. What a function gives has just the type of
// WIT. Make one of a value of C++ by itself or with of(), take one out with as(), or look at any():
//
//     WitValue ada = WitValue::record({{"name", "Ada"}, {"age", 36}});
//     ada.field("name")->as<std::string>();
//     ada.text();                                   // {name: "Ada", age: 36}
class WitValue {
 public:
  // A value that may not be there: what a case, an option or a result holds.
  using Held = std::shared_ptr<const WitValue>;
  using Fields = std::vector<std::pair<std::string, WitValue>>;

  struct List {
    std::vector<WitValue> items;
    bool operator==(const List &) const = default;
  };
  // In any order. What is an option may be left out.
  struct Record {
    Fields fields;
    bool operator==(const Record &other) const;
  };
  struct Tuple {
    std::vector<WitValue> parts;
    bool operator==(const Tuple &) const = default;
  };
  struct Variant {
    std::string name;
    Held held;
    bool operator==(const Variant &other) const {
      return name == other.name && same(held, other.held);
    }
  };
  struct Enum {
    std::string name;
    bool operator==(const Enum &) const = default;
  };
  // Those that are set.
  struct Flags {
    std::vector<std::string> names;
    bool operator==(const Flags &) const = default;
  };
  struct Option {
    Held held;
    bool operator==(const Option &other) const { return same(held, other.held); }
  };
  struct Result {
    bool is_ok;
    Held held;
    bool operator==(const Result &other) const {
      return is_ok == other.is_ok && same(held, other.held);
    }
  };
  // A list of numbers, which crosses as a whole.
  using Numbers = std::variant<std::vector<int8_t>, std::vector<uint8_t>, std::vector<int16_t>, std::vector<uint16_t>,
                               std::vector<int32_t>, std::vector<uint32_t>, std::vector<int64_t>, std::vector<uint64_t>,
                               std::vector<float>, std::vector<double>>;
  // The first is nothing: what a function without a result gives.
  using Any = std::variant<std::monostate, bool, int8_t, uint8_t, int16_t, uint16_t, int32_t, uint32_t, int64_t, uint64_t,
                           float, double, char32_t, std::string, List, Numbers, Record, Tuple, Variant, Enum, Flags, Option,
                           Result, std::shared_ptr<Resource>, detail::HostObject>;

  // Nothing.
  WitValue() = default;
  explicit WitValue(Any any) : any_(std::move(any)) {}

  // A number, a bool or a char.
  template <class T>
    requires((detail::Number<T> && !std::same_as<T, std::byte>) || std::same_as<T, bool> || std::same_as<T, char32_t>)
  WitValue(T it) : any_(std::in_place_type<Plain<T>>, static_cast<Plain<T>>(it)) {}
  // A string.
  WitValue(const char *text) : any_(std::string(text)) {}
  WitValue(std::string_view text) : any_(std::string(text)) {}
  WitValue(std::string text) : any_(std::move(text)) {}
  // A list of numbers.
  template <detail::Number T>
    requires(!std::same_as<T, std::byte>)
  WitValue(std::vector<T> numbers) : any_(Numbers(plain_list(std::move(numbers)))) {}
  // A list of anything.
  WitValue(std::vector<WitValue> items) : any_(List{std::move(items)}) {}
  // A resource, which is given away where the function's type says so, and else is borrowed.
  WitValue(Resource resource) : any_(std::make_shared<Resource>(std::move(resource))) {}

  static WitValue list(std::vector<WitValue> items) { return WitValue(Any(List{std::move(items)})); }
  static WitValue record(Fields fields) { return WitValue(Any(Record{std::move(fields)})); }
  static WitValue tuple(std::vector<WitValue> parts) { return WitValue(Any(Tuple{std::move(parts)})); }
  static WitValue variant(std::string name) { return WitValue(Any(Variant{std::move(name), nullptr})); }
  static WitValue variant(std::string name, WitValue held) { return WitValue(Any(Variant{std::move(name), hold(std::move(held))})); }
  static WitValue enumerator(std::string name) { return WitValue(Any(Enum{std::move(name)})); }
  static WitValue flags(std::vector<std::string> names) { return WitValue(Any(Flags{std::move(names)})); }
  static WitValue none() { return WitValue(Any(Option{nullptr})); }
  static WitValue some(WitValue held) { return WitValue(Any(Option{hold(std::move(held))})); }
  static WitValue ok() { return WitValue(Any(Result{true, nullptr})); }
  static WitValue ok(WitValue held) { return WitValue(Any(Result{true, hold(std::move(held))})); }
  static WitValue err() { return WitValue(Any(Result{false, nullptr})); }
  static WitValue err(WitValue held) { return WitValue(Any(Result{false, hold(std::move(held))})); }
  // An object of the program's, as a resource. It is of this very type when it comes back.
  template <class T>
  static WitValue object(std::shared_ptr<T> object) {
    return WitValue(Any(detail::HostObject{std::move(object), detail::TypeId::of<T>()}));
  }

  // Of any type of C++ that is one of WIT, such as a struct of your own. Resources in it stay that one's: the value has them
  // as what is lent.
  template <detail::Crosses T>
  static WitValue of(const T &it);
  // As a type of C++ that is one of WIT. Throws TypeError or RangeError if it does not fit, with the place.
  template <detail::Made T>
  T as() const;

  // What it is.
  const Any &any() const noexcept { return any_; }
  // Whether it is something.
  explicit operator bool() const noexcept { return any_.index() != 0; }
  // A field of a record, or null if there is none of this name.
  const WitValue *field(std::string_view name) const {
    if (const auto *it = std::get_if<Record>(&any_)) {
      for (const auto &[own, value] : it->fields) {
        if (own == name) return &value;
      }
    }
    return nullptr;
  }
  // What a case, an option or a result holds, or null.
  const WitValue *held() const {
    if (const auto *it = std::get_if<Variant>(&any_)) return it->held.get();
    if (const auto *it = std::get_if<Option>(&any_)) return it->held.get();
    if (const auto *it = std::get_if<Result>(&any_)) return it->held.get();
    return nullptr;
  }
  // What sort of value it is, as messages say it.
  const char *sort() const noexcept {
    constexpr const char *sorts[] = {"nothing", "bool",   "s8",   "u8",     "s16",  "u16",             "s32",    "u32",   "s64",
                                     "u64",     "f32",    "f64",  "char",   "string", "list", "list of numbers", "record", "tuple",
                                     "variant", "enum", "flags", "option", "result", "resource", "resource"};
    return sorts[any_.index()];
  }
  // As text in WAVE, such as `{name: "Ada", age: 36}`. Throws TypeError for a resource, which has no text.
  std::string text() const;

  friend bool operator==(const WitValue &one, const WitValue &other) { return one.any_ == other.any_; }

 private:
  template <size_t bytes, class A, class B, class C, class D>
  using BySize = std::conditional_t<bytes == 1, A, std::conditional_t<bytes == 2, B, std::conditional_t<bytes == 4, C, D>>>;
  template <class T>
  static constexpr auto plain() {
    if constexpr (!std::integral<T> || std::same_as<T, bool> || std::same_as<T, char32_t>) {
      return T();
    } else if constexpr (std::is_signed_v<T>) {
      return BySize<sizeof(T), int8_t, int16_t, int32_t, int64_t>();
    } else {
      return BySize<sizeof(T), uint8_t, uint16_t, uint32_t, uint64_t>();
    }
  }
  template <class T>
  using Plain = decltype(plain<T>());

  template <class T>
  static std::vector<Plain<T>> plain_list(std::vector<T> numbers) {
    if constexpr (std::same_as<T, Plain<T>>) {
      return numbers;
    } else {
      return {numbers.begin(), numbers.end()};
    }
  }

  static Held hold(WitValue it) { return std::make_shared<const WitValue>(std::move(it)); }
  static bool same(const Held &one, const Held &other) { return one && other ? *one == *other : one == other; }

  Any any_;
};

// Here a value is complete, and so is a pair of it.
inline bool WitValue::Record::operator==(const Record &other) const { return fields == other.fields; }

}  // namespace landbridge

#endif
