'use strict'
// Resources of guests: a class for each, whose objects are handles.
const { shows } = require('../shown.js')
const { readOnly } = require('../assign.js')
const { describe, fail } = require('../error.js')
const { notA } = require('../messages.js')
const { native } = require('../native.js')
const { makeFunc } = require('./func.js')
const { held } = require('./handle.js')
const { pascal, spelled } = require('./names.js')

const CONSTRUCTOR = 1
const METHOD = 2

/** What is known of a resource. */
function known(resource) {
  const found = typeof resource === 'object' && resource !== null ? held.get(resource) : undefined
  if (found === undefined) throw notA('resource', 'a resource of a component', describe(resource))
  return found
}

class WitResource {
  constructor() {
    throw fail('type', 'only components make resources: use the classes in their exports')
  }

  /** Whether it can be used no more. */
  get closed() {
    const { box, low, high } = known(this)
    return box.handle === undefined || !native.witHas(box.handle, low, high)
  }

  /** Lets go of it: the guest's destructor runs. One that was only lent stays as it is. */
  close() {
    const it = known(this)
    if (!it.isOwn || it.box.handle === undefined) return
    native.witClose(it.box.handle, it.low, it.high)
    unregister(it)
  }
}

WitResource.prototype[Symbol.dispose] = WitResource.prototype.close

/** Takes a resource out of the collector's net. */
const unregister = (it) => require('./owner.js').net.unregister(it)

shows(WitResource, (resource) => `${resource.constructor.name} ${known(resource).low}`)
readOnly(WitResource)

const hidden = (value) => ({ value, writable: true, configurable: true })

/** The class of a resource of an instance, with its functions. */
function classOf(owner, type, funcs, interfaceName) {
  const name = pascal(type.label?.name ?? 'resource')
  const maker = funcs.find(({ role }) => role === CONSTRUCTOR)
  const make = maker && makeFunc(owner, interfaceName, maker)
  const made = constructible(name, make)
  Object.setPrototypeOf(made, WitResource)
  made.prototype = Object.create(WitResource.prototype, { constructor: hidden(made) })
  if (make !== undefined) Object.defineProperties(made, { async: hidden((...args) => make.async(...args)), type: hidden(make.type) })
  const members = funcs.filter(({ role }) => role !== CONSTRUCTOR)
  const keys = spelled(members.map(({ ownName }) => ownName))
  members.forEach((func, i) => {
    const isMethod = func.role === METHOD
    const value = makeFunc(owner, interfaceName, func, isMethod)
    for (const key of new Set([keys[i], func.ownName])) Object.defineProperty(isMethod ? made.prototype : made, memberOf(key, isMethod), hidden(value))
  })
  owner.classes.set(type.resource, made)
  return made
}

/** The prototype of a class stays that, and what has a `then` would be taken for a promise. */
const memberOf = (key, isMethod) => (key === (isMethod ? 'then' : 'prototype') ? `${key}_` : key)

/** A function that makes resources, with `new` and without. */
function constructible(name, make) {
  const made = function (...args) {
    if (make === undefined) throw fail('type', `${name} has no constructor: call a function of the component that returns one`)
    const resource = make(...args)
    if (new.target !== undefined && new.target !== made) Object.setPrototypeOf(resource, new.target.prototype)
    return resource
  }
  return Object.defineProperty(made, 'name', { value: name, configurable: true })
}

module.exports = { WitResource, classOf }
