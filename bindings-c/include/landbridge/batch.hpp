// Batches: a function is called once a row, over columns, in one crossing.

#ifndef LANDBRIDGE_BATCH_HPP
#define LANDBRIDGE_BATCH_HPP

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <ranges>
#include <span>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "error.hpp"
#include "value.hpp"

namespace landbridge::detail {

// What a column can hold.
template <class T>
concept Element = (std::integral<T> || std::floating_point<T>) && !std::same_as<T, bool> && Leaf<T>::known;

// A span, a vector, an array: elements one after the other.
template <class T>
concept ColumnOf = std::ranges::contiguous_range<T> && std::ranges::sized_range<T> &&
                   Element<std::remove_cv_t<std::ranges::range_value_t<T>>>;

template <Element T>
constexpr uint32_t element_type() noexcept {
  return static_cast<uint32_t>(Leaf<T>::type);
}

// An argument as the library takes it: a column, or a value of type A that repeats. It is not moved, since it may lead to
// itself.
template <class A, class T>
class MapArgument {
 public:
  explicit MapArgument(const T &given) noexcept : given_(given) {
    if constexpr (!ColumnOf<const T>) value_ = static_cast<A>(given);
  }

  lb_column_t column() const noexcept {
    if constexpr (ColumnOf<const T>) {
      using E = std::remove_cv_t<std::ranges::range_value_t<const T>>;
      return lb_column_t LB_COLUMN(element_type<E>(), std::ranges::data(given_), std::ranges::size(given_));
    } else {
      return lb_column_t LB_REPEATED(element_type<A>(), &value_);
    }
  }

  std::optional<size_t> rows() const noexcept {
    if constexpr (ColumnOf<const T>) return std::ranges::size(given_);
    return std::nullopt;
  }

 private:
  struct Nothing {};
  const T &given_;
  std::conditional_t<ColumnOf<const T>, Nothing, A> value_{};
};

// The type of a value that repeats where no signature tells it.
template <class T>
struct OwnType {
  using type = T;
};
template <ColumnOf T>
struct OwnType<T> {
  using type = std::remove_cv_t<std::ranges::range_value_t<T>>;
};

// The columns of results.
template <class R>
struct MapResults {
  using Columns = std::vector<R>;
  static Columns make(size_t rows) { return Columns(rows); }
  static std::array<lb_result_column_t, 1> of(Columns &columns) noexcept {
    return {lb_result_column_t LB_RESULT_COLUMN(element_type<R>(), columns.data(), columns.size())};
  }
};

template <>
struct MapResults<void> {
  struct Columns {};
  static Columns make(size_t) noexcept { return {}; }
  static std::array<lb_result_column_t, 0> of(Columns &) noexcept { return {}; }
};

template <class... R>
struct MapResults<std::tuple<R...>> {
  using Columns = std::tuple<std::vector<R>...>;
  static Columns make(size_t rows) { return Columns(std::vector<R>(rows)...); }
  static std::array<lb_result_column_t, sizeof...(R)> of(Columns &columns) noexcept {
    return std::apply(
        [](auto &...each) {
          return std::array<lb_result_column_t, sizeof...(R)>{
              lb_result_column_t LB_RESULT_COLUMN(element_type<R>(), each.data(), each.size())...};
        },
        columns);
  }
};

// How many rows the first column has, if there is one.
template <class... M>
std::optional<size_t> rows_of(const M &...args) {
  std::optional<size_t> found;
  ((found = found ? found : args.rows()), ...);
  return found;
}

template <class... M>
void map_to(lb_func_t func, std::optional<size_t> rows, std::span<const lb_result_column_t> results, const M &...args) {
  const std::array<lb_column_t, sizeof...(M)> columns{args.column()...};
  lb_batch_t batch = LB_BATCH;
  if (rows) batch.rows = *rows;
  check(lb_func_map(func, columns.data(), columns.size(), results.data(), results.size(), &batch));
}

// New columns of results.
template <class R, class... M>
auto map_new(lb_func_t func, std::optional<size_t> rows, const M &...args) {
  const auto known = rows ? rows : rows_of(args...);
  auto columns = MapResults<R>::make(known.value_or(0));
  const auto results = MapResults<R>::of(columns);
  // If nothing says how many rows there are, these must not.
  map_to(func, rows, known ? std::span<const lb_result_column_t>(results) : std::span<const lb_result_column_t>(), args...);
  if constexpr (!std::is_void_v<R>) return columns;
}

}  // namespace landbridge::detail

#endif
