// Globals.

#ifndef LANDBRIDGE_GLOBAL_HPP
#define LANDBRIDGE_GLOBAL_HPP

#include "handle.hpp"
#include "out.hpp"
#include "store.hpp"
#include "types.hpp"
#include "value.hpp"

namespace landbridge {

// One value that host and guests share.
class Global : public detail::Item<lb_global_t, lb_global_release, lb_global_same> {
 public:
  using Item::Item;

  // Makes a global that modules in this store can import. Throws TypeError.
  Global(const Store &store, const GlobalType &type, const Value &value) {
    const lb_global_type_t raw = type.get();
    detail::check(lb_global_new(store.get(), &raw, value.get(), &handle_));
  }

  Value value() const { return Value::own(detail::made<lb_value_t>(lb_global_get, handle_)); }
  // Throws TypeError if the value does not fit or the global is immutable.
  void set(const Value &value) const { detail::check(lb_global_set(handle_, value.get())); }
  GlobalType type() const { return GlobalType::of(detail::made<lb_global_type_t>(lb_global_type, handle_)); }
};

}  // namespace landbridge

#endif
