set -e
npx webpack --config webpack.config.cjs
echo external
node external/main.cjs
npx webpack --config copied.config.cjs
echo copied
mv node_modules gone
node copied/main.cjs
