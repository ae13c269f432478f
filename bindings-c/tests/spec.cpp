// Runs the official test suite through landbridge.hpp, see conformance/spec/README.md.

#include <functional>
#include <landbridge.hpp>
#include <map>
#include <stdexcept>

#include "spec.h"

using namespace landbridge;

namespace {

const Engine &engine() {
  static const Engine made(EngineOptions{
      .wide_arithmetic = true, .custom_page_sizes = true, .signal_handlers = spec_signal_handlers() != 0});
  return made;
}

// Why a command did not do what it should.
struct Wrong : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// A text as C++ has it, with its zero bytes.
std::string text(const char *text) {
  std::string made = text ? text : "";
  for (size_t at; (at = made.find("\xc0\x80")) != std::string::npos;) made.replace(at, 2, 1, '\0');
  return made;
}

template <class T>
using Known = std::map<std::string, std::shared_ptr<T>>;

// What the commands of a file know, by name; what was made last has the empty name.
struct File {
  explicit File(const char *bytes) : bytes(bytes), store(engine()) {}

  const char *bytes;
  Store store;
  Imports imports;
  Known<Module> definitions = {};
  Known<Instance> instances = {};
  Known<std::string> objects = {};
  std::string why = {};

  ExternRef object(const std::string &name) {
    auto &found = objects[name];
    if (!found) found = std::make_shared<std::string>(name);
    return ExternRef(found);
  }
};

// Makes it the last one, also known under its name.
template <class T>
void put(Known<T> &known, const node *command, T it) {
  auto made = std::make_shared<T>(std::move(it));
  known[""] = made;
  if (const char *name = tree_str(command, "as")) known[name] = made;
}

template <class T>
const T &find(const Known<T> &known, const node *from) {
  auto found = known.find(text(tree_str(from, "of")));
  if (found == known.end()) throw Wrong("nothing is known as " + text(tree_str(from, "of")));
  return *found->second;
}

// ---- The host module ----

template <class... Params>
void lend_print(File &file, const char *name) {
  file.imports.define("spectest", name, Func(file.store, [](Params...) {}));
}

void lend_global(File &file, const char *name, const Value &value) {
  file.imports.define("spectest", name, Global(file.store, {.content = value.type()}, value));
}

void lend_table(File &file, const char *name, bool is_64) {
  file.imports.define("spectest", name, Table(file.store, {.min = 10, .max = 20, .is_64 = is_64}, Func()));
}

void *open_file(const char *bytes) {
  auto file = std::make_unique<File>(bytes);
  lend_print<>(*file, "print");
  lend_print<int32_t>(*file, "print_i32");
  lend_print<int64_t>(*file, "print_i64");
  lend_print<float>(*file, "print_f32");
  lend_print<double>(*file, "print_f64");
  lend_print<int32_t, float>(*file, "print_i32_f32");
  lend_print<double, double>(*file, "print_f64_f64");
  lend_global(*file, "global_i32", int32_t{666});
  lend_global(*file, "global_i64", int64_t{666});
  lend_global(*file, "global_f32", 666.6f);
  lend_global(*file, "global_f64", 666.6);
  lend_table(*file, "table", false);
  lend_table(*file, "table64", true);
  file->imports.define("spectest", "memory", Memory(file->store, {.min = 1, .max = 2}));
  return file.release();
}

void close_file(void *file) { delete static_cast<File *>(file); }

// ---- Values ----

template <class T>
T bits_of(const char *text) {
  std::array<uint64_t, 2> bits;
  spec_bits(text, bits.data());
  if constexpr (sizeof(T) == 16) return std::bit_cast<T>(bits);
  if constexpr (sizeof(T) == 8) return std::bit_cast<T>(bits[0]);
  if constexpr (sizeof(T) == 4) return std::bit_cast<T>(static_cast<uint32_t>(bits[0]));
}

Value value_of(File &file, const node *tagged) {
  const std::string tag = tagged->first->key;
  const char *text = tagged->first->text;
  if (tag == "externref") return text ? file.object(text) : ExternRef();
  if (tag == "anyref") return text ? AnyRef(file.object(text)) : AnyRef();
  if (tag == "funcref" && !text) return Func();
  if (tag == "exnref" && !text) return Exception();
  if (!text) throw Wrong("no value is " + tag);
  if (tag == "i32") return static_cast<int32_t>(std::stol(text));
  if (tag == "i64") return static_cast<int64_t>(std::stoll(text));
  if (tag == "f32") return bits_of<float>(text);
  if (tag == "f64") return bits_of<double>(text);
  if (tag == "v128") return bits_of<V128>(text);
  throw Wrong("no value is " + tag);
}

std::vector<Value> values_of(File &file, const node *list) {
  std::vector<Value> values;
  for (const node *one = list->first; one; one = one->next) values.push_back(value_of(file, one));
  return values;
}

bool is_null(const Value &value) {
  switch (top(value.type())) {
    case Type::funcref: return !value.as<Func>();
    case Type::externref: return !value.as<ExternRef>();
    case Type::exnref: return !value.as<Exception>();
    case Type::anyref: return !value.as<AnyRef>();
    default: return false;
  }
}

bool is_sort(const Value &value, const std::string &sort) {
  if (is_null(value)) return sort == "null";
  const Type type = value.type();
  if (sort == "eq") return type == Type::i31ref || type == Type::structref || type == Type::arrayref;
  if (sort == "any") return top(type) == Type::anyref;
  return name(type) == sort + "ref";
}

template <class T>
bool fits_lanes(const V128 &found, const node *lane) {
  for (T bits : std::bit_cast<std::array<T, 16 / sizeof(T)>>(found)) {
    if (!spec_is_float(bits, lane->text, 8 * sizeof(T))) return false;
    lane = lane->next;
  }
  return true;
}

bool is_same(const Value &found, const Value &wanted) {
  if (top(found.type()) != top(wanted.type())) return false;
  switch (top(found.type())) {
    case Type::i32: return found.as<int32_t>() == wanted.as<int32_t>();
    case Type::i64: return found.as<int64_t>() == wanted.as<int64_t>();
    case Type::v128: return found.as<V128>() == wanted.as<V128>();
    case Type::externref: return found.as<ExternRef>() == wanted.as<ExternRef>();
    case Type::anyref: return found.as<AnyRef>() == wanted.as<AnyRef>();
    case Type::funcref: return found.as<Func>() == wanted.as<Func>();
    case Type::exnref: return found.as<Exception>() == wanted.as<Exception>();
    default: return false;
  }
}

bool fits(File &file, const Value &found, const node *expected) {
  const node *one = expected->first;
  const std::string tag = one->key;
  if (tag == "either") {
    const node *choice = one->first;
    while (choice && !fits(file, found, choice)) choice = choice->next;
    return choice;
  }
  if (tag == "ref") return is_sort(found, one->text);
  if (tag == "f32x4") return found.type() == Type::v128 && fits_lanes<uint32_t>(found.as<V128>(), one->first);
  if (tag == "f64x2") return found.type() == Type::v128 && fits_lanes<uint64_t>(found.as<V128>(), one->first);
  if (tag == "f32") {
    return found.type() == Type::f32 && spec_is_float(std::bit_cast<uint32_t>(found.as<float>()), one->text, 32);
  }
  if (tag == "f64") {
    return found.type() == Type::f64 && spec_is_float(std::bit_cast<uint64_t>(found.as<double>()), one->text, 64);
  }
  return is_same(found, value_of(file, expected));
}

// ---- Commands ----

Module load(File &file, const node *command) {
  const char *bytes = file.bytes + tree_num(command, "at", 0);
  return Module::from_bytes(std::as_bytes(std::span(bytes, tree_num(command, "size", 0))), engine());
}

// A module that is to fail when it is instantiated must load.
Module load_good(File &file, const node *command) {
  try {
    return load(file, command);
  } catch (const Error &error) {
    throw Wrong(std::string("it does not load: ") + error.what());
  }
}

std::vector<Value> act(File &file, const node *command) {
  const node *action = tree_find(command, "action");
  const Instance &instance = find(file.instances, action);
  const std::string type = tree_str(action, "type"), name = text(tree_str(action, "name"));
  if (type == "invoke") return instance.func(name).call(values_of(file, tree_find(action, "args")));
  if (type == "get") return {instance.global(name).value()};
  throw Wrong("no action is " + type);
}

void check_results(File &file, const node *command) {
  const std::vector<Value> found = act(file, command);
  const node *expected = tree_find(command, "results");
  if (expected->count != found.size()) throw Wrong("another number of results: " + std::to_string(found.size()));
  const node *one = expected->first;
  for (const Value &value : found) {
    if (!fits(file, value, one)) throw Wrong("a result of type " + std::string(name(value.type())) + " is another one");
    one = one->next;
  }
}

void act_or_link(File &file, const node *command) {
  if (tree_find(command, "action")) {
    act(file, command);
  } else {
    file.store.instantiate(load_good(file, command), file.imports);
  }
}

// What a command does, and with which kind of error it must fail.
struct Verb {
  std::function<void(File &, const node *)> run;
  std::optional<Kind> kind = {};
};

const std::map<std::string, Verb> verbs{
    {"module", {[](File &file, const node *command) {
       file.instances.erase("");
       put(file.instances, command, file.store.instantiate(load(file, command), file.imports));
     }}},
    {"define", {[](File &file, const node *command) {
       file.definitions.erase("");
       put(file.definitions, command, load(file, command));
     }}},
    {"instance", {[](File &file, const node *command) {
       file.instances.erase("");
       put(file.instances, command, file.store.instantiate(find(file.definitions, command), file.imports));
     }}},
    {"register", {[](File &file, const node *command) {
       file.imports.instance(text(tree_str(command, "name")), find(file.instances, command));
     }}},
    {"action", {act}},
    {"return", {check_results}},
    {"trap", {act_or_link, Kind::trap}},
    {"exception", {act, Kind::exception}},
    {"invalid", {load, Kind::compile}},
    {"malformed", {load, Kind::compile}},
    {"unlinkable", {act_or_link, Kind::link}},
};

bool is_code(const node *command, std::string_view code) {
  const node *codes = tree_find(command, "codes");
  if (!codes) return tree_str(command, "code") == code;
  const node *one = codes->first;
  while (one && one->text != code) one = one->next;
  return one;
}

void check_error(const node *command, const Error &error, std::optional<Kind> kind) {
  if (error.kind() != kind) throw Wrong("it failed with " + std::string(name(error.kind())) + ": " + error.what());
  auto *trap = dynamic_cast<const Trap *>(&error);
  if (trap && !is_code(command, name(trap->code()))) throw Wrong("it traps with " + std::string(name(trap->code())));
}

void run(File &file, const node *command) {
  const auto verb = verbs.find(tree_str(command, "do"));
  if (verb == verbs.end()) throw Wrong("no command does this");
  try {
    verb->second.run(file, command);
  } catch (const Error &error) {
    return check_error(command, error, verb->second.kind);
  }
  if (verb->second.kind) throw Wrong("it did not fail");
}

const char *run_command(void *data, const node *command) {
  File &file = *static_cast<File *>(data);
  try {
    run(file, command);
    return nullptr;
  } catch (const std::exception &failed) {
    file.why = failed.what();
    return file.why.c_str();
  }
}

}  // namespace

int main() {
  static const spec_runner runner{"cpp", open_file, run_command, close_file};
  return spec_main(&runner);
}
