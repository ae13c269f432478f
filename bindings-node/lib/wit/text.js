'use strict'
// Strings of WIT.
const { Buffer } = require('node:buffer')
const { room } = require('./lane.js')
const { other, surrogate } = require('./wrong.js')

/** The length that says that the number of a blob follows. */
const BLOB = 0xffff_ffff

/** For so short a string a loop takes less time than a native function. */
const SHORT_TO_WRITE = 20
const SHORT_TO_READ = 8

/** A string that is longer lies beside the frame. */
const MOST_INSIDE = 64 << 10

function write(lane, value) {
  if (typeof value !== 'string') throw other('string', value)
  const length = value.length
  if (length > SHORT_TO_WRITE) return writeLong(lane, value)
  const at = room(lane, 4 + length)
  const bytes = lane.bytes
  for (let i = 0; i < length; i++) {
    const code = value.charCodeAt(i)
    if (code > 0x7f) {
      lane.at = at
      return writeLong(lane, value)
    }
    bytes[at + 4 + i] = code
  }
  lane.view.setUint32(at, length, true)
}

function writeLong(lane, value) {
  if (value.length > MOST_INSIDE) return writeBeside(lane, value)
  const most = 3 * value.length
  const at = room(lane, 4 + most)
  const length = lane.bytes.utf8Write(value, at + 4, most)
  // One byte for each: all of it is ASCII.
  if (length !== value.length && !value.isWellFormed()) throw surrogate()
  lane.view.setUint32(at, length, true)
  lane.at = at + 4 + length
}

function writeBeside(lane, value) {
  const bytes = Buffer.from(value)
  if (bytes.length !== value.length && !value.isWellFormed()) throw surrogate()
  putBeside(lane, bytes)
}

/** What is large is not copied into the lane. */
function putBeside(lane, array) {
  const at = room(lane, 8)
  lane.view.setUint32(at, BLOB, true)
  lane.view.setUint32(at + 4, lane.blobs.push(array) - 1, true)
}

/** A length, and where what it is of begins. */
function readLength(lane) {
  const at = lane.at
  lane.at = at + 4
  return lane.view.getUint32(at, true)
}

/** The bytes of a blob: a buffer that nobody else has. */
const takeBlob = (lane) => lane.found[readLength(lane)]

function read(lane) {
  const length = readLength(lane)
  if (length === BLOB) return textOf(Buffer.from(takeBlob(lane)))
  const start = lane.at
  const end = (lane.at = start + length)
  const bytes = lane.bytes
  if (length > SHORT_TO_READ) return bytes.utf8Slice(start, end)
  let text = ''
  for (let i = start; i < end; i++) {
    const code = bytes[i]
    if (code > 0x7f) return bytes.utf8Slice(start, end)
    text += String.fromCharCode(code)
  }
  return text
}

const textOf = (bytes) => bytes.utf8Slice(0, bytes.length)

module.exports = { text: { write, read }, BLOB, putBeside, readLength, takeBlob }
