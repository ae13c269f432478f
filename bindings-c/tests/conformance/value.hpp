// Tagged values.

#ifndef CONFORMANCE_VALUE_HPP
#define CONFORMANCE_VALUE_HPP

#include "world.hpp"

namespace {

Type type_of(const std::string &text) {
  for (uint32_t number = 1; *lb_type_name(number); ++number) {
    if (name(static_cast<Type>(number)) == text) return static_cast<Type>(number);
  }
  throw Failure("no type is named " + text);
}

Value value_of(Env &e, const Node &tagged, std::optional<Type> wanted = {}) {
  const std::string kind = tagged.n->first->key, text = Node{tagged.n->first}.text();
  const bool null = Node{tagged.n->first}.null();
  if (kind == "i32") return static_cast<int32_t>(std::stol(text));
  if (kind == "i64") return static_cast<int64_t>(std::stoll(text));
  if (kind == "f32") return std::bit_cast<float>(static_cast<uint32_t>(std::stoul(text, nullptr, 16)));
  if (kind == "f64") return std::bit_cast<double>(static_cast<uint64_t>(std::stoull(text, nullptr, 16)));
  if (kind == "v128") {
    V128 v{};
    auto bytes = bytes_of(text.substr(2));
    for (size_t i = 0; i < v.size(); ++i) v[i] = std::to_integer<uint8_t>(bytes.at(15 - i));
    return v;
  }
  if (kind == "funcref") return null ? Func() : Func(e.get<Func>(text));
  if (kind == "externref") return null ? ExternRef() : ExternRef(e.object(text));
  if (kind == "anyref") return null ? AnyRef() : AnyRef(ExternRef(e.object(text)));
  if (kind == "i31") return AnyRef(static_cast<int32_t>(std::stol(text)));
  if (kind == "gcref") return e.get<GcRef>(text);
  if (kind == "outward") return ExternRef::from_any(e.get<GcRef>(text));
  if (kind == "exnref") return null ? Exception() : Exception(e.get<Exception>(text));
  if (kind == "int" && wanted == Type::i32 && std::stoll(text) >= INT32_MIN && std::stoll(text) <= UINT32_MAX) {
    return static_cast<int32_t>(std::stoll(text));
  }
  if (kind == "int" && wanted == Type::i64) {
    return text[0] == '-' ? static_cast<uint64_t>(std::stoll(text)) : static_cast<uint64_t>(std::stoull(text));
  }
  throw Failure("C++ cannot write the value " + kind + " " + text);
}

std::vector<Value> values_of(Env &e, const std::optional<Node> &list, const FuncType *type = nullptr) {
  std::vector<Value> values;
  if (!list) return values;
  for (const Node &one : list->each()) {
    const size_t i = values.size();
    values.push_back(value_of(e, one, type && i < type->params.size() ? std::optional(type->params[i]) : std::nullopt));
  }
  return values;
}

// Whether the value found is the one expected; an externref may be what extern.convert_any made.
bool same(const Value &one, const Value &other) {
  if (other.type() == Type::externref && top(one.type()) == Type::anyref) {
    return one.as<AnyRef>() == other.as<ExternRef>().any();
  }
  if (top(one.type()) != top(other.type())) return false;
  switch (top(one.type())) {
    case Type::i32: return one.as<int32_t>() == other.as<int32_t>();
    case Type::i64: return one.as<int64_t>() == other.as<int64_t>();
    case Type::f32: return std::bit_cast<uint32_t>(one.as<float>()) == std::bit_cast<uint32_t>(other.as<float>());
    case Type::f64: return std::bit_cast<uint64_t>(one.as<double>()) == std::bit_cast<uint64_t>(other.as<double>());
    case Type::v128: return one.as<V128>() == other.as<V128>();
    case Type::funcref: return one.as<Func>() == other.as<Func>();
    case Type::anyref: return one.as<AnyRef>() == other.as<AnyRef>();
    case Type::exnref: return one.as<Exception>() == other.as<Exception>();
    default: return one.as<ExternRef>() == other.as<ExternRef>();
  }
}

void check_values(Env &e, const std::optional<Node> &expected, std::span<const Value> found) {
  if (!expected) return;
  auto wanted = values_of(e, expected);
  expect(wanted.size(), found.size(), "number of values");
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (!same(wanted[i], found[i])) {
      throw Failure("value " + std::to_string(i + 1) + " is another one, of type " + std::string(name(found[i].type())));
    }
  }
}

// Names a reference.
void put(Env &e, const std::string &name, const Value &value) {
  if (value.type() == Type::funcref) return e.put(name, value.as<Func>());
  if (value.type() == Type::exnref) return e.put(name, value.as<Exception>());
  const AnyRef any = value.type() == Type::externref ? value.as<ExternRef>().any() : value.as<AnyRef>();
  if (GcRef object = any.object()) return e.put(name, std::move(object));
  throw Failure(name + " is no reference to an object");
}

void keep_results(Env &e, const Node &names, std::span<const Value> found) {
  size_t i = 0;
  for (const Node &name : names.each()) {
    if (i == found.size()) throw Failure("there are too few results");
    if (!name.null()) put(e, name.text(), found[i]);
    ++i;
  }
}

void check_exception(Env &e, const Node &expected, const Exception &found) {
  if (expected.has("tag") && !(found.tag() == e.get<Tag>(expected, "tag"))) throw Failure("the tag is another one");
  check_values(e, expected.find("payload"), found.payload());
}

void check_number(const Node &step, const char *key, uint64_t found) {
  if (step.has(key)) expect(step.num(key), found, key);
}

}  // namespace

#endif
