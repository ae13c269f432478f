'use strict'
// Numbers of WIT, and what else is as plain: booleans and characters.
const { room } = require('./lane.js')
const { other, otherThan, unfit, surrogate } = require('./wrong.js')

/** Integers that are numbers: how many bytes, the first and the last, and how they are written and read. */
function integer(type, bytes, first, last, get, set) {
  return {
    write(lane, value) {
      if (typeof value !== 'number' || !(value >= first && value <= last) || !Number.isInteger(value)) throw notAn(value, type, first, last)
      const at = room(lane, bytes)
      lane.view[set](at, value, true)
    },
    read(lane) {
      const at = lane.at
      lane.at = at + bytes
      return lane.view[get](at, true)
    },
  }
}

function notAn(value, type) {
  if (typeof value !== 'number') return other(type, value)
  return Number.isInteger(value) ? unfit(value, type) : otherThan(type, String(value))
}

/** Those that are a BigInt. */
function large(type, first, last, get, set) {
  return {
    write(lane, value) {
      if (typeof value !== 'bigint') throw other(type, value)
      if (value < first || value > last) throw unfit(value, type)
      const at = room(lane, 8)
      lane.view[set](at, value, true)
    },
    read(lane) {
      const at = lane.at
      lane.at = at + 8
      return lane.view[get](at, true)
    },
  }
}

function float(type, bytes, get, set) {
  return {
    write(lane, value) {
      if (typeof value !== 'number') throw other(type, value)
      const at = room(lane, bytes)
      lane.view[set](at, value, true)
    },
    read(lane) {
      const at = lane.at
      lane.at = at + bytes
      return lane.view[get](at, true)
    },
  }
}

const bool = {
  write(lane, value) {
    if (typeof value !== 'boolean') throw other('bool', value)
    const at = room(lane, 1)
    lane.bytes[at] = value ? 1 : 0
  },
  read: (lane) => lane.bytes[lane.at++] !== 0,
}

const char = {
  write(lane, value) {
    if (typeof value !== 'string') throw other('char', value)
    const code = value.codePointAt(0)
    if (code === undefined) throw otherThan('char', 'an empty string')
    if (value.length !== (code > 0xffff ? 2 : 1)) throw otherThan('char', 'a string of more than one character')
    if (code >= 0xd800 && code <= 0xdfff) throw surrogate()
    const at = room(lane, 4)
    lane.view.setUint32(at, code, true)
  },
  read(lane) {
    const at = lane.at
    lane.at = at + 4
    return String.fromCodePoint(lane.view.getUint32(at, true))
  },
}

/** By their sorts. */
const NUMBERS = [
  bool,
  integer('s8', 1, -0x80, 0x7f, 'getInt8', 'setInt8'),
  integer('u8', 1, 0, 0xff, 'getUint8', 'setUint8'),
  integer('s16', 2, -0x8000, 0x7fff, 'getInt16', 'setInt16'),
  integer('u16', 2, 0, 0xffff, 'getUint16', 'setUint16'),
  integer('s32', 4, -0x8000_0000, 0x7fff_ffff, 'getInt32', 'setInt32'),
  integer('u32', 4, 0, 0xffff_ffff, 'getUint32', 'setUint32'),
  large('s64', -(2n ** 63n), 2n ** 63n - 1n, 'getBigInt64', 'setBigInt64'),
  large('u64', 0n, 2n ** 64n - 1n, 'getBigUint64', 'setBigUint64'),
  float('f32', 4, 'getFloat32', 'setFloat32'),
  float('f64', 8, 'getFloat64', 'setFloat64'),
  char,
]

/** The typed arrays of lists of numbers, by the sorts of these. */
const ARRAYS = [
  undefined, Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array, BigInt64Array, BigUint64Array, Float32Array, Float64Array,
]

module.exports = { NUMBERS, ARRAYS }
