// Values of components: texts in WAVE, and what a case gives by hand.

#ifndef CONFORMANCE_WIT_VALUE_HPP
#define CONFORMANCE_WIT_VALUE_HPP

#include "world.hpp"

namespace {

// The type of a part, if a type has one of this name; else none.
WitType part_type(const WitType &type, const std::string &name) {
  if (!type) return {};
  for (const WitType::Part &part : type.parts()) {
    if (part.name == name) return part.type;
  }
  return {};
}

WitType part_type(const WitType &type, WitSort sort, size_t index) {
  if (!type || type.sort() != sort || index >= type.parts().size()) return {};
  return type.parts()[index].type;
}

WitValue wit_value(Env &e, const WitType &type, const Node &json);

std::vector<WitValue> wit_items(Env &e, const Node &list, auto type_of) {
  std::vector<WitValue> items;
  for (const Node &one : list.each()) {
    const size_t at = items.size();
    items.push_back(wit_value(e, type_of(at), one));
  }
  return items;
}

WitValue read_wit(const WitType &type, const std::string &text) {
  if (!type) throw Failure("nothing says what type this is of: " + text);
  return type.parse(detail::name_of(text));
}

WitValue wit_integer(const std::string &text) {
  if (text[0] == '-') return static_cast<int64_t>(std::stoll(text));
  return static_cast<uint64_t>(std::stoull(text));
}

// A value with a text in it.
WitValue wit_of_text(Env &e, const WitType &type, const std::string &tag, const std::string &text) {
  if (tag == "int") return wit_integer(text);
  if (tag == "float") return std::stod(text);
  if (tag == "text") return detail::name_of(text);
  if (tag == "char") return detail::scalar(WitSort::character).parse("'" + text + "'");
  if (tag == "enum") return WitValue::enumerator(text);
  if (tag == "wit") return read_wit(type, text);
  if (tag == "resource") return e.get<WitValue>(text);
  if (tag == "object") return WitValue::object(e.object(text));
  if (tag != "bytes") throw Failure("no value is " + tag);
  std::vector<uint8_t> bytes;
  for (std::byte byte : bytes_of(text)) bytes.push_back(static_cast<uint8_t>(byte));
  return bytes;
}

// What it holds, if anything: made by one of two functions.
template <class With, class Without>
WitValue wit_holding(Env &e, const WitType &type, const Node &held, With with, Without without) {
  return held.null() ? without() : with(wit_value(e, type, held));
}

WitValue wit_of_parts(Env &e, const WitType &type, const std::string &tag, const Node &inner) {
  const auto result = [&](size_t at) { return part_type(type, WitSort::result, at); };
  if (tag == "bool") return inner.yes();
  if (tag == "nothing") return WitValue::none();
  if (tag == "broken_text") return std::string("\xff");
  if (tag == "list") return wit_items(e, inner, [&](size_t) { return part_type(type, WitSort::list, 0); });
  if (tag == "tuple") {
    return WitValue::tuple(wit_items(e, inner, [&](size_t at) { return part_type(type, WitSort::tuple, at); }));
  }
  if (tag == "record") {
    WitValue::Fields fields;
    for (const Node &one : inner.each()) fields.emplace_back(one.n->key, wit_value(e, part_type(type, one.n->key), one));
    return WitValue::record(std::move(fields));
  }
  if (tag == "case") {
    const std::string name = inner.each().at(0).text();
    return wit_holding(
        e, part_type(type, name), inner.each().at(1), [&](WitValue held) { return WitValue::variant(name, held); },
        [&] { return WitValue::variant(name); });
  }
  if (tag == "flags") {
    std::vector<std::string> names;
    for (const Node &one : inner.each()) names.push_back(one.text());
    return WitValue::flags(std::move(names));
  }
  if (tag == "some") return WitValue::some(wit_value(e, part_type(type, WitSort::option, 0), inner));
  if (tag == "ok") {
    return wit_holding(e, result(0), inner, [](WitValue it) { return WitValue::ok(it); }, [] { return WitValue::ok(); });
  }
  if (tag == "err") {
    return wit_holding(e, result(1), inner, [](WitValue it) { return WitValue::err(it); }, [] { return WitValue::err(); });
  }
  throw Failure("no value is " + tag);
}

// A value of a type, if that is known; nothing for null.
WitValue wit_value(Env &e, const WitType &type, const Node &json) {
  if (json.null()) return {};
  if (json.n->kind == 'S') return read_wit(type, json.text());
  const Node inner{json.n->first};
  const std::string tag = inner.n->key;
  return inner.n->kind == 'S' ? wit_of_text(e, type, tag, inner.text()) : wit_of_parts(e, type, tag, inner);
}

std::vector<WitValue> wit_args(Env &e, const WitFuncType &type, const std::optional<Node> &list) {
  if (!list) return {};
  return wit_items(e, *list, [&](size_t at) { return at < type.params.size() ? type.params[at].type : WitType(); });
}

// What a case says of a value.
std::string told(const WitValue &value) {
  if (std::holds_alternative<std::shared_ptr<Resource>>(value.any())) return "resource";
  if (std::holds_alternative<detail::HostObject>(value.any())) return "object " + *value.as<std::shared_ptr<std::string>>();
  return detail::c_name(value.text());
}

// The resources in a value, in their order.
void resources_in(const WitValue &value, std::vector<WitValue> &found) {
  if (std::holds_alternative<std::shared_ptr<Resource>>(value.any()) ||
      std::holds_alternative<detail::HostObject>(value.any())) {
    found.push_back(value);
  }
  if (const WitValue *held = value.held()) resources_in(*held, found);
  if (auto *list = std::get_if<WitValue::List>(&value.any())) {
    for (const WitValue &item : list->items) resources_in(item, found);
  }
  if (auto *tuple = std::get_if<WitValue::Tuple>(&value.any())) {
    for (const WitValue &part : tuple->parts) resources_in(part, found);
  }
  if (auto *record = std::get_if<WitValue::Record>(&value.any())) {
    for (const auto &[name, field] : record->fields) resources_in(field, found);
  }
}

// Names the resources in values.
void keep_resources(Env &e, const Node &names, std::span<const WitValue> values) {
  std::vector<WitValue> found;
  for (const WitValue &value : values) resources_in(value, found);
  const auto all = names.each();
  expect(all.size(), found.size(), "resources");
  for (size_t i = 0; i < all.size(); ++i) e.put(all[i].text(), found[i]);
}

// Closes a resource of a guest; one of the host is only let go of.
void close_resource(Env &e, const std::string &name) {
  const WitValue value = e.get<WitValue>(name);
  if (auto *resource = std::get_if<std::shared_ptr<Resource>>(&value.any())) (*resource)->close();
}

}  // namespace

#endif
