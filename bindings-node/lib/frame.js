'use strict'
// Frames: the flat form in which the addon tells what is more than a plain value. Nothing in one names its fields: their
// layouts are in core, in `frame/layouts.rs`. It asks nothing of other files, since errors come as frames too.

/** The version that this reads, a frame's first byte. */
const VERSION = 1

/** Takes what is next, one thing after the other; what is not there is an error. */
class Reader {
  #bytes
  #view
  #at = 0

  constructor({ buffer, byteOffset, length }) {
    this.#bytes = Buffer.from(buffer, byteOffset, length)
    this.#view = new DataView(buffer, byteOffset, length)
    const version = this.byte()
    if (version !== VERSION) {
      throw new Error(`landbridge: a frame of version ${version}, not ${VERSION}: the addon and its JavaScript are of different releases`)
    }
  }

  /** The place of what is next, which has so many bytes. */
  #take(bytes) {
    const at = this.#at
    if (bytes > this.#bytes.length - at) {
      throw new Error(`landbridge: the frame is not well made: ${bytes} bytes or elements must follow at ${at} of ${this.#bytes.length}`)
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

  u32() {
    return this.#view.getUint32(this.#take(4), true)
  }

  i32() {
    return this.#view.getInt32(this.#take(4), true)
  }

  /** 64 bits as a number, the nearest one. */
  u64() {
    return Number(this.big())
  }

  /** 64 bits as a BigInt. */
  big() {
    return this.#view.getBigUint64(this.#take(8), true)
  }

  /** A copy of bytes. */
  bytes() {
    const length = this.u32()
    const at = this.#take(length)
    return new Uint8Array(this.#bytes.subarray(at, at + length))
  }

  text() {
    const length = this.u32()
    const at = this.#take(length)
    return this.#bytes.toString('utf8', at, at + length)
  }

  /** What `read` reads, or `undefined`. */
  option(read) {
    return this.bool() ? read(this) : undefined
  }

  /** An array of what `read` reads. Each element has a byte or more, so that a count cannot ask for much. */
  list(read) {
    const count = this.u32()
    this.#at = this.#take(count)
    return Array.from({ length: count }, () => read(this))
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
    if (left !== 0) throw new Error(`landbridge: the frame is not well made: ${left} bytes are left`)
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
