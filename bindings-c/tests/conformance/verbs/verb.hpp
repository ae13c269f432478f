// A step of a case: the keys it may have, and what it does.

#ifndef CONFORMANCE_VERBS_VERB_HPP
#define CONFORMANCE_VERBS_VERB_HPP

#include <functional>
#include <map>
#include <set>
#include <string>

#include "../world.hpp"

namespace {

bool yes(const Node &step, const char *key) { return tree_is(step.n, key); }

struct Verb {
  std::set<std::string> keys;
  std::function<void(Env &, const Node &)> run;
};

using Verbs = std::map<std::string, Verb>;

}  // namespace

#endif
