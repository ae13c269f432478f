'use strict'
// Limits and usage: how much a store may use, and what it used.
const { native } = require('./native.js')
const { describe } = require('./error.js')
const { readFrame } = require('./frame.js')
const { notA } = require('./messages.js')
const { options } = require('./options.js')

const LIMITS = [
  // generated: node.limit_names
  'memoryBytes', 'tableElements', 'instances', 'fuel', 'outputBytes', 'writtenBytes', 'openFiles', 'timeoutMs',
  'transferBytes', 'handles',
  // end generated
]

/** Limits whose names are known; the addon reads them. */
function limitsOf(limits) {
  options('limits', limits, LIMITS)
  return limits
}

/** Limits in JSON, as every host has them. */
const Limits = Object.freeze({
  fromJson(json) {
    if (typeof json !== 'string') throw notA('json', 'a string', describe(json))
    return Object.freeze(native.limitsFromJson(json))
  },
  toJson(limits) {
    return native.limitsToJson(limitsOf(limits))
  },
})

const usage = (frame) => Object.freeze({
  // generated: node.usage_read
  memoryBytes: frame.u64(),
  peakMemoryBytes: frame.u64(),
  tableElements: frame.u64(),
  instances: frame.u64(),
  outputBytes: frame.u64(),
  writtenBytes: frame.u64(),
  openFiles: frame.u64(),
  fuelUsed: frame.option(() => frame.big()),
  lastCallMs: frame.u64() / NANOS_PER_MS,
  handles: frame.u64(),
  // end generated
})

const NANOS_PER_MS = 1_000_000

/** What a store used, of a frame. */
const usageOf = (bytes) => readFrame(bytes, usage)

module.exports = { Limits, limitsOf, usageOf }
