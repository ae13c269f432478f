'use strict'
// Policy: what a guest may touch. Each method that grants gives a new one.
const { native } = require('./native.js')
const { bytesOf, isBytes } = require('./bytes.js')
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

  withMemoryDir(guest, files, access) {
    const names = paths(files)
    const contents = names.map((name) => content(`files[${JSON.stringify(name)}]`, files[name]))
    return of(native.policyWithMemoryDir(this.#handle, text('guest', guest), names, contents, text('access', access)))
  }

  withTcpConnect(network, ports) {
    return of(native.policyWithTcpConnect(this.#handle, text('network', network), ports))
  }

  withTcpBind(network, ports) {
    return of(native.policyWithTcpBind(this.#handle, text('network', network), ports))
  }

  withUdpConnect(network, ports) {
    return of(native.policyWithUdpConnect(this.#handle, text('network', network), ports))
  }

  withUdpBind(network, ports) {
    return of(native.policyWithUdpBind(this.#handle, text('network', network), ports))
  }

  withName(name, ports) {
    return of(native.policyWithName(this.#handle, text('name', name), ports))
  }

  withHttp(scheme, host, ports, method) {
    const [by, to] = [text('scheme', scheme), text('host', host)]
    return of(native.policyWithHttp(this.#handle, by, to, ports, text('method', method)))
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

  get memoryDirs() {
    const dirs = native.policyMemoryDirs(this.#handle)
    return record(dirs.map(([guest, access, files]) => [guest, Object.freeze({ files: record(files), access })]))
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

  allowsTcpConnect(address, port) {
    return native.policyAllowsTcpConnect(this.#handle, text('address', address), port)
  }

  allowsTcpBind(address, port) {
    return native.policyAllowsTcpBind(this.#handle, text('address', address), port)
  }

  allowsUdpConnect(address, port) {
    return native.policyAllowsUdpConnect(this.#handle, text('address', address), port)
  }

  allowsUdpBind(address, port) {
    return native.policyAllowsUdpBind(this.#handle, text('address', address), port)
  }

  allowsName(name) {
    return native.policyAllowsName(this.#handle, text('name', name))
  }

  allowsNamePort(name, port) {
    return native.policyAllowsNamePort(this.#handle, text('name', name), port)
  }

  allowsHttp(scheme, host, port, method) {
    const [by, to] = [text('scheme', scheme), text('host', host)]
    return native.policyAllowsHttp(this.#handle, by, to, port, text('method', method))
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

/** The paths of files. A list or a Map would look like no files, or like files named by numbers. */
function paths(files) {
  const isObject = typeof files === 'object' && files !== null
  if (isObject && !(Symbol.iterator in files)) return Object.keys(files)
  const given = isObject ? 'something to iterate over' : describe(files)
  throw fail('type', `files: expected an object of strings and bytes by their paths, got ${given}`)
}

/** What a file holds, as a `Uint8Array`. */
function content(what, value) {
  if (typeof value === 'string') {
    native.checkText(what, value)
    return Buffer.from(value)
  }
  if (isBytes(value)) return bytesOf(value, what)
  throw fail('type', `${what}: expected a string or bytes, got ${describe(value)}`)
}

/** One of some words, or an object of some numbers. */
function choice(what, given, words, names) {
  if (typeof given !== 'string') return options(what, given, names)
  if (words.includes(given)) return { word: given }
  throw fail('type', `${what}: expected ${words.join(', ')} or { ${names.join(', ')} }, got ${JSON.stringify(given)}`)
}

module.exports = { Policy, policyHandle: (policy) => (policy === undefined ? undefined : handleOf(policy)) }
