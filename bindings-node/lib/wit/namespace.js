'use strict'
// Namespaces: what a component exports, by what JavaScript calls it and by the names of WIT.
const { inspect } = require('node:util')
const { native } = require('../native.js')
const { makeFunc } = require('./func.js')
const { camel, pascal, short, spelled } = require('./names.js')
const { classOf } = require('./resource.js')
const { shownType } = require('./type.js')

const FREE = 0

/** The instances that namespaces are of. */
const origins = new WeakMap()

/**
 * An object with these members, that knows them by other names, too: `find` is asked for what it does not have. It costs
 * members nothing: it stands behind the prototype.
 */
function space(members, find) {
  const asked = (key) => (typeof key === 'string' ? find(key) : undefined)
  const behind = new Proxy(Object.freeze(Object.create(null)), {
    get: (_, key) => asked(key),
    has: (_, key) => asked(key) !== undefined,
  })
  const made = Object.setPrototypeOf({}, behind)
  for (const [key, value] of members) Object.defineProperty(made, key, { value, enumerable: true })
  Object.defineProperty(made, inspect.custom, { value: () => ({ ...made }) })
  return Object.freeze(made)
}

/** What functions and types of a world or an interface are called here: each with what it is called. */
function namesOf(funcs, types) {
  const free = funcs.filter(({ role }) => role === FREE || role === 'function')
  const names = spelled(free.map(({ name }) => name))
  return { funcs: free.map((func, i) => [names[i], func]), types: types.map((type) => [pascal(type.name), type]) }
}

/** The functions, resources and types of an interface or of the world itself: as members, and by the names of WIT. */
function membersOf(owner, interfaceName, funcs, types) {
  const [members, aliases] = [new Map(), new Map()]
  const put = (key, name, value) => {
    if (!members.has(key)) members.set(key, value)
    aliases.set(name, value)
  }
  const names = namesOf(funcs, types)
  for (const [key, func] of names.funcs) put(key, func.name, makeFunc(owner, interfaceName, func))
  for (const [key, { name, isResource, type }] of names.types) {
    const of = () => funcs.filter(({ resource }) => resource === name)
    put(key, name, isResource ? (owner.classes.get(type.resource) ?? classOf(owner, type, of(), interfaceName)) : shownType(type))
  }
  return { members, aliases }
}

const ofSort = (exports, ...sorts) => exports.filter((it) => sorts.includes(it.sort))

/** What interfaces are called beside these names: their own name, or the full one where that is taken. */
function spaceNames(interfaces, taken) {
  const shorts = interfaces.map(({ name }) => camel(short(name)))
  const isTaken = (name) => taken(name) || shorts.indexOf(name) !== shorts.lastIndexOf(name)
  return interfaces.map(({ name }, i) => (isTaken(shorts[i]) ? name : shorts[i]))
}

/** All that a component exports. */
function makeExports(owner) {
  const { exports } = owner.world
  const interfaces = ofSort(exports, 'interface')
  const spaces = interfaces.map((it) => [it, interfaceSpace(owner, it)])
  const { members, aliases } = membersOf(owner, undefined, ofSort(exports, 'func'), ofSort(exports, 'type'))
  const names = spaceNames(interfaces, (name) => members.has(name))
  names.forEach((name, i) => members.set(name, spaces[i][1]))
  return space(members, (key) => aliases.get(key) ?? best(spaces, key))
}

/** The names of all that a component exports by its {@link Module.world}, those of WIT too: what an ES module of it exports. */
function exportNames({ exports }) {
  const { funcs, types } = namesOf(ofSort(exports, 'function'), ofSort(exports, 'type'))
  const interfaces = ofSort(exports, 'interface')
  const own = new Set([...funcs, ...types].map(([name]) => name))
  return [...new Set([...own, ...spaceNames(interfaces, (name) => own.has(name)), ...exports.map(({ name }) => name)])]
}

function interfaceSpace(owner, { name, funcs, types }) {
  const { members, aliases } = membersOf(owner, name, funcs, types)
  const made = space(members, (key) => aliases.get(key))
  origins.set(made, owner)
  return made
}

/** The interface that a name names best, if there is only one. */
function best(spaces, key) {
  let [least, found] = [Infinity, undefined]
  for (const [{ name }, made] of spaces) {
    const rank = native.witFits(key, name) ?? Infinity
    if (rank < least) [least, found] = [rank, made]
    else if (rank === least) found = undefined
  }
  return found
}

module.exports = { exportNames, makeExports, originOf: (value) => origins.get(value) }
