// What is said where no call crosses to landbridge.h: from core/messages.toml.

#ifndef LANDBRIDGE_MESSAGES_HPP
#define LANDBRIDGE_MESSAGES_HPP

#include <string>

#include "error.hpp"

namespace landbridge::detail::messages {

// generated: messages.cpp
inline std::string results(const std::string &func) {
  return "results of " + func;
}

inline std::string result(const std::string &number, const std::string &func) {
  return "result " + number + " of " + func;
}

inline TypeError not_a(const std::string &place, const std::string &expected, const std::string &given) {
  return TypeError(place + ": expected " + expected + ", got " + given);
}

inline RangeError out_of_range(const std::string &place, const std::string &given, const std::string &first,
                               const std::string &last) {
  return RangeError(place + ": " + given + " is out of range (" + first + " to " + last + ")");
}

inline TypeError other_signature(const std::string &func, const std::string &found, const std::string &wanted) {
  return TypeError(func + " is " + found + ", not " + wanted);
}

inline NotFound other_sort(const std::string &name, const std::string &found, const std::string &wanted) {
  return NotFound("the export " + name + " is a " + found + ", not a " + wanted);
}
// end generated

}  // namespace landbridge::detail::messages

#endif
