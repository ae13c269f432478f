'use strict'
// Imports: reading what a program lends to a module.
const { types } = require('node:util')
const { fail, describe } = require('./error.js')
const { native } = require('./native.js')
const { exportsOf } = require('./instance.js')
const { memoryHandle } = require('./memory.js')
const { tableHandle } = require('./table.js')
const { globalHandle } = require('./global.js')
const { notA } = require('./messages.js')
const { tagHandle } = require('./tag.js')

const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function'

/**
 * What the module's imports ask for: an item for each, in their order, and what was given besides. Properties are read
 * once each; what is missing is `undefined`, and the core lists it, and says what was meant.
 */
function gather(wanted, imports) {
  const namespaces = new Map()
  let missing = false
  const items = wanted.map(({ module: from, name, type }) => {
    if (!namespaces.has(from)) namespaces.set(from, namespace(imports, from))
    const value = read(namespaces.get(from), name)
    if (value === undefined || (value === null && type.sort !== 'global')) {
      missing ||= !native.isProvided(from, name)
      return undefined
    }
    return item(value) ?? plain(value, from, name, type)
  })
  return { items, offered: missing && isObject(imports) ? offer(imports) : undefined }
}

/** The most names that the core is told of what was given besides. */
const OFFERED = 1000

/** Names that were given, and outside of a namespace no module. No getter is run. */
function offer(imports) {
  const list = []
  for (const [from, space] of values(imports)) {
    if (typeof space === 'function') list.push({ name: from })
    if (!isObject(space)) continue
    for (const [name] of values(exportsOf(space) ?? space)) list.push({ module: from, name })
  }
  return list.slice(0, OFFERED)
}

/** The names and values of an object's own properties. */
function values(object) {
  if (types.isProxy(object)) return []
  const names = Object.keys(object).slice(0, OFFERED)
  return names.map((name) => [name, Object.getOwnPropertyDescriptor(object, name)?.value])
}

/** A property; what every object has, or every function, is not meant. */
function read(object, name) {
  if (object === undefined) return undefined
  const everywhere = typeof object === 'function' ? Function.prototype : Object.prototype
  if (name in everywhere && !Object.hasOwn(object, name)) return undefined
  return object[name]
}

function namespace(imports, from) {
  if (imports === undefined) return undefined
  if (!isObject(imports)) throw notA('imports', 'an object', describe(imports))
  const found = read(imports, from)
  if (found === undefined || found === null) return undefined
  if (!isObject(found)) throw notA(`imports.${native.told(from)}`, 'an object', describe(found))
  return exportsOf(found) ?? found
}

/** A function, or the handle of an item of a store; `undefined` for any other value. */
function item(value) {
  if (typeof value === 'function') return value
  if (!isObject(value)) return undefined
  return memoryHandle(value) ?? tableHandle(value) ?? globalHandle(value) ?? tagHandle(value)
}

/** A value, which only a global takes. */
function plain(value, from, name, type) {
  if (type.sort === 'global') return value
  throw fail('link', `${native.told(from)}.${native.told(name)}: ${type} is needed, a value of type ${describe(value)} was given`)
}

module.exports = { gather, offer }
