// Host functions and what else is lent.

#ifndef CONFORMANCE_HOST_HPP
#define CONFORMANCE_HOST_HPP

#include "../cases.h"
#include "value.hpp"
#include "wit_value.hpp"

namespace {

void close(Env &e, const std::string &name) {
  auto target = e.thing(name);
  if (auto *instance = std::get_if<Instance>(&*target)) return instance->close();
  if (auto *store = std::get_if<Store>(&*target)) return store->close();
  if (auto *pool = std::get_if<Pool>(&*target)) return pool->close();
  throw Failure(name + " cannot be closed");
}

// Runs with the store of an instance, or a store.
template <class Use>
void with_store(Env &e, const std::string &name, Use use) {
  auto target = e.thing(name);
  if (auto *instance = std::get_if<Instance>(&*target)) return use(instance->store());
  if (auto *store = std::get_if<Store>(&*target)) return use(*store);
  throw Failure(name + " has no store");
}

template <class T>
Value sum_of(std::span<const Value> args) {
  T total{};
  for (const Value &arg : args) total = static_cast<T>(total + arg.as<T>());
  return total;
}

std::vector<Value> sum(std::span<const Value> args) {
  std::vector<Value> one;
  switch (args.front().type()) {
    case Type::i32: one.push_back(sum_of<uint32_t>(args)); break;
    case Type::i64: one.push_back(sum_of<uint64_t>(args)); break;
    case Type::f32: one.push_back(sum_of<float>(args)); break;
    default: one.push_back(sum_of<double>(args)); break;
  }
  return one;
}

std::vector<Value> run_host(Env &e, const Node &spec, const Context &context, std::span<const Value> args) {
  const std::string does = spec.str("does");
  auto call = [&] {
    auto own = values_of(e, spec.find("args"));
    return e.get<Instance>(spec, "instance")
        .call(spec.str("func").c_str(), spec.has("args") ? std::span<const Value>(own) : args);
  };
  if (does == "echo") return {args.begin(), args.end()};
  if (does == "add") return sum(args);
  if (does == "throw") std::rethrow_exception(e.exception(spec.str("exception")));
  if (does == "throw_tag") {
    TaggedException exception(Exception(e.get<Tag>(spec, "tag"), values_of(e, spec.find("payload"))));
    if (!spec.has("exception")) throw exception;
    std::rethrow_exception(e.thrown_as(spec.str("exception"), exception));
  }
  if (does == "throw_exn") throw TaggedException(e.get<Exception>(spec, "object"));
  if (does == "call") return call();
  if (does == "call_caught") {
    try {
      return call();
    } catch (const std::exception &) {
    }
  } else if (does == "record") {
    Env &outer = e.outermost();
    std::lock_guard guard(outer.lock);
    outer.log.emplace_back(args.begin(), args.end());
  } else if (does == "close") {
    close(e, spec.str("target"));
  } else if (does == "cancel") {
    with_store(e, spec.str("target"), [](const Store &store) { store.cancel(); });
  } else if (does == "grow") {
    e.get<Memory>(spec, "memory").grow(spec.num("pages"));
  } else if (does == "caller_memory") {
    context.memory(spec.str("name")).write(0, "\x2a");
  } else if (does != "give") {
    throw Failure("no host function does " + does);
  }
  return values_of(e, spec.find("results"));
}

auto host_of(Env &e, const Node &spec) {
  return [&e, spec](const Context &context, std::span<const Value> args) { return run_host(e, spec, context, args); };
}

// What a host function of a component does.
WitValue run_wit_host(Env &e, const Node &spec, const WitFuncType &type, std::span<const WitValue> args) {
  const std::string does = spec.str("does");
  auto call = [&] {
    const WitFunc func = e.get<Instance>(spec, "instance").wit_func(spec.str("func"));
    if (!spec.has("args")) return func.call(args);
    return func.call(wit_args(e, func.type(), spec.find("args")));
  };
  if (does == "echo") return args.empty() ? WitValue() : args.size() == 1 ? args[0] : WitValue::tuple({args.begin(), args.end()});
  if (does == "fail") {
    const WitType err = type.result && type.result.sort() == WitSort::result ? type.result.parts()[1].type : WitType();
    throw WitError(wit_value(e, err, spec.at("payload")));
  }
  if (does == "throw") std::rethrow_exception(e.exception(spec.str("exception")));
  if (does == "call") return call();
  if (does == "record") {
    std::vector<std::string> texts;
    for (const WitValue &arg : args) texts.push_back(told(arg));
    Env &outer = e.outermost();
    std::lock_guard guard(outer.lock);
    outer.wit_log.push_back(std::move(texts));
  } else if (does == "keep") {
    keep_resources(e, spec.at("names"), args);
  } else if (does == "call_caught") {
    try {
      return call();
    } catch (const std::exception &) {
    }
  } else if (does == "drop") {
    close_resource(e, spec.str("resource"));
  } else if (does == "close") {
    close(e, spec.str("target"));
  } else if (does == "cancel") {
    with_store(e, spec.str("target"), [](const Store &store) { store.cancel(); });
  } else if (does != "give") {
    throw Failure("no host function of components does " + does);
  }
  return spec.has("result") ? wit_value(e, type.result, spec.at("result")) : WitValue();
}

auto wit_host_of(Env &e, const Node &spec) {
  return [&e, spec](const Context &, const WitFuncType &type, std::span<const WitValue> args) {
    return run_wit_host(e, spec, type, args);
  };
}

// The engine where a case names none.
const Engine &default_engine() {
  static const Engine engine = cases_signal_handlers() ? Engine() : Engine(EngineOptions{.signal_handlers = false});
  return engine;
}

const Engine &engine_of(Env &e, const Node &step) {
  return step.has("engine") ? e.get<Engine>(step, "engine") : default_engine();
}

Imports imports_of(Env &e, const Node &step) {
  Imports imports;
  if (auto given = step.find("initialize")) imports.initialize(given->yes());
  auto list = step.find("imports");
  if (!list) return imports;
  for (const Node &one : list->each()) {
    const std::string module = one.str("module");
    if (one.has("instance")) {
      imports.instance(module, e.get<Instance>(one, "instance"));
      continue;
    }
    if (one.has("resource")) {
      imports.wit_resource(module, one.str("resource"));
      continue;
    }
    const std::string name = one.str("name");
    if (one.has("wit")) {
      imports.wit_func(module, name, wit_host_of(e, one.at("wit")));
      continue;
    }
    if (one.has("host")) {
      imports.func(module, name, host_of(e, one.at("host")));
      continue;
    }
    if (one.has("value")) {
      imports.value(module, name, value_of(e, one.at("value")));
      continue;
    }
    std::visit(
        [&](const auto &item) {
          if constexpr (requires { detail::lent(item); }) {
            imports.define(module, name, item);
          } else {
            throw Failure("this cannot be lent");
          }
        },
        *e.thing(one.str("item")));
  }
  return imports;
}

}  // namespace

#endif
