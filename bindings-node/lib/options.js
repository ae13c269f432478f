'use strict'
// Objects of options, as many functions take them.
const { fail, describe } = require('./error.js')
const { notA } = require('./messages.js')
const { native } = require('./native.js')

/** The options given; `undefined` is none. A name that is unknown is an error, not ignored. */
function options(what, given, names) {
  if (given === undefined) return {}
  if (typeof given !== 'object' || given === null) {
    throw notA(what, 'an object of options', describe(given))
  }
  for (const name of Object.keys(given)) {
    if (!names.includes(name)) {
      const meant = native.meant(name, names)
      throw fail('type', `${what}: no option is named ${JSON.stringify(name)}; there is ${names.join(', ')}${meant}`)
    }
  }
  return given
}

/** Checks an option that is true, false or left out, and returns it. */
function flag(name, value) {
  if (value === undefined || typeof value === 'boolean') return value
  throw notA(name, 'a boolean', describe(value))
}

module.exports = { flag, options }
