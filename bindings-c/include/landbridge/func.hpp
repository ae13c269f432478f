// Functions of guests and of the host.

#ifndef LANDBRIDGE_FUNC_HPP
#define LANDBRIDGE_FUNC_HPP

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "batch.hpp"
#include "call.hpp"
#include "handle.hpp"
#include "host.hpp"
#include "messages.hpp"
#include "out.hpp"
#include "results.hpp"
#include "store.hpp"
#include "text.hpp"
#include "types.hpp"
#include "value.hpp"

namespace landbridge {

template <class Signature>
class TypedFunc;

// A function of a guest or of the host. Copies are the same function. The empty one is the null
// reference.
class Func : public detail::Reference<lb_func_t, lb_func_release, lb_func_same, lb_func_clone> {
 public:
  using Reference::Reference;

  // Makes a function of the host in a store, to be put into a table, passed as a reference or imported
  // by a module. Its type is that of the callable; see Imports::func().
  template <class F>
  Func(const Store &store, F callable) : Func(store, detail::HostOf<F>::type(), std::move(callable)) {}

  // The same of any type, for a callable that takes (const Context &, std::span<const Value>) and
  // gives a std::vector<Value>.
  template <class F>
  Func(const Store &store, const FuncType &type, F callable) {
    const lb_func_type_t raw = type.get();
    auto data = std::make_unique<F>(std::move(callable));
    detail::check(
        lb_func_new(store.get(), &raw, &handle_, &detail::call_host<F>, data.release(), &detail::drop_host<F>));
  }

  // Calls it. Throws TypeError if the arguments do not fit, Trap, what a host function threw, Closed.
  std::vector<Value> call(std::span<const Value> args) const {
    return detail::call_values(type(), [&](lb_value_t *results, size_t count) {
      return lb_func_call(handle_, detail::raw(args), args.size(), results, count);
    });
  }
  std::vector<Value> call(std::initializer_list<Value> args) const {
    return call(std::span<const Value>(args.begin(), args.size()));
  }

  // Calls it on a thread of the library's, and does not wait. Throws TypeError for a wrong number of arguments,
  // LimitExceeded if no thread can be started; all else comes out of the Call.
  Call<std::vector<Value>> call_async(std::span<const Value> args) const {
    return detail::start_values(
        [this](const lb_value_t *in, size_t nin, lb_call_t *call) {
          return lb_func_call_async(handle_, in, nin, call, nullptr, nullptr);
        },
        args);
  }
  Call<std::vector<Value>> call_async(std::initializer_list<Value> args) const {
    return call_async(std::span<const Value>(args.begin(), args.size()));
  }

  // Calls it once a row over columns, in one crossing: `std::vector<int32_t> sums = add.map<int32_t>(xs, 10);`. An argument is
  // a span, a vector or an array of numbers, or a number, which repeats. Results are a vector, or a tuple of vectors for
  // map<std::tuple<A, B>>, or nothing for map<void>. It is one call for timeouts and cancelling. An error has a row().
  // Throws TypeError if a column does not fit, and what call() throws.
  template <class R, class... T>
  auto map(const T &...args) const {
    return detail::map_new<R>(handle_, std::nullopt, detail::MapArgument<typename detail::OwnType<T>::type, T>(args)...);
  }

  // The same where no column says how many rows there are.
  template <class R, class... T>
  auto map_rows(size_t rows, const T &...args) const {
    return detail::map_new<R>(handle_, rows, detail::MapArgument<typename detail::OwnType<T>::type, T>(args)...);
  }

  // The same into a column that is given, which may be one of the arguments.
  template <class R, class... T>
  void map_into(std::span<R> result, const T &...args) const {
    const lb_result_column_t column = LB_RESULT_COLUMN(detail::element_type<R>(), result.data(), result.size());
    detail::map_to(handle_, std::nullopt, {&column, 1},
                   detail::MapArgument<typename detail::OwnType<T>::type, T>(args)...);
  }

  // The same function for calls with a signature of C++. Throws TypeError if it is another one.
  template <class Signature>
  TypedFunc<Signature> typed() const {
    return TypedFunc<Signature>(*this);
  }

  FuncType type() const { return FuncType::of(detail::made<lb_func_type_t>(lb_func_type, handle_)); }

  // The name it was exported by, or a word for what it is.
  std::string name() const { return detail::told_by(lb_func_name, handle_); }
};

namespace detail {

template <>
struct Leaf<Func> : ReferenceLeaf<Func, Type::funcref, lb_func_t, &lb_bits_t::func> {};

}  // namespace detail

// A function with a signature of C++, checked when it is made: a call is a plain call. Nothing is
// allocated for numbers and vectors.
template <class R, class... A>
class TypedFunc<R(A...)> {
 public:
  // Throws TypeError if the function has another signature.
  explicit TypedFunc(Func func) : func_(std::move(func)) { detail::check(mismatch()); }

  // The same, with the error in place of an exception.
  static Expected<TypedFunc> try_of(Func func) {
    TypedFunc made(std::move(func), Unchecked());
    if (lb_error_t *error = made.mismatch()) return Error(error);
    return made;
  }

  // Throws Trap, what a host function threw, Closed.
  R operator()(const std::remove_cvref_t<A> &...args) const {
    if constexpr (detail::Words<R, std::remove_cvref_t<A>...>) {
      uint64_t bits[sizeof...(A) + 1] = {detail::to_word(args)...};
      detail::check(lb_func_call_bits(func_.get(), bits, sizeof...(A)));
      return detail::of_word<R>(bits[0]);
    }
    return detail::call_typed<R>(
        [this](const lb_value_t *in, size_t nin, lb_value_t *out, size_t nout) {
          return lb_func_call(func_.get(), in, nin, out, nout);
        },
        args...);
  }

  // The same, with the error in place of an exception: `auto sum = add.try_call(2, 3); if (!sum) log(sum.error().what());`.
  Expected<R> try_call(const std::remove_cvref_t<A> &...args) const {
    if constexpr (detail::Words<R, std::remove_cvref_t<A>...>) {
      uint64_t bits[sizeof...(A) + 1] = {detail::to_word(args)...};
      if (lb_error_t *error = lb_func_call_bits(func_.get(), bits, sizeof...(A))) [[unlikely]] return Error(error);
      if constexpr (std::is_void_v<R>) {
        return {};
      } else {
        return detail::of_word<R>(bits[0]);
      }
    }
    return detail::try_typed<R>(
        [this](const lb_value_t *in, size_t nin, lb_value_t *out, size_t nout) {
          return lb_func_call(func_.get(), in, nin, out, nout);
        },
        args...);
  }

  // Calls it on a thread of the library's, and does not wait: `Call<int> sum = add.call_async(2, 3);`. Throws
  // LimitExceeded if no thread can be started; all else comes out of the Call.
  Call<R> call_async(const std::remove_cvref_t<A> &...args) const {
    return detail::start_typed<R>(
        [this](const lb_value_t *in, size_t nin, lb_call_t *call) {
          return lb_func_call_async(func_.get(), in, nin, call, nullptr, nullptr);
        },
        args...);
  }

  // Calls it once a row over columns; see Func::map(): `std::vector<int32_t> sums = add.map(xs, 10);`.
  template <class... T>
    requires(sizeof...(T) == sizeof...(A))
  auto map(const T &...args) const {
    return detail::map_new<R>(func_.get(), std::nullopt, detail::MapArgument<std::remove_cvref_t<A>, T>(args)...);
  }

  // The same where no column says how many rows there are.
  template <class... T>
    requires(sizeof...(T) == sizeof...(A))
  auto map_rows(size_t rows, const T &...args) const {
    return detail::map_new<R>(func_.get(), rows, detail::MapArgument<std::remove_cvref_t<A>, T>(args)...);
  }

  // The same into a column that is given, which may be one of the arguments.
  template <class... T>
    requires(sizeof...(T) == sizeof...(A) && detail::Element<R>)
  void map_into(std::span<R> result, const T &...args) const {
    const lb_result_column_t column = LB_RESULT_COLUMN(detail::element_type<R>(), result.data(), result.size());
    detail::map_to(func_.get(), std::nullopt, {&column, 1}, detail::MapArgument<std::remove_cvref_t<A>, T>(args)...);
  }

  const Func &func() const noexcept { return func_; }

 private:
  struct Unchecked {};
  TypedFunc(Func func, Unchecked) : func_(std::move(func)) {}

  // What is wrong with the signature, or null.
  lb_error_t *mismatch() const {
    const FuncType found = func_.type();
    size_t i = 0;
    const bool fits = found.params.size() == sizeof...(A) && detail::Results<R>::gives(found.results) &&
                      (true && ... && detail::Leaf<std::remove_cvref_t<A>>::takes(found.params[i++]));
    if (fits) return nullptr;
    const FuncType wanted{{detail::Leaf<std::remove_cvref_t<A>>::type...}, detail::Results<R>::types()};
    return lb_error_clone(detail::messages::other_signature(func_.name(), found.text(), wanted.text()).get());
  }

  Func func_;
};

}  // namespace landbridge

#endif
