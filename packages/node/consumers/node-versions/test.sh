set -e
node wide.mjs
for version in 24 26; do
  node=node_modules/node$version/bin/node
  $node --version
  $node main.mjs
  $node wide.mjs
  $node --throw-deprecation --import landbridge/register imported.mjs
  $node --throw-deprecation --import ./provide.mjs provided.mjs
done
