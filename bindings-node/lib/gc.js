'use strict'
// GcRef: a struct or an array of the guest's heap.
const { native } = require('./native.js')
const { elements, readOnly } = require('./assign.js')
const { shows } = require('./shown.js')
const { fail } = require('./error.js')
const { heapTypeOf } = require('./type.js')

const TOKEN = Symbol('GcRef')

class GcRef {
  #state

  constructor(token, state) {
    if (token !== TOKEN) throw fail('type', 'only guests make structs and arrays')
    this.#state = state
  }

  get sort() {
    return this.type.sort
  }

  get type() {
    return heapTypeOf(native.typeOf(this))
  }

  get length() {
    return native.gcLength(this)
  }

  get(index) {
    return native.gcGet(this, index)
  }

  set(index, value) {
    native.gcSet(this, index, value)
  }

  getBits(index) {
    return native.gcGet(this, index, true)
  }

  setBits(index, bits) {
    native.gcSet(this, index, bits, true)
  }

  equals(other) {
    return native.same(this, other)
  }
}

/** Called by the addon, which makes the object carry what it is. */
const gcRef = (state) => new GcRef(TOKEN, state)

shows(GcRef, (object) => `GcRef ${object.type}`)
readOnly(GcRef)
elements(GcRef, {
  get: (object, index) => object.get(index),
  set: (object, index, value) => object.set(index, value),
  named(name) {
    throw fail('type', `a struct or an array of a guest has no property ${JSON.stringify(name)}: its fields have numbers, such as [0]`)
  },
})

module.exports = { GcRef, gcRef }
