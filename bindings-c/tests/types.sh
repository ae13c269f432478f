#!/bin/sh
# What `landbridge types --cpp` writes for the first worlds of a seed compiles, all of it in one program. So does that of an
# interface and functions whose names are a namespace and macros of C++.
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
"$target/release/landbridge" types - --cpp -o "$out/names.hpp" <<'WAT'
(component
  (core module $m (func (export "f") (param i32 i32) (result i32) i32.const 0))
  (core instance $i (instantiate $m))
  (func $f (param "stdin" u8) (param "linux" u8) (result u8) (canon lift (core func $i "f")))
  (instance $std (export "errno" (func $f)) (export "stdout" (func $f)))
  (export "demo:names/std" (instance $std)))
WAT
echo '#include "names.hpp"' >>"$out/all.cpp"
echo 'int main() {}' >>"$out/all.cpp"
for standard in c++20 gnu++20; do
    ${CXX:-g++} -std=$standard -Wall -Wextra -Wpedantic -Werror -fsyntax-only -I"$here/include" "$out/all.cpp"
done
echo "types: C++ of $count worlds compiles"
