'use strict'
// State: what the JavaScript objects of one store hold in common.
const { describe } = require('./error.js')
const { notA } = require('./messages.js')

/** The method by which a memory lets go of its buffer. */
const DETACH = Symbol('detach')

/**
 * The state of a new store: an object whose elements are what guests hold of JavaScript (host
 * functions, objects behind externref). The addon fills them and holds the state weakly; every
 * object of the store holds it strongly. So cycles through a guest can be collected.
 */
function newState() {
  const state = Object.create(null)
  state.closed = false
  /** The Store, if it was asked for. */
  state.store = undefined
  /** Memories that have been seen, by their identity. */
  state.memories = new Map()
  /** Tables, globals and tags that somebody has, by their identity. */
  state.items = new Map()
  return state
}

/** No buffer of the store that there is now shows anything from now on. */
function detachAll(state) {
  for (const memory of state.memories.values()) memory[DETACH]()
}

/** Marks a store as closed. */
function endState(state) {
  state.closed = true
  detachAll(state)
}

/** Store to handle and state. */
const stores = new WeakMap()

/** The handle and state of a store. */
function openStore(store) {
  const opened = stores.get(store)
  if (opened === undefined) throw notA('store', 'a Store', describe(store))
  return opened
}

module.exports = { DETACH, detachAll, newState, endState, openStore, stores }
