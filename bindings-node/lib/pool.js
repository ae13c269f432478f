'use strict'
// Pool: ready instances of one module for callers that run side by side.
const { native } = require('./native.js')
const { readOnly } = require('./assign.js')
const { shows } = require('./shown.js')
const { split, start } = require('./call.js')
const { gather } = require('./imports.js')
const { takenInstance } = require('./instance.js')
const { moduleHandle } = require('./module.js')
const { flag, options } = require('./options.js')
const { SANDBOX, sandboxOf } = require('./sandbox.js')
const { detachAll, endState, newState } = require('./state.js')
const { gatherWit } = require('./wit/host.js')
const { findWit, makeOwner } = require('./wit/owner.js')

class Pool {
  #handle
  #module
  #state = newState()
  /** What becomes of the state of an instance that is given back. */
  #end
  /** How many parameters each exported function has. */
  #lengths
  #isComponent = false
  /** What an instance in a store is to its functions, by the store's state. */
  #ownerOf = () => undefined

  constructor(module, given) {
    const handle = moduleHandle(module)
    const found = options('Pool', given, ['max', 'waitMs', 'reset', 'imports', 'initialize', ...SANDBOX])
    const initialize = flag('initialize', found.initialize)
    const { max, waitMs, reset = 'fresh', imports } = found
    this.#module = module
    const { items, offered } = this.#gather(handle, imports)
    this.#end = reset === 'reuse' ? detachAll : endState
    this.#state.stores = new Set()
    const kept = { max, waitMs, reset: String(reset) }
    this.#handle = native.poolNew(handle, this.#state, sandboxOf(found), kept, items, offered, initialize)
    // The stores of the pool are let go when nothing of it is held any more.
    this.#state.pool = this.#handle
  }

  get module() {
    return this.#module
  }

  get() {
    return takenInstance(this.#module, native.poolGet(this.#handle), this.#ownerOf, this.#end)
  }

  call(name, ...args) {
    if (this.#isComponent) return this.#witCall(name, args)
    return native.poolCall(this.#handle, String(name), args)
  }

  callAsync(name, ...args) {
    if (this.#isComponent) return this.#witAsync(name, args)
    const [given, options] = split(args, this.#length(name))
    return start((call) => native.poolAsync(this.#handle, String(name), given, call), options)
  }

  get counts() {
    return Object.freeze(native.poolCounts(this.#handle))
  }

  close() {
    native.poolClose(this.#handle)
  }

  /** What is lent to all of its instances. */
  #gather(handle, imports) {
    const owner = makeOwner(this.#module, handle, this.#state)
    if (owner === undefined) return gather(this.#module.imports, imports)
    this.#isComponent = true
    this.#state.owner = owner
    this.#ownerOf = (state) => state && (state.owner ??= makeOwner(this.#module, handle, state))
    return gatherWit(owner.world, imports, this.#ownerOf)
  }

  #witCall(name, args) {
    const instance = this.get()
    try {
      return instance.call(name, ...args)
    } finally {
      instance.close()
    }
  }

  async #witAsync(name, args) {
    const found = findWit(this.#module, String(name))
    return this.#state.owner.inPool(this.#handle, found, args)
  }

  #length(name) {
    const functions = () => this.#module.exports.filter(({ type }) => type.sort === 'func')
    this.#lengths ??= new Map(functions().map(({ name, type }) => [name, type.params.length]))
    return this.#lengths.get(name)
  }
}

Pool.prototype[Symbol.dispose] = Pool.prototype.close

/** Called by the addon for a store of a pool that it meets; the others have ended. */
function poolState(base, ended) {
  for (const state of ended) base.stores.delete(state)
  const state = newState()
  state.base = base
  base.stores.add(state)
  return state
}

shows(Pool, ({ module }) => (module.name === undefined ? 'Pool' : `Pool ${native.told(module.name)}`))
readOnly(Pool)

module.exports = { Pool, poolState }
