// Signatures and types on their way to the library, and types on their way from it.

#ifndef LANDBRIDGE_WIT_SIGNATURE_HPP
#define LANDBRIDGE_WIT_SIGNATURE_HPP

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "error.hpp"
#include "wit_frame.hpp"
#include "wit_type.hpp"

namespace landbridge::detail {

// A signature as the library reads it: see lb_wit_signature_check().
class Signature {
 public:
  // is_ok: the result is the `ok` of a function that gives a `result`.
  Signature(std::span<const WitType> params, const WitType &result, bool is_ok) {
    std::vector<uint32_t> places;
    for (const WitType &param : params) places.push_back(place(param));
    std::optional<uint32_t> given;
    if (result) given = place(result);

    FrameWriter frame;
    frame.number(uint8_t{1});
    frame.count(known_.size());
    frame.raw(types_.bytes().data(), types_.at());
    frame.count(places.size());
    for (uint32_t it : places) frame.number(it);
    optional(frame, given);
    frame.boolean(is_ok);
    bytes_.assign(frame.bytes().begin(), frame.bytes().end());
  }

  // A type by itself.
  explicit Signature(const WitType &type) : Signature({}, type, false) {}

  const uint8_t *data() const noexcept { return bytes_.data(); }
  size_t size() const noexcept { return bytes_.size(); }

 private:
  static void text(FrameWriter &frame, const std::string &text) {
    frame.count(text.size());
    frame.raw(text.data(), text.size());
  }
  static void optional(FrameWriter &frame, std::optional<uint32_t> place) {
    frame.boolean(place.has_value());
    if (place) frame.number(*place);
  }

  // The place of a type, which is put there if it is not known.
  uint32_t place(const WitType &type) {
    if (const auto known = known_.find(type.id()); known != known_.end()) return known->second;
    std::vector<std::optional<uint32_t>> held;
    for (const WitType::Part &part : type.parts()) {
      held.push_back(part.type ? std::optional(place(part.type)) : std::nullopt);
    }
    types_.number(static_cast<uint8_t>(type.sort()));
    types_.boolean(!type.name().empty());
    if (!type.name().empty()) text(types_, type.name());
    types_.count(held.size());
    for (size_t i = 0; i < held.size(); ++i) {
      text(types_, type.parts()[i].name);
      optional(types_, held[i]);
    }
    const auto place = static_cast<uint32_t>(known_.size());
    known_.emplace(type.id(), place);
    return place;
  }

  std::map<const void *, uint32_t> known_;
  FrameWriter types_;
  std::vector<uint8_t> bytes_;
};

inline std::string text_or_none(const char *text) { return text ? text : ""; }

// Types of the library's, each copied once.
class TypeReader {
 public:
  WitType read(const lb_wit_type_t *type) {
    if (!type) return {};
    if (const auto known = known_.find(type); known != known_.end()) return known->second;
    auto node = std::make_shared<WitType::Node>();
    node->sort = static_cast<WitSort>(lb_wit_type_sort(type));
    node->text = lb_wit_type_text(type);
    node->name = text_or_none(lb_wit_type_name(type));
    node->interface = text_or_none(lb_wit_type_interface(type));
    node->docs = text_or_none(lb_wit_type_docs(type));
    node->resource = lb_wit_type_resource(type);
    for (size_t i = 0; i < lb_wit_type_count(type); ++i) {
      node->parts.push_back({text_or_none(lb_wit_type_part_name(type, i)), read(lb_wit_type_part(type, i)),
                             text_or_none(lb_wit_type_part_docs(type, i))});
    }
    return known_.emplace(type, WitType(std::move(node))).first->second;
  }

  WitFuncType read(const lb_wit_func_type_t &type) {
    WitFuncType made;
    for (const lb_wit_param_t &param : std::span(type.params, type.nparams)) {
      made.params.push_back({text_or_none(param.name), read(param.type)});
    }
    made.result = read(type.result);
    return made;
  }

 private:
  std::map<const lb_wit_type_t *, WitType> known_;
};

}  // namespace landbridge::detail

#endif
