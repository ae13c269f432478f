// Globals.

#ifndef LANDBRIDGE_GLOBAL_HPP
#define LANDBRIDGE_GLOBAL_HPP

#include "handle.hpp"
#include "store.hpp"
#include "types.hpp"
#include "value.hpp"

namespace landbridge {

// One value that host and guests share.
class Global : public detail::Handle<lb_global_t, lb_global_release> {
 public:
  using Handle::Handle;

  // Whether both are one global of one store.
  friend bool operator==(const Global &one, const Global &other) {
    return one.handle_.id == other.handle_.id || lb_global_same(one.handle_, other.handle_);
  }

  // Makes a global that can be lent to modules in this store. Throws TypeError.
  Global(const Store &store, const GlobalType &type, const Value &value) {
    const lb_global_type_t raw = type.get();
    detail::check(lb_global_new(store.get(), &raw, value.get(), &handle_));
  }

  Value value() const {
    lb_value_t value;
    detail::check(lb_global_get(handle_, &value));
    return Value::own(value);
  }
  // Throws TypeError if the value does not fit or the global is immutable.
  void set(const Value &value) const { detail::check(lb_global_set(handle_, value.get())); }
  GlobalType type() const {
    lb_global_type_t type;
    detail::check(lb_global_type(handle_, &type));
    return GlobalType::of(type);
  }
};

}  // namespace landbridge

#endif
