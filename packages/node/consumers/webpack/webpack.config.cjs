const { resolve } = require('node:path')

module.exports = {
  target: 'node',
  mode: 'production',
  entry: './main.mjs',
  output: { path: resolve('external'), filename: 'main.cjs' },
  // [external]
  externals: { landbridge: 'commonjs landbridge' },
  // [end external]
}
