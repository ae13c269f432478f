// The component of the guide that paints, with types of C++ for it, and what its tests share.

#ifndef WIT_PAINT_H
#define WIT_PAINT_H

#include <landbridge.hpp>

#include <string>
#include <vector>

#include "check.h"

using namespace landbridge;

inline const std::string guide = "../core/tests/guide/";

// The words of what this throws, if that is an E.
template <class E, class F>
std::string words(F what) {
  try {
    what();
  } catch (const E &e) {
    return e.what();
  } catch (const std::exception &e) {
    return std::string("another: ") + e.what();
  }
  return "nothing was thrown";
}

namespace paint {

struct Order {
  std::string colour;
  std::vector<uint8_t> coats;
  std::optional<std::string> note = {};
  bool operator==(const Order &) const = default;
};

struct Circle {
  double radius;
};

struct Nothing {};

struct Shape : std::variant<Circle, std::tuple<double, double>, Nothing> {
  using variant::variant;
};

struct Journal {
  std::vector<std::string> lines;
  void write(std::string_view line) { lines.emplace_back(line); }
};

// An exception of the program's own.
struct Boom {
  int number;
};

inline std::exception_ptr thrown;

inline uint32_t price(std::string_view colour) {
  if (colour == "red") return 1200;
  if (colour == "boom") {
    thrown = std::make_exception_ptr(Boom{7});
    std::rethrow_exception(thrown);
  }
  throw WitError("there is no " + std::string(colour));
}

inline Imports imports() {
  Imports lent;
  lent.wit_func("prices", "price", price);
  lent.wit_func("demo:paint/journals@1.2", "[method]journal.write", &Journal::write);
  return lent;
}

inline Instance make(const Imports &lent = imports()) { return Module::load(guide + "paint.wat").instantiate(lent); }

}  // namespace paint

template <>
struct landbridge::Wit<paint::Order> {
  static constexpr auto fields =
      landbridge::fields("colour", &paint::Order::colour, "coats", &paint::Order::coats, "note", &paint::Order::note);
  static constexpr std::string_view name = "order";
};

template <>
struct landbridge::Wit<paint::Circle> {
  static constexpr auto holds = &paint::Circle::radius;
};

template <>
struct landbridge::Wit<paint::Shape> {
  static constexpr auto cases = landbridge::names("circle", "rectangle", "nothing");
};

#endif
