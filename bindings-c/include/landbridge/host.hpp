// Callables as host functions.

#ifndef LANDBRIDGE_HOST_HPP
#define LANDBRIDGE_HOST_HPP

#include <cstddef>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "context.hpp"
#include "error.hpp"
#include "expected.hpp"
#include "messages.hpp"
#include "results.hpp"
#include "types.hpp"
#include "value.hpp"

namespace landbridge {

namespace detail {

inline FuncType type_of(std::span<const lb_value_t> args, std::span<const lb_value_t> results) {
  FuncType type;
  for (const lb_value_t &arg : args) type.params.push_back(static_cast<Type>(arg.type));
  for (const lb_value_t &result : results) type.results.push_back(static_cast<Type>(result.type));
  return type;
}

// How a callable of a signature takes values of the library and gives some.
template <class Signature>
struct Host;

template <class R, class... A>
struct Host<R(A...)> {
  static_assert((Crossing<std::remove_cvref_t<A>> && ...), "this type does not cross; see landbridge.hpp");

  // What it gives; an Expected gives an error as well.
  using Result = typename Unwrapped<R>::type;

  static FuncType type() { return {{Leaf<std::remove_cvref_t<A>>::type...}, Results<Result>::types()}; }

  template <class F>
  static lb_error_t *run(F &callable, const Context &context, std::span<const lb_value_t> args,
                         std::span<lb_value_t> results) {
    return run_with([&](auto &&...lifted) -> R { return callable(std::move(lifted)...); }, context, args, results);
  }

  template <class Call>
  static lb_error_t *run_with(Call call, const Context &context, std::span<const lb_value_t> args,
                              std::span<lb_value_t> results) {
    return [&]<size_t... I>(std::index_sequence<I...>) -> lb_error_t * {
      bool fits = args.size() == sizeof...(A) && results.size() == Results<Result>::count &&
                  (true && ... && Leaf<std::remove_cvref_t<A>>::holds(args[I]));
      if (!fits) [[unlikely]] {
        LANDBRIDGE_THROW(messages::other_signature(context.name(), type_of(args, results).text(), type().text()));
      }
      if constexpr (std::is_void_v<R>) {
        call(Leaf<std::remove_cvref_t<A>>::borrow(args[I])...);
      } else if constexpr (is_expected<R>) {
        R given = call(Leaf<std::remove_cvref_t<A>>::borrow(args[I])...);
        if (!given) return lb_error_clone(given.error().get());
        if constexpr (!std::is_void_v<Result>) Results<Result>::give(*std::move(given), results.data());
      } else {
        Results<R>::give(call(Leaf<std::remove_cvref_t<A>>::borrow(args[I])...), results.data());
      }
      return nullptr;
    }(std::index_sequence_for<A...>());
  }
};

template <class R, class... A>
struct Host<R(const Context &, A...)> {
  static FuncType type() { return Host<R(A...)>::type(); }

  template <class F>
  static lb_error_t *run(F &callable, const Context &context, std::span<const lb_value_t> args,
                         std::span<lb_value_t> results) {
    return Host<R(A...)>::run_with(
        [&](auto &&...lifted) -> R { return callable(context, std::move(lifted)...); }, context, args, results);
  }
};

// The general form.
template <>
struct Host<std::vector<Value>(const Context &, std::span<const Value>)> {
  template <class F>
  static lb_error_t *run(F &callable, const Context &context, std::span<const lb_value_t> args,
                         std::span<lb_value_t> results) {
    std::vector<Value> lifted;
    lifted.reserve(args.size());
    for (const lb_value_t &arg : args) lifted.push_back(Value::copy(arg));
    std::vector<Value> given = callable(context, std::span<const Value>(lifted));
    if (given.size() != results.size()) {
      std::string list = type_of(results, {}).text();
      list.resize(list.find(" -> "));
      LANDBRIDGE_THROW(messages::not_a(messages::results(context.name()), std::to_string(results.size()) + " " + list,
                            std::to_string(given.size())));
    }
    for (size_t i = 0; i < given.size(); ++i) results[i] = given[i].take();
    return nullptr;
  }
};

// The signature of a callable.
template <class F>
struct SignatureOf : SignatureOf<decltype(&F::operator())> {};
template <class R, class... A>
struct SignatureOf<R (*)(A...)> {
  using type = R(A...);
};
template <class R, class... A>
struct SignatureOf<R (*)(A...) noexcept> {
  using type = R(A...);
};
#define LANDBRIDGE_CALLABLE(...)                \
  template <class C, class R, class... A>       \
  struct SignatureOf<R (C::*)(A...) __VA_ARGS__> { \
    using type = R(A...);                       \
  };
LANDBRIDGE_CALLABLE()
LANDBRIDGE_CALLABLE(const)
LANDBRIDGE_CALLABLE(noexcept)
LANDBRIDGE_CALLABLE(const noexcept)
#undef LANDBRIDGE_CALLABLE

template <class F>
using HostOf = Host<typename SignatureOf<F>::type>;

// What the library calls. Nothing is thrown through its frames.
template <class F>
lb_error_t *call_host(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                      lb_value_t *results, size_t nresults) noexcept {
  LANDBRIDGE_TRY {
    return HostOf<F>::run(*static_cast<F *>(data), Context(context), {args, nargs}, {results, nresults});
  } LANDBRIDGE_CATCH_ALL {
    return caught();
  }
}

template <class F>
void drop_host(void *data) {
  delete static_cast<F *>(data);
}

}  // namespace detail

}  // namespace landbridge

#endif
