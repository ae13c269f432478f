'use strict'
// The native addon. It keeps what it knows in each environment, so workers may load it too.
const { native } = require('./addon.js')

const { version, kinds, codes, types, asks } = native.names()
const table = (names) => Object.freeze(Object.assign(Object.create(null), names))

module.exports = {
  native,
  version,
  /** Name to number, for each table. */
  errorKinds: table(kinds),
  trapCodes: table(codes),
  valueTypes: table(types),
  askNames: Object.freeze(asks),
}
