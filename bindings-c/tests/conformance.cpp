// Runs the conformance cases through landbridge.hpp: `conformance-cpp ../../conformance`; with the folder of worlds behind
// it, those (see wit_worlds.hpp).
//
// Every step is mapped to the API and nothing else: those of a noun stand in its file in conformance/verbs.

#include <pthread.h>

#include <chrono>

#include "cases.h"
#include "conformance/fails.hpp"
#include "conformance/surface.hpp"
#include "conformance/verbs/call.hpp"
#include "conformance/verbs/file.hpp"
#include "conformance/verbs/item.hpp"
#include "conformance/verbs/memory.hpp"
#include "conformance/verbs/module.hpp"
#include "conformance/verbs/store.hpp"
#include "conformance/verbs/wit.hpp"
#include "conformance/wit_worlds.hpp"

namespace {

void run_steps(Env &e, const Node &steps);

struct Work {
  Work(Env &parent, Node step) : step(step) { env.parent = &parent; }
  Env env;
  Node step;
  std::string failure;
};

void *run_thread(void *data) {
  Work &work = *static_cast<Work *>(data);
  try {
    for (uint64_t i = 0; i < work.step.num("times", 1); ++i) run_steps(work.env, work.step.at("steps"));
  } catch (const std::exception &e) {
    work.failure = e.what();
  }
  return nullptr;
}

void run_threads(Env &e, const Node &step, size_t threads, size_t stack_bytes) {
  std::deque<Work> work;
  std::vector<pthread_t> ids;
  pthread_attr_t attr;
  pthread_attr_init(&attr);
  if (stack_bytes && pthread_attr_setstacksize(&attr, stack_bytes)) throw Failure("no thread has so little stack");
  for (size_t i = 0; i < threads; ++i) {
    work.emplace_back(e, step);
    pthread_t id;
    if (pthread_create(&id, &attr, run_thread, &work.back())) throw Failure("a thread cannot be started");
    ids.push_back(id);
  }
  for (pthread_t id : ids) pthread_join(id, nullptr);
  pthread_attr_destroy(&attr);
  for (const Work &one : work) {
    if (!one.failure.empty()) throw Failure("in a thread: " + one.failure);
  }
}

const Verbs own_verbs{
    {"close", {{"target"}, [](Env &e, const Node &s) { close(e, s.str("target")); }}},
    {"log", {{"equals"}, [](Env &e, const Node &s) {
       auto lines = s.at("equals").each();
       auto &log = e.outermost().log;
       expect(lines.size(), log.size(), "lines of the log");
       for (size_t i = 0; i < lines.size(); ++i) check_values(e, lines[i], log[i]);
     }}},
    {"in_threads", {{"threads", "times", "steps"}, [](Env &e, const Node &s) {
       run_threads(e, s, s.num("threads", 1), 0);
     }}},
    {"repeat", {{"times", "steps"}, [](Env &e, const Node &s) { run_threads(e, s, 1, 0); }}},
    {"small_stack", {{"bytes", "steps"}, [](Env &e, const Node &s) { run_threads(e, s, 1, s.num("bytes")); }}},
};

const Verbs *const all_verbs[] = {&module_verbs, &store_verbs,  &file_verbs, &call_verbs,
                                  &item_verbs,   &memory_verbs, &wit_verbs,  &own_verbs};

// Null if no step does this.
const Verb *verb_of(const std::string &name) {
  for (const Verbs *verbs : all_verbs) {
    if (auto found = verbs->find(name); found != verbs->end()) return &found->second;
  }
  return nullptr;
}

// Tells how long a step took, and fails if that is too long.
void check_time(const Node &step, std::chrono::steady_clock::duration took) {
  if (!step.has("within_ms")) return;
  const double found = std::chrono::duration<double, std::milli>(took).count();
  std::ostringstream text;
  text << "took " << found << " ms, may take " << step.num("within_ms") << " ms";
  std::cout << text.str() << "\n";
  if (found > static_cast<double>(step.num("within_ms"))) throw Failure(text.str());
}

// Runs a step and looks at how it fails.
void check_step(Env &e, const Node &step, const Verb &verb) {
  auto fails = step.find("fails");
  const auto started = std::chrono::steady_clock::now();
  auto took = [started] { return std::chrono::steady_clock::now() - started; };
  try {
    verb.run(e, step);
  } catch (const Failure &) {
    throw;
  } catch (const std::exception &caught) {
    const auto ended = took();
    if (!fails) throw Failure(std::string("it failed: ") + caught.what());
    check_failure(e, *fails, caught);
    return check_time(step, ended);
  }
  if (fails) throw Failure("it did not fail");
  check_time(step, took());
}

void run_step(Env &e, const Node &step) {
  const Verb *verb = verb_of(step.str("do"));
  if (!verb) throw Failure("no step does this");
  for (const Node &one : step.each()) {
    const std::string key = one.n->key;
    if (key != "do" && key != "fails" && key != "within_ms" && !verb->keys.contains(key)) throw Failure("an unknown key: " + key);
  }
  check_step(e, step, *verb);
}

void run_steps(Env &e, const Node &steps) {
  size_t number = 0;
  for (const Node &step : steps.each()) {
    ++number;
    try {
      run_step(e, step);
    } catch (const Failure &failure) {
      throw Failure("step " + std::to_string(number) + " (" + step.str("do") + "): " + failure.what());
    }
  }
}

}  // namespace

int main(int argc, char **argv) {
  if (argc != 2 && argc != 3) {
    std::cerr << "usage: " << argv[0] << " CONFORMANCE [WORLDS]\n";
    return 2;
  }
  root = argv[1];
  if (argc == 3) return run_worlds(argv[2]);
  size_t passed = 0, skipped = 0, failed = check_surface();
  const conformance_cases cases = cases_read(root.c_str(), "cpp");
  for (const conformance_case &one : std::span(cases.all, cases.count)) {
    if (one.skip) {
      ++skipped;
      continue;
    }
    // Declared first and so destroyed last: host functions refer to it.
    Env e;
    try {
      run_steps(e, Node{one.steps});
      ++passed;
    } catch (const std::exception &failure) {
      std::cout << "FAIL " << one.name << ": " << failure.what() << "\n";
      ++failed;
    }
  }
  std::cout << "conformance cpp: " << passed << " passed, " << failed << " failed, " << skipped << " skipped\n";
  return failed != 0;
}
