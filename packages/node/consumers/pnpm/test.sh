set -e
mv node_modules/pnpm pnpm
rm -rf node_modules package-lock.json
npm pkg delete devDependencies
node pnpm/bin/pnpm.cjs install --silent --store-dir "$HOME/store"
ls node_modules/.pnpm | grep -c @landbridge
node main.mjs
