// What owns a handle of landbridge.h.

#ifndef LANDBRIDGE_HANDLE_HPP
#define LANDBRIDGE_HANDLE_HPP

#include <utility>

#include "error.hpp"

namespace landbridge {

namespace detail {

// Owns a handle.
template <class H, lb_error_t *(*release)(H)>
class Handle {
 public:
  Handle() noexcept = default;
  // Takes over a handle of landbridge.h.
  explicit Handle(H handle) noexcept : handle_(handle) {}
  Handle(Handle &&other) noexcept : handle_(std::exchange(other.handle_, H{})) {}
  Handle &operator=(Handle &&other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Handle() {
    // Nothing is lost: all that can be wrong is that it was closed.
    if (handle_.id != 0) lb_error_free(release(handle_));
  }

  // The handle of landbridge.h, which stays this object's.
  H get() const noexcept { return handle_; }
  // Gives the handle of landbridge.h up to the caller.
  H take() noexcept { return std::exchange(handle_, H{}); }
  // Whether there is an object; a moved-from or null one has none.
  explicit operator bool() const noexcept { return handle_.id != 0; }

 protected:
  H handle_{};
};

// The same for something of a store, which others may have handles of too.
template <class H, lb_error_t *(*release)(H), bool (*same)(H, H)>
class Item : public Handle<H, release> {
 public:
  using Handle<H, release>::Handle;

  // Whether both are one object of one store.
  friend bool operator==(const Item &one, const Item &other) {
    return one.handle_.id == other.handle_.id || same(one.handle_, other.handle_);
  }
};

// The same for what is a value of guests: it copies, and a copy is the same object. The empty one is the null reference.
template <class H, lb_error_t *(*release)(H), bool (*same)(H, H), lb_error_t *(*clone)(H, H *)>
class Reference : public Item<H, release, same> {
 public:
  using Item<H, release, same>::Item;
  Reference() noexcept = default;
  Reference(const Reference &other) : Item<H, release, same>() {
    if (other) check(clone(other.handle_, &this->handle_));
  }
  Reference(Reference &&) noexcept = default;
  Reference &operator=(Reference other) noexcept {
    std::swap(this->handle_, other.handle_);
    return *this;
  }
};

}  // namespace detail

}  // namespace landbridge

#endif
