// Steps of exports, calls and pools.

#ifndef CONFORMANCE_VERBS_CALL_HPP
#define CONFORMANCE_VERBS_CALL_HPP

#include "../batches.hpp"
#include "../calls.hpp"
#include "../host.hpp"
#include "../limits.hpp"
#include "store.hpp"
#include "verb.hpp"

namespace {

const Verbs call_verbs{
    {"export", {{"instance", "sort", "name", "as"}, [](Env &e, const Node &s) {
       const Instance &instance = e.get<Instance>(s, "instance");
       const std::string sort = s.str("sort"), name = s.str("name");
       if (sort == "func") return e.keep(s, instance.func(name));
       if (sort == "memory") return e.keep(s, instance.memory(name));
       if (sort == "table") return e.keep(s, instance.table(name));
       if (sort == "global") return e.keep(s, instance.global(name));
       if (sort == "tag") return e.keep(s, instance.tag(name));
       throw Failure("no sort is named " + sort);
     }}},
    {"call", {{"instance", "func", "object", "args", "results", "keep"}, [](Env &e, const Node &s) {
       std::vector<Value> results;
       if (s.has("object")) {
         const Func &func = e.get<Func>(s, "object");
         const FuncType type = func.type();
         results = func.call(values_of(e, s.find("args"), &type));
       } else {
         const Instance &instance = e.get<Instance>(s, "instance");
         results = instance.call(s.str("func").c_str(), values_of(e, s.find("args")));
       }
       check_values(e, s.find("results"), results);
       if (s.has("keep")) keep_results(e, s.at("keep"), results);
     }}},
    {"map", {{"object", "args", "rows", "results"}, [](Env &e, const Node &s) { map_columns(e, s); }}},
    {"call_async", {{"instance", "func", "object", "pool", "args", "times", "as"}, [](Env &e, const Node &s) {
       e.keep(s, start(e, s));
     }}},
    {"await", {{"call", "results"}, [](Env &e, const Node &s) {
       for (const auto &call : e.get<Calls>(s, "call")) check_values(e, s.find("results"), call.get());
     }}},
    {"cancel_call", {{"call"}, [](Env &e, const Node &s) {
       const auto thing = e.thing(s.str("call"));
       if (auto *calls = std::get_if<WitCalls>(&*thing)) {
         for (const auto &call : calls->calls) call.cancel();
         return;
       }
       for (const auto &call : e.get<Calls>(s, "call")) call.cancel();
     }}},
    {"await_exit", {{"instance", "exit"}, [](Env &e, const Node &s) {
       expect(s.str("exit"), std::to_string(e.get<Instance>(s, "instance").run_async().get()), "exit code");
     }}},
    {"pool", {with_sandbox({"module", "as", "max", "wait_ms", "reset", "imports"}), [](Env &e, const Node &s) {
       e.keep(s, pool_of(e, s));
     }}},
    {"take", {{"pool", "as"}, [](Env &e, const Node &s) { e.keep(s, e.get<Pool>(s, "pool").get()); }}},
    {"pool_call", {{"pool", "func", "args", "results"}, [](Env &e, const Node &s) {
       const auto args = values_of(e, s.find("args"));
       check_values(e, s.find("results"), e.get<Pool>(s, "pool").call(s.str("func").c_str(), args));
     }}},
    {"pool_counts", {{"pool", "equals"}, [](Env &e, const Node &s) {
       check_counts(s.at("equals"), e.get<Pool>(s, "pool").counts());
     }}},
};

}  // namespace

#endif
