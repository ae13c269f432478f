set -e
landbridge types greet.wasm --typescript -o src/greet.d.wasm.ts
landbridge types calc.wasm --typescript -o src/calc.d.wasm.ts
cp greet.wasm calc.wasm src
for resolution in node16 nodenext bundler; do
  npx tsc -p tsconfig.$resolution.json
  echo "$resolution: no errors"
done
cp greet.wasm calc.wasm out/node16
node --import landbridge/register out/node16/main.mjs
node out/node16/old.cjs
