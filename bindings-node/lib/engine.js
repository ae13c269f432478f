'use strict'
// Engine: compiles modules.
const { native } = require('./native.js')
const { shows } = require('./shown.js')
const { fail, describe } = require('./error.js')
const { flag, options } = require('./options.js')
const { pathOf } = require('./path.js')

const FLAGS = [
  // generated: node.option_flags
  'interruptible', 'wideArithmetic', 'customPageSizes', 'signalHandlers', 'deterministic',
  // end generated
]
const NUMBERS = [
  // generated: node.option_numbers
  'stackBytes', 'callThreads', 'compileCost', 'memoryReservationBytes',
  // end generated
]
const NAMES = [...FLAGS, ...NUMBERS, 'cache']

let handleOf

class Engine {
  #handle

  constructor(given) {
    const found = options('Engine', given, NAMES)
    const { interruptible, stackBytes, wideArithmetic, customPageSizes, cache, callThreads, signalHandlers } = found
    const compileCost = found.compileCost === Infinity ? Number.MAX_SAFE_INTEGER : found.compileCost
    for (const name of FLAGS) flag(name, found[name])
    const place = cache === undefined || typeof cache === 'boolean' ? cache : pathOf(cache, 'cache')
    this.#handle = native.engineNew(
      interruptible, stackBytes, wideArithmetic, customPageSizes, place, callThreads, signalHandlers,
      [compileCost, found.memoryReservationBytes, found.deterministic === true],
    )
  }

  static {
    handleOf = (engine) => {
      if (engine === undefined) return undefined
      if (typeof engine === 'object' && engine !== null && #handle in engine) return engine.#handle
      throw fail('type', `engine: expected an Engine, got ${describe(engine)}`)
    }
  }
}

shows(Engine, () => 'Engine')

module.exports = { Engine, engineHandle: handleOf }
