'use strict'
// Inspection: what a module is, told without compiling it.
const { native } = require('./native.js')
const { readFrame } = require('./frame.js')
const { read } = require('./source.js')
const { exportTypes, importTypes, memoryType } = require('./type.js')

/** Looks at what `load` would load. */
function inspect(source) {
  const { digest, ...what } = read(source)
  return found(native.inspect(what))
}

const frozen = (frame, make) => Object.freeze(frame.list(() => Object.freeze(make(frame))))

const found = (bytes) => readFrame(bytes, (frame) => Object.freeze(withJson({
  name: frame.optionalText(),
  imports: importTypes(frame),
  asks: frozen(frame, () => ({ what: frame.text(), functions: Object.freeze(frame.texts()) })),
  builtFor: frame.optionalText(),
  exports: exportTypes(frame),
  memories: Object.freeze(frame.list(memoryType)),
  features: Object.freeze(frame.texts()),
  compileCost: frame.u64(),
  customSections: frozen(frame, () => ({ name: frame.text(), bytes: frame.bytes() })),
  producers: frozen(frame, () => ({ field: frame.text(), name: frame.text(), version: frame.text() })),
  targetFeatures: Object.freeze(frame.texts()),
  wit: frame.optionalText(),
}, frame.text())))

/** With functions that are hidden, so that it can be compared and cloned. */
function withJson(inspection, json) {
  const functions = { toJson: { value: () => json }, toJSON: { value: () => JSON.parse(json) } }
  return Object.defineProperties(inspection, functions)
}

module.exports = { inspect }
