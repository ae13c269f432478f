// What modules may import.

#ifndef LANDBRIDGE_IMPORTS_HPP
#define LANDBRIDGE_IMPORTS_HPP

#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include "extern.hpp"
#include "handle.hpp"
#include "host.hpp"
#include "instance.hpp"
#include "module.hpp"
#include "out.hpp"
#include "sandbox.hpp"
#include "store.hpp"
#include "text.hpp"
#include "value.hpp"
#include "wit_host.hpp"

namespace landbridge {

// What modules may import, by the two names of an import. May be used for any number of
// instances.
class Imports : public detail::Handle<lb_imports_t, lb_imports_release> {
 public:
  using Handle::Handle;

  Imports() { detail::check(lb_imports_new(&handle_)); }

  // Defines a host function. The callable lives as long as an instance that uses it:
  //
  //     imports.func("env", "inc", [](int32_t x) { return x + 1; });
  //     imports.func("env", "log", [](const Context &context, uint32_t at, uint32_t length) { ... });
  //     imports.func("env", "any", [](const Context &, std::span<const Value> args) {
  //       return std::vector<Value>(args.begin(), args.end());
  //     });
  //
  // Its parameters and result say what type it has; several results are a std::tuple. The last form
  // takes any. Where a module imports it with another type, the call throws TypeError. Instances on
  // several threads call it from several threads. It may throw anything.
  template <class F>
  Imports &func(const std::string &module, const std::string &name, F callable) {
    using Callable = std::decay_t<F>;
    const std::string in = detail::c_name(module), as = detail::c_name(name);
    auto data = std::make_unique<Callable>(std::move(callable));
    detail::check(lb_imports_func(handle_, in.c_str(), as.c_str(), &detail::call_host<Callable>, data.release(),
                                  &detail::drop_host<Callable>));
    return *this;
  }

  // Defines a host function for components, by the name of its interface ("" for a function of the world itself) and its own, as
  // WIT has them. The interface may be named in full, without a version, or in short. It lives as long as an instance that
  // uses it:
  //
  //     imports.wit_func("demo:app/host", "log", [](uint8_t level, std::string_view text) { ... });
  //     imports.wit_func("prices", "price", [](std::string_view colour) -> uint32_t {
  //       if (colour != "red") throw WitError("sold out");           // the `err` of its `result<u32, string>`
  //       return 1200;
  //     });
  //     imports.wit_func("journals", "[method]journal.write", &Journal::write);  // Journal &, then what write() takes
  //     imports.wit_func("any", "thing", [](const Context &, std::span<const WitValue> args) { return args[0]; });
  //
  // Its parameters and result say what type it has: one that a component imports with another type throws LinkError when
  // the component is instantiated. The last form takes any; with a const WitFuncType & in the middle it learns which. A `result<T, E>` is a T, with WitError for an `err`, or a WitResult<T, E>.
  // What a std::string_view or a span leads to lives until it returns. Any other exception comes out of the outermost call as that
  // very object, and ends the components of the store.
  template <class F>
  Imports &wit_func(const std::string &interface, const std::string &name, F callable) {
    using Of = detail::WitHostOf<std::decay_t<F>>;
    using Callable = typename Of::Callable;
    const std::string in = detail::c_name(interface), as = detail::c_name(name);
    detail::check(lb_imports_wit_frame(handle_, in.c_str(), as.c_str(), &detail::call_wit<Callable>,
                                       &detail::check_wit<Callable>, Of::make(std::move(callable)),
                                       &detail::drop_host<Callable>));
    return *this;
  }

  // Defines a resource of an interface for components: objects of the program's can cross as it, as std::shared_ptr. An
  // interface of which a function was defined has its resources without this.
  Imports &wit_resource(const std::string &interface, const std::string &name) {
    detail::check(
        lb_imports_wit_resource(handle_, detail::c_name(interface).c_str(), detail::c_name(name).c_str()));
    return *this;
  }

  // Defines something of the store that the module will be instantiated in.
  template <class T>
  Imports &define(const std::string &module, const std::string &name, const T &item) {
    detail::check(lb_imports_define(handle_, detail::c_name(module).c_str(), detail::c_name(name).c_str(),
                                    detail::lent(item)));
    return *this;
  }

  // Defines a value: a module that imports an immutable global by this name gets one of just the type it asks
  // for. What is mutable is a Global.
  Imports &value(const std::string &module, const std::string &name, const Value &value) {
    detail::check(lb_imports_value(handle_, detail::c_name(module).c_str(), detail::c_name(name).c_str(),
                                   value.get()));
    return *this;
  }

  // Whether "_initialize" is called when an instance is made; it is, unless this says false. It is what a reactor of
  // WASI exports, a library that is called into. Say false to set the instance up before it, and call it yourself before anything else: once, a second call
  // throws Unsupported.
  Imports &initialize(bool initialize) {
    detail::check(lb_imports_initialize(handle_, initialize));
    return *this;
  }

  // Defines all exports of an instance in that store.
  Imports &instance(const std::string &module, const Instance &instance) {
    detail::check(lb_imports_instance(handle_, detail::c_name(module).c_str(), instance.get()));
    return *this;
  }
};

inline Instance Module::instantiate(const Imports &imports) const {
  const lb_imports_t raw = imports.get();
  return detail::instantiate(*this, &raw);
}

inline Instance Module::instantiate(const Imports &imports, const Sandbox &sandbox) const {
  const lb_imports_t raw = imports.get();
  detail::RawSandbox closed_in(sandbox);
  return Instance(detail::made<lb_instance_t>(lb_instance_new_with, handle_, &raw, closed_in.take()));
}

inline Expected<Instance> Module::try_instantiate(const Imports &imports) const {
  const lb_imports_t raw = imports.get();
  return detail::try_made<Instance, lb_instance_t>(lb_instance_new, handle_, &raw);
}

inline Expected<Instance> Module::try_instantiate(const Imports &imports, const Sandbox &sandbox) const {
  const lb_imports_t raw = imports.get();
  detail::RawSandbox closed_in(sandbox);
  return detail::try_made<Instance, lb_instance_t>(lb_instance_new_with, handle_, &raw, closed_in.take());
}

inline Instance Store::instantiate(const Module &module, const Imports &imports) const {
  const lb_imports_t raw = imports.get();
  return detail::instantiate(*this, module, &raw);
}

}  // namespace landbridge

#endif
