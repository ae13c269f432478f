// Arguments and results of C++, to and from values of the library.

#ifndef LANDBRIDGE_RESULTS_HPP
#define LANDBRIDGE_RESULTS_HPP

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "error.hpp"
#include "expected.hpp"
#include "messages.hpp"
#include "types.hpp"
#include "value.hpp"

namespace landbridge {

namespace detail {

// Calls with as many results as the signature has.
template <class Call>
std::vector<Value> call_values(const FuncType &type, Call call) {
  std::vector<Value> results(type.results.size());
  check(call(reinterpret_cast<lb_value_t *>(results.data()), results.size()));
  return results;
}

// What a signature returns: nothing, one value or a tuple.
template <class R>
struct Results {
  static_assert(Crossing<R>, "this type does not cross; see the head of landbridge.hpp");
  static constexpr size_t count = 1;
  static std::vector<Type> types() { return {Leaf<R>::type}; }
  static bool gives(const std::vector<Type> &types) { return types.size() == 1 && Leaf<R>::gives(types[0]); }
  // How many values are what they should be, up to the first that is not.
  static size_t held(const lb_value_t *values) { return Leaf<R>::holds(values[0]); }
  static R take(const lb_value_t *values) { return Leaf<R>::take(values[0]); }
  static void give(R result, lb_value_t *values) { values[0] = Leaf<R>::give(std::move(result)); }
};

template <>
struct Results<void> {
  static constexpr size_t count = 0;
  static std::vector<Type> types() { return {}; }
  static bool gives(const std::vector<Type> &types) { return types.empty(); }
  static size_t held(const lb_value_t *) { return 0; }
  static void take(const lb_value_t *) {}
};

template <class... R>
struct Results<std::tuple<R...>> {
  static_assert((Crossing<R> && ...), "this type does not cross; see the head of landbridge.hpp");
  static constexpr size_t count = sizeof...(R);
  static std::vector<Type> types() { return {Leaf<R>::type...}; }
  static bool gives(const std::vector<Type> &types) {
    size_t i = 0;
    return types.size() == count && (true && ... && Leaf<R>::gives(types[i++]));
  }
  static size_t held(const lb_value_t *values) {
    size_t i = 0;
    (void)(true && ... && (Leaf<R>::holds(values[i]) && ++i));
    return i;
  }
  static std::tuple<R...> take(const lb_value_t *values) {
    return [&]<size_t... I>(std::index_sequence<I...>) {
      return std::tuple<R...>{Leaf<R>::take(values[I])...};
    }(std::index_sequence_for<R...>());
  }
  static void give(std::tuple<R...> result, lb_value_t *values) {
    [&]<size_t... I>(std::index_sequence<I...>) {
      ((values[I] = Leaf<R>::give(std::move(std::get<I>(result)))), ...);
    }(std::index_sequence_for<R...>());
  }
};

// Numbers that cross as one word each, without their types: those of a signature that was checked once.
template <class T>
concept Word = Crossing<T> && std::is_arithmetic_v<T> && (sizeof(T) == 4 || sizeof(T) == 8);

template <class R, class... A>
concept Words = sizeof...(A) <= 4 && (Word<A> && ...) && (Word<R> || std::is_void_v<R>);

template <Word T>
uint64_t to_word(T value) noexcept {
  if constexpr (sizeof(T) == 4) {
    return std::bit_cast<uint32_t>(value);
  } else {
    return std::bit_cast<uint64_t>(value);
  }
}

template <class R>
R of_word([[maybe_unused]] uint64_t word) noexcept {
  if constexpr (std::is_void_v<R>) {
    return;
  } else if constexpr (sizeof(R) == 4) {
    return std::bit_cast<R>(static_cast<uint32_t>(word));
  } else {
    return std::bit_cast<R>(word);
  }
}

// Calls with arguments of C++ and reads results of C++.
template <class R, class... A, class Call>
R call_typed(Call call, const A &...args) {
  static_assert((Crossing<A> && ...), "this type does not cross; see the head of landbridge.hpp");
  const lb_value_t in[sizeof...(A) + 1] = {Leaf<A>::lend(args)...};
  lb_value_t out[Results<R>::count + 1];
  check(call(in, sizeof...(A), out, Results<R>::count));
  return Results<R>::take(out);
}

// The same, and gives the error.
template <class R, class... A, class Call>
Expected<R> try_typed(Call call, const A &...args) {
  static_assert((Crossing<A> && ...), "this type does not cross; see the head of landbridge.hpp");
  const lb_value_t in[sizeof...(A) + 1] = {Leaf<A>::lend(args)...};
  lb_value_t out[Results<R>::count + 1];
  if (lb_error_t *error = call(in, sizeof...(A), out, Results<R>::count)) [[unlikely]] return Error(error);
  if constexpr (std::is_void_v<R>) {
    return {};
  } else {
    return Results<R>::take(out);
  }
}

// Reads results whose types nobody has checked.
template <class R>
R checked(const char *name, const lb_value_t *results) {
  const size_t i = Results<R>::held(results);
  if (i == Results<R>::count) [[likely]] return Results<R>::take(results);
  const TypeError error =
      messages::not_a(messages::result(std::to_string(i + 1), name),
                      std::string(landbridge::name(Results<R>::types()[i])), lb_type_name(results[i].type));
  for (size_t j = 0; j < Results<R>::count; ++j) {
    lb_value_t owned = results[j];
    lb_error_free(lb_value_release(&owned));
  }
  LANDBRIDGE_THROW(error);
}

}  // namespace detail

}  // namespace landbridge

#endif
