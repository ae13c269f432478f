// Errors: what went wrong, and the exceptions that say so.

#ifndef LANDBRIDGE_ERROR_HPP
#define LANDBRIDGE_ERROR_HPP

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "../landbridge.h"
#include "throwing.hpp"

namespace landbridge {

// Every kind of error: the name in landbridge.h, the name of the Kind, and the exception. The last two are
// written out below.
#define LANDBRIDGE_KINDS(KIND) \
  LANDBRIDGE_PLAIN_KINDS(KIND) \
  KIND(EXIT, exit, Exit)       \
  KIND(EXCEPTION, exception, TaggedException) \
  KIND(WIT, wit, WitError)

// generated: cpp.kinds
#define LANDBRIDGE_PLAIN_KINDS(KIND)              \
  KIND(COMPILE, compile, CompileError)            \
  KIND(LINK, link, LinkError)                     \
  KIND(TRAP, trap, Trap)                          \
  KIND(HOST, host, HostError)                     \
  KIND(TYPE, type, TypeError)                     \
  KIND(RANGE, range, RangeError)                  \
  KIND(NOT_FOUND, not_found, NotFound)            \
  KIND(OUT_OF_BOUNDS, out_of_bounds, OutOfBounds) \
  KIND(CLOSED, closed, Closed)                    \
  KIND(WRONG_STORE, wrong_store, WrongStore)      \
  KIND(BUSY, busy, Busy)                          \
  KIND(DEADLOCK, deadlock, Deadlock)              \
  KIND(POISONED, poisoned, Poisoned)              \
  KIND(CANCELLED, cancelled, Cancelled)           \
  KIND(TIMEOUT, timeout, Timeout)                 \
  KIND(FUEL, fuel, FuelExhausted)                 \
  KIND(MEMORY_LIMIT, memory_limit, MemoryLimit)   \
  KIND(LIMIT, limit, LimitExceeded)               \
  KIND(DENIED, denied, Denied)                    \
  KIND(IO, io, IoError)                           \
  KIND(UNSUPPORTED, unsupported, Unsupported)     \
  KIND(INTERNAL, internal, InternalError)
// end generated

// What went wrong, in a word. Numbers are those of landbridge.h and of every other host.
enum class Kind : uint32_t {
#define LANDBRIDGE_KIND(NUMBER, name, Exception) name = LB_KIND_##NUMBER,
  LANDBRIDGE_KINDS(LANDBRIDGE_KIND)
#undef LANDBRIDGE_KIND
};

// Why a guest trapped.
enum class TrapCode : uint32_t {
  // generated: cpp.traps
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
  // end generated
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

  // The last that the guest wrote to streams that are discarded, and the last that WASI refused it, if such lines are discarded
  // too. A text for people, of at most 4 KiB of each stream; empty if there is nothing.
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

  // The row of the batch that it came from, the first of which is 0; the results of the rows before it are there. None if no
  // row was begun, or no function was mapped.
  std::optional<uint64_t> row() const noexcept {
    const int64_t row = lb_error_row(error_.get());
    return row < 0 ? std::nullopt : std::optional(static_cast<uint64_t>(row));
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

class WitValue;

// The `err` of a `result` of WIT: what a function of a component gave whose signature does not have it as a value, or what
// a callable throws to give it to a component.
//
//     catch (const WitError &e) { log(e.payload<std::string>()); }
//     throw WitError("sold out");
class WitError : public Error {
 public:
  // One that holds nothing.
  WitError();
  // One that holds a text, or a value of any type of WIT: a number, a struct of your own, a WitValue.
  explicit WitError(std::string_view text);
  template <class T>
    requires(!std::is_convertible_v<const T &, std::string_view> && !std::is_pointer_v<T>)
  explicit WitError(const T &payload);
  explicit WitError(lb_error_t *error) : Error(error) {}

  // What it holds; nothing if it holds nothing.
  const WitValue &payload() const;
  // The same as a type of C++ that is one of WIT. Throws TypeError or RangeError if it is of another one.
  template <class T>
  T payload() const;

 private:
  std::shared_ptr<const WitValue> payload_;
};

#ifdef LANDBRIDGE_NO_EXCEPTIONS
// Without exceptions: what is called with an error that a function cannot give back, before the program ends. It must not return
// to go on; as it is, the message goes to stderr. Set your own when the program starts: `failure_handler() = log_and_exit;`.
inline auto failure_handler() -> void (*&)(const Error &) {
  static void (*handler)(const Error &) = [](const Error &error) {
    std::fprintf(stderr, "landbridge: %s: %s\n", lb_error_kind_name(error.get()), error.what());
  };
  return handler;
}
#endif

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

#ifndef LANDBRIDGE_NO_EXCEPTIONS

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

#else

// Says what is wrong, and ends the program.
[[noreturn]] inline void fail(const Error &error) {
  failure_handler()(error);
  std::abort();
}
template <class T>
  requires(!std::is_base_of_v<Error, T>)
[[noreturn]] void fail(const T &wrong) {
  if constexpr (requires { wrong.text; }) fail(Error(Kind::type, wrong.text));
  fail(Error(Kind::type, "a value does not fit its type of WIT"));
}

[[noreturn]] inline void raise(lb_error_t *error) { fail(Error(error)); }

// There is none.
inline lb_error_t *caught() noexcept { return lb_error_new(LB_KIND_INTERNAL, "an exception in a program without exceptions"); }

#endif

inline void check(lb_error_t *error) {
  if (error) [[unlikely]] raise(error);
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

}  // namespace landbridge

#endif
