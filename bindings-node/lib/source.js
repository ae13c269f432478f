'use strict'
// Sources of modules, as `load` and `inspect` take them.
const { pathOf } = require('./path.js')

/** Whether this is a module, or what came out of one that was cloned or sent. */
const isSent = (source) =>
  typeof source === 'object' && source !== null && Object.hasOwn(source, 'bytes') && Object.hasOwn(source, 'digest')

/**
 * What a source is: a path, a string, of which the core says whether it is text or a path, or bytes, with the digest that
 * they must have if they were sent.
 */
function read(source) {
  if (source instanceof URL) return { path: pathOf(source, 'source') }
  if (typeof source === 'string') return { string: source }
  return isSent(source) ? { bytes: source.bytes, digest: source.digest } : { bytes: source }
}

module.exports = { read }
