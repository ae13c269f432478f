// Tables of references.

#ifndef LANDBRIDGE_TABLE_HPP
#define LANDBRIDGE_TABLE_HPP

#include <cstdint>

#include "handle.hpp"
#include "out.hpp"
#include "store.hpp"
#include "types.hpp"
#include "value.hpp"

namespace landbridge {

// References by index.
class Table : public detail::Item<lb_table_t, lb_table_release, lb_table_same> {
 public:
  using Item::Item;

  // Makes a table that modules in this store can import. Throws TypeError, LimitExceeded.
  Table(const Store &store, const TableType &type, const Value &init) {
    const lb_table_type_t raw = type.get();
    detail::check(lb_table_new(store.get(), &raw, init.get(), &handle_));
  }

  // Throws OutOfBounds.
  Value at(uint64_t index) const { return Value::own(detail::made<lb_value_t>(lb_table_get, handle_, index)); }
  // Throws OutOfBounds, TypeError, WrongStore.
  void set(uint64_t index, const Value &value) const { detail::check(lb_table_set(handle_, index, value.get())); }
  // Grows, filling with init, and returns the former size. Throws LimitExceeded.
  uint64_t grow(uint64_t delta, const Value &init) const {
    return detail::made<uint64_t>(lb_table_grow, handle_, delta, init.get());
  }
  uint64_t size() const { return detail::made<uint64_t>(lb_table_size, handle_); }
  TableType type() const { return TableType::of(detail::made<lb_table_type_t>(lb_table_type, handle_)); }
};

}  // namespace landbridge

#endif
