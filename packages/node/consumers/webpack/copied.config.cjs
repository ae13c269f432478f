const { resolve } = require('node:path')

module.exports = {
  target: 'node',
  mode: 'production',
  entry: './main.mjs',
  output: { path: resolve('copied'), filename: 'main.cjs' },
  // [copied]
  module: { rules: [{ test: /\.node$/, loader: 'node-loader' }] },
  // The addons of other systems, which are not installed.
  ignoreWarnings: [/Can't resolve '@landbridge/],
  // [end copied]
}
