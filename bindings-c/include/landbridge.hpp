// landbridge.hpp - load WebAssembly modules and call them, in C++20. Header-only, over landbridge.h.
//
//     auto calc = landbridge::Module::load("calc.wasm").instantiate();
//     auto add  = calc.func<int32_t(int32_t, int32_t)>("add");            // checked once, then a plain call
//     int five  = add(2, 3);                                              // throws landbridge::Trap, ...
//     std::span<std::byte> view = calc.memory("memory").span();
//
// What holds everywhere:
//
// - Objects own a handle: they move but do not copy, except for Func and ExternRef, which are values
//   of guests too. A destructor releases the handle and nothing else: what was made from an object
//   lives on, so any order of destruction is right. close() ends an instance or a store with all that
//   is in it.
// - Errors are exceptions, derived from landbridge::Error. An exception of any type that a host
//   function throws arrives at the outermost call as that very object.
// - Everything may be used from several threads; those that meet on a store take turns. One C++ object
//   must not be moved, assigned or closed by one thread while another uses it.
// - Offsets and lengths are in bytes, sizes of memories also in pages of 64 KiB.
//
// i32 is int32_t or uint32_t, i64 is int64_t or uint64_t, f32 is float, f64 is double, v128 is V128,
// funcref is Func, externref is ExternRef; an empty Func or ExternRef is the null reference. Several
// results are a std::tuple.

#ifndef LANDBRIDGE_HPP
#define LANDBRIDGE_HPP

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <filesystem>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <utility>
#include <variant>
#include <vector>

#include "landbridge.h"

namespace landbridge {

// The version of the library that is loaded, such as "0.1.0".
inline std::string_view version() noexcept { return lb_version(); }

// ---- Errors -----------------------------------------------------------------------------------

// Every kind of error: the name in landbridge.h, the name of the Kind, and the exception.
#define LANDBRIDGE_KINDS(KIND)                     \
  KIND(COMPILE, compile, CompileError)             \
  KIND(LINK, link, LinkError)                      \
  KIND(TRAP, trap, Trap)                           \
  KIND(HOST, host, HostError)                      \
  KIND(TYPE, type, TypeError)                      \
  KIND(RANGE, range, RangeError)                   \
  KIND(NOT_FOUND, not_found, NotFound)             \
  KIND(OUT_OF_BOUNDS, out_of_bounds, OutOfBounds)  \
  KIND(CLOSED, closed, Closed)                     \
  KIND(WRONG_STORE, wrong_store, WrongStore)       \
  KIND(BUSY, busy, Busy)                           \
  KIND(DEADLOCK, deadlock, Deadlock)               \
  KIND(POISONED, poisoned, Poisoned)               \
  KIND(CANCELLED, cancelled, Cancelled)            \
  KIND(TIMEOUT, timeout, Timeout)                  \
  KIND(FUEL, fuel, FuelExhausted)                  \
  KIND(MEMORY_LIMIT, memory_limit, MemoryLimit)    \
  KIND(LIMIT, limit, LimitExceeded)                \
  KIND(EXIT, exit, Exit)                           \
  KIND(DENIED, denied, Denied)                     \
  KIND(IO, io, IoError)                            \
  KIND(UNSUPPORTED, unsupported, Unsupported)      \
  KIND(INTERNAL, internal, InternalError)

// What went wrong, in a word. Numbers are those of landbridge.h and of every other host.
enum class Kind : uint32_t {
#define LANDBRIDGE_KIND(NUMBER, name, Exception) name = LB_KIND_##NUMBER,
  LANDBRIDGE_KINDS(LANDBRIDGE_KIND)
#undef LANDBRIDGE_KIND
};

// Why a guest trapped.
enum class TrapCode : uint32_t {
  unreachable = LB_TRAP_UNREACHABLE,
  memory_out_of_bounds = LB_TRAP_MEMORY_OUT_OF_BOUNDS,
  table_out_of_bounds = LB_TRAP_TABLE_OUT_OF_BOUNDS,
  indirect_call_to_null = LB_TRAP_INDIRECT_CALL_TO_NULL,
  bad_signature = LB_TRAP_BAD_SIGNATURE,
  integer_overflow = LB_TRAP_INTEGER_OVERFLOW,
  integer_division_by_zero = LB_TRAP_INTEGER_DIVISION_BY_ZERO,
  bad_conversion_to_integer = LB_TRAP_BAD_CONVERSION_TO_INTEGER,
  stack_overflow = LB_TRAP_STACK_OVERFLOW,
  heap_misaligned = LB_TRAP_HEAP_MISALIGNED,
  null_reference = LB_TRAP_NULL_REFERENCE,
  array_out_of_bounds = LB_TRAP_ARRAY_OUT_OF_BOUNDS,
  allocation_too_large = LB_TRAP_ALLOCATION_TOO_LARGE,
  cast_failure = LB_TRAP_CAST_FAILURE,
  interrupt = LB_TRAP_INTERRUPT,
  out_of_fuel = LB_TRAP_OUT_OF_FUEL,
  uncaught_exception = LB_TRAP_UNCAUGHT_EXCEPTION,
  other = LB_TRAP_OTHER,
};

// The stable name of a kind, such as "not_found".
inline std::string_view name(Kind kind) noexcept { return lb_kind_name(static_cast<uint32_t>(kind)); }

// The stable name of a trap code, such as "unreachable".
inline std::string_view name(TrapCode code) noexcept { return lb_trap_name(static_cast<uint32_t>(code)); }

// One frame of the guest's call stack.
struct Frame {
  std::optional<std::string> module;      // the module's name, if it has one
  std::optional<std::string> func_name;   // the function's name, demangled, if it has one
  uint32_t func_index;                    // the function's index in its module
  std::optional<uint64_t> module_offset;  // of the instruction in the module's bytes, if known
};

namespace detail {
[[noreturn]] inline void raise(lb_error_t *error);
}

// An error of any kind; each kind has an exception of its own below. Copies share one state.
class Error : public std::exception {
 public:
  // For host functions that fail in a way of the table above; most throw an exception of their own.
  Error(Kind kind, const std::string &message)
      : Error(lb_error_new(static_cast<uint32_t>(kind), message.c_str())) {}

  // Takes over an error of landbridge.h.
  explicit Error(lb_error_t *error) : error_(error, lb_error_free) {}

  // What was wrong, in a sentence, without the guest's frames.
  const char *what() const noexcept override { return lb_error_message(error_.get()); }
  Kind kind() const noexcept { return static_cast<Kind>(lb_error_kind(error_.get())); }

  // The guest's call stack, innermost frame first; empty if no guest was running.
  std::vector<Frame> frames() const {
    std::vector<Frame> frames;
    for (size_t i = 0; i < lb_error_frame_count(error_.get()); ++i) {
      const lb_frame_t &f = *lb_error_frame(error_.get(), i);
      frames.push_back({text(f.module), text(f.func_name), f.func_index,
                        f.module_offset < 0 ? std::nullopt
                                            : std::optional<uint64_t>(static_cast<uint64_t>(f.module_offset))});
    }
    return frames;
  }

  // The data pointer of a host function that was written in C, or null.
  void *host_exception() const noexcept { return lb_error_host_exception(error_.get()); }

  // The error of landbridge.h, which stays this object's.
  const lb_error_t *get() const noexcept { return error_.get(); }

 private:
  static std::optional<std::string> text(const char *text) {
    return text ? std::optional<std::string>(text) : std::nullopt;
  }

  friend void detail::raise(lb_error_t *);

  // Takes over what the error became on its way through further guests: it has their frames too.
  void grow(lb_error_t *error) {
    std::shared_ptr<lb_error_t> grown(error, lb_error_free);
    if (host_exception()) return;
    // The error carries this very object, which must not hold itself.
    lb_error_attach(error, nullptr, nullptr);
    error_ = std::move(grown);
  }

  std::shared_ptr<lb_error_t> error_;
};

namespace detail {
// Gives the exception of one kind what others do not have.
template <Kind kind>
class Extra : public Error {
  using Error::Error;
};

template <>
class Extra<Kind::trap> : public Error {
 public:
  using Error::Error;

  // Why the guest trapped.
  TrapCode code() const noexcept { return static_cast<TrapCode>(lb_error_trap_code(get())); }
};
}  // namespace detail

#define LANDBRIDGE_KIND(NUMBER, name, Exception)                                              \
  class Exception : public detail::Extra<Kind::name> {                                        \
   public:                                                                                    \
    explicit Exception(const std::string &message) : Exception(lb_error_new(LB_KIND_##NUMBER, message.c_str())) {} \
    explicit Exception(lb_error_t *error) : detail::Extra<Kind::name>(error) {}               \
  };
LANDBRIDGE_KINDS(LANDBRIDGE_KIND)
#undef LANDBRIDGE_KIND

namespace detail {

// Frees the exception that an error carries. Its address also says that it is one of ours.
inline void drop_exception(void *data) { delete static_cast<std::exception_ptr *>(data); }

// Throws an error: the exception it carries, else the one of its kind.
[[noreturn]] inline void raise(lb_error_t *error) {
  if (lb_error_host_drop(error) == &drop_exception) {
    std::exception_ptr carried = *static_cast<std::exception_ptr *>(lb_error_host_exception(error));
    try {
      std::rethrow_exception(std::move(carried));
    } catch (Error &passed) {
      passed.grow(error);
      throw;
    } catch (...) {
      lb_error_free(error);
      throw;
    }
  }
  switch (lb_error_kind(error)) {
#define LANDBRIDGE_KIND(NUMBER, name, Exception) \
  case LB_KIND_##NUMBER:                         \
    throw Exception(error);
    LANDBRIDGE_KINDS(LANDBRIDGE_KIND)
#undef LANDBRIDGE_KIND
    default:
      throw Error(error);
  }
}

inline void check(lb_error_t *error) {
  if (error) [[unlikely]] raise(error);
}

// Makes the exception that is being handled an error that carries it.
inline lb_error_t *caught() noexcept {
  try {
    auto carried = std::make_unique<std::exception_ptr>(std::current_exception());
    lb_error_t *error;
    try {
      throw;
    } catch (const Error &e) {
      error = lb_error_clone(e.get());
    } catch (const std::exception &e) {
      error = lb_error_new(LB_KIND_HOST, e.what());
    } catch (...) {
      error = lb_error_new(LB_KIND_HOST, "an exception that is no std::exception");
    }
    return lb_error_attach(error, carried.release(), &drop_exception);
  } catch (...) {
    return lb_error_new(LB_KIND_INTERNAL, "no memory is left for an exception");
  }
}

// Owns a handle.
template <class H, lb_error_t *(*release)(H)>
class Handle {
 public:
  Handle() noexcept = default;
  // Takes over a handle of landbridge.h.
  explicit Handle(H handle) noexcept : handle_(handle) {}
  Handle(Handle &&other) noexcept : handle_(std::exchange(other.handle_, H{})) {}
  Handle &operator=(Handle &&other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Handle() {
    // Nothing is lost: all that can be wrong is that it was closed.
    if (handle_.id != 0) lb_error_free(release(handle_));
  }

  // The handle of landbridge.h, which stays this object's.
  H get() const noexcept { return handle_; }
  // Gives the handle of landbridge.h up to the caller.
  H take() noexcept { return std::exchange(handle_, H{}); }
  // Whether there is an object; a moved-from or null one has none.
  explicit operator bool() const noexcept { return handle_.id != 0; }

 protected:
  H handle_{};
};

// A text from a function that writes as snprintf does.
template <class Write>
std::string text_of(Write write) {
  std::string text(write(nullptr, size_t{0}), '\0');
  write(text.data(), text.size() + 1);
  return text;
}

inline std::optional<uint64_t> max_of(uint64_t max) {
  return max == LB_NO_MAX ? std::nullopt : std::optional<uint64_t>(max);
}

}  // namespace detail

// ---- Types ------------------------------------------------------------------------------------

// The type of a value.
enum class Type : uint32_t {
  i32 = LB_TYPE_I32,
  i64 = LB_TYPE_I64,
  f32 = LB_TYPE_F32,
  f64 = LB_TYPE_F64,
  v128 = LB_TYPE_V128,
  funcref = LB_TYPE_FUNCREF,
  externref = LB_TYPE_EXTERNREF,
  ref = LB_TYPE_REF,  // a reference that cannot cross to the host yet
};

// The name that the WebAssembly text format gives a type.
inline std::string_view name(Type type) noexcept { return lb_type_name(static_cast<uint32_t>(type)); }

// The signature of a function.
struct FuncType {
  std::vector<Type> params;
  std::vector<Type> results;

  static FuncType of(const lb_func_type_t &type) {
    auto types = [](const lb_type_t *all, size_t count) {
      std::vector<Type> types;
      for (size_t i = 0; i < count; ++i) types.push_back(static_cast<Type>(all[i]));
      return types;
    };
    return {types(type.params, type.nparams), types(type.results, type.nresults)};
  }
  // The struct of landbridge.h; lives as long as this object.
  lb_func_type_t get() const {
    return {reinterpret_cast<const lb_type_t *>(params.data()), params.size(),
            reinterpret_cast<const lb_type_t *>(results.data()), results.size()};
  }
  // "(i32, i64) -> (f32)"
  std::string text() const {
    lb_func_type_t type = get();
    return detail::text_of([&](char *text, size_t size) { return lb_func_type_text(&type, text, size); });
  }
  bool operator==(const FuncType &) const = default;
};

// The type of a linear memory, in pages.
struct MemoryType {
  uint64_t min = 0;
  std::optional<uint64_t> max = {};
  bool is_64 = false;
  uint64_t page_bytes = 65536;

  static MemoryType of(const lb_memory_type_t &type) {
    return {type.min, detail::max_of(type.max), type.is_64, type.page_bytes};
  }
  lb_memory_type_t get() const { return {min, max.value_or(LB_NO_MAX), page_bytes, is_64}; }
  // "memory 1 2"
  std::string text() const {
    lb_memory_type_t type = get();
    return detail::text_of([&](char *text, size_t size) { return lb_memory_type_text(&type, text, size); });
  }
  bool operator==(const MemoryType &) const = default;
};

// The type of a table.
struct TableType {
  Type element = Type::funcref;
  uint64_t min = 0;
  std::optional<uint64_t> max = {};

  static TableType of(const lb_table_type_t &type) {
    return {static_cast<Type>(type.element), type.min, detail::max_of(type.max)};
  }
  lb_table_type_t get() const { return {min, max.value_or(LB_NO_MAX), static_cast<uint32_t>(element)}; }
  // "table 1 funcref"
  std::string text() const {
    lb_table_type_t type = get();
    return detail::text_of([&](char *text, size_t size) { return lb_table_type_text(&type, text, size); });
  }
  bool operator==(const TableType &) const = default;
};

// The type of a global.
struct GlobalType {
  Type content = Type::i32;
  bool is_mutable = false;

  static GlobalType of(const lb_global_type_t &type) {
    return {static_cast<Type>(type.content), type.is_mutable};
  }
  lb_global_type_t get() const { return {static_cast<uint32_t>(content), is_mutable}; }
  // "global (mut i32)"
  std::string text() const {
    lb_global_type_t type = get();
    return detail::text_of([&](char *text, size_t size) { return lb_global_type_text(&type, text, size); });
  }
  bool operator==(const GlobalType &) const = default;
};

// The type of an exception tag: its payload.
struct TagType {
  std::vector<Type> params;
  bool operator==(const TagType &) const = default;
};

// The type of an import or export, with its text, such as "func (i32) -> ()".
struct ExternType {
  std::variant<FuncType, MemoryType, TableType, GlobalType, TagType> type;
  std::string text;

  static ExternType of(const lb_extern_type_t &type) {
    auto text = detail::text_of([&](char *to, size_t size) { return lb_extern_type_text(&type, to, size); });
    switch (type.sort) {
      case LB_SORT_FUNC: return {FuncType::of(type.of.func), text};
      case LB_SORT_MEMORY: return {MemoryType::of(type.of.memory), text};
      case LB_SORT_TABLE: return {TableType::of(type.of.table), text};
      case LB_SORT_GLOBAL: return {GlobalType::of(type.of.global), text};
      default: return {TagType{FuncType::of(type.of.func).params}, text};
    }
  }
};

// What a module asks its host for.
struct ImportType {
  std::string module;
  std::string name;
  ExternType type;
};

// What a module exports.
struct ExportType {
  std::string name;
  ExternType type;
};

// ---- Values -----------------------------------------------------------------------------------

// A 128-bit vector: its bytes in the order they have in memory, lane 0 first.
using V128 = std::array<uint8_t, 16>;

// An object of the host that guests can hold, pass on and give back, but not look into. Copies are
// the same object. The empty one is the null reference.
class ExternRef : public detail::Handle<lb_externref_t, lb_externref_release> {
 public:
  using Handle::Handle;

  // Lends an object to guests; it lives as long as one of them or a copy of this holds it.
  template <class T>
  explicit ExternRef(std::shared_ptr<T> object) {
    std::unique_ptr<Cell> cell(new Cell{std::move(object), &typeid(T)});
    detail::check(lb_externref_new(cell.release(), &drop, &handle_));
  }
  ExternRef(const ExternRef &other) : Handle() {
    if (other) detail::check(lb_externref_clone(other.handle_, &handle_));
  }
  ExternRef(ExternRef &&) noexcept = default;
  ExternRef &operator=(ExternRef other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }

  // Makes an object and lends it.
  template <class T, class... Args>
  static ExternRef make(Args &&...args) {
    return ExternRef(std::make_shared<T>(std::forward<Args>(args)...));
  }

  // The object, if it was lent as a T; else null.
  template <class T>
  std::shared_ptr<T> object() const {
    auto [data, ours] = parts();
    if (!ours) return nullptr;
    auto *cell = static_cast<Cell *>(data);
    return *cell->type == typeid(T) ? std::static_pointer_cast<T>(cell->object) : nullptr;
  }

  // The address of the object, whoever lent it; null for the null reference.
  void *address() const {
    auto [data, ours] = parts();
    return ours ? static_cast<Cell *>(data)->object.get() : data;
  }

  // Whether both are the same object.
  friend bool operator==(const ExternRef &one, const ExternRef &other) {
    return one.address() == other.address();
  }

 private:
  struct Cell {
    std::shared_ptr<void> object;
    const std::type_info *type;
  };
  static void drop(void *data) { delete static_cast<Cell *>(data); }

  std::pair<void *, bool> parts() const {
    if (!*this) return {nullptr, false};
    void *data;
    lb_drop_t owner;
    detail::check(lb_externref_data(handle_, &owner, &data));
    return {data, owner == &drop};
  }
};

class Context;
class Store;
class Value;
template <class Signature>
class TypedFunc;

// A function of a guest or of the host. Copies are the same function. The empty one is the null
// reference.
class Func : public detail::Handle<lb_func_t, lb_func_release> {
 public:
  using Handle::Handle;

  // Makes a function of the host in a store, to be put into a table, passed as a reference or lent to
  // a module. Its type is that of the callable; see Imports::func().
  template <class F>
  Func(const Store &store, F callable);

  // The same of any type, for a callable that takes (const Context &, std::span<const Value>) and
  // gives a std::vector<Value>.
  template <class F>
  Func(const Store &store, const FuncType &type, F callable);

  Func(const Func &other) : Handle() {
    if (other) detail::check(lb_func_clone(other.handle_, &handle_));
  }
  Func(Func &&) noexcept = default;
  Func &operator=(Func other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }

  // Calls it. Throws TypeError if the arguments do not fit, Trap, what a host function threw, Closed.
  std::vector<Value> call(std::span<const Value> args) const;
  std::vector<Value> call(std::initializer_list<Value> args) const;

  // The same function for calls with a signature of C++. Throws TypeError if it is another one.
  template <class Signature>
  TypedFunc<Signature> typed() const {
    return TypedFunc<Signature>(*this);
  }

  FuncType type() const {
    lb_func_type_t type;
    detail::check(lb_func_type(handle_, &type));
    return FuncType::of(type);
  }

  // The name it was exported by, or a word for what it is.
  std::string name() const {
    return detail::text_of([&](char *name, size_t size) {
      size_t length = 0;
      detail::check(lb_func_name(handle_, name, size, &length));
      return length;
    });
  }

  // Whether both are one function of one store.
  friend bool operator==(const Func &one, const Func &other) {
    return one.get().id == other.get().id || lb_func_same(one.get(), other.get());
  }
};

namespace detail {

// How a type of C++ crosses: lend() and give() make a value for the library, which does not or does
// take the reference over; borrow() and take() read one that is lent or given.
template <class T>
struct Leaf {
  static constexpr bool known = false;
};

template <class C>
lb_value_t make(Type type, C lb_bits_t::*member, C bits) noexcept {
  lb_value_t value;
  value.type = static_cast<uint32_t>(type);
  value.of.*member = bits;
  return value;
}

// Numbers and vectors.
template <class T, Type leaf_type, class C, C lb_bits_t::*member>
struct PlainLeaf {
  static constexpr bool known = true;
  static constexpr Type type = leaf_type;
  static lb_value_t lend(const T &value) noexcept { return make<C>(leaf_type, member, std::bit_cast<C>(value)); }
  static lb_value_t give(const T &value) noexcept { return lend(value); }
  static T borrow(const lb_value_t &value) noexcept { return std::bit_cast<T>(value.of.*member); }
  static T take(const lb_value_t &value) noexcept { return borrow(value); }
};

template <std::integral T>
  requires(sizeof(T) == 4 && !std::same_as<T, char32_t> && !std::same_as<T, wchar_t>)
struct Leaf<T> : PlainLeaf<T, Type::i32, int32_t, &lb_bits_t::i32> {};

template <std::integral T>
  requires(sizeof(T) == 8)
struct Leaf<T> : PlainLeaf<T, Type::i64, int64_t, &lb_bits_t::i64> {};

template <>
struct Leaf<float> : PlainLeaf<float, Type::f32, float, &lb_bits_t::f32> {};

template <>
struct Leaf<double> : PlainLeaf<double, Type::f64, double, &lb_bits_t::f64> {};

template <>
struct Leaf<V128> : PlainLeaf<V128, Type::v128, lb_v128_t, &lb_bits_t::v128> {};

// References.
template <class T, Type leaf_type, class C, C lb_bits_t::*member>
struct ReferenceLeaf {
  static constexpr bool known = true;
  static constexpr Type type = leaf_type;
  static lb_value_t lend(const T &value) noexcept { return make<C>(leaf_type, member, value.get()); }
  static lb_value_t give(T value) noexcept { return make<C>(leaf_type, member, value.take()); }
  static T take(const lb_value_t &value) noexcept { return T(value.of.*member); }
  static T borrow(const lb_value_t &value) {
    T lent = take(value);
    // Given back even if there is no room for a copy.
    struct Return {
      T &lent;
      ~Return() { lent.take(); }
    } back{lent};
    return T(std::as_const(lent));
  }
};

template <>
struct Leaf<Func> : ReferenceLeaf<Func, Type::funcref, lb_func_t, &lb_bits_t::func> {};

template <>
struct Leaf<ExternRef>
    : ReferenceLeaf<ExternRef, Type::externref, lb_externref_t, &lb_bits_t::externref> {};

template <class T>
concept Crossing = Leaf<T>::known;

}  // namespace detail

// A value of any type. Copies of references are the same object.
class Value {
 public:
  // The i32 0.
  Value() noexcept : raw_(lb_i32(0)) {}

  template <detail::Crossing T>
  Value(T value) noexcept : raw_(detail::Leaf<T>::give(std::move(value))) {}

  Value(const Value &other) : raw_(other.raw_) {
    if (type() == Type::funcref) raw_ = detail::Leaf<Func>::give(detail::Leaf<Func>::borrow(other.raw_));
    if (type() == Type::externref)
      raw_ = detail::Leaf<ExternRef>::give(detail::Leaf<ExternRef>::borrow(other.raw_));
  }
  Value(Value &&other) noexcept : raw_(std::exchange(other.raw_, lb_i32(0))) {}
  Value &operator=(Value other) noexcept {
    std::swap(raw_, other.raw_);
    return *this;
  }
  ~Value() { lb_error_free(lb_value_release(&raw_)); }

  Type type() const noexcept { return static_cast<Type>(raw_.type); }

  // The value as a T. Throws TypeError if it is of another type.
  template <detail::Crossing T>
  T as() const {
    if (type() != detail::Leaf<T>::type) {
      throw TypeError("the value is of type " + std::string(landbridge::name(type())) + ", not " +
                      std::string(landbridge::name(detail::Leaf<T>::type)));
    }
    return detail::Leaf<T>::borrow(raw_);
  }

  // Takes over a value of landbridge.h with its reference.
  static Value own(const lb_value_t &raw) noexcept {
    Value value;
    value.raw_ = raw;
    return value;
  }
  // The value of landbridge.h; its reference stays this object's.
  const lb_value_t &get() const noexcept { return raw_; }
  // The same, given up to the caller.
  lb_value_t take() noexcept { return std::exchange(raw_, lb_i32(0)); }

 private:
  lb_value_t raw_;
};

// Functions of the library take an array of values as it is.
static_assert(sizeof(Value) == sizeof(lb_value_t) && std::is_standard_layout_v<Value>);

namespace detail {

inline const lb_value_t *raw(std::span<const Value> values) noexcept {
  return reinterpret_cast<const lb_value_t *>(values.data());
}

// Calls with as many results as the signature has.
template <class Call>
std::vector<Value> call_values(const FuncType &type, Call call) {
  std::vector<Value> results(type.results.size());
  check(call(reinterpret_cast<lb_value_t *>(results.data()), results.size()));
  return results;
}

// What a signature returns: nothing, one value or a tuple.
template <class R>
struct Results {
  static_assert(Crossing<R>, "this type does not cross; see the head of landbridge.hpp");
  static constexpr size_t count = 1;
  static std::vector<Type> types() { return {Leaf<R>::type}; }
  static R take(const lb_value_t *values) { return Leaf<R>::take(values[0]); }
  static void give(R result, lb_value_t *values) { values[0] = Leaf<R>::give(std::move(result)); }
};

template <>
struct Results<void> {
  static constexpr size_t count = 0;
  static std::vector<Type> types() { return {}; }
  static void take(const lb_value_t *) {}
};

template <class... R>
struct Results<std::tuple<R...>> {
  static_assert((Crossing<R> && ...), "this type does not cross; see the head of landbridge.hpp");
  static constexpr size_t count = sizeof...(R);
  static std::vector<Type> types() { return {Leaf<R>::type...}; }
  static std::tuple<R...> take(const lb_value_t *values) {
    return [&]<size_t... I>(std::index_sequence<I...>) {
      return std::tuple<R...>{Leaf<R>::take(values[I])...};
    }(std::index_sequence_for<R...>());
  }
  static void give(std::tuple<R...> result, lb_value_t *values) {
    [&]<size_t... I>(std::index_sequence<I...>) {
      ((values[I] = Leaf<R>::give(std::move(std::get<I>(result)))), ...);
    }(std::index_sequence_for<R...>());
  }
};

// Calls with arguments of C++ and reads results of C++.
template <class R, class... A, class Call>
R call_typed(Call call, const A &...args) {
  static_assert((Crossing<A> && ...), "this type does not cross; see the head of landbridge.hpp");
  const lb_value_t in[sizeof...(A) + 1] = {Leaf<A>::lend(args)...};
  lb_value_t out[Results<R>::count + 1];
  check(call(in, sizeof...(A), out, Results<R>::count));
  return Results<R>::take(out);
}

}  // namespace detail

// A function with a signature of C++, checked when it is made: a call is a plain call. Nothing is
// allocated for numbers and vectors.
template <class R, class... A>
class TypedFunc<R(A...)> {
 public:
  // Throws TypeError if the function has another signature.
  explicit TypedFunc(Func func) : func_(std::move(func)) {
    const FuncType wanted{{detail::Leaf<std::remove_cvref_t<A>>::type...}, detail::Results<R>::types()};
    const FuncType found = func_.type();
    if (found != wanted) {
      throw TypeError(func_.name() + " is " + found.text() + ", not " + wanted.text());
    }
  }

  // Throws Trap, what a host function threw, Closed.
  R operator()(const std::remove_cvref_t<A> &...args) const {
    return detail::call_typed<R>(
        [this](const lb_value_t *in, size_t nin, lb_value_t *out, size_t nout) {
          return lb_func_call(func_.get(), in, nin, out, nout);
        },
        args...);
  }

  const Func &func() const noexcept { return func_; }

 private:
  Func func_;
};

inline std::vector<Value> Func::call(std::span<const Value> args) const {
  return detail::call_values(type(), [&](lb_value_t *results, size_t count) {
    return lb_func_call(handle_, detail::raw(args), args.size(), results, count);
  });
}

inline std::vector<Value> Func::call(std::initializer_list<Value> args) const {
  return call(std::span<const Value>(args.begin(), args.size()));
}

// ---- Memories, tables, globals ------------------------------------------------------------------

// The bytes of a memory in place, kept mapped while this object lives, whatever else is closed or
// grown. After growth it shows the first part.
class View {
 public:
  explicit View(lb_view_t view) noexcept : view_(view) {}
  View(View &&other) noexcept : view_(std::exchange(other.view_, lb_view_t{})) {}
  View &operator=(View &&other) noexcept {
    std::swap(view_, other.view_);
    return *this;
  }
  ~View() {
    if (view_.id != 0) lb_error_free(lb_view_release(view_));
  }

  std::span<std::byte> span() const noexcept {
    return {reinterpret_cast<std::byte *>(view_.data), view_.length};
  }

 private:
  lb_view_t view_;
};

// A linear memory.
class Memory : public detail::Handle<lb_memory_t, lb_memory_release> {
 public:
  using Handle::Handle;

  // Makes a memory that can be lent to modules in this store. Throws LimitExceeded.
  Memory(const Store &store, const MemoryType &type);

  // All its bytes in place, as it is now. The span is good until the store is closed or nothing of it
  // is held any more, also after growth (then it shows the first part); a view() is good for longer.
  std::span<std::byte> span() const { return view().span(); }

  View view() const {
    lb_view_t view;
    detail::check(lb_memory_view(handle_, &view));
    return View(view);
  }

  // Copies out. Throws OutOfBounds.
  void read(uint64_t offset, std::span<std::byte> bytes) const {
    detail::check(lb_memory_read(handle_, offset, bytes.data(), bytes.size()));
  }
  // The same as a text.
  std::string read_string(uint64_t offset, size_t length) const {
    // No room is made for more than there can be: a length is often what a guest says.
    std::string text(length <= size_bytes() ? length : 0, '\0');
    detail::check(lb_memory_read(handle_, offset, text.data(), length));
    return text;
  }
  // Copies in. Throws OutOfBounds, and then nothing is written.
  void write(uint64_t offset, std::span<const std::byte> bytes) const {
    detail::check(lb_memory_write(handle_, offset, bytes.data(), bytes.size()));
  }
  void write(uint64_t offset, std::string_view text) const {
    detail::check(lb_memory_write(handle_, offset, text.data(), text.size()));
  }

  // Grows by pages and returns the former size in pages. Throws MemoryLimit.
  uint64_t grow(uint64_t pages) const {
    uint64_t former;
    detail::check(lb_memory_grow(handle_, pages, &former));
    return former;
  }
  uint64_t size_bytes() const {
    uint64_t bytes;
    detail::check(lb_memory_size_bytes(handle_, &bytes));
    return bytes;
  }
  uint64_t size_pages() const {
    uint64_t pages;
    detail::check(lb_memory_size_pages(handle_, &pages));
    return pages;
  }
  MemoryType type() const {
    lb_memory_type_t type;
    detail::check(lb_memory_type(handle_, &type));
    return MemoryType::of(type);
  }
};

// References by index.
class Table : public detail::Handle<lb_table_t, lb_table_release> {
 public:
  using Handle::Handle;

  // Makes a table that can be lent to modules in this store. Throws TypeError, LimitExceeded.
  Table(const Store &store, const TableType &type, const Value &init);

  // Throws OutOfBounds.
  Value at(uint64_t index) const {
    lb_value_t value;
    detail::check(lb_table_get(handle_, index, &value));
    return Value::own(value);
  }
  // Throws OutOfBounds, TypeError, WrongStore.
  void set(uint64_t index, const Value &value) const { detail::check(lb_table_set(handle_, index, value.get())); }
  // Grows, filling with init, and returns the former size. Throws LimitExceeded.
  uint64_t grow(uint64_t delta, const Value &init) const {
    uint64_t former;
    detail::check(lb_table_grow(handle_, delta, init.get(), &former));
    return former;
  }
  uint64_t size() const {
    uint64_t size;
    detail::check(lb_table_size(handle_, &size));
    return size;
  }
  TableType type() const {
    lb_table_type_t type;
    detail::check(lb_table_type(handle_, &type));
    return TableType::of(type);
  }
};

// One value that host and guests share.
class Global : public detail::Handle<lb_global_t, lb_global_release> {
 public:
  using Handle::Handle;

  // Makes a global that can be lent to modules in this store. Throws TypeError.
  Global(const Store &store, const GlobalType &type, const Value &value);

  Value value() const {
    lb_value_t value;
    detail::check(lb_global_get(handle_, &value));
    return Value::own(value);
  }
  // Throws TypeError if the value does not fit or the global is immutable.
  void set(const Value &value) const { detail::check(lb_global_set(handle_, value.get())); }
  GlobalType type() const {
    lb_global_type_t type;
    detail::check(lb_global_type(handle_, &type));
    return GlobalType::of(type);
  }
};

// Something that an instance exports or an import takes.
using Extern = std::variant<Func, Memory, Table, Global>;

namespace detail {

inline Extern extern_of(const lb_extern_t &item) {
  switch (item.sort) {
    case LB_SORT_FUNC: return Func(item.of.func);
    case LB_SORT_MEMORY: return Memory(item.of.memory);
    case LB_SORT_TABLE: return Table(item.of.table);
    default: return Global(item.of.global);
  }
}

inline lb_extern_t lent(const Func &func) noexcept { return lb_extern_func(func.get()); }
inline lb_extern_t lent(const Memory &memory) noexcept { return lb_extern_memory(memory.get()); }
inline lb_extern_t lent(const Table &table) noexcept { return lb_extern_table(table.get()); }
inline lb_extern_t lent(const Global &global) noexcept { return lb_extern_global(global.get()); }
inline lb_extern_t lent(const Extern &item) noexcept {
  return std::visit([](const auto &one) { return lent(one); }, item);
}

}  // namespace detail

// ---- Engines, modules, stores, instances -------------------------------------------------------

// How an engine is made.
struct EngineOptions {
  bool interruptible = true;  // whether a guest that runs can be interrupted
  size_t stack_bytes = 0;     // of native stack that a call may use at most; 0 for the default
};

// Compiles modules. Most programs use the shared one.
class Engine : public detail::Handle<lb_engine_t, lb_engine_release> {
 public:
  using Handle::Handle;

  // Throws Unsupported if the options contradict each other.
  explicit Engine(const EngineOptions &options) {
    lb_engine_options_t raw = LB_ENGINE_OPTIONS;
    raw.interruptible = options.interruptible;
    raw.stack_bytes = options.stack_bytes;
    detail::check(lb_engine_new(&raw, &handle_));
  }

  // The engine that is used where none is named.
  static const Engine &shared() noexcept {
    static const Engine engine;
    return engine;
  }

  // The handle of landbridge.h, or null for the shared one.
  const lb_engine_t *pointer() const noexcept { return handle_.id != 0 ? &handle_ : nullptr; }
};

class Imports;
class Instance;

// Compiled code, ready to be instantiated any number of times.
class Module : public detail::Handle<lb_module_t, lb_module_release> {
 public:
  using Handle::Handle;

  // From a file of bytes or of WebAssembly text. Throws IoError, CompileError.
  static Module load(const std::filesystem::path &path, const Engine &engine = Engine::shared()) {
    Module module;
    detail::check(lb_module_load_file(engine.pointer(), path.string().c_str(), &module.handle_));
    return module;
  }
  // From WebAssembly text. Throws CompileError.
  static Module from_text(std::string_view text, const Engine &engine = Engine::shared()) {
    return from_bytes(std::as_bytes(std::span(text)), engine);
  }
  // From bytes, which are not needed afterwards. Throws CompileError.
  static Module from_bytes(std::span<const std::byte> bytes, const Engine &engine = Engine::shared()) {
    Module module;
    auto *data = reinterpret_cast<const uint8_t *>(bytes.data());
    detail::check(lb_module_load_bytes(engine.pointer(), data, bytes.size(), &module.handle_));
    return module;
  }

  // The name that its compiler gave it.
  std::optional<std::string> name() const {
    const char *name;
    detail::check(lb_module_name(handle_, &name));
    return name ? std::optional<std::string>(name) : std::nullopt;
  }
  // What it asks its host for, in its own order.
  std::vector<ImportType> imports() const {
    const lb_import_t *all;
    size_t count;
    detail::check(lb_module_imports(handle_, &all, &count));
    std::vector<ImportType> imports;
    for (const lb_import_t &one : std::span(all, count)) {
      imports.push_back({one.module, one.name, ExternType::of(one.type)});
    }
    return imports;
  }
  // What it exports, in its own order.
  std::vector<ExportType> exports() const {
    const lb_export_t *all;
    size_t count;
    detail::check(lb_module_exports(handle_, &all, &count));
    std::vector<ExportType> exports;
    for (const lb_export_t &one : std::span(all, count)) exports.push_back({one.name, ExternType::of(one.type)});
    return exports;
  }

  // Makes an instance in a store of its own and runs the start function. Throws LinkError, naming
  // every import that is missing; what the start function throws; WrongStore.
  Instance instantiate() const;
  Instance instantiate(const Imports &imports) const;
};

// A sandbox: instances that share memories, tables, globals or functions live in one store.
class Store : public detail::Handle<lb_store_t, lb_store_release> {
 public:
  using Handle::Handle;

  explicit Store(const Engine &engine = Engine::shared()) { detail::check(lb_store_new(engine.pointer(), &handle_)); }

  // Makes an instance in this store. Throws as Module::instantiate(), and WrongStore for a module of
  // another engine.
  Instance instantiate(const Module &module) const;
  Instance instantiate(const Module &module, const Imports &imports) const;

  // Ends the store: everything in it throws Closed from now on. Never waits; a call that runs in
  // another thread is ended within a few milliseconds. Closing twice is no error.
  void close() const;
};

// A module at work.
class Instance : public detail::Handle<lb_instance_t, lb_instance_release> {
 public:
  using Handle::Handle;

  // An exported function. Throws NotFound.
  Func func(const char *name) const { return find<Func>(name, lb_instance_func); }
  Func func(const std::string &name) const { return func(name.c_str()); }
  // The same with a signature of C++. Throws TypeError if it has another one.
  template <class Signature>
  TypedFunc<Signature> func(const char *name) const {
    return TypedFunc<Signature>(func(name));
  }
  template <class Signature>
  TypedFunc<Signature> func(const std::string &name) const {
    return func<Signature>(name.c_str());
  }
  Memory memory(const std::string &name) const { return find<Memory>(name.c_str(), lb_instance_memory); }
  Table table(const std::string &name) const { return find<Table>(name.c_str(), lb_instance_table); }
  Global global(const std::string &name) const { return find<Global>(name.c_str(), lb_instance_global); }
  // An export of any sort.
  Extern exported(const std::string &name) const {
    lb_extern_t item;
    detail::check(lb_instance_export(handle_, name.c_str(), &item));
    return detail::extern_of(item);
  }
  // Names and types of all exports, in the module's order.
  std::vector<ExportType> exports() const {
    const lb_export_t *all;
    size_t count;
    detail::check(lb_instance_exports(handle_, &all, &count));
    std::vector<ExportType> exports;
    for (const lb_export_t &one : std::span(all, count)) exports.push_back({one.name, ExternType::of(one.type)});
    return exports;
  }

  // Calls a function by name: calc.call<int32_t>("add", 2, 3). Throws NotFound, TypeError, Trap, what a
  // host function threw.
  template <class R, detail::Crossing... A>
  R call(const char *name, const A &...args) const {
    // The library knows the number of results; here is the place to know their types.
    return detail::call_typed<R>(
        [&](const lb_value_t *in, size_t nin, lb_value_t *out, size_t nout) {
          lb_error_t *error = lb_instance_call(handle_, name, in, nin, out, nout);
          return error ? error : expect(name, out, detail::Results<R>::types());
        },
        args...);
  }
  // The same with values: calc.call("add", {2, 3}).
  std::vector<Value> call(const char *name, std::span<const Value> args) const { return func(name).call(args); }
  std::vector<Value> call(const char *name, std::initializer_list<Value> args) const {
    return func(name).call(args);
  }

  // The store it lives in.
  Store store() const {
    lb_store_t store;
    detail::check(lb_instance_store(handle_, &store));
    return Store(store);
  }

  // Ends the instance: one made by Module::instantiate() with its store, see Store::close(); one made
  // in a store only stops answering. Closing twice is no error.
  void close() const;

 private:
  template <class T, class H>
  T find(const char *name, lb_error_t *(*find)(lb_instance_t, const char *, H *)) const {
    H handle;
    detail::check(find(handle_, name, &handle));
    return T(handle);
  }

  static lb_error_t *expect(const char *name, lb_value_t *results, const std::vector<Type> &types) {
    for (size_t i = 0; i < types.size(); ++i) {
      if (static_cast<Type>(results[i].type) == types[i]) continue;
      std::string message = "result " + std::to_string(i + 1) + " of " + name + ": expected " +
                            std::string(landbridge::name(types[i])) + ", got " +
                            lb_type_name(results[i].type);
      for (size_t j = 0; j < types.size(); ++j) lb_error_free(lb_value_release(&results[j]));
      return lb_error_new(LB_KIND_TYPE, message.c_str());
    }
    return nullptr;
  }
};

// ---- Imports and host functions ----------------------------------------------------------------

// Where a host function was called from. Valid during that call only, and on its thread.
class Context {
 public:
  explicit Context(const lb_context_t *context) noexcept : context_(context) {}

  // An export of the instance that called: mostly its memory. Throws NotFound.
  Extern exported(const std::string &name) const {
    lb_extern_t item;
    detail::check(lb_context_export(context_, name.c_str(), &item));
    return detail::extern_of(item);
  }
  // The same for a memory.
  Memory memory(const std::string &name = "memory") const {
    Extern item = exported(name);
    if (auto *memory = std::get_if<Memory>(&item)) return std::move(*memory);
    throw NotFound("the export \"" + name + "\" of the calling instance is no memory");
  }
  // The name by which the module imports the function, such as "env.log".
  std::string name() const {
    return detail::text_of([&](char *name, size_t size) { return lb_context_name(context_, name, size); });
  }
  // The store that the guest runs in.
  Store store() const {
    lb_store_t store;
    detail::check(lb_context_store(context_, &store));
    return Store(store);
  }

 private:
  const lb_context_t *context_;
};

namespace detail {

inline FuncType type_of(std::span<const lb_value_t> args, std::span<const lb_value_t> results) {
  FuncType type;
  for (const lb_value_t &arg : args) type.params.push_back(static_cast<Type>(arg.type));
  for (const lb_value_t &result : results) type.results.push_back(static_cast<Type>(result.type));
  return type;
}

// How a callable of a signature takes values of the library and gives some.
template <class Signature>
struct Host;

template <class R, class... A>
struct Host<R(A...)> {
  static_assert((Crossing<std::remove_cvref_t<A>> && ...), "this type does not cross; see landbridge.hpp");

  static FuncType type() { return {{Leaf<std::remove_cvref_t<A>>::type...}, Results<R>::types()}; }

  template <class F>
  static void run(F &callable, const Context &context, std::span<const lb_value_t> args,
                  std::span<lb_value_t> results) {
    run_with([&](auto &&...lifted) -> R { return callable(std::move(lifted)...); }, context, args, results);
  }

  template <class Call>
  static void run_with(Call call, const Context &context, std::span<const lb_value_t> args,
                       std::span<lb_value_t> results) {
    [&]<size_t... I>(std::index_sequence<I...>) {
      bool fits = args.size() == sizeof...(A) && results.size() == Results<R>::count &&
                  (true && ... && (args[I].type == static_cast<uint32_t>(Leaf<std::remove_cvref_t<A>>::type)));
      if (!fits) [[unlikely]] {
        throw TypeError(context.name() + " is imported as " + type_of(args, results).text() +
                        ", the host function is " + type().text());
      }
      if constexpr (std::is_void_v<R>) {
        call(Leaf<std::remove_cvref_t<A>>::borrow(args[I])...);
      } else {
        Results<R>::give(call(Leaf<std::remove_cvref_t<A>>::borrow(args[I])...), results.data());
      }
    }(std::index_sequence_for<A...>());
  }
};

template <class R, class... A>
struct Host<R(const Context &, A...)> {
  static FuncType type() { return Host<R(A...)>::type(); }

  template <class F>
  static void run(F &callable, const Context &context, std::span<const lb_value_t> args,
                  std::span<lb_value_t> results) {
    Host<R(A...)>::run_with(
        [&](auto &&...lifted) -> R { return callable(context, std::move(lifted)...); }, context, args, results);
  }
};

// The general form.
template <>
struct Host<std::vector<Value>(const Context &, std::span<const Value>)> {
  template <class F>
  static void run(F &callable, const Context &context, std::span<const lb_value_t> args,
                  std::span<lb_value_t> results) {
    std::vector<Value> lifted;
    lifted.reserve(args.size());
    for (const lb_value_t &arg : args) {
      // The reference is lent: the copy owns one of its own.
      Value lent = Value::own(arg);
      struct Return {
        Value &lent;
        ~Return() { lent.take(); }
      } back{lent};
      lifted.push_back(lent);
    }
    std::vector<Value> given = callable(context, std::span<const Value>(lifted));
    if (given.size() != results.size()) {
      throw TypeError("results of " + context.name() + ": expected " + std::to_string(results.size()) +
                      ", got " + std::to_string(given.size()));
    }
    for (size_t i = 0; i < given.size(); ++i) results[i] = given[i].take();
  }
};

// The signature of a callable.
template <class F>
struct SignatureOf : SignatureOf<decltype(&F::operator())> {};
template <class R, class... A>
struct SignatureOf<R (*)(A...)> {
  using type = R(A...);
};
template <class R, class... A>
struct SignatureOf<R (*)(A...) noexcept> {
  using type = R(A...);
};
#define LANDBRIDGE_CALLABLE(...)                \
  template <class C, class R, class... A>       \
  struct SignatureOf<R (C::*)(A...) __VA_ARGS__> { \
    using type = R(A...);                       \
  };
LANDBRIDGE_CALLABLE()
LANDBRIDGE_CALLABLE(const)
LANDBRIDGE_CALLABLE(noexcept)
LANDBRIDGE_CALLABLE(const noexcept)
#undef LANDBRIDGE_CALLABLE

template <class F>
using HostOf = Host<typename SignatureOf<F>::type>;

// What the library calls. Nothing is thrown through its frames.
template <class F>
lb_error_t *call_host(void *data, const lb_context_t *context, const lb_value_t *args, size_t nargs,
                      lb_value_t *results, size_t nresults) noexcept {
  try {
    HostOf<F>::run(*static_cast<F *>(data), Context(context), {args, nargs}, {results, nresults});
    return nullptr;
  } catch (...) {
    return caught();
  }
}

template <class F>
void drop_host(void *data) {
  delete static_cast<F *>(data);
}

}  // namespace detail

// What the program lends to modules, by the two names of an import. May be used for any number of
// instances.
class Imports : public detail::Handle<lb_imports_t, lb_imports_release> {
 public:
  using Handle::Handle;

  Imports() { detail::check(lb_imports_new(&handle_)); }

  // Lends a callable, which lives as long as an instance that uses it:
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
  Imports &func(const char *module, const char *name, F callable) {
    using Callable = std::decay_t<F>;
    auto data = std::make_unique<Callable>(std::move(callable));
    detail::check(lb_imports_func(handle_, module, name, &detail::call_host<Callable>, data.release(),
                                  &detail::drop_host<Callable>));
    return *this;
  }

  // Lends something of the store that the module will be instantiated in.
  template <class T>
  Imports &define(const char *module, const char *name, const T &item) {
    detail::check(lb_imports_define(handle_, module, name, detail::lent(item)));
    return *this;
  }

  // Lends all exports of an instance in that store.
  Imports &instance(const char *module, const Instance &instance) {
    detail::check(lb_imports_instance(handle_, module, instance.get()));
    return *this;
  }
};

template <class F>
Func::Func(const Store &store, F callable) {
  const FuncType type = detail::HostOf<F>::type();
  const lb_func_type_t raw = type.get();
  auto data = std::make_unique<F>(std::move(callable));
  detail::check(
      lb_func_new(store.get(), &raw, &handle_, &detail::call_host<F>, data.release(), &detail::drop_host<F>));
}

template <class F>
Func::Func(const Store &store, const FuncType &type, F callable) {
  const lb_func_type_t raw = type.get();
  auto data = std::make_unique<F>(std::move(callable));
  detail::check(
      lb_func_new(store.get(), &raw, &handle_, &detail::call_host<F>, data.release(), &detail::drop_host<F>));
}

inline Memory::Memory(const Store &store, const MemoryType &type) {
  const lb_memory_type_t raw = type.get();
  detail::check(lb_memory_new(store.get(), &raw, &handle_));
}

inline Table::Table(const Store &store, const TableType &type, const Value &init) {
  const lb_table_type_t raw = type.get();
  detail::check(lb_table_new(store.get(), &raw, init.get(), &handle_));
}

inline Global::Global(const Store &store, const GlobalType &type, const Value &value) {
  const lb_global_type_t raw = type.get();
  detail::check(lb_global_new(store.get(), &raw, value.get(), &handle_));
}

namespace detail {

inline Instance instantiate(const Module &module, const lb_imports_t *imports) {
  lb_instance_t instance;
  check(lb_instance_new(module.get(), imports, &instance));
  return Instance(instance);
}

inline Instance instantiate(const Store &store, const Module &module, const lb_imports_t *imports) {
  lb_instance_t instance;
  check(lb_store_instantiate(store.get(), module.get(), imports, &instance));
  return Instance(instance);
}

// Closing twice is no error.
inline void closed(lb_error_t *error) {
  if (lb_error_kind(error) == LB_KIND_CLOSED) {
    lb_error_free(error);
  } else {
    check(error);
  }
}

}  // namespace detail

inline Instance Module::instantiate() const { return detail::instantiate(*this, nullptr); }

inline Instance Module::instantiate(const Imports &imports) const {
  const lb_imports_t raw = imports.get();
  return detail::instantiate(*this, &raw);
}

inline Instance Store::instantiate(const Module &module) const { return detail::instantiate(*this, module, nullptr); }

inline Instance Store::instantiate(const Module &module, const Imports &imports) const {
  const lb_imports_t raw = imports.get();
  return detail::instantiate(*this, module, &raw);
}

inline void Store::close() const { detail::closed(lb_store_close(handle_)); }

inline void Instance::close() const { detail::closed(lb_instance_close(handle_)); }

}  // namespace landbridge

#endif  // LANDBRIDGE_HPP
