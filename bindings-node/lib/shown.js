'use strict'
// What objects say of themselves in console.log, in one line.
const { inspect } = require('node:util')

/** Has the objects of a class say what `text` tells. */
function shows(Class, text) {
  const value = function () {
    try {
      return `<${text(this)}>`
    } catch {
      // A proxy of one, or what only has it as a prototype: shown as any object is.
      return this
    }
  }
  Object.defineProperty(Class.prototype, inspect.custom, { value, writable: true, configurable: true })
}

module.exports = { shows }
