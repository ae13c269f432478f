'use strict'
// Engine: compiles modules.
const { native } = require('./native.js')
const { fail, describe } = require('./error.js')
const { options } = require('./options.js')

let handleOf

class Engine {
  #handle

  constructor(given) {
    const { interruptible, stackBytes } = options('Engine', given, ['interruptible', 'stackBytes'])
    if (interruptible !== undefined && typeof interruptible !== 'boolean') {
      throw fail('type', `interruptible: expected a boolean, got ${describe(interruptible)}`)
    }
    this.#handle = native.engineNew(interruptible, stackBytes)
  }

  static {
    handleOf = (engine) => {
      if (engine === undefined) return undefined
      if (typeof engine === 'object' && engine !== null && #handle in engine) return engine.#handle
      throw fail('type', `engine: expected an Engine, got ${describe(engine)}`)
    }
  }
}

module.exports = { Engine, engineHandle: handleOf }
