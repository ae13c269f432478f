set -e
deno() { node_modules/@deno/linux-x64-glibc/deno "$@"; }
# [permissions]
deno run --allow-read --allow-env --allow-ffi main.mjs
# [end permissions]
deno run --allow-all wide.mjs
# [preload]
deno run --allow-read --allow-env --allow-ffi --preload ./provide.mjs provided.mjs
# [end preload]
deno run --allow-all --preload ./provide.mjs imported.mjs
