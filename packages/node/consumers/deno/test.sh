set -e
deno=node_modules/@deno/linux-x64-glibc/deno
# [permissions]
$deno run --allow-read --allow-env --allow-ffi main.mjs
# [end permissions]
$deno run --allow-all wide.mjs
