// Stores, the sandboxes that instances live in.

#ifndef LANDBRIDGE_STORE_HPP
#define LANDBRIDGE_STORE_HPP

#include <cstdint>
#include <memory>
#include <string>

#include "engine.hpp"
#include "handle.hpp"
#include "out.hpp"
#include "sandbox.hpp"

namespace landbridge {

class Imports;
class Instance;
class Module;

// A sandbox: instances that share memories, tables, globals or functions live in one store.
class Store : public detail::Handle<lb_store_t, lb_store_release> {
 public:
  using Handle::Handle;

  explicit Store(const Engine &engine = Engine::shared()) { detail::check(lb_store_new(engine.pointer(), &handle_)); }
  // One with a sandbox. Throws RangeError for a limit of 0, Unsupported for a timeout if the engine is not
  // interruptible.
  explicit Store(const Sandbox &sandbox, const Engine &engine = Engine::shared()) {
    detail::RawSandbox raw(sandbox);
    detail::check(lb_store_new_with(engine.pointer(), raw.take(), &handle_));
  }

  // Makes an instance in this store. Throws as Module::instantiate(), and WrongStore for a module of
  // another engine.
  Instance instantiate(const Module &module) const;
  Instance instantiate(const Module &module, const Imports &imports) const;

  // What its guests use and used. Takes the store's turn.
  Usage usage() const {
    lb_usage_t usage = LB_USAGE;
    detail::check(lb_store_usage(handle_, &usage));
    return Usage::of(usage);
  }
  // Gives so much fuel, in place of what is left, and counts from there. Throws Unsupported if the store was made
  // without a limit of fuel, Poisoned.
  void set_fuel(uint64_t fuel) const { detail::check(lb_store_set_fuel(handle_, fuel)); }
  // Ends the call that runs here, with Cancelled; the store is Poisoned then. Never waits, and may be called from any
  // thread: a guest is ended within a few milliseconds, a callable that it called returns first. If no call runs,
  // nothing happens.
  void cancel() const { detail::check(lb_store_cancel(handle_)); }

  // Takes what guests wrote since the last time, if it is captured. Never waits, also while they run.
  std::string take_stdout() const { return taken(lb_store_stdout); }
  std::string take_stderr() const { return taken(lb_store_stderr); }
  std::string take_refusals() const { return taken(lb_store_refusals); }
  // What guests wrote last, and were refused, where nobody could see it, as Error::output() tells it. It stays there.
  std::string output() const { return taken(lb_store_output); }

  // Collects garbage of the guests' heap now. They collect by themselves when it is full.
  void gc() const { detail::check(lb_store_gc(handle_)); }

  // Ends the store: everything in it throws Closed from now on. Never waits; a call that runs in
  // another thread is ended within a few milliseconds. Closing twice is no error.
  void close() const { detail::closed(lb_store_close(handle_)); }

 private:
  std::string taken(lb_error_t *(*call)(lb_store_t, lb_bytes_t *)) const {
    lb_bytes_t bytes = detail::made<lb_bytes_t>(call, handle_);
    const std::unique_ptr<lb_bytes_t, void (*)(lb_bytes_t *)> owned(
        &bytes, [](lb_bytes_t *all) { lb_error_free(lb_bytes_release(*all)); });
    return {reinterpret_cast<const char *>(bytes.data), bytes.length};
  }
};

}  // namespace landbridge

#endif
