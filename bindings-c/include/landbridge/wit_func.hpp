// Functions of components.

#ifndef LANDBRIDGE_WIT_FUNC_HPP
#define LANDBRIDGE_WIT_FUNC_HPP

#include <array>
#include <chrono>
#include <concepts>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <functional>
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
#include "expected.hpp"
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
        store(std::make_shared<const ResourceStore>(Store(made<lb_store_t>(lb_wit_func_store, raw)))) {
    type.told = told_by(lb_wit_func_text, raw);
  }

  Handle<lb_wit_func_t, lb_wit_func_release> func;
  std::string name;
  WitFuncType type;
  StoreRef store;
};

// How a parameter of a signature crosses: by which codec, and how C++ passes it.
template <class A>
struct Param {
  using Value = std::remove_cvref_t<A>;
  using Pass = const Value &;
  static_assert(Crosses<Value>, "this type, or one in it, is none of WIT: specialise landbridge::Wit for it, see landbridge/wit.hpp; or call with WitValues, without a signature: wit_call()");
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
template <ResourceClass T>
struct Param<const T &> {
  using Value = ResourceRef;
  using Pass = const T &;
};
template <ResourceClass T>
struct Param<T> {
  using Value = T;
  using Pass = T;
};

// What a signature gives, by itself or as a result.
template <class R>
using Given = std::conditional_t<std::is_void_v<R>, std::monostate, R>;

// Receives a result as a type of C++: `start` has it handed to a sink. is_ok: it is the `ok` of the function's `result`; gives the
// `err`, if that is what it is.
template <class R, class Start>
std::optional<WitValue> receive(const WitResolved &func, bool is_ok, std::optional<Given<R>> &given, Start start) {
  static constexpr Makers makers = [] {
    Makers all;
    Held<R>::bulk(all);
    return all;
  }();
  std::optional<WitValue> err;
  const auto read = [&](FrameReader &reader) {
    if (is_ok && reader.boolean()) [[unlikely]] {
      const WitType &type = func.type.result.parts()[1].type;
      err = type ? read_value(reader, type) : WitValue();
    } else {
      given.emplace(Held<R>::read(reader));
    }
  };
  Receiver receiver(read, makers, func.store, func.type.result);
  start(receiver.sink());
  return err;
}

// Takes a result as a type of C++, and throws an `err`.
template <class R, class Start>
R take_typed(const WitResolved &func, bool is_ok, Start start) {
  std::optional<Given<R>> given;
  const std::optional<WitValue> err = receive<R>(func, is_ok, given, start);
  if (err) [[unlikely]] LANDBRIDGE_THROW(WitError(*err));
  if constexpr (!std::is_void_v<R>) return *std::move(given);
}

// The same, with the error in place of an exception. `start` gives that of the call.
template <class R, class Start>
Expected<R> try_take_typed(const WitResolved &func, bool is_ok, Start start) {
  std::optional<Given<R>> given;
  lb_error_t *error = nullptr;
  const std::optional<WitValue> err = receive<R>(func, is_ok, given, [&](const lb_wit_sink_t &sink) { error = start(sink); });
  if (error) [[unlikely]] return Error(error);
  if (err) [[unlikely]] return Error(WitError(*err));
  if constexpr (std::is_void_v<R>) {
    return {};
  } else {
    return *std::move(given);
  }
}

// The same as a value: what `ok` holds of a `result`.
template <class Start>
WitValue take_value(const WitResolved &func, Start start) {
  WitValue given;
  const WitType &type = func.type.result;
  const auto read = [&](FrameReader &reader) {
    if (type) given = read_value(reader, type);
  };
  Receiver receiver(read, dynamic_makers, func.store, type);
  start(receiver.sink());
  const auto *outcome = std::get_if<WitValue::Result>(&given.any());
  if (!outcome || type.sort() != WitSort::result) return given;
  const WitValue held = outcome->held ? *outcome->held : WitValue();
  if (!outcome->is_ok) LANDBRIDGE_THROW(WitError(held));
  return held;
}

// Writes values as arguments.
inline void write_args(FrameWriter &frame, const WitResolved &func, std::span<const WitValue> args) {
  const auto &params = func.type.params;
  if (params.size() != args.size()) {
    LANDBRIDGE_THROW(TypeError(func.name + " takes " + std::to_string(params.size()) + (params.size() == 1 ? " argument" : " arguments") +
                    ", got " + std::to_string(args.size()) + ": it is " + func.type.text()));
  }
  DynamicWriter writer(frame);
  for (size_t i = 0; i < args.size(); ++i) writer.write(WitPlace::argument(i), params[i].type, args[i]);
}

}  // namespace detail

// A call of a function of a component that runs on a thread of the library's and gives an R. It moves but does not copy, and
// the call goes on if it is dropped. Calls of one store run one after the other, in the order they were made; any number may
// be in flight. Host functions run on the thread of the call.
//
// A coroutine may await it: `std::string text = co_await hello.call_async("Ada");`. It goes on where then() calls.
template <class R>
class [[nodiscard]] WitCall {
 public:
  // Takes over a handle of landbridge.h.
  WitCall(lb_wit_call_t handle, std::shared_ptr<const detail::WitResolved> func, bool is_ok = false) noexcept
      : handle_(handle), func_(std::move(func)), is_ok_(is_ok) {}

  // Waits for the outcome, any number of times, but once where there is a resource in it. Throws what the call threw; Deadlock
  // in a host function of the store that the call is to run in.
  R get() const {
    if (!func_) (void)wait_for(std::chrono::milliseconds(0));  // which says that it was moved from
    const auto start = [this](const lb_wit_sink_t &sink) { detail::check(lb_wit_call_wait_frame(handle(), &sink)); };
    if constexpr (std::same_as<R, WitValue>) {
      return detail::take_value(*func_, start);
    } else {
      return detail::take_typed<R>(*func_, is_ok_, start);
    }
  }

  // Waits for at most so long, and tells whether the call is over.
  template <class Rep, class Period>
  bool wait_for(std::chrono::duration<Rep, Period> most) const {
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(most).count();
    return detail::made<bool>(lb_wit_call_wait_for, handle(), ms < 0 ? 0 : static_cast<uint64_t>(ms));
  }

  // Whether the call is over.
  bool is_done() const noexcept { return lb_wit_call_is_done(handle()); }

  // Ends this call and no other, with Cancelled; see Call::cancel().
  void cancel() const { detail::check(lb_wit_call_cancel(handle())); }

  // Has a callable called with this WitCall once it is over; see Call::then().
  template <std::invocable<WitCall> F>
  void then(F callable) && {
    struct Both {
      WitCall call;
      F callable;
      static void run(void *data, const lb_error_t *, const lb_wit_value_t *) noexcept {
        const std::unique_ptr<Both> both(static_cast<Both *>(data));
        std::invoke(both->callable, std::move(both->call));
      }
    };
    std::unique_ptr<Both> both(new Both{std::move(*this), std::move(callable)});
    detail::check(lb_wit_call_on_done(both->call.handle(), &Both::run, both.get()));
    both.release();
  }

  // For co_await.
  bool await_ready() const noexcept { return is_done(); }
  void await_suspend(std::coroutine_handle<> waiting) const {
    const auto resume = [](void *data, const lb_error_t *, const lb_wit_value_t *) noexcept { std::coroutine_handle<>::from_address(data).resume(); };
    detail::check(lb_wit_call_on_done(handle(), resume, waiting.address()));
  }
  R await_resume() const { return get(); }

  // The handle of landbridge.h, which stays this object's.
  lb_wit_call_t handle() const noexcept { return handle_.get(); }

 private:
  detail::Handle<lb_wit_call_t, lb_wit_call_release> handle_;
  std::shared_ptr<const detail::WitResolved> func_;
  bool is_ok_;
};

template <class Signature>
class TypedWitFunc;

// A function that a component exports. Copies are the same function. May be called from many threads: they take turns.
class WitFunc {
 public:
  // Takes over a handle of landbridge.h.
  explicit WitFunc(lb_wit_func_t handle) : it_(std::make_shared<const detail::WitResolved>(handle)) {}
  // One that was moved from is the same function still.
  WitFunc(const WitFunc &) = default;
  WitFunc &operator=(const WitFunc &) = default;

  // The name that it was asked for by.
  const std::string &name() const noexcept { return it_->name; }
  // What it takes and gives.
  const WitFuncType &type() const noexcept { return it_->type; }
  // The store it lives in.
  const Store &store() const noexcept { return it_->store->store; }

  // Calls it, for programs that learn the types when they run: `hello.call({"Ada"})`. Of a `result`, gives what `ok` holds, and
  // throws WitError for an `err`. Nothing is what a function gives that has no result.
  //
  // Before the guest is entered, and without harm, throws TypeError and RangeError for what does not fit, with the place:
  // `args[0].tags[1]: 300 does not fit in u8`; Closed; Busy if a call of this component waits for a host function. After
  // that, Trap and whatever else ends a guest: it ends all components of the store, which are Poisoned then.
  WitValue call(std::span<const WitValue> args) const {
    const detail::SpareWriter frame;
    (*frame).for_store(it_->store->number);
    detail::write_args(*frame, *it_, args);
    return detail::take_value(*it_, [&](const lb_wit_sink_t &sink) { call_frame(*frame, sink); });
  }
  WitValue call(std::initializer_list<WitValue> args) const {
    return call(std::span<const WitValue>(args.begin(), args.size()));
  }

  // Calls it on a thread of the library's, and does not wait. Throws TypeError and RangeError for what does not fit,
  // LimitExceeded if no thread can be started; all else comes out of the WitCall.
  WitCall<WitValue> call_async(std::span<const WitValue> args) const {
    const detail::SpareWriter frame;
    (*frame).for_store(it_->store->number);
    detail::write_args(*frame, *it_, args);
    return WitCall<WitValue>(start_frame(*frame), it_);
  }
  WitCall<WitValue> call_async(std::initializer_list<WitValue> args) const {
    return call_async(std::span<const WitValue>(args.begin(), args.size()));
  }

  // The same function with a signature of C++; see Instance::wit_func(). Throws TypeError if it is another one.
  template <class Signature>
  TypedWitFunc<Signature> typed() const {
    return TypedWitFunc<Signature>(*this);
  }

  // The handle of landbridge.h, which stays this object's.
  lb_wit_func_t get() const noexcept { return it_->func.get(); }

  // For what `landbridge types --cpp` writes: where classes of resources that this function gives find their functions.
  void owned_by(const std::shared_ptr<const void> &owner) const { it_->store->owner = owner; }

 private:
  template <class>
  friend class TypedWitFunc;
  friend class Pool;

  void call_frame(detail::FrameWriter &frame, const lb_wit_sink_t &sink) const {
    const detail::Lending lent(frame);
    detail::check(lb_wit_func_call_frame(get(), lent.get(), &sink));
  }

  lb_wit_call_t start_frame(detail::FrameWriter &frame) const {
    const detail::Lending lent(frame);
    lb_wit_call_t call{};
    detail::check(lb_wit_func_call_frame_async(get(), lent.get(), &call, nullptr, nullptr));
    return call;
  }

  std::shared_ptr<const detail::WitResolved> it_;
};

// A function of a component with a signature of C++, checked when it is made. Arguments go straight into a frame, and the
// result comes straight out of one.
template <class R, class... A>
class TypedWitFunc<R(A...)> {
  static_assert(detail::Nothing<R> || detail::Crosses<R>,
                "what the function gives, or a type in it, is none of WIT: specialise landbridge::Wit for it; see "
                "landbridge/wit.hpp");
  static_assert(detail::Nothing<R> || !detail::Crosses<R> || detail::Made<R>,
                "what a function gives owns what it has: std::string rather than std::string_view, std::vector rather than "
                "std::span; see landbridge/wit.hpp");

 public:
  // Throws TypeError if the function has another signature, and says where.
  explicit TypedWitFunc(WitFunc func) : func_(std::move(func)) { detail::check(mismatch()); }

  // The same, with the error in place of an exception.
  static Expected<TypedWitFunc> try_of(WitFunc func) {
    TypedWitFunc made(std::move(func), Unchecked());
    if (lb_error_t *error = made.mismatch()) return Error(error);
    return made;
  }

  // Throws WitError for an `err`, if R is not a WitResult; else as WitFunc::call(). Of wrong values there are few: text that is
  // not UTF-8, half of a surrogate pair, numbers that are no enumerators.
  R operator()(typename detail::Param<A>::Pass... args) const {
    const detail::SpareWriter frame;
    write(*frame, args...);
    return detail::take_typed<R>(*func_.it_, is_ok_, [&](const lb_wit_sink_t &sink) { func_.call_frame(*frame, sink); });
  }

  // The same, with the error in place of an exception: also an `err`, of Kind::wit, whose value a WitResult has.
  Expected<R> try_call(typename detail::Param<A>::Pass... args) const {
    const detail::SpareWriter frame;
    LANDBRIDGE_TRY {
      if (lb_error_t *error = write_all(*frame, args...)) [[unlikely]] return Error(error);
    } LANDBRIDGE_CATCH_ALL {
      return Error(detail::caught());
    }
    return detail::try_take_typed<R>(*func_.it_, is_ok_, [&](const lb_wit_sink_t &sink) {
      const detail::Lending lent(*frame);
      return lb_wit_func_call_frame(func_.get(), lent.get(), &sink);
    });
  }

  // Calls it on a thread of the library's, and does not wait: `WitCall<std::string> text = hello.call_async("Ada");`.
  // Arguments are copied. Throws LimitExceeded if no thread can be started; all else comes out of the WitCall.
  WitCall<R> call_async(typename detail::Param<A>::Pass... args) const {
    const detail::SpareWriter frame;
    write(*frame, args...);
    return WitCall<R>(func_.start_frame(*frame), func_.it_, is_ok_);
  }

  const WitFunc &func() const noexcept { return func_; }

 private:
  template <class P>
  using codec = detail::Codec<typename detail::Param<P>::Value>;

  struct Unchecked {};
  TypedWitFunc(WitFunc func, Unchecked) : func_(std::move(func)) {}

  // What is wrong with the signature, or null.
  lb_error_t *mismatch() {
    static const detail::Signature wanted(std::array<WitType, sizeof...(A)>{codec<A>::type()...}, detail::Held<R>::type(),
                                          !detail::is_result<R>);
    lb_wit_func_type_t found;
    if (lb_error_t *error = lb_wit_func_type(func_.get(), &found)) return error;
    return lb_wit_signature_check(&found, func_.name().c_str(), false, wanted.data(), wanted.size(), &is_ok_);
  }

  void write(detail::FrameWriter &frame, const auto &...args) const { detail::check(write_all(frame, args...)); }

  // What is wrong with the arguments is thrown, or given where there are no exceptions.
  lb_error_t *write_all(detail::FrameWriter &frame, const auto &...args) const {
    frame.for_store(func_.it_->store->number);
    const auto roots = [&](detail::FrameWalk &walk) {
      for (size_t i = 0; i < sizeof...(A); ++i) walk.value(detail::WitPlace::argument(i), func_.type().params[i].type);
    };
    LANDBRIDGE_TRY {
      (codec<A>::write(frame, args), ...);
    } LANDBRIDGE_CATCH(const detail::WrongAt &wrong) {
      detail::placed(frame, wrong, roots);
    }
    return detail::wrong_in(frame, roots);
  }

  WitFunc func_;
  bool is_ok_ = false;
};

}  // namespace landbridge

#endif
