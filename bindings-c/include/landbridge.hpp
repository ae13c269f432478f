// landbridge.hpp - load WebAssembly modules and call them, in C++20. Header-only, over landbridge.h.
//
//     auto calc = landbridge::Module::load("calc.wasm").instantiate();
//     auto add  = calc.func<int32_t(int32_t, int32_t)>("add");            // checked once, then a plain call
//     int five  = add(2, 3);                                              // throws landbridge::Trap, ...
//     std::span<std::byte> view = calc.memory("memory").span();
//
// What holds everywhere:
//
// - Objects own a handle: they move but do not copy, except for Func, ExternRef, GcRef and Exception, which
//   are values of guests too, and Policy. A destructor releases the handle and nothing else: what was made
//   from an object lives on, so any order of destruction is right. close() ends an instance or a store with
//   all that is in it.
// - Errors are exceptions, derived from landbridge::Error. An exception of any type that a host
//   function throws arrives at the outermost call as that very object.
// - A call waits for its results; call_async() gives a Call<R> instead, whose call runs on a thread of the library's.
// - Everything may be used from several threads; those that meet on a store take turns. One C++ object
//   must not be moved, assigned or closed by one thread while another uses it.
// - Offsets and lengths are in bytes, sizes of memories also in pages of 64 KiB.
//
// i32 is int32_t or uint32_t, i64 is int64_t or uint64_t, f32 is float, f64 is double, v128 is V128 or any
// other std::array of numbers that has 16 bytes, funcref is Func, externref is ExternRef, anyref and what is
// narrower is AnyRef, a struct or array is GcRef as well, exnref is Exception; the empty one of each is the null
// reference. Several results are a std::tuple.

#ifndef LANDBRIDGE_HPP
#define LANDBRIDGE_HPP

#if __cplusplus < 202002L && (!defined(_MSVC_LANG) || _MSVC_LANG < 202002L)
#error "landbridge.hpp needs C++20: compile with -std=c++20, or use landbridge.h"
#else

#include <array>
#include <bit>
#include <chrono>
#include <concepts>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <exception>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <map>
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

// Every kind of error: the name in landbridge.h, the name of the Kind, and the exception. The last two are
// written out below.
#define LANDBRIDGE_KINDS(KIND) \
  LANDBRIDGE_PLAIN_KINDS(KIND) \
  KIND(EXIT, exit, Exit)       \
  KIND(EXCEPTION, exception, TaggedException)

#define LANDBRIDGE_PLAIN_KINDS(KIND)               \
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
  other = LB_TRAP_OTHER,
};

// The stable name of a kind, such as "not_found".
inline std::string_view name(Kind kind) noexcept { return lb_kind_name(static_cast<uint32_t>(kind)); }

// The stable name of a trap code, such as "unreachable".
inline std::string_view name(TrapCode code) noexcept { return lb_trap_name(static_cast<uint32_t>(code)); }

// One frame of the guest's call stack.
struct Frame {
  std::optional<std::string> module;      // the module's name, if it has one
  std::optional<std::string> func_name;   // the function's name, if it has one, demangled if it is not long
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

  // What the guest had written last, and was refused, where nobody could see it: to streams that go nowhere. A text for
  // reading, with lines, of at most 4 KiB of each stream; empty if there is nothing.
  const char *output() const noexcept { return lb_error_output(error_.get()); }

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

  // Why the guest trapped, if it did; also in the error of a limit that made it trap.
  std::optional<TrapCode> trap_code() const noexcept {
    const lb_trap_t code = lb_error_trap_code(error_.get());
    return code ? std::optional(static_cast<TrapCode>(code)) : std::nullopt;
  }

  // The number that the operating system gave if it refused something, such as a file that is not there:
  // errno, or on Windows what GetLastError() says.
  std::optional<int32_t> os_code() const noexcept {
    const int32_t code = lb_error_os_code(error_.get());
    return code ? std::optional(code) : std::nullopt;
  }

  // The file or folder that the operating system refused, as it was given.
  std::optional<std::string> path() const { return text(lb_error_path(error_.get())); }

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
LANDBRIDGE_PLAIN_KINDS(LANDBRIDGE_KIND)
#undef LANDBRIDGE_KIND

// A guest ended itself with a code. A callable that throws it ends the guest that called it as WASI does.
class Exit : public Error {
 public:
  explicit Exit(int32_t code) : Error(lb_error_exit(code)) {}
  explicit Exit(lb_error_t *error) : Error(error) {}

  // What the guest ended itself with.
  int32_t exit_code() const noexcept { return lb_error_exit_code(get()); }
};

class Exception;
class Tag;
class Value;

// An exception of WebAssembly that a guest threw, or a host function throws. A guest of its store can catch
// what a host function throws, by the tag; what nobody catches comes out of the call.
class TaggedException : public Error {
 public:
  explicit TaggedException(const Exception &exception);
  // Makes the exception as well. Throws TypeError if the payload does not fit the tag.
  TaggedException(const Tag &tag, std::initializer_list<Value> payload);
  explicit TaggedException(lb_error_t *error) : Error(error) {}

  // What was thrown. The payload may be read after the store was closed.
  Exception exception() const;
  Tag tag() const;
  std::vector<Value> payload() const;
};

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

// A zero byte inside of a name is two bytes in C.
constexpr std::string_view zero_in_c = "\xc0\x80";

inline std::string c_name(std::string name) {
  for (size_t at = 0; (at = name.find('\0', at)) != std::string::npos;) name.replace(at, 1, zero_in_c);
  return name;
}

inline std::string name_of(std::string name) {
  for (size_t at = 0; (at = name.find(zero_in_c, at)) != std::string::npos; ++at) name.replace(at, 2, 1, '\0');
  return name;
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
  anyref = LB_TYPE_ANYREF,
  eqref = LB_TYPE_EQREF,
  i31ref = LB_TYPE_I31REF,
  structref = LB_TYPE_STRUCTREF,
  arrayref = LB_TYPE_ARRAYREF,
  exnref = LB_TYPE_EXNREF,
  nullref = LB_TYPE_NULLREF,
  nullfuncref = LB_TYPE_NULLFUNCREF,
  nullexternref = LB_TYPE_NULLEXTERNREF,
  nullexnref = LB_TYPE_NULLEXNREF,
};

// The name that the WebAssembly text format gives a type.
inline std::string_view name(Type type) noexcept { return lb_type_name(static_cast<uint32_t>(type)); }

// The widest type whose values can meet this one's: a number's own, or one of funcref, externref, anyref and
// exnref.
inline Type top(Type type) noexcept { return static_cast<Type>(lb_type_top(static_cast<uint32_t>(type))); }

// The signature of a function.
struct FuncType {
  std::vector<Type> params;
  std::vector<Type> results;

  static FuncType of(const lb_func_type_t &type) {
    auto types = [](const lb_type_t *all, size_t count) {
      std::vector<Type> found;
      for (size_t i = 0; i < count; ++i) found.push_back(static_cast<Type>(all[i]));
      return found;
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
  bool is_64 = false;

  static TableType of(const lb_table_type_t &type) {
    return {static_cast<Type>(type.element), type.min, detail::max_of(type.max), type.is_64};
  }
  lb_table_type_t get() const { return {min, max.value_or(LB_NO_MAX), static_cast<uint32_t>(element), is_64}; }
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

  static TagType of(const lb_func_type_t &type) { return {FuncType::of(type).params}; }
  lb_func_type_t get() const {
    return {reinterpret_cast<const lb_type_t *>(params.data()), params.size(), nullptr, 0};
  }
  // "tag (i32)"
  std::string text() const {
    lb_extern_type_t type{LB_SORT_TAG, {get()}};
    return detail::text_of([&](char *text, size_t size) { return lb_extern_type_text(&type, text, size); });
  }
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
      default: return {TagType::of(type.of.func), text};
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

namespace detail {

inline std::vector<ImportType> imports_of(std::span<const lb_import_t> all) {
  std::vector<ImportType> imports;
  for (const lb_import_t &one : all) {
    imports.push_back({name_of(one.module), name_of(one.name), ExternType::of(one.type)});
  }
  return imports;
}

inline std::vector<ExportType> exports_of(std::span<const lb_export_t> all) {
  std::vector<ExportType> exports;
  for (const lb_export_t &one : all) exports.push_back({name_of(one.name), ExternType::of(one.type)});
  return exports;
}

inline std::optional<std::string> name_or_none(const char *name) {
  return name ? std::optional<std::string>(name_of(name)) : std::nullopt;
}

}  // namespace detail

// A field of a struct, or what the elements of an array are.
struct FieldType {
  Type type;               // of the values that are read and written
  unsigned packed_bits;    // 8 or 16 if only so many bits of an i32 are stored; else 0
  bool is_mutable;
  bool operator==(const FieldType &) const = default;
};

// The type of an object of the guest's heap, with its text, such as "(struct (mut i32) f64)".
struct GcType {
  Type sort;                      // structref or arrayref
  std::vector<FieldType> fields;  // of an array: the one of all its elements
  std::string text;

  static GcType of(const lb_gc_type_t &type) {
    GcType made{static_cast<Type>(type.sort), {}, {}};
    for (const lb_field_type_t &field : std::span(type.fields, type.nfields)) {
      made.fields.push_back({static_cast<Type>(field.type), field.packed_bits, field.is_mutable});
    }
    made.text = detail::text_of([&](char *to, size_t size) { return lb_gc_type_text(&type, to, size); });
    return made;
  }
  bool operator==(const GcType &) const = default;
};

// ---- Values -----------------------------------------------------------------------------------

// A 128-bit vector: its bytes in the order they have in memory, lane 0 first. Lanes of another sort are a
// std::array of theirs: std::bit_cast<std::array<float, 4>>(v128).
using V128 = std::array<uint8_t, 16>;

class AnyRef;

namespace detail {

inline lb_value_t clone(const lb_value_t &value) {
  lb_value_t clone;
  check(lb_value_clone(value, &clone));
  return clone;
}

// Owns a value of landbridge.h with its reference.
class OwnedValue {
 public:
  OwnedValue(const OwnedValue &other) : raw_(other.type() <= Type::v128 ? other.raw_ : clone(other.raw_)) {}
  OwnedValue(OwnedValue &&other) noexcept : raw_(other.take()) {}
  OwnedValue &operator=(OwnedValue other) noexcept {
    std::swap(raw_, other.raw_);
    return *this;
  }
  ~OwnedValue() { lb_error_free(lb_value_release(&raw_)); }

  // What it is; of an anyref i31ref, structref, arrayref, or anyref for null and objects of the host.
  Type type() const noexcept { return static_cast<Type>(raw_.type); }
  // The value of landbridge.h; its reference stays this object's.
  const lb_value_t &get() const noexcept { return raw_; }
  // The same, given up to the caller.
  lb_value_t take() noexcept { return std::exchange(raw_, lb_i32(0)); }

 protected:
  explicit OwnedValue(const lb_value_t &raw) noexcept : raw_(raw) {}

  lb_value_t raw_;
};

}  // namespace detail

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

  // Makes one of what an anyref is, as extern.convert_any does: a guest can turn it back.
  static ExternRef from_any(const AnyRef &any);

  // What the guest made it of, if that is of its own heap; null for an object of the host.
  AnyRef any() const;

  // The object, if it was lent as a T; else null.
  template <class T>
  std::shared_ptr<T> object() const {
    auto [data, ours] = parts();
    if (!ours) return nullptr;
    auto *cell = static_cast<Cell *>(data);
    return *cell->type == typeid(T) ? std::static_pointer_cast<T>(cell->object) : nullptr;
  }

  // The address of the object, whoever lent it; null for the null reference and for what is of a guest's heap.
  void *address() const {
    auto [data, ours] = parts();
    return ours ? static_cast<Cell *>(data)->object.get() : data;
  }

  // Whether both are the same object.
  friend bool operator==(const ExternRef &one, const ExternRef &other) {
    if (one.handle_.id == other.handle_.id || lb_externref_same(one.handle_, other.handle_)) return true;
    void *address = one.address();
    return address && address == other.address();
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
    lb_error_t *error = lb_externref_data(handle_, &owner, &data);
    if (lb_error_kind(error) == LB_KIND_TYPE) {
      lb_error_free(error);
      return {nullptr, false};
    }
    detail::check(error);
    return {data, owner == &drop};
  }
};

class Context;
class Store;
template <class Signature>
class TypedFunc;
template <class R>
class Call;

// A struct or an array of the guest's heap: what is read and written is what the guest has. Copies are the same
// object. The empty one is the null reference.
class GcRef : public detail::Handle<lb_gcref_t, lb_gcref_release> {
 public:
  GcRef() noexcept = default;
  // Takes over a handle of landbridge.h, of a structref or arrayref.
  GcRef(lb_gcref_t handle, Type sort) noexcept : Handle(handle), sort_(sort) {}
  GcRef(const GcRef &other) : Handle(), sort_(other.sort_) {
    if (other) detail::check(lb_gcref_clone(other.handle_, &handle_));
  }
  GcRef(GcRef &&) noexcept = default;
  GcRef &operator=(GcRef other) noexcept {
    std::swap(handle_, other.handle_);
    std::swap(sort_, other.sort_);
    return *this;
  }

  // Type::structref or Type::arrayref.
  Type sort() const noexcept { return sort_; }
  GcType type() const {
    lb_gc_type_t type;
    detail::check(lb_gcref_type(handle_, &type));
    return GcType::of(type);
  }
  // How many fields or elements it has.
  uint64_t size() const {
    uint64_t size;
    detail::check(lb_gcref_len(handle_, &size));
    return size;
  }
  // A field or an element. Throws OutOfBounds.
  Value at(uint64_t index) const;
  // Throws OutOfBounds, TypeError if the value does not fit or the field is immutable, WrongStore.
  void set(uint64_t index, const Value &value) const;

  // Whether both are one object of one store.
  friend bool operator==(const GcRef &one, const GcRef &other) {
    return one.handle_.id == other.handle_.id || lb_gcref_same(one.handle_, other.handle_);
  }

 private:
  Type sort_ = Type::structref;
};

// What an anyref is: null, a small integer, a struct or array of the guest's heap, or an object of the host.
class AnyRef : public detail::OwnedValue {
 public:
  // Null.
  AnyRef() noexcept : OwnedValue(lb_anyref(lb_externref_t{})) {}
  // A small integer, from -2^30 to 2^30 - 1; a call with another one throws RangeError.
  AnyRef(int32_t i31) noexcept : OwnedValue(lb_i31ref(i31)) {}
  AnyRef(GcRef object) noexcept : OwnedValue(of(std::move(object))) {}
  // An object of the host, or what a guest made an externref of.
  AnyRef(ExternRef host) : OwnedValue(of(std::move(host))) {}
  // Takes over a value of landbridge.h, which is of a type below anyref.
  static AnyRef own(const lb_value_t &raw) noexcept { return AnyRef(raw); }

  // Whether it is not null.
  explicit operator bool() const noexcept { return type() == Type::i31ref || raw_.of.gcref.id != 0; }
  // The small integer, if it is one.
  std::optional<int32_t> i31() const noexcept {
    return type() == Type::i31ref ? std::optional<int32_t>(raw_.of.i32) : std::nullopt;
  }
  // The struct or array; the empty one if it is none.
  GcRef object() const {
    return is_object() ? GcRef(detail::clone(raw_).of.gcref, type()) : GcRef();
  }
  // The object of the host; the empty one if it is none.
  ExternRef host() const {
    return *this && type() == Type::anyref ? ExternRef(detail::clone(raw_).of.externref) : ExternRef();
  }

  // Whether both are the same integer, or one object.
  friend bool operator==(const AnyRef &one, const AnyRef &other) {
    if (!one || !other) return !one && !other;
    if (one.is_object() && other.is_object()) return lb_gcref_same(one.raw_.of.gcref, other.raw_.of.gcref);
    return one.type() == other.type() && one.i31() == other.i31() && one.host() == other.host();
  }

 private:
  explicit AnyRef(const lb_value_t &raw) noexcept : OwnedValue(raw) {}
  static lb_value_t of(GcRef object) noexcept {
    if (!object) return lb_anyref(lb_externref_t{});
    const bool is_struct = object.sort() == Type::structref;
    return is_struct ? lb_structref(object.take()) : lb_arrayref(object.take());
  }
  static lb_value_t of(ExternRef host) {
    AnyRef inward = host.any();
    return inward ? inward.take() : lb_anyref(host.take());
  }
  bool is_object() const noexcept { return type() == Type::structref || type() == Type::arrayref; }
};

// What tells one sort of exception from another, in a store.
class Tag : public detail::Handle<lb_tag_t, lb_tag_release> {
 public:
  using Handle::Handle;

  // Makes a tag whose exceptions carry values of these types. Throws LimitExceeded.
  Tag(const Store &store, const std::vector<Type> &params);

  TagType type() const {
    lb_func_type_t type;
    detail::check(lb_tag_type(handle_, &type));
    return TagType::of(type);
  }

  // Whether both are one tag of one store.
  friend bool operator==(const Tag &one, const Tag &other) {
    return one.handle_.id == other.handle_.id || lb_tag_same(one.handle_, other.handle_);
  }
};

// An exception of WebAssembly as a value; what is thrown in C++ is a TaggedException, which holds one. Copies
// are the same exception. The empty one is the null reference.
class Exception : public detail::Handle<lb_exception_t, lb_exception_release> {
 public:
  using Handle::Handle;

  // Throws TypeError if the payload does not fit the tag.
  Exception(const Tag &tag, std::span<const Value> payload);
  Exception(const Tag &tag, std::initializer_list<Value> payload);
  Exception(const Exception &other) : Handle() {
    if (other) detail::check(lb_exception_clone(other.handle_, &handle_));
  }
  Exception(Exception &&) noexcept = default;
  Exception &operator=(Exception other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }

  // Which sort of exception it is.
  Tag tag() const {
    lb_tag_t tag;
    detail::check(lb_exception_tag(handle_, &tag));
    return Tag(tag);
  }
  // What it carries. Throws Closed if the store is, unless it came out of a TaggedException.
  std::vector<Value> payload() const;

  // Whether both are one exception of one store.
  friend bool operator==(const Exception &one, const Exception &other) {
    return one.handle_.id == other.handle_.id || lb_exception_same(one.handle_, other.handle_);
  }
};

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

  // Calls it on a thread of the library's, and does not wait. Throws TypeError for a wrong number of arguments,
  // LimitExceeded if no thread can be started; all else comes out of the Call.
  Call<std::vector<Value>> call_async(std::span<const Value> args) const;
  Call<std::vector<Value>> call_async(std::initializer_list<Value> args) const;

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
// take the reference over; borrow() and take() read one that is lent or given, which it holds(). A parameter
// takes() it if its type is such, and a result gives() it.
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
  static bool holds(const lb_value_t &value) noexcept { return value.type == static_cast<uint32_t>(leaf_type); }
  static bool takes(Type param) noexcept { return param == leaf_type; }
  static bool gives(Type result) noexcept { return result == leaf_type; }
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

template <class T, size_t N>
  requires((std::integral<T> || std::floating_point<T>) && !std::same_as<T, bool> && sizeof(T) <= 8 &&
           N * sizeof(T) == 16)
struct Leaf<std::array<T, N>> : PlainLeaf<std::array<T, N>, Type::v128, lb_v128_t, &lb_bits_t::v128> {};

// References.
template <class T, Type leaf_type, class C, C lb_bits_t::*member>
struct ReferenceLeaf {
  static constexpr bool known = true;
  static constexpr Type type = leaf_type;
  static lb_value_t lend(const T &value) noexcept { return make<C>(leaf_type, member, value.get()); }
  static lb_value_t give(T value) noexcept { return make<C>(leaf_type, member, value.take()); }
  static T take(const lb_value_t &value) noexcept { return T(value.of.*member); }
  static T borrow(const lb_value_t &value) { return take(clone(value)); }
  static bool holds(const lb_value_t &value) noexcept { return value.type == static_cast<uint32_t>(leaf_type); }
  static bool takes(Type param) noexcept { return top(param) == leaf_type; }
  static bool gives(Type result) noexcept { return top(result) == leaf_type; }
};

template <>
struct Leaf<Func> : ReferenceLeaf<Func, Type::funcref, lb_func_t, &lb_bits_t::func> {};

template <>
struct Leaf<ExternRef>
    : ReferenceLeaf<ExternRef, Type::externref, lb_externref_t, &lb_bits_t::externref> {};

template <>
struct Leaf<Exception> : ReferenceLeaf<Exception, Type::exnref, lb_exception_t, &lb_bits_t::exception> {};

inline bool is_object(const lb_value_t &value) noexcept {
  return value.type == LB_TYPE_STRUCTREF || value.type == LB_TYPE_ARRAYREF;
}

inline bool is_any(const lb_value_t &value) noexcept { return lb_type_top(value.type) == LB_TYPE_ANYREF; }

// A struct, an array or null; a parameter that may be more than that takes them, a result does not give them.
template <>
struct Leaf<GcRef> {
  static constexpr bool known = true;
  static constexpr Type type = Type::anyref;
  static lb_value_t lend(const GcRef &value) noexcept { return make(value.sort(), &lb_bits_t::gcref, value.get()); }
  static lb_value_t give(GcRef value) noexcept { return make(value.sort(), &lb_bits_t::gcref, value.take()); }
  static GcRef take(const lb_value_t &value) noexcept {
    return is_object(value) ? GcRef(value.of.gcref, static_cast<Type>(value.type)) : GcRef();
  }
  static GcRef borrow(const lb_value_t &value) { return take(clone(value)); }
  static bool holds(const lb_value_t &value) noexcept {
    return is_object(value) || (is_any(value) && value.type != LB_TYPE_I31REF && value.of.externref.id == 0);
  }
  static bool takes(Type param) noexcept { return top(param) == Type::anyref; }
  static bool gives(Type result) noexcept {
    return result == Type::structref || result == Type::arrayref || result == Type::nullref;
  }
};

template <>
struct Leaf<AnyRef> {
  static constexpr bool known = true;
  static constexpr Type type = Type::anyref;
  static lb_value_t lend(const AnyRef &value) noexcept { return value.get(); }
  static lb_value_t give(AnyRef value) noexcept { return value.take(); }
  static AnyRef take(const lb_value_t &value) noexcept { return AnyRef::own(value); }
  static AnyRef borrow(const lb_value_t &value) { return take(clone(value)); }
  static bool holds(const lb_value_t &value) noexcept { return is_any(value); }
  static bool takes(Type param) noexcept { return top(param) == Type::anyref; }
  static bool gives(Type result) noexcept { return top(result) == Type::anyref; }
};

template <class T>
concept Crossing = Leaf<T>::known;

}  // namespace detail

// A value of any type. Copies of references are the same object.
class Value : public detail::OwnedValue {
 public:
  // The i32 0.
  Value() noexcept : OwnedValue(lb_i32(0)) {}

  template <detail::Crossing T>
  Value(T value) noexcept : OwnedValue(detail::Leaf<T>::give(std::move(value))) {}

  // The value as a T. Throws TypeError if it is of another type.
  template <detail::Crossing T>
  T as() const {
    if (!detail::Leaf<T>::holds(raw_)) {
      throw TypeError("the value is of type " + std::string(landbridge::name(type())) + ", not " +
                      std::string(landbridge::name(detail::Leaf<T>::type)));
    }
    return detail::Leaf<T>::borrow(raw_);
  }

  // Takes over a value of landbridge.h with its reference.
  static Value own(const lb_value_t &raw) noexcept { return Value(raw); }
  // Copies a value of landbridge.h, whose reference stays the caller's.
  static Value copy(const lb_value_t &raw) { return own(detail::clone(raw)); }

 private:
  explicit Value(const lb_value_t &raw) noexcept : OwnedValue(raw) {}
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
  static bool gives(const std::vector<Type> &types) { return types.size() == 1 && Leaf<R>::gives(types[0]); }
  // How many values are what they should be, up to the first that is not.
  static size_t held(const lb_value_t *values) { return Leaf<R>::holds(values[0]); }
  static R take(const lb_value_t *values) { return Leaf<R>::take(values[0]); }
  static void give(R result, lb_value_t *values) { values[0] = Leaf<R>::give(std::move(result)); }
};

template <>
struct Results<void> {
  static constexpr size_t count = 0;
  static std::vector<Type> types() { return {}; }
  static bool gives(const std::vector<Type> &types) { return types.empty(); }
  static size_t held(const lb_value_t *) { return 0; }
  static void take(const lb_value_t *) {}
};

template <class... R>
struct Results<std::tuple<R...>> {
  static_assert((Crossing<R> && ...), "this type does not cross; see the head of landbridge.hpp");
  static constexpr size_t count = sizeof...(R);
  static std::vector<Type> types() { return {Leaf<R>::type...}; }
  static bool gives(const std::vector<Type> &types) {
    size_t i = 0;
    return types.size() == count && (true && ... && Leaf<R>::gives(types[i++]));
  }
  static size_t held(const lb_value_t *values) {
    size_t i = 0;
    (void)(true && ... && (Leaf<R>::holds(values[i]) && ++i));
    return i;
  }
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

// Reads results whose types nobody has checked.
template <class R>
R checked(const char *name, const lb_value_t *results) {
  const size_t i = Results<R>::held(results);
  if (i == Results<R>::count) [[likely]] return Results<R>::take(results);
  const std::string message = "result " + std::to_string(i + 1) + " of " + name + ": expected " +
                              std::string(landbridge::name(Results<R>::types()[i])) + ", got " +
                              lb_type_name(results[i].type);
  for (size_t j = 0; j < Results<R>::count; ++j) {
    lb_value_t owned = results[j];
    lb_error_free(lb_value_release(&owned));
  }
  throw TypeError(message);
}

// What a call that is over gave.
template <class R>
R outcome(lb_call_t call) {
  lb_value_t out[Results<R>::count + 1];
  check(lb_call_wait(call, out, Results<R>::count));
  return checked<R>("the call", out);
}

template <>
inline std::vector<Value> outcome(lb_call_t call) {
  size_t count;
  check(lb_call_result_count(call, &count));
  std::vector<Value> results(count);
  check(lb_call_wait(call, reinterpret_cast<lb_value_t *>(results.data()), count));
  return results;
}

// Goes on with a coroutine.
inline void resume(void *waiting, const lb_error_t *, const lb_value_t *, size_t) noexcept {
  std::coroutine_handle<>::from_address(waiting).resume();
}

}  // namespace detail

// A call that runs on a thread of the library's and gives an R. It moves but does not copy, and the call goes on if it
// is dropped. Calls of one store run one after the other, in the order they were made; any number may be in flight.
// Host functions run on the thread of the call.
//
// A coroutine may await it: `int sum = co_await add.call_async(2, 3);`. It goes on where then() calls.
template <class R>
class [[nodiscard]] Call {
 public:
  // Takes over a handle of landbridge.h.
  explicit Call(lb_call_t handle) noexcept : handle_(handle) {}

  // Waits for the outcome, any number of times. Throws what the call threw: Trap, what a host function threw,
  // Cancelled, Timeout, Closed; TypeError if the results are of other types; Deadlock in a host function of the
  // store that the call is to run in.
  R get() const { return detail::outcome<R>(handle()); }

  // Waits for at most so long, and tells whether the call is over.
  template <class Rep, class Period>
  bool wait_for(std::chrono::duration<Rep, Period> most) const {
    const auto ms = std::chrono::ceil<std::chrono::milliseconds>(most).count();
    bool is_done;
    detail::check(lb_call_wait_for(handle(), ms < 0 ? 0 : static_cast<uint64_t>(ms), &is_done));
    return is_done;
  }

  // Whether the call is over.
  bool is_done() const noexcept { return lb_call_is_done(handle()); }

  // Ends this call and no other, with Cancelled. One that has not begun never runs; one that runs is ended as by
  // Store::cancel(). Never waits, and may be called from any thread. If the call is over, nothing happens.
  void cancel() const { detail::check(lb_call_cancel(handle())); }

  // Has a callable called with this Call once it is over: `std::move(call).then([](auto call) { use(call.get()); })`.
  // That is on a thread of the library's, on the one that cancels a call which has not begun, or here and now if the call
  // is over. It should be short, must not wait for another call of the same store, and must not throw.
  template <std::invocable<Call> F>
  void then(F callable) && {
    struct Both {
      Call call;
      F callable;
      static void run(void *data, const lb_error_t *, const lb_value_t *, size_t) noexcept {
        const std::unique_ptr<Both> both(static_cast<Both *>(data));
        std::invoke(both->callable, std::move(both->call));
      }
    };
    std::unique_ptr<Both> both(new Both{std::move(*this), std::move(callable)});
    detail::check(lb_call_on_done(both->call.handle(), &Both::run, both.get()));
    both.release();
  }

  // For co_await.
  bool await_ready() const noexcept { return is_done(); }
  void await_suspend(std::coroutine_handle<> waiting) const {
    detail::check(lb_call_on_done(handle(), &detail::resume, waiting.address()));
  }
  R await_resume() const { return get(); }

  // The handle of landbridge.h, which stays this object's.
  lb_call_t handle() const noexcept { return handle_.get(); }

 private:
  detail::Handle<lb_call_t, lb_call_release> handle_;
};

namespace detail {

// Starts a call with arguments of C++, which the library copies.
template <class R, class... A, class Start>
Call<R> start_typed(Start start, const A &...args) {
  static_assert((Crossing<A> && ...), "this type does not cross; see the head of landbridge.hpp");
  const lb_value_t in[sizeof...(A) + 1] = {Leaf<A>::lend(args)...};
  lb_call_t call;
  check(start(in, sizeof...(A), &call));
  return Call<R>(call);
}

// The same with values.
template <class Start>
Call<std::vector<Value>> start_values(Start start, std::span<const Value> args) {
  lb_call_t call;
  check(start(raw(args), args.size(), &call));
  return Call<std::vector<Value>>(call);
}

}  // namespace detail

// A function with a signature of C++, checked when it is made: a call is a plain call. Nothing is
// allocated for numbers and vectors.
template <class R, class... A>
class TypedFunc<R(A...)> {
 public:
  // Throws TypeError if the function has another signature.
  explicit TypedFunc(Func func) : func_(std::move(func)) {
    const FuncType found = func_.type();
    size_t i = 0;
    const bool fits = found.params.size() == sizeof...(A) && detail::Results<R>::gives(found.results) &&
                      (true && ... && detail::Leaf<std::remove_cvref_t<A>>::takes(found.params[i++]));
    if (!fits) {
      const FuncType wanted{{detail::Leaf<std::remove_cvref_t<A>>::type...}, detail::Results<R>::types()};
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

  // Calls it on a thread of the library's, and does not wait: `Call<int> sum = add.call_async(2, 3);`. Throws
  // LimitExceeded if no thread can be started; all else comes out of the Call.
  Call<R> call_async(const std::remove_cvref_t<A> &...args) const {
    return detail::start_typed<R>(
        [this](const lb_value_t *in, size_t nin, lb_call_t *call) {
          return lb_func_call_async(func_.get(), in, nin, call, nullptr, nullptr);
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

inline Call<std::vector<Value>> Func::call_async(std::span<const Value> args) const {
  return detail::start_values(
      [this](const lb_value_t *in, size_t nin, lb_call_t *call) {
        return lb_func_call_async(handle_, in, nin, call, nullptr, nullptr);
      },
      args);
}

inline Call<std::vector<Value>> Func::call_async(std::initializer_list<Value> args) const {
  return call_async(std::span<const Value>(args.begin(), args.size()));
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

  // Whether both are one memory of one store.
  friend bool operator==(const Memory &one, const Memory &other) {
    return one.handle_.id == other.handle_.id || lb_memory_same(one.handle_, other.handle_);
  }

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
  // A text of so many bytes, which must be UTF-8. Throws TypeError, saying where it is not, and OutOfBounds.
  std::string read_text(uint64_t offset, size_t length) const {
    // No room is made for more than there is: a length is often what a guest says.
    const uint64_t size = size_bytes();
    const bool is_there = offset <= size && length <= size - offset;
    return text_of(is_there ? length + 1 : 1, [&](char *text, size_t room, size_t *whole) {
      return lb_memory_read_text(handle_, offset, length, text, room, whole);
    });
  }
  // A text up to its zero byte, which is searched for in most bytes, in 1 MiB if that is 0. Throws OutOfBounds if there
  // is none, TypeError.
  std::string read_c_string(uint64_t offset, size_t most = 0) const {
    return text_of(256, [&](char *text, size_t room, size_t *whole) {
      return lb_memory_read_c_string(handle_, offset, most, text, room, whole);
    });
  }
  // Writes a text, which must be UTF-8, without a zero byte behind it, and returns how many bytes it has. Throws
  // OutOfBounds, and then nothing is written; TypeError.
  size_t write_text(uint64_t offset, std::string_view text) const {
    size_t written;
    detail::check(lb_memory_write_text(handle_, offset, detail::c_name(std::string(text)).c_str(), &written));
    return written;
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

 private:
  // The guest may have made it longer between two reads.
  template <class Read>
  static std::string text_of(size_t room, Read read) {
    std::string text;
    for (size_t whole = room - 1;; room = whole + 1) {
      text.resize(room);
      detail::check(read(text.data(), room, &whole));
      text.resize(std::min(whole, room));
      if (whole < room) return text;
    }
  }
};

// References by index.
class Table : public detail::Handle<lb_table_t, lb_table_release> {
 public:
  using Handle::Handle;

  // Whether both are one table of one store.
  friend bool operator==(const Table &one, const Table &other) {
    return one.handle_.id == other.handle_.id || lb_table_same(one.handle_, other.handle_);
  }

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

  // Whether both are one global of one store.
  friend bool operator==(const Global &one, const Global &other) {
    return one.handle_.id == other.handle_.id || lb_global_same(one.handle_, other.handle_);
  }

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

inline ExternRef ExternRef::from_any(const AnyRef &any) {
  ExternRef made;
  detail::check(lb_externref_from_any(any.get(), &made.handle_));
  return made;
}

inline AnyRef ExternRef::any() const {
  if (!*this) return {};
  lb_value_t any;
  detail::check(lb_externref_any(handle_, &any));
  return AnyRef::own(any);
}

inline Value GcRef::at(uint64_t index) const {
  lb_value_t value;
  detail::check(lb_gcref_get(handle_, index, &value));
  return Value::own(value);
}

inline void GcRef::set(uint64_t index, const Value &value) const {
  detail::check(lb_gcref_set(handle_, index, value.get()));
}

inline Exception::Exception(const Tag &tag, std::span<const Value> payload) {
  detail::check(lb_exception_new(tag.get(), detail::raw(payload), payload.size(), &handle_));
}

inline Exception::Exception(const Tag &tag, std::initializer_list<Value> payload)
    : Exception(tag, std::span<const Value>(payload.begin(), payload.size())) {}

inline std::vector<Value> Exception::payload() const {
  std::vector<Value> payload(tag().type().params.size());
  auto *raw = reinterpret_cast<lb_value_t *>(payload.data());
  detail::check(lb_exception_payload(handle_, raw, payload.size()));
  return payload;
}

inline TaggedException::TaggedException(const Exception &exception) : Error(lb_error_throw(exception.get())) {}

inline TaggedException::TaggedException(const Tag &tag, std::initializer_list<Value> payload)
    : TaggedException(Exception(tag, payload)) {}

inline Exception TaggedException::exception() const {
  lb_exception_t exception;
  detail::check(lb_error_exception(get(), &exception));
  return Exception(exception);
}

inline Tag TaggedException::tag() const { return exception().tag(); }

inline std::vector<Value> TaggedException::payload() const { return exception().payload(); }

// Something that an instance exports or an import takes.
using Extern = std::variant<Func, Memory, Table, Global, Tag>;

namespace detail {

inline Extern extern_of(const lb_extern_t &item) {
  switch (item.sort) {
    case LB_SORT_FUNC: return Func(item.of.func);
    case LB_SORT_MEMORY: return Memory(item.of.memory);
    case LB_SORT_TABLE: return Table(item.of.table);
    case LB_SORT_GLOBAL: return Global(item.of.global);
    default: return Tag(item.of.tag);
  }
}

inline lb_extern_t lent(const Func &func) noexcept { return lb_extern_func(func.get()); }
inline lb_extern_t lent(const Memory &memory) noexcept { return lb_extern_memory(memory.get()); }
inline lb_extern_t lent(const Table &table) noexcept { return lb_extern_table(table.get()); }
inline lb_extern_t lent(const Global &global) noexcept { return lb_extern_global(global.get()); }
inline lb_extern_t lent(const Tag &tag) noexcept { return lb_extern_tag(tag.get()); }
inline lb_extern_t lent(const Extern &item) noexcept {
  return std::visit([](const auto &one) { return lent(one); }, item);
}

}  // namespace detail

// ---- Sandboxes ---------------------------------------------------------------------------------

// How much the guests of one store may use; what is not there is not bounded. A limit of 0 is a RangeError
// where it is used.
struct Limits {
  // Bytes that all memories and the guests' heap may have together. memory.grow gives -1 beyond; throws
  // MemoryLimit if the guest traps for that, or the program asked.
  std::optional<uint64_t> memory_bytes = {};
  // Elements that all tables may have together: table.grow gives -1 beyond, likewise LimitExceeded.
  std::optional<uint64_t> table_elements = {};
  // Instances that may be made in the store; LimitExceeded.
  std::optional<uint64_t> instances = {};
  // Fuel that guests may use until Store::set_fuel() gives more; FuelExhausted. About one unit an instruction,
  // and the same for the same call on every machine.
  std::optional<uint64_t> fuel = {};
  // Bytes that guests may write to their standard streams together; LimitExceeded. What is captured is at most
  // 16 MiB without this limit.
  std::optional<uint64_t> output_bytes = {};
  // Bytes that guests may write into files of granted folders, all together and counted as they are written: what is
  // overwritten or removed is not given back. Each file, folder and link that is made counts as 4096. A hole counts as
  // what is written: it is what a file becomes longer by, in whatever way and by whichever descriptor. What goes past
  // it gives the guest WASI's error NOSPC (51). Without this limit it is 64 MiB if the policy has folders in memory.
  std::optional<uint64_t> written_bytes = {};
  // Files and folders that guests may have open at once, granted folders aside; one more gives the guest WASI's error
  // MFILE (33). 1024 without this limit.
  std::optional<uint64_t> open_files = {};
  // How long a call of the program's may take, with all that it calls; Timeout. A guest is ended within a few
  // milliseconds; a callable that it called returns first.
  std::optional<std::chrono::milliseconds> timeout = {};

  // The struct of landbridge.h. Throws RangeError.
  lb_limits_t get() const {
    lb_limits_t raw = LB_LIMITS;
    raw.memory_bytes = raw_of(memory_bytes);
    raw.table_elements = raw_of(table_elements);
    raw.instances = raw_of(instances);
    raw.fuel = raw_of(fuel);
    raw.output_bytes = raw_of(output_bytes);
    raw.written_bytes = raw_of(written_bytes);
    raw.open_files = raw_of(open_files);
    if (timeout && timeout->count() < 0) throw RangeError("a timeout cannot be negative");
    if (timeout) raw.timeout_ms = raw_of(static_cast<uint64_t>(timeout->count()));
    return raw;
  }
  bool operator==(const Limits &) const = default;

  // As JSON, the same bytes in every host language. Nothing is said of what is not bounded. Throws RangeError.
  std::string to_json() const {
    const lb_limits_t raw = get();
    return detail::text_of([&](char *json, size_t size) {
      size_t length = 0;
      detail::check(lb_limits_to_json(&raw, json, size, &length));
      return length;
    });
  }
  // Such as {"memory_bytes": 1048576, "timeout_ms": 500}. What has no key is not bounded, and a part of a millisecond
  // counts as a whole one. Throws TypeError, which says which key is unknown or wrong, and RangeError if a limit is 0.
  static Limits from_json(std::string_view json) {
    lb_limits_t raw = LB_LIMITS;
    detail::check(lb_limits_from_json(detail::c_name(std::string(json)).c_str(), &raw));
    Limits limits;
    limits.memory_bytes = limit_of(raw.memory_bytes);
    limits.table_elements = limit_of(raw.table_elements);
    limits.instances = limit_of(raw.instances);
    limits.fuel = limit_of(raw.fuel);
    limits.output_bytes = limit_of(raw.output_bytes);
    limits.written_bytes = limit_of(raw.written_bytes);
    limits.open_files = limit_of(raw.open_files);
    if (raw.timeout_ms > static_cast<uint64_t>(std::chrono::milliseconds::max().count())) {
      throw RangeError("timeout_ms: " + std::to_string(raw.timeout_ms) + " is too long");
    }
    if (raw.timeout_ms) limits.timeout = std::chrono::milliseconds(static_cast<int64_t>(raw.timeout_ms));
    return limits;
  }

 private:
  static std::optional<uint64_t> limit_of(uint64_t raw) {
    return raw ? std::optional<uint64_t>(raw) : std::nullopt;
  }
  static uint64_t raw_of(std::optional<uint64_t> limit) {
    // In landbridge.h it would be no limit.
    if (limit == 0) throw RangeError("a limit cannot be 0; leave it out for no limit");
    return limit.value_or(0);
  }
};

// What the guests of a store use and used.
struct Usage {
  uint64_t memory_bytes;                // that all memories and the guests' heap have now
  uint64_t peak_memory_bytes;           // the most they ever had
  uint64_t table_elements;              // that all tables have now
  uint64_t instances;                   // that were made
  std::optional<uint64_t> fuel_used;    // since it was last given; nothing in a store without that limit
  uint64_t output_bytes;                // written to standard streams
  uint64_t written_bytes;               // into files of granted folders, counted as the limit of this name says
  uint64_t open_files;                  // that guests have open now, with folders, granted folders aside
  std::chrono::nanoseconds last_call;   // how long it took, in steps of about a millisecond; 0 if less

  static Usage of(const lb_usage_t &raw) {
    return {raw.memory_bytes, raw.peak_memory_bytes, raw.table_elements, raw.instances,
            raw.fuel_used == LB_NO_FUEL ? std::nullopt : std::optional<uint64_t>(raw.fuel_used), raw.output_bytes,
            raw.written_bytes, raw.open_files, std::chrono::nanoseconds(raw.last_call_ns)};
  }
  bool operator==(const Usage &) const = default;
};

// What guests may do with a folder and all that is in it.
enum class Access : uint32_t {
  read = LB_ACCESS_READ,    // look and read
  write = LB_ACCESS_WRITE,  // make, write, rename and remove as well
};

// Ports that are granted: `443`, `{8000, 8999}`, `Ports::any()`, or a text, "443", "8000-8999" or "*".
class Ports {
 public:
  // Throws RangeError for what is no port.
  template <std::integral T>
  Ports(T port) : text_(std::to_string(checked(port))) {}
  // All from the first to the last one.
  template <std::integral T>
  Ports(T first, T last) : text_(std::to_string(checked(first)) + "-" + std::to_string(checked(last))) {}
  // A text that is none of these throws TypeError where it is used.
  Ports(const char *text) : text_(text) {}
  Ports(std::string text) : text_(std::move(text)) {}
  static Ports any() { return "*"; }

  const std::string &text() const noexcept { return text_; }

 private:
  template <class T>
  static uint16_t checked(T port) {
    if (!std::in_range<uint16_t>(port)) throw RangeError(std::to_string(port) + " is no port; they end with 65535");
    return static_cast<uint16_t>(port);
  }

  std::string text_;
};

// What guests may touch beyond what their imports lend them: a value that does not change. It starts at nothing
// and is granted to by name:
//
//     auto policy = Policy().with_read_only_dir("/data", "./data").with_env("LANG", "C");
//
// What was not granted gives the guest an error of WASI, as if it were not there or not permitted.
class Policy : public detail::Handle<lb_policy_t, lb_policy_release> {
 public:
  // Takes over a handle of landbridge.h, through which nobody else may change it.
  explicit Policy(lb_policy_t handle) noexcept : Handle(handle) {}

  // Grants nothing.
  Policy() { detail::check(lb_policy_new(&handle_)); }
  Policy(const Policy &other) : Handle() { detail::check(lb_policy_clone(other.handle_, &handle_)); }
  Policy(Policy &&) noexcept = default;
  Policy &operator=(Policy other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }

  // Grants the real clock and secure random numbers, which most programs need to start; see run().
  static Policy program() {
    lb_policy_t policy;
    detail::check(lb_policy_new_program(&policy));
    return Policy(policy);
  }

  // A folder of the host, under the name that guests see. It is opened when a module that asks for WASI is
  // instantiated, which throws IoError if it is not there. The kernel's file systems below it, such as /proc and /sys,
  // are not given, unless this is a folder inside of one.
  Policy with_dir(const std::string &guest, const std::filesystem::path &host, Access access) const {
    return with(lb_policy_dir, detail::c_name(guest).c_str(), host.string().c_str(), static_cast<uint32_t>(access));
  }
  // The same, to look and read.
  Policy with_read_only_dir(const std::string &guest, const std::filesystem::path &host) const {
    return with_dir(guest, host, Access::read);
  }
  // A folder that each store makes for itself, in memory where the system has a place for that, with these files in it
  // at the start; it is gone with the store. Files are named by their paths inside, with `/`. Throws TypeError if one
  // is absolute or leads out, or is that of a file and of a folder.
  Policy with_memory_dir(const std::string &guest, const std::map<std::string, std::string> &files,
                         Access access) const {
    std::vector<std::string> paths;
    std::vector<lb_file_t> raw;
    for (const auto &[path, bytes] : files) paths.push_back(detail::c_name(path));
    for (const auto &[path, bytes] : files) raw.push_back({paths[raw.size()].c_str(), bytes.data(), bytes.size()});
    return with(lb_policy_memory_dir, detail::c_name(guest).c_str(), raw.data(), raw.size(),
                static_cast<uint32_t>(access));
  }
  // A variable of the environment, with this value, whatever the process's own is.
  Policy with_env(const std::string &name, const std::string &value) const {
    return with(lb_policy_env, detail::c_name(name).c_str(), detail::c_name(value).c_str());
  }
  // The arguments that a program sees, its name first, in place of those it had.
  Policy with_args(std::vector<std::string> args) const {
    std::vector<const char *> raw;
    for (std::string &arg : args) raw.push_back((arg = detail::c_name(std::move(arg))).c_str());
    return with(lb_policy_args, raw.data(), raw.size());
  }

  // A clock: none, which is an error of WASI, and then the times of files are 0; the host's; one that stands, since
  // 1970; one that goes on by a step each time it is asked, and these tell their own time for files. Throws RangeError
  // for what is before 1970, or a step back.
  Policy with_no_clock() const { return with(lb_policy_clock_none); }
  Policy with_real_clock() const { return with(lb_policy_clock_real); }
  Policy with_fixed_clock(std::chrono::nanoseconds at) const { return with(lb_policy_clock_fixed, count(at)); }
  Policy with_stepped_clock(std::chrono::nanoseconds start, std::chrono::nanoseconds step) const {
    return with(lb_policy_clock_stepped, count(start), count(step));
  }

  // Random numbers: none, which is an error of WASI; those of the operating system; the same ones each time, from
  // a seed, which are not for secrets.
  Policy with_no_random() const { return with(lb_policy_random_none); }
  Policy with_secure_random() const { return with(lb_policy_random_secure); }
  Policy with_seeded_random(uint64_t seed) const { return with(lb_policy_random_seed, seed); }

  // The network. No function of WASI preview 1 opens a connection, so guests of it reach no network whatever is granted
  // here. A network is an address or has the form "10.0.0.0/8". All throw TypeError for what is no network, name, ports
  // and so on.
  //
  // To connect by TCP to a network; to wait for connections at addresses of this machine.
  Policy with_tcp_connect(const std::string &network, const Ports &ports) const {
    return with_span(lb_policy_tcp_connect, network, ports);
  }
  Policy with_tcp_bind(const std::string &network, const Ports &ports) const {
    return with_span(lb_policy_tcp_bind, network, ports);
  }
  // To send to a network by UDP, and to receive from it; to receive at addresses of this machine.
  Policy with_udp_connect(const std::string &network, const Ports &ports) const {
    return with_span(lb_policy_udp_connect, network, ports);
  }
  Policy with_udp_bind(const std::string &network, const Ports &ports) const {
    return with_span(lb_policy_udp_bind, network, ports);
  }
  // To resolve a name and to connect by TCP to the addresses that come back, at these ports. "*.example.org" stands for
  // all names below that one, without itself, "*" for any. Whoever answers for the name chooses the addresses, ones of
  // this machine included. Other letters than ASCII are written as "xn--".
  Policy with_name(const std::string &name, const Ports &ports) const { return with_span(lb_policy_name, name, ports); }
  // Requests by HTTP. The scheme is "http", "https" or "*"; the host is an address or a name as in with_name(); the
  // method is written as it is sent, or "*". It grants no connections of the guest's own.
  Policy with_http(const std::string &scheme, const std::string &host, const Ports &ports,
                   const std::string &method) const {
    return with(lb_policy_http, detail::c_name(scheme).c_str(), detail::c_name(host).c_str(),
                detail::c_name(ports.text()).c_str(), detail::c_name(method).c_str());
  }

  // Whether a guest may connect to an address by TCP. An IPv4 address in IPv6 clothes counts as what it is, and the
  // address of no machine ("0.0.0.0", "::") as this machine, which is what systems take it for. Throws TypeError for
  // what is no address, as the next three do.
  bool allows_tcp_connect(const std::string &address, uint16_t port) const {
    return ask(lb_policy_allows_tcp_connect, detail::c_name(address).c_str(), port);
  }
  // Whether a guest may wait for connections at an address. "0.0.0.0" means all addresses of IPv4 and needs a grant of
  // "0.0.0.0/0"; "::" all those of IPv6 alone, with "::/0".
  bool allows_tcp_bind(const std::string &address, uint16_t port) const {
    return ask(lb_policy_allows_tcp_bind, detail::c_name(address).c_str(), port);
  }
  // Whether a guest may send to an address by UDP. See allows_tcp_connect().
  bool allows_udp_connect(const std::string &address, uint16_t port) const {
    return ask(lb_policy_allows_udp_connect, detail::c_name(address).c_str(), port);
  }
  // Whether a guest may receive at an address by UDP. See allows_tcp_bind().
  bool allows_udp_bind(const std::string &address, uint16_t port) const {
    return ask(lb_policy_allows_udp_bind, detail::c_name(address).c_str(), port);
  }
  // Whether a guest may resolve a name. Large letters are small ones, and a dot at the end does not count.
  bool allows_name(const std::string &name) const { return ask(lb_policy_allows_name, detail::c_name(name).c_str()); }
  // Whether a guest may connect by TCP to an address that this name resolved to.
  bool allows_name_port(const std::string &name, uint16_t port) const {
    return ask(lb_policy_allows_name_port, detail::c_name(name).c_str(), port);
  }
  // Whether a guest may make a request by HTTP.
  bool allows_http(const std::string &scheme, const std::string &host, uint16_t port, const std::string &method) const {
    return ask(lb_policy_allows_http, detail::c_name(scheme).c_str(), detail::c_name(host).c_str(), port,
               detail::c_name(method).c_str());
  }

  // What both grant: never wider than either. A folder must be the same one in both, one in memory must have the same
  // files, and each keeps the lesser access; of clocks and random numbers the lesser one counts, and none of two that
  // are told apart by their numbers; a variable must have the same value in both, and so must the arguments. Of
  // networks, ports and names what is in both is left.
  Policy restrict(const Policy &by) const {
    lb_policy_t restricted;
    detail::check(lb_policy_restrict(handle_, by.handle_, &restricted));
    return Policy(restricted);
  }
  // Whether everything that the other grants is granted here. What only several grants of the network grant together,
  // such as two ranges of ports that meet, counts as not granted.
  bool allows(const Policy &other) const noexcept { return lb_policy_allows(handle_, other.handle_); }

  // As JSON, the same bytes in every host language.
  std::string to_json() const {
    return detail::text_of([&](char *json, size_t size) {
      size_t length = 0;
      detail::check(lb_policy_to_json(handle_, json, size, &length));
      return length;
    });
  }
  // Keys that are not there grant nothing. Throws TypeError, saying which key is unknown or wrong.
  static Policy from_json(std::string_view json) {
    lb_policy_t policy;
    detail::check(lb_policy_from_json(detail::c_name(std::string(json)).c_str(), &policy));
    return Policy(policy);
  }
  // The same from a file. Throws IoError too.
  static Policy from_file(const std::filesystem::path &path) {
    lb_policy_t policy;
    detail::check(lb_policy_from_file(path.string().c_str(), &policy));
    return Policy(policy);
  }

  // Whether both grant the same.
  friend bool operator==(const Policy &one, const Policy &other) noexcept {
    return lb_policy_same(one.handle_, other.handle_);
  }

 private:
  // A copy with one thing more.
  template <class... A, class... B>
  Policy with(lb_error_t *(*grant)(lb_policy_t, A...), B... what) const {
    Policy granted(*this);
    detail::check(grant(granted.handle_, what...));
    return granted;
  }
  template <class Grant>
  Policy with_span(Grant *grant, const std::string &where, const Ports &ports) const {
    return with(grant, detail::c_name(where).c_str(), detail::c_name(ports.text()).c_str());
  }
  template <class Question, class... A>
  bool ask(Question *question, A... about) const {
    bool allowed;
    detail::check(question(handle_, about..., &allowed));
    return allowed;
  }
  static uint64_t count(std::chrono::nanoseconds time) {
    if (time.count() < 0) throw RangeError("a clock cannot be before 1970, nor go back");
    return static_cast<uint64_t>(time.count());
  }
};

namespace detail {
class RawSandbox;
}

// What a guest reads.
class Input {
 public:
  // Nothing: it is at its end.
  Input() = default;
  // The process's own.
  static Input inherit() { return Input(LB_STREAM_INHERIT, {}); }
  static Input file(const std::filesystem::path &path) { return Input(LB_STREAM_FILE, path.string()); }
  static Input bytes(std::string bytes) { return Input(LB_STREAM_BYTES, std::move(bytes)); }
  static Input bytes(std::span<const std::byte> bytes) {
    return Input::bytes(std::string(reinterpret_cast<const char *>(bytes.data()), bytes.size()));
  }

  // The struct of landbridge.h; lives as long as this object.
  lb_input_t get() const noexcept { return {from_, text_.c_str(), text_.data(), text_.size()}; }

 private:
  Input(lb_stream_t from, std::string text) : from_(from), text_(std::move(text)) {}
  lb_stream_t from_ = LB_STREAM_NONE;
  std::string text_ = {};  // the path or the bytes
};

// Where what a guest writes goes.
class Output {
 public:
  // Nowhere; the last of it is kept for Error::output().
  Output() = default;
  // The process's own.
  static Output inherit() { return Output(LB_STREAM_INHERIT); }
  // Kept for Store::take_stdout(), Store::take_stderr() or Store::take_refusals().
  static Output capture() { return Output(LB_STREAM_CAPTURE); }
  // A file, which is made, or emptied if it is there.
  static Output file(const std::filesystem::path &path) {
    Output made(LB_STREAM_FILE);
    made.path_ = path.string();
    return made;
  }
  // A callable that takes a std::string_view, or a std::span<const std::byte>: it is called with what a guest writes,
  // on the thread of the call that reached it. It cannot enter the guest's store: that throws Busy. It may throw
  // anything, which ends the guest and arrives at the outermost call as that very object.
  template <class F>
  static Output to(F callable) {
    return calling(LB_STREAM_CALLBACK, std::move(callable));
  }
  // The same with each line of text, as a std::string_view: UTF-8, in which what is invalid is replaced, without the
  // line's end. A line of more than 64 KiB comes in parts of that size, and a last line without an end when the call of
  // the guest ends.
  template <class F>
    requires std::is_invocable_v<F &, std::string_view>
  static Output lines(F callable) {
    return calling(LB_STREAM_LINES, std::move(callable));
  }

 private:
  template <class F>
  static Output calling(lb_stream_t to, F callable) {
    Output made(to);
    auto shared = std::make_shared<F>(std::move(callable));
    made.write_ = [shared](std::span<const std::byte> bytes) {
      if constexpr (std::is_invocable_v<F &, std::string_view>) {
        (*shared)(std::string_view(reinterpret_cast<const char *>(bytes.data()), bytes.size()));
      } else {
        (*shared)(bytes);
      }
    };
    return made;
  }

  using Write = std::function<void(std::span<const std::byte>)>;
  friend class detail::RawSandbox;

  explicit Output(lb_stream_t to) noexcept : to_(to) {}
  static lb_error_t *write(void *data, const uint8_t *bytes, size_t length) noexcept {
    try {
      (*static_cast<Write *>(data))(std::as_bytes(std::span(bytes, length)));
      return nullptr;
    } catch (...) {
      return detail::caught();
    }
  }
  static void drop(void *data) { delete static_cast<Write *>(data); }

  lb_stream_t to_ = LB_STREAM_NONE;
  std::string path_ = {};
  Write write_ = {};
};

// A guest's standard streams. By default stdin is at its end, and what is written is dropped.
struct Stdio {
  Input in = {};
  Output out = {};
  Output err = {};
  // Lines about what WASI refused, each such as
  //
  //     refused: path_open "../x" below "/data": not permitted
  //
  // Inherited means the process's stderr. They are not counted as output; after 10,000 lines a store tells no more.
  // What a guest chose in them has no control characters.
  Output refusals = {};

  // The process's own streams; what is refused is not told.
  static Stdio inherit() { return {Input::inherit(), Output::inherit(), Output::inherit(), {}}; }
};

// How a store is closed in: what its guests may touch, how much they may use, and where their streams go. The default
// grants nothing, bounds nothing and drops output.
struct Sandbox {
  Policy policy = {};
  Limits limits = {};
  Stdio stdio = {};

  // That of programs, see run(): Policy::program(), no limits, the process's own streams.
  static Sandbox program() { return {Policy::program(), {}, Stdio::inherit()}; }
};

namespace detail {

// A sandbox as landbridge.h takes it, for one use while the Sandbox lives.
class RawSandbox {
 public:
  // Throws RangeError.
  explicit RawSandbox(const Sandbox &sandbox)
      : limits_(sandbox.limits.get()), out_(data(sandbox.stdio.out)), err_(data(sandbox.stdio.err)),
        refusals_(data(sandbox.stdio.refusals)) {
    raw_.policy = sandbox.policy.get();
    raw_.limits = &limits_;
    raw_.in = sandbox.stdio.in.get();
    raw_.out = raw(sandbox.stdio.out);
    raw_.err = raw(sandbox.stdio.err);
    raw_.refusals = raw(sandbox.stdio.refusals);
  }
  RawSandbox(const RawSandbox &) = delete;
  RawSandbox &operator=(const RawSandbox &) = delete;

  // Gives the callables up to the library, which drops them in any case.
  const lb_sandbox_t *take() noexcept {
    raw_.out.data = out_.release();
    raw_.err.data = err_.release();
    raw_.refusals.data = refusals_.release();
    return &raw_;
  }

 private:
  using Data = std::unique_ptr<Output::Write>;

  static Data data(const Output &output) {
    return output.write_ ? std::make_unique<Output::Write>(output.write_) : nullptr;
  }
  static lb_output_t raw(const Output &output) noexcept {
    return {output.to_, output.path_.c_str(), &Output::write, nullptr, &Output::drop};
  }

  lb_limits_t limits_;
  Data out_, err_, refusals_;
  lb_sandbox_t raw_ = LB_SANDBOX;
};

}  // namespace detail

// ---- Engines, modules, stores, instances -------------------------------------------------------

// How an engine is made.
struct EngineOptions {
  bool interruptible = true;  // whether a guest that runs can be interrupted
  size_t stack_bytes = 0;     // of native stack that a call may use at most; 0 for the default
  // Where compiled code is kept, so that the next process need not compile the same module: the user's cache
  // folder, or "off" for nowhere, or a folder. It is kept in landbridge/modules of the folder; nothing else in it is
  // touched. It is not used where others could change what lies there: if it or a folder above it belongs to somebody
  // else than this user or root, or if the group or others may write to it. A sticky folder, as /tmp is, may be above it.
  std::filesystem::path cache = {};
  bool wide_arithmetic = false;    // whether modules may use 128-bit sums and products
  bool custom_page_sizes = false;  // whether modules may have memories in pages of one byte
  // The most threads that run asynchronous calls at a time, each started when it is needed; 0 for the default, 4 more
  // than the machine has cores, and 32 at most.
  size_t call_threads = 0;
  // Whether traps may come by signals of the operating system (exceptions on Windows). Without, guests' code checks
  // each access of memory, each division and each null itself and runs slower, and no handler is installed by this
  // engine: for programs whose own handlers cannot live with others. The traps are the same ones.
  bool signal_handlers = true;
  // How much more work than its size accounts for compiling a module may be; 0 for the default, 1,000,000, and
  // UINT64_MAX for no bound. A unit is about a microsecond of one core or 250 bytes that are held, whichever is more, and
  // each byte of a function accounts for 8, any other for 2;
  // Inspection tells what a module costs. A module that costs more is refused with Limit before anything is compiled;
  // what a cache or a precompiled file has is loaded whatever it costs.
  uint64_t compile_cost = 0;
  // The most bytes that a memory may grow to, and address space that it takes; 0 for the default, 4 GiB, where each
  // memory takes all of it and code need not check addresses of 32 bits. With less, code checks each address and runs
  // slower, and a memory takes what it can need: this, its declared maximum or what the store's limit leaves, whichever
  // is least; one that starts larger has what it starts with. With more, 64-bit memories may grow so far; with the
  // default they may too, up to 64 GiB, if they are the first of their store. Where the process may have less than
  // 64 GiB of address space (RLIMIT_AS, ulimit -v), the default is a sixteenth of that.
  uint64_t memory_reservation_bytes = 0;
  // Whether results are the same bits on every machine: NaNs are canonical, and relaxed vector instructions do the same
  // everywhere. Code with floats runs a little slower.
  bool deterministic = false;
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
    const std::string cache = options.cache.string();
    if (!cache.empty()) raw.cache = cache.c_str();
    raw.wide_arithmetic = options.wide_arithmetic;
    raw.custom_page_sizes = options.custom_page_sizes;
    raw.call_threads = options.call_threads;
    raw.signal_handlers = options.signal_handlers;
    raw.compile_cost = options.compile_cost;
    raw.memory_reservation_bytes = options.memory_reservation_bytes;
    raw.deterministic = options.deterministic;
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
class Loading;

// Compiled code, ready to be instantiated any number of times.
class Module : public detail::Handle<lb_module_t, lb_module_release> {
 public:
  using Handle::Handle;

  // From a string: WebAssembly text if it begins like one, with "(" or ";;" after space and a byte order mark, and else
  // the path of a file. A file whose own name begins so is loaded by its std::filesystem::path. Throws IoError,
  // CompileError.
  static Module load(const char *source, const Engine &engine = Engine::shared()) {
    Module module;
    detail::check(lb_module_load(engine.pointer(), source, &module.handle_));
    return module;
  }
  static Module load(const std::string &source, const Engine &engine = Engine::shared()) {
    return load(detail::c_name(source).c_str(), engine);
  }
  static Module load(std::string_view source, const Engine &engine = Engine::shared()) {
    return load(std::string(source), engine);
  }
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

  // The same on a thread of the library's, without waiting: `Module module = Module::load_async(path).get();`. Calls
  // never wait for these threads. Throws LimitExceeded if no thread can be started; all else comes out of the Loading.
  static Loading load_async(const std::filesystem::path &path, const Engine &engine = Engine::shared());
  static Loading from_text_async(std::string_view text, const Engine &engine = Engine::shared());
  static Loading from_bytes_async(std::span<const std::byte> bytes, const Engine &engine = Engine::shared());

  // Loads what compile() wrote, without compiling. The file is machine code, which is run as it is and is
  // trusted: never load one from somebody whose programs you would not run, and do not change it while a
  // module of it is loaded. Checks are against mistakes, not against malice. Throws IoError, CompileError.
  static Module load_precompiled(const std::filesystem::path &path, const Engine &engine = Engine::shared()) {
    Module module;
    detail::check(lb_module_load_precompiled(engine.pointer(), path.string().c_str(), &module.handle_));
    return module;
  }
  // Writes the compiled code to a file, for this version, this sort of machine and the engine's options.
  // Throws IoError.
  void compile(const std::filesystem::path &path) const {
    detail::check(lb_module_compile(handle_, path.string().c_str()));
  }

  // Its bytes in the binary format, as long as this object lives. A module travels as these.
  std::span<const std::byte> bytes() const {
    const uint8_t *bytes;
    size_t length;
    detail::check(lb_module_bytes(handle_, &bytes, &length));
    return std::as_bytes(std::span(bytes, length));
  }
  // The BLAKE3 hash of its bytes, in hexadecimal.
  std::string digest() const {
    const char *digest;
    detail::check(lb_module_digest(handle_, &digest));
    return digest;
  }

  // The name that its compiler gave it.
  std::optional<std::string> name() const {
    const char *name;
    detail::check(lb_module_name(handle_, &name));
    return detail::name_or_none(name);
  }
  // What it asks its host for, in its own order.
  std::vector<ImportType> imports() const {
    const lb_import_t *all;
    size_t count;
    detail::check(lb_module_imports(handle_, &all, &count));
    return detail::imports_of({all, count});
  }
  // What it exports, in its own order.
  std::vector<ExportType> exports() const {
    const lb_export_t *all;
    size_t count;
    detail::check(lb_module_exports(handle_, &all, &count));
    return detail::exports_of({all, count});
  }

  // Makes an instance in a store of its own and runs the start function. Throws LinkError, naming
  // every import that is missing; what the start function throws; WrongStore.
  Instance instantiate() const;
  Instance instantiate(const Imports &imports) const;
  // The same in a store that is closed in, which holds for the start function too. Throws as the limits say,
  // IoError for a file or folder that cannot be opened, and as Store::Store(). A module of WASI needs no imports:
  //
  //     auto app = module.instantiate({}, {.policy = policy, .limits = {.timeout = 500ms}});
  Instance instantiate(const Imports &imports, const Sandbox &sandbox) const;
};

namespace detail {

// Goes on with a coroutine; the module is found by its Loading again.
inline void resume_loading(void *waiting, const lb_error_t *, lb_module_t module) noexcept {
  if (module.id != 0) lb_error_free(lb_module_release(module));
  std::coroutine_handle<>::from_address(waiting).resume();
}

}  // namespace detail

// A module that is loaded on a thread of the library's. It moves but does not copy, and loading goes on if it is
// dropped. A coroutine may await it: `Module module = co_await Module::load_async(path);`.
class [[nodiscard]] Loading {
 public:
  // Takes over a handle of landbridge.h.
  explicit Loading(lb_load_t handle) noexcept : handle_(handle) {}

  // Waits for the module, any number of times. Throws what Module::load() throws; Cancelled.
  Module get() const {
    lb_module_t module;
    detail::check(lb_load_wait(handle_.get(), &module));
    return Module(module);
  }

  // Whether there is an outcome.
  bool is_done() const noexcept { return lb_load_is_done(handle_.get()); }

  // Ends the waiting with Cancelled. What has not begun is never done. May be called from any thread.
  void cancel() const { detail::check(lb_load_cancel(handle_.get())); }

  // Has a callable called with this Loading once there is an outcome; see Call::then().
  template <std::invocable<Loading> F>
  void then(F callable) && {
    struct Both {
      Loading loading;
      F callable;
      static void run(void *data, const lb_error_t *, lb_module_t module) noexcept {
        if (module.id != 0) lb_error_free(lb_module_release(module));
        const std::unique_ptr<Both> both(static_cast<Both *>(data));
        std::invoke(both->callable, std::move(both->loading));
      }
    };
    std::unique_ptr<Both> both(new Both{std::move(*this), std::move(callable)});
    detail::check(lb_load_on_done(both->loading.handle(), &Both::run, both.get()));
    both.release();
  }

  // For co_await.
  bool await_ready() const noexcept { return is_done(); }
  void await_suspend(std::coroutine_handle<> waiting) const {
    detail::check(lb_load_on_done(handle_.get(), &detail::resume_loading, waiting.address()));
  }
  Module await_resume() const { return get(); }

  // The handle of landbridge.h, which stays this object's.
  lb_load_t handle() const noexcept { return handle_.get(); }

 private:
  detail::Handle<lb_load_t, lb_load_release> handle_;
};

inline Loading Module::load_async(const std::filesystem::path &path, const Engine &engine) {
  lb_load_t load;
  detail::check(lb_module_load_file_async(engine.pointer(), path.string().c_str(), &load, nullptr, nullptr));
  return Loading(load);
}

inline Loading Module::from_text_async(std::string_view text, const Engine &engine) {
  return from_bytes_async(std::as_bytes(std::span(text)), engine);
}

inline Loading Module::from_bytes_async(std::span<const std::byte> bytes, const Engine &engine) {
  lb_load_t load;
  auto *data = reinterpret_cast<const uint8_t *>(bytes.data());
  detail::check(lb_module_load_bytes_async(engine.pointer(), data, bytes.size(), &load, nullptr, nullptr));
  return Loading(load);
}

// A sandbox: instances that share memories, tables, globals or functions live in one store.
class Store : public detail::Handle<lb_store_t, lb_store_release> {
 public:
  using Handle::Handle;

  explicit Store(const Engine &engine = Engine::shared()) { detail::check(lb_store_new(engine.pointer(), &handle_)); }
  // One that is closed in. Throws RangeError for a limit of 0, Unsupported for a timeout if the engine is not
  // interruptible.
  explicit Store(const Sandbox &sandbox, const Engine &engine = Engine::shared()) {
    detail::RawSandbox raw(sandbox);
    detail::check(lb_store_new_with(engine.pointer(), raw.take(), &handle_));
  }

  // Makes an instance in this store. Throws as Module::instantiate(), and WrongStore for a module of
  // another engine.
  Instance instantiate(const Module &module) const;
  Instance instantiate(const Module &module, const Imports &imports) const;

  // What its guests use and used. Takes the store's turn.
  Usage usage() const {
    lb_usage_t usage = LB_USAGE;
    detail::check(lb_store_usage(handle_, &usage));
    return Usage::of(usage);
  }
  // Gives so much fuel, in place of what is left, and counts from there. Throws Unsupported if the store was made
  // without a limit of fuel, Poisoned.
  void set_fuel(uint64_t fuel) const { detail::check(lb_store_set_fuel(handle_, fuel)); }
  // Ends the call that runs here, with Cancelled; the store is Poisoned then. Never waits, and may be called from any
  // thread: a guest is ended within a few milliseconds, a callable that it called returns first. If no call runs,
  // nothing happens.
  void cancel() const { detail::check(lb_store_cancel(handle_)); }

  // Takes what guests wrote since the last time, if it is captured. Never waits, also while they run.
  std::string take_stdout() const { return taken(lb_store_stdout); }
  std::string take_stderr() const { return taken(lb_store_stderr); }
  std::string take_refusals() const { return taken(lb_store_refusals); }
  // What guests wrote last, and were refused, where nobody could see it, as Error::output() tells it. It stays there.
  std::string output() const { return taken(lb_store_output); }

  // Collects garbage of the guests' heap now. They collect by themselves when it is full.
  void gc() const { detail::check(lb_store_gc(handle_)); }

  // Ends the store: everything in it throws Closed from now on. Never waits; a call that runs in
  // another thread is ended within a few milliseconds. Closing twice is no error.
  void close() const;

 private:
  std::string taken(lb_error_t *(*call)(lb_store_t, lb_bytes_t *)) const {
    lb_bytes_t bytes;
    detail::check(call(handle_, &bytes));
    const std::unique_ptr<lb_bytes_t, void (*)(lb_bytes_t *)> owned(
        &bytes, [](lb_bytes_t *all) { lb_error_free(lb_bytes_release(*all)); });
    return {reinterpret_cast<const char *>(bytes.data), bytes.length};
  }
};

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
  Memory memory(const std::string &name) const { return find<Memory>(name, lb_instance_memory); }
  Table table(const std::string &name) const { return find<Table>(name, lb_instance_table); }
  Global global(const std::string &name) const { return find<Global>(name, lb_instance_global); }
  Tag tag(const std::string &name) const { return find<Tag>(name, lb_instance_tag); }
  // An export of any sort.
  Extern exported(const std::string &name) const {
    lb_extern_t item;
    detail::check(lb_instance_export(handle_, detail::c_name(name).c_str(), &item));
    return detail::extern_of(item);
  }
  // Names and types of all exports, in the module's order.
  std::vector<ExportType> exports() const {
    const lb_export_t *all;
    size_t count;
    detail::check(lb_instance_exports(handle_, &all, &count));
    return detail::exports_of({all, count});
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

  // Runs a program of WASI: calls its "_start", and gives its exit code, also where it ended itself with one. A program
  // runs once. Throws NotFound if the module is no program, Unsupported if it ran already, else as a call, but not Exit.
  int32_t run() const {
    int32_t exit_code;
    detail::check(lb_instance_run(handle_, &exit_code));
    return exit_code;
  }

  // The same on a thread of the library's. Throws Closed, LimitExceeded if no thread can be started; all else comes out
  // of the Call.
  Call<int32_t> run_async() const {
    lb_call_t call;
    detail::check(lb_instance_run_async(handle_, &call, nullptr, nullptr));
    return Call<int32_t>(call);
  }

  // The store it lives in.
  Store store() const {
    lb_store_t store;
    detail::check(lb_instance_store(handle_, &store));
    return Store(store);
  }

  // Ends the instance: one made by Module::instantiate() with its store, see Store::close(); one made
  // in a store only stops answering; one taken from a Pool is given back. Closing twice is no error.
  void close() const;

 private:
  template <class T, class H>
  T find(const char *name, lb_error_t *(*by_name)(lb_instance_t, const char *, H *)) const {
    H handle;
    detail::check(by_name(handle_, name, &handle));
    return T(handle);
  }
  template <class T, class H>
  T find(const std::string &name, lb_error_t *(*by_name)(lb_instance_t, const char *, H *)) const {
    return find<T>(detail::c_name(name).c_str(), by_name);
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
    detail::check(lb_context_export(context_, detail::c_name(name).c_str(), &item));
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
                  (true && ... && Leaf<std::remove_cvref_t<A>>::holds(args[I]));
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
    for (const lb_value_t &arg : args) lifted.push_back(Value::copy(arg));
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
  Imports &func(const std::string &module, const std::string &name, F callable) {
    using Callable = std::decay_t<F>;
    const std::string in = detail::c_name(module), as = detail::c_name(name);
    auto data = std::make_unique<Callable>(std::move(callable));
    detail::check(lb_imports_func(handle_, in.c_str(), as.c_str(), &detail::call_host<Callable>, data.release(),
                                  &detail::drop_host<Callable>));
    return *this;
  }

  // Lends something of the store that the module will be instantiated in.
  template <class T>
  Imports &define(const std::string &module, const std::string &name, const T &item) {
    detail::check(lb_imports_define(handle_, detail::c_name(module).c_str(), detail::c_name(name).c_str(),
                                    detail::lent(item)));
    return *this;
  }

  // Lends a value: a module that imports an immutable global by this name gets one of just the type it asks
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

  // Lends all exports of an instance in that store.
  Imports &instance(const std::string &module, const Instance &instance) {
    detail::check(lb_imports_instance(handle_, detail::c_name(module).c_str(), instance.get()));
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

inline Tag::Tag(const Store &store, const std::vector<Type> &params) {
  auto *raw = reinterpret_cast<const lb_type_t *>(params.data());
  detail::check(lb_tag_new(store.get(), raw, params.size(), &handle_));
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

inline Instance Module::instantiate(const Imports &imports, const Sandbox &sandbox) const {
  const lb_imports_t raw = imports.get();
  detail::RawSandbox closed_in(sandbox);
  lb_instance_t instance;
  detail::check(lb_instance_new_with(handle_, &raw, closed_in.take(), &instance));
  return Instance(instance);
}

inline Instance Store::instantiate(const Module &module) const { return detail::instantiate(*this, module, nullptr); }

inline Instance Store::instantiate(const Module &module, const Imports &imports) const {
  const lb_imports_t raw = imports.get();
  return detail::instantiate(*this, module, &raw);
}

// Runs a program of WASI, as `docker run` would, and gives its exit code, 0 if it just ends:
//
//     landbridge::run("app.wasm", {"--verbose", "in.txt"});
//
// It has the process's own streams, its arguments (the file's name comes before them), the real clock and secure random
// numbers, and nothing else unless the sandbox says so. Throws NotFound if the module is no program, and as Module::load(),
// Module::instantiate() and Instance::run(). An exit code is never thrown.
inline int32_t run(const std::filesystem::path &path, std::vector<std::string> args = {},
                   const Sandbox &sandbox = Sandbox::program(), const Engine &engine = Engine::shared()) {
  std::vector<const char *> raw;
  for (std::string &arg : args) raw.push_back((arg = detail::c_name(std::move(arg))).c_str());
  detail::RawSandbox closed(sandbox);
  int32_t code;
  detail::check(lb_run(engine.pointer(), path.string().c_str(), raw.data(), raw.size(), closed.take(), &code));
  return code;
}

// ---- Pools -------------------------------------------------------------------------------------

// What becomes of an instance that is given back to its pool.
enum class Reset : uint32_t {
  fresh = LB_RESET_FRESH,  // it is closed, and a fresh one takes its place: no caller sees what another left behind
  reuse = LB_RESET_REUSE,  // it is used again as it is, with its limits of fuel and output as at first
};

// How a pool is kept.
struct PoolOptions {
  size_t max = LB_POOL_CORES;             // the most instances at a time; by default as many as the machine has cores
  std::chrono::milliseconds wait{30000};  // how long to wait for one when all are taken; then Busy
  Reset reset = Reset::fresh;             // what becomes of one that is given back

  // The struct of landbridge.h. Throws RangeError.
  lb_pool_options_t get() const {
    if (wait.count() < 0) throw RangeError("the time to wait cannot be negative");
    lb_pool_options_t raw = LB_POOL_OPTIONS;
    raw.max = max;
    raw.wait_ms = static_cast<uint64_t>(wait.count());
    raw.reset = static_cast<lb_reset_t>(reset);
    return raw;
  }
};

// What a pool has now, and has done.
struct PoolCounts {
  uint64_t ready;    // instances that are ready
  uint64_t taken;    // instances that are taken
  uint64_t waiting;  // callers that wait for one
  uint64_t made;     // instances that were ever made
  uint64_t served;   // how often one was taken

  bool operator==(const PoolCounts &) const = default;
};

// Ready instances of one module, each in a store of its own, for callers that run in parallel. May be used from any
// thread. The destructor releases the handle: calls in flight go on, and what is taken is closed when it is given back.
class Pool {
 public:
  // Makes one instance at once, so that what is wrong with the module or its imports shows here, and further ones when
  // they are needed. The limits of the sandbox hold for each. Throws RangeError if max is 0, and as
  // Module::instantiate().
  explicit Pool(const Module &module, const PoolOptions &options = {}) : Pool(module, Imports(), {}, options) {}
  Pool(const Module &module, const Imports &imports, const Sandbox &sandbox = {}, const PoolOptions &options = {}) {
    const lb_imports_t lent = imports.get();
    const lb_pool_options_t raw = options.get();
    detail::RawSandbox closed_in(sandbox);
    lb_pool_t made;
    detail::check(lb_pool_new(module.get(), &lent, closed_in.take(), &raw, &made));
    handle_ = detail::Handle<lb_pool_t, lb_pool_release>(made);
  }

  // Takes an instance. Instance::close() or its destructor gives it back; what was got from it must not be used after
  // that. Throws Busy if none was given back in time, Closed, what making one throws.
  Instance get() const {
    lb_instance_t instance;
    detail::check(lb_pool_get(handle(), &instance));
    return Instance(instance);
  }

  // Takes an instance, calls a function of it by name, and gives it back: pool.call<int32_t>("handle", 5). Throws as
  // get() and Instance::call().
  template <class R, detail::Crossing... A>
  R call(const char *name, const A &...args) const {
    lb_value_t out[detail::Results<R>::count + 1];
    const lb_value_t in[sizeof...(A) + 1] = {detail::Leaf<A>::lend(args)...};
    detail::check(lb_pool_call(handle(), name, in, sizeof...(A), out, detail::Results<R>::count));
    return detail::checked<R>(name, out);
  }
  // The same with values.
  std::vector<Value> call(const char *name, std::span<const Value> args) const { return get().call(name, args); }
  std::vector<Value> call(const char *name, std::initializer_list<Value> args) const { return get().call(name, args); }

  // The same on a thread of the library's. Any number may be in flight; as many run at a time as the pool has room for.
  // Throws LimitExceeded if no thread can be started; all else comes out of the Call.
  template <class R, detail::Crossing... A>
  Call<R> call_async(const char *name, const A &...args) const {
    return detail::start_typed<R>(
        [&](const lb_value_t *in, size_t nin, lb_call_t *call) {
          return lb_pool_call_async(handle(), name, in, nin, call, nullptr, nullptr);
        },
        args...);
  }
  Call<std::vector<Value>> call_async(const char *name, std::span<const Value> args) const {
    return detail::start_values(
        [&](const lb_value_t *in, size_t nin, lb_call_t *call) {
          return lb_pool_call_async(handle(), name, in, nin, call, nullptr, nullptr);
        },
        args);
  }
  Call<std::vector<Value>> call_async(const char *name, std::initializer_list<Value> args) const {
    return call_async(name, std::span<const Value>(args.begin(), args.size()));
  }

  // What it has now, and has done; also after it was closed.
  PoolCounts counts() const {
    lb_pool_counts_t raw = LB_POOL_COUNTS;
    detail::check(lb_pool_counts(handle(), &raw));
    return {raw.ready, raw.taken, raw.waiting, raw.made, raw.served};
  }

  // Ends the pool: ready instances are closed now, those that are taken when they are given back, and callers that wait
  // get Closed. Never waits. Closing twice is no error.
  void close() const { detail::check(lb_pool_close(handle())); }

  // The handle of landbridge.h, which stays this object's.
  lb_pool_t handle() const noexcept { return handle_.get(); }

 private:
  detail::Handle<lb_pool_t, lb_pool_release> handle_;
};

// ---- Inspection --------------------------------------------------------------------------------

// Something that a module asks of WASI.
struct Ask {
  // "args", "env", "clock", "random", "files", "stdin", "streams", "poll", "exit", "sockets", "signals" or "yield".
  // "stdin" and "streams" may mean files where "files" is told too; stdout and stderr are "streams", since one function
  // writes to both.
  std::string what;
  std::vector<std::string> functions;  // that it asks by, in the order of its imports
};

// A section that is not part of the standard.
struct CustomSection {
  std::string name;
  std::vector<std::byte> bytes;
};

// Something that took part in making a module.
struct Producer {
  std::string field;  // "language", "sdk" or "processed-by"
  std::string name;
  std::string version;
};

// What a module is and will ask for, told without compiling it. It may use features that the engine does not
// have: they are told, and loading it is what fails.
struct Inspection {
  std::optional<std::string> name;              // in its name section
  std::vector<ImportType> imports;              // what it asks its host for, in its own order
  std::vector<Ask> asks;                        // what it asks of WASI, as far as its imports tell
  std::optional<std::string> built_for;         // such as JavaScript, and what to do, if its imports tell
  std::vector<ExportType> exports;              // what it exports, in its own order
  std::vector<MemoryType> memories;             // all of them, imported ones first
  std::vector<std::string> features;            // beyond WebAssembly 1.0, without which it is not valid
  uint64_t compile_cost = 0;                    // how much more work compiling it is than its size accounts for
  std::vector<CustomSection> custom_sections;   // in the module's order
  std::vector<Producer> producers;              // what made it, as it says
  std::vector<std::string> target_features;     // that its compiler was told to use, such as "+simd128"
};

namespace detail {

using InspectionHandle = Handle<lb_inspection_t, lb_inspection_release>;

// Reads an array of an inspection, one by one.
template <class C, class Make>
auto list_of(const InspectionHandle &from, lb_error_t *(*read)(lb_inspection_t, const C **, size_t *), Make make) {
  const C *all;
  size_t count;
  check(read(from.get(), &all, &count));
  std::vector<decltype(make(*all))> made;
  for (const C &one : std::span(all, count)) made.push_back(make(one));
  return made;
}

inline Ask ask_of(const lb_ask_t &raw) {
  Ask ask{raw.what, {}};
  for (const char *function : std::span(raw.functions, raw.count)) ask.functions.push_back(name_of(function));
  return ask;
}

inline Inspection inspection_of(lb_error_t *error, lb_inspection_t handle) {
  check(error);
  const InspectionHandle from(handle);
  const char *name;
  check(lb_inspection_name(handle, &name));
  const char *built_for;
  check(lb_inspection_built_for(handle, &built_for));
  uint64_t compile_cost;
  check(lb_inspection_compile_cost(handle, &compile_cost));
  return {
      name_or_none(name),
      list_of(from, lb_inspection_imports,
              [](auto &it) { return ImportType{name_of(it.module), name_of(it.name), ExternType::of(it.type)}; }),
      list_of(from, lb_inspection_asks, ask_of),
      name_or_none(built_for),
      list_of(from, lb_inspection_exports,
              [](auto &it) { return ExportType{name_of(it.name), ExternType::of(it.type)}; }),
      list_of(from, lb_inspection_memories, MemoryType::of),
      list_of(from, lb_inspection_features, [](auto &it) { return std::string(it); }),
      compile_cost,
      list_of(from, lb_inspection_custom_sections,
              [](auto &it) {
                auto bytes = std::as_bytes(std::span(it.bytes, it.length));
                return CustomSection{name_of(it.name), {bytes.begin(), bytes.end()}};
              }),
      list_of(from, lb_inspection_producers,
              [](auto &it) { return Producer{name_of(it.field), name_of(it.name), name_of(it.version)}; }),
      list_of(from, lb_inspection_target_features, [](auto &it) { return name_of(it); }),
  };
}

}  // namespace detail

// Inspects what a string names or is, as Module::load() takes it. Throws IoError, CompileError.
inline Inspection inspect(const char *source) {
  lb_inspection_t handle;
  lb_error_t *error = lb_inspect(source, &handle);
  return detail::inspection_of(error, handle);
}
inline Inspection inspect(const std::string &source) { return inspect(detail::c_name(source).c_str()); }
inline Inspection inspect(std::string_view source) { return inspect(std::string(source)); }
// Inspects a file of bytes or of WebAssembly text. Throws IoError, CompileError.
inline Inspection inspect(const std::filesystem::path &path) {
  lb_inspection_t handle;
  lb_error_t *error = lb_inspect_file(path.string().c_str(), &handle);
  return detail::inspection_of(error, handle);
}
// Inspects bytes. Throws CompileError.
inline Inspection inspect_bytes(std::span<const std::byte> bytes) {
  lb_inspection_t handle;
  lb_error_t *error = lb_inspect_bytes(reinterpret_cast<const uint8_t *>(bytes.data()), bytes.size(), &handle);
  return detail::inspection_of(error, handle);
}
// Inspects WebAssembly text. Throws CompileError.
inline Inspection inspect_text(std::string_view text) { return inspect_bytes(std::as_bytes(std::span(text))); }

inline void Store::close() const { detail::closed(lb_store_close(handle_)); }

inline void Instance::close() const { detail::closed(lb_instance_close(handle_)); }

}  // namespace landbridge

#endif  // C++20

#endif  // LANDBRIDGE_HPP
