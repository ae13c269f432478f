#!/bin/sh
# What `landbridge types --cpp` writes for the first worlds of a seed compiles, all of it in one program.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)
target=${CARGO_TARGET_DIR:-$here/../target}
out=$target/c/types
count=40
mkdir -p "$out"
: >"$out/all.cpp"
number=0
while [ "$number" -lt "$count" ]; do
    "$target/release/landbridge" types "$target/worlds/$number.wasm" --cpp -o "$out/world$number.hpp"
    echo "#include \"world$number.hpp\"" >>"$out/all.cpp"
    number=$((number + 1))
done
echo 'int main() {}' >>"$out/all.cpp"
${CXX:-g++} -std=c++20 -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$here/include" "$out/all.cpp"
echo "types: C++ of $count worlds compiles"
