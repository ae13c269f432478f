// Values that are known when a program runs, to frames and back, as a type of WIT says.

#ifndef LANDBRIDGE_WIT_DYNAMIC_HPP
#define LANDBRIDGE_WIT_DYNAMIC_HPP

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "wit_frame.hpp"
#include "wit_resource.hpp"
#include "wit_scalars.hpp"
#include "wit_type.hpp"
#include "wit_value.hpp"
#include "wit_wrong.hpp"

namespace landbridge::detail {

// How deep a value may be. Types of components are no deeper than 100.
inline constexpr size_t most_depth = 200;

// Calls with a number of the type that a sort says.
template <class F>
auto with_number(WitSort sort, F what) {
  switch (sort) {
    case WitSort::s8: return what(int8_t());
    case WitSort::u8: return what(uint8_t());
    case WitSort::s16: return what(int16_t());
    case WitSort::u16: return what(uint16_t());
    case WitSort::s32: return what(int32_t());
    case WitSort::u32: return what(uint32_t());
    case WitSort::s64: return what(int64_t());
    case WitSort::u64: return what(uint64_t());
    case WitSort::f32: return what(float());
    default: return what(double());
  }
}

// Writes values of a type. They are borrowed until the frame was read.
class DynamicWriter {
 public:
  explicit DynamicWriter(FrameWriter &frame) noexcept : frame_(frame) {}

  void write(const WitPlace &place, const WitType &type, const WitValue &value) {
    if (place.depth() > most_depth || depth_ > most_depth) raise_wrong(place, wrong_of(LB_WIT_WRONG_TOO_DEEP));
    ++depth_;
    const WitValue::Any &any = value.any();
    switch (type.sort()) {
      case WitSort::boolean: frame_.boolean(get<bool>(place, type, value)); break;
      case WitSort::character: scalar_of<char32_t>(place, type, value); break;
      case WitSort::string: scalar_of<std::string>(place, type, value); break;
      case WitSort::list: list(place, type, value); break;
      case WitSort::record: record(place, type, get<WitValue::Record>(place, type, value)); break;
      case WitSort::tuple: tuple(place, type, get<WitValue::Tuple>(place, type, value)); break;
      case WitSort::variant: variant(place, type, value); break;
      case WitSort::enumeration: enumeration(place, type, value); break;
      case WitSort::flags: flags(place, type, get<WitValue::Flags>(place, type, value)); break;
      case WitSort::option: {
        const auto &held = get<WitValue::Option>(place, type, value).held;
        frame_.boolean(held != nullptr);
        if (held) write(place, type.parts()[0].type, *held);
        break;
      }
      case WitSort::result: {
        const auto &it = get<WitValue::Result>(place, type, value);
        frame_.boolean(!it.is_ok);
        held_in(place, type.parts()[it.is_ok ? 0 : 1], it.held.get());
        break;
      }
      case WitSort::f32: frame_.number(get<float>(place, type, value)); break;
      case WitSort::f64:
        if (const float *it = std::get_if<float>(&any)) {
          frame_.number(static_cast<double>(*it));
        } else {
          frame_.number(get<double>(place, type, value));
        }
        break;
      default:
        number_bytes(type.sort()) != 0 ? integer(place, type, value) : resource(place, type, value);
    }
    --depth_;
  }

  // The resources that are given away by what was written.
  const std::vector<std::shared_ptr<Resource>> &given() const noexcept { return given_; }

 private:
  template <class T>
  static const T &get(const WitPlace &place, const WitType &type, const WitValue &value) {
    if (const T *it = std::get_if<T>(&value.any())) return *it;
    wrong_type(place, type.text(), value.sort());
  }

  // What may be wrong by itself.
  template <class T>
  void scalar_of(const WitPlace &place, const WitType &type, const WitValue &value) {
    const T &it = get<T>(place, type, value);
    LANDBRIDGE_TRY {
      Codec<T>::write(frame_, it);
    } LANDBRIDGE_CATCH(const WrongAt &wrong) {
      say_wrong(place, type, wrong);
    }
    check_written(place, type, frame_);
  }

  void integer(const WitPlace &place, const WitType &type, const WitValue &value) {
    std::visit(
        [&]<class V>(const V &given) {
          if constexpr (std::integral<V> && !std::same_as<V, bool> && !std::same_as<V, char32_t>) {
            with_number(type.sort(), [&]<class T>(T) {
              if constexpr (std::integral<T>) {
                if (!std::in_range<T>(given)) wrong_number(place, type.text(), std::to_string(given));
                frame_.number(static_cast<T>(given));
              }
            });
          } else {
            wrong_type(place, type.text(), value.sort());
          }
        },
        value.any());
  }

  void list(const WitPlace &place, const WitType &type, const WitValue &value) {
    const WitType &of = type.parts()[0].type;
    const size_t bytes = number_bytes(of.sort());
    if (const auto *numbers = std::get_if<WitValue::Numbers>(&value.any())) return bulk(place, type, *numbers);
    const auto &items = get<WitValue::List>(place, type, value).items;
    if (bytes * items.size() >= blob_min) return collected(place, of, items);
    frame_.count(items.size());
    for (size_t i = 0; i < items.size(); ++i) write(place.element(i), of, items[i]);
  }

  void bulk(const WitPlace &place, const WitType &type, const WitValue::Numbers &numbers) {
    std::visit(
        [&]<class T>(const std::vector<T> &all) {
          if (type.parts()[0].type.sort() != sort_of<T>()) {
            wrong_type(place, type.text(), "list<" + scalar(sort_of<T>()).text() + ">");
          }
          frame_.bulk(all.data(), all.size(), sizeof(T));
        },
        numbers);
  }

  // A long list of numbers that came one by one.
  void collected(const WitPlace &place, const WitType &of, const std::vector<WitValue> &items) {
    FrameWriter numbers;
    DynamicWriter writer(numbers);
    for (size_t i = 0; i < items.size(); ++i) writer.write(place.element(i), of, items[i]);
    frame_.own({reinterpret_cast<const char *>(numbers.bytes().data()), numbers.bytes().size()});
  }

  void record(const WitPlace &place, const WitType &type, const WitValue::Record &given) {
    size_t used = 0, i = 0;
    for (const WitType::Part &field : type.parts()) {
      const auto is_it = [&](const auto &it) { return it.first == field.name; };
      // Most come in the type's order.
      auto found = i < given.fields.size() ? given.fields.begin() + static_cast<ptrdiff_t>(i) : given.fields.end();
      if (found == given.fields.end() || !is_it(*found)) found = std::ranges::find_if(given.fields, is_it);
      ++i;
      if (found != given.fields.end()) {
        ++used;
        write(place.in(field.name), field.type, found->second);
      } else if (field.type.sort() == WitSort::option) {
        frame_.boolean(false);
      } else {
        not_the_fields(place, type, given, &field.name);
      }
    }
    if (used != given.fields.size()) not_the_fields(place, type, given, nullptr);
  }

  // One that there is not comes before one that is missing, since it may be that one, misspelt; or one is given twice.
  [[noreturn]] static void not_the_fields(const WitPlace &place, const WitType &type, const WitValue::Record &given,
                                          const std::string *missing) {
    const auto &parts = type.parts();
    std::set<std::string_view> seen;
    const std::string *twice = nullptr;
    for (const auto &[name, value] : given.fields) {
      if (std::ranges::find(parts, name, &WitType::Part::name) == parts.end()) {
        wrong_part(place, LB_WIT_WRONG_UNKNOWN, type, "field", name);
      }
      if (!seen.insert(name).second && !twice) twice = &name;
    }
    if (missing) wrong_part(place, LB_WIT_WRONG_MISSING, type, "field", *missing);
    wrong_part(place, LB_WIT_WRONG_TWICE, type, "field", twice ? *twice : std::string());
  }

  void tuple(const WitPlace &place, const WitType &type, const WitValue::Tuple &given) {
    const auto of = [](size_t count) { return "a tuple of " + std::to_string(count); };
    const auto &parts = type.parts();
    if (parts.size() != given.parts.size()) wrong_type(place, of(parts.size()), of(given.parts.size()));
    for (size_t i = 0; i < parts.size(); ++i) write(place.part(i), parts[i].type, given.parts[i]);
  }

  // Where a name stands among the parts of a type.
  static size_t part_of(const WitPlace &place, const WitType &type, const char *what, const std::string &name) {
    const auto &parts = type.parts();
    const auto found = std::ranges::find(parts, name, &WitType::Part::name);
    if (found == parts.end()) wrong_part(place, LB_WIT_WRONG_UNKNOWN, type, what, name);
    return static_cast<size_t>(found - parts.begin());
  }

  void variant(const WitPlace &place, const WitType &type, const WitValue &value) {
    if (const auto *bare = std::get_if<WitValue::Enum>(&value.any())) return which(place, type, bare->name, nullptr);
    const auto &it = get<WitValue::Variant>(place, type, value);
    which(place, type, it.name, it.held.get());
  }

  void which(const WitPlace &place, const WitType &type, const std::string &name, const WitValue *held) {
    const size_t which = part_of(place, type, "case", name);
    frame_.which(static_cast<uint32_t>(which), case_bytes(type.parts().size()));
    held_in(place, type.parts()[which], held);
  }

  void held_in(const WitPlace &place, const WitType::Part &part, const WitValue *held) {
    const WitPlace inner = place.in(part.name);
    if (held && part.type) return write(inner, part.type, *held);
    if (part.type) wrong_type(inner, part.type.text(), "nothing");
    if (held) wrong_type(inner, "nothing", held->sort());
  }

  void enumeration(const WitPlace &place, const WitType &type, const WitValue &value) {
    const auto *variant = std::get_if<WitValue::Variant>(&value.any());
    const std::string &name =
        variant && !variant->held ? variant->name : get<WitValue::Enum>(place, type, value).name;
    frame_.which(static_cast<uint32_t>(part_of(place, type, "case", name)), case_bytes(type.parts().size()));
  }

  void flags(const WitPlace &place, const WitType &type, const WitValue::Flags &set) {
    std::vector<uint8_t> bytes(flags_bytes(type.parts().size()));
    for (const std::string &name : set.names) {
      const size_t bit = part_of(place, type, "flag", name);
      bytes[bit / 8] = static_cast<uint8_t>(bytes[bit / 8] | 1u << bit % 8);
    }
    frame_.raw(bytes.data(), bytes.size());
  }

  void resource(const WitPlace &place, const WitType &type, const WitValue &value) {
    if (const auto *object = std::get_if<HostObject>(&value.any())) return frame_.object(*object);
    const auto &it = get<std::shared_ptr<Resource>>(place, type, value);
    LANDBRIDGE_TRY {
      write_handle(frame_, *it);
    } LANDBRIDGE_CATCH(const WrongAt &wrong) {
      say_wrong(place, type, wrong);
    }
    check_written(place, type, frame_);
    if (type.sort() == WitSort::own) given_.push_back(it);
  }

  FrameWriter &frame_;
  size_t depth_ = 0;
  std::vector<std::shared_ptr<Resource>> given_;
};

// Reads a resource: an object of the program's, or one of a guest's.
inline WitValue read_resource(FrameReader &frame, bool is_own) {
  const uint64_t handle = frame.number<uint64_t>();
  if (const HostObject *object = handles_of(frame).object(handle, frame)) return WitValue(WitValue::Any(*object));
  const Handles &handles = handles_of(frame);
  return Resource(handles.store(), handle, is_own && handles.owns());
}

// Reads a value of a type.
inline WitValue read_value(FrameReader &frame, const WitType &type) {
  const auto &parts = type.parts();
  const auto held = [&](const WitType &of) -> WitValue::Held {
    return of ? std::make_shared<const WitValue>(read_value(frame, of)) : nullptr;
  };
  const auto which = [&] { return frame.which(case_bytes(parts.size()), parts.size()); };
  const auto all = [&](auto each) {
    for (const WitType::Part &part : parts) each(part);
  };
  switch (type.sort()) {
    case WitSort::boolean: return frame.boolean();
    case WitSort::character: return Codec<char32_t>::read(frame);
    case WitSort::string: return frame.bulk<std::string>();
    case WitSort::list: {
      const WitType &of = parts[0].type;
      if (number_bytes(of.sort()) != 0) {
        return with_number(of.sort(), [&]<class T>(T) { return WitValue(frame.bulk<std::vector<T>>()); });
      }
      std::vector<WitValue> items(frame.count());
      for (WitValue &item : items) item = read_value(frame, of);
      return WitValue::list(std::move(items));
    }
    case WitSort::record: {
      WitValue::Fields fields;
      all([&](auto &part) { fields.emplace_back(part.name, read_value(frame, part.type)); });
      return WitValue::record(std::move(fields));
    }
    case WitSort::tuple: {
      std::vector<WitValue> tuple;
      all([&](auto &part) { tuple.push_back(read_value(frame, part.type)); });
      return WitValue::tuple(std::move(tuple));
    }
    case WitSort::variant: {
      const WitType::Part &part = parts[which()];
      return WitValue(WitValue::Any(WitValue::Variant{part.name, held(part.type)}));
    }
    case WitSort::enumeration: return WitValue::enumerator(parts[which()].name);
    case WitSort::flags: {
      const uint8_t *bytes = frame.raw(flags_bytes(parts.size()));
      std::vector<std::string> set;
      for (size_t i = 0; i < parts.size(); ++i) {
        if (bytes[i / 8] >> i % 8 & 1) set.push_back(parts[i].name);
      }
      return WitValue::flags(std::move(set));
    }
    case WitSort::option:
      return WitValue(WitValue::Any(WitValue::Option{frame.boolean() ? held(parts[0].type) : nullptr}));
    case WitSort::result: {
      const bool is_err = frame.boolean();
      return WitValue(WitValue::Any(WitValue::Result{!is_err, held(parts[is_err ? 1 : 0].type)}));
    }
    case WitSort::own:
    case WitSort::borrow: return read_resource(frame, type.sort() == WitSort::own);
    default: return with_number(type.sort(), [&]<class T>(T) { return WitValue(frame.number<T>()); });
  }
}

// What blobs become where the types are not known.
inline constexpr Makers dynamic_makers = [] {
  Makers makers;
  makers.add<std::string>();
  return makers;
}();

}  // namespace landbridge::detail

#endif
