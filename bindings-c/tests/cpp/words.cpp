// What a string is that is loaded, texts that are refused, and texts in memory.

#include <fstream>
#include <landbridge.hpp>

#include "check.h"

using namespace landbridge;

namespace {

void strings() {
  const Folder folder;
  const std::filesystem::path plain = folder.path / "a.wat", odd = folder.path / "(1).wat";
  for (const auto &path : {plain, odd}) std::ofstream(path) << "(module $file)";
  CHECK(Module::load(plain).name() == "file" && Module::load(odd).name() == "file");
  CHECK(Module::load(plain.string()).name() == "file" && Module::load(plain.c_str()).name() == "file");
  CHECK(Module::load(std::string_view(plain.native())).name() == "file" && inspect(plain).name == "file");
  CHECK(Module::load("(module $text)").name() == "text" && inspect("(module $text)").name == "text");
  CHECK(Module::load(std::string("\xef\xbb\xbf ;; a\n(module $text)")).name() == "text");
  CHECK(throws<IoError>([&] { Module::load((folder.path / "b.wat").string()); }));
  CHECK(throws<CompileError>([&] { Module::load("(1).wat"); }));
}

void given() {
  const std::string zero("a\0b", 3);
  CHECK(throws<TypeError>([&] { Policy().with_args({zero}); }));
  CHECK(throws<TypeError>([&] { Policy().with_env("A=B", "1"); }));
  CHECK(throws<TypeError>([&] { Policy().with_env("", "1"); }));
  CHECK(throws<TypeError>([&] { Policy().with_env("A", zero); }));
  CHECK(throws<TypeError>([&] { Policy().with_env("A", "\xff"); }));
}

void texts() {
  auto guest = Module::load("(module (memory (export \"m\") 2))").instantiate();
  const Memory memory = guest.memory("m");
  const std::string zero("a\0b", 3), large(70'000, 'x');
  CHECK(memory.write_text(0, zero) == 3 && memory.read_text(0, 3) == zero && memory.read_c_string(0) == "a");
  CHECK(memory.write_text(100, large) == 70'000 && memory.read_text(100, 70'000) == large);
  CHECK(memory.read_c_string(100) == large && memory.read_c_string(100, 70'001) == large);
  CHECK(memory.read_text(0, 0).empty() && memory.write_text(0, "") == 0);
  CHECK(throws<OutOfBounds>([&] { memory.read_c_string(100, 70'000); }));
  CHECK(throws<OutOfBounds>([&] { memory.read_text(0, SIZE_MAX); }));
  CHECK(throws<TypeError>([&] { memory.write_text(0, "\xff"); }));
}

}  // namespace

int main() {
  strings();
  given();
  texts();
  return finish();
}
