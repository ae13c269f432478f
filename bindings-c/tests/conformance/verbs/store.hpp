// Steps of stores, instances and what closes them in.

#ifndef CONFORMANCE_VERBS_STORE_HPP
#define CONFORMANCE_VERBS_STORE_HPP

#include "../host.hpp"
#include "../limits.hpp"
#include "../module.hpp"
#include "verb.hpp"

namespace {

std::set<std::string> with_sandbox(std::set<std::string> keys) {
  keys.insert({"limits", "policy", "stdin", "stdout", "stderr", "refusals"});
  return keys;
}

const Verbs store_verbs{
    {"store", {with_sandbox({"as", "engine"}), [](Env &e, const Node &s) {
       e.keep(s, Store(sandbox_of(e, s), engine_of(e, s)));
     }}},
    {"instantiate", {with_sandbox({"module", "as", "store", "imports", "initialize"}), [](Env &e, const Node &s) {
       const Module &module = e.get<Module>(s, "module");
       const Imports imports = imports_of(e, s);
       e.keep(s, s.has("store") ? e.get<Store>(s, "store").instantiate(module, imports)
                                  : module.instantiate(imports, sandbox_of(e, s)));
     }}},
    {"run", {{"instance", "exit"}, [](Env &e, const Node &s) {
       expect(s.str("exit"), std::to_string(e.get<Instance>(s, "instance").run()), "exit code");
     }}},
    {"run_program", {{"module", "args", "exit", "limits", "policy", "stdin", "stdout", "stderr", "refusals"},
                     [](Env &e, const Node &s) {
                       std::vector<std::string> args;
                       if (auto given = s.find("args")) {
                         for (const Node &one : given->each()) args.push_back(one.text());
                       }
                       Sandbox sandbox = sandbox_of(e, s);
                       if (!s.has("policy")) sandbox.policy = Policy::program();
                       const std::string path = root + "/modules/" + s.str("module");
                       expect(s.str("exit"), std::to_string(run(path, args, sandbox, engine_of(e, s))), "exit code");
                     }}},
    {"usage", {{"target", "equals"}, [](Env &e, const Node &s) {
       with_store(e, s.str("target"), [&](const Store &store) { check_usage(s.at("equals"), store.usage()); });
     }}},
    {"set_fuel", {{"target", "fuel"}, [](Env &e, const Node &s) {
       with_store(e, s.str("target"), [&](const Store &store) { store.set_fuel(s.num("fuel")); });
     }}},
    {"cancel", {{"target"}, [](Env &e, const Node &s) {
       with_store(e, s.str("target"), [](const Store &store) { store.cancel(); });
     }}},
    {"output", {{"target", "stream", "text"}, [](Env &e, const Node &s) {
       with_store(e, s.str("target"), [&](const Store &store) {
         expect(detail::name_of(s.str("text")), taken(store, s.str("stream")), "output");
       });
     }}},
    {"written", {{"text"}, [](Env &e, const Node &s) {
       // A zero byte in a text of a case is C0 80.
       expect(s.str("text"), landbridge::detail::c_name(std::exchange(e.outermost().written, {})), "what was written");
     }}},
    {"policy", {{"from", "json"}, [](Env &, const Node &s) {
       expect(s.str("json"), Policy::from_json(s.str("from")).to_json(), "policy");
     }}},
    {"limits_json", {{"from", "json"}, [](Env &, const Node &s) {
       expect(s.str("json"), Limits::from_json(s.str("from")).to_json(), "limits");
     }}},
    {"allows", {{"policy", "question", "equals", "address", "name", "port", "scheme", "host", "method"},
                [](Env &e, const Node &s) {
                  expect(s.at("equals").yes(), asked(policy_of(e, s.at("policy")), s), "allowed");
                }}},
    {"restrict", {{"policy", "by", "json"}, [](Env &e, const Node &s) { check_restricted(e, s); }}},
    {"gc", {{"store"}, [](Env &e, const Node &s) { e.get<Store>(s, "store").gc(); }}},
};

}  // namespace

#endif
