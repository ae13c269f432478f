'use strict'
// Store: one sandbox, for instances that share memories, tables, globals and functions.
const { native } = require('./native.js')
const { readOnly } = require('./assign.js')
const { shows } = require('./shown.js')
const { engineHandle } = require('./engine.js')
const { usageOf } = require('./limits.js')
const { instantiateIn } = require('./module.js')
const { flag, options } = require('./options.js')
const { SANDBOX, sandboxOf } = require('./sandbox.js')
const { newState, endState, openStore, stores } = require('./state.js')

const TOKEN = Symbol('Store')

class Store {
  constructor(given, handle, state) {
    if (given === TOKEN) {
      stores.set(this, { handle, state })
      return
    }
    const found = options('Store', given, ['engine', ...SANDBOX])
    const fresh = newState()
    stores.set(this, { handle: native.storeNew(engineHandle(found.engine), fresh, sandboxOf(found)), state: fresh })
    fresh.store = this
  }

  instantiate(module, given) {
    const { imports, initialize } = options('instantiate', given, ['imports', 'initialize'])
    return instantiateIn(this, module, imports, flag('initialize', initialize))
  }

  usage() {
    return usageOf(native.storeUsage(openStore(this).handle))
  }

  setFuel(fuel) {
    native.storeSetFuel(openStore(this).handle, fuel)
  }

  cancel() {
    native.storeCancel(openStore(this).handle)
  }

  stdout() {
    return native.storeBytes(openStore(this).handle, 'stdout')
  }

  stderr() {
    return native.storeBytes(openStore(this).handle, 'stderr')
  }

  stdoutText() {
    return native.storeText(openStore(this).handle, 'stdout')
  }

  stderrText() {
    return native.storeText(openStore(this).handle, 'stderr')
  }

  refusals() {
    return native.storeBytes(openStore(this).handle, 'refusals')
  }

  output() {
    return native.storeText(openStore(this).handle)
  }

  gc() {
    native.storeGc(openStore(this).handle)
  }

  get closed() {
    return openStore(this).state.closed
  }

  close() {
    const { handle, state } = openStore(this)
    native.storeClose(handle)
    endState(state)
  }
}

Store.prototype[Symbol.dispose] = Store.prototype.close

/** Called by the addon: the Store of a handle. */
const storeOf = (handle, state) => new Store(TOKEN, handle, state)

shows(Store, (store) => native.shown(openStore(store).handle))
readOnly(Store)

module.exports = { Store, storeOf }
