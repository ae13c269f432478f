'use strict'
// Numbers of WIT, and what else is as plain: booleans and characters.
const { room } = require('./lane.js')
const { other, otherThan, unfit, surrogate } = require('./wrong.js')

/** Whether a value is an integer of a type. */
const isInteger = (value, first, last) => typeof value === 'number' && value >= first && value <= last && Number.isInteger(value)

const notANumber = (value, type) => (typeof value === 'bigint' ? otherThan(type, 'bigint (a number is needed, such as 5)') : other(type, value))

function notAn(value, type) {
  if (typeof value !== 'number') return notANumber(value, type)
  return Number.isInteger(value) ? unfit(value, type) : otherThan(type, String(value))
}

/** The place of so many bytes that are to be read. */
function taken(lane, count) {
  const at = lane.at
  lane.at = at + count
  return at
}

// Each has functions of its own, so that V8 knows what each does. Room is made first: the lane may have another view then.

const s8 = {
  write(lane, value) {
    if (!isInteger(value, -0x80, 0x7f)) throw notAn(value, 's8')
    const at = room(lane, 1)
    lane.view.setInt8(at, value)
  },
  read: (lane) => lane.view.getInt8(taken(lane, 1)),
}

const u8 = {
  write(lane, value) {
    if (!isInteger(value, 0, 0xff)) throw notAn(value, 'u8')
    const at = room(lane, 1)
    lane.view.setUint8(at, value)
  },
  read: (lane) => lane.view.getUint8(taken(lane, 1)),
}

const s16 = {
  write(lane, value) {
    if (!isInteger(value, -0x8000, 0x7fff)) throw notAn(value, 's16')
    const at = room(lane, 2)
    lane.view.setInt16(at, value, true)
  },
  read: (lane) => lane.view.getInt16(taken(lane, 2), true),
}

const u16 = {
  write(lane, value) {
    if (!isInteger(value, 0, 0xffff)) throw notAn(value, 'u16')
    const at = room(lane, 2)
    lane.view.setUint16(at, value, true)
  },
  read: (lane) => lane.view.getUint16(taken(lane, 2), true),
}

const s32 = {
  write(lane, value) {
    if (!isInteger(value, -0x8000_0000, 0x7fff_ffff)) throw notAn(value, 's32')
    const at = room(lane, 4)
    lane.view.setInt32(at, value, true)
  },
  read: (lane) => lane.view.getInt32(taken(lane, 4), true),
}

const u32 = {
  write(lane, value) {
    if (!isInteger(value, 0, 0xffff_ffff)) throw notAn(value, 'u32')
    const at = room(lane, 4)
    lane.view.setUint32(at, value, true)
  },
  read: (lane) => lane.view.getUint32(taken(lane, 4), true),
}

const s64 = {
  write(lane, value) {
    checkLarge(value, 's64', -(2n ** 63n), 2n ** 63n - 1n)
    const at = room(lane, 8)
    lane.view.setBigInt64(at, value, true)
  },
  read: (lane) => lane.view.getBigInt64(taken(lane, 8), true),
}

const u64 = {
  write(lane, value) {
    checkLarge(value, 'u64', 0n, 2n ** 64n - 1n)
    const at = room(lane, 8)
    lane.view.setBigUint64(at, value, true)
  },
  read: (lane) => lane.view.getBigUint64(taken(lane, 8), true),
}

/** Those that are a BigInt. */
function checkLarge(value, type, first, last) {
  if (typeof value === 'number') throw otherThan(type, 'number (a bigint is needed, such as 5n)')
  if (typeof value !== 'bigint') throw other(type, value)
  if (value < first || value > last) throw unfit(value, type)
}

const f32 = {
  write(lane, value) {
    if (typeof value !== 'number') throw notANumber(value, 'f32')
    const at = room(lane, 4)
    lane.view.setFloat32(at, value, true)
  },
  read: (lane) => lane.view.getFloat32(taken(lane, 4), true),
}

const f64 = {
  write(lane, value) {
    if (typeof value !== 'number') throw notANumber(value, 'f64')
    const at = room(lane, 8)
    lane.view.setFloat64(at, value, true)
  },
  read: (lane) => lane.view.getFloat64(taken(lane, 8), true),
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
const NUMBERS = [bool, s8, u8, s16, u16, s32, u32, s64, u64, f32, f64, char]

/** The typed arrays of lists of numbers, by the sorts of these. */
const ARRAYS = [
  undefined, Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array, BigInt64Array, BigUint64Array, Float32Array, Float64Array,
]

module.exports = { NUMBERS, ARRAYS }
