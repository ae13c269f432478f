'use strict'
// Global: one value that JavaScript and guests share.
const { native } = require('./native.js')
const { readOnly } = require('./assign.js')
const { shows } = require('./shown.js')
const { keepOne, oneOf } = require('./identity.js')
const { typeOf } = require('./type.js')
const { openStore } = require('./state.js')
const { options } = require('./options.js')

const TOKEN = Symbol('Global')
let handleOf

class Global {
  #handle
  #state

  constructor(store, type, value) {
    if (store === TOKEN) {
      this.#handle = type
      this.#state = value
      return
    }
    const opened = openStore(store)
    const { content, mutable = false } = options('Global', type, ['content', 'mutable'])
    this.#handle = native.globalNew(opened.handle, content, Boolean(mutable), value)
    this.#state = opened.state
    keepOne(this.#state.items, native.idOf(this.#handle), this)
  }

  get type() {
    return typeOf(native.typeOf(this.#handle))
  }

  get value() {
    return native.globalGet(this.#handle)
  }

  set value(value) {
    native.globalSet(this.#handle, value)
  }

  get bits() {
    return native.globalGet(this.#handle, true)
  }

  set bits(bits) {
    native.globalSet(this.#handle, bits, true)
  }

  static {
    handleOf = (value) => (#state in value ? value.#handle : undefined)
  }
}

const globalOf = (handle, state, id = native.idOf(handle)) =>
  oneOf(state.items, id, () => new Global(TOKEN, handle, state))

shows(Global, (global) => native.shown(handleOf(global)))
readOnly(Global)

module.exports = { Global, globalHandle: handleOf, globalOf }
