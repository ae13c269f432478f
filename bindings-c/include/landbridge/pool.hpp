// Instances that are kept ready.

#ifndef LANDBRIDGE_POOL_HPP
#define LANDBRIDGE_POOL_HPP

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <vector>

#include "call.hpp"
#include "error.hpp"
#include "handle.hpp"
#include "imports.hpp"
#include "instance.hpp"
#include "messages.hpp"
#include "module.hpp"
#include "out.hpp"
#include "results.hpp"
#include "sandbox.hpp"
#include "text.hpp"
#include "value.hpp"
#include "wit_crossing.hpp"
#include "wit_func.hpp"
#include "wit_value.hpp"

namespace landbridge {

// What becomes of an instance that is given back to its pool.
enum class Reset : uint32_t {
  fresh = LB_RESET_FRESH,  // it is closed, and a fresh one takes its place: no caller sees what another left behind
  reuse = LB_RESET_REUSE,  // it is used again as it is, with its limits of fuel and output as at first
};

// How a pool is kept.
struct PoolOptions {
  size_t max = LB_POOL_CORES;             // the most instances at a time; by default as many as the machine has cores
  std::chrono::milliseconds wait{30000};  // how long to wait for one when all are taken; then Busy
  Reset reset = Reset::fresh;             // what becomes of one that is given back

  // The struct of landbridge.h. Throws RangeError.
  lb_pool_options_t get() const {
    if (wait.count() < 0) {
      constexpr auto most = std::chrono::milliseconds::max().count();
      LANDBRIDGE_THROW(detail::messages::out_of_range("wait", std::to_string(wait.count()), "0", std::to_string(most)));
    }
    lb_pool_options_t raw = LB_POOL_OPTIONS;
    raw.max = max;
    raw.wait_ms = static_cast<uint64_t>(wait.count());
    raw.reset = static_cast<lb_reset_t>(reset);
    return raw;
  }
};

// What a pool has now, and has done.
struct PoolCounts {
  uint64_t ready;    // instances that are ready
  uint64_t taken;    // instances that are taken
  uint64_t waiting;  // callers that wait for one
  uint64_t made;     // instances that were ever made
  uint64_t served;   // how often one was taken
  // Instances that were ever made in slots, see EngineOptions::pool_slots; the others were made on demand.
  uint64_t in_slots = 0;

  bool operator==(const PoolCounts &) const = default;
};

// Ready instances of one module, each in a store of its own, for callers that run in parallel. May be used from any
// thread. The destructor releases the handle: calls in flight go on, and what is taken is closed when it is given back.
class Pool {
 public:
  // Makes one instance at once, so that what is wrong with the module or its imports shows here, and further ones when
  // they are needed. The limits of the sandbox hold for each. Throws RangeError if max is 0, and as
  // Module::instantiate().
  explicit Pool(const Module &module, const PoolOptions &options = {}) : Pool(module, Imports(), {}, options) {}
  Pool(const Module &module, const Imports &imports, const Sandbox &sandbox = {}, const PoolOptions &options = {}) {
    const lb_imports_t lent = imports.get();
    const lb_pool_options_t raw = options.get();
    detail::RawSandbox closed_in(sandbox);
    lb_pool_t made;
    detail::check(lb_pool_new(module.get(), &lent, closed_in.take(), &raw, &made));
    handle_ = detail::Handle<lb_pool_t, lb_pool_release>(made);
  }

  // Takes an instance. Instance::close() or its destructor gives it back; what was got from it must not be used after
  // that. Throws Busy if none was given back in time, Closed, what making one throws.
  Instance get() const { return Instance(detail::made<lb_instance_t>(lb_pool_get, handle())); }

  // Takes an instance, calls a function of it by name, and gives it back: pool.call<int32_t>("handle", 5). Throws as
  // get() and Instance::call().
  template <class R, detail::Crossing... A>
  R call(const char *name, const A &...args) const {
    lb_value_t out[detail::Results<R>::count + 1];
    const lb_value_t in[sizeof...(A) + 1] = {detail::Leaf<A>::lend(args)...};
    detail::check(lb_pool_call(handle(), name, in, sizeof...(A), out, detail::Results<R>::count));
    return detail::checked<R>(name, out);
  }
  // The same with values.
  std::vector<Value> call(const char *name, std::span<const Value> args) const { return get().call(name, args); }
  std::vector<Value> call(const char *name, std::initializer_list<Value> args) const { return get().call(name, args); }

  // The same on a thread of the library's. Any number may be in flight; as many run at a time as the pool has room for.
  // Throws LimitExceeded if no thread can be started; all else comes out of the Call.
  template <class R, detail::Crossing... A>
  Call<R> call_async(const char *name, const A &...args) const {
    return detail::start_typed<R>(
        [&](const lb_value_t *in, size_t nin, lb_call_t *call) {
          return lb_pool_call_async(handle(), name, in, nin, call, nullptr, nullptr);
        },
        args...);
  }
  Call<std::vector<Value>> call_async(const char *name, std::span<const Value> args) const {
    return detail::start_values(
        [&](const lb_value_t *in, size_t nin, lb_call_t *call) {
          return lb_pool_call_async(handle(), name, in, nin, call, nullptr, nullptr);
        },
        args);
  }
  Call<std::vector<Value>> call_async(const char *name, std::initializer_list<Value> args) const {
    return call_async(name, std::span<const Value>(args.begin(), args.size()));
  }

  // Takes an instance, calls a function of its component by name, and gives it back: pool.wit_call("hello", {"Ada"}). A
  // resource in the result is closed with its instance. Throws as get() and Instance::wit_call().
  WitValue wit_call(const std::string &name, std::span<const WitValue> args) const { return get().wit_call(name, args); }
  WitValue wit_call(const std::string &name, std::initializer_list<WitValue> args) const {
    return get().wit_call(name, args);
  }

  // The same on a thread of the library's: any number may be in flight. The function is told by that of any other instance of
  // the module, whose type it has. Throws as WitFunc::call_async().
  WitCall<WitValue> wit_call_async(const WitFunc &like, std::span<const WitValue> args) const {
    const detail::SpareWriter frame;
    detail::write_args(*frame, *like.it_, args);
    const detail::Lending lent(*frame);
    lb_wit_call_t call{};
    const std::string name = detail::c_name(like.name());
    detail::check(lb_pool_wit_call_frame_async(handle(), name.c_str(), lent.get(), &call, nullptr, nullptr));
    return WitCall<WitValue>(call, like.it_);
  }
  WitCall<WitValue> wit_call_async(const WitFunc &like, std::initializer_list<WitValue> args) const {
    return wit_call_async(like, std::span<const WitValue>(args.begin(), args.size()));
  }

  // What it has now, and has done; also after it was closed.
  PoolCounts counts() const {
    lb_pool_counts_t raw = LB_POOL_COUNTS;
    detail::check(lb_pool_counts(handle(), &raw));
    return {raw.ready, raw.taken, raw.waiting, raw.made, raw.served, raw.in_slots};
  }

  // Ends the pool: ready instances are closed now, those that are taken when they are given back, and callers that wait
  // get Closed. Never waits. Closing twice is no error.
  void close() const { detail::check(lb_pool_close(handle())); }

  // The handle of landbridge.h, which stays this object's.
  lb_pool_t handle() const noexcept { return handle_.get(); }

 private:
  detail::Handle<lb_pool_t, lb_pool_release> handle_;
};

}  // namespace landbridge

#endif
