// Steps of memories and views.

#ifndef CONFORMANCE_VERBS_MEMORY_HPP
#define CONFORMANCE_VERBS_MEMORY_HPP

#include "../module.hpp"
#include "../value.hpp"
#include "verb.hpp"

namespace {

std::span<std::byte> in_view(Env &e, const Node &step) {
  auto all = e.get<View>(step, "view").span();
  const size_t offset = step.num("offset"), length = step.str("hex").size() / 2;
  if (offset > all.size() || length > all.size() - offset) throw Failure("the view is too short");
  return all.subspan(offset, length);
}

const Verbs memory_verbs{
    {"read", {{"memory", "offset", "length", "hex"}, [](Env &e, const Node &s) {
       const size_t length = s.num("length", s.has("hex") ? s.str("hex").size() / 2 : 0);
       std::string text = e.get<Memory>(s, "memory").read_string(s.num("offset"), length);
       if (s.has("hex")) expect(s.str("hex"), hex_of(std::as_bytes(std::span(text))), "bytes");
     }}},
    {"write", {{"memory", "offset", "hex"}, [](Env &e, const Node &s) {
       e.get<Memory>(s, "memory").write(s.num("offset"), bytes_of(s.str("hex")));
     }}},
    {"read_text", {{"memory", "offset", "length", "equals"}, [](Env &e, const Node &s) {
       const std::string found = e.get<Memory>(s, "memory").read_text(s.num("offset"), s.num("length"));
       // The case's own text is as C has it.
       expect(s.str("equals"), landbridge::detail::c_name(found), "text");
     }}},
    {"read_c_string", {{"memory", "offset", "most", "equals"}, [](Env &e, const Node &s) {
       const size_t most = s.has("most") ? s.num("most") : 0;
       expect(s.str("equals"), e.get<Memory>(s, "memory").read_c_string(s.num("offset"), most), "text");
     }}},
    {"write_text", {{"memory", "offset", "text", "result"}, [](Env &e, const Node &s) {
       check_number(s, "result", e.get<Memory>(s, "memory").write_text(s.num("offset"), s.str("text")));
     }}},
    {"grow", {{"memory", "pages", "result"}, [](Env &e, const Node &s) {
       check_number(s, "result", e.get<Memory>(s, "memory").grow(s.num("pages")));
     }}},
    {"size", {{"memory", "pages", "bytes"}, [](Env &e, const Node &s) {
       check_number(s, "pages", e.get<Memory>(s, "memory").size_pages());
       check_number(s, "bytes", e.get<Memory>(s, "memory").size_bytes());
     }}},
    {"view", {{"memory", "as"}, [](Env &e, const Node &s) { e.keep(s, e.get<Memory>(s, "memory").view()); }}},
    {"view_read", {{"view", "offset", "hex"}, [](Env &e, const Node &s) {
       expect(s.str("hex"), hex_of(in_view(e, s)), "bytes");
     }}},
    {"view_write", {{"view", "offset", "hex"}, [](Env &e, const Node &s) {
       auto bytes = bytes_of(s.str("hex"));
       std::copy(bytes.begin(), bytes.end(), in_view(e, s).begin());
     }}},
};

}  // namespace

#endif
