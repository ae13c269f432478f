set -e
# What runs on a server needs nothing: Vite leaves packages external there.
npx vite build --config none.mjs --ssr main.mjs --outDir ssr
echo ssr
node ssr/main.js
npx vite build
echo library
node library/main.js
