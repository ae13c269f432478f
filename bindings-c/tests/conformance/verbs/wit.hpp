// Steps of functions of components.

#ifndef CONFORMANCE_VERBS_WIT_HPP
#define CONFORMANCE_VERBS_WIT_HPP

#include "../wit_value.hpp"
#include "verb.hpp"

namespace {

WitFunc wit_func_of(Env &e, const Node &step, const char *instance = "instance") {
  return e.get<Instance>(step, instance).wit_func(step.str("func"));
}

// What a call gave as a text of its type, and whether there is one: that of a `result` is what it gave or threw.
std::optional<std::string> outcome(const WitType &type, const auto &call, std::vector<WitValue> &given) {
  const bool is_result = type && type.sort() == WitSort::result;
  const auto text = [&](const char *word, const WitValue &value) {
    given.push_back(value);
    if (std::holds_alternative<std::shared_ptr<Resource>>(value.any())) return std::string("resource");
    const WitType own = !is_result ? type : type.parts()[word[0] == 'o' ? 0 : 1].type;
    if (!own) return std::string(word);
    // A type with a resource in it writes no text, though a value of it may have one.
    std::vector<WitValue> resources;
    resources_in(value, resources);
    const std::string held = !resources.empty()       ? "resources"
                             : detail::has_handles(own) ? told(value)
                                                        : detail::c_name(own.format(value));
    return is_result ? word + ("(" + held + ")") : held;
  };
  try {
    const WitValue value = call();
    return type ? std::optional(text("ok", value)) : std::nullopt;
  } catch (const WitError &error) {
    if (!is_result) throw;
    return text("err", error.payload());
  }
}

// Compares what a call gave.
void check_outcome(Env &e, const Node &step, const WitType &type, const auto &call) {
  std::vector<WitValue> given;
  const auto found = outcome(type, call, given);
  if (auto names = step.find("keep")) keep_resources(e, *names, given);
  if (auto expected = step.find("result"); expected && !step.has("keep")) {
    expect(expected->null() ? "nothing" : expected->text(), found.value_or("nothing"), "result");
  }
}

WitCalls start_wit(Env &e, const Node &step) {
  const WitFunc func = wit_func_of(e, step, step.has("pool") ? "of" : "instance");
  const auto args = wit_args(e, func.type(), step.find("args"));
  WitCalls started{func, {}};
  for (uint64_t i = 0; i < step.num("times", 1); ++i) {
    started.calls.push_back(step.has("pool") ? e.get<Pool>(step, "pool").wit_call_async(func, args) : func.call_async(args));
  }
  return started;
}

const Verbs wit_verbs{
    {"wit_call", {{"instance", "func", "args", "result", "keep", "spelled"}, [](Env &e, const Node &s) {
       // All names are texts in C++.
       const WitFunc func = wit_func_of(e, s);
       const auto args = wit_args(e, func.type(), s.find("args"));
       check_outcome(e, s, func.type().result, [&] { return func.call(args); });
     }}},
    {"wit_call_async", {{"instance", "pool", "of", "func", "args", "times", "as"}, [](Env &e, const Node &s) {
       e.keep(s, start_wit(e, s));
     }}},
    {"wit_await", {{"call", "result", "keep"}, [](Env &e, const Node &s) {
       const auto &[func, calls] = e.get<WitCalls>(s, "call");
       for (const auto &call : calls) check_outcome(e, s, func.type().result, [&] { return call.get(); });
     }}},
    {"wit_pool_call", {{"pool", "of", "func", "args", "result"}, [](Env &e, const Node &s) {
       const WitFunc func = wit_func_of(e, s, "of");
       const auto args = wit_args(e, func.type(), s.find("args"));
       check_outcome(e, s, func.type().result, [&] { return e.get<Pool>(s, "pool").wit_call(s.str("func"), args); });
     }}},
    {"wit_type", {{"instance", "func", "equals"}, [](Env &e, const Node &s) {
       expect(s.str("equals"), wit_func_of(e, s).type().text(), "type");
     }}},
    {"wit_text", {{"instance", "func", "param", "text", "equals"}, [](Env &e, const Node &s) {
       const WitType type = wit_func_of(e, s).type().params.at(s.num("param")).type;
       const WitValue value = type.parse(detail::name_of(s.str("text")));
       if (s.has("equals")) expect(s.str("equals"), detail::c_name(type.format(value)), "text");
     }}},
    {"wit_drop", {{"resource"}, [](Env &e, const Node &s) { close_resource(e, s.str("resource")); }}},
    {"wit_object", {{"resource", "equals"}, [](Env &e, const Node &s) {
       const auto found = e.get<WitValue>(s, "resource").as<std::shared_ptr<std::string>>();
       if (found != e.object(s.str("equals"))) throw Failure("it is another object");
     }}},
    {"wit_log", {{"equals"}, [](Env &e, const Node &s) {
       const auto lines = s.at("equals").each();
       const auto &log = e.outermost().wit_log;
       expect(lines.size(), log.size(), "lines of the log");
       for (size_t i = 0; i < lines.size(); ++i) check_texts(lines[i], log[i]);
     }}},
};

}  // namespace

#endif
