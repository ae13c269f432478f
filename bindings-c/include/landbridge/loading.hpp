// Modules that are loaded while nobody waits.

#ifndef LANDBRIDGE_LOADING_HPP
#define LANDBRIDGE_LOADING_HPP

#include <concepts>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include "engine.hpp"
#include "handle.hpp"
#include "module.hpp"
#include "out.hpp"

namespace landbridge {

namespace detail {

// Goes on with a coroutine; the module is found by its Loading again.
inline void resume_loading(void *waiting, const lb_error_t *, lb_module_t module) noexcept {
  if (module.id != 0) lb_error_free(lb_module_release(module));
  std::coroutine_handle<>::from_address(waiting).resume();
}

}  // namespace detail

// A module that is loaded on a thread of the library's. It moves but does not copy, and loading goes on if it is
// dropped. A coroutine may await it: `Module module = co_await Module::load_async(path);`.
class [[nodiscard]] Loading {
 public:
  // Takes over a handle of landbridge.h.
  explicit Loading(lb_load_t handle) noexcept : handle_(handle) {}

  // Waits for the module, any number of times. Throws what Module::load() throws; Cancelled.
  Module get() const { return Module(detail::made<lb_module_t>(lb_load_wait, handle_.get())); }

  // Whether there is an outcome.
  bool is_done() const noexcept { return lb_load_is_done(handle_.get()); }

  // Ends the waiting with Cancelled. What has not begun is never done. May be called from any thread.
  void cancel() const { detail::check(lb_load_cancel(handle_.get())); }

  // Has a callable called with this Loading once there is an outcome; see Call::then().
  template <std::invocable<Loading> F>
  void then(F callable) && {
    struct Both {
      Loading loading;
      F callable;
      static void run(void *data, const lb_error_t *, lb_module_t module) noexcept {
        if (module.id != 0) lb_error_free(lb_module_release(module));
        const std::unique_ptr<Both> both(static_cast<Both *>(data));
        std::invoke(both->callable, std::move(both->loading));
      }
    };
    std::unique_ptr<Both> both(new Both{std::move(*this), std::move(callable)});
    detail::check(lb_load_on_done(both->loading.handle(), &Both::run, both.get()));
    both.release();
  }

  // For co_await.
  bool await_ready() const noexcept { return is_done(); }
  void await_suspend(std::coroutine_handle<> waiting) const {
    detail::check(lb_load_on_done(handle_.get(), &detail::resume_loading, waiting.address()));
  }
  Module await_resume() const { return get(); }

  // The handle of landbridge.h, which stays this object's.
  lb_load_t handle() const noexcept { return handle_.get(); }

 private:
  detail::Handle<lb_load_t, lb_load_release> handle_;
};

inline Loading Module::load_async(const std::filesystem::path &path, const Engine &engine) {
  lb_load_t load;
  detail::check(lb_module_load_file_async(engine.pointer(), path.string().c_str(), &load, nullptr, nullptr));
  return Loading(load);
}

inline Loading Module::from_text_async(std::string_view text, const Engine &engine) {
  return from_bytes_async(std::as_bytes(std::span(text)), engine);
}

inline Loading Module::from_bytes_async(std::span<const std::byte> bytes, const Engine &engine) {
  lb_load_t load;
  auto *data = reinterpret_cast<const uint8_t *>(bytes.data());
  detail::check(lb_module_load_bytes_async(engine.pointer(), data, bytes.size(), &load, nullptr, nullptr));
  return Loading(load);
}

}  // namespace landbridge

#endif
