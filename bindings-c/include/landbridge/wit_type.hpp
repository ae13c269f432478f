// Types of WIT.

#ifndef LANDBRIDGE_WIT_TYPE_HPP
#define LANDBRIDGE_WIT_TYPE_HPP

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace landbridge {

class WitValue;

// What sort of type it is.
enum class WitSort : uint8_t {
  boolean,
  s8,
  u8,
  s16,
  u16,
  s32,
  u32,
  s64,
  u64,
  f32,
  f64,
  character,
  string,
  list,
  record,
  tuple,
  variant,
  enumeration,
  flags,
  option,
  result,
  own,
  borrow,
  nothing = 0xff,  // that of the empty type
};

// A type of WIT: of a component, or what a type of C++ is in WIT. Cheap to copy. The empty one stands for nothing: no
// result, or a case without a value. Its texts are empty, and no value is of it.
class WitType {
 public:
  // A field of a record, a part of a tuple, a case of a variant, a name of an enum or of flags; the element of a list or an
  // option; `ok` and `err` of a result.
  struct Part;

  WitType() = default;

  // Whether it stands for something.
  explicit operator bool() const noexcept { return node_ != nullptr; }
  WitSort sort() const noexcept;
  // What it consists of, in WIT's order.
  const std::vector<Part> &parts() const noexcept;
  // Its own name, such as "shape"; empty if it has none or none is known.
  const std::string &name() const noexcept;
  // The interface that defines it, such as "demo:app/shapes@1.2.0"; empty if none is known.
  const std::string &interface() const noexcept;
  // What is written about it.
  const std::string &docs() const noexcept;
  // As WIT spells it: "list<u8>"; of a type with a name, that.
  const std::string &text() const noexcept;
  // Of own and borrow: equal numbers are one resource of a component.
  uint32_t resource() const noexcept;

  // Reads a value of it from text in WAVE, such as `{name: "Ada", age: 36}`. Throws TypeError or RangeError if the text is
  // no such value, and says where; TypeError if there is a resource in the type.
  WitValue parse(std::string_view text) const;
  // A value of it as text in WAVE. Throws TypeError or RangeError if it is of another type.
  std::string format(const WitValue &value) const;

  // Where it is in memory: equal for copies.
  const void *id() const noexcept { return node_.get(); }

  // How it is made.
  struct Node;
  // Of the empty one too.
  const Node &node() const noexcept;
  explicit WitType(std::shared_ptr<const Node> node) noexcept : node_(std::move(node)) {}
  static WitType of(WitSort sort, std::string text);
  static WitType of(WitSort sort, std::string text, std::vector<Part> parts);
  static WitType of(WitSort sort, std::string text, std::vector<Part> parts, std::string name);

 private:
  std::shared_ptr<const Node> node_;
};

struct WitType::Part {
  std::string name;
  WitType type;
  std::string docs = {};
};

struct WitType::Node {
  WitSort sort;
  std::string text;
  std::vector<Part> parts = {};
  std::string name = {};
  std::string interface = {};
  std::string docs = {};
  uint32_t resource = 0;
};

// What a function of WIT takes and gives.
struct WitFuncType {
  std::vector<WitType::Part> params;
  WitType result;  // stands for nothing if there is none
  std::string told = {};

  // As WIT spells it: "func(name: string) -> string".
  std::string text() const {
    if (!told.empty()) return told;
    std::string text = "func(";
    for (const WitType::Part &param : params) {
      if (&param != params.data()) text += ", ";
      text += param.name + ": " + param.type.text();
    }
    text += ")";
    return result ? text + " -> " + result.text() : text;
  }
};

inline const WitType::Node &WitType::node() const noexcept {
  static const Node nothing{WitSort::nothing, {}};
  return node_ ? *node_ : nothing;
}
inline WitSort WitType::sort() const noexcept { return node().sort; }
inline const std::vector<WitType::Part> &WitType::parts() const noexcept { return node().parts; }
inline const std::string &WitType::name() const noexcept { return node().name; }
inline const std::string &WitType::interface() const noexcept { return node().interface; }
inline const std::string &WitType::docs() const noexcept { return node().docs; }
inline const std::string &WitType::text() const noexcept { return node().text; }
inline uint32_t WitType::resource() const noexcept { return node().resource; }

inline WitType WitType::of(WitSort sort, std::string text) { return of(sort, std::move(text), {}, {}); }

inline WitType WitType::of(WitSort sort, std::string text, std::vector<Part> parts) {
  return of(sort, std::move(text), std::move(parts), {});
}

inline WitType WitType::of(WitSort sort, std::string text, std::vector<Part> parts, std::string name) {
  return WitType(
      std::make_shared<const Node>(Node{sort, std::move(text), std::move(parts), std::move(name), {}, {}, 0}));
}

namespace detail {

// The sort of an object of the program's, which may be given or lent.
inline constexpr WitSort either_resource = static_cast<WitSort>(23);

// How many bytes a number takes; 0 if it is none.
constexpr size_t number_bytes(WitSort sort) noexcept {
  constexpr uint8_t bytes[] = {0, 1, 1, 2, 2, 4, 4, 8, 8, 4, 8};
  return static_cast<size_t>(sort) < sizeof bytes ? bytes[static_cast<size_t>(sort)] : 0;
}

// As WIT spells a type that is made of others: "tuple<u8, string>"; nothing is "_".
inline std::string spelled(std::string_view outer, const std::vector<WitType::Part> &parts) {
  std::string text(outer);
  text += '<';
  for (const WitType::Part &part : parts) {
    if (&part != parts.data()) text += ", ";
    text += part.type ? part.type.text() : "_";
  }
  return text += '>';
}

inline WitType list_of(const WitType &element) {
  std::vector<WitType::Part> parts{{"", element}};
  std::string text = spelled("list", parts);
  return WitType::of(WitSort::list, std::move(text), std::move(parts));
}

inline WitType option_of(const WitType &held) {
  std::vector<WitType::Part> parts{{"", held}};
  std::string text = spelled("option", parts);
  return WitType::of(WitSort::option, std::move(text), std::move(parts));
}

inline WitType result_of(const WitType &ok, const WitType &err) {
  std::vector<WitType::Part> parts{{"ok", ok}, {"err", err}};
  std::string text = !ok && !err ? "result" : !err ? "result<" + ok.text() + ">" : spelled("result", parts);
  return WitType::of(WitSort::result, std::move(text), std::move(parts));
}

inline WitType tuple_of(std::vector<WitType> types) {
  std::vector<WitType::Part> parts;
  for (WitType &type : types) parts.push_back({"", std::move(type)});
  std::string text = spelled("tuple", parts);
  return WitType::of(WitSort::tuple, std::move(text), std::move(parts));
}

}  // namespace detail

}  // namespace landbridge

#endif
