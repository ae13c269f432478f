'use strict'
// Memory: the guest's linear memory, copied in and out or viewed in place.
const { native } = require('./native.js')
const { elements, readOnly } = require('./assign.js')
const { shows } = require('./shown.js')
const { typeOf } = require('./type.js')
const { bytesOf } = require('./bytes.js')
const { fail, describe } = require('./error.js')
const { notA } = require('./messages.js')
const { DETACH, openStore } = require('./state.js')
const { flag, options } = require('./options.js')

const TOKEN = Symbol('Memory')
let handleOf

class Memory {
  #handle
  #state
  #buffer

  constructor(store, type, state) {
    if (store === TOKEN) {
      this.#handle = type
      this.#state = state
      return
    }
    const opened = openStore(store)
    const { min, max, is64, pageBytes } = options('Memory', type, ['min', 'max', 'is64', 'pageBytes'])
    this.#handle = native.memoryNew(opened.handle, min, max, flag('is64', is64), pageBytes)
    this.#state = opened.state
    this.#state.memories.set(native.idOf(this.#handle), this)
  }

  get type() {
    return typeOf(native.typeOf(this.#handle))
  }

  get sizeBytes() {
    return native.memoryBytes(this.#handle)
  }

  get sizePages() {
    return native.memoryPages(this.#handle)
  }

  get buffer() {
    const bytes = native.memoryBytes(this.#handle)
    if (this.#buffer === undefined || this.#buffer.byteLength !== bytes) {
      this[DETACH]()
      this.#buffer = native.memoryBuffer(this.#handle)
    }
    return this.#buffer
  }

  read(offset, length) {
    native.memoryCheck(this.#handle, offset, length)
    // Not zeroed, since all of it is written; and not from the pool, since it is given away.
    const target = new Uint8Array(Buffer.allocUnsafeSlow(Number(length)).buffer)
    native.memoryRead(this.#handle, offset, target)
    return target
  }

  readInto(offset, target) {
    native.memoryRead(this.#handle, offset, bytesOf(target, 'target'))
    return target
  }

  write(offset, source) {
    native.memoryWrite(this.#handle, offset, bytesOf(source, 'source'))
  }

  readText(offset, length) {
    return native.memoryReadText(this.#handle, offset, length)
  }

  readCString(offset, most) {
    return native.memoryReadCString(this.#handle, offset, most)
  }

  writeText(offset, text) {
    if (typeof text !== 'string') throw notA('text', 'a string', describe(text))
    return native.memoryWriteText(this.#handle, offset, text)
  }

  grow(pages) {
    const former = native.memoryGrow(this.#handle, pages)
    this[DETACH]()
    return former
  }

  [DETACH]() {
    const buffer = this.#buffer
    this.#buffer = undefined
    if (buffer !== undefined) native.detach(buffer)
  }

  static {
    handleOf = (value) => (#handle in value ? value.#handle : undefined)
  }
}

/** The Memory of a handle; one memory is one object. */
function memoryOf(handle, state, id) {
  let memory = state.memories.get(id)
  if (memory === undefined) {
    memory = new Memory(TOKEN, handle, state)
    state.memories.set(id, memory)
  }
  return memory
}

shows(Memory, (memory) => native.shown(handleOf(memory)))
readOnly(Memory)
elements(Memory, {
  set() {
    throw fail('type', 'a memory has no elements to assign: use write, or a view such as new Uint8Array(memory.buffer)')
  },
})

module.exports = { Memory, memoryHandle: handleOf, memoryOf }
