'use strict'
// Func: functions of a store. They are function objects that the addon makes; this gives them
// their prototype.
const { native } = require('./native.js')
const { readOnly } = require('./assign.js')
const { shows } = require('./shown.js')
const { split, start } = require('./call.js')
const { describe } = require('./error.js')
const { notA } = require('./messages.js')
const { typeNames, typeOf } = require('./type.js')
const { openStore } = require('./state.js')
const { options } = require('./options.js')

/** Keeps the store's state alive as long as a function of it. */
const states = new WeakMap()

class Func extends Function {
  // A constructor that returns an object need not call super.
  constructor(store, type, func) {
    const { handle } = openStore(store)
    const { params = [], results = [] } = options('Func', type, ['params', 'results'])
    if (typeof func !== 'function') throw notA('Func', 'a function', describe(func))
    return native.funcNew(handle, typeNames(params, 'params'), typeNames(results, 'results'), func)
  }

  get type() {
    return typeOf(native.typeOf(this))
  }

  bits(...args) {
    return native.funcBits(this, args)
  }

  map(...args) {
    const [given, found] = split(args, this?.length)
    const { rows, out } = options('map', found, ['rows', 'out'])
    return native.funcMap(this, given, rows, out)
  }

  async(...args) {
    const [given, options] = split(args, this?.length)
    return start((call) => native.funcAsync(this, given, call), options)
  }
}

/** A function for guests to call whose floats are bits. */
function bits(func) {
  if (typeof func !== 'function') throw notA('bits', 'a function', describe(func))
  return native.markBits((...args) => func(...args))
}

/** Called by the addon for each function object it makes. */
function adopt(func, state, length) {
  states.set(func, state)
  Object.setPrototypeOf(func, Func.prototype)
  Object.defineProperty(func, 'length', { value: length, configurable: true })
}

shows(Func, (func) => native.shown(func))
readOnly(Func)

module.exports = { Func, bits, adopt }
