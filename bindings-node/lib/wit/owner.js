'use strict'
// Owners: an instance of a component as its functions, its resources and its host functions know it.
const { native } = require('../native.js')
const { factOf, laterInPool, makeFunc } = require('./func.js')
const { held } = require('./handle.js')
const { makeExports } = require('./namespace.js')
const { classOf } = require('./resource.js')
const { worldOf } = require('./world.js')
const { otherStore, otherThan } = require('./wrong.js')

class Owner {
  constructor(module, world, state) {
    /** The handle of its module. */
    this.module = module
    this.world = world
    this.state = state
    /** Has the instance's handle when it is made. It is apart, so that the collector's net holds nothing else. */
    this.box = { handle: undefined }
    /** Functions that were asked for by name. */
    this.funcs = new Map()
    /** The classes of its resources, by their numbers. */
    this.classes = new Map()
    /** Of resources that another component of the store lends, where they are from. */
    this.linked = new Map()
    this.exports = undefined
  }

  /** Whether what is known of a resource crosses as its handle where `type` is needed. */
  knows(known, type) {
    return known.owner === this || (known.owner.state === this.state && this.linked.has(type.resource))
  }

  /** What is wrong with a resource that does not. */
  refusal(known, type) {
    return known.owner.state === this.state ? otherThan(type.told, 'a resource of another component') : otherStore()
  }

  /** Notes what another component lends. */
  link(from, interfaceName, types) {
    for (const { name, isResource, type } of types) if (isResource) this.linked.set(type.resource, { from, interfaceName, name })
  }

  /** The object of a handle that came from a guest. */
  resource(type, low, high, isOwn) {
    const found = this.linked.get(type.resource)
    const theirs = found && found.from.world.resources.get(`${found.interfaceName}#${found.name}`)
    if (theirs !== undefined) return found.from.resource(theirs, low, high, isOwn)
    const object = Object.create(this.classFor(type).prototype)
    const known = { owner: this, box: this.box, low, high, isOwn, resource: type.resource }
    held.set(object, known)
    if (isOwn) net.register(object, { box: this.box, low, high }, known)
    return object
  }

  classFor(type) {
    // With the exports come the classes of all that is exported.
    if (!this.classes.has(type.resource)) this.all()
    return this.classes.get(type.resource) ?? classOf(this, type, [])
  }

  /** The promise of a call that an instance of a pool makes. Nothing lives longer than that. */
  inPool(pool, { interface: interfaceName, name }, args) {
    return laterInPool(pool, factOf(this.func(interfaceName, name)), args)
  }

  /** A function by the full names of its interface, if it has one, and its own. */
  func(interfaceName, name) {
    const full = interfaceName === undefined ? name : `${interfaceName}#${name}`
    if (!this.funcs.has(full)) this.funcs.set(full, makeFunc(this, interfaceName, this.world.funcs.get(full)))
    return this.funcs.get(full)
  }

  all() {
    return (this.exports ??= makeExports(this))
  }
}

/** Resources that were collected: the next call of a component lets go of them. */
const net = new FinalizationRegistry(({ box, low, high }) => {
  // Without an instance there is nothing to let go of.
  if (box.handle !== undefined) native.witDrop(box.handle, low, high)
})

/** The full names of a function of a module by a name such as `shapes#area`. */
const findWit = (module, name) => native.witFind(handles.get(module), name)

/** The handles of modules. */
const handles = new WeakMap()

/** What an instance that is to be made in a store is to its functions; nothing for a core module. */
function makeOwner(module, handle, state) {
  const world = worldOf(handle)
  handles.set(module, handle)
  if (world === undefined) return undefined
  return new Owner(handle, world, state)
}

/** Instances of components, as those that are given as imports. */
const owners = new WeakMap()

/** Called for each instance of a component. */
function own(instance, owner, handle) {
  owner.box.handle = handle
  owners.set(instance, owner)
}

module.exports = { Owner, findWit, makeOwner, net, own, ownerOf: (value) => owners.get(value) }
