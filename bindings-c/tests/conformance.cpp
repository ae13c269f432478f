// Runs the conformance cases through landbridge.hpp: `conformance-cpp ../../conformance`.
//
// Every step is mapped to the API and nothing else.

#include <pthread.h>

#include <algorithm>
#include <deque>
#include <fstream>
#include <functional>
#include <iostream>
#include <landbridge.hpp>
#include <map>
#include <mutex>
#include <set>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "cases.h"

using namespace landbridge;

namespace {

std::string root;

// Why a case fails.
struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A host exception of the case's, thrown by pointer: what arrives must be this very object.
struct Boom : std::exception {
  explicit Boom(std::string name) : name(std::move(name)) {}
  const char *what() const noexcept override { return name.c_str(); }
  std::string name;
};

struct Node {
  const node *n;

  std::optional<Node> find(const char *key) const {
    const node *found = tree_find(n, key);
    return found ? std::optional<Node>(Node{found}) : std::nullopt;
  }
  Node at(const char *key) const {
    if (auto found = find(key)) return *found;
    throw Failure(std::string("there is no key ") + key);
  }
  bool has(const char *key) const { return tree_find(n, key); }
  std::string text() const { return n->text ? n->text : ""; }
  std::string str(const char *key) const { return at(key).text(); }
  uint64_t num(const char *key, uint64_t missing = 0) const { return tree_num(n, key, missing); }
  bool yes() const { return n->kind == 'T'; }
  bool null() const { return n->kind == 'Z'; }
  std::vector<Node> each() const {
    std::vector<Node> all;
    for (const node *one = n->first; one; one = one->next) all.push_back({one});
    return all;
  }
};

template <class T>
void expect(const T &expected, const T &found, const std::string &what) {
  if (expected == found) return;
  std::ostringstream text;
  text << what << ": expected " << expected << ", got " << found;
  throw Failure(text.str());
}

std::vector<std::byte> bytes_of(const std::string &hex) {
  std::vector<std::byte> bytes;
  for (size_t i = 0; i + 1 < hex.size(); i += 2) bytes.push_back(std::byte(std::stoi(hex.substr(i, 2), nullptr, 16)));
  return bytes;
}

std::string hex_of(std::span<const std::byte> bytes) {
  std::string hex;
  for (std::byte byte : bytes) {
    for (int digit : {std::to_integer<int>(byte) >> 4, std::to_integer<int>(byte) & 15}) hex += "0123456789abcdef"[digit];
  }
  return hex;
}

using Thing =
    std::variant<Engine, Module, Store, Instance, View, Func, Memory, Table, Global, Tag, GcRef, Exception>;

// A case, or the names of one thread of it.
struct Env {
  Env *parent = nullptr;
  std::mutex lock = {};
  std::map<std::string, std::shared_ptr<Thing>> things = {};
  std::map<std::string, std::shared_ptr<std::string>> objects = {};
  std::map<std::string, std::exception_ptr> exceptions = {};
  std::map<std::string, const std::exception *> thrown = {};
  std::deque<std::vector<Value>> log = {};
  std::filesystem::path folder = {};

  ~Env() {
    if (!folder.empty()) std::filesystem::remove_all(folder);
  }

  Env &outermost() { return parent ? parent->outermost() : *this; }

  template <class T>
  void keep(const Node &step, T thing) {
    put(step.str("as"), std::move(thing));
  }
  template <class T>
  void put(const std::string &name, T thing) {
    auto made = std::make_shared<Thing>(std::move(thing));
    std::lock_guard guard(lock);
    things[name] = std::move(made);
  }
  std::shared_ptr<Thing> thing(const std::string &name) {
    std::unique_lock guard(lock);
    auto found = things.find(name);
    if (found != things.end()) return found->second;
    guard.unlock();
    if (parent) return parent->thing(name);
    throw Failure("nothing is known as " + name);
  }
  template <class T>
  const T &get(const std::string &name) {
    auto found = thing(name);  // kept by the map as long as the case runs
    if (auto *one = std::get_if<T>(&*found)) return *one;
    throw Failure(name + " is of another sort");
  }
  template <class T>
  const T &get(const Node &step, const char *key) {
    return get<T>(step.str(key));
  }
  std::shared_ptr<std::string> object(const std::string &name) {
    Env &e = outermost();
    std::lock_guard guard(e.lock);
    auto &found = e.objects[name];
    if (!found) found = std::make_shared<std::string>(name);
    return found;
  }
  // The exception known by this name, made at first mention.
  std::exception_ptr exception(const std::string &name) {
    Env &e = outermost();
    std::unique_lock guard(e.lock);
    if (auto found = e.exceptions[name]) return found;
    guard.unlock();
    return thrown_as(name, Boom(name));
  }
  // Makes an exception known by a name, and its address.
  template <class E>
  std::exception_ptr thrown_as(const std::string &name, E exception) {
    Env &e = outermost();
    std::lock_guard guard(e.lock);
    auto made = std::make_exception_ptr(std::move(exception));
    try {
      std::rethrow_exception(made);
    } catch (const E &thrown) {
      e.thrown[name] = &thrown;
    }
    return e.exceptions[name] = made;
  }
  const std::exception *address(const std::string &name) {
    exception(name);
    std::lock_guard guard(outermost().lock);
    return outermost().thrown[name];
  }
  // A file in the case's own folder, which is made at first mention.
  std::filesystem::path file(const Node &step) {
    Env &e = outermost();
    std::lock_guard guard(e.lock);
    if (e.folder.empty()) {
      std::string pattern = std::filesystem::temp_directory_path() / "landbridge-conformance-XXXXXX";
      if (!mkdtemp(pattern.data())) throw Failure("no folder can be made");
      e.folder = pattern;
    }
    return e.folder / step.str("file");
  }
};

Type type_of(const std::string &text) {
  for (uint32_t number = 1; *lb_type_name(number); ++number) {
    if (name(static_cast<Type>(number)) == text) return static_cast<Type>(number);
  }
  throw Failure("no type is named " + text);
}

Value value_of(Env &e, const Node &tagged, std::optional<Type> wanted = {}) {
  const std::string kind = tagged.n->first->key, text = Node{tagged.n->first}.text();
  const bool null = Node{tagged.n->first}.null();
  if (kind == "i32") return static_cast<int32_t>(std::stol(text));
  if (kind == "i64") return static_cast<int64_t>(std::stoll(text));
  if (kind == "f32") return std::bit_cast<float>(static_cast<uint32_t>(std::stoul(text, nullptr, 16)));
  if (kind == "f64") return std::bit_cast<double>(static_cast<uint64_t>(std::stoull(text, nullptr, 16)));
  if (kind == "v128") {
    V128 v{};
    auto bytes = bytes_of(text.substr(2));
    for (size_t i = 0; i < v.size(); ++i) v[i] = std::to_integer<uint8_t>(bytes.at(15 - i));
    return v;
  }
  if (kind == "funcref") return null ? Func() : Func(e.get<Func>(text));
  if (kind == "externref") return null ? ExternRef() : ExternRef(e.object(text));
  if (kind == "anyref") return null ? AnyRef() : AnyRef(ExternRef(e.object(text)));
  if (kind == "i31") return AnyRef(static_cast<int32_t>(std::stol(text)));
  if (kind == "gcref") return e.get<GcRef>(text);
  if (kind == "outward") return ExternRef::from_any(e.get<GcRef>(text));
  if (kind == "exnref") return null ? Exception() : Exception(e.get<Exception>(text));
  if (kind == "int" && wanted == Type::i32 && std::stoll(text) >= INT32_MIN && std::stoll(text) <= UINT32_MAX) {
    return static_cast<int32_t>(std::stoll(text));
  }
  if (kind == "int" && wanted == Type::i64) {
    return text[0] == '-' ? static_cast<uint64_t>(std::stoll(text)) : static_cast<uint64_t>(std::stoull(text));
  }
  throw Failure("C++ cannot write the value " + kind + " " + text);
}

std::vector<Value> values_of(Env &e, const std::optional<Node> &list, const FuncType *type = nullptr) {
  std::vector<Value> values;
  if (!list) return values;
  for (const Node &one : list->each()) {
    const size_t i = values.size();
    values.push_back(value_of(e, one, type && i < type->params.size() ? std::optional(type->params[i]) : std::nullopt));
  }
  return values;
}

// Whether the value found is the one expected; an externref may be what extern.convert_any made.
bool same(const Value &one, const Value &other) {
  if (other.type() == Type::externref && top(one.type()) == Type::anyref) {
    return one.as<AnyRef>() == other.as<ExternRef>().any();
  }
  if (top(one.type()) != top(other.type())) return false;
  switch (top(one.type())) {
    case Type::i32: return one.as<int32_t>() == other.as<int32_t>();
    case Type::i64: return one.as<int64_t>() == other.as<int64_t>();
    case Type::f32: return std::bit_cast<uint32_t>(one.as<float>()) == std::bit_cast<uint32_t>(other.as<float>());
    case Type::f64: return std::bit_cast<uint64_t>(one.as<double>()) == std::bit_cast<uint64_t>(other.as<double>());
    case Type::v128: return one.as<V128>() == other.as<V128>();
    case Type::funcref: return one.as<Func>() == other.as<Func>();
    case Type::anyref: return one.as<AnyRef>() == other.as<AnyRef>();
    case Type::exnref: return one.as<Exception>() == other.as<Exception>();
    default: return one.as<ExternRef>() == other.as<ExternRef>();
  }
}

void check_values(Env &e, const std::optional<Node> &expected, std::span<const Value> found) {
  if (!expected) return;
  auto wanted = values_of(e, expected);
  expect(wanted.size(), found.size(), "number of values");
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (!same(wanted[i], found[i])) {
      throw Failure("value " + std::to_string(i + 1) + " is another one, of type " + std::string(name(found[i].type())));
    }
  }
}

// Names a reference.
void put(Env &e, const std::string &name, const Value &value) {
  if (value.type() == Type::funcref) return e.put(name, value.as<Func>());
  if (value.type() == Type::exnref) return e.put(name, value.as<Exception>());
  const AnyRef any = value.type() == Type::externref ? value.as<ExternRef>().any() : value.as<AnyRef>();
  if (GcRef object = any.object()) return e.put(name, std::move(object));
  throw Failure(name + " is no reference to an object");
}

void keep_results(Env &e, const Node &names, std::span<const Value> found) {
  size_t i = 0;
  for (const Node &name : names.each()) {
    if (i == found.size()) throw Failure("there are too few results");
    if (!name.null()) put(e, name.text(), found[i]);
    ++i;
  }
}

void check_exception(Env &e, const Node &expected, const Exception &found) {
  if (expected.has("tag") && !(found.tag() == e.get<Tag>(expected, "tag"))) throw Failure("the tag is another one");
  check_values(e, expected.find("payload"), found.payload());
}

void check_number(const Node &step, const char *key, uint64_t found) {
  if (step.has(key)) expect(step.num(key), found, key);
}

// ---- Host functions ----

void close(Env &e, const std::string &name) {
  auto target = e.thing(name);
  if (auto *instance = std::get_if<Instance>(&*target)) return instance->close();
  if (auto *store = std::get_if<Store>(&*target)) return store->close();
  throw Failure(name + " cannot be closed");
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

// ---- Steps ----

const Engine &engine_of(Env &e, const Node &step) {
  return step.has("engine") ? e.get<Engine>(step, "engine") : Engine::shared();
}

Imports imports_of(Env &e, const Node &step) {
  Imports imports;
  auto list = step.find("imports");
  if (!list) return imports;
  for (const Node &one : list->each()) {
    const std::string module = one.str("module");
    if (one.has("instance")) {
      imports.instance(module, e.get<Instance>(one, "instance"));
      continue;
    }
    const std::string name = one.str("name");
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

void check_lines(const Node &expected, const std::vector<std::vector<std::string>> &found) {
  auto lines = expected.each();
  expect(lines.size(), found.size(), "number of lines");
  for (size_t i = 0; i < lines.size(); ++i) {
    auto parts = lines[i].each();
    for (size_t j = 0; j < found[i].size(); ++j) expect(parts.at(j).text(), found[i][j], "line");
  }
}

std::vector<std::vector<std::string>> lines_of(const std::vector<ImportType> &imports) {
  std::vector<std::vector<std::string>> lines;
  for (const ImportType &one : imports) lines.push_back({one.module, one.name, one.type.text});
  return lines;
}

std::vector<std::vector<std::string>> lines_of(const std::vector<ExportType> &exports) {
  std::vector<std::vector<std::string>> lines;
  for (const ExportType &one : exports) lines.push_back({one.name, one.type.text});
  return lines;
}

void check_texts(const Node &expected, const std::vector<std::string> &found) {
  auto texts = expected.each();
  expect(texts.size(), found.size(), expected.n->key);
  for (size_t i = 0; i < texts.size(); ++i) expect(texts[i].text(), found[i], expected.n->key);
}

void check_name(const Node &expected, const std::optional<std::string> &found) {
  expect(expected.null(), !found.has_value(), "no name");
  expect(expected.text(), found.value_or(""), "name");
}

template <class T, class Text>
std::vector<std::string> texts_of(const std::vector<T> &all, Text text) {
  std::vector<std::string> texts;
  for (const T &one : all) texts.push_back(text(one));
  return texts;
}

void check_inspection(const Node &expected, const Inspection &found) {
  const std::string key = expected.n->key;
  if (key == "name") return check_name(expected, found.name);
  if (key == "imports") return check_lines(expected, lines_of(found.imports));
  if (key == "exports") return check_lines(expected, lines_of(found.exports));
  if (key == "features") return check_texts(expected, found.features);
  if (key == "target_features") return check_texts(expected, found.target_features);
  if (key == "memories") return check_texts(expected, texts_of(found.memories, [](auto &it) { return it.text(); }));
  if (key == "custom_sections") {
    return check_texts(expected, texts_of(found.custom_sections, [](auto &it) { return it.name; }));
  }
  if (key != "producers") throw Failure("an inspection has no " + key);
  std::vector<std::vector<std::string>> lines;
  for (const Producer &one : found.producers) lines.push_back({one.field, one.name, one.version});
  check_lines(expected, lines);
}

void damage(const std::filesystem::path &path, const std::string &how) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(in), {});
  if (how == "truncate") {
    bytes.resize(bytes.size() / 2);
  } else if (how == "alter") {
    bytes[bytes.size() / 2] ^= 1;
  } else if (how == "text") {
    bytes = "hello";
  } else {
    throw Failure("no damage is " + how);
  }
  std::ofstream(path, std::ios::binary) << bytes;
}

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

struct Verb {
  std::set<std::string> keys;
  std::function<void(Env &, const Node &)> run;
};

const std::map<std::string, Verb> verbs{
    {"engine", {{"as", "interruptible", "stack_bytes", "wide_arithmetic", "custom_page_sizes", "cache"},
                [](Env &e, const Node &s) {
                  EngineOptions options;
                  options.stack_bytes = s.num("stack_bytes");
                  if (auto yes = s.find("interruptible")) options.interruptible = yes->yes();
                  if (s.has("cache")) options.cache = s.str("cache");
                  options.wide_arithmetic = yes(s, "wide_arithmetic");
                  options.custom_page_sizes = yes(s, "custom_page_sizes");
                  e.keep(s, Engine(options));
                }}},
    {"load", {{"module", "path", "as", "engine"}, [](Env &e, const Node &s) {
       auto module = s.find("module");
       std::string path = s.has("path")                 ? s.str("path")
                          : module && module->has("path") ? module->str("path")
                                                          : root + "/modules/" + s.str("module");
       e.keep(s, Module::load(path, engine_of(e, s)));
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
       e.keep(s, Module::from_bytes(e.get<Module>(s, "module").bytes()));
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
       const Inspection found = is_text ? inspect_text(s.str("text")) : inspect(root + "/modules/" + s.str("module"));
       if (!s.has("equals")) return;
       for (const Node &one : s.at("equals").each()) check_inspection(one, found);
     }}},
    {"store", {{"as", "engine"}, [](Env &e, const Node &s) { e.keep(s, Store(engine_of(e, s))); }}},
    {"instantiate", {{"module", "as", "store", "imports"}, [](Env &e, const Node &s) {
       const Module &module = e.get<Module>(s, "module");
       const Imports imports = imports_of(e, s);
       e.keep(s, s.has("store") ? e.get<Store>(s, "store").instantiate(module, imports) : module.instantiate(imports));
     }}},
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
    {"func_type", {{"object", "equals"}, [](Env &e, const Node &s) {
       expect(s.str("equals"), e.get<Func>(s, "object").type().text(), "type");
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
    {"small_stack", {{"bytes", "steps"}, [](Env &e, const Node &s) { run_threads(e, s, 1, s.num("bytes")); }}},
};

// ---- Failures ----

const TaggedException &tagged(const std::exception &caught) {
  if (auto *found = dynamic_cast<const TaggedException *>(&caught)) return *found;
  throw Failure(std::string("it is no TaggedException: ") + caught.what());
}

void check_failure(Env &e, const Node &fails, const std::exception &caught) {
  const Error *error = dynamic_cast<const Error *>(&caught);
  const Boom *boom = dynamic_cast<const Boom *>(&caught);
  if (!error && !boom) throw Failure(std::string("an exception of another kind: ") + caught.what());
  expect(fails.str("kind"), std::string(boom ? "host" : name(error->kind())), caught.what());
  for (const Node &one : fails.each()) {
    const std::string key = one.n->key;
    if (key == "code") {
      const Trap *trap = dynamic_cast<const Trap *>(error);
      expect(one.text(), trap ? std::string(name(trap->code())) : "", "code");
    } else if (key == "message") {
      for (const Node &part : one.each()) {
        if (!std::strstr(caught.what(), part.n->text)) throw Failure(part.text() + " is not in: " + caught.what());
      }
    } else if (key == "frames") {
      // An exception of the host's own has no frames in C++: it is the very object that was thrown.
      if (boom) continue;
      auto frames = error->frames();
      size_t i = 0;
      for (const Node &wanted : one.each()) {
        if (i >= frames.size()) throw Failure("there are too few frames");
        expect(wanted.text(), frames[i++].func_name.value_or(""), "frame");
      }
      if (i == 0 && !frames.empty()) throw Failure("there are frames");
    } else if (key == "exception") {
      if (&caught != e.address(one.text())) throw Failure("the exception is not the very one");
    } else if (key == "as") {
      e.put(one.text(), tagged(caught).exception());
    } else if (key != "kind" && key != "tag" && key != "payload") {
      throw Failure("an unknown key in fails: " + key);
    }
  }
  if (fails.has("tag") || fails.has("payload")) check_exception(e, fails, tagged(caught).exception());
}

void run_step(Env &e, const Node &step) {
  const auto verb = verbs.find(step.str("do"));
  if (verb == verbs.end()) throw Failure("no step does this");
  for (const Node &one : step.each()) {
    const std::string key = one.n->key;
    if (key != "do" && key != "fails" && !verb->second.keys.contains(key)) throw Failure("an unknown key: " + key);
  }
  auto fails = step.find("fails");
  try {
    verb->second.run(e, step);
  } catch (const Failure &) {
    throw;
  } catch (const std::exception &caught) {
    if (!fails) throw Failure(std::string("it failed: ") + caught.what());
    return check_failure(e, *fails, caught);
  }
  if (fails) throw Failure("it did not fail");
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

// ---- The surface ----

// What does each operation of surface.txt. That this compiles is the test.
struct Nothing {
  void operator()() const {}
};

struct Op {
  std::string_view name;
  bool there;
};

const Op ops[] = {
    {"version", !version().empty()},
    {"engine.new", requires(EngineOptions o) { Engine(o); }},
    {"module.load_file", requires { Module::load("a"); }},
    {"module.load_text", requires { Module::from_text("a"); }},
    {"module.load_bytes", requires(std::span<const std::byte> b) { Module::from_bytes(b); }},
    {"module.name", requires(Module m) { m.name(); }},
    {"module.imports", requires(Module m) { m.imports(); }},
    {"module.exports", requires(Module m) { m.exports(); }},
    {"module.bytes", requires(Module m) { m.bytes(); }},
    {"module.digest", requires(Module m) { m.digest(); }},
    {"module.compile", requires(Module m) { m.compile("a"); }},
    {"module.load_precompiled", requires { Module::load_precompiled("a"); }},
    {"inspect", requires { inspect("a"); }},
    {"module.instantiate", requires(Module m, Imports i) { m.instantiate(i); }},
    {"store.new", requires { Store(); }},
    {"store.instantiate", requires(Store s, Module m, Imports i) { s.instantiate(m, i); }},
    {"store.gc", requires(Store s) { s.gc(); }},
    {"store.close", requires(Store s) { s.close(); }},
    {"imports.func", requires(Imports i) { i.func("a", "b", Nothing{}); }},
    {"imports.define", requires(Imports i, Memory m) { i.define("a", "b", m); }},
    {"imports.value", requires(Imports i) { i.value("a", "b", 1); }},
    {"imports.instance", requires(Imports i, Instance o) { i.instance("a", o); }},
    {"instance.func", requires(Instance i) { i.func<void()>("a"); }},
    {"instance.memory", requires(Instance i) { i.memory("a"); }},
    {"instance.table", requires(Instance i) { i.table("a"); }},
    {"instance.global", requires(Instance i) { i.global("a"); }},
    {"instance.tag", requires(Instance i) { i.tag("a"); }},
    {"instance.exports", requires(Instance i) { i.exports(); }},
    {"instance.call", requires(Instance i) { i.call<int32_t>("a", 2, 3); }},
    {"instance.close", requires(Instance i) { i.close(); }},
    {"func.new", requires(Store s) { Func(s, Nothing{}); }},
    {"func.call", requires(TypedFunc<int32_t(int32_t)> f) { f(2); }},
    {"func.type", requires(Func f) { f.type(); }},
    {"func.name", requires(Func f) { f.name(); }},
    {"memory.new", requires(Store s, MemoryType t) { Memory(s, t); }},
    {"memory.read", requires(Memory m, std::span<std::byte> b) { m.read(0, b); }},
    {"memory.write", requires(Memory m, std::span<std::byte> b) { m.write(0, b); }},
    {"memory.grow", requires(Memory m) { m.grow(1); }},
    {"memory.size_bytes", requires(Memory m) { m.size_bytes(); }},
    {"memory.size_pages", requires(Memory m) { m.size_pages(); }},
    {"memory.type", requires(Memory m) { m.type(); }},
    {"memory.view", requires(Memory m) { m.view(); }},
    {"table.new", requires(Store s, TableType t, Value v) { Table(s, t, v); }},
    {"table.get", requires(Table t) { t.at(0); }},
    {"table.set", requires(Table t, Value v) { t.set(0, v); }},
    {"table.grow", requires(Table t, Value v) { t.grow(1, v); }},
    {"table.size", requires(Table t) { t.size(); }},
    {"table.type", requires(Table t) { t.type(); }},
    {"global.new", requires(Store s, GlobalType t, Value v) { Global(s, t, v); }},
    {"global.get", requires(Global g) { g.value(); }},
    {"global.set", requires(Global g, Value v) { g.set(v); }},
    {"global.type", requires(Global g) { g.type(); }},
    {"tag.new", requires(Store s, std::vector<Type> p) { Tag(s, p); }},
    {"tag.type", requires(Tag t) { t.type(); }},
    {"exception.new", requires(Tag t, std::vector<Value> p) { Exception(t, p); }},
    {"exception.tag", requires(Exception e) { e.tag(); }},
    {"exception.payload", requires(Exception e) { e.payload(); }},
    {"gcref.type", requires(GcRef g) { g.type(); }},
    {"gcref.len", requires(GcRef g) { g.size(); }},
    {"gcref.get", requires(GcRef g) { g.at(0); }},
    {"gcref.set", requires(GcRef g, Value v) { g.set(0, v); }},
    {"context.export", requires(Context c) { c.exported("a"); }},
    {"error.kind", requires(Error e) { e.kind(); }},
    {"error.trap_code", requires(Trap t) { t.code(); }},
    {"error.message", requires(Error e) { e.what(); }},
    {"error.frames", requires(Error e) { e.frames(); }},
    {"error.host_exception", requires(Error e) { e.host_exception(); }},
    {"error.exception", requires(TaggedException e) { e.exception(); }},
};

// What the enumerators of landbridge.hpp are called, by number.
const std::map<uint32_t, std::string> kinds{
#define LANDBRIDGE_KIND(NUMBER, name, Exception) {static_cast<uint32_t>(Kind::name), #name},
    LANDBRIDGE_KINDS(LANDBRIDGE_KIND)
#undef LANDBRIDGE_KIND
};

size_t check_surface() {
  FILE *file = fopen((root + "/surface.txt").c_str(), "r");
  if (!file) return 1;
  char line[256], sort[32], word[96];
  size_t failed = 0, seen = 0, seen_kinds = 0;
  while (fgets(line, sizeof line, file)) {
    unsigned number = 0;
    if (*line == '#' || sscanf(line, "%31s %95s %u", sort, word, &number) < 2) continue;
    const std::string what = sort;
    bool good = false;
    if (what == "op") good = std::any_of(std::begin(ops), std::end(ops), [&](const Op &op) { return op.there && op.name == word; });
    if (what == "kind") good = kinds.contains(number) && kinds.at(number) == word && ++seen_kinds;
    if (what == "trap") good = name(static_cast<TrapCode>(number)) == word;
    if (what == "type") good = name(static_cast<Type>(number)) == word;
    if (!good) std::cout << "FAIL surface: " << line;
    failed += !good;
    ++seen;
  }
  fclose(file);
  return failed + (seen == 0) + (seen_kinds != kinds.size());
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
