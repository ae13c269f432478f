'use strict'
// Instance: a module at work, with its exports.
const { native } = require('./native.js')
const { readOnly } = require('./assign.js')
const { shows } = require('./shown.js')
const { split, start } = require('./call.js')
const { fail } = require('./error.js')
const { Global } = require('./global.js')
const { Memory } = require('./memory.js')
const { closed } = require('./messages.js')
const { endState } = require('./state.js')
const { Table } = require('./table.js')
const { Tag } = require('./tag.js')
const { findWit, own } = require('./wit/owner.js')

let exportsOf
let handleOf

class Instance {
  #handle
  #state
  #module
  /** What becomes of the state when it is closed; nothing if the store is not its own. */
  #end
  #exports
  /** What it is to its functions, of a component. */
  #owner
  #closed = false

  constructor(token, handle, state, module, owner, end) {
    if (token !== TOKEN) throw fail('type', 'use module.instantiate or store.instantiate to make an instance')
    this.#handle = handle
    this.#state = state
    this.#module = module
    this.#end = end
    this.#owner = owner
    if (owner !== undefined) own(this, owner, handle)
  }

  get module() {
    return this.#module
  }

  get exports() {
    if (this.#closed || this.#state.closed) throw closed('instance')
    return (this.#exports ??= this.#owner?.all() ?? collect(this.#module.exports, native.instanceExports(this.#handle)))
  }

  get closed() {
    return this.#closed || this.#state.closed
  }

  get store() {
    return (this.#state.store ??= native.instanceStore(this.#handle))
  }

  run() {
    return native.instanceRun(this.#handle)
  }

  runAsync(options) {
    return start((call) => native.instanceRunAsync(this.#handle, call), options)
  }

  func(name) {
    return this.#find(name, 'func', isFunc)
  }

  memory(name) {
    return this.#find(name, 'memory', isMemory)
  }

  table(name) {
    return this.#find(name, 'table', isTable)
  }

  global(name) {
    return this.#find(name, 'global', isGlobal)
  }

  tag(name) {
    return this.#find(name, 'tag', isTag)
  }

  /** A function of a component, by a name such as `shapes#area`. */
  witFunc(name) {
    if (this.closed) throw closed('instance')
    const found = findWit(this.#module, String(name))
    return this.#owner.func(found.interface, found.name)
  }

  call(name, ...args) {
    if (this.#owner !== undefined) return this.witFunc(name)(...args)
    return this.#find(name, 'func', isFunc)(...args)
  }

  callAsync(name, ...args) {
    if (this.#owner !== undefined) return asPromise(() => this.witFunc(name).async(...args))
    const [given, options] = split(args, this.#length(name))
    return start((call) => native.instanceAsync(this.#handle, String(name), given, call), options)
  }

  close() {
    native.instanceClose(this.#handle)
    if (!this.#closed) this.#end?.(this.#state)
    this.#closed = true
  }

  /** How many parameters a function has. The store may be busy: it is not asked. */
  #length(name) {
    const found = this.#module.exports.find((one) => one.name === name)
    return found?.type.params?.length
  }

  #find(name, sort, is) {
    if (this.#owner === undefined && !this.#closed && !this.#state.closed) {
      const found = this.exports[name]
      if (is(found)) return found
    }
    // The core says what is wrong.
    native.instanceFind(this.#handle, String(name), sort)
    throw fail('internal', `the export ${native.told(String(name))} is in the list of exports and cannot be found`)
  }

  static {
    handleOf = (instance) => instance.#handle
    exportsOf = (value) => (#handle in value ? value.exports : undefined)
  }
}

Instance.prototype[Symbol.dispose] = Instance.prototype.close

const TOKEN = Symbol('Instance')
const isFunc = (value) => typeof value === 'function'
const isMemory = (value) => value instanceof Memory
const isTable = (value) => value instanceof Table
const isGlobal = (value) => value instanceof Global
const isTag = (value) => value instanceof Tag

function collect(exports, objects) {
  // Not Object.create(null): that would be an object that is slow to look up in.
  const found = Object.setPrototypeOf({}, null)
  exports.forEach(({ name }, i) => { found[name] = objects[i] })
  return Object.freeze(found)
}

/** An instance in a store of its own. */
function makeInstance(module, handle, { items, offered, state, owner }, sandbox, initialize) {
  const made = native.instantiate(handle, state, sandbox, items, offered, initialize)
  return new Instance(TOKEN, made, state, module, owner, endState)
}

/** An instance in a store that is open. */
function makeInstanceIn(store, module, handle, { items, offered, owner }, initialize) {
  const made = native.instantiateIn(handle, store.handle, items, offered, initialize)
  return new Instance(TOKEN, made, store.state, module, owner)
}

/** An instance of a pool; `end` is what becomes of its state when it is given back, `ownerOf` gives what it is to its functions. */
function takenInstance(module, handle, ownerOf, end) {
  const state = native.instanceState(handle)
  return new Instance(TOKEN, handle, state, module, ownerOf(state), end)
}

const asPromise = async (what) => what()

shows(Instance, (instance) => native.shown(handleOf(instance)))
readOnly(Instance)

module.exports = { Instance, makeInstance, makeInstanceIn, takenInstance, exportsOf }
