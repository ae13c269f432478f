'use strict'
// Types of imports, exports, and objects of the guest's heap, as frozen objects.
const { describe } = require('./error.js')
const { readFrame } = require('./frame.js')
const { notA } = require('./messages.js')
const { valueTypes } = require('./native.js')
const { shows } = require('./shown.js')

class Type {
  #text

  constructor(sort, fields, text) {
    this.sort = sort
    Object.assign(this, fields)
    this.#text = text
    Object.freeze(this)
  }

  /** The text form, such as `func (i32) -> (i32)` or `memory 1 2`. */
  toString() {
    return this.#text
  }
}

shows(Type, String)

/** Names by their numbers. */
const NAMES = []
for (const [name, number] of Object.entries(valueTypes)) NAMES[number] = name

const valueType = (frame) => NAMES[frame.byte()]
const valueTypesOf = (frame) => Object.freeze(frame.list(valueType))
const u64 = (frame) => frame.u64()
const signature = (frame) => ({ params: valueTypesOf(frame), results: valueTypesOf(frame) })
const bounds = (frame) => ({ min: frame.u64(), max: frame.option(u64), is64: frame.bool() })
const memory = (frame) => ({ ...bounds(frame), pageBytes: frame.u64() })

/** What each sort has, by its number. */
const SORTS = [
  undefined,
  ['func', signature],
  ['memory', memory],
  ['table', (frame) => ({ element: valueType(frame), ...bounds(frame) })],
  ['global', (frame) => ({ content: valueType(frame), mutable: frame.bool() })],
  ['tag', signature],
]

/** The same of the guest's heap. */
const HEAP_SORTS = [
  undefined,
  ['struct', (frame) => ({ fields: Object.freeze(frame.list(heapField)) })],
  ['array', (frame) => ({ element: heapField(frame) })],
]

function heapField(frame) {
  const storage = frame.text()
  // The type of its values, which is told by the storage.
  frame.byte()
  return Object.freeze({ storage, mutable: frame.bool() })
}

function typeBy(sorts) {
  return (frame) => {
    const [sort, fields] = sorts[frame.byte()]
    return new Type(sort, fields(frame), frame.text())
  }
}

const externType = typeBy(SORTS)
const heapType = typeBy(HEAP_SORTS)

/** The type of a memory where nothing else is there, so that its sort and its text form are left out. */
function memoryType(frame) {
  const fields = memory(frame)
  const max = fields.max === undefined ? '' : ` ${fields.max}`
  return new Type('memory', fields, `memory${fields.is64 ? ' i64' : ''} ${fields.min}${max}`)
}

/** The types of frames of one. */
const typeOf = (bytes) => readFrame(bytes, externType)
const heapTypeOf = (bytes) => readFrame(bytes, heapType)

/** The types that come first, of which each element of the list has one: a type that many have stays one object. */
const types = (frame) => frame.list(externType)

/** What a module asks for. */
function importTypes(frame) {
  const all = types(frame)
  return Object.freeze(frame.list((it) => Object.freeze({ module: it.text(), name: it.text(), type: all[it.u32()] })))
}

/** What a module gives. */
function exportTypes(frame) {
  const all = types(frame)
  return Object.freeze(frame.list((it) => Object.freeze({ name: it.text(), type: all[it.u32()] })))
}

/** An array of names of types. */
function typeNames(types, what) {
  if (!Array.isArray(types)) throw notA(what, 'an array of types', describe(types))
  return types
}

module.exports = { typeOf, heapTypeOf, importTypes, exportTypes, memoryType, typeNames }
