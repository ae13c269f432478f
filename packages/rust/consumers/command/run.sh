#!/bin/sh
# What someone does who has unpacked the archive: nothing but its bin folder is on the PATH.
set -eu
landbridge --version
landbridge call calc.wat add 2 3
landbridge call greet.wasm hello '"Ada"'
landbridge inspect greet.wasm | { read -r line; echo "$line"; while read -r line; do :; done; }
