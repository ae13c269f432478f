#!/bin/sh
# Copies the SDK to a folder, or removes it from there: install.sh [--remove] PREFIX
set -eu
# Everybody may read what is installed, and `cd` writes nothing.
umask 022
unset CDPATH
here=$(cd -- "$(dirname -- "$0")" && pwd)
remove=
if [ "${1-}" = --remove ]; then
  remove=yes
  shift
fi
if [ $# -ne 1 ] || [ -z "$1" ]; then
  echo "usage: install.sh [--remove] PREFIX" >&2
  exit 2
fi
case $1 in
  /*) ;;
  *) set -- "$(pwd)/$1" ;;
esac

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
if [ "$remove" ]; then
  for folder in include/landbridge lib/cmake/landbridge share/doc/landbridge; do
    rmdir "$1/$folder" 2>/dev/null || true
  done
fi
