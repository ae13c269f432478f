#!/bin/sh
# Builds the packages of one Linux platform in a container of PyPA, whose C library is old enough for the machines that users have:
# docker run --rm -v "$PWD:/src" -w /src quay.io/pypa/manylinux_2_28_x86_64 sh packages/release/linux.sh
# musllinux_1_2 does the same for musl.
set -eu

if ! command -v cargo >/dev/null; then
    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal --default-toolchain "${RUST_VERSION:?}"
    . "$HOME/.cargo/env"
fi
# A shared library of musl's must take the C library of the machine that loads it.
case "$(rustc -vV | sed -n 's/^host: //p')" in
*-musl) export CARGO_ENCODED_RUSTFLAGS='-Ctarget-feature=-crt-static' ;;
esac
# The checkout belongs to another user than the one in the container.
git config --global --add safe.directory "$PWD"

LANDBRIDGE_PYTHONS=$(for version in 311 312 313 314; do printf '%s:' "/opt/python/cp$version-cp$version/bin/python"; done)
export LANDBRIDGE_PYTHONS
PATH="/opt/python/cp312-cp312/bin:$PATH"
python3 packages/libraries.py
python3 packages/c/build.py
python3 packages/python/build.py
python3 packages/rust/build.py
