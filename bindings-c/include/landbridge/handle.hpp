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

}  // namespace detail

}  // namespace landbridge

#endif
