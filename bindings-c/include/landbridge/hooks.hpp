// How a program's threads wait, and what they do while a guest runs.

#ifndef LANDBRIDGE_HOOKS_HPP
#define LANDBRIDGE_HOOKS_HPP

#include <cstdint>

#include "error.hpp"

namespace landbridge {

// What a host does in its own way, such as a binding of another language with a global lock. Derive from it what you
// need, and install one object. All functions are called on several threads at the same time; what they throw comes out
// of the call as that very object. They may use the library, but what would enter the store whose guest runs throws Busy, and
// in wait() and waiting() what would have to wait for a store itself.
class Host {
 public:
  virtual ~Host() = default;

  // Called when this thread must wait for its turn on a store, or for an instance of a pool. Calls wait_now() once, or
  // throws, mostly Busy.
  virtual void wait() { wait_now(); }

  // Called every 10 milliseconds or so on a thread that waits, inside of wait_now(). What it throws ends the waiting.
  virtual void waiting() {}

  // Called when this thread must wait for a guest's thread to do something for it; see Answer::enter(). Calls wait_now()
  // once, and throws nothing.
  virtual void wait_for_guest() { wait_now(); }

  // Called on the thread that runs a guest when the guest is about to do what may block. Throws nothing.
  virtual void block() {}

  // Called on the thread that runs a guest, about once a millisecond; ticks counts from 1 in each outermost call. What it
  // throws ends the call, and the store is poisoned then.
  virtual void tick(uint32_t ticks) { static_cast<void>(ticks); }

  // Installs a host for this process; it lives as long as that. Throws Unsupported if there is one already.
  static void install(Host &host) {
    lb_host_t hooks = LB_HOST;
    hooks.data = &host;
    hooks.wait = [](void *data) noexcept { return passed([&] { of(data).wait(); }); };
    hooks.waiting = [](void *data) noexcept { return passed([&] { of(data).waiting(); }); };
    hooks.wait_for_guest = [](void *data) noexcept { of(data).wait_for_guest(); };
    hooks.block = [](void *data) noexcept { of(data).block(); };
    hooks.tick = [](void *data, uint32_t ticks) noexcept { return passed([&] { of(data).tick(ticks); }); };
    detail::check(lb_host_install(&hooks));
  }

 protected:
  // In wait() and wait_for_guest(): waits. Throws Unsupported anywhere else.
  static void wait_now() { detail::check(lb_host_wait()); }

 private:
  static Host &of(void *data) noexcept { return *static_cast<Host *>(data); }

  template <class F>
  static lb_error_t *passed(F what) noexcept {
    LANDBRIDGE_TRY {
      what();
      return nullptr;
    } LANDBRIDGE_CATCH_ALL {
      return detail::caught();
    }
  }
};

}  // namespace landbridge

#endif
