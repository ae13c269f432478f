'use strict'
// Types of imports, exports, and objects of the guest's heap, as frozen objects.
const { fail, describe } = require('./error.js')
const { shows } = require('./shown.js')

/** The fields of each sort, in the order the addon gives them. */
const FIELDS = {
  func: ['params', 'results'],
  tag: ['params', 'results'],
  memory: ['min', 'max', 'is64', 'pageBytes'],
  table: ['element', 'min', 'max', 'is64'],
  global: ['content', 'mutable'],
  struct: ['fields'],
  array: ['element'],
}

class Type {
  #text

  constructor([sort, text, ...values]) {
    this.sort = sort
    FIELDS[sort].forEach((field, i) => { this[field] = Object.freeze(values[i]) })
    this.#text = text
    Object.freeze(this)
  }

  /** The text form, such as `func (i32) -> (i32)` or `memory 1 2`. */
  toString() {
    return this.#text
  }
}

shows(Type, String)

/** Types of arrays. One that the addon gives for many stays one. */
function types() {
  const made = new Map()
  return (type) => made.get(type) ?? made.set(type, new Type(type)).get(type)
}

/** What a module asks for, from the arrays the addon gives. */
function importTypes(list) {
  const typeOf = types()
  return Object.freeze(list.map(([module, name, type]) => Object.freeze({ module, name, type: typeOf(type) })))
}

/** What a module gives. */
function exportTypes(list) {
  const typeOf = types()
  return Object.freeze(list.map(([name, type]) => Object.freeze({ name, type: typeOf(type) })))
}

/** An array of names of types. */
function typeNames(types, what) {
  if (!Array.isArray(types)) throw fail('type', `${what}: expected an array of types, got ${describe(types)}`)
  return types
}

module.exports = { Type, importTypes, exportTypes, typeNames }
