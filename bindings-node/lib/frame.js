'use strict'
// Frames: the flat form in which the addon tells what is more than a plain value. Nothing in one names its fields: their
// layouts are in core, in `frame/layouts.rs`. It asks nothing of other files, since errors come as frames too.
const { TextDecoder } = require('node:util')

/** The version that this reads, a frame's first byte. */
const VERSION = 1

/** Keeps a mark of byte order, which is a letter like any other in here. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/** A text. For a short one of ASCII a decoder takes longer. */
function textOf(bytes, start, end) {
  if (end - start > 24) return decoder.decode(bytes.subarray(start, end))
  let text = ''
  for (let i = start; i < end; i++) {
    if (bytes[i] > 0x7f) return decoder.decode(bytes.subarray(start, end))
    text += String.fromCharCode(bytes[i])
  }
  return text
}

/** Takes what is next, one thing after the other; what is not there is an error. */
class Reader {
  #bytes
  #at = 0

  constructor(bytes) {
    this.#bytes = bytes
    const version = this.byte()
    if (version !== VERSION) {
      throw new Error(`landbridge: a frame of version ${version}, not ${VERSION}: the addon and its JavaScript are of different releases`)
    }
  }

  /** The place of what is next, which has so many bytes. */
  #take(bytes) {
    const at = this.#at
    if (bytes > this.#bytes.length - at) {
      throw new Error(`landbridge: the frame is malformed: ${bytes} bytes or elements must follow at ${at} of ${this.#bytes.length}`)
    }
    this.#at = at + bytes
    return at
  }

  byte() {
    return this.#bytes[this.#take(1)]
  }

  bool() {
    return this.byte() !== 0
  }

  i32() {
    const at = this.#take(4)
    const bytes = this.#bytes
    return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)
  }

  u32() {
    return this.i32() >>> 0
  }

  /** 64 bits as a number, the nearest one. */
  u64() {
    const low = this.u32()
    return this.u32() * 2 ** 32 + low
  }

  /** 64 bits as a BigInt. */
  big() {
    const low = this.u32()
    return (BigInt(this.u32()) << 32n) | BigInt(low)
  }

  /** A copy of bytes. */
  bytes() {
    const length = this.u32()
    const at = this.#take(length)
    return this.#bytes.slice(at, at + length)
  }

  text() {
    const length = this.u32()
    const at = this.#take(length)
    return textOf(this.#bytes, at, at + length)
  }

  /** What `read` reads, or `undefined`. */
  option(read) {
    return this.bool() ? read(this) : undefined
  }

  /** An array of what `read` reads. Each element has a byte or more, so that a count cannot ask for much. */
  list(read) {
    const count = this.u32()
    this.#at = this.#take(count)
    // Elements of its own from the start: a program may have given `Array.prototype` setters.
    const list = Array.from({ length: count })
    for (let i = 0; i < count; i++) list[i] = read(this)
    return list
  }

  optionalText() {
    return this.option(text)
  }

  texts() {
    return this.list(text)
  }

  /** Checks that nothing is left. */
  end() {
    const left = this.#bytes.length - this.#at
    if (left !== 0) throw new Error(`landbridge: the frame is malformed: ${left} bytes are left`)
  }
}

const text = (frame) => frame.text()

/** What `read` reads from a frame, all of it. */
function readFrame(bytes, read) {
  const frame = new Reader(bytes)
  const found = read(frame)
  frame.end()
  return found
}

module.exports = { readFrame }
