#!/bin/sh
# Copies the SDK to a folder, or removes it from there: install.sh [--remove] PREFIX
set -eu
here=$(cd "$(dirname "$0")" && pwd)
remove=
if [ "${1-}" = --remove ]; then
  remove=yes
  shift
fi
if [ $# -ne 1 ]; then
  echo "usage: install.sh [--remove] PREFIX" >&2
  exit 2
fi

cd "$here"
find include lib share ! -type d | while IFS= read -r file; do
  if [ "$remove" ]; then
    rm -f "$1/$file"
  else
    mkdir -p "$1/$(dirname "$file")"
    # A program that runs keeps the library that it has: the new one is another file.
    rm -f "$1/$file"
    cp -P "$file" "$1/$file"
  fi
done
