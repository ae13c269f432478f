'use strict'
// Lists of WIT: typed arrays of numbers, arrays of all else.
const { types } = require('node:util')
const { room } = require('./lane.js')
const { ARRAYS } = require('./numbers.js')
const { BLOB, putBeside, readLength, takeBlob } = require('./text.js')
const { other, otherThan, within } = require('./wrong.js')

/** From so many bytes on, numbers lie beside the frame. */
const BLOB_MIN = 1024

const isBytes = (value) => types.isUint8Array(value) || types.isUint8ClampedArray(value)

/** Whether a value is what the numbers of a sort come in. */
const IS = [
  undefined, types.isInt8Array, isBytes, types.isInt16Array, types.isUint16Array, types.isInt32Array, types.isUint32Array,
  types.isBigInt64Array, types.isBigUint64Array, types.isFloat32Array, types.isFloat64Array,
]

// What a typed array is, whatever a class of it or the program says.
const getter = (name) => Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), name).get
const [lengthOf, bufferOf, offsetOf] = ['length', 'buffer', 'byteOffset'].map(getter)

/** How many elements an array has. A proxy may say anything. */
function countOf(value, told) {
  const count = value.length
  if (typeof count !== 'number' || count !== count >>> 0) throw otherThan(told, 'an array without a length')
  return count
}

/** A list of what has a codec; `told` is what messages call the list. */
function list(element, told) {
  return { write: (lane, value) => writeEach(lane, value, element, told), read: (lane) => readEach(lane, element.read) }
}

function writeEach(lane, value, element, told) {
  if (!Array.isArray(value) && !types.isTypedArray(value)) throw other(told, value)
  const count = countOf(value, told)
  const at = room(lane, 4)
  lane.view.setUint32(at, count, true)
  const { write } = element
  let i = 0
  try {
    for (; i < count; i++) write(lane, value[i])
  } catch (error) {
    throw within(error, `[${i}]`)
  }
}

/** Elements to copy, so many at most. */
let elements
const MOST = 1 << 17

/** An array that has its elements already: a program may have given `Array.prototype` setters. */
function arrayOf(count) {
  elements ??= Array.from({ length: 64 })
  while (elements.length < count && elements.length < MOST) elements = elements.concat(elements)
  let made = elements.slice(0, count)
  while (made.length < count) made = made.concat(elements.slice(0, count - made.length))
  return made
}

function readEach(lane, read) {
  const count = readLength(lane)
  const all = arrayOf(count)
  for (let i = 0; i < count; i++) all[i] = read(lane)
  return all
}

/** A list of numbers of a sort. */
function numbers(sort, element, told) {
  const [is, Numbers] = [IS[sort], ARRAYS[sort]]
  const each = Numbers.BYTES_PER_ELEMENT
  return {
    write(lane, value) {
      if (is(value)) return writeArray(lane, value, each)
      // What is long lies beside the frame: it is made one there.
      if (Array.isArray(value)) {
        const count = countOf(value, told)
        if (count * each >= BLOB_MIN) return writeArray(lane, collected(value, count, element, Numbers), each)
      }
      writeEach(lane, value, element, told)
    },
    read(lane) {
      const count = readLength(lane)
      if (count === BLOB) return new Numbers(takeBlob(lane))
      const start = lane.at
      const end = (lane.at = start + count * each)
      return new Numbers(lane.bytes.buffer.slice(start, end))
    },
  }
}

function writeArray(lane, array, each) {
  const count = lengthOf.call(array)
  if (count * each >= BLOB_MIN) return putBeside(lane, array)
  const at = room(lane, 4 + count * each)
  lane.view.setUint32(at, count, true)
  if (count > 0) lane.bytes.set(new Uint8Array(bufferOf.call(array), offsetOf.call(array), count * each), at + 4)
}

/** A typed array of the numbers of an array, each of which is checked. */
function collected(value, count, element, Numbers) {
  const all = new Numbers(count)
  const scratch = { view: new DataView(all.buffer), bytes: undefined, at: 0, size: all.byteLength }
  let i = 0
  try {
    for (; i < all.length; i++) element.write(scratch, value[i])
  } catch (error) {
    throw within(error, `[${i}]`)
  }
  return all
}

module.exports = { arrayOf, list, numbers }
