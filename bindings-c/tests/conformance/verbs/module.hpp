// Steps of engines and modules.

#ifndef CONFORMANCE_VERBS_MODULE_HPP
#define CONFORMANCE_VERBS_MODULE_HPP

#include "../host.hpp"
#include "../module.hpp"
#include "verb.hpp"

namespace {

const Verbs module_verbs{
    {"engine", {{"as", "interruptible", "stack_bytes", "compile_cost", "memory_reservation_bytes",
                 "deterministic", "wide_arithmetic", "custom_page_sizes", "signal_handlers", "call_threads", "pool_slots",
                 "cache"},
                [](Env &e, const Node &s) {
                  EngineOptions options;
                  options.stack_bytes = s.num("stack_bytes");
                  options.compile_cost = s.num("compile_cost");
                  options.memory_reservation_bytes = s.num("memory_reservation_bytes");
                  options.deterministic = yes(s, "deterministic");
                  if (auto yes = s.find("interruptible")) options.interruptible = yes->yes();
                  if (s.has("cache")) options.cache = s.str("cache");
                  options.wide_arithmetic = yes(s, "wide_arithmetic");
                  options.custom_page_sizes = yes(s, "custom_page_sizes");
                  options.call_threads = s.num("call_threads");
                  options.pool_slots = s.num("pool_slots");
                  auto signals = s.find("signal_handlers");
                  options.signal_handlers = signals ? signals->yes() : cases_signal_handlers();
                  e.keep(s, Engine(options));
                }}},
    {"load", {{"module", "path", "as", "engine"}, [](Env &e, const Node &s) {
       auto module = s.find("module");
       std::string path = s.has("path")                 ? s.str("path")
                          : module && module->has("path") ? module->str("path")
                                                          : root + "/modules/" + s.str("module");
       e.keep(s, Module::load(std::filesystem::path(path), engine_of(e, s)));
     }}},
    {"load_string", {{"string", "as", "engine"}, [](Env &e, const Node &s) {
       std::string source = s.str("string");
       if (source.starts_with("CASE/")) source = e.file(source.substr(5)).string();
       e.keep(s, Module::load(source, engine_of(e, s)));
     }}},
    {"load_text", {{"text", "as", "engine"}, [](Env &e, const Node &s) {
       e.keep(s, Module::from_text(s.str("text"), engine_of(e, s)));
     }}},
    {"load_bytes", {{"hex", "as", "engine"}, [](Env &e, const Node &s) {
       e.keep(s, Module::from_bytes(bytes_of(s.str("hex")), engine_of(e, s)));
     }}},
    {"name", {{"module", "equals"}, [](Env &e, const Node &s) {
       check_name(s.at("equals"), e.get<Module>(s, "module").name());
     }}},
    {"imports", {{"module", "equals"}, [](Env &e, const Node &s) {
       check_lines(s.at("equals"), lines_of(e.get<Module>(s, "module").imports()));
     }}},
    {"exports", {{"module", "equals"}, [](Env &e, const Node &s) {
       check_lines(s.at("equals"), lines_of(e.get<Module>(s, "module").exports()));
     }}},
    {"bytes", {{"module", "hex"}, [](Env &e, const Node &s) {
       expect(s.str("hex"), hex_of(e.get<Module>(s, "module").bytes()), "bytes");
     }}},
    {"digest", {{"module", "equals"}, [](Env &e, const Node &s) {
       expect(s.str("equals"), e.get<Module>(s, "module").digest(), "digest");
     }}},
    {"travel", {{"module", "as"}, [](Env &e, const Node &s) {
       e.keep(s, Module::from_bytes(e.get<Module>(s, "module").bytes(), default_engine()));
     }}},
    {"compile", {{"module", "file"}, [](Env &e, const Node &s) {
       e.get<Module>(s, "module").compile(e.file(s));
     }}},
    {"load_precompiled", {{"file", "as", "engine"}, [](Env &e, const Node &s) {
       e.keep(s, Module::load_precompiled(e.file(s), engine_of(e, s)));
     }}},
    {"load_written", {{"file", "as", "engine"}, [](Env &e, const Node &s) {
       e.keep(s, Module::load(e.file(s), engine_of(e, s)));
     }}},
    {"damage", {{"file", "how"}, [](Env &e, const Node &s) { damage(e.file(s), s.str("how")); }}},
    {"inspect", {{"module", "text", "equals"}, [](Env &, const Node &s) {
       const bool is_text = s.has("text");
       const std::string text = is_text ? s.str("text") : root + "/modules/" + s.str("module");
       const Inspection found = is_text ? inspect_text(text) : inspect(text);
       if (!s.has("equals")) return;
       for (const Node &one : s.at("equals").each()) check_inspection(one, found);
     }}},
};

}  // namespace

#endif
