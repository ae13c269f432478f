set -e
# A project of its own, whatever stands in the folders above.
: > yarn.lock
mv node_modules/@yarnpkg/cli-dist yarn
rm -rf node_modules package-lock.json
registry=$(sed -n 's/^@landbridge:registry=//p' .npmrc)
cat > .yarnrc.yml <<EOF
enableTelemetry: false
enableImmutableInstalls: false
unsafeHttpWhitelist: ['127.0.0.1']
npmScopes: { landbridge: { npmRegistryServer: '$registry' } }
EOF
npm pkg delete devDependencies
node yarn/bin/yarn.js install
node yarn/bin/yarn.js node main.mjs
