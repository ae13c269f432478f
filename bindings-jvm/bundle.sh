#!/bin/sh
# Puts a native library where the classes of a jar look for it, with the digest that spares them to read it at each start:
#   bundle.sh LIBRARY PLATFORM CLASSES [VERSION]
set -eu
library=$1 platform=$2 classes=$3 version=${4-}
folder=$classes/native/$platform
mkdir -p "$folder"
cp "$library" "$folder/"
name=$folder/$(basename "$library")
hash=$(sha256sum "$name" 2>/dev/null || shasum -a 256 "$name")
echo "${hash%% *} $(($(wc -c < "$name")))${version:+ $version}" > "$name.digest"
