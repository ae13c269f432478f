'use strict'
// Instance: a module at work, with its exports.
const { native } = require('./native.js')
const { readOnly } = require('./assign.js')
const { shows } = require('./shown.js')
const { split, start } = require('./call.js')
const { fail } = require('./error.js')
const { Global, globalOf } = require('./global.js')
const { Memory, memoryOf } = require('./memory.js')
const { newState, endState } = require('./state.js')
const { Table, tableOf } = require('./table.js')
const { Tag, tagOf } = require('./tag.js')

let exportsOf
let handleOf

class Instance {
  #handle
  #state
  #module
  /** What becomes of the state when it is closed; nothing if the store is not its own. */
  #end
  #exports
  #closed = false

  constructor(token, handle, state, module, end) {
    if (token !== TOKEN) throw fail('type', 'instances are made by module.instantiate or store.instantiate')
    this.#handle = handle
    this.#state = state
    this.#module = module
    this.#end = end
  }

  get module() {
    return this.#module
  }

  get exports() {
    if (this.#closed || this.#state.closed) throw fail('closed', 'the instance is closed')
    return (this.#exports ??= collect(native.instanceExports(this.#handle), this.#state))
  }

  get closed() {
    return this.#closed || this.#state.closed
  }

  get store() {
    // Required late, since stores make instances.
    return (this.#state.store ??= require('./store.js').storeOf(native.instanceStore(this.#handle), this.#state))
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

  call(name, ...args) {
    return this.#find(name, 'func', isFunc)(...args)
  }

  callAsync(name, ...args) {
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
    if (!this.#closed && !this.#state.closed) {
      const found = this.exports[name]
      if (is(found)) return found
    }
    // The core says what is wrong.
    native.instanceFind(this.#handle, String(name), sort)
    throw fail('internal', `the export ${native.told(String(name))} is there and is not`)
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

/** The object of an export, from the array the addon gives. */
function objectOf([, sort, object, id], state) {
  switch (sort) {
    case 'memory': return memoryOf(object, state, id)
    case 'table': return tableOf(object, state, id)
    case 'global': return globalOf(object, state, id)
    case 'tag': return tagOf(object, state, id)
    default: return object
  }
}

function collect(list, state) {
  // Not Object.create(null): that would be an object that is slow to look up in.
  const found = Object.setPrototypeOf({}, null)
  for (const one of list) found[one[0]] = objectOf(one, state)
  return Object.freeze(found)
}

/** An instance in a store of its own. */
function makeInstance(module, handle, imports, sandbox, initialize) {
  const state = newState()
  const made = native.instantiate(handle, imports, state, sandbox, initialize)
  return new Instance(TOKEN, made, state, module, endState)
}

/** An instance in a store that is open. */
function makeInstanceIn(store, module, handle, imports, initialize) {
  return new Instance(TOKEN, native.instantiateIn(handle, imports, store.handle, initialize), store.state, module)
}

/** An instance of a pool; `end` is what becomes of its state when it is given back. */
const takenInstance = (module, handle, state, end) => new Instance(TOKEN, handle, state, module, end)

shows(Instance, (instance) => native.shown(handleOf(instance)))
readOnly(Instance)

module.exports = { Instance, makeInstance, makeInstanceIn, takenInstance, objectOf, exportsOf }
