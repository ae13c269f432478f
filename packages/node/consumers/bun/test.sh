set -e
bun() { node_modules/@oven/bun-linux-x64/bin/bun "$@"; }
bun main.mjs
bun wide.mjs
bun test calls.test.mjs
# [preload]
bun --preload landbridge/register imported.mjs
# [end preload]
bun --preload ./provide.mjs provided.mjs
# Bun installs the package, too.
rm -rf node_modules/landbridge node_modules/@landbridge
mv node_modules/@oven/bun-linux-x64/bin/bun .
./bun install --silent
./bun main.mjs
./bun build main.mjs --target=bun --outdir=bundle
rm -rf node_modules
./bun bundle/main.js
