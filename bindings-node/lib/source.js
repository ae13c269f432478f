'use strict'
// Sources of modules, as `load` and `inspect` take them.
const { bytesOf, isBytes } = require('./bytes.js')
const { describe } = require('./error.js')
const { notA } = require('./messages.js')
const { isUrl, pathOf } = require('./path.js')

/** Whether this is a module, or what came out of one that was cloned or sent. */
const isSent = (source) =>
  typeof source === 'object' && source !== null && Object.hasOwn(source, 'bytes') && Object.hasOwn(source, 'digest')

/**
 * What a source is, as the addon takes it: a path, a string, of which the core says whether it is text or a path, or bytes,
 * with the digest that they must have if they were sent.
 */
function read(source) {
  if (isUrl(source)) return { path: pathOf(source, 'source') }
  if (typeof source === 'string') return { string: source }
  if (isSent(source)) return { bytes: bytesOf(source.bytes, 'bytes'), digest: String(source.digest) }
  if (isBytes(source)) return { bytes: bytesOf(source, 'bytes') }
  const got = typeof source?.then === 'function' ? 'a promise; await it' : describe(source)
  throw notA('source', 'a path, a URL, WebAssembly text or bytes', got)
}

module.exports = { read }
