// How the headers do without exceptions, for programs that are compiled with -fno-exceptions: each function that can fail for a
// reason outside of the program has a twin whose name begins with try_ and that gives an Expected. All other errors are
// faults of the program, and end it; see failure_handler().

#ifndef LANDBRIDGE_THROWING_HPP
#define LANDBRIDGE_THROWING_HPP

#include <cstdlib>

// Define it yourself, for all sources of a program alike, to do without exceptions where the compiler has them.
#if !defined(LANDBRIDGE_NO_EXCEPTIONS) && !defined(__cpp_exceptions) && !defined(_CPPUNWIND)
#define LANDBRIDGE_NO_EXCEPTIONS 1
#endif
#if !defined(LANDBRIDGE_NO_RTTI) && !defined(__cpp_rtti) && !defined(_CPPRTTI)
#define LANDBRIDGE_NO_RTTI 1
#endif

#ifndef LANDBRIDGE_NO_EXCEPTIONS

#define LANDBRIDGE_TRY try
#define LANDBRIDGE_CATCH(...) catch (__VA_ARGS__)
#define LANDBRIDGE_CATCH_ALL catch (...)
#define LANDBRIDGE_THROW(...) throw __VA_ARGS__
#define LANDBRIDGE_RETHROW throw

#else

namespace landbridge::detail {

// In place of an exception that is never caught.
struct Never {
  template <class T>
  operator T &() const noexcept {
    std::abort();
  }
};

}  // namespace landbridge::detail

#define LANDBRIDGE_TRY if constexpr (true)
#define LANDBRIDGE_CATCH(...) else if (__VA_ARGS__ = ::landbridge::detail::Never(); false)
#define LANDBRIDGE_CATCH_ALL else if constexpr (false)
#define LANDBRIDGE_THROW(...) ::landbridge::detail::fail(__VA_ARGS__)
#define LANDBRIDGE_RETHROW std::abort()

#endif

#ifndef LANDBRIDGE_NO_RTTI
#include <typeinfo>
#endif

namespace landbridge::detail {

// A type of C++, to be compared with others.
class TypeId {
 public:
  constexpr TypeId() noexcept = default;

#ifndef LANDBRIDGE_NO_RTTI
  template <class T>
  static TypeId of() noexcept {
    return TypeId(&typeid(T));
  }
  friend bool operator==(TypeId one, TypeId other) noexcept {
    return one.it_ == other.it_ || (one.it_ && other.it_ && *one.it_ == *other.it_);
  }

 private:
  using It = std::type_info;
#else
  template <class T>
  static TypeId of() noexcept {
    return TypeId(&mark<T>);
  }
  friend bool operator==(TypeId one, TypeId other) noexcept { return one.it_ == other.it_; }

 private:
  using It = char;
  template <class T>
  static constexpr char mark = 0;
#endif
  constexpr explicit TypeId(const It *it) noexcept : it_(it) {}

  const It *it_ = nullptr;
};

}  // namespace landbridge::detail

#endif
