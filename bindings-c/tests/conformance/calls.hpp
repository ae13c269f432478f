// Steps about calls in flight and pools.

#ifndef CONFORMANCE_CALLS_HPP
#define CONFORMANCE_CALLS_HPP

#include "limits.hpp"

namespace {

Pool pool_of(Env &e, const Node &step) {
  PoolOptions options;
  options.max = step.num("max", options.max);
  if (step.has("wait_ms")) options.wait = std::chrono::milliseconds(step.num("wait_ms"));
  const std::string reset = step.has("reset") ? step.str("reset") : "fresh";
  if (reset != "fresh" && reset != "reuse") throw Failure("no pool resets by " + reset);
  options.reset = reset == "reuse" ? Reset::reuse : Reset::fresh;
  return Pool(e.get<Module>(step, "module"), imports_of(e, step), sandbox_of(e, step), options);
}

Calls start(Env &e, const Node &step) {
  const auto args = values_of(e, step.find("args"));
  Calls calls;
  for (uint64_t i = 0; i < step.num("times", 1); ++i) {
    if (step.has("object")) {
      calls.push_back(e.get<Func>(step, "object").call_async(args));
    } else if (step.has("pool")) {
      calls.push_back(e.get<Pool>(step, "pool").call_async(step.str("func").c_str(), args));
    } else {
      calls.push_back(e.get<Instance>(step, "instance").call_async(step.str("func").c_str(), args));
    }
  }
  return calls;
}

void check_counts(const Node &expected, const PoolCounts &counts) {
  const std::map<std::string, uint64_t> found{{"ready", counts.ready},
                                              {"taken", counts.taken},
                                              {"waiting", counts.waiting},
                                              {"made", counts.made},
                                              {"served", counts.served},
                                              {"in_slots", counts.in_slots}};
  for (const Node &one : expected.each()) expect(std::stoull(one.text()), 0ull + found.at(one.n->key), one.n->key);
}

}  // namespace

#endif
