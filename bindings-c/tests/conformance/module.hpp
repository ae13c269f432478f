// Steps about what a module is.

#ifndef CONFORMANCE_MODULE_HPP
#define CONFORMANCE_MODULE_HPP

#include <fstream>

#include "world.hpp"

namespace {

void check_lines(const Node &expected, const std::vector<std::vector<std::string>> &found) {
  auto lines = expected.each();
  expect(lines.size(), found.size(), "number of lines");
  for (size_t i = 0; i < lines.size(); ++i) {
    auto parts = lines[i].each();
    for (size_t j = 0; j < found[i].size(); ++j) expect(parts.at(j).text(), found[i][j], "line");
  }
}

std::vector<std::vector<std::string>> lines_of(const std::vector<ImportType> &imports) {
  std::vector<std::vector<std::string>> lines;
  for (const ImportType &one : imports) lines.push_back({one.module, one.name, one.type.text});
  return lines;
}

std::vector<std::vector<std::string>> lines_of(const std::vector<ExportType> &exports) {
  std::vector<std::vector<std::string>> lines;
  for (const ExportType &one : exports) lines.push_back({one.name, one.type.text});
  return lines;
}

void check_texts(const Node &expected, const std::vector<std::string> &found) {
  auto texts = expected.each();
  const std::string what = expected.n->key ? expected.n->key : "texts";
  expect(texts.size(), found.size(), what);
  for (size_t i = 0; i < texts.size(); ++i) expect(texts[i].text(), found[i], what);
}

void check_asks(const Node &expected, const std::vector<Ask> &found) {
  auto asks = expected.each();
  expect(asks.size(), found.size(), "asks");
  for (size_t i = 0; i < asks.size(); ++i) {
    expect(asks[i].each().at(0).text(), found[i].what, "ask");
    check_texts(asks[i].each().at(1), found[i].functions);
  }
}

void check_name(const Node &expected, const std::optional<std::string> &found) {
  expect(expected.null(), !found.has_value(), "no name");
  expect(expected.text(), found.value_or(""), "name");
}

template <class T, class Text>
std::vector<std::string> texts_of(const std::vector<T> &all, Text text) {
  std::vector<std::string> texts;
  for (const T &one : all) texts.push_back(text(one));
  return texts;
}

void check_inspection(const Node &expected, const Inspection &found) {
  const std::string key = expected.n->key;
  if (key == "name") return check_name(expected, found.name);
  if (key == "wit") return check_name(expected, found.wit);
  if (key == "json") return check_name(expected, found.to_json());
  if (key == "imports") return check_lines(expected, lines_of(found.imports));
  if (key == "asks") return check_asks(expected, found.asks);
  if (key == "built_for") {
    const std::string part = expected.n->text ? expected.n->text : "";
    const bool good = part.empty() ? !found.built_for : found.built_for && found.built_for->find(part) != std::string::npos;
    if (!good) throw Failure("it was built for " + found.built_for.value_or("nothing else"));
    return;
  }
  if (key == "exports") return check_lines(expected, lines_of(found.exports));
  if (key == "features") return check_texts(expected, found.features);
  if (key == "compile_cost") {
    if (found.compile_cost != std::stoull(expected.n->text)) throw Failure("compiling costs " + std::to_string(found.compile_cost));
    return;
  }
  if (key == "target_features") return check_texts(expected, found.target_features);
  if (key == "memories") return check_texts(expected, texts_of(found.memories, [](auto &it) { return it.text(); }));
  if (key == "custom_sections") {
    return check_texts(expected, texts_of(found.custom_sections, [](auto &it) { return it.name; }));
  }
  if (key != "producers") throw Failure("an inspection has no " + key);
  std::vector<std::vector<std::string>> lines;
  for (const Producer &one : found.producers) lines.push_back({one.field, one.name, one.version});
  check_lines(expected, lines);
}

void damage(const std::filesystem::path &path, const std::string &how) {
  std::ifstream in(path, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(in), {});
  if (how == "truncate") {
    bytes.resize(bytes.size() / 2);
  } else if (how == "alter") {
    bytes[bytes.size() / 2] ^= 1;
  } else if (how == "text") {
    bytes = "hello";
  } else {
    throw Failure("no damage is " + how);
  }
  std::ofstream(path, std::ios::binary) << bytes;
}

}  // namespace

#endif
