#!/bin/sh
# How the compiler names a library on this machine: library.sh CRATE [cdylib or staticlib]
exec rustc --print file-names --crate-name "$1" --crate-type "${2:-cdylib}" - </dev/null
