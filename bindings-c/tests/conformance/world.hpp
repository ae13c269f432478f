// What a case has made, by name.

#ifndef CONFORMANCE_WORLD_HPP
#define CONFORMANCE_WORLD_HPP

#include <deque>
#include <landbridge.hpp>
#include <map>
#include <mutex>
#include <sstream>
#include <stdexcept>

#include "../tree.h"

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

// What one step started.
using Calls = std::vector<Call<std::vector<Value>>>;

// The same of a function of a component, with its type.
struct WitCalls {
  WitFunc func;
  std::vector<WitCall<WitValue>> calls;
};

// A resource of a component, or an object of the host that is one, is known as a WitValue.
using Thing = std::variant<Engine, Module, Store, Instance, View, Func, Memory, Table, Global, Tag, GcRef, Exception, Pool,
                           Calls, WitCalls, WitValue>;

// A case, or the names of one thread of it.
struct Env {
  Env *parent = nullptr;
  std::mutex lock = {};
  std::map<std::string, std::shared_ptr<Thing>> things = {};
  std::map<std::string, std::shared_ptr<std::string>> objects = {};
  std::map<std::string, std::exception_ptr> exceptions = {};
  std::map<std::string, const std::exception *> thrown = {};
  std::deque<std::vector<Value>> log = {};
  std::vector<std::vector<std::string>> wit_log = {};
  std::string written = {};
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
  std::filesystem::path file(const Node &step) { return file(step.str("file")); }
  // A file in the case's own folder, which is made at first mention.
  std::filesystem::path file(const std::string &name) {
    Env &e = outermost();
    std::lock_guard guard(e.lock);
    if (e.folder.empty()) {
      std::string pattern = std::filesystem::temp_directory_path() / "landbridge-conformance-XXXXXX";
      if (!mkdtemp(pattern.data())) throw Failure("no folder can be made");
      e.folder = pattern;
    }
    return e.folder / name;
  }
};

}  // namespace

#endif
