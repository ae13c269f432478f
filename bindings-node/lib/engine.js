'use strict'
// Engine: compiles modules.
const { native } = require('./native.js')
const { shows } = require('./shown.js')
const { describe } = require('./error.js')
const { notA } = require('./messages.js')
const { flag, options } = require('./options.js')
const { pathOf } = require('./path.js')

const FLAGS = [
  // generated: node.option_flags
  'interruptible', 'wideArithmetic', 'customPageSizes', 'signalHandlers', 'deterministic',
  // end generated
]
const NAMES = [
  // generated: node.option_names
  'interruptible', 'stackBytes', 'cache', 'wideArithmetic', 'customPageSizes', 'callThreads', 'signalHandlers',
  'compileCost', 'memoryReservationBytes', 'deterministic', 'poolSlots',
  // end generated
]

let handleOf

class Engine {
  #handle

  constructor(given) {
    const found = options('Engine', given, NAMES)
    for (const name of FLAGS) flag(name, found[name])
    const { cache, compileCost } = found
    this.#handle = native.engineNew({
      ...Object.fromEntries(NAMES.map((name) => [name, found[name]])),
      cache: cache === undefined || typeof cache === 'boolean' ? cache : pathOf(cache, 'cache'),
      compileCost: compileCost === Infinity ? Number.MAX_SAFE_INTEGER : compileCost,
    })
  }

  static {
    handleOf = (engine) => {
      if (engine === undefined) return undefined
      if (typeof engine === 'object' && engine !== null && #handle in engine) return engine.#handle
      throw notA('engine', 'an Engine', describe(engine))
    }
  }
}

shows(Engine, () => 'Engine')

module.exports = { Engine, engineHandle: handleOf }
