'use strict'
// What objects say of themselves in console.log, in one line.
const { inspect } = require('node:util')

/** Has the objects of a class say what `text` tells. */
function shows(Class, text) {
  const value = function () {
    return `<${text(this)}>`
  }
  Object.defineProperty(Class.prototype, inspect.custom, { value, writable: true, configurable: true })
}

module.exports = { shows }
