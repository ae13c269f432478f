// Values or errors, where an exception is not wanted.

#ifndef LANDBRIDGE_EXPECTED_HPP
#define LANDBRIDGE_EXPECTED_HPP

#include <optional>
#include <utility>

#include "error.hpp"

namespace landbridge {

// What a function whose name begins with try_ gives: a value, or the error because of which there is none. Its members are those
// of std::expected<T, Error>, which C++20 lacks.
//
//     auto sum = add.try_call(2, 3);
//     if (!sum) return log(sum.error().what());
//     use(*sum);
template <class T>
class [[nodiscard]] Expected {
 public:
  using value_type = T;
  Expected(T value) : value_(std::move(value)) {}
  Expected(Error error) : error_(std::move(error)) {}

  bool has_value() const noexcept { return value_.has_value(); }
  explicit operator bool() const noexcept { return has_value(); }

  // The value. Without one, throws the error, or ends the program if there are no exceptions.
  T &value() & { return need(), *value_; }
  const T &value() const & { return need(), *value_; }
  T &&value() && { return need(), *std::move(value_); }
  template <class U>
  T value_or(U &&other) const & {
    return value_ ? *value_ : static_cast<T>(std::forward<U>(other));
  }

  // The value, which must be there.
  T &operator*() & noexcept { return *value_; }
  const T &operator*() const & noexcept { return *value_; }
  T &&operator*() && noexcept { return *std::move(value_); }
  T *operator->() noexcept { return &*value_; }
  const T *operator->() const noexcept { return &*value_; }

  // The error, which must be there.
  const Error &error() const noexcept { return *error_; }

 private:
  void need() const {
    if (error_) [[unlikely]] detail::raise(lb_error_clone(error_->get()));
  }

  std::optional<T> value_;
  std::optional<Error> error_;
};

// The same of a function that gives nothing.
template <>
class [[nodiscard]] Expected<void> {
 public:
  using value_type = void;
  Expected() = default;
  Expected(Error error) : error_(std::move(error)) {}

  bool has_value() const noexcept { return !error_; }
  explicit operator bool() const noexcept { return has_value(); }
  void value() const {
    if (error_) [[unlikely]] detail::raise(lb_error_clone(error_->get()));
  }
  const Error &error() const noexcept { return *error_; }

 private:
  std::optional<Error> error_;
};

namespace detail {

template <class T>
inline constexpr bool is_expected = false;
template <class T>
inline constexpr bool is_expected<Expected<T>> = true;

// What a callable of the program's gives besides an Expected.
template <class R>
struct Unwrapped {
  using type = R;
};
template <class R>
struct Unwrapped<Expected<R>> {
  using type = R;
};

// What a function makes in its last parameter, as a T.
template <class T, class Raw, class F, class... A>
Expected<T> try_made(F function, const A &...args) {
  Raw out;
  if (lb_error_t *error = function(args..., &out)) return Error(error);
  return T(out);
}

}  // namespace detail

}  // namespace landbridge

#endif
