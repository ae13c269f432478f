// Tags of exceptions.

#ifndef LANDBRIDGE_TAG_HPP
#define LANDBRIDGE_TAG_HPP

#include <vector>

#include "handle.hpp"
#include "out.hpp"
#include "store.hpp"
#include "types.hpp"

namespace landbridge {

// What tells one sort of exception from another, in a store.
class Tag : public detail::Item<lb_tag_t, lb_tag_release, lb_tag_same> {
 public:
  using Item::Item;

  // Makes a tag whose exceptions carry values of these types. Throws LimitExceeded.
  Tag(const Store &store, const std::vector<Type> &params) {
    auto *raw = reinterpret_cast<const lb_type_t *>(params.data());
    detail::check(lb_tag_new(store.get(), raw, params.size(), &handle_));
  }

  TagType type() const { return TagType::of(detail::made<lb_func_type_t>(lb_tag_type, handle_)); }
};

}  // namespace landbridge

#endif
