#!/bin/sh
# Says plainly what is missing on this machine and how to get it: tools/check.sh [packages]
# With `packages` it is what packages need; what only some of their tests need is told, and fails nothing.
missing=0

need() { # name, command that must succeed, how to get it
    if ! sh -c "$2" >/dev/null 2>&1; then
        echo "missing: $1"
        echo "    get it: $3"
        missing=1
    fi
}

wish() { # as `need`, and what is left out without it
    sh -c "$2" >/dev/null 2>&1 || echo "not here: $1, so $4 is left out; to get it: $3"
}

if [ "${1:-}" = packages ]; then
    if [ "$(uname -s)" = Linux ]; then
        need "GNU binutils (ld, nm, objcopy, objdump, readelf, strip, size)" \
            'for tool in ld nm objcopy objdump readelf strip size; do $tool --version || exit 1; done' "Debian, Ubuntu: apt install binutils"
    fi
    need "the documentation tool and the linker of the JDK (javadoc, jlink)" 'javadoc --version && jlink --version' \
        "Debian, Ubuntu: apt install openjdk-17-jdk-headless"
    wish "clang" 'clang --version && clang++ --version' "Debian, Ubuntu: apt install clang" "compiling with clang in the tests of the C package"
    wish "Doxygen" 'doxygen --version' "Debian, Ubuntu: apt install doxygen" "the reference of C and C++"
    exit $missing
fi

need "Rust 1.95 or newer (cargo, rustc, rustfmt, clippy)" \
    'rustc --version | awk "{split(\$2, v, \".\"); exit !(v[1] > 1 || v[2] >= 95)}"' \
    "https://rustup.rs, then: rustup toolchain install stable"
need "a C and a C++20 compiler (cc, c++)" 'cc --version && c++ -std=c++20 -x c++ -E /dev/null' \
    "Debian, Ubuntu: apt install g++; macOS: xcode-select --install"
need "a JDK, 17 or newer (javac)" \
    'javac -version 2>&1 | awk "{split(\$2, v, \".\"); exit !(v[1] >= 17)}"' \
    "Debian, Ubuntu: apt install openjdk-17-jdk-headless; or https://adoptium.net"
need "Maven 3.8 or newer (mvn)" 'mvn --version' "Debian, Ubuntu: apt install maven"
need "Python 3.11 or newer with venv (python3)" \
    'python3 -c "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))"' \
    "Debian, Ubuntu: apt install python3 python3-venv; or https://www.python.org"
need "Node.js 20 or newer (node, npm)" \
    'npm --version && node -e "process.exit(+(process.versions.node.split(\".\")[0] < 20))"' \
    "https://nodejs.org"
need "make and a POSIX shell" 'make --version' "Debian, Ubuntu: apt install make"
exit $missing
