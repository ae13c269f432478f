#!/bin/sh
# What compilers say of the headers: nothing with every warning on, something where an error is ignored, and one
# sentence where the standard is too old. With each of gcc and clang that is there. Each header of C++ compiles alone.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
strict="-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Werror -I$here/../include -c -o /dev/null"
found=0

fail() {
  echo "strict: $*" >&2
  exit 1
}

# check COMPILER LANGUAGE FLAGS STANDARD...
check() {
  cc=$1 ext=$2 flags=$3
  shift 3
  for std; do
    "$cc" "-std=$std" $strict $flags "$here/strict/clean.$ext" || fail "$cc -std=$std warns"
    if "$cc" "-std=$std" $strict $flags "$here/strict/ignored.$ext" 2>/dev/null; then
      fail "$cc -std=$std does not tell that an error is ignored"
    fi
  done
}

for pair in "gcc g++" "clang clang++"; do
  set -- $pair
  command -v "$1" >/dev/null && command -v "$2" >/dev/null || continue
  found=$((found + 1))
  check "$1" c "-Wstrict-prototypes -Wmissing-prototypes" c99 c11 c17
  check "$2" cpp "-Wold-style-cast" c++20
  "$2" -std=c++20 $strict -fno-exceptions -fno-rtti "$here/strict/clean.cpp" || fail "$2 warns without exceptions"
  errors=$("$2" -std=c++17 $strict "$here/strict/clean.cpp" 2>&1 | grep -c "error: .*C++20" || true)
  [ "$errors" = 1 ] || fail "$2 -std=c++17 has $errors sentences about the standard"
  others=$(echo '#include <landbridge.hpp>' | "$2" -std=c++17 $strict -x c++ - 2>&1 | grep -c "error: " || true)
  [ "$others" = 1 ] || fail "$2 -std=c++17 has $others errors in the header"
  for part in "$here"/../include/landbridge/*.hpp; do
    echo "#include <landbridge/${part##*/}>" | "$2" -std=c++20 $strict -x c++ - || fail "$2: ${part##*/} does not compile alone"
  done
done
[ "$found" -gt 0 ] || fail "neither gcc nor clang is here"
echo "strict: $found compilers"
