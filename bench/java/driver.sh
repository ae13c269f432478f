#!/bin/sh
# Starts the driver of Java; `mvn test-compile` in bindings-jvm comes first.
root=$(cd "$(dirname "$0")/../.." && pwd)
exec "${JAVA:-java}" $JAVA_OPTIONS -Djava.library.path="$root/target/release" \
    -cp "$root/bindings-jvm/target/classes:$root/bindings-jvm/target/test-classes" \
    dev.landbridge.BenchDriver "$@"
