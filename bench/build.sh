#!/bin/sh
# Builds the drivers of the hosts that compile. `make setup` has built the libraries.
set -eu
cd "$(dirname "$0")/.."
out=target/bench
mkdir -p $out
ln -sf ../release/liblandbridge_c.so $out/liblandbridge.so
ln -sf ../release/liblandbridge_c.so $out/liblandbridge.so.0
cc -std=gnu11 -O2 bench/c/driver.c -o $out/c -Ibindings-c/include -L$out -llandbridge "-Wl,-rpath,\$ORIGIN"
c++ -std=c++20 -O2 bench/cpp/driver.cpp -o $out/cpp -Ibindings-c/include -L$out -llandbridge \
    "-Wl,-rpath,\$ORIGIN"
