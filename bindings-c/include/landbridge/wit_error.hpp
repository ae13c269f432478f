// Values and types of WIT in each other's terms: values of types of C++, text, and what errors hold.

#ifndef LANDBRIDGE_WIT_ERROR_HPP
#define LANDBRIDGE_WIT_ERROR_HPP

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "error.hpp"
#include "out.hpp"
#include "text.hpp"
#include "wit_crossing.hpp"
#include "wit_described.hpp"
#include "wit_dynamic.hpp"
#include "wit_signature.hpp"
#include "wit_type.hpp"
#include "wit_value.hpp"

namespace landbridge {

namespace detail {

// What was written, for whoever reads it here.
class OwnFrame final : public Blobs {
 public:
  explicit OwnFrame(const FrameWriter &frame) : frame_(frame) {
    for (const HostObject &object : frame.objects()) {
      objects_.push_back({const_cast<HostObject *>(&object), nullptr});
    }
  }
  Handles handles(StoreRef store, bool owns) const { return Handles(std::move(store), objects_, owns); }
  std::span<const uint8_t> bytes(uint32_t index) override {
    const lb_wit_blob_t &blob = frame_.blobs()[index];
    return {static_cast<const uint8_t *>(blob.data), blob.bytes};
  }
  Kept *kept(uint32_t) override { return nullptr; }

 private:
  const FrameWriter &frame_;
  std::vector<lb_wit_object_t> objects_;
};

inline WitValue read_parsed(const WitType &type, std::string_view text) {
  WitValue value;
  const StoreRef none;
  Receiver receiver([&](FrameReader &reader) { value = read_value(reader, type); }, dynamic_makers, none, type);
  const lb_wit_sink_t sink = receiver.sink();
  const Signature signature(type);
  check(lb_wit_signature_parse(signature.data(), signature.size(), c_name(std::string(text)).c_str(), &sink));
  return value;
}

// The type of what cannot be known, such as the elements of an empty list: any will do for its text.
inline const WitType &unknown_type() {
  static const WitType unknown = WitType::of(WitSort::boolean, "bool");
  return unknown;
}

// The type that a value has by itself.
WitType type_of(const WitValue &value, size_t depth = 0);

// The type of two values that stand in one list.
inline WitType merged(const WitType &one, const WitType &other) {
  if (!one || one.id() == unknown_type().id()) return other ? other : one;
  if (!other || other.id() == unknown_type().id() || one.sort() != other.sort()) return one;
  std::vector<WitType::Part> parts = one.parts();
  const auto same = [&](const WitType::Part &part, size_t i) {
    const bool is_named = one.sort() == WitSort::variant || one.sort() == WitSort::enumeration || one.sort() == WitSort::flags;
    if (!is_named) return i < parts.size() ? parts.begin() + static_cast<ptrdiff_t>(i) : parts.end();
    return std::ranges::find(parts, part.name, &WitType::Part::name);
  };
  for (size_t i = 0; i < other.parts().size(); ++i) {
    const WitType::Part &part = other.parts()[i];
    if (const auto found = same(part, i); found != parts.end() && found->name == part.name) {
      found->type = merged(found->type, part.type);
    } else {
      parts.push_back(part);
    }
  }
  return parts.empty() ? one : WitType::of(one.sort(), one.text(), std::move(parts));
}

inline WitType type_or_none(const WitValue::Held &held, size_t depth) { return held ? type_of(*held, depth) : WitType(); }

template <class T>
WitType type_of_part(const T &it, size_t depth) {
  if constexpr (std::is_same_v<T, WitValue::List>) {
    WitType element = unknown_type();
    for (const WitValue &item : it.items) element = merged(element, type_of(item, depth));
    return list_of(element);
  } else if constexpr (std::is_same_v<T, WitValue::Record>) {
    std::vector<WitType::Part> parts;
    for (const auto &[name, value] : it.fields) parts.push_back({name, type_of(value, depth)});
    return WitType::of(WitSort::record, "a record", std::move(parts));
  } else if constexpr (std::is_same_v<T, WitValue::Tuple>) {
    std::vector<WitType> types;
    for (const WitValue &part : it.parts) types.push_back(type_of(part, depth));
    return tuple_of(std::move(types));
  } else if constexpr (std::is_same_v<T, WitValue::Variant>) {
    return WitType::of(WitSort::variant, "a variant", {{it.name, type_or_none(it.held, depth)}});
  } else if constexpr (std::is_same_v<T, WitValue::Enum>) {
    return WitType::of(WitSort::enumeration, "an enum", {{it.name, {}}});
  } else if constexpr (std::is_same_v<T, WitValue::Flags>) {
    std::vector<WitType::Part> parts;
    for (const std::string &name : it.names) parts.push_back({name, {}});
    return WitType::of(WitSort::flags, "flags", std::move(parts));
  } else if constexpr (std::is_same_v<T, WitValue::Option>) {
    return option_of(it.held ? type_of(*it.held, depth) : unknown_type());
  } else if constexpr (std::is_same_v<T, WitValue::Result>) {
    const WitType held = type_or_none(it.held, depth);
    return it.is_ok ? result_of(held, {}) : result_of({}, held);
  } else if constexpr (std::is_same_v<T, WitValue::Numbers>) {
    return std::visit([]<class N>(const std::vector<N> &) { return Codec<std::vector<N>>::type(); }, it);
  } else if constexpr (std::is_same_v<T, std::monostate> || std::is_same_v<T, HostObject> ||
                       std::is_same_v<T, std::shared_ptr<Resource>>) {
    LANDBRIDGE_THROW(TypeError("a resource has no text"));
  } else {
    return Codec<T>::type();
  }
}

}  // namespace detail

template <detail::Crosses T>
WitValue WitValue::of(const T &it) {
  detail::FrameWriter frame;
  detail::StoreRef store;
  frame.tell_store(&store);
  const WitType &type = detail::Codec<T>::type();
  const auto roots = [&](detail::FrameWalk &walk) { walk.value(detail::WitPlace("value"), type); };
  LANDBRIDGE_TRY {
    detail::Codec<T>::write(frame, it);
  } LANDBRIDGE_CATCH(const detail::WrongAt &wrong) {
    detail::placed(frame, wrong, roots);
  }
  detail::check(detail::wrong_in(frame, roots));
  detail::OwnFrame own(frame);
  detail::Handles handles = own.handles(store, false);
  detail::FrameReader reader(frame.bytes(), &own, &handles);
  return detail::read_value(reader, type);
}

template <detail::Made T>
T WitValue::as() const {
  detail::FrameWriter frame;
  detail::StoreRef store;
  frame.tell_store(&store);
  detail::DynamicWriter writer(frame);
  writer.write(detail::WitPlace("value"), detail::Codec<T>::type(), *this);
  detail::OwnFrame own(frame);
  detail::Handles handles = own.handles(store, true);
  detail::FrameReader reader(frame.bytes(), &own, &handles);
  LANDBRIDGE_TRY {
    T it = detail::Codec<T>::read(reader);
    // Resources have one owner, which is what was made now.
    for (const auto &resource : writer.given()) resource->take();
    return it;
  } LANDBRIDGE_CATCH(const detail::WrongResource &wrong) {
    LANDBRIDGE_THROW(TypeError("value: " + wrong.text));
  }
}

inline WitValue WitType::parse(std::string_view text) const {
  if (!*this) LANDBRIDGE_THROW(TypeError("no value is of the empty type: the function has no result, or the case holds nothing"));
  return detail::read_parsed(*this, text);
}

inline std::string WitType::format(const WitValue &value) const {
  if (!*this) LANDBRIDGE_THROW(TypeError("no value is of the empty type: the function has no result, or the case holds nothing"));
  detail::FrameWriter frame;
  detail::DynamicWriter(frame).write(detail::WitPlace("value"), *this, value);
  const detail::Signature signature(*this);
  const detail::Lending lent(frame);
  lb_bytes_t bytes{};
  detail::check(lb_wit_signature_format(signature.data(), signature.size(), lent.get(), &bytes));
  const std::unique_ptr<lb_bytes_t, void (*)(lb_bytes_t *)> owned(
      &bytes, [](lb_bytes_t *all) { lb_error_free(lb_bytes_release(*all)); });
  return {reinterpret_cast<const char *>(bytes.data), bytes.length};
}

inline std::string WitValue::text() const { return detail::type_of(*this).format(*this); }

namespace detail {

inline WitType type_of(const WitValue &value, size_t depth) {
  if (depth > most_depth) raise_wrong(WitPlace("value"), wrong_of(LB_WIT_WRONG_TOO_DEEP));
  return std::visit([&](const auto &it) { return type_of_part(it, depth + 1); }, value.any());
}

inline std::string message_of(const WitValue &payload) {
  if (!payload) return "err";
  LANDBRIDGE_TRY {
    return "err(" + payload.text() + ")";
  } LANDBRIDGE_CATCH_ALL {
    return "err(...)";
  }
}

template <class T>
WitValue payload_of(const T &payload) {
  if constexpr (std::is_convertible_v<const T &, WitValue>) return payload;
  else return WitValue::of(payload);
}

}  // namespace detail

inline WitError::WitError() : Error(lb_error_new(LB_KIND_WIT, "err")) {}

inline WitError::WitError(std::string_view text) : WitError(WitValue(text)) {}

template <class T>
  requires(!std::is_convertible_v<const T &, std::string_view> && !std::is_pointer_v<T>)
WitError::WitError(const T &payload)
    : Error(lb_error_new(LB_KIND_WIT, detail::message_of(detail::payload_of(payload)).c_str())),
      payload_(std::make_shared<const WitValue>(detail::payload_of(payload))) {}

inline const WitValue &WitError::payload() const {
  static const WitValue nothing;
  return payload_ ? *payload_ : nothing;
}

template <class T>
T WitError::payload() const {
  return payload().as<T>();
}

}  // namespace landbridge

#endif
