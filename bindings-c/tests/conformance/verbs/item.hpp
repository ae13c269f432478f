// Steps of functions, tables, globals, tags, exceptions and objects of the guest's heap.

#ifndef CONFORMANCE_VERBS_ITEM_HPP
#define CONFORMANCE_VERBS_ITEM_HPP

#include "../host.hpp"
#include "../value.hpp"
#include "verb.hpp"

namespace {

std::vector<Type> types_of(const Node &list) {
  std::vector<Type> types;
  for (const Node &one : list.each()) types.push_back(type_of(one.text()));
  return types;
}

std::optional<uint64_t> max_of(const Node &step) {
  return step.has("max") ? std::optional(step.num("max")) : std::nullopt;
}

// What instances share: two of these are equal if they are one and the same.
template <class T>
constexpr bool has_identity = std::same_as<T, Func> || std::same_as<T, Memory> || std::same_as<T, Table> ||
                              std::same_as<T, Global> || std::same_as<T, Tag>;

const Verbs item_verbs{
    {"func_type", {{"object", "equals"}, [](Env &e, const Node &s) {
       expect(s.str("equals"), e.get<Func>(s, "object").type().text(), "type");
     }}},
    {"same", {{"object", "other", "equals"}, [](Env &e, const Node &s) {
       const auto same = std::visit(
           [](const auto &one, const auto &other) -> bool {
             using One = std::decay_t<decltype(one)>;
             if constexpr (std::same_as<One, std::decay_t<decltype(other)>> && has_identity<One>) {
               return one == other;
             } else {
               throw Failure("these cannot be compared");
             }
           },
           *e.thing(s.str("object")), *e.thing(s.str("other")));
       expect(yes(s, "equals"), same, "same");
     }}},
    {"same_func", {{"object", "other", "equals"}, [](Env &e, const Node &s) {
       expect(s.at("equals").yes(), e.get<Func>(s, "object") == e.get<Func>(s, "other"), "same");
     }}},
    {"new_func", {{"store", "params", "results", "host", "as"}, [](Env &e, const Node &s) {
       FuncType type{types_of(s.at("params")), types_of(s.at("results"))};
       e.keep(s, Func(e.get<Store>(s, "store"), type, host_of(e, s.at("host"))));
     }}},
    {"new_memory", {{"store", "min", "max", "is_64", "page_bytes", "as"}, [](Env &e, const Node &s) {
       MemoryType type{s.num("min"), max_of(s), yes(s, "is_64"), s.num("page_bytes", 65536)};
       e.keep(s, Memory(e.get<Store>(s, "store"), type));
     }}},
    {"new_table", {{"store", "element", "min", "max", "is_64", "init", "as"}, [](Env &e, const Node &s) {
       TableType type{type_of(s.str("element")), s.num("min"), max_of(s), yes(s, "is_64")};
       e.keep(s, Table(e.get<Store>(s, "store"), type, value_of(e, s.at("init"))));
     }}},
    {"new_global", {{"store", "type", "mutable", "value", "as"}, [](Env &e, const Node &s) {
       GlobalType type{type_of(s.str("type")), yes(s, "mutable")};
       e.keep(s, Global(e.get<Store>(s, "store"), type, value_of(e, s.at("value"))));
     }}},
    {"new_tag", {{"store", "params", "as"}, [](Env &e, const Node &s) {
       e.keep(s, Tag(e.get<Store>(s, "store"), types_of(s.at("params"))));
     }}},
    {"same_tag", {{"object", "other", "equals"}, [](Env &e, const Node &s) {
       expect(yes(s, "equals"), e.get<Tag>(s, "object") == e.get<Tag>(s, "other"), "same");
     }}},
    {"new_exception", {{"tag", "payload", "as"}, [](Env &e, const Node &s) {
       e.keep(s, Exception(e.get<Tag>(s, "tag"), values_of(e, s.find("payload"))));
     }}},
    {"exception", {{"object", "tag", "payload"}, [](Env &e, const Node &s) {
       check_exception(e, s, e.get<Exception>(s, "object"));
     }}},
    {"gc_type", {{"object", "equals"}, [](Env &e, const Node &s) {
       expect(s.str("equals"), e.get<GcRef>(s, "object").type().text, "type");
     }}},
    {"gc_len", {{"object", "equals"}, [](Env &e, const Node &s) {
       check_number(s, "equals", e.get<GcRef>(s, "object").size());
     }}},
    {"gc_get", {{"object", "index", "value", "as"}, [](Env &e, const Node &s) {
       Value found = e.get<GcRef>(s, "object").at(s.num("index"));
       if (s.has("value") && !same(value_of(e, s.at("value")), found)) throw Failure("the value is another one");
       if (s.has("as")) put(e, s.str("as"), found);
     }}},
    {"gc_set", {{"object", "index", "value"}, [](Env &e, const Node &s) {
       e.get<GcRef>(s, "object").set(s.num("index"), value_of(e, s.at("value")));
     }}},
    {"table_get", {{"table", "index", "value"}, [](Env &e, const Node &s) {
       Value found = e.get<Table>(s, "table").at(s.num("index"));
       if (s.has("value") && !same(value_of(e, s.at("value")), found)) throw Failure("the element is another one");
     }}},
    {"table_set", {{"table", "index", "value"}, [](Env &e, const Node &s) {
       e.get<Table>(s, "table").set(s.num("index"), value_of(e, s.at("value")));
     }}},
    {"table_grow", {{"table", "delta", "init", "result"}, [](Env &e, const Node &s) {
       check_number(s, "result", e.get<Table>(s, "table").grow(s.num("delta"), value_of(e, s.at("init"))));
     }}},
    {"table_size", {{"table", "equals"}, [](Env &e, const Node &s) {
       check_number(s, "equals", e.get<Table>(s, "table").size());
     }}},
    {"global_get", {{"global", "value"}, [](Env &e, const Node &s) {
       Value found = e.get<Global>(s, "global").value();
       if (s.has("value") && !same(value_of(e, s.at("value")), found)) throw Failure("the value is another one");
     }}},
    {"global_set", {{"global", "value"}, [](Env &e, const Node &s) {
       e.get<Global>(s, "global").set(value_of(e, s.at("value")));
     }}},
    {"type", {{"object", "equals"}, [](Env &e, const Node &s) {
       auto text = std::visit(
           [](const auto &one) -> std::string {
             if constexpr (requires { one.type().text(); }) return one.type().text();
             throw Failure("this has no type");
           },
           *e.thing(s.str("object")));
       expect(s.str("equals"), text, "type");
     }}},
};

}  // namespace

#endif
