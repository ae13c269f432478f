'use strict'
// Bytes, as programs hold them.
const { isAnyArrayBuffer } = require('node:util').types
const { fail, describe } = require('./error.js')
const { notA } = require('./messages.js')

// Asked of what they are, not of their class: another realm, as those of node:vm and Jest, has classes of its own.
const isBytes = (value) => ArrayBuffer.isView(value) || isAnyArrayBuffer(value)

/** The bytes of an ArrayBuffer, a SharedArrayBuffer, or any view of one, in place. */
function bytesOf(bytes, what) {
  if (bytes instanceof Uint8Array) return bytes
  if (ArrayBuffer.isView(bytes)) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (isAnyArrayBuffer(bytes)) return whole(bytes, what)
  throw notA(what, 'an ArrayBuffer or a view of one', describe(bytes))
}

function whole(buffer, what) {
  try {
    return new Uint8Array(buffer)
  } catch {
    throw fail('type', `${what}: the ArrayBuffer is detached: its bytes were transferred, or its memory has grown`)
  }
}

module.exports = { bytesOf, isBytes }
