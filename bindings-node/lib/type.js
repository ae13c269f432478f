'use strict'
// Types of imports, exports, functions, memories, tables and globals, as frozen objects.

/** The fields of each sort, in the order the addon gives them. */
const FIELDS = {
  func: ['params', 'results'],
  tag: ['params', 'results'],
  memory: ['min', 'max', 'is64', 'pageBytes'],
  table: ['element', 'min', 'max'],
  global: ['content', 'mutable'],
}

class ExternType {
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

module.exports = { ExternType }
