#!/bin/sh
# Runs the tests of every host, lets each runner speak for itself, and ends with one summary.
failed="" passed=""

for part in rust c java python node spec hostile fuzz examples counts docs start site; do
    printf '\n==== %s\n' "$part"
    if "${MAKE:-make}" --no-print-directory "test-$part"; then
        passed="$passed $part"
    else
        failed="$failed $part"
    fi
done

printf '\n==== summary\n'
for part in $passed; do echo "passed: $part"; done
for part in $failed; do echo "FAILED: $part"; done
[ -z "$failed" ]
