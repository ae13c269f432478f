// Worlds from a seed, as conformance/worlds/README.md has them: `conformance-cpp ../../conformance ../../target/worlds`.

#ifndef CONFORMANCE_WIT_WORLDS_HPP
#define CONFORMANCE_WIT_WORLDS_HPP

#include <cstdlib>
#include <fstream>
#include <limits>

#include "../cases.h"
#include "fails.hpp"
#include "verbs/wit.hpp"

namespace {

// A world at work: the function that it asks for gives what the call says, and notes what it got.
class WorldRun {
 public:
  WorldRun(const Node &line, const std::string &folder, const Engine &engine) : line_(line) {
    Imports imports;
    if (const auto import = line.at("import").each(); !import.empty()) {
      imports.wit_func(import.at(0).text(), import.at(1).text(),
                       [this](const Context &, const WitFuncType &type, std::span<const WitValue> args) {
                         return host(type, args);
                       });
    }
    Sandbox sandbox;
    sandbox.limits.fuel = 1'000'000'000'000;
    const auto module = Module::load(std::filesystem::path(folder) / line.str("file"), engine);
    instance_.emplace(module.instantiate(imports, sandbox));
  }

  // Gives how many calls there were.
  size_t run() {
    const WitFunc func = instance_->wit_func(line_.str("func"));
    expect(line_.str("type"), func.type().text(), "type");
    uint64_t fuel = 0;
    const auto calls = line_.at("calls").each();
    for (const Node &call : calls) {
      fuel = call.num("fuel");
      call_ = call;
      check_outcome(e_, call, func.type().result, [&] { return func.call(wit_args(e_, func.type(), call.find("args"))); });
      if (!line_.at("import").null()) check_asked(call);
      expect(fuel, instance_->store().usage().fuel_used.value_or(0), "fuel");
    }
    for (const Node &call : line_.at("wrong").each()) {
      check_wrong(func, call);
      expect(fuel, instance_->store().usage().fuel_used.value_or(0), "fuel");
    }
    instance_->close();
    return calls.size();
  }

 private:
  WitValue host(const WitFuncType &type, std::span<const WitValue> args) {
    std::vector<std::string> texts;
    for (size_t i = 0; i < args.size(); ++i) texts.push_back(detail::c_name(type.params[i].type.format(args[i])));
    asked_.push_back(std::move(texts));
    return wit_value(e_, type.result, call_.at("result"));
  }

  // Whether the function that was lent got just the arguments, once.
  void check_asked(const Node &call) {
    const auto asked = std::exchange(asked_, {});
    expect<size_t>(1, asked.size(), "calls of the host's function");
    check_texts(call.at("args"), asked[0]);
  }

  void check_wrong(const WitFunc &func, const Node &call) {
    try {
      func.call(wit_args(e_, func.type(), call.find("args")));
    } catch (const Error &error) {
      return check_failure(e_, call.at("fails"), error);
    }
    throw Failure("it did not fail");
  }

  Node line_;
  Node call_{nullptr};
  Env e_;
  std::vector<std::vector<std::string>> asked_;
  std::optional<Instance> instance_;
};

int run_worlds(const std::string &folder) {
  EngineOptions options;
  options.signal_handlers = cases_signal_handlers();
  options.cache = folder + "/cache";
  const Engine engine(options);
  std::ifstream file(folder + "/worlds.jsonl");
  const char *given = std::getenv("LANDBRIDGE_WORLDS");
  size_t left = given ? std::stoull(given) : std::numeric_limits<size_t>::max(), worlds = 0, calls = 0, failed = 0;
  for (std::string text; left > 0 && std::getline(file, text); --left, ++worlds) {
    char *copy = strdup(text.c_str());
    const tree line = tree_of("worlds.jsonl", copy);
    const Node world{line.root};
    try {
      calls += WorldRun(world, folder, engine).run();
    } catch (const std::exception &failure) {
      const std::string seed = world.str("seed"), number = world.str("number");
      std::cout << "FAIL seed " << seed << " number " << number << ": " << failure.what() << "\n    make worlds SEED=" << seed
                << " COUNT=1 FIRST=" << number << "\n";
      ++failed;
    }
    tree_free(line);
  }
  std::cout << "worlds cpp: " << worlds << " worlds, " << calls << " calls\n";
  return failed != 0 || worlds == 0;
}

}  // namespace

#endif
