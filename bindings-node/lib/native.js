'use strict'
// The native addon. It keeps what it knows in each environment, so workers may load it too.
let native
try {
  native = require('../landbridge.node')
} catch (cause) {
  const platform = `${process.platform}-${process.arch}`
  throw new Error(`landbridge: the native addon for ${platform} cannot be loaded: ${cause.message}`, { cause })
}

const [version, kinds, codes, types, asks] = native.names()
const table = (pairs) => Object.freeze(Object.assign(Object.create(null), Object.fromEntries(pairs)))

module.exports = {
  native,
  version,
  /** Name to number, for each table. */
  errorKinds: table(kinds),
  trapCodes: table(codes),
  valueTypes: table(types),
  askNames: Object.freeze(asks),
}
