'use strict'
// The context of the host function that runs now: which import it is, and who called.
const { native } = require('./native.js')
const { objectOf } = require('./instance.js')

const context = Object.freeze({
  __proto__: null,

  get name() {
    return native.contextName()
  },

  export(name) {
    const found = native.contextExport(String(name))
    return found === undefined ? undefined : objectOf(...found)
  },
})

module.exports = { context }
