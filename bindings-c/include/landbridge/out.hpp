// What functions of landbridge.h make, in their out parameters.

#ifndef LANDBRIDGE_OUT_HPP
#define LANDBRIDGE_OUT_HPP

#include <cstddef>
#include <span>
#include <string>

#include "error.hpp"
#include "text.hpp"

namespace landbridge::detail {

// What a function makes in its last parameter.
template <class T, class F, class... A>
T made(F function, const A &...args) {
  T out;
  check(function(args..., &out));
  return out;
}

// An array that a function lends.
template <class T, class F, class H>
std::span<const T> lent_by(F function, H handle) {
  const T *all;
  size_t count;
  check(function(handle, &all, &count));
  return {all, count};
}

// A text from a function that writes as snprintf does, and may fail.
template <class F, class T>
std::string told_by(F function, const T &of) {
  return text_of([&](char *text, size_t size) {
    size_t length = 0;
    check(function(of, text, size, &length));
    return length;
  });
}

}  // namespace landbridge::detail

#endif
