'use strict'
// Inspection: what a module is, told without compiling it.
const { native } = require('./native.js')
const { bytesOf } = require('./bytes.js')
const { read } = require('./source.js')
const { Type, exportTypes, importTypes } = require('./type.js')

/** Looks at what `load` would load. */
function inspect(source) {
  const { path, string, bytes } = read(source)
  if (path !== undefined) return found(native.inspectFile(path))
  return found(string === undefined ? native.inspectBytes(bytesOf(bytes, 'bytes')) : native.inspectString(string))
}

const frozen = (list, make) => Object.freeze(list.map((one) => Object.freeze(make(one))))

function found([name, imports, asks, builtFor, exports, memories, features, compileCost, sections, producers, targetFeatures, json]) {
  const it = {
    name,
    imports: importTypes(imports),
    asks: frozen(asks, ([what, functions]) => ({ what, functions: Object.freeze(functions) })),
    builtFor,
    exports: exportTypes(exports),
    memories: frozen(memories, (type) => new Type(type)),
    features: Object.freeze(features),
    compileCost,
    customSections: frozen(sections, ([name, bytes]) => ({ name, bytes: new Uint8Array(bytes) })),
    producers: frozen(producers, ([field, name, version]) => ({ field, name, version })),
    targetFeatures: Object.freeze(targetFeatures),
  }
  // Hidden, so that it can be compared and cloned.
  const hidden = { toJson: { value: () => json }, toJSON: { value: () => JSON.parse(json) } }
  return Object.freeze(Object.defineProperties(it, hidden))
}

module.exports = { inspect }
