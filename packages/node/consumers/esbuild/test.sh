set -e
# [external]
npx esbuild main.mjs --bundle --platform=node --outfile=external/main.cjs --external:landbridge
# [end external]
echo external
node external/main.cjs
npx esbuild main.mjs --bundle --platform=node --format=esm --outfile=module/main.mjs --external:landbridge
echo module
node module/main.mjs
# [copied]
npx esbuild main.mjs --bundle --platform=node --outfile=copied/main.cjs --loader:.node=copy
# [end copied]
echo copied
mv node_modules gone
node copied/main.cjs
