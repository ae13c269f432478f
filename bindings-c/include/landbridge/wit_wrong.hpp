// What is wrong with a value, and where: the words are the library's, and the same in every language.

#ifndef LANDBRIDGE_WIT_WRONG_HPP
#define LANDBRIDGE_WIT_WRONG_HPP

#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "error.hpp"
#include "wit_frame.hpp"
#include "wit_type.hpp"

namespace landbridge::detail {

// Where a value stands: `args[0].tags[1]`.
class WitPlace {
 public:
  explicit WitPlace(std::string_view root) noexcept : name_(root) {}

  // An argument of a call.
  static WitPlace argument(size_t index) noexcept { return WitPlace(nullptr, "args", index, Step::element); }
  WitPlace in(std::string_view name) const noexcept { return WitPlace(this, name, 0, Step::name); }
  WitPlace part(size_t index) const noexcept { return WitPlace(this, {}, index, Step::part); }
  WitPlace element(size_t index) const noexcept { return WitPlace(this, {}, index, Step::element); }
  size_t depth() const noexcept { return depth_; }

  std::string text() const {
    std::string text = outer_ ? outer_->text() : std::string();
    switch (step_) {
      case Step::root: return std::string(name_);
      case Step::name: return text + "." + std::string(name_);
      case Step::part: return text + "." + std::to_string(index_);
      default: return text + std::string(name_) + "[" + std::to_string(index_) + "]";
    }
  }

 private:
  enum class Step { root, name, part, element };
  WitPlace(const WitPlace *outer, std::string_view name, size_t index, Step step) noexcept
      : outer_(outer), name_(name), index_(index), step_(step), depth_(outer ? outer->depth_ + 1 : 0) {}

  const WitPlace *outer_ = nullptr;
  std::string_view name_;
  size_t index_ = 0;
  Step step_ = Step::root;
  size_t depth_ = 0;
};

inline lb_wit_wrong_t wrong_of(lb_wit_wrong_sort_t sort) noexcept {
  lb_wit_wrong_t wrong = LB_WIT_WRONG;
  wrong.sort = sort;
  return wrong;
}

[[noreturn]] inline void raise_wrong(const WitPlace &place, const lb_wit_wrong_t &wrong) {
  raise(lb_wit_wrong(place.text().c_str(), &wrong));
}

// `args[0]: expected string, got u32`
[[noreturn]] inline void wrong_type(const WitPlace &place, const std::string &expected, const std::string &given) {
  lb_wit_wrong_t wrong = wrong_of(LB_WIT_WRONG_OTHER);
  wrong.expected = expected.c_str();
  wrong.given = given.c_str();
  raise_wrong(place, wrong);
}

// `args[0]: 300 does not fit in u8`
[[noreturn]] inline void wrong_number(const WitPlace &place, const std::string &expected, const std::string &given) {
  lb_wit_wrong_t wrong = wrong_of(LB_WIT_WRONG_UNFIT);
  wrong.expected = expected.c_str();
  wrong.given = given.c_str();
  raise_wrong(place, wrong);
}

// A part that is missing, unknown or given twice.
[[noreturn]] inline void wrong_part(const WitPlace &place, lb_wit_wrong_sort_t sort, const WitType &type, const char *part,
                                    const std::string &name) {
  std::vector<const char *> known;
  for (const WitType::Part &it : type.parts()) known.push_back(it.name.c_str());
  lb_wit_wrong_t wrong = wrong_of(sort);
  wrong.expected = type.text().c_str();
  wrong.part = part;
  wrong.name = name.c_str();
  wrong.known = known.data();
  wrong.nknown = known.size();
  raise_wrong(place, wrong);
}

// Goes through the values of a frame in step with their types, as far as it reaches.
class FrameWalk {
 public:
  // What is done with each value that is no record and no tuple, before it is read. It may read it, or throw.
  using Visit = std::function<void(const WitPlace &, const WitType &, FrameReader &)>;

  FrameWalk(FrameReader frame, Visit visit) : frame_(frame), visit_(std::move(visit)) {}

  void value(const WitPlace &place, const WitType &type) {
    if (type.sort() != WitSort::record && type.sort() != WitSort::tuple) visit_(place, type, frame_);
    switch (type.sort()) {
      case WitSort::boolean: return skip(1);
      case WitSort::character: return skip(4);
      case WitSort::string: return static_cast<void>(frame_.view(1));
      case WitSort::list: return list(place, type.parts()[0].type);
      case WitSort::record:
        for (const WitType::Part &part : type.parts()) value(place.in(part.name), part.type);
        return;
      case WitSort::tuple:
        for (size_t i = 0; i < type.parts().size(); ++i) value(place.part(i), type.parts()[i].type);
        return;
      case WitSort::variant:
      case WitSort::result: {
        const WitType::Part &part = type.parts()[which(type.parts().size())];
        if (part.type) value(place.in(part.name), part.type);
        return;
      }
      case WitSort::enumeration: return static_cast<void>(which(type.parts().size()));
      case WitSort::flags: return skip(flags_bytes(type.parts().size()));
      case WitSort::option:
        if (which(2) != 0) value(place, type.parts()[0].type);
        return;
      case WitSort::own:
      case WitSort::borrow: return skip(8);
      default: return skip(type.sort() == either_resource ? 8 : number_bytes(type.sort()));
    }
  }

 private:
  void skip(size_t bytes) { frame_.raw(bytes); }
  size_t which(size_t of) { return frame_.which(case_bytes(of), of); }
  void list(const WitPlace &place, const WitType &element) {
    if (const size_t bytes = number_bytes(element.sort())) {
      frame_.view(bytes);
      return;
    }
    // Of a frame that is being written, not all elements are there.
    const auto count = frame_.number<uint32_t>();
    for (size_t i = 0; i < count; ++i) value(place.element(i), element);
  }

  FrameReader frame_;
  Visit visit_;
};

// Blobs that nobody looks into.
class NoBlobs final : public Blobs {
 public:
  std::span<const uint8_t> bytes(uint32_t) override { return {}; }
  Kept *kept(uint32_t) override { return nullptr; }
};

// The error about the value that was to be written at a place of a frame.
inline lb_error_t *wrong_error(const WitPlace &place, const WitType &type, const WrongAt &wrong) {
  lb_wit_wrong_t told = wrong_of(LB_WIT_WRONG_OTHER);
  std::string given = "nothing";
  if (wrong.what == WrongAt::text) given = "bytes that are not UTF-8";
  if (wrong.what == WrongAt::number) given = std::to_string(wrong.given);
  if (wrong.what == WrongAt::character) {
    char code[16];
    std::snprintf(code, sizeof code, "0x%llx", static_cast<unsigned long long>(wrong.given));
    given = code;
  }
  if (wrong.what == WrongAt::number || wrong.what == WrongAt::character) told.sort = LB_WIT_WRONG_UNFIT;
  if (wrong.what == WrongAt::store) told.sort = LB_WIT_WRONG_OTHER_STORE;
  told.expected = type.text().c_str();
  told.given = given.c_str();
  return lb_wit_wrong(place.text().c_str(), &told);
}

[[noreturn]] inline void say_wrong(const WitPlace &place, const WitType &type, const WrongAt &wrong) {
  raise(wrong_error(place, type, wrong));
}

// Without exceptions, says what is wrong with what was just written.
inline void check_written([[maybe_unused]] const WitPlace &place, [[maybe_unused]] const WitType &type,
                          [[maybe_unused]] const FrameWriter &frame) {
#ifdef LANDBRIDGE_NO_EXCEPTIONS
  if (frame.first_wrong()) [[unlikely]] say_wrong(place, type, *frame.first_wrong());
#endif
}

// Finds the place of what is wrong: `roots` walks the values from the first.
template <class Roots>
[[noreturn]] void placed(const FrameWriter &frame, const WrongAt &wrong, Roots roots) {
  NoBlobs blobs;
  FrameWalk walk(FrameReader(frame.bytes(), &blobs), [&](const WitPlace &place, const WitType &type, FrameReader &reader) {
    if (reader.at() == wrong.at) say_wrong(place, type, wrong);
  });
  roots(walk);
  LANDBRIDGE_THROW(InternalError("what is wrong with a value has no place"));
}

#ifdef LANDBRIDGE_NO_EXCEPTIONS
// The error about what was written, or null. Without exceptions all of it was written.
template <class Roots>
lb_error_t *wrong_in(const FrameWriter &frame, Roots roots) {
  if (!frame.first_wrong()) [[likely]] return nullptr;
  lb_error_t *error = nullptr;
  NoBlobs blobs;
  FrameWalk walk(FrameReader(frame.bytes(), &blobs), [&](const WitPlace &place, const WitType &type, FrameReader &reader) {
    if (!error && reader.at() == frame.first_wrong()->at) error = wrong_error(place, type, *frame.first_wrong());
  });
  roots(walk);
  return error ? error : lb_error_new(LB_KIND_INTERNAL, "what is wrong with a value has no place");
}
#else
// It was thrown.
template <class Roots>
lb_error_t *wrong_in(const FrameWriter &, Roots) noexcept {
  return nullptr;
}
#endif

}  // namespace landbridge::detail

#endif
