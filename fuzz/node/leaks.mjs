// The situations of ../leaks.json in Node.js. Takes the folder of the guests, the name of one and how many rounds, and prints
// the bytes that the process has after a fifth of them and after all.

import { readFileSync } from 'node:fs'

import * as lb from '../../bindings-node/index.mjs'

const [folder, situation, count] = process.argv.slice(2)
const rounds = Number(count)
const guest = lb.load(`${folder}/guest.wat`)

class Thrown extends Error {}

const conformance = (name) => new URL(`../../conformance/modules/${name}`, import.meta.url)
let values
let things

/** A function of a component that gives back what it is given. */
function echo(name) {
  values ??= lb.load(conformance('values.wat')).instantiate()
  return values.exports[name]
}

const thingsHost = {
  Thing: class {
    constructor(n) { this.n = n }
    get() { return this.n }
  },
  eat() {},
  keep() {},
}

const host = (...args) => (args.length === 1 ? args[0] : [null, null])
const imports = {
  host: {
    number: host,
    refs: host,
    throws(number) {
      throw new Thrown(String(number))
    },
  },
}
const instance = guest.instantiate({ imports })
const inc = instance.func('inc')
const [extern, bytes, unreachable, catches] = ['extern', 'bytes', 'unreachable', 'catch'].map((name) => instance.func(name))
const store = new lb.Store()
const policy = lb.Policy.none().withEnv('A', 'B').withClock('real').withRandom({ seed: 1 })
let pool
let program

function fails(kind, what) {
  try {
    what()
  } catch (error) {
    if (error instanceof kind) return
    throw error
  }
  throw new Error(`no ${kind.name}`)
}

function same(one, other) {
  if (one !== other) throw new Error(`${one} is not ${other}`)
}

const situations = {
  calls: () => inc(1),
  calls_by_name: () => instance.call('inc', 1),
  instances: () => guest.instantiate({ imports }).close(),
  stores() {
    const one = new lb.Store()
    guest.instantiate({ imports, store: one })
    guest.instantiate({ imports, store: one })
  },
  modules: (i) => lb.Module.fromText(`(module (memory 1) (func (export "f${i}") (result i32) (i32.const ${i})))`),
  traps: () => fails(lb.Trap, unreachable),
  throwing_callbacks: () => fails(Thrown, () => catches(1)),
  async_calls: async (i) => same(await inc.async(i), i + 1),
  externrefs() {
    const one = {}
    same(extern(one), one)
  },
  gc_refs: () => same(bytes(100).get(7), 0),
  views: (i) => void (new Uint8Array(instance.memory('memory').buffer)[0] = i),
  pools() {
    pool ??= new lb.Pool(guest, { imports })
    pool.call('inc', 1)
    pool.get().close()
  },
  // A function that captures the instance which it is lent to.
  cycles() {
    let one
    const captures = (...args) => (one ? host(...args) : 0)
    one = guest.instantiate({ imports: { host: { number: captures, refs: captures, throws: captures } } })
  },
  engines() {
    const engine = new lb.Engine({ cache: false })
    lb.Module.fromText('(module (func (export "f")))', { engine })
    new lb.Store({ engine }).close()
  },
  policies() {
    const one = lb.Policy.fromJson('{"env":{"A":"B"},"clock":"real","random":{"seed":1}}').restrict(policy)
    one.toJson()
    new lb.Store({ policy: one, limits: { timeoutMs: 1000 }, stdout: 'capture' }).close()
  },
  wasi_files() {
    program ??= lb.load(`${folder}/program.wat`).instantiate({
      policy: lb.Policy.none().withMemoryDir('/data', { file: 'in it' }, 'write'),
    })
    same(program.call('open', 3, 0), 0)
    same(program.call('close', 4), 0)
  },
  async cancelled_calls() {
    const abort = new AbortController()
    const one = guest.instantiate({ imports })
    const call = one.callAsync('spin', 0xffffff, { signal: abort.signal })
    abort.abort()
    await call.catch(() => {})
  },
  refused_links: () => fails(lb.LinkError, () => guest.instantiate()),
  funcs_and_tags() {
    new lb.Func(store, { params: ['i32'], results: ['i32'] }, (number) => number)
    new lb.Tag(store, ['i32'])
  },
  wit_calls() {
    same(echo('echo-person')({ name: 'Ada', age: 36 }).name, 'Ada')
    same(echo('echo-list-bytes')(new Uint8Array(5000)).length, 5000)
    same(echo('echo-string')('é'.repeat(2000)).length, 2000)
  },
  wit_errors() {
    fails(lb.WasmTypeError, () => echo('echo-person')({ name: 5 }))
    fails(lb.WitError, () => echo('echo-result')({ tag: 'err', val: 'why' }))
  },
  async wit_async_calls() {
    same(await echo('echo-string').async('Ada'), 'Ada')
    same((await echo('echo-list-bytes').async(new Uint8Array(2000))).length, 2000)
  },
  wit_resources() {
    things ??= lb.load(conformance('things.wat')).instantiate({ imports: { 'demo:app/things': thingsHost } })
    new things.exports.Mine(1).close()
    // This one is left to the collector.
    things.exports.eatMine(new things.exports.Mine(2))
    new things.exports.Mine(3).rep()
  },
  wit_objects() {
    things ??= lb.load(conformance('things.wat')).instantiate({ imports: { 'demo:app/things': thingsHost } })
    const thing = new thingsHost.Thing(1)
    same(things.exports.forward(thing), 1)
    things.exports.hold(thing)
    same(things.exports.return(), thing)
    same(things.exports.make(5), 5)
  },
  components() {
    const one = lb.load(conformance('things.wat')).instantiate({ imports: { 'demo:app/things': { ...thingsHost, keep: () => one } } })
    new one.exports.Mine(1)
    one.exports.hold(new thingsHost.Thing(1))
  },
  inspections: () => lb.inspect(readFileSync(`${folder}/guest.wat`, 'utf8')).features,
}

const pause = () => new Promise((resolve) => setImmediate(resolve))

async function resident() {
  for (let i = 0; i < 3; i++) {
    gc()
    await pause()
  }
  return process.memoryUsage.rss()
}

const step = situations[situation]
let first = await resident()
for (let i = 0; i < rounds; i++) {
  if (i === Math.floor(rounds / 5)) first = await resident()
  const waits = step(i)
  if (waits instanceof Promise) await waits
  // The collector knows nothing of the room that instances take which were only let go of.
  if (i % Math.ceil(rounds / 50) === 0) gc()
  // What was collected is released when the event loop turns.
  if (i % 256 === 0) await pause()
}
console.log(first, await resident())
process.exit()
