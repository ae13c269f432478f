'use strict'
// Wrong: what is wrong with a value, and where. The words are core's.
const { native } = require('../native.js')

/** As core numbers them. */
const OTHER = 0
const UNFIT = 1
const MISSING = 2
const UNKNOWN = 3
const TWICE = 4
const SURROGATE = 5
const OTHER_STORE = 7

/** Thrown on the way out to where the place of the value is known; no program sees one. */
class Wrong {
  constructor(sort, ...words) {
    this.sort = sort
    this.words = words
    this.path = ''
    /** It is wrong with a value itself, although a part of it was being written. */
    this.isWhole = false
  }
}

/** What JavaScript calls a value. */
function sortOf(value) {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

const other = (expected, value) => new Wrong(OTHER, expected, sortOf(value))
const otherThan = (expected, given) => new Wrong(OTHER, expected, given)
const unfit = (given, type) => new Wrong(UNFIT, String(given), type)
const missing = (what, name, type) => new Wrong(MISSING, what, name, type)
const unknown = (what, name, type, known) => new Wrong(UNKNOWN, what, String(name), type, known)
const twice = (what, name) => new Wrong(TWICE, what, name)
const surrogate = () => new Wrong(SURROGATE)
const otherStore = () => new Wrong(OTHER_STORE)

/** What was thrown in a part of a value, with the way there. */
function within(error, step) {
  if (!(error instanceof Wrong)) return error
  if (!error.isWhole) error.path = step + error.path
  error.isWhole = false
  return error
}

/** What is wrong with all of a value, thrown where a part is written. */
const whole = (wrong) => Object.assign(wrong, { isWhole: true })

/** What was thrown, as a program is to see it. */
function told(error, place) {
  if (!(error instanceof Wrong)) return error
  return native.witWrong(place + error.path, error.sort, ...error.words)
}

module.exports = { other, otherThan, unfit, missing, unknown, twice, surrogate, otherStore, sortOf, whole, within, told }
