'use strict'
// Bytes, as programs hold them.
const { fail, describe } = require('./error.js')

const isBytes = (value) =>
  ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof SharedArrayBuffer

/** The bytes of an ArrayBuffer or of any view of one, in place. */
function bytesOf(bytes, what) {
  if (bytes instanceof Uint8Array) return bytes
  if (ArrayBuffer.isView(bytes)) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes instanceof ArrayBuffer || bytes instanceof SharedArrayBuffer) return new Uint8Array(bytes)
  throw fail('type', `${what}: expected an ArrayBuffer or a view of one, got ${describe(bytes)}`)
}

module.exports = { bytesOf, isBytes }
