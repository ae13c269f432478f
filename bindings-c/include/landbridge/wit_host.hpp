// Callables as functions that components import.

#ifndef LANDBRIDGE_WIT_HOST_HPP
#define LANDBRIDGE_WIT_HOST_HPP

#include <array>
#include <atomic>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "context.hpp"
#include "error.hpp"
#include "host.hpp"
#include "out.hpp"
#include "wit_crossing.hpp"
#include "wit_described.hpp"
#include "wit_dynamic.hpp"
#include "wit_error.hpp"
#include "wit_resource.hpp"
#include "wit_signature.hpp"
#include "wit_value.hpp"

namespace landbridge {

namespace detail {

// The arguments of a host function, which are lent.
class LentFrame final : public Blobs {
 public:
  LentFrame(const lb_wit_frame_t &raw, StoreRef store)
      : raw_(raw), handles_(std::move(store), {raw.objects, raw.nobjects}) {}
  FrameReader reader() noexcept { return FrameReader({raw_.bytes, raw_.length}, this, &handles_); }
  std::span<const uint8_t> bytes(uint32_t index) override {
    if (index >= raw_.nblobs) reader().wrong("there is no such blob");
    return {static_cast<const uint8_t *>(raw_.blobs[index].data), raw_.blobs[index].bytes};
  }
  Kept *kept(uint32_t) override { return nullptr; }

 private:
  const lb_wit_frame_t &raw_;
  Handles handles_;
};

// How a parameter of a callable is read, kept while it runs, and passed.
template <class A>
struct Taken {
  using Value = std::remove_cvref_t<A>;
  static_assert(Crosses<Value>, "this type, or one in it, is none of WIT: specialise landbridge::Wit for it, see landbridge/wit.hpp; or take (const Context &, std::span<const WitValue>)");
  static_assert(!Crosses<Value> || Made<Value>,
                "a host function cannot take this: take std::string_view or std::string, std::span<const T> or std::vector<T>");
  using Kept = Value;
  static const WitType &type() { return Codec<Value>::type(); }
  static Kept read(FrameReader &frame) { return Codec<Value>::read(frame); }
  static Kept &&pass(Kept &kept) { return std::move(kept); }
};

// By reference: what it leads to lives here.
template <class T>
  requires Crosses<std::remove_const_t<T>> && (!std::derived_from<std::remove_const_t<T>, Resource>)
struct Taken<T &> : Taken<std::remove_const_t<T>> {
  using typename Taken<std::remove_const_t<T>>::Kept;
  static Kept &pass(Kept &kept) { return kept; }
};

// Text, and bytes, are seen where they are.
template <>
struct Taken<std::string_view> {
  using Kept = std::string_view;
  static const WitType &type() { return Codec<std::string_view>::type(); }
  static Kept read(FrameReader &frame) { return Codec<std::string_view>::view(frame); }
  static Kept pass(Kept &kept) { return kept; }
};
template <class T>
  requires(!std::same_as<T, bool>)
struct Taken<std::span<const T>> {
  static constexpr bool is_view = Number<T> && sizeof(T) == 1;
  using Kept = std::conditional_t<is_view, std::span<const T>, std::vector<T>>;
  static const WitType &type() { return Codec<std::span<const T>>::type(); }
  static Kept read(FrameReader &frame) {
    if constexpr (is_view) {
      const auto bytes = frame.view(1);
      return {reinterpret_cast<const T *>(bytes.data()), bytes.size()};
    } else {
      return Codec<std::vector<T>>::read(frame);
    }
  }
  static std::span<const T> pass(Kept &kept) { return kept; }
};

// A guest's resource that is lent.
template <std::derived_from<Resource> T>
struct Taken<const T &> {
  using Kept = T;
  static const WitType &type() { return Codec<ResourceRef>::type(); }
  static Kept read(FrameReader &frame) {
    const ResourceRef ref = Codec<ResourceRef>::read(frame);
    return T(Resource(ref.store_ref(), ref.handle(), false));
  }
  static const T &pass(Kept &kept) { return kept; }
};

// An object of the program's that is lent: it is passed itself.
template <class T>
  requires std::is_class_v<T> && (!Crosses<std::remove_const_t<T>>)
struct Taken<T &> {
  using Kept = std::shared_ptr<std::remove_const_t<T>>;
  static const WitType &type() { return Codec<Kept>::type(); }
  static Kept read(FrameReader &frame) { return Codec<Kept>::read(frame); }
  static T &pass(Kept &kept) { return *kept; }
};

// Whether there are resources in a type.
inline bool has_handles(const WitType &type) {
  if (!type) return false;
  if (type.sort() == WitSort::own || type.sort() == WitSort::borrow || type.sort() == either_resource) return true;
  return std::ranges::any_of(type.parts(), [](const WitType::Part &part) { return has_handles(part.type); });
}

// The call of a host function.
class WitCalled {
 public:
  explicit WitCalled(lb_wit_context_t *raw) noexcept : raw_(raw) {}

  Context context() const noexcept { return Context(lb_wit_context_base(raw_)); }
  StoreRef store() const { return std::make_shared<const ResourceStore>(context().store()); }
  const lb_wit_func_type_t &type() const noexcept { return *lb_wit_context_type(raw_); }
  bool gives_result() const noexcept { return lb_wit_type_sort(type().result) == LB_WIT_SORT_RESULT; }
  WitPlace place() const noexcept { return WitPlace(root_); }

  // Gives what the function gives, as it was written.
  template <class Write>
  void give(const WitType *type, Write write) {
    const SpareWriter frame;
    const auto roots = [&](FrameWalk &walk) {
      name_root();
      const WitType own = type ? *type : TypeReader().read(this->type().result);
      walk.value(place(), own);
    };
    LANDBRIDGE_TRY {
      write(*frame);
    } LANDBRIDGE_CATCH(const WrongAt &wrong) {
      placed(*frame, wrong, roots);
    }
    detail::check(wrong_in(*frame, roots));
    const Lending lent(*frame);
    check(lb_wit_context_give_frame(raw_, lent.get()));
  }

  // A value by the type that the component imports the function with: what a `result` has for `ok`, or all of it.
  void give_value(const WitValue &value, bool is_err) {
    const WitType result = TypeReader().read(type().result);
    if (!value && !is_err && (!result || (result.sort() == WitSort::result && !result.parts()[0].type))) return;
    name_root();
    if (!result) wrong_type(place(), "nothing", value.sort());
    if (!value && !is_err) wrong_type(place(), result.text(), "nothing");
    const bool is_whole = !is_err && (result.sort() != WitSort::result || std::holds_alternative<WitValue::Result>(value.any()));
    const WitValue whole = is_whole ? value : !is_err ? WitValue::ok(value) : value ? WitValue::err(value) : WitValue::err();
    give(&result, [&](FrameWriter &frame) { DynamicWriter(frame).write(place(), result, whole); });
  }

  // What a WitError holds is the `err` of the function's `result`, if it has one.
  bool give_error(const WitError &error) {
    if (!gives_result()) return false;
    give_value(error.payload(), true);
    return true;
  }

 private:
  void name_root() { root_ = "result of " + context().name(); }

  lb_wit_context_t *raw_;
  std::string root_;
};

// What callables of a signature have in common.
template <class Signature>
class WitSigned;

template <class R, class... A>
class WitSigned<R(A...)> {
 public:
  lb_error_t *check(const char *name, const lb_wit_func_type_t *type) noexcept {
    bool is_ok = false;
    const Signature &own = signature();
    lb_error_t *error = lb_wit_signature_check(type, name, true, own.data(), own.size(), &is_ok);
    if (!error) seen_ |= is_ok ? as_ok : as_whole;
    return error;
  }

  template <class Call>
  void run_with(WitCalled &called, const lb_wit_frame_t &args, Call call) {
    static const bool handles = (false || ... || has_handles(Taken<A>::type()));
    LentFrame frame(args, handles ? called.store() : nullptr);
    std::optional<std::tuple<typename Taken<A>::Kept...>> taken;
    [[maybe_unused]] FrameReader reader = frame.reader();
    const auto roots = [](FrameWalk &walk) {
      size_t i = 0;
      (walk.value(WitPlace::argument(i++), Taken<A>::type()), ...);
    };
    LANDBRIDGE_TRY {
      taken.emplace(std::tuple<typename Taken<A>::Kept...>{Taken<A>::read(reader)...});
    } LANDBRIDGE_CATCH(const WrongResource &wrong) {
      give_up(frame.reader(), wrong.at, called.store(), roots);
      wrong_resource(called.context().name() + ": ", frame.reader(), wrong, roots);
    } LANDBRIDGE_CATCH_ALL {
      // What a type of the program's threw: what was not read yet is nobody's.
      if (handles) give_up(frame.reader(), reader.at(), called.store(), roots);
      LANDBRIDGE_RETHROW;
    }
    [&]<size_t... I>(std::index_sequence<I...>) {
      if constexpr (std::is_void_v<R>) {
        call(Taken<A>::pass(std::get<I>(*taken))...);
        if (is_ok(called)) called.give(nullptr, [](FrameWriter &to) { to.boolean(false); });
      } else {
        give(called, call(Taken<A>::pass(std::get<I>(*taken))...));
      }
    }(std::index_sequence_for<A...>());
  }

 private:
  enum : uint8_t { as_whole = 1, as_ok = 2 };

  static const Signature &signature() {
    static const Signature made_once(std::array<WitType, sizeof...(A)>{Taken<A>::type()...}, Held<R>::type(), !is_result<R>);
    return made_once;
  }

  void give(WitCalled &called, const auto &result) {
    const bool ok = is_ok(called);
    called.give(ok ? nullptr : &Held<R>::type(), [&](FrameWriter &to) {
      if (ok) to.boolean(false);
      Held<R>::write(to, result);
    });
  }

  // Whether what it gives is the `ok` of the result that the component imports it with. Most components that one callable is
  // lent to agree in that.
  bool is_ok(const WitCalled &called) const noexcept {
    const uint8_t seen = seen_;
    return seen == as_ok || (seen != as_whole && called.gives_result() && !is_result<R>);
  }

  std::atomic<uint8_t> seen_ = 0;
};

// A callable of a signature.
template <class F, class Signature>
class WitCallable;

template <class F, class R, class... A>
class WitCallable<F, R(A...)> : public WitSigned<R(A...)> {
 public:
  explicit WitCallable(F callable) : callable_(std::move(callable)) {}
  void run(WitCalled &called, const lb_wit_frame_t &args) {
    this->run_with(called, args, [this](auto &&...all) -> R { return callable_(std::forward<decltype(all)>(all)...); });
  }

 private:
  F callable_;
};

template <class F, class R, class... A>
class WitCallable<F, R(const Context &, A...)> : public WitSigned<R(A...)> {
 public:
  explicit WitCallable(F callable) : callable_(std::move(callable)) {}
  void run(WitCalled &called, const lb_wit_frame_t &args) {
    const Context context = called.context();
    this->run_with(called, args,
                   [&](auto &&...all) -> R { return callable_(context, std::forward<decltype(all)>(all)...); });
  }

 private:
  F callable_;
};

// The general forms, of any type: without that, and with it.
template <class F>
class WitCallable<F, WitValue(const Context &, const WitFuncType &, std::span<const WitValue>)> {
 public:
  explicit WitCallable(F callable) : callable_(std::move(callable)) {}
  lb_error_t *check(const char *, const lb_wit_func_type_t *) noexcept { return nullptr; }
  void run(WitCalled &called, const lb_wit_frame_t &args) {
    const WitFuncType type = TypeReader().read(called.type());
    LentFrame frame(args, called.store());
    FrameReader reader = frame.reader();
    std::vector<WitValue> values;
    for (const WitType::Part &param : type.params) values.push_back(read_value(reader, param.type));
    called.give_value(callable_(called.context(), type, std::span<const WitValue>(values)), false);
  }

 private:
  F callable_;
};

template <class F>
struct WithoutType {
  F callable;
  WitValue operator()(const Context &context, const WitFuncType &, std::span<const WitValue> args) {
    return callable(context, args);
  }
};
template <class F>
class WitCallable<F, WitValue(const Context &, std::span<const WitValue>)>
    : public WitCallable<WithoutType<F>, WitValue(const Context &, const WitFuncType &, std::span<const WitValue>)> {
 public:
  explicit WitCallable(F callable)
      : WitCallable<WithoutType<F>, WitValue(const Context &, const WitFuncType &, std::span<const WitValue>)>(
            WithoutType<F>{std::move(callable)}) {}
};

template <class W>
lb_error_t *call_wit(void *data, lb_wit_context_t *context, const lb_wit_frame_t *args) noexcept {
  WitCalled called(context);
  LANDBRIDGE_TRY {
    LANDBRIDGE_TRY {
      static_cast<W *>(data)->run(called, *args);
      return nullptr;
    } LANDBRIDGE_CATCH(const WitError &error) {
      return called.give_error(error) ? nullptr : caught();
    }
  } LANDBRIDGE_CATCH_ALL {
    return caught();
  }
}

template <class W>
lb_error_t *check_wit(void *data, const char *name, const lb_wit_func_type_t *type) noexcept {
  LANDBRIDGE_TRY {
    return static_cast<W *>(data)->check(name, type);
  } LANDBRIDGE_CATCH_ALL {
    return caught();
  }
}

// The signature that a callable has as a host function: a member function takes its object first.
template <class F>
struct WitHostOf {
  using Callable = WitCallable<F, typename SignatureOf<F>::type>;
  static Callable *make(F callable) { return new Callable(std::move(callable)); }
};

template <class M, class C, class R, class... A>
struct WitMember {
  static auto bound(M member) {
    return [member](C &object, A... args) -> R { return (object.*member)(std::forward<A>(args)...); };
  }
  using Callable = WitCallable<decltype(bound(nullptr)), R(C &, A...)>;
  static Callable *make(M member) { return new Callable(bound(member)); }
};
template <class C, class R, class... A>
struct WitHostOf<R (C::*)(A...)> : WitMember<R (C::*)(A...), C, R, A...> {};
template <class C, class R, class... A>
struct WitHostOf<R (C::*)(A...) const> : WitMember<R (C::*)(A...) const, C, R, A...> {};

}  // namespace detail

}  // namespace landbridge

#endif
