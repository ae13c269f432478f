// Host functions that another thread answers for.

#ifndef LANDBRIDGE_LOAN_HPP
#define LANDBRIDGE_LOAN_HPP

#include <concepts>
#include <cstddef>
#include <exception>
#include <memory>
#include <span>
#include <utility>

#include "context.hpp"
#include "error.hpp"
#include "handle.hpp"
#include "results.hpp"
#include "types.hpp"
#include "value.hpp"

namespace landbridge {

// What the thread that answers has of a loan: a number that is copied freely, and used from any thread. Where nobody
// waits for an answer any more, each of these throws Closed: it was answered before, or the call of the guest is over.
class Answer {
 public:
  explicit Answer(lb_loan_t loan) noexcept : loan_(loan) {}

  // Answers the guest with these results. That they are of other types is an error of the guest's call.
  template <class... R>
  void give(const R &...results) const {
    static_assert((detail::Crossing<R> && ...), "this type does not cross; see the head of landbridge.hpp");
    const lb_value_t out[sizeof...(R) + 1] = {detail::Leaf<R>::lend(results)...};
    detail::check(lb_loan_answer(loan_, out, sizeof...(R)));
  }

#ifndef LANDBRIDGE_NO_EXCEPTIONS
  // Answers with an exception, which comes out of the outermost call as this very object.
  void fail(std::exception_ptr exception) const {
    lb_error_t *error = nullptr;
    try {
      std::rethrow_exception(std::move(exception));
    } catch (...) {
      error = detail::caught();
    }
    detail::check(lb_loan_fail(loan_, error));
  }
#endif

  // Answers with an error.
  void fail(const Error &error) const { detail::check(lb_loan_fail(loan_, lb_error_clone(error.get()))); }

  // Whether the guest waits for an answer.
  bool is_open() const noexcept { return lb_loan_is_open(loan_); }

  // While this lives, on the thread that made it, what that does with the stores that the guest is inside of is done
  // by the guest's thread. Without, it would wait for them until the guest is answered.
  class [[nodiscard]] Entered {
   public:
    explicit Entered(lb_loan_t loan) : loan_(loan) { detail::check(lb_loan_enter(loan)); }
    Entered(const Entered &) = delete;
    Entered &operator=(const Entered &) = delete;
    ~Entered() { lb_error_free(lb_loan_leave(loan_)); }

   private:
    lb_loan_t loan_;
  };
  Entered enter() const { return Entered(loan_); }

 private:
  lb_loan_t loan_;
};

// The call of a host function that another thread answers:
//
//     imports.func("env", "fetch", [&](const Context &context, int32_t n) {
//       const Loan loan = context.lend();
//       loop.post([answer = loan.answer(), n] { answer.give(n + 1); });
//       return loan.wait<int32_t>();
//     });
class Loan : public detail::Handle<lb_loan_t, lb_loan_release> {
 public:
  using Handle::Handle;

  // For the thread that answers.
  Answer answer() const noexcept { return Answer(handle_); }

  // In the host function that made it: waits for the answer. Throws what it failed with; Timeout, Cancelled or Closed as soon
  // as the call is over; TypeError if it is of other types; Unsupported on another thread.
  template <class R>
  R wait() const {
    lb_value_t out[detail::Results<R>::count + 1] = {};
    detail::check(lb_loan_wait(handle_, out, detail::Results<R>::count));
    return detail::checked<R>("the answer", out);
  }

  // Before wait(): if this thread works for another one, which waits for it inside of enter(), has job called there, and does
  // not wait for that; tells whether there is such a thread. job must not throw.
  template <std::invocable F>
  bool reach(F job) const {
    struct Job {
      static void run(void *data) noexcept { (*std::unique_ptr<F>(static_cast<F *>(data)))(); }
    };
    auto data = std::make_unique<F>(std::move(job));
    bool reached;
    detail::check(lb_loan_reach(handle_, &Job::run, data.get(), &reached));
    if (reached) data.release();
    return reached;
  }
};

inline Loan Context::lend() const {
  lb_loan_t loan;
  detail::check(lb_context_lend(context_, &loan));
  return Loan(loan);
}

// Whether this thread does the work of another one, which waits for it: an event loop there does not turn.
inline bool is_serving() noexcept { return lb_thread_is_serving(); }

}  // namespace landbridge

#endif
