'use strict'
// Table: references, by index.
const { native } = require('./native.js')
const { elements, readOnly } = require('./assign.js')
const { shows } = require('./shown.js')
const { fail } = require('./error.js')
const { keepOne, oneOf } = require('./identity.js')
const { typeOf } = require('./type.js')
const { openStore } = require('./state.js')
const { flag, options } = require('./options.js')

const TOKEN = Symbol('Table')
let handleOf

class Table {
  #handle
  #state

  constructor(store, type, state) {
    if (store === TOKEN) {
      this.#handle = type
      this.#state = state
      return
    }
    const opened = openStore(store)
    const { element, min, max, is64, init = null } = options('Table', type, ['element', 'min', 'max', 'is64', 'init'])
    this.#handle = native.tableNew(opened.handle, element, min, max, flag('is64', is64), init)
    this.#state = opened.state
    keepOne(this.#state.items, native.idOf(this.#handle), this)
  }

  get type() {
    return typeOf(native.typeOf(this.#handle))
  }

  get size() {
    return native.tableSize(this.#handle)
  }

  get(index) {
    return native.tableGet(this.#handle, index)
  }

  set(index, value) {
    native.tableSet(this.#handle, index, value)
  }

  grow(delta, init = null) {
    return native.tableGrow(this.#handle, delta, init)
  }

  static {
    handleOf = (value) => (#state in value ? value.#handle : undefined)
  }
}

const tableOf = (handle, state, id = native.idOf(handle)) =>
  oneOf(state.items, id, () => new Table(TOKEN, handle, state))

shows(Table, (table) => native.shown(handleOf(table)))
readOnly(Table)
elements(Table, {
  set() {
    throw fail('type', 'a table has no elements to assign: use set(index, value)')
  },
})

module.exports = { Table, tableHandle: handleOf, tableOf }
