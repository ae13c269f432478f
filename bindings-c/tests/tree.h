// Reads JSON into a tree. For C and C++.

#ifndef TREE_H
#define TREE_H

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A node: O (object), A (list), S (text), N (number, as its text), T, F or Z (null). Children are a list, with
// their keys if the node is an object. A zero byte in a text is C0 80, as in landbridge.h.
typedef struct node {
  char kind;
  const char *text;
  const char *key;
  size_t count;
  struct node *first, *next;
} node;

// A file: its root, and what tree_free() frees. Texts lie in the file's text, without their escapes.
typedef struct tree {
  const node *root;
  node *nodes;
  char *text;
} tree;

typedef struct {
  const char *path;
  char *text, *at;
  node *free;
} tree_reader;

static inline void tree_broken(const tree_reader *in) {
  fprintf(stderr, "%s: no JSON at byte %td\n", in->path, in->at - in->text);
  exit(2);
}

// What comes next, without space.
static inline char tree_next(tree_reader *in) {
  while (isspace((unsigned char)*in->at)) in->at++;
  return *in->at;
}

static inline void tree_take(tree_reader *in, char wanted) {
  if (tree_next(in) != wanted) tree_broken(in);
  in->at++;
}

static inline unsigned tree_hex(tree_reader *in) {
  char digits[5] = { 0 }, *end;
  memcpy(digits, in->at, 4);
  const unsigned code = (unsigned)strtoul(digits, &end, 16);
  if (end != digits + 4) tree_broken(in);
  in->at += 4;
  return code;
}

// Writes a character of an escape as UTF-8, which is not longer than the escape.
static inline char *tree_char(tree_reader *in, char *to) {
  unsigned code = tree_hex(in);
  if (code >= 0xd800 && code < 0xdc00 && in->at[0] == '\\' && in->at[1] == 'u') {
    in->at += 2;
    code = 0x10000 + ((code - 0xd800) << 10) + (tree_hex(in) - 0xdc00);
  }
  const int more = code == 0 ? 1 : code < 0x80 ? 0 : code < 0x800 ? 1 : code < 0x10000 ? 2 : 3;
  static const unsigned char lead[] = { 0, 0xc0, 0xe0, 0xf0 };
  *to++ = (char)(lead[more] | code >> 6 * more);
  for (int i = more - 1; i >= 0; i--) *to++ = (char)(0x80 | (code >> 6 * i & 0x3f));
  return to;
}

static inline const char *tree_text(tree_reader *in) {
  static const char names[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
  tree_take(in, '"');
  char *start = in->at, *to = start;
  while (*in->at != '"') {
    if (!*in->at) tree_broken(in);
    if (*in->at != '\\') {
      *to++ = *in->at++;
      continue;
    }
    const char escape = *++in->at;
    const char *found = escape ? strchr(names, escape) : NULL;
    in->at++;
    if (found) {
      *to++ = meant[found - names];
    } else if (escape == 'u') {
      to = tree_char(in, to);
    } else {
      tree_broken(in);
    }
  }
  in->at++;
  *to = 0;
  return start;
}

// A number moves one to the left, over what was read already, so that its end can be marked.
static inline const char *tree_number(tree_reader *in) {
  const size_t length = strspn(in->at, "+-.0123456789eE");
  if (!length || in->at == in->text) tree_broken(in);
  char *start = (char *)memmove(in->at - 1, in->at, length);
  start[length] = 0;
  in->at += length;
  return start;
}

static inline void tree_word(tree_reader *in, const char *word) {
  if (strncmp(in->at, word, strlen(word))) tree_broken(in);
  in->at += strlen(word);
}

static inline node *tree_value(tree_reader *in);

static inline void tree_children(tree_reader *in, node *made, char close) {
  node **end = &made->first;
  for (in->at++; tree_next(in) != close; made->count++) {
    if (made->count) tree_take(in, ',');
    const char *key = NULL;
    if (made->kind == 'O') {
      tree_next(in);
      key = tree_text(in);
      tree_take(in, ':');
    }
    *end = tree_value(in);
    (*end)->key = key;
    end = &(*end)->next;
  }
  in->at++;
}

static inline node *tree_value(tree_reader *in) {
  node *made = in->free++;
  switch (tree_next(in)) {
    case '{': made->kind = 'O'; tree_children(in, made, '}'); break;
    case '[': made->kind = 'A'; tree_children(in, made, ']'); break;
    case '"': made->kind = 'S'; made->text = tree_text(in); break;
    case 't': made->kind = 'T'; tree_word(in, "true"); break;
    case 'f': made->kind = 'F'; tree_word(in, "false"); break;
    case 'n': made->kind = 'Z'; tree_word(in, "null"); break;
    default: made->kind = 'N'; made->text = tree_number(in);
  }
  return made;
}

// A whole file, with a zero byte behind it; size may be NULL.
static inline char *tree_bytes(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END)) {
    perror(path);
    exit(2);
  }
  const size_t length = (size_t)ftell(file);
  char *bytes = (char *)calloc(length + 1, 1);
  rewind(file);
  if (fread(bytes, 1, length, file) != length) perror(path);
  fclose(file);
  if (size) *size = length;
  return bytes;
}

// The JSON of a text, which is written over; path names it.
static inline tree tree_of(const char *path, char *text) {
  tree_reader in = { path, text, NULL, NULL };
  size_t most = 1;  // nodes: one for each place where a value may begin
  for (const char *c = in.text; *c; c++) most += *c == '[' || *c == ',' || *c == ':';
  tree made = { NULL, (node *)calloc(most, sizeof(node)), in.text };
  in.at = in.text;
  in.free = made.nodes;
  made.root = tree_value(&in);
  if (tree_next(&in)) tree_broken(&in);
  return made;
}

static inline tree tree_file(const char *path) { return tree_of(path, tree_bytes(path, NULL)); }


static inline void tree_free(tree of) {
  free(of.nodes);
  free(of.text);
}

static inline void tree_write_chars(FILE *out, const char *text) {
  for (; *text; text++) {
    if (*text == '"' || *text == '\\' || (unsigned char)*text < ' ') {
      fprintf(out, "\\u%04x", *text);
    } else {
      fputc(*text, out);
    }
  }
}

static inline void tree_write(FILE *out, const node *of, const char *from, const char *to) {
  if (of->key) fputc('"', out), tree_write_chars(out, of->key), fputs("\":", out);
  if (of->kind == 'S') {
    const int is_from = !strncmp(of->text, from, strlen(from));
    fputc('"', out);
    if (is_from) tree_write_chars(out, to);
    tree_write_chars(out, of->text + (is_from ? strlen(from) : 0));
    fputc('"', out);
  } else if (of->kind == 'O' || of->kind == 'A') {
    fputc(of->kind == 'O' ? '{' : '[', out);
    for (const node *one = of->first; one; one = one->next) {
      if (one != of->first) fputc(',', out);
      tree_write(out, one, from, to);
    }
    fputc(of->kind == 'O' ? '}' : ']', out);
  } else {
    fputs(of->kind == 'N' ? of->text : of->kind == 'T' ? "true" : of->kind == 'F' ? "false" : "null", out);
  }
}

// The JSON of a node, to be freed, in which texts that begin with from begin with to instead.
static inline char *tree_json(const node *of, const char *from, const char *to) {
  char *json = NULL;
  size_t size;
  FILE *out = open_memstream(&json, &size);
  node alone = *of;
  alone.key = NULL;
  tree_write(out, &alone, from, to);
  fclose(out);
  return json;
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

// Whether a member is true.
static inline int tree_is(const node *of, const char *key) {
  const node *one = tree_find(of, key);
  return one && one->kind == 'T';
}

#endif
