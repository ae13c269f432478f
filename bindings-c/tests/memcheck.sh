#!/bin/sh
# A program that loads, calls, traps and closes has no error under valgrind's memcheck with the suppressions that
# are in the repository:
#   memcheck.sh PROGRAM
set -eu
here=$(cd "$(dirname "$0")" && pwd)
valgrind -q --error-exitcode=9 --leak-check=full --errors-for-leak-kinds=definite --show-leak-kinds=definite \
  --suppressions="$here/../valgrind.supp" "$1"
echo "memcheck: no errors"
