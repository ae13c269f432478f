// Exceptions of WebAssembly as values.

#ifndef LANDBRIDGE_EXCEPTION_HPP
#define LANDBRIDGE_EXCEPTION_HPP

#include <initializer_list>
#include <span>
#include <utility>
#include <vector>

#include "error.hpp"
#include "handle.hpp"
#include "out.hpp"
#include "tag.hpp"
#include "value.hpp"

namespace landbridge {

// An exception of WebAssembly as a value; what is thrown in C++ is a TaggedException, which holds one. Copies
// are the same exception. The empty one is the null reference.
class Exception : public detail::Reference<lb_exception_t, lb_exception_release, lb_exception_same, lb_exception_clone> {
 public:
  using Reference::Reference;

  // Throws TypeError if the payload does not fit the tag.
  Exception(const Tag &tag, std::span<const Value> payload) {
    detail::check(lb_exception_new(tag.get(), detail::raw(payload), payload.size(), &handle_));
  }
  Exception(const Tag &tag, std::initializer_list<Value> payload)
      : Exception(tag, std::span<const Value>(payload.begin(), payload.size())) {}
  // Which sort of exception it is.
  Tag tag() const { return Tag(detail::made<lb_tag_t>(lb_exception_tag, handle_)); }
  // What it carries. Throws Closed if the store is, unless it came out of a TaggedException.
  std::vector<Value> payload() const {
    std::vector<Value> payload(tag().type().params.size());
    auto *raw = reinterpret_cast<lb_value_t *>(payload.data());
    detail::check(lb_exception_payload(handle_, raw, payload.size()));
    return payload;
  }
};

namespace detail {

template <>
struct Leaf<Exception> : ReferenceLeaf<Exception, Type::exnref, lb_exception_t, &lb_bits_t::exception> {};

}  // namespace detail

inline TaggedException::TaggedException(const Exception &exception) : Error(lb_error_throw(exception.get())) {}

inline TaggedException::TaggedException(const Tag &tag, std::initializer_list<Value> payload)
    : TaggedException(Exception(tag, payload)) {}

inline Exception TaggedException::exception() const {
  return Exception(detail::made<lb_exception_t>(lb_error_exception, get()));
}

inline Tag TaggedException::tag() const { return exception().tag(); }

inline std::vector<Value> TaggedException::payload() const { return exception().payload(); }

}  // namespace landbridge

#endif
