// Tables of references.

#ifndef LANDBRIDGE_TABLE_HPP
#define LANDBRIDGE_TABLE_HPP

#include <cstdint>

#include "handle.hpp"
#include "store.hpp"
#include "types.hpp"
#include "value.hpp"

namespace landbridge {

// References by index.
class Table : public detail::Handle<lb_table_t, lb_table_release> {
 public:
  using Handle::Handle;

  // Whether both are one table of one store.
  friend bool operator==(const Table &one, const Table &other) {
    return one.handle_.id == other.handle_.id || lb_table_same(one.handle_, other.handle_);
  }

  // Makes a table that can be lent to modules in this store. Throws TypeError, LimitExceeded.
  Table(const Store &store, const TableType &type, const Value &init) {
    const lb_table_type_t raw = type.get();
    detail::check(lb_table_new(store.get(), &raw, init.get(), &handle_));
  }

  // Throws OutOfBounds.
  Value at(uint64_t index) const {
    lb_value_t value;
    detail::check(lb_table_get(handle_, index, &value));
    return Value::own(value);
  }
  // Throws OutOfBounds, TypeError, WrongStore.
  void set(uint64_t index, const Value &value) const { detail::check(lb_table_set(handle_, index, value.get())); }
  // Grows, filling with init, and returns the former size. Throws LimitExceeded.
  uint64_t grow(uint64_t delta, const Value &init) const {
    uint64_t former;
    detail::check(lb_table_grow(handle_, delta, init.get(), &former));
    return former;
  }
  uint64_t size() const {
    uint64_t size;
    detail::check(lb_table_size(handle_, &size));
    return size;
  }
  TableType type() const {
    lb_table_type_t type;
    detail::check(lb_table_type(handle_, &type));
    return TableType::of(type);
  }
};

}  // namespace landbridge

#endif
