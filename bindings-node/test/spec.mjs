// Runs the official test suite through this host's API; the format is in conformance/spec/README.md.
import { readFileSync } from 'node:fs'
import { Engine, Func, GcRef, Global, load, Memory, Store, Table, TaggedException, WasmError } from 'landbridge'
import { sameBytes, vector } from './vector.mjs'

const ROOT = new URL('../../', import.meta.url)
const LISTS = new URL('target/spec/', ROOT)
const bytes = (path) => readFileSync(new URL(path, LISTS))
const json = (path) => JSON.parse(bytes(path))

const signalHandlers = process.env.LANDBRIDGE_TEST_SIGNALS !== 'off'
const engine = new Engine({ wideArithmetic: true, customPageSizes: true, signalHandlers })
const skips = new Set(Object.values(JSON.parse(readFileSync(new URL('conformance/spec-skips.json', ROOT)))).flat())

/** The host module that the suite's modules import from, in the store of a file. */
function spectest(store) {
  const print = (...params) => new Func(store, { params }, () => {})
  const global = (content, value) => new Global(store, { content }, value)
  const table = (is64) => new Table(store, { element: 'funcref', min: 10, max: 20, is64 })
  return {
    print: print(),
    print_i32: print('i32'),
    print_i64: print('i64'),
    print_f32: print('f32'),
    print_f64: print('f64'),
    print_i32_f32: print('i32', 'f32'),
    print_f64_f64: print('f64', 'f64'),
    global_i32: global('i32', 666),
    global_i64: global('i64', 666n),
    global_f32: global('f32', 666.6),
    global_f64: global('f64', 666.6),
    table: table(false),
    table64: table(true),
    memory: new Memory(store, { min: 1, max: 2 }),
  }
}

/** What was found is not what the suite says. */
class Wrong extends Error {}

const only = (object) => Object.entries(object)[0]

/** What the commands of a file know. What was made last is under the empty name. */
class File {
  store = new Store({ engine })
  imports = { __proto__: null, spectest: spectest(this.store) }
  definitions = new Map()
  instances = new Map()
  objects = new Map()

  constructor(name) {
    this.modules = bytes(`${name}.bin`)
  }

  load({ at, size }) {
    return load(this.modules.subarray(at, at + size), { engine })
  }

  link(module) {
    return this.store.instantiate(module, { imports: this.imports })
  }

  find(known, name = '') {
    const found = known.get(name)
    if (found === undefined) throw new Wrong(`nothing is known as "${name}"`)
    return found
  }

  /** Puts what `make` gives under the empty name and its own; while it is made there is none. */
  put(known, name, make) {
    known.delete('')
    const made = make()
    known.set('', made)
    if (name !== undefined) known.set(name, made)
  }

  /** The results of an action, as an array; floats are bits. */
  act({ type, of, name, args }) {
    const instance = this.find(this.instances, of)
    if (type === 'get') return [instance.global(name).bits]
    if (type !== 'invoke') throw new Wrong(`no action is ${type}`)
    const func = instance.func(name)
    const got = func.bits(...args.map((arg) => this.value(...only(arg))))
    const { length } = func.type.results
    return length === 0 ? [] : length === 1 ? [got] : got
  }

  value(tag, value) {
    if (!Object.hasOwn(VALUES, tag)) throw new Wrong(`no value is ${tag}`)
    return VALUES[tag](value, this)
  }

  object(name) {
    if (!this.objects.has(name)) this.objects.set(name, { name })
    return this.objects.get(name)
  }

  check(found, expected) {
    if (found.length === expected.length && expected.every((one, i) => this.fits(found[i], ...only(one)))) return
    throw new Wrong(`found ${found.map(String).join(', ')}, expected ${JSON.stringify(expected)}`)
  }

  fits(found, tag, value) {
    if (Object.hasOwn(PATTERNS, tag)) return PATTERNS[tag](found, value, this)
    const wanted = this.value(tag, value)
    return tag === 'v128' ? sameBytes(found, wanted) : Object.is(found, wanted)
  }
}

const reference = (name, file) => (name === null ? null : file.object(name))

const VALUES = {
  i32: Number,
  i64: BigInt,
  f32: Number,
  f64: BigInt,
  v128: vector,
  funcref: (name) => { if (name === null) return null; throw new Wrong('a function by its name') },
  externref: reference,
  anyref: reference,
  exnref: (name) => { if (name === null) return null; throw new Wrong('an exception by its name') },
}

/** A NaN whose only bit besides the exponent is the highest, and the bit that any NaN may have. */
const NANS = {
  f32: { nan: 0x7fc00000n, sign: 1n << 31n },
  f64: { nan: 0x7ff8n << 48n, sign: 1n << 63n },
}

function isFloat(type, found, value) {
  const { nan, sign } = NANS[type]
  const bits = BigInt(found)
  switch (value) {
    case 'nan:canonical': return (bits & ~sign) === nan
    case 'nan:arithmetic': return (bits & nan) === nan
    default: return bits === BigInt(value)
  }
}

/** Whether the lanes of a vector, the lowest first, are these. */
const lanes = (type, Lanes) => (found, values) => {
  const bits = new Lanes(found.buffer)
  return values.every((value, i) => isFloat(type, bits[i], value))
}

const isGc = (sort) => (found) => found instanceof GcRef && found.sort === sort
const isI31 = (found) => typeof found === 'number'

const SORTS = {
  func: (found) => found instanceof Func,
  extern: () => true,
  any: () => true,
  eq: (found) => isI31(found) || found instanceof GcRef,
  i31: isI31,
  struct: isGc('struct'),
  array: isGc('array'),
  exn: (found) => found instanceof TaggedException,
}

const PATTERNS = {
  f32: (found, value) => isFloat('f32', found, value),
  f64: (found, value) => isFloat('f64', found, value),
  f32x4: lanes('f32', Uint32Array),
  f64x2: lanes('f64', BigUint64Array),
  either: (found, values, file) => values.some((value) => file.fits(found, ...only(value))),
  ref: (found, sort) => (sort === 'null' ? found === null : found !== null && SORTS[sort](found)),
}

function fails(run, kind) {
  try {
    run()
  } catch (error) {
    if (error instanceof WasmError && error.kind === kind) return error
    throw new Wrong(`must fail with ${kind}: ${error.kind}: ${error.message}`)
  }
  throw new Wrong(`must fail with ${kind}, but succeeded`)
}

function traps(run, { code, codes = [code] }) {
  const error = fails(run, 'trap')
  if (!codes.includes(error.code)) throw new Wrong(`trapped with ${error.code}: ${error.message}`)
}

const refused = (file, command) => fails(() => file.load(command), 'compile')

const COMMANDS = {
  module: (file, command) => file.put(file.instances, command.as, () => file.link(file.load(command))),
  define: (file, command) => file.put(file.definitions, command.as, () => file.load(command)),
  instance: (file, { of, as }) => file.put(file.instances, as, () => file.link(file.find(file.definitions, of))),
  register(file, { name, of }) {
    file.imports[name] = file.find(file.instances, of)
  },
  action: (file, { action }) => file.act(action),
  return: (file, { action, results }) => file.check(file.act(action), results),
  trap(file, command) {
    if (command.action !== undefined) return traps(() => file.act(command.action), command)
    const module = file.load(command)
    traps(() => file.link(module), command)
  },
  exception: (file, { action }) => fails(() => file.act(action), 'exception'),
  invalid: refused,
  malformed: refused,
  unlinkable(file, command) {
    const module = file.load(command)
    fails(() => file.link(module), 'link')
  },
}

const SILENT = ['module', 'define', 'instance', 'register', 'action']
const count = { passed: 0, failed: 0, skipped: 0 }

function run(name, file, command) {
  const asserts = SILENT.includes(command.do) ? 0 : 1
  if (skips.has(`${name}:${command.line}`)) count.skipped++
  else if (skips.has(name)) count.skipped += asserts
  else {
    try {
      if (!Object.hasOwn(COMMANDS, command.do)) throw new Wrong(`no command does ${command.do}`)
      COMMANDS[command.do](file, command)
      count.passed += asserts
    } catch (error) {
      console.log(`FAILED ${name}:${command.line} ${command.do}: ${error.kind ?? error.name}: ${error.message}`)
      count.failed++
    }
  }
}

const start = performance.now()
const names = json('index.json').filter((name) => name.includes(process.env.SPEC ?? ''))
for (const name of names) {
  const file = new File(name)
  for (const command of json(`${name}.json`).commands) run(name, file, command)
  file.store.close()
}
const seconds = ((performance.now() - start) / 1000).toFixed(1)
console.log(`spec node: ${names.length} files, ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped, ${seconds} s`)
process.exitCode = count.failed === 0 ? 0 : 1
