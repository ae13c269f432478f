'use strict'
// Limits and usage: how much a store may use, and what it used.
const { native } = require('./native.js')
const { fail, describe } = require('./error.js')
const { options } = require('./options.js')

/** In the order in which the addon takes them. */
const LIMITS = [
  // generated: node.limit_names
  'memoryBytes', 'tableElements', 'instances', 'fuel', 'outputBytes', 'writtenBytes', 'openFiles', 'timeoutMs',
  // end generated
]

/** In the order in which the addon gives it. */
const USAGE = [
  // generated: node.usage_names
  'memoryBytes', 'peakMemoryBytes', 'tableElements', 'instances', 'outputBytes', 'writtenBytes', 'openFiles',
  'fuelUsed', 'lastCallMs',
  // end generated
]

/** The limits as an array. */
function limitsOf(limits) {
  const given = options('limits', limits, LIMITS)
  return LIMITS.map((name) => given[name])
}

/** Limits in JSON, as every host has them. */
const Limits = Object.freeze({
  fromJson(json) {
    if (typeof json !== 'string') throw fail('type', `json: expected a string, got ${describe(json)}`)
    const list = native.limitsFromJson(json)
    const set = LIMITS.map((name, i) => [name, list[i]]).filter(([, limit]) => limit !== undefined)
    return Object.freeze(Object.fromEntries(set))
  },
  toJson(limits) {
    return native.limitsToJson(limitsOf(limits))
  },
})

/** An array of the addon as a frozen object. */
const usageOf = (list) => Object.freeze(Object.fromEntries(USAGE.map((name, i) => [name, list[i]])))

module.exports = { Limits, limitsOf, usageOf }
