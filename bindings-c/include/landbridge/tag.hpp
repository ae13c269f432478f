// Tags of exceptions.

#ifndef LANDBRIDGE_TAG_HPP
#define LANDBRIDGE_TAG_HPP

#include <vector>

#include "handle.hpp"
#include "store.hpp"
#include "types.hpp"

namespace landbridge {

// What tells one sort of exception from another, in a store.
class Tag : public detail::Handle<lb_tag_t, lb_tag_release> {
 public:
  using Handle::Handle;

  // Makes a tag whose exceptions carry values of these types. Throws LimitExceeded.
  Tag(const Store &store, const std::vector<Type> &params) {
    auto *raw = reinterpret_cast<const lb_type_t *>(params.data());
    detail::check(lb_tag_new(store.get(), raw, params.size(), &handle_));
  }

  TagType type() const {
    lb_func_type_t type;
    detail::check(lb_tag_type(handle_, &type));
    return TagType::of(type);
  }

  // Whether both are one tag of one store.
  friend bool operator==(const Tag &one, const Tag &other) {
    return one.handle_.id == other.handle_.id || lb_tag_same(one.handle_, other.handle_);
  }
};

}  // namespace landbridge

#endif
