/* [words] */
#include <ctype.h>
#include <stdio.h>

int main(int argc, char **argv) {
  FILE *text = argc > 1 ? fopen(argv[1], "r") : stdin;
  if (!text) {
    perror("words");
    return 1;
  }
  long words = 0;
  int before = ' ';
  for (int c = getc(text); c != EOF; before = c, c = getc(text)) {
    if (!isspace(c) && isspace(before)) words++;
  }
  printf("%ld words\n", words);
  return 0;
}
/* [end words] */
