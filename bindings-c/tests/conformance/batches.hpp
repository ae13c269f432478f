// Steps about batches.

#ifndef CONFORMANCE_BATCHES_HPP
#define CONFORMANCE_BATCHES_HPP

#include <optional>
#include <variant>
#include <vector>

#include "value.hpp"

namespace {

// A column of a step.
using AnyColumn = std::variant<std::vector<int32_t>, std::vector<int64_t>, std::vector<float>, std::vector<double>>;
// One, or a number that repeats.
using MapArg = std::variant<std::vector<int32_t>, std::vector<int64_t>, std::vector<float>, std::vector<double>, int32_t,
                            int64_t, float, double>;

template <class T>
T element(Env &e, const std::string &tag, const std::string &text) {
  node inner{}, tagged{};
  inner.kind = 'S';
  inner.text = text.c_str();
  inner.key = tag.c_str();
  tagged.kind = 'O';
  tagged.count = 1;
  tagged.first = &inner;
  return value_of(e, Node{&tagged}).as<T>();
}

template <class T>
std::vector<T> elements(Env &e, const Node &said) {
  const std::string tag = said.str("column");
  std::vector<T> all;
  if (const auto of = said.find("of")) {
    for (const Node &one : of->each()) all.push_back(element<T>(e, tag, one.text()));
    return all;
  }
  const int64_t rows = said.num("rows"), from = said.num("from"), step = said.num("step");
  for (int64_t row = 0; row < rows; ++row) all.push_back(element<T>(e, tag, std::to_string(from + step * row)));
  if (const auto at = said.find("at")) {
    for (const Node &one : at->each()) all.at(std::stoul(one.n->key)) = element<T>(e, tag, one.text());
  }
  return all;
}

AnyColumn column_of(Env &e, const Node &said) {
  const std::string tag = said.str("column");
  if (tag == "i32") return elements<int32_t>(e, said);
  if (tag == "i64") return elements<int64_t>(e, said);
  if (tag == "f32") return elements<float>(e, said);
  if (tag == "f64") return elements<double>(e, said);
  throw Failure("no column of " + tag);
}

MapArg map_arg(Env &e, const Node &said) {
  if (said.has("column")) return std::visit([](auto all) -> MapArg { return all; }, column_of(e, said));
  const Value value = value_of(e, said);
  if (value.type() == Type::i32) return value.as<int32_t>();
  if (value.type() == Type::i64) return value.as<int64_t>();
  if (value.type() == Type::f32) return value.as<float>();
  return value.as<double>();
}

// Whether all bits are the same, of zeros and NaNs too.
template <class T>
bool same_bits(const std::vector<T> &one, const std::vector<T> &other) {
  return one.size() == other.size() && !std::memcmp(one.data(), other.data(), one.size() * sizeof(T));
}

template <class R, class... T>
auto map_as(const Func &func, std::optional<size_t> rows, const T &...args) {
  return rows ? func.map_rows<R>(*rows, args...) : func.map<R>(args...);
}

template <class R>
void check_column(Env &e, const Node &expected, const std::vector<R> &found) {
  const auto wanted = std::get<std::vector<R>>(column_of(e, expected));
  if (!same_bits(wanted, found)) throw Failure("a result column is another one");
}

// With the results that the guests of the cases give.
template <class... T>
void map_given(Env &e, const Node &s, const Func &func, const T &...args) {
  using All = std::tuple<double, float, int64_t, int32_t>;
  const auto results = func.type().results;
  const auto rows = s.has("rows") ? std::optional<size_t>(s.num("rows")) : std::nullopt;
  if (results.empty()) {
    rows ? func.map_rows<void>(*rows, args...) : func.map<void>(args...);
  } else if (results.size() == 4) {
    const auto found = map_as<All>(func, rows, args...);
    const auto expected = s.at("results").each();
    size_t i = 0;
    std::apply([&](const auto &...column) { (check_column(e, expected.at(i++), column), ...); }, found);
  } else {
    const auto found = map_as<int32_t>(func, rows, args...);
    if (s.has("results")) check_column(e, s.at("results").each().at(0), found);
  }
}

void map_columns(Env &e, const Node &s) {
  const Func &func = e.get<Func>(s, "object");
  std::vector<MapArg> args;
  for (const Node &one : s.at("args").each()) args.push_back(map_arg(e, one));
  const auto go = [&](const auto &...given) { map_given(e, s, func, given...); };
  if (args.size() == 4) {
    // The one guest of four parameters, since all combinations of types would be some thousand.
    return go(std::get<0>(args[0]), std::get<1>(args[1]), std::get<2>(args[2]), std::get<3>(args[3]));
  }
  if (args.empty()) return go();
  if (args.size() == 1) return std::visit(go, args[0]);
  std::visit(go, args[0], args[1]);
}

}  // namespace

#endif
