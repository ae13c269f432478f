// Functions of components.

#ifndef LANDBRIDGE_WIT_FUNC_HPP
#define LANDBRIDGE_WIT_FUNC_HPP

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "error.hpp"
#include "handle.hpp"
#include "out.hpp"
#include "store.hpp"
#include "text.hpp"
#include "wit_crossing.hpp"
#include "wit_described.hpp"
#include "wit_dynamic.hpp"
#include "wit_error.hpp"
#include "wit_resource.hpp"
#include "wit_signature.hpp"
#include "wit_value.hpp"

namespace landbridge {

namespace detail {

// A function, and what its calls need.
struct WitResolved {
  explicit WitResolved(lb_wit_func_t raw)
      : func(raw),
        name(told_by(lb_wit_func_name, raw)),
        type(TypeReader().read(made<lb_wit_func_type_t>(lb_wit_func_type, raw))),
        store(std::make_shared<const Store>(made<lb_store_t>(lb_wit_func_store, raw))) {}

  Handle<lb_wit_func_t, lb_wit_func_release> func;
  std::string name;
  WitFuncType type;
  std::shared_ptr<const Store> store;
};

// How a parameter of a signature crosses: by which codec, and how C++ passes it.
template <class A>
struct Param {
  using Value = std::remove_cvref_t<A>;
  using Pass = const Value &;
  static_assert(Crosses<Value>, "this type is none of WIT: specialise landbridge::Wit for it; see landbridge/wit.hpp");
};
template <>
struct Param<const Resource &> {
  using Value = ResourceRef;
  using Pass = const Resource &;
};
template <>
struct Param<Resource> {
  using Value = Resource;
  using Pass = Resource;
};

// What a signature gives, by itself or as a result.
template <class R>
using Given = std::conditional_t<std::is_void_v<R>, std::monostate, R>;

}  // namespace detail

template <class Signature>
class TypedWitFunc;

// A function that a component exports. Copies are the same function. May be called from many threads: they take turns.
class WitFunc {
 public:
  // Takes over a handle of landbridge.h.
  explicit WitFunc(lb_wit_func_t handle) : it_(std::make_shared<const detail::WitResolved>(handle)) {}

  // The name that it was asked for by.
  const std::string &name() const noexcept { return it_->name; }
  // What it takes and gives.
  const WitFuncType &type() const noexcept { return it_->type; }
  // The store it lives in.
  const Store &store() const noexcept { return *it_->store; }

  // Calls it, for programs that learn the types when they run: `hello.call({"Ada"})`. Of a `result`, gives what `ok` holds, and
  // throws WitError for an `err`. Nothing is what a function gives that has no result.
  //
  // Before the guest is entered, and without harm, throws TypeError and RangeError for what does not fit, with the place:
  // `args[0].tags[1]: 300 does not fit in u8`; Closed; Busy if a call of this component waits for a host function. After
  // that, Trap and whatever else ends a guest: it ends all components of the store, which are Poisoned then.
  WitValue call(std::span<const WitValue> args) const {
    check_count(args.size());
    const detail::SpareWriter frame;
    detail::DynamicWriter writer(*frame);
    for (size_t i = 0; i < args.size(); ++i) {
      writer.write(detail::WitPlace::argument(i), type().params[i].type, args[i]);
    }
    WitValue given;
    const WitType &result = type().result;
    detail::Receiver receiver([&](detail::FrameReader &reader) { if (result) given = detail::read_value(reader, result); },
                              detail::dynamic_makers, it_->store, result);
    call_frame(*frame, receiver.sink());
    const auto *outcome = std::get_if<WitValue::Result>(&given.any());
    if (!outcome || result.sort() != WitSort::result) return given;
    const WitValue held = outcome->held ? *outcome->held : WitValue();
    if (!outcome->is_ok) throw WitError(held);
    return held;
  }
  WitValue call(std::initializer_list<WitValue> args) const {
    return call(std::span<const WitValue>(args.begin(), args.size()));
  }

  // The same function with a signature of C++; see Instance::wit_func(). Throws TypeError if it is another one.
  template <class Signature>
  TypedWitFunc<Signature> typed() const {
    return TypedWitFunc<Signature>(*this);
  }

  // The handle of landbridge.h, which stays this object's.
  lb_wit_func_t get() const noexcept { return it_->func.get(); }

 private:
  template <class>
  friend class TypedWitFunc;

  void check_count(size_t given) const {
    const size_t wanted = type().params.size();
    if (wanted == given) return;
    throw TypeError(name() + " takes " + std::to_string(wanted) + (wanted == 1 ? " argument" : " arguments") + ", got " +
                    std::to_string(given) + ": it is " + type().text());
  }

  void call_frame(detail::FrameWriter &frame, const lb_wit_sink_t &sink) const {
    const detail::Lending lent(frame);
    detail::check(lb_wit_func_call_frame(get(), lent.get(), &sink));
  }

  std::shared_ptr<const detail::WitResolved> it_;
};

// A function of a component with a signature of C++, checked when it is made. Arguments go straight into a frame, and the
// result comes straight out of one.
template <class R, class... A>
class TypedWitFunc<R(A...)> {
  static_assert(detail::Nothing<R> || detail::Made<R>,
                "what a function gives owns what it has: std::string rather than std::string_view, std::vector rather than "
                "std::span; see landbridge/wit.hpp");

 public:
  // Throws TypeError if the function has another signature, and says where.
  explicit TypedWitFunc(WitFunc func) : func_(std::move(func)) {
    static const detail::Signature wanted(std::array<WitType, sizeof...(A)>{codec<A>::type()...}, detail::Held<R>::type(),
                                          !detail::is_result<R>);
    const auto found = detail::made<lb_wit_func_type_t>(lb_wit_func_type, func_.get());
    detail::check(lb_wit_signature_check(&found, func_.name().c_str(), false, wanted.data(), wanted.size(), &is_ok_));
  }

  // Throws WitError for an `err`, if R is not a WitResult; else as WitFunc::call(). Of wrong values there are few: text that is
  // not UTF-8, half of a surrogate pair, numbers that are no enumerators.
  R operator()(typename detail::Param<A>::Pass... args) const {
    const detail::SpareWriter frame;
    try {
      (codec<A>::write(*frame, args), ...);
    } catch (const detail::WrongAt &wrong) {
      say_wrong(*frame, wrong);
    }
    std::optional<detail::Given<R>> given;
    std::optional<WitValue> err;
    detail::Receiver receiver([&](detail::FrameReader &reader) { read(reader, given, err); }, makers, func_.it_->store,
                              func_.type().result);
    func_.call_frame(*frame, receiver.sink());
    if (err) [[unlikely]] throw WitError(*err);
    if constexpr (!std::is_void_v<R>) return *std::move(given);
  }

  const WitFunc &func() const noexcept { return func_; }

 private:
  template <class P>
  using codec = detail::Codec<typename detail::Param<P>::Value>;

  static constexpr detail::Makers makers = [] {
    detail::Makers all;
    detail::Held<R>::bulk(all);
    return all;
  }();

  void read(detail::FrameReader &reader, std::optional<detail::Given<R>> &given, std::optional<WitValue> &err) const {
    if (is_ok_ && reader.boolean()) [[unlikely]] {
      const WitType &type = func_.type().result.parts()[1].type;
      err = type ? detail::read_value(reader, type) : WitValue();
    } else {
      given.emplace(detail::Held<R>::read(reader));
    }
  }

  [[noreturn]] void say_wrong(const detail::FrameWriter &frame, const detail::WrongAt &wrong) const {
    detail::placed(frame, wrong, [&](detail::FrameWalk &walk) {
      for (size_t i = 0; i < sizeof...(A); ++i) walk.value(detail::WitPlace::argument(i), func_.type().params[i].type);
    });
  }

  WitFunc func_;
  bool is_ok_ = false;
};

}  // namespace landbridge

#endif
