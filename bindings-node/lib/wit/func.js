'use strict'
// WitFunc: functions of components. They are function objects with this prototype.
const { shows } = require('../shown.js')
const { readOnly } = require('../assign.js')
const { split, start } = require('../call.js')
const { WitError, describe, fail } = require('../error.js')
const { notA } = require('../messages.js')
const { native } = require('../native.js')
const lanes = require('./lane.js')
const { beside, enter, laneAround, leave } = lanes
const { camel } = require('./names.js')
const { RESULT, isPlain, shownType } = require('./type.js')
const { told } = require('./wrong.js')

/** What is known of a function object. */
const facts = new WeakMap()

class WitFuncType {
  #text

  constructor(func) {
    this.params = Object.freeze(func.params.map(({ name, type }) => Object.freeze({ name, type: shownType(type) })))
    this.result = func.result && shownType(func.result)
    this.#text = func.told.slice(func.told.indexOf(': ') + 2)
    Object.freeze(this)
  }

  /** The text of WIT, such as `func(name: string) -> string`. */
  toString() {
    return this.#text
  }
}

shows(WitFuncType, String)

class WitFunc extends Function {
  // A constructor that throws need not call super.
  constructor() {
    throw fail('type', 'only components make functions of WIT')
  }

  get type() {
    return typeOf(factOf(this).func)
  }

  get docs() {
    return factOf(this).func.docs
  }

  /** Its name as WIT has it, with that of its interface: `demo:app/shapes@1.2.0#area`. */
  get witName() {
    return factOf(this).full
  }

  async(...args) {
    try {
      const fact = factOf(this)
      const [given, options] = split(args, fact.writes.length)
      return later(fact, given, options)
    } catch (error) {
      return Promise.reject(error)
    }
  }
}

const types = new WeakMap()

/** The type of a function, the same for all instances. */
function typeOf(func) {
  if (!types.has(func)) types.set(func, new WitFuncType(func))
  return types.get(func)
}

function factOf(func) {
  const fact = facts.get(func)
  if (fact === undefined) throw notA('WitFunc', 'a function of a component', describe(func))
  return fact
}

/** Makes a function of an instance; as a method, its first argument is `this`. */
function makeFunc(owner, interfaceName, func, isMethod = false) {
  const full = interfaceName === undefined ? func.name : `${interfaceName}#${func.name}`
  const writes = func.params.map(({ type }) => type.codec.write)
  const fact = { owner, func, full, writes, least: func.least, give: giver(func), target: undefined }
  const made = isMethod ? method(fact) : makerOf(func)(fact)
  facts.set(made, fact)
  Object.setPrototypeOf(made, WitFunc.prototype)
  const length = func.least - (isMethod ? 1 : 0)
  Object.defineProperties(made, {
    name: { value: camel(func.ownName), configurable: true },
    length: { value: Math.max(length, 0), configurable: true },
  })
  return made
}

/** Reads what a function gives. The `err` of a result is thrown. */
function giver({ result }) {
  if (result === undefined) return () => undefined
  if (result.sort !== RESULT) return result.codec.read
  const [ok, err] = [result.ok?.codec.read, result.err?.codec.read]
  return (lane) => {
    if (lane.bytes[lane.at++] === 0) return ok?.(lane)
    throw thrown(err?.(lane))
  }
}

function thrown(payload) {
  const error = new WitError(payload)
  Error.captureStackTrace(error, thrown)
  return error
}

/** Calls a function whose arguments are in the lane. */
function cross(fact, lane) {
  lanes.cross(lane, fact.target ?? resolve(fact))
  return fact.give(lane)
}

const resolve = (fact) => (fact.target = native.witFunc(fact.owner.box.handle, fact.full))

/** The error for another number of arguments than it takes. */
function refuse(fact, count) {
  native.witCount(fact.owner.module, fact.full, count)
  throw fail('internal', `${fact.full} was given ${count} arguments`)
}

/** The ways to make functions: those of few parameters, apart, are the most, and have the least work. */
function makerOf(func) {
  const count = func.params.length
  return (isPlain(func) ? DIRECT[count] : FEW[count]) ?? many
}

/** Those that take and give nothing but plain values need no lane, as long as these are as they should be. */
const DIRECT = [
  (fact) => function () {
    if (arguments.length !== 0) refuse(fact, arguments.length)
    const target = fact.target ?? resolve(fact)
    lanes.tellDirect()
    const given = target()
    return lanes.wasDirect() ? given : call(fact, [])
  },
  (fact) => function (first) {
    if (arguments.length !== 1) refuse(fact, arguments.length)
    const target = fact.target ?? resolve(fact)
    lanes.tellDirect()
    const given = target(first)
    return lanes.wasDirect() ? given : call(fact, [first])
  },
  (fact) => function (first, second) {
    if (arguments.length !== 2) refuse(fact, arguments.length)
    const target = fact.target ?? resolve(fact)
    lanes.tellDirect()
    const given = target(first, second)
    return lanes.wasDirect() ? given : call(fact, [first, second])
  },
]

const FEW = [
  (fact) => function () {
    if (arguments.length !== 0) refuse(fact, arguments.length)
    const lane = enter(fact.owner)
    try {
      return cross(fact, lane)
    } finally {
      leave(lane)
    }
  },
  (fact) => {
    const [write] = fact.writes
    return function (first) {
      if (arguments.length !== 1 && (arguments.length > 1 || fact.least > 0)) refuse(fact, arguments.length)
      const lane = enter(fact.owner)
      let at = 0
      try {
        write(lane, first)
        at = 1
        return cross(fact, lane)
      } catch (error) {
        throw at < 1 ? told(error, 'args[0]') : error
      } finally {
        leave(lane)
      }
    }
  },
  (fact) => {
    const [write, writeSecond] = fact.writes
    return function (first, second) {
      if (arguments.length !== 2 && (arguments.length > 2 || arguments.length < fact.least)) refuse(fact, arguments.length)
      const lane = enter(fact.owner)
      let at = 0
      try {
        write(lane, first)
        at = 1
        writeSecond(lane, second)
        at = 2
        return cross(fact, lane)
      } catch (error) {
        throw at < 2 ? told(error, `args[${at}]`) : error
      } finally {
        leave(lane)
      }
    }
  },
]

const many = (fact) => (...args) => call(fact, args)

function method(fact) {
  return function (...args) {
    args.unshift(this)
    return call(fact, args)
  }
}

/** Calls a function with an array of arguments. */
function call(fact, args) {
  const { writes, least } = fact
  const count = writes.length
  if (args.length > count || args.length < least) refuse(fact, args.length)
  const lane = enter(fact.owner)
  let at = 0
  try {
    for (; at < count; at++) writes[at](lane, args[at])
    return cross(fact, lane)
  } catch (error) {
    throw at < count ? told(error, `args[${at}]`) : error
  } finally {
    leave(lane)
  }
}

/** The promise of a call. Arguments are copied now. */
function later(fact, args, options) {
  return begin(fact, args, options, (...lane) => native.witAsync(fact.owner.box.handle, fact.full, ...lane))
}

function laterInPool(pool, fact, given) {
  const [args, options] = split(given, fact.writes.length)
  return begin(fact, args, options, (...lane) => native.witPoolAsync(pool, fact.full, ...lane))
}

function begin(fact, args, options, call) {
  const { writes, least, owner } = fact
  const count = writes.length
  if (args.length > count || args.length < least) refuse(fact, args.length)
  const lane = enter(owner)
  let at = 0
  try {
    for (; at < count; at++) writes[at](lane, args[at])
    const made = start((carrier) => call(lane.index, lane.at, beside(lane), carrier), options)
    const held = lane.held.splice(0)
    return made.then(({ bytes, found, given }) => {
      held.length = 0 // Until here nobody else may have them.
      return fact.give(laneAround(bytes, found, given, owner))
    })
  } catch (error) {
    throw at < count ? told(error, `args[${at}]`) : error
  } finally {
    leave(lane)
  }
}

shows(WitFunc, (func) => `WitFunc ${factOf(func).func.told}`)
readOnly(WitFunc)

module.exports = { WitFunc, WitFuncType, factOf, laterInPool, makeFunc, typeOf }
