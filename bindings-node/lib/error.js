'use strict'
// Errors: one class for each kind. All extend WasmError, and `kind` tells them apart everywhere.
const { inspect } = require('node:util')
const { readFrame } = require('./frame.js')
const { errorKinds, native, trapCodes } = require('./native.js')
const { systemError } = require('./os.js')

/** Frames of whatever was thrown through a guest, and what the addon tells by which they are. */
const trails = new WeakMap()
const NONE = Object.freeze({ frames: Object.freeze([]), trail: [] })

/** Called by the addon: what it gave along with the frames. */
function trailOf(error) {
  return (trails.get(error) ?? NONE).trail
}

/** The guest frames that an error, any object, passed on its way; innermost first. */
function framesOf(error) {
  return (trails.get(error) ?? NONE).frames
}

/** The rows of batches at which errors, any objects, were. */
const rows = new WeakMap()

/** The row of the batch that an error, any object, came from; `undefined` if it came from none. */
function rowOf(error) {
  return rows.get(error)
}

const hidden = (value) => ({ value, writable: true, configurable: true })

let is
let trace

/** The prototypes of which one is behind each of our errors. */
const family = []

class WasmError extends Error {
  #head
  #tail
  #output = ''

  constructor(message, options) {
    super(message, options)
    this.kind = new.target.kind
    // Shown only where there is one.
    Object.defineProperty(this, 'code', { ...hidden(options?.code), enumerable: options?.code !== undefined })
  }

  get frames() {
    return framesOf(this)
  }

  get row() {
    return rowOf(this)
  }

  get output() {
    return this.#output
  }

  /** The classes of some kinds have a parent of JavaScript's own instead; see `relate`. */
  static [Symbol.hasInstance](value) {
    if (this !== WasmError) return Function.prototype[Symbol.hasInstance].call(this, value)
    return family.some((prototype) => Object.prototype.isPrototypeOf.call(prototype, value))
  }

  static {
    /** Whether this is one of ours, asked without running any of its code. */
    is = (value) => typeof value === 'object' && value !== null && #head in value

    /**
     * Notes frames and shows them in the stack, between the message and the JavaScript frames; what the guest wrote
     * follows behind these.
     */
    trace = (error, kept, { frames, trail, output }) => {
      if (error.#tail === undefined) {
        const stack = typeof error.stack === 'string' ? error.stack : ''
        const at = stack.indexOf('\n    at ')
        error.#head = at < 0 ? stack : stack.slice(0, at)
        error.#tail = at < 0 ? '' : stack.slice(at)
      }
      if (output !== '') error.#output = output
      note(error, kept, frames, trail)
      const wrote = error.#output === '' ? '' : `\n${error.#output}`
      const lines = framesOf(error).map((frame) => `\n    at ${frame} (wasm)`)
      const value = error.#head + lines.join('') + error.#tail + wrote
      Object.defineProperty(error, 'stack', { value, writable: true, configurable: true })
    }
  }
}

class ExitError extends WasmError {
  constructor(message, options) {
    super(message, options)
    const code = options?.exitCode
    // The addon knows it by this, whoever throws it.
    this.exitCode = code === undefined ? undefined : native.exitNew(this, code)
  }
}

/** What the operating system refused; `code`, `errno` and `path` are as those of the errors of node:fs. */
class IoError extends WasmError {
  constructor(message, options) {
    const { osCode, path } = options ?? {}
    const { code, errno } = osCode === undefined ? {} : systemError(osCode)
    super(message, { code, ...options })
    this.errno = errno
    this.path = path
  }
}

/** The `err` of a WIT `result`, of which `payload` is what it holds. */
class WitError extends WasmError {
  constructor(payload, options) {
    super(options?.message ?? (typeof payload === 'string' ? payload : `err${payload === undefined ? '' : ` of ${inspect(payload, FLAT)}`}`), options)
    this.payload = payload
  }
}

/** How payloads are told. */
const FLAT = { breakLength: Infinity, compact: true, depth: 3 }

/** The name of each kind's class; that of exceptions is in exception.js. */
const NAMES = {
  // generated: node.error_names
  compile: 'CompileError',
  link: 'LinkError',
  trap: 'Trap',
  host: 'HostError',
  type: 'WasmTypeError',
  range: 'WasmRangeError',
  not_found: 'NotFoundError',
  out_of_bounds: 'OutOfBoundsError',
  closed: 'ClosedError',
  wrong_store: 'WrongStoreError',
  busy: 'BusyError',
  deadlock: 'DeadlockError',
  poisoned: 'PoisonedError',
  cancelled: 'CancelledError',
  timeout: 'TimeoutError',
  fuel: 'FuelError',
  memory_limit: 'MemoryLimitError',
  limit: 'LimitError',
  exit: 'ExitError',
  denied: 'DeniedError',
  io: 'IoError',
  unsupported: 'UnsupportedError',
  internal: 'InternalError',
  wit: 'WitError',
  // end generated
}

/** Those that have more than the others. */
const WITH_MORE = { ExitError, IoError, WitError }

Object.defineProperty(WasmError.prototype, 'name', hidden('WasmError'))
WasmError.kind = 'host'

family.push(WasmError.prototype)

/** What is an error of JavaScript's own, too. */
const RELATED = {
  // generated: node.error_bases
  type: TypeError,
  range: RangeError,
  out_of_bounds: RangeError,
  // end generated
}

/** Makes errors of a class instances of a class of JavaScript's own, too: what WasmError gives them stands in front of it. */
function relate(Class, Parent) {
  const prototype = Object.create(Parent.prototype, Object.getOwnPropertyDescriptors(WasmError.prototype))
  family.push(prototype)
  Object.setPrototypeOf(Class.prototype, prototype)
}

/** Kind to class. */
const classes = new Map()
const named = {}
for (const [kind, name] of Object.entries(NAMES)) {
  const Class = WITH_MORE[name] ?? { [name]: class extends WasmError {} }[name]
  Class.kind = kind
  if (kind in RELATED) relate(Class, RELATED[kind])
  Object.defineProperty(Class.prototype, 'name', hidden(name))
  classes.set(kind, Class)
  named[name] = Class
}

class Frame {
  #text

  constructor(frame) {
    this.module = frame.optionalText()
    this.funcIndex = frame.u32()
    this.funcName = frame.optionalText()
    this.moduleOffset = frame.option(() => frame.u64())
    this.#text = frame.text()
    Object.freeze(this)
  }

  toString() {
    return this.#text
  }
}

/** Notes frames behind the first that stay, as the addon says. */
function note(error, kept, more, trail) {
  const frames = Object.freeze([...framesOf(error).slice(0, kept), ...more])
  if (frames.length > 0 || trails.has(error)) trails.set(error, { frames, trail })
}

/** Makes the error of a kind. */
function fail(kind, message) {
  const error = new (classes.get(kind))(message)
  Error.captureStackTrace(error, fail)
  return error
}

/** Names by their numbers. */
const byNumber = (names) => new Map(Object.entries(names).map(([name, number]) => [number, name]))
const kindNames = byNumber(errorKinds)
const codeNames = byNumber(trapCodes)

/** What the addon tells of an error. */
const told = (frame) => ({
  kind: kindNames.get(frame.u32()),
  code: frame.option(() => codeNames.get(frame.u32())),
  exitCode: frame.option(() => frame.i32()),
  message: frame.text(),
  frames: frame.list(() => new Frame(frame)),
  trail: frame.list(() => frame.u64()),
  output: frame.text(),
  osCode: frame.option(() => frame.i32()),
  path: frame.optionalText(),
})

/** Called by the addon: makes the error of a frame, and of a row of a batch if it came from one. */
function failed(bytes, row) {
  const it = readFrame(bytes, told)
  const { kind, message, frames, output, code, exitCode, osCode, path } = it
  const options = kind === 'io' ? { osCode, path } : { code, exitCode }
  const error = kind === 'wit' ? new WitError(undefined, { message }) : new (classes.get(kind))(message, options)
  Error.captureStackTrace(error, failed)
  if (frames.length > 0 || output !== '') trace(error, 0, it)
  if (row !== undefined) rows.set(error, row)
  return error
}

/**
 * Called by the addon: notes the frames that what a host function threw has passed, and what the guest wrote that threw
 * an exception. It stays the value it is.
 */
function pass(value, kept, bytes, row) {
  const it = readFrame(bytes, told)
  const isObject = typeof value === 'function' || (typeof value === 'object' && value !== null)
  if (is(value)) trace(value, kept, it)
  else if (isObject) note(value, kept, it.frames, it.trail)
  if (isObject && row !== undefined) rows.set(value, row)
  return value
}

/** `string`, `null`, `object`...: for messages. Runs no code of the value. */
function describe(value) {
  return value === null ? 'null' : typeof value
}

module.exports = { WasmError, ...named, fail, failed, pass, framesOf, rowOf, trailOf, describe }
