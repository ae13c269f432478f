'use strict'
// Namespaces: what a component exports, by what JavaScript calls it and by the names of WIT.
const { inspect } = require('node:util')
const { native } = require('../native.js')
const { makeFunc } = require('./func.js')
const { camel, pascal, short, spelled } = require('./names.js')
const { classOf } = require('./resource.js')
const { shownType } = require('./type.js')

const FREE = 0

/** The instance that a namespace is of, and the interface. */
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

/** The functions, resources and types of an interface or of the world itself: as members, and by the names of WIT. */
function membersOf(owner, interfaceName, funcs, types) {
  const [members, aliases] = [new Map(), new Map()]
  const put = (key, name, value) => {
    if (!members.has(key)) members.set(key, value)
    aliases.set(name, value)
  }
  const free = funcs.filter(({ role }) => role === FREE)
  const names = spelled(free.map(({ name }) => name))
  free.forEach((func, i) => put(names[i], func.name, makeFunc(owner, interfaceName, func)))
  for (const { name, isResource, type } of types) {
    const of = () => funcs.filter(({ resource }) => resource === name)
    const known = owner.classes.get(type.resource)
    put(pascal(name), name, isResource ? (known ?? classOf(owner, type, of(), interfaceName)) : shownType(type))
  }
  return { members, aliases }
}

/** All that a component exports. */
function makeExports(owner) {
  const { exports } = owner.world
  const of = (sort) => exports.filter((it) => it.sort === sort)
  const spaces = of('interface').map((it) => [it, interfaceSpace(owner, it)])
  const { members, aliases } = membersOf(owner, undefined, of('func'), of('type'))
  const shorts = spaces.map(([{ name }]) => camel(short(name)))
  spaces.forEach(([{ name }, made], i) => {
    const isTaken = members.has(shorts[i]) || shorts.indexOf(shorts[i]) !== shorts.lastIndexOf(shorts[i])
    members.set(isTaken ? name : shorts[i], made)
  })
  return space(members, (key) => aliases.get(key) ?? best(spaces, key))
}

function interfaceSpace(owner, { name, funcs, types }) {
  const { members, aliases } = membersOf(owner, name, funcs, types)
  const made = space(members, (key) => aliases.get(key))
  origins.set(made, { owner, name })
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

module.exports = { makeExports, originOf: (value) => origins.get(value) }
