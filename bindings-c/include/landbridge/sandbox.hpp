// What closes a store in: policy, limits and streams.

#ifndef LANDBRIDGE_SANDBOX_HPP
#define LANDBRIDGE_SANDBOX_HPP

#include <memory>

#include "limits.hpp"
#include "policy.hpp"
#include "stdio.hpp"

namespace landbridge {

// What the guests of a store may touch, how much they may use, and where their streams go. The default
// grants nothing, bounds nothing and drops output.
struct Sandbox {
  Policy policy = {};
  Limits limits = {};
  Stdio stdio = {};

  // That of programs, see run(): Policy::program(), no limits, the process's own streams.
  static Sandbox program() { return {Policy::program(), {}, Stdio::inherit()}; }
};

namespace detail {

// A sandbox as landbridge.h takes it, for one use while the Sandbox lives.
class RawSandbox {
 public:
  // Throws RangeError.
  explicit RawSandbox(const Sandbox &sandbox)
      : limits_(sandbox.limits.get()), out_(data(sandbox.stdio.out)), err_(data(sandbox.stdio.err)),
        refusals_(data(sandbox.stdio.refusals)) {
    raw_.policy = sandbox.policy.get();
    raw_.limits = &limits_;
    raw_.in = sandbox.stdio.in.get();
    raw_.out = raw(sandbox.stdio.out);
    raw_.err = raw(sandbox.stdio.err);
    raw_.refusals = raw(sandbox.stdio.refusals);
  }
  RawSandbox(const RawSandbox &) = delete;
  RawSandbox &operator=(const RawSandbox &) = delete;

  // Gives the callables up to the library, which drops them in any case.
  const lb_sandbox_t *take() noexcept {
    raw_.out.data = out_.release();
    raw_.err.data = err_.release();
    raw_.refusals.data = refusals_.release();
    return &raw_;
  }

 private:
  using Data = std::unique_ptr<Output::Write>;

  static Data data(const Output &output) {
    return output.write_ ? std::make_unique<Output::Write>(output.write_) : nullptr;
  }
  static lb_output_t raw(const Output &output) noexcept {
    return {output.to_, output.path_.c_str(), &Output::write, nullptr, &Output::drop};
  }

  lb_limits_t limits_;
  Data out_, err_, refusals_;
  lb_sandbox_t raw_ = LB_SANDBOX;
};

}  // namespace detail

}  // namespace landbridge

#endif
