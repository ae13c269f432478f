set -e
npx rollup -c --failAfterWarnings
node out/main.mjs
