'use strict'
// Policy: what a guest may touch. Each method that grants gives a new one.
const { native } = require('./native.js')
const { readOnly } = require('./assign.js')
const { shows } = require('./shown.js')
const { bytesOf, isBytes } = require('./bytes.js')
const { fail, describe } = require('./error.js')
const { readFrame } = require('./frame.js')
const { notA } = require('./messages.js')
const { options } = require('./options.js')
const { pathOf } = require('./path.js')

const TOKEN = Symbol('Policy')
let handleOf

class Policy {
  #handle

  constructor(token, handle) {
    if (token !== TOKEN) throw fail('type', 'use Policy.none, Policy.program, Policy.fromJson or Policy.fromFile to make a policy')
    this.#handle = handle
  }

  static none() {
    return Policy.fromJson('{}')
  }

  static program() {
    return of(native.policyProgram())
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
    const dir = { path: unicode('the text', pathOf(host, 'host')), access: accessOf(access) }
    return this.#grant({ dirs: { [folder(guest)]: dir } })
  }

  withMemoryDir(guest, files, access) {
    const contents = paths(files).map((name) => [unicode('the text', name), content(`files[${JSON.stringify(name)}]`, files[name])])
    return this.#grant({ dirs: { [folder(guest)]: { files: Object.fromEntries(contents), access: accessOf(access) } } })
  }

  withTcpConnect(network, ports) {
    return this.#grantNetwork('tcp_connect', { network: text('network', network) }, ports)
  }

  withTcpBind(network, ports) {
    return this.#grantNetwork('tcp_bind', { network: text('network', network) }, ports)
  }

  withUdpConnect(network, ports) {
    return this.#grantNetwork('udp_connect', { network: text('network', network) }, ports)
  }

  withUdpBind(network, ports) {
    return this.#grantNetwork('udp_bind', { network: text('network', network) }, ports)
  }

  withName(name, ports) {
    return this.#grantNetwork('names', { name: text('name', name) }, ports)
  }

  withHttp(scheme, host, ports, method) {
    return this.#grantNetwork('http', request(scheme, host, method), ports)
  }

  withEnv(name, value) {
    const named = text('name', name, 'the name of a variable')
    return this.#grant({ env: { [named]: text('value', value, `the variable ${JSON.stringify(named)}`) } })
  }

  withArgs(args) {
    return this.#grant({ args: argsOf(args).map((arg, i) => unicode(`args[${i}]`, arg)) })
  }

  withClock(clock) {
    return this.#grantJson(`{"clock":${choice('clock', clock, ['none', 'real'], [['fixedNs'], ['startNs', 'stepNs']])}}`)
  }

  withRandom(random) {
    return this.#grantJson(`{"random":${choice('random', random, ['none', 'secure'], [['seed']])}}`)
  }

  /** A new policy that grants what an object does, too, in the form that policies have as JSON. */
  #grant(object) {
    return this.#grantJson(JSON.stringify(object))
  }

  #grantJson(json) {
    return of(native.policyGrant(this.#handle, json))
  }

  #grantNetwork(key, scope, ports) {
    return this.#grant({ network: { [key]: [{ ...scope, ports: portsOf(ports) }] } })
  }

  get dirs() {
    return this.#content.dirs
  }

  get memoryDirs() {
    return this.#content.memoryDirs
  }

  get env() {
    return this.#content.env
  }

  get args() {
    return this.#content.args
  }

  get clock() {
    return this.#content.clock
  }

  get random() {
    return this.#content.random
  }

  get #content() {
    return readFrame(native.policyContent(this.#handle), contentOf)
  }

  restrict(by) {
    return of(native.policyRestrict(this.#handle, handleOf(by)))
  }

  allows(other) {
    return native.policyAllows(this.#handle, handleOf(other))
  }

  allowsTcpConnect(address, port) {
    return this.#ask('tcp_connect', { address: text('address', address), port: portOf(port) })
  }

  allowsTcpBind(address, port) {
    return this.#ask('tcp_bind', { address: text('address', address), port: portOf(port) })
  }

  allowsUdpConnect(address, port) {
    return this.#ask('udp_connect', { address: text('address', address), port: portOf(port) })
  }

  allowsUdpBind(address, port) {
    return this.#ask('udp_bind', { address: text('address', address), port: portOf(port) })
  }

  allowsName(name) {
    return this.#ask('name', { name: text('name', name) })
  }

  allowsNamePort(name, port) {
    return this.#ask('name', { name: text('name', name), port: portOf(port) })
  }

  allowsHttp(scheme, host, port, method) {
    return this.#ask('http', { ...request(scheme, host, method), port: portOf(port) })
  }

  #ask(key, question) {
    return native.policyAnswer(this.#handle, JSON.stringify({ [key]: question }))
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
      throw notA('policy', 'a Policy', describe(policy))
    }
  }
}

const of = (handle) => new Policy(TOKEN, handle)

const record = (pairs) => Object.freeze(Object.assign(Object.create(null), Object.fromEntries(pairs)))

/** A text that JSON can hold; `name` names it if it cannot. */
function unicode(name, value) {
  if (!value.isWellFormed()) native.checkText(name, value)
  return value
}

function text(what, value, name = 'the text') {
  if (typeof value === 'string') return unicode(name, value)
  throw notA(what, 'a string', describe(value))
}

/** The name of a folder that guests see. */
const folder = (guest) => text('guest', guest, 'the name of a folder')

function accessOf(access) {
  if (text('access', access) === 'read' || access === 'write') return access
  throw notA('access', 'read or write', access)
}

const request = (scheme, host, method) => ({
  scheme: text('scheme', scheme), host: text('host', host), method: text('method', method),
})

const portOf = (port) => native.port('port', port)

/** Ports that are granted: a number, or a text. */
function portsOf(ports) {
  if (typeof ports === 'string') return unicode('the text', ports)
  if (typeof ports === 'number') return native.port('ports', ports)
  throw notA('ports', 'a number, or a text such as 8000-8999 or *', describe(ports))
}

const accessIn = (frame) => (frame.bool() ? 'write' : 'read')
const CLOCKS = [
  () => 'none',
  (frame) => Object.freeze({ fixedNs: frame.big() }),
  (frame) => Object.freeze({ startNs: frame.big(), stepNs: frame.big() }),
  () => 'real',
]
const RANDOMS = [() => 'none', (frame) => Object.freeze({ seed: frame.big() }), () => 'secure']

/** What a policy grants, the network aside. */
const contentOf = (frame) => ({
  dirs: record(frame.list(() => [frame.text(), Object.freeze({ path: frame.text(), access: accessIn(frame) })])),
  memoryDirs: record(frame.list(() => [frame.text(), Object.freeze({ files: filesIn(frame), access: accessIn(frame) })])),
  env: record(frame.list(() => [frame.text(), frame.text()])),
  args: Object.freeze(frame.texts()),
  clock: CLOCKS[frame.byte()](frame),
  random: RANDOMS[frame.byte()](frame),
})

const filesIn = (frame) => record(frame.list(() => [frame.text(), frame.bytes()]))

function argsOf(args) {
  if (!Array.isArray(args)) throw notA('args', 'an array of strings', describe(args))
  return Array.from(args, (arg, i) => {
    if (typeof arg === 'string') return arg
    throw notA(`args[${i}]`, 'a string', describe(arg))
  })
}

/** The paths of files. A list or a Map would look like no files, or like files named by numbers. */
function paths(files) {
  const isObject = typeof files === 'object' && files !== null
  if (isObject && !(Symbol.iterator in files)) return Object.keys(files)
  const given = isObject ? 'something to iterate over' : describe(files)
  throw notA('files', 'an object of strings and bytes by their paths', given)
}

/** What a file holds, as JSON has it. */
function content(what, value) {
  if (typeof value === 'string') return unicode(what, value)
  if (isBytes(value)) return { hex: Buffer.from(bytesOf(value, what)).toString('hex') }
  throw notA(what, 'a string or bytes', describe(value))
}

/** One of some words, or an object of one of some sets of numbers, as JSON has it. */
function choice(what, given, words, sets) {
  if (words.includes(given)) return JSON.stringify(given)
  const expected = [...words, ...sets.map((names) => `{ ${names.join(', ')} }`)]
  const refused = (got) => fail('type', `${what}: expected ${expected.slice(0, -1).join(', ')} or ${expected.at(-1)}${got}`)
  if (typeof given === 'string') throw refused(`, got ${JSON.stringify(given)}`)
  const found = options(what, given, sets.flat())
  const names = sets.flat().filter((name) => found[name] !== undefined)
  if (!sets.some((set) => set.join() === names.join())) throw refused('')
  return `{${names.map((name) => `"${snake(name)}":${native.whole(`${what}.${name}`, found[name])}`)}}`
}

const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

shows(Policy, (policy) => `Policy ${policy.toJson()}`)
readOnly(Policy)

module.exports = { Policy, argsOf, policyOf: of, policyHandle: (policy) => (policy === undefined ? undefined : handleOf(policy)) }
