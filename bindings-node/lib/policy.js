'use strict'
// Policy: what a guest may touch. Each method that grants gives a new one.
const { native } = require('./native.js')
const { fail, describe } = require('./error.js')
const { options } = require('./options.js')
const { pathOf } = require('./path.js')

const TOKEN = Symbol('Policy')
let handleOf

class Policy {
  #handle

  constructor(token, handle) {
    if (token !== TOKEN) throw fail('type', 'policies are made by Policy.none, Policy.fromJson and Policy.fromFile')
    this.#handle = handle
  }

  static none() {
    return of(native.policyNone())
  }

  static fromJson(json) {
    return of(native.policyFromJson(text('json', json)))
  }

  static fromFile(path) {
    return of(native.policyFromFile(pathOf(path, 'path')))
  }

  withReadOnlyDir(guest, host) {
    return this.withDir(guest, host, 'read')
  }

  withDir(guest, host, access) {
    return of(native.policyWithDir(this.#handle, text('guest', guest), pathOf(host, 'host'), text('access', access)))
  }

  withEnv(name, value) {
    return of(native.policyWithEnv(this.#handle, text('name', name), text('value', value)))
  }

  withArgs(args) {
    if (!Array.isArray(args)) throw fail('type', `args: expected an array of strings, got ${describe(args)}`)
    return of(native.policyWithArgs(this.#handle, args.map((arg, i) => text(`args[${i}]`, arg))))
  }

  withClock(clock) {
    const { word, fixedNs, startNs, stepNs } = choice('clock', clock, ['none', 'real'], ['fixedNs', 'startNs', 'stepNs'])
    return of(native.policyWithClock(this.#handle, word, fixedNs, startNs, stepNs))
  }

  withRandom(random) {
    const { word, seed } = choice('random', random, ['none', 'secure'], ['seed'])
    return of(native.policyWithRandom(this.#handle, word, seed))
  }

  get dirs() {
    return record(native.policyDirs(this.#handle).map(([guest, path, access]) => [guest, Object.freeze({ path, access })]))
  }

  get env() {
    return record(native.policyEnv(this.#handle))
  }

  get args() {
    return Object.freeze(native.policyArgs(this.#handle))
  }

  get clock() {
    const clock = native.policyClock(this.#handle)
    if (typeof clock === 'string') return clock
    return Object.freeze(clock.length === 1 ? { fixedNs: clock[0] } : { startNs: clock[0], stepNs: clock[1] })
  }

  get random() {
    const random = native.policyRandom(this.#handle)
    return typeof random === 'string' ? random : Object.freeze({ seed: random })
  }

  restrict(by) {
    return of(native.policyRestrict(this.#handle, handleOf(by)))
  }

  allows(other) {
    return native.policyAllows(this.#handle, handleOf(other))
  }

  equals(other) {
    return typeof other === 'object' && other !== null && #handle in other && native.policySame(this.#handle, other.#handle)
  }

  toJson() {
    return native.policyToJson(this.#handle)
  }

  static {
    handleOf = (policy) => {
      if (typeof policy === 'object' && policy !== null && #handle in policy) return policy.#handle
      throw fail('type', `policy: expected a Policy, got ${describe(policy)}`)
    }
  }
}

const of = (handle) => new Policy(TOKEN, handle)

const record = (pairs) => Object.freeze(Object.assign(Object.create(null), Object.fromEntries(pairs)))

function text(what, value) {
  if (typeof value === 'string') return value
  throw fail('type', `${what}: expected a string, got ${describe(value)}`)
}

/** One of some words, or an object of some numbers. */
function choice(what, given, words, names) {
  if (typeof given !== 'string') return options(what, given, names)
  if (words.includes(given)) return { word: given }
  throw fail('type', `${what}: expected ${words.join(', ')} or { ${names.join(', ')} }, got ${JSON.stringify(given)}`)
}

module.exports = { Policy, policyHandle: (policy) => (policy === undefined ? undefined : handleOf(policy)) }
