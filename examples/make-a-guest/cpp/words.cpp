// [words]
#include <cstdio>
#include <string>

int main(int argc, char **argv) {
  std::FILE *file = argc > 1 ? std::fopen(argv[1], "r") : stdin;
  if (!file) {
    std::perror("words");
    return 1;
  }
  std::string text;
  for (int c; (c = std::getc(file)) != EOF;) text += static_cast<char>(c);
  constexpr auto spaces = " \t\r\n";
  long words = 0;
  for (auto at = text.find_first_not_of(spaces); at != text.npos; words++) {
    auto end = text.find_first_of(spaces, at);
    at = text.find_first_not_of(spaces, end);
  }
  std::printf("%ld words\n", words);
}
// [end words]
