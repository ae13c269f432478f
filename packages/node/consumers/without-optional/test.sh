set -e
npm install --omit=optional
node main.mjs 2> said.txt && exit 1
grep -A1 'cannot be loaded' said.txt
# What the message says to do.
$(sed -n 's/^Install it: //p' said.txt | head -1)
node main.mjs
# An installation that took the other half from another version.
sed -i "s/const VERSION = '[^']*'/const VERSION = '9.9.9'/" node_modules/landbridge/lib/all.js
node main.mjs 2> said.txt && exit 1
grep -A1 'cannot be loaded' said.txt
