// Asynchronous calls.

#ifndef LANDBRIDGE_CALL_HPP
#define LANDBRIDGE_CALL_HPP

#include <chrono>
#include <concepts>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "error.hpp"
#include "handle.hpp"
#include "out.hpp"
#include "results.hpp"
#include "value.hpp"

namespace landbridge {

namespace detail {

// What a call that is over gave.
template <class R>
R outcome(lb_call_t call) {
  lb_value_t out[Results<R>::count + 1];
  check(lb_call_wait(call, out, Results<R>::count));
  return checked<R>("the call", out);
}

template <>
inline std::vector<Value> outcome(lb_call_t call) {
  const size_t count = made<size_t>(lb_call_result_count, call);
  std::vector<Value> results(count);
  check(lb_call_wait(call, reinterpret_cast<lb_value_t *>(results.data()), count));
  return results;
}

// Goes on with a coroutine.
inline void resume(void *waiting, const lb_error_t *, const lb_value_t *, size_t) noexcept {
  std::coroutine_handle<>::from_address(waiting).resume();
}

}  // namespace detail

// A call that runs on a thread of the library's and gives an R. It moves but does not copy, and the call goes on if it
// is dropped. Calls of one store run one after the other, in the order they were made; any number may be in flight.
// Host functions run on the thread of the call.
//
// A coroutine may await it: `int sum = co_await add.call_async(2, 3);`. It goes on where then() calls.
template <class R>
class [[nodiscard]] Call {
 public:
  // Takes over a handle of landbridge.h.
  explicit Call(lb_call_t handle) noexcept : handle_(handle) {}

  // Waits for the outcome, any number of times. Throws what the call threw: Trap, what a host function threw,
  // Cancelled, Timeout, Closed; TypeError if the results are of other types; Deadlock in a host function of the
  // store that the call is to run in.
  R get() const { return detail::outcome<R>(handle()); }

  // Waits for at most so long, and tells whether the call is over.
  template <class Rep, class Period>
  bool wait_for(std::chrono::duration<Rep, Period> most) const {
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(most).count();
    return detail::made<bool>(lb_call_wait_for, handle(), ms < 0 ? 0 : static_cast<uint64_t>(ms));
  }

  // Whether the call is over.
  bool is_done() const noexcept { return lb_call_is_done(handle()); }

  // Ends this call and no other, with Cancelled. One that has not begun never runs; one that runs is ended as by
  // Store::cancel(). Never waits, and may be called from any thread. If the call is over, nothing happens.
  void cancel() const { detail::check(lb_call_cancel(handle())); }

  // Has a callable called with this Call once it is over: `std::move(call).then([](auto call) { use(call.get()); })`.
  // That is on a thread of the library's, on the one that cancels a call which has not begun, or here and now if the call
  // is over. It should be short, must not wait for another call of the same store, and must not throw.
  template <std::invocable<Call> F>
  void then(F callable) && {
    struct Both {
      Call call;
      F callable;
      static void run(void *data, const lb_error_t *, const lb_value_t *, size_t) noexcept {
        const std::unique_ptr<Both> both(static_cast<Both *>(data));
        std::invoke(both->callable, std::move(both->call));
      }
    };
    std::unique_ptr<Both> both(new Both{std::move(*this), std::move(callable)});
    detail::check(lb_call_on_done(both->call.handle(), &Both::run, both.get()));
    both.release();
  }

  // For co_await.
  bool await_ready() const noexcept { return is_done(); }
  void await_suspend(std::coroutine_handle<> waiting) const {
    detail::check(lb_call_on_done(handle(), &detail::resume, waiting.address()));
  }
  R await_resume() const { return get(); }

  // The handle of landbridge.h, which stays this object's.
  lb_call_t handle() const noexcept { return handle_.get(); }

 private:
  detail::Handle<lb_call_t, lb_call_release> handle_;
};

namespace detail {

// Starts a call with arguments of C++, which the library copies.
template <class R, class... A, class Start>
Call<R> start_typed(Start start, const A &...args) {
  static_assert((Crossing<A> && ...), "this type does not cross; see the head of landbridge.hpp");
  const lb_value_t in[sizeof...(A) + 1] = {Leaf<A>::lend(args)...};
  return Call<R>(made<lb_call_t>(start, in, sizeof...(A)));
}

// The same with values.
template <class Start>
Call<std::vector<Value>> start_values(Start start, std::span<const Value> args) {
  return Call<std::vector<Value>>(made<lb_call_t>(start, raw(args), args.size()));
}

}  // namespace detail

}  // namespace landbridge

#endif
