'use strict'
// TaggedException: an exception of WebAssembly, as an error and as the value of an exnref.
const { native } = require('./native.js')
const { WasmError, describe } = require('./error.js')
const { notA, notCaught } = require('./messages.js')
const { openTag, tagOf } = require('./tag.js')

const TOKEN = Symbol('TaggedException')
const BITS = Symbol('bits')
let made

class TaggedException extends WasmError {
  #state
  #tag
  #payload

  constructor(tag, payload = [], how) {
    super(tag === TOKEN ? payload : message(tag))
    if (tag === TOKEN) {
      this.#state = how
      return
    }
    if (!Array.isArray(payload)) throw notA('payload', 'an array', describe(payload))
    const { handle, state } = openTag(tag)
    native.exceptionNew(this, handle, payload, how === BITS)
    this.#state = state
    this.#tag = tag
  }

  static fromBits(tag, payload) {
    return new this(tag, payload, BITS)
  }

  get tag() {
    return (this.#tag ??= tagOf(native.exceptionTag(this), this.#state))
  }

  get payload() {
    return (this.#payload ??= Object.freeze(native.exceptionPayload(this)))
  }

  get bits() {
    return native.exceptionPayload(this, true)
  }

  equals(other) {
    return native.same(this, other)
  }

  static {
    /** Called by the addon for an exception of a guest; the addon makes the object carry it. */
    made = (state, message) => {
      const error = new TaggedException(TOKEN, message, state)
      Error.captureStackTrace(error, made)
      return error
    }
  }
}

TaggedException.kind = 'exception'
Object.defineProperty(TaggedException.prototype, 'name', { value: 'TaggedException', writable: true, configurable: true })

/** As the core says it. */
function message(tag) {
  openTag(tag)
  return notCaught(tag.type)
}

module.exports = { TaggedException, exception: made }
