'use strict'
// The native addon. It keeps what it knows in each environment, so workers may load it too.
// The package may be evaluated more than once in a thread, as by Jest, which does so in a realm for each file of tests. Each
// time it has classes of its own, so it needs an addon of its own that makes their objects.
const TAKEN = Symbol.for('landbridge.taken')

function another() {
  const module = { exports: {} }
  process.dlopen(module, require.resolve('../landbridge.node'))
  return module.exports
}

let native
try {
  native = require('../landbridge.node')
  if (TAKEN in native) native = another()
  native[TAKEN] = true
} catch (cause) {
  const platform = `${process.platform}-${process.arch}`
  // What follows the first line is who asked for it.
  const [why] = cause.message.split('\n')
  throw new Error(`landbridge: the native addon for ${platform} cannot be loaded: ${why}`, { cause })
}

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
