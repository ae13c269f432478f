// Steps of files that a case has for itself.

#ifndef CONFORMANCE_VERBS_FILE_HPP
#define CONFORMANCE_VERBS_FILE_HPP

#include <fcntl.h>
#include <sys/stat.h>

#include "../limits.hpp"
#include "verb.hpp"

namespace {

const Verbs file_verbs{
    {"write_file", {{"file", "text"}, [](Env &e, const Node &s) { write_file(e.file(s), s.str("text")); }}},
    {"symlink", {{"file", "to"}, [](Env &e, const Node &s) {
       std::filesystem::create_directories(e.file(s).parent_path());
       std::filesystem::create_symlink(s.str("to"), e.file(s));
     }}},
    {"make_pipe", {{"file", "is_held"}, [](Env &e, const Node &s) {
       std::filesystem::create_directories(e.file(s).parent_path());
       auto path = e.file(s).string();
       expect(0, mkfifo(path.c_str(), 0600), "the pipe");
       if (s.at("is_held").yes()) expect(true, open(path.c_str(), O_RDWR | O_CLOEXEC) >= 0, "both ends");
     }}},
    {"read_file", {{"file", "text"}, [](Env &e, const Node &s) {
       expect(detail::name_of(s.str("text")), text_of_file(e.file(s)), "file");
     }}},
    {"file_exists", {{"file", "equals"}, [](Env &e, const Node &s) {
       expect(s.at("equals").yes(), std::filesystem::exists(e.file(s)), "whether the file is there");
     }}},
};

}  // namespace

#endif
