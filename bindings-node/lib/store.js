'use strict'
// Store: one sandbox, for instances that share memories, tables, globals and functions.
const { native } = require('./native.js')
const { engineHandle } = require('./engine.js')
const { instantiate } = require('./module.js')
const { options } = require('./options.js')
const { newState, endState, openStore, stores } = require('./state.js')

class Store {
  constructor(given) {
    const { engine } = options('Store', given, ['engine'])
    const state = newState()
    stores.set(this, { handle: native.storeNew(engineHandle(engine), state), state })
  }

  instantiate(module, given) {
    const { imports } = options('instantiate', given, ['imports'])
    return instantiate(module, imports, this)
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

module.exports = { Store }
