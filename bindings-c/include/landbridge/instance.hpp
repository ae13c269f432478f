// Modules at work.

#ifndef LANDBRIDGE_INSTANCE_HPP
#define LANDBRIDGE_INSTANCE_HPP

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include "call.hpp"
#include "expected.hpp"
#include "extern.hpp"
#include "func.hpp"
#include "handle.hpp"
#include "module.hpp"
#include "out.hpp"
#include "results.hpp"
#include "store.hpp"
#include "text.hpp"
#include "types.hpp"
#include "value.hpp"
#include "wit_func.hpp"

namespace landbridge {

// A module at work.
class Instance : public detail::Handle<lb_instance_t, lb_instance_release> {
 public:
  using Handle::Handle;

  // An exported function. Throws NotFound.
  Func func(const char *name) const { return find<Func>(name, lb_instance_func); }
  Func func(const std::string &name) const { return func(detail::c_name(name).c_str()); }
  // The same with a signature of C++. Throws TypeError if it has another one.
  template <class Signature>
  TypedFunc<Signature> func(const char *name) const {
    return TypedFunc<Signature>(func(name));
  }
  template <class Signature>
  TypedFunc<Signature> func(const std::string &name) const {
    return TypedFunc<Signature>(func(name));
  }
  // The same, with the error in place of an exception.
  template <class Signature>
  Expected<TypedFunc<Signature>> try_func(const std::string &name) const {
    lb_func_t found;
    if (lb_error_t *error = lb_instance_func(handle_, detail::c_name(name).c_str(), &found)) return Error(error);
    return TypedFunc<Signature>::try_of(Func(found));
  }
  Memory memory(const std::string &name) const { return find<Memory>(name, lb_instance_memory); }
  Table table(const std::string &name) const { return find<Table>(name, lb_instance_table); }
  Global global(const std::string &name) const { return find<Global>(name, lb_instance_global); }
  Tag tag(const std::string &name) const { return find<Tag>(name, lb_instance_tag); }
  // An export of any sort.
  Extern exported(const std::string &name) const {
    return detail::extern_of(detail::made<lb_extern_t>(lb_instance_export, handle_, detail::c_name(name).c_str()));
  }
  // Names and types of all exports, in the module's order.
  std::vector<ExportType> exports() const {
    return detail::exports_of(detail::lent_by<lb_export_t>(lb_instance_exports, handle_));
  }

  // Calls a function by name: calc.call<int32_t>("add", 2, 3). Throws NotFound, TypeError, Trap, what a
  // host function threw.
  template <class R, detail::Crossing... A>
  R call(const char *name, const A &...args) const {
    // The library knows the number of results; here is the place to know their types.
    const lb_value_t in[sizeof...(A) + 1] = {detail::Leaf<A>::lend(args)...};
    lb_value_t out[detail::Results<R>::count + 1];
    detail::check(lb_instance_call(handle_, name, in, sizeof...(A), out, detail::Results<R>::count));
    return detail::checked<R>(name, out);
  }
  // The same with values: calc.call("add", {2, 3}).
  std::vector<Value> call(const char *name, std::span<const Value> args) const { return func(name).call(args); }
  std::vector<Value> call(const char *name, std::initializer_list<Value> args) const {
    return func(name).call(args);
  }

  // Calls a function by name on a thread of the library's, and does not wait: calc.call_async<int32_t>("add", 2, 3).
  // Throws NotFound, TypeError for a wrong number of arguments, Closed, LimitExceeded if no thread can be started; all
  // else comes out of the Call.
  template <class R, detail::Crossing... A>
  Call<R> call_async(const char *name, const A &...args) const {
    return detail::start_typed<R>(
        [&](const lb_value_t *in, size_t nin, lb_call_t *call) {
          return lb_instance_call_async(handle_, name, in, nin, call, nullptr, nullptr);
        },
        args...);
  }
  // The same with values.
  Call<std::vector<Value>> call_async(const char *name, std::span<const Value> args) const {
    return detail::start_values(
        [&](const lb_value_t *in, size_t nin, lb_call_t *call) {
          return lb_instance_call_async(handle_, name, in, nin, call, nullptr, nullptr);
        },
        args);
  }
  Call<std::vector<Value>> call_async(const char *name, std::initializer_list<Value> args) const {
    return call_async(name, std::span<const Value>(args.begin(), args.size()));
  }

  // A function that a component exports, by the name that WIT has for it: "hello", or
  // "demo:app/shapes@1.2.0#area" of an interface, in short "shapes#area". Throws NotFound.
  WitFunc wit_func(const std::string &name) const {
    return WitFunc(detail::made<lb_wit_func_t>(lb_instance_wit_func, handle_, detail::c_name(name).c_str()));
  }
  // The same with a signature of C++, which is checked now. Throws TypeError if it has another one, and says where.
  //
  //     auto hello = greet.wit_func<std::string(std::string_view)>("hello");
  //     std::string text = hello("Ada");
  //
  // A function that gives a `result<T, E>` is asked for as T, and throws WitError for an `err`, or as WitResult<T, E>. What the
  // types of C++ are in WIT is in landbridge/wit.hpp and the guide.
  template <class Signature>
  TypedWitFunc<Signature> wit_func(const std::string &name) const {
    return TypedWitFunc<Signature>(wit_func(name));
  }
  // The same, with the error in place of an exception.
  template <class Signature>
  Expected<TypedWitFunc<Signature>> try_wit_func(const std::string &name) const {
    lb_wit_func_t found;
    if (lb_error_t *error = lb_instance_wit_func(handle_, detail::c_name(name).c_str(), &found)) return Error(error);
    return TypedWitFunc<Signature>::try_of(WitFunc(found));
  }
  // Calls a function of a component by name: greet.wit_call("hello", {"Ada"}). Throws as WitFunc::call(), and NotFound.
  WitValue wit_call(const std::string &name, std::span<const WitValue> args) const { return wit_func(name).call(args); }
  WitValue wit_call(const std::string &name, std::initializer_list<WitValue> args) const {
    return wit_func(name).call(args);
  }

  // Runs a program of WASI: calls its "_start", and gives its exit code, also where it ended itself with one. A program
  // runs once. Throws NotFound if the module is no program, Unsupported if it ran already, else as a call, but not Exit.
  int32_t run() const { return detail::made<int32_t>(lb_instance_run, handle_); }

  // The same, with the error in place of an exception.
  Expected<int32_t> try_run() const { return detail::try_made<int32_t, int32_t>(lb_instance_run, handle_); }

  // The same on a thread of the library's. Throws Closed, LimitExceeded if no thread can be started; all else comes out
  // of the Call.
  Call<int32_t> run_async() const {
    lb_call_t call;
    detail::check(lb_instance_run_async(handle_, &call, nullptr, nullptr));
    return Call<int32_t>(call);
  }

  // The store it lives in.
  Store store() const { return Store(detail::made<lb_store_t>(lb_instance_store, handle_)); }

  // Ends the instance: one made by Module::instantiate() with its store, see Store::close(); one made
  // in a store only stops answering; one taken from a Pool is given back. Closing twice is no error.
  void close() const { detail::closed(lb_instance_close(handle_)); }

 private:
  template <class T, class H>
  T find(const char *name, lb_error_t *(*by_name)(lb_instance_t, const char *, H *)) const {
    return T(detail::made<H>(by_name, handle_, name));
  }
  template <class T, class H>
  T find(const std::string &name, lb_error_t *(*by_name)(lb_instance_t, const char *, H *)) const {
    return find<T>(detail::c_name(name).c_str(), by_name);
  }
};

namespace detail {

inline Instance instantiate(const Module &module, const lb_imports_t *imports) {
  return Instance(made<lb_instance_t>(lb_instance_new, module.get(), imports));
}

inline Instance instantiate(const Store &store, const Module &module, const lb_imports_t *imports) {
  return Instance(made<lb_instance_t>(lb_store_instantiate, store.get(), module.get(), imports));
}

}  // namespace detail

inline Instance Module::instantiate() const { return detail::instantiate(*this, nullptr); }

inline Expected<Instance> Module::try_instantiate() const {
  return detail::try_made<Instance, lb_instance_t>(lb_instance_new, handle_, static_cast<const lb_imports_t *>(nullptr));
}

inline Instance Store::instantiate(const Module &module) const { return detail::instantiate(*this, module, nullptr); }

}  // namespace landbridge

#endif
