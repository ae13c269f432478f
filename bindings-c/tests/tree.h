// Reads the lines that flatten.py writes. For C and C++.

#ifndef TREE_H
#define TREE_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A node of the tree: O, A, S, N, T, F or Z, as in flatten.py. Children are a list, with their keys if
// the node is an object. Nothing is freed: the tree lives as long as the runner.
typedef struct node {
  char kind;
  char *text;
  char *key;
  size_t count;
  struct node *first, *next;
} node;

static inline void tree_broken(const char *line) {
  fprintf(stderr, "this line is not of flatten.py: %s\n", line);
  exit(2);
}

static inline char *tree_line(FILE *file) {
  size_t size = 256, length = 0;
  char *line = (char *)malloc(size);
  int c;
  while ((c = getc(file)) != EOF && c != '\n') {
    if (length + 2 > size) line = (char *)realloc(line, size *= 2);
    line[length++] = (char)c;
  }
  line[length] = 0;
  return line;
}

static inline char *tree_text(char *line) {
  char *to = line, *from = line + 2;
  for (; *from; from++) {
    if (*from == '\\') {
      from++;
      *to++ = *from == 'n' ? '\n' : *from;
    } else {
      *to++ = *from;
    }
  }
  *to = 0;
  return line;
}

static inline node *tree_read(FILE *file) {
  char *line = tree_line(file);
  node *made = (node *)calloc(1, sizeof *made), **end = &made->first;
  if (!*line || !strchr("OASNTFZ", *line)) tree_broken(line);
  made->kind = *line;
  if (made->kind == 'O' || made->kind == 'A') made->count = strtoul(line + 2, NULL, 10);
  for (size_t i = 0; i < made->count; i++) {
    char *key = NULL;
    if (made->kind == 'O') {
      key = tree_line(file);
      if (*key != 'K') tree_broken(key);
      key = tree_text(key);
    }
    *end = tree_read(file);
    (*end)->key = key;
    end = &(*end)->next;
  }
  if (made->kind == 'S' || made->kind == 'N') made->text = tree_text(line);
  return made;
}

// A member of an object, or NULL.
static inline const node *tree_find(const node *of, const char *key) {
  const node *one = of && of->kind == 'O' ? of->first : NULL;
  while (one && strcmp(one->key, key)) one = one->next;
  return one;
}

// The text of a member, or NULL if it is missing or no text.
static inline const char *tree_str(const node *of, const char *key) {
  const node *one = tree_find(of, key);
  return one ? one->text : NULL;
}

// The number of a member, which may be written as a text.
static inline unsigned long long tree_num(const node *of, const char *key, unsigned long long missing) {
  const char *text = tree_str(of, key);
  return text ? strtoull(text, NULL, 0) : missing;
}

#endif
