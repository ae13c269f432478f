// Runs the conformance cases through landbridge.hpp: `conformance-cpp ../../conformance`.
//
// Every step is mapped to the API and nothing else.

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>

#include <chrono>
#include <functional>
#include <set>

#include "cases.h"
#include "conformance/calls.hpp"
#include "conformance/fails.hpp"
#include "conformance/host.hpp"
#include "conformance/limits.hpp"
#include "conformance/module.hpp"
#include "conformance/surface.hpp"

namespace {

bool yes(const Node &step, const char *key) { return tree_is(step.n, key); }

std::vector<Type> types_of(const Node &list) {
  std::vector<Type> types;
  for (const Node &one : list.each()) types.push_back(type_of(one.text()));
  return types;
}

std::optional<uint64_t> max_of(const Node &step) {
  return step.has("max") ? std::optional(step.num("max")) : std::nullopt;
}

std::span<std::byte> in_view(Env &e, const Node &step) {
  auto all = e.get<View>(step, "view").span();
  const size_t offset = step.num("offset"), length = step.str("hex").size() / 2;
  if (offset > all.size() || length > all.size() - offset) throw Failure("the view is too short");
  return all.subspan(offset, length);
}

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

std::set<std::string> with_sandbox(std::set<std::string> keys) {
  keys.insert({"limits", "policy", "stdin", "stdout", "stderr", "refusals"});
  return keys;
}

// What instances share: two of these are equal if they are one and the same.
template <class T>
constexpr bool has_identity = std::same_as<T, Func> || std::same_as<T, Memory> || std::same_as<T, Table> ||
                              std::same_as<T, Global> || std::same_as<T, Tag>;

struct Verb {
  std::set<std::string> keys;
  std::function<void(Env &, const Node &)> run;
};

const std::map<std::string, Verb> verbs{
    {"engine", {{"as", "interruptible", "stack_bytes", "compile_cost", "memory_reservation_bytes",
                 "deterministic", "wide_arithmetic", "custom_page_sizes", "signal_handlers", "call_threads", "cache"},
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
    {"write_file", {{"file", "text"}, [](Env &e, const Node &s) { write_file(e.file(s), s.str("text")); }}},
    {"symlink", {{"file", "to"}, [](Env &e, const Node &s) {
       std::filesystem::create_directories(e.file(s).parent_path());
       std::filesystem::create_symlink(s.str("to"), e.file(s));
     }}},
    {"make_pipe", {{"file", "is_held"}, [](Env &e, const Node &s) {
       std::filesystem::create_directories(e.file(s).parent_path());
       auto path = e.file(s).string();
       expect(0, mkfifo(path.c_str(), 0600), "the pipe");
       if (s.at("is_held").yes()) expect(true, open(path.c_str(), O_RDWR | O_CLOEXEC) >= 0, "both ends");
     }}},
    {"read_file", {{"file", "text"}, [](Env &e, const Node &s) {
       expect(detail::name_of(s.str("text")), text_of_file(e.file(s)), "file");
     }}},
    {"file_exists", {{"file", "equals"}, [](Env &e, const Node &s) {
       expect(s.at("equals").yes(), std::filesystem::exists(e.file(s)), "whether the file is there");
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
    {"call_async", {{"instance", "func", "object", "pool", "args", "times", "as"}, [](Env &e, const Node &s) {
       e.keep(s, start(e, s));
     }}},
    {"await", {{"call", "results"}, [](Env &e, const Node &s) {
       for (const auto &call : e.get<Calls>(s, "call")) check_values(e, s.find("results"), call.get());
     }}},
    {"cancel_call", {{"call"}, [](Env &e, const Node &s) {
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
    {"func_type", {{"object", "equals"}, [](Env &e, const Node &s) {
       expect(s.str("equals"), e.get<Func>(s, "object").type().text(), "type");
     }}},
    {"same", {{"object", "other", "equals"}, [](Env &e, const Node &s) {
       const auto same = std::visit(
           [](const auto &one, const auto &other) -> bool {
             using One = std::decay_t<decltype(one)>;
             if constexpr (std::same_as<One, std::decay_t<decltype(other)>> && has_identity<One>) {
               return one == other;
             } else {
               throw Failure("these cannot be compared");
             }
           },
           *e.thing(s.str("object")), *e.thing(s.str("other")));
       expect(yes(s, "equals"), same, "same");
     }}},
    {"same_func", {{"object", "other", "equals"}, [](Env &e, const Node &s) {
       expect(s.at("equals").yes(), e.get<Func>(s, "object") == e.get<Func>(s, "other"), "same");
     }}},
    {"new_func", {{"store", "params", "results", "host", "as"}, [](Env &e, const Node &s) {
       FuncType type{types_of(s.at("params")), types_of(s.at("results"))};
       e.keep(s, Func(e.get<Store>(s, "store"), type, host_of(e, s.at("host"))));
     }}},
    {"new_memory", {{"store", "min", "max", "is_64", "page_bytes", "as"}, [](Env &e, const Node &s) {
       MemoryType type{s.num("min"), max_of(s), yes(s, "is_64"), s.num("page_bytes", 65536)};
       e.keep(s, Memory(e.get<Store>(s, "store"), type));
     }}},
    {"new_table", {{"store", "element", "min", "max", "is_64", "init", "as"}, [](Env &e, const Node &s) {
       TableType type{type_of(s.str("element")), s.num("min"), max_of(s), yes(s, "is_64")};
       e.keep(s, Table(e.get<Store>(s, "store"), type, value_of(e, s.at("init"))));
     }}},
    {"new_global", {{"store", "type", "mutable", "value", "as"}, [](Env &e, const Node &s) {
       GlobalType type{type_of(s.str("type")), yes(s, "mutable")};
       e.keep(s, Global(e.get<Store>(s, "store"), type, value_of(e, s.at("value"))));
     }}},
    {"new_tag", {{"store", "params", "as"}, [](Env &e, const Node &s) {
       e.keep(s, Tag(e.get<Store>(s, "store"), types_of(s.at("params"))));
     }}},
    {"same_tag", {{"object", "other", "equals"}, [](Env &e, const Node &s) {
       expect(yes(s, "equals"), e.get<Tag>(s, "object") == e.get<Tag>(s, "other"), "same");
     }}},
    {"new_exception", {{"tag", "payload", "as"}, [](Env &e, const Node &s) {
       e.keep(s, Exception(e.get<Tag>(s, "tag"), values_of(e, s.find("payload"))));
     }}},
    {"exception", {{"object", "tag", "payload"}, [](Env &e, const Node &s) {
       check_exception(e, s, e.get<Exception>(s, "object"));
     }}},
    {"gc_type", {{"object", "equals"}, [](Env &e, const Node &s) {
       expect(s.str("equals"), e.get<GcRef>(s, "object").type().text, "type");
     }}},
    {"gc_len", {{"object", "equals"}, [](Env &e, const Node &s) {
       check_number(s, "equals", e.get<GcRef>(s, "object").size());
     }}},
    {"gc_get", {{"object", "index", "value", "as"}, [](Env &e, const Node &s) {
       Value found = e.get<GcRef>(s, "object").at(s.num("index"));
       if (s.has("value") && !same(value_of(e, s.at("value")), found)) throw Failure("the value is another one");
       if (s.has("as")) put(e, s.str("as"), found);
     }}},
    {"gc_set", {{"object", "index", "value"}, [](Env &e, const Node &s) {
       e.get<GcRef>(s, "object").set(s.num("index"), value_of(e, s.at("value")));
     }}},
    {"read", {{"memory", "offset", "length", "hex"}, [](Env &e, const Node &s) {
       const size_t length = s.num("length", s.has("hex") ? s.str("hex").size() / 2 : 0);
       std::string text = e.get<Memory>(s, "memory").read_string(s.num("offset"), length);
       if (s.has("hex")) expect(s.str("hex"), hex_of(std::as_bytes(std::span(text))), "bytes");
     }}},
    {"write", {{"memory", "offset", "hex"}, [](Env &e, const Node &s) {
       e.get<Memory>(s, "memory").write(s.num("offset"), bytes_of(s.str("hex")));
     }}},
    {"read_text", {{"memory", "offset", "length", "equals"}, [](Env &e, const Node &s) {
       const std::string found = e.get<Memory>(s, "memory").read_text(s.num("offset"), s.num("length"));
       // The case's own text is as C has it.
       expect(s.str("equals"), landbridge::detail::c_name(found), "text");
     }}},
    {"read_c_string", {{"memory", "offset", "most", "equals"}, [](Env &e, const Node &s) {
       const size_t most = s.has("most") ? s.num("most") : 0;
       expect(s.str("equals"), e.get<Memory>(s, "memory").read_c_string(s.num("offset"), most), "text");
     }}},
    {"write_text", {{"memory", "offset", "text", "result"}, [](Env &e, const Node &s) {
       check_number(s, "result", e.get<Memory>(s, "memory").write_text(s.num("offset"), s.str("text")));
     }}},
    {"grow", {{"memory", "pages", "result"}, [](Env &e, const Node &s) {
       check_number(s, "result", e.get<Memory>(s, "memory").grow(s.num("pages")));
     }}},
    {"size", {{"memory", "pages", "bytes"}, [](Env &e, const Node &s) {
       check_number(s, "pages", e.get<Memory>(s, "memory").size_pages());
       check_number(s, "bytes", e.get<Memory>(s, "memory").size_bytes());
     }}},
    {"view", {{"memory", "as"}, [](Env &e, const Node &s) { e.keep(s, e.get<Memory>(s, "memory").view()); }}},
    {"view_read", {{"view", "offset", "hex"}, [](Env &e, const Node &s) {
       expect(s.str("hex"), hex_of(in_view(e, s)), "bytes");
     }}},
    {"view_write", {{"view", "offset", "hex"}, [](Env &e, const Node &s) {
       auto bytes = bytes_of(s.str("hex"));
       std::copy(bytes.begin(), bytes.end(), in_view(e, s).begin());
     }}},
    {"table_get", {{"table", "index", "value"}, [](Env &e, const Node &s) {
       Value found = e.get<Table>(s, "table").at(s.num("index"));
       if (s.has("value") && !same(value_of(e, s.at("value")), found)) throw Failure("the element is another one");
     }}},
    {"table_set", {{"table", "index", "value"}, [](Env &e, const Node &s) {
       e.get<Table>(s, "table").set(s.num("index"), value_of(e, s.at("value")));
     }}},
    {"table_grow", {{"table", "delta", "init", "result"}, [](Env &e, const Node &s) {
       check_number(s, "result", e.get<Table>(s, "table").grow(s.num("delta"), value_of(e, s.at("init"))));
     }}},
    {"table_size", {{"table", "equals"}, [](Env &e, const Node &s) {
       check_number(s, "equals", e.get<Table>(s, "table").size());
     }}},
    {"global_get", {{"global", "value"}, [](Env &e, const Node &s) {
       Value found = e.get<Global>(s, "global").value();
       if (s.has("value") && !same(value_of(e, s.at("value")), found)) throw Failure("the value is another one");
     }}},
    {"global_set", {{"global", "value"}, [](Env &e, const Node &s) {
       e.get<Global>(s, "global").set(value_of(e, s.at("value")));
     }}},
    {"type", {{"object", "equals"}, [](Env &e, const Node &s) {
       auto text = std::visit(
           [](const auto &one) -> std::string {
             if constexpr (requires { one.type().text(); }) return one.type().text();
             throw Failure("this has no type");
           },
           *e.thing(s.str("object")));
       expect(s.str("equals"), text, "type");
     }}},
    {"gc", {{"store"}, [](Env &e, const Node &s) { e.get<Store>(s, "store").gc(); }}},
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
  const auto verb = verbs.find(step.str("do"));
  if (verb == verbs.end()) throw Failure("no step does this");
  for (const Node &one : step.each()) {
    const std::string key = one.n->key;
    if (key != "do" && key != "fails" && key != "within_ms" && !verb->second.keys.contains(key)) throw Failure("an unknown key: " + key);
  }
  check_step(e, step, verb->second);
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
  if (argc != 2) {
    std::cerr << "usage: " << argv[0] << " CONFORMANCE\n";
    return 2;
  }
  root = argv[1];
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
