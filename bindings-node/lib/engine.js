'use strict'
// Engine: compiles modules.
const { native } = require('./native.js')
const { fail, describe } = require('./error.js')
const { flag, options } = require('./options.js')
const { pathOf } = require('./path.js')

let handleOf

class Engine {
  #handle

  constructor(given) {
    const names = ['interruptible', 'stackBytes', 'wideArithmetic', 'customPageSizes', 'cache', 'callThreads']
    const { interruptible, stackBytes, wideArithmetic, customPageSizes, cache, callThreads } = options('Engine', given, names)
    flag('interruptible', interruptible)
    flag('wideArithmetic', wideArithmetic)
    flag('customPageSizes', customPageSizes)
    const place = cache === undefined || typeof cache === 'boolean' ? cache : pathOf(cache, 'cache')
    this.#handle = native.engineNew(interruptible, stackBytes, wideArithmetic, customPageSizes, place, callThreads)
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
