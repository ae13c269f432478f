'use strict'
// Hosts: what a program lends to a component, as functions that the addon calls.
const { types } = require('node:util')
const { WitError, describe, fail } = require('../error.js')
const { notA } = require('../messages.js')
const { offer } = require('../imports.js')
const { native } = require('../native.js')
const { enter, innermost, leave, place, ready, tell, tellLater } = require('./lane.js')
const { arrayOf } = require('./list.js')
const { camel, pascal, short } = require('./names.js')
const { originOf } = require('./namespace.js')
const { ownerOf } = require('./owner.js')
const { RESULT, isPlain } = require('./type.js')
const { put } = require('./cases.js')
const { other, told } = require('./wrong.js')

const CONSTRUCTOR = 1
const METHOD = 2
const STATIC = 3

const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function'

/** A property by the first of these names that it has; what every object has, or every function, is not meant. */
function member(object, ...names) {
  const everywhere = typeof object === 'function' ? Function.prototype : Object.prototype
  for (const name of names) {
    const value = object[name]
    if (value !== undefined && (value !== everywhere[name] || Object.hasOwn(object, name))) return value
  }
  return undefined
}

/**
 * What a component's imports ask for, of what was given: items as the addon takes them, and what was given besides. What is
 * missing is left out, and core lists it. `instanceBy` gives the instance by the state of its store, or whatever the state is.
 */
function gatherWit(world, imports, instanceBy) {
  if (imports === undefined) return { items: [], offered: undefined }
  if (!isObject(imports)) throw notA('imports', 'an object', describe(imports))
  const own = (sort) => world.imports.filter((it) => it.sort === sort)
  const items = lendAll('', imports, own('func'), own('type'), instanceBy)
  for (const it of own('interface')) items.push(...lendInterface(it, imports, instanceBy))
  return { items, offered: isAllLent(world, items) ? undefined : offer(imports).map(asWit) }
}

/** Whether nothing is missing, as far as can be seen here. */
function isAllLent({ imports }, items) {
  const lent = new Set(items.filter(({ func }) => func).map(({ interface: from, name }) => `${from}#${name}`))
  const whole = new Set(items.filter(({ instance }) => instance).map((it) => it.interface))
  const has = (from) => ({ name }) => whole.has(from) || lent.has(`${from}#${name}`)
  return imports.every((it) => (it.sort === 'interface' ? it.funcs.every(has(it.name)) : it.sort !== 'func' || has('')(it)))
}

/** What was given, as WIT spells it. */
function asWit({ module: from = '', name }) {
  return { module: from, name: name.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase() }
}

function lendInterface({ name, funcs, types }, imports, instanceBy) {
  const given = pick(imports, name)
  if (given === undefined || given === null) return []
  // All exports of a component have the interface among them.
  const inner = isObject(given) ? pick(given, name) : undefined
  const found = originOf(inner) === undefined ? given : inner
  if (!isObject(found)) throw notA(`imports.${native.told(name)}`, 'an object', describe(found))
  const owner = instanceBy(undefined)
  // A component is lent as it is: its resources stay its own. One of another store is as good as any object.
  const origin = ownerOf(found) ?? originOf(found)
  if (origin !== undefined && (origin === ownerOf(found) || origin.state === owner?.state)) {
    const exported = origin.world.exports.find((it) => native.witFits(name, it.name) !== undefined)
    owner?.link(origin, exported?.name, types)
    return [{ interface: name, instance: origin.box.handle }]
  }
  return lendAll(name, found, funcs, types, instanceBy)
}

/** What was given for an interface: by its full name, or by the name that names it best. */
function pick(imports, full) {
  const exact = member(imports, full)
  if (exact !== undefined) return exact
  const ranked = Object.keys(imports).map((key) => [native.witFits(key, full) ?? Infinity, key])
  const [rank, key] = ranked.reduce((best, one) => (one[0] < best[0] ? one : best), [Infinity, undefined])
  return rank < Infinity ? imports[key] : member(imports, camel(short(full)))
}

function lendAll(interfaceName, found, funcs, types, instanceBy) {
  const items = []
  const lend = (func, call) => {
    if (call !== undefined) items.push({ interface: interfaceName, name: func.name, ...lender(interfaceName, func, call, instanceBy) })
  }
  for (const func of funcs) {
    if (func.role === 0) lend(func, freeCall(interfaceName, func, found))
  }
  const resources = types.filter(({ isResource }) => isResource).map(({ name }) => [name, member(found, pascal(name), name)])
  for (const [name, Class] of resources) {
    const own = funcs.filter(({ resource }) => resource === name)
    const isMade = own.some(({ role }) => role !== METHOD)
    for (const func of own) lend(func, classCall(interfaceName, func, Class, isMade))
  }
  // Where no function is lent, nothing else would say that there is something for the interface.
  if (items.length === 0) {
    for (const [name, Class] of resources) if (Class !== undefined || funcs.length === 0) items.push({ interface: interfaceName, name })
  }
  return items
}

function freeCall(interfaceName, func, found) {
  const value = member(found, camel(func.name), func.name)
  if (value === undefined) return undefined
  if (typeof value !== 'function') throw notA(placeOf(interfaceName, func), 'a function', describe(value))
  const call = (args) => Reflect.apply(value, found, args)
  if (isPlain(func)) call.direct = Function.prototype.bind.call(value, found)
  return call
}

/** A function of a resource that a class of the host is; `isMade` if a component asks for functions of the class itself. */
function classCall(interfaceName, func, Class, isMade) {
  const names = [camel(func.ownName), func.ownName]
  if (Class !== undefined && typeof Class !== 'function') throw notA(placeOf(interfaceName, func), 'a class', describe(Class))
  if (func.role === METHOD) {
    // Without a class the objects are made by other functions, and have their methods as they come.
    const lacks = Class === undefined ? isMade : Class.prototype !== undefined && typeof member(Class.prototype, ...names) !== 'function'
    return lacks ? undefined : ([self, ...args]) => Reflect.apply(methodOf(self, names, interfaceName, func), self, args)
  }
  if (Class === undefined) return undefined
  if (func.role === CONSTRUCTOR) return (args) => Reflect.construct(Class, args)
  const value = func.role === STATIC ? member(Class, ...names) : undefined
  return typeof value === 'function' ? (args) => Reflect.apply(value, Class, args) : undefined
}

function methodOf(self, names, interfaceName, func) {
  const value = isObject(self) ? member(self, ...names) : undefined
  if (typeof value === 'function') return value
  throw fail('type', `${placeOf(interfaceName, func)}: the object has no method ${names[0]}`)
}

const placeOf = (interfaceName, func) => (interfaceName === '' ? func.name : `${interfaceName}#${func.name}`)

/**
 * The function that the addon calls: it reads the arguments from a lane, and writes the result there. If all of them are
 * plain, the addon calls the program's own, `direct`, and has what it gave `finish`ed if it is not plain.
 */
function lender(interfaceName, func, call, instanceBy) {
  const reads = func.params.map(({ type }) => type.codec.read)
  const count = reads.length
  const giver = { write: writer(func), place: `result of ${native.told(placeOf(interfaceName, func))}`, result: func.result }
  const gave = (lane, owner, value) => {
    if (typeof value === 'object' && types.isPromise(value)) return later(value, owner, giver)
    answered(lane, giver, value)
  }
  const lent = (room, found, given, state) => {
    const lane = innermost()
    ready(lane)
    if (room !== undefined) place(lane, room)
    const owner = instanceBy(state)
    lane.at = 0
    lane.found = found
    lane.given = given
    lane.owner = owner
    const args = arrayOf(count)
    for (let i = 0; i < count; i++) args[i] = reads[i](lane)
    lane.found = lane.given = undefined
    let value
    try {
      value = call(args)
    } catch (error) {
      failed(lane, giver, error)
      return undefined
    }
    return gave(lane, owner, value)
  }
  const finish = (value, room, found, given, state) => {
    const lane = innermost()
    ready(lane)
    return gave(lane, instanceBy(state), value)
  }
  return { func: lent, direct: call.direct, finish }
}

/** Writes what a function gave. */
function answered(lane, giver, value) {
  lane.at = 0
  try {
    giver.write(lane, value)
  } catch (error) {
    ready(lane)
    throw told(error, giver.place)
  }
  lane.owner = undefined
  tell(lane)
}

/** The same of what it threw: a WitError is the `err` of the result, all else goes on. */
function failed(lane, giver, error) {
  if (!(error instanceof WitError) || giver.result?.sort !== RESULT) throw error
  answered(lane, { write: errWriter(giver.result), place: giver.place }, error.payload)
}

function errWriter({ err }) {
  return (lane, payload) => {
    lane.bytes[0] = 1
    lane.at = 1
    put(lane, err, payload, 'err')
  }
}

/** How the result of a function is written. */
function writer({ result }) {
  if (result === undefined) {
    return (_, value) => {
      if (value !== undefined) throw other('nothing', value)
    }
  }
  if (result.sort !== RESULT) return result.codec.write
  return (lane, value) => {
    lane.bytes[0] = 0
    lane.at = 1
    put(lane, result.ok, value, 'ok')
  }
}

/** What is lent waits for a promise: who must be told of what it gave. */
const waiting = new WeakMap()

function later(promise, owner, giver) {
  const own = Promise.prototype.then.call(promise, (value) => value)
  waiting.set(own, { owner, giver })
  tellLater()
  return own
}

/** Called by the addon when a function that a guest of another thread called gave a promise. */
function settle(promise, loan) {
  const { owner, giver } = waiting.get(promise)
  const answer = (write) => {
    const lane = enter(owner)
    try {
      write(lane)
      native.witAnswer(loan)
    } catch (error) {
      native.witFail(loan, error)
    } finally {
      leave(lane)
    }
  }
  const done = (value) => answer((lane) => answered(lane, giver, value))
  Promise.prototype.then.call(promise, done, (error) => answer((lane) => failed(lane, giver, error)))
}

module.exports = { gatherWit, settle }
