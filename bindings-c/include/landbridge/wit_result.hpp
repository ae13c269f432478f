// What went well, or why it did not.

#ifndef LANDBRIDGE_WIT_RESULT_HPP
#define LANDBRIDGE_WIT_RESULT_HPP

#include <cstddef>
#include <type_traits>
#include <utility>
#include <variant>

namespace landbridge {

// An `err` on its way into a WitResult: `return landbridge::Err("sold out");`.
template <class E>
struct Err {
  E error;
  explicit Err(E it) : error(std::move(it)) {}
};
template <size_t N>
Err(const char (&)[N]) -> Err<const char *>;

// A `result<T, E>` of WIT: what went well, or why it did not. Where the program has std::expected, that is one too. T and
// E may be void, for what WIT writes as `result<_, E>` and `result<T>`.
template <class T, class E>
class WitResult {
  using Ok = std::conditional_t<std::is_void_v<T>, std::monostate, T>;
  using Error = std::conditional_t<std::is_void_v<E>, std::monostate, E>;

 public:
  using value_type = T;
  using error_type = E;

  // An `ok`, of the value that T has by itself.
  WitResult()
    requires std::is_default_constructible_v<Ok>
      : it_(std::in_place_index<0>) {}
  // An `ok`.
  template <class V = Ok>
    requires(!std::is_void_v<T> && std::is_convertible_v<V, Ok> &&
             !std::is_same_v<std::remove_cvref_t<V>, WitResult>)
  WitResult(V &&value) : it_(std::in_place_index<0>, std::forward<V>(value)) {}
  // An `err`.
  template <class V>
    requires std::is_constructible_v<Error, V>
  WitResult(Err<V> err) : it_(std::in_place_index<1>, std::move(err.error)) {}

  bool has_value() const noexcept { return it_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  // What an `ok` holds. Throws std::bad_variant_access if it is an `err`.
  template <class V = Ok>
    requires(!std::is_void_v<T>)
  V &value() & {
    return std::get<0>(it_);
  }
  template <class V = Ok>
    requires(!std::is_void_v<T>)
  const V &value() const & {
    return std::get<0>(it_);
  }
  template <class V = Ok>
    requires(!std::is_void_v<T>)
  V &&value() && {
    return std::get<0>(std::move(it_));
  }
  Ok &operator*() & { return std::get<0>(it_); }
  const Ok &operator*() const & { return std::get<0>(it_); }
  Ok &&operator*() && { return std::get<0>(std::move(it_)); }
  Ok *operator->() { return &std::get<0>(it_); }
  const Ok *operator->() const { return &std::get<0>(it_); }
  template <class V>
  Ok value_or(V &&other) const & {
    return has_value() ? std::get<0>(it_) : static_cast<Ok>(std::forward<V>(other));
  }

  // What an `err` holds. Throws std::bad_variant_access if it is an `ok`.
  Error &error() & { return std::get<1>(it_); }
  const Error &error() const & { return std::get<1>(it_); }
  Error &&error() && { return std::get<1>(std::move(it_)); }

  friend bool operator==(const WitResult &one, const WitResult &other)
    requires requires(const Ok &ok, const Error &err) { ok == ok; err == err; }
  {
    return one.it_ == other.it_;
  }

 private:
  std::variant<Ok, Error> it_;
};

}  // namespace landbridge

#endif
