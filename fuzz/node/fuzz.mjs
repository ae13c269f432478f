// Random calls of everything in landbridge, from several worker threads, with objects that act while they are looked at.
// See ../README.md.

import { readFileSync } from 'node:fs'
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'

import * as lb from '../../bindings-node/index.mjs'

// Operations of a round, after which each thread ends, lets everything go and counts.
const ROUND = 20_000
// The most seconds that an operation may take; long, since machines are busy.
const DEADLINE_S = Number(process.env.LANDBRIDGE_FUZZ_DEADLINE_S ?? 60)
const DEPTH = 4
const PLACES = 80

// ---- Each thread: its world, whose objects belong to it alone.

let state = 1n
const ends = []

function next() {
  const mask = (1n << 64n) - 1n
  state = (state + 0x9e3779b97f4a7c15n) & mask
  let z = state
  z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask
  z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask
  return z ^ (z >> 31n)
}

const below = (bound) => Number(next() % BigInt(bound))
const oneIn = (times) => below(times) === 0
const choose = (...list) => list[below(list.length)]

class Odd extends Error {}

const world = []
const kinds = {}
const names = (
  'memory wide objects funcs anys i32 i64 f32 v128 object any func exn plain pair carries inc numbers div trunc ' +
  'unreachable fib deep spin host host_often host_deep host_refs host_again throw throw_carries throw_ref catch ' +
  'catch_pair extern must keep take func_of call_at apply grow grow_table load fill point bytes list anything keep_any ' +
  'i31 cast outward inward garbage _start args environ clock random write read open unlink close sleep exit ' +
  '__proto__ then constructor nothing'
).split(' ')
const types = (
  'i32 i64 f32 f64 v128 funcref externref anyref eqref i31ref structref arrayref exnref nullref nullexnref'
).split(' ')
let depth = 0
let nested = 0
let tracked = 0
let collected = 0
let texts
let bases
const gone = new FinalizationRegistry(() => collected++)

// What must be let go in the end.
function track(object) {
  tracked++
  gone.register(object, 0)
  return object
}

function act() {
  if (depth >= DEPTH) return
  depth++
  try {
    for (let left = below(3); left > 0; left--) {
      nested++
      operation()
    }
  } finally {
    depth--
  }
}

function look(answer) {
  if (oneIn(6)) throw new Odd()
  if (oneIn(3)) act()
  return answer
}

// An object that acts whenever somebody looks at it.
function acts() {
  // A promise that becomes something with a "then" that does nothing is never settled: JavaScript has it so.
  const get = (target, key) => (key === 'then' ? undefined : look(choose(undefined, 1, target[key], host)))
  const traps = { get, has: () => look(true) }
  return choose(
    () => new Proxy(track({}), traps),
    () => new Proxy(track(function () {}), { ...traps, apply: (target, self, args) => host(...args) }),
    () => ({ valueOf: () => look(3), toString: () => look('memory'), [Symbol.toPrimitive]: () => look(1) }),
    () => ({ get host() { return look({ number: host }) }, get max() { return look(2) }, get policy() { return look(undefined) } }),
    () => [1, acts, { get 0() { return look(1) } }],
    () => {
      const { proxy, revoke } = Proxy.revocable({}, {})
      revoke()
      return proxy
    },
  )()
}

function pick(noun) {
  if (noun && !oneIn(24)) {
    const fit = world.filter((it) => it instanceof noun)
    if (fit.length) return fit[below(fit.length)]
  }
  if (world.length && !oneIn(8)) return world[below(world.length)]
  return choose(undefined, null, 0, -1, 1n << 70n, '', NaN, Symbol('x'), {}, lb, acts())
}

function keep(object) {
  if (world.length < PLACES) world.push(object)
  else world[below(PLACES)] = object
  return object
}

function buffer() {
  const resizable = new ArrayBuffer(8, { maxByteLength: 64 })
  const detached = new ArrayBuffer(8)
  structuredClone(detached, { transfer: [detached] })
  const shrinks = new Uint8Array(resizable)
  if (oneIn(4)) resizable.resize(below(9))
  return choose(new Uint8Array(5), shrinks, detached, new SharedArrayBuffer(8), new DataView(new ArrayBuffer(4)), 'text', acts())
}

function value(type) {
  switch (oneIn(24) ? below(9) : (type ?? below(9))) {
    case 'i32': case 0:
      return choose(0, 1, -1, below(9), below(70000), 2 ** 31, 2 ** 32 - 1, -(2 ** 31), 0.5, 5n, acts())
    case 'i64': case 1:
      return choose(0n, 1n, -1n, BigInt(below(70000)), 1n << 63n, 1n << 64n, 7, acts())
    case 'f32': case 'f64': case 2:
      return choose(0.5, NaN, Infinity, 1e300, -0, 1n)
    case 'v128': case 3:
      return choose(new Uint8Array(16), new Float32Array(4), 5n, new Uint8Array(3), buffer())
    case 'funcref': case 4:
      return choose(null, pick(lb.Func), host)
    case 'exnref': case 5:
      return choose(null, pick(lb.TaggedException))
    case 'structref': case 'arrayref': case 6:
      return choose(null, pick(lb.GcRef))
    case 'externref': case 'anyref': case 'eqref': case 7:
      return choose(null, track({}), pick(lb.GcRef), below(99), 'text', pick(), acts())
    default:
      return pick()
  }
}

function host(...args) {
  act()
  if (oneIn(8)) throw choose(new Odd(), new lb.ExitError('', { exitCode: 3 }), 'text', undefined, pick(lb.TaggedException), new lb.HostError('no'))
  for (const arg of args) if (oneIn(4)) keep(arg)
  return choose(undefined, 1, args[0], [track({}), null], [null, pick(lb.GcRef)], below(100), acts())
}

async function later(...args) {
  await null
  return host(...args)
}

function imports() {
  if (oneIn(20)) return choose(undefined, acts(), { host: acts() }, { host: {} }, pick())
  const kept = track({})
  // A closure that is kept by what it keeps.
  const lent = (...args) => host(...args, kept)
  const list = { host: { number: lent, refs: lent, throws: lent } }
  if (oneIn(8)) list.host.number = choose(later, pick(lb.Func), undefined, acts())
  return list
}

function sandbox() {
  const kept = track({})
  const output = () => choose('capture', () => act(kept), { lines: () => act(kept) }, undefined)
  const limits = {}
  const names = ['memoryBytes', 'tableElements', 'instances', 'fuel', 'outputBytes', 'writtenBytes', 'openFiles', 'timeoutMs',
    'transferBytes', 'handles']
  for (const name of names) {
    if (oneIn(4)) limits[name] = choose(1, 9, 1 << 20, oneIn(8) ? value() : 100)
  }
  const all = { policy: oneIn(2) ? undefined : pick(lb.Policy), stdout: output(), refusals: output(), stdin: choose(undefined, buffer()) }
  if (oneIn(2)) all.limits = limits
  return all
}

const engine = () => choose(undefined, undefined, bases[0], bases[1], pick(lb.Engine))
const module = () => (oneIn(3) ? pick(lb.Module) : bases[2 + below(bases.length - 2)])

// ---- Operations.

const operations = [
  [12, function call() {
    let func = pick(lb.Func)
    if (oneIn(2)) func = keep(pick(lb.Instance).func(choose(...names)))
    const args = func.type.params.map(value)
    if (oneIn(20)) args.push(value())
    keep(oneIn(8) ? func.bits(...args) : func(...args))
  }],
  [8, function callByName() {
    const it = pick(oneIn(6) ? lb.Pool : lb.Instance)
    const name = choose(...names)
    keep(it.call(name, ...(it instanceof lb.Instance ? it.func(name).type.params.map(value) : [value('i32')])))
  }],
  [3, function callAsync() {
    const abort = oneIn(2) ? new AbortController() : undefined
    const it = pick(choose(lb.Func, lb.Instance, lb.Pool))
    const name = choose('inc', 'host', 'spin', 'fib', 'host_often', 'write', 'sleep')
    const args = [below(1 << 20), ...(abort ? [{ signal: abort.signal }] : [])]
    const promise = it instanceof lb.Func ? it.async(...args) : it.callAsync(name, ...args)
    ends.push(promise.then((result) => void keep(result), ordinaryLater))
    if (abort && oneIn(2)) abort.abort()
  }],
  [8, function instance() {
    const it = pick(lb.Instance)
    const name = choose(...names)
    choose(
      () => keep(it.exports[name]), () => keep(it.memory(name)), () => keep(it.table(name)), () => keep(it.global(name)),
      () => keep(it.tag(name)), () => Object.entries(it.exports), () => keep(it.store), () => keep(it.module), () => it.run(),
      () => [String(it), it.closed, JSON.stringify(it)], () => oneIn(4) && it.close(),
    )()
  }],
  [8, function make() {
    const store = pick(lb.Store)
    choose(
      () => keep(new lb.Store({ engine: engine(), ...sandbox() })),
      () => keep(module().instantiate({ imports: imports(), store })),
      () => keep(module().instantiate({ imports: imports(), ...sandbox() })),
      () => keep(module().instantiate({ imports: imports() })),
      () => keep(new lb.Func(store, { params: types.slice(below(9), below(12)), results: types.slice(0, below(3)) }, choose(host, later, acts()))),
      () => keep(new lb.Memory(store, { min: below(3), max: choose(undefined, 4, value()), is64: oneIn(4) })),
      () => {
        const element = choose(...types)
        keep(new lb.Table(store, { element, min: below(9), max: choose(undefined, 9), init: value(element) }))
      },
      () => {
        const content = choose(...types)
        keep(new lb.Global(store, { content, mutable: oneIn(2) }, value(content)))
      },
      () => keep(new lb.Tag(store, types.slice(below(9), below(12)))),
      () => {
        const tag = pick(lb.Tag)
        keep(new lb.TaggedException(tag, tag.type.params.map(value)))
      },
    )()
  }],
  [2, function load() {
    const text = choose(...texts)
    const at = below(text.length - 40)
    choose(
      () => keep(lb.Module.fromText(`(module (func (export "f") (result i32) (i32.const ${below(1 << 30)})))`)),
      () => keep(lb.Module.fromBytes(buffer())),
      () => keep(choose(lb.load, lb.inspect)(text.slice(0, at) + text.slice(at + below(40)))),
      () => keep(lb.load(structuredClone({ ...pick(lb.Module) }))),
      () => keep(lb.Module.fromText(text, { engine: engine() })),
      () => keep(new lb.Module(text, acts())),
    )()
  }],
  [4, function grants() {
    const it = pick(lb.Policy)
    choose(
      () => keep(lb.Policy.none().withMemoryDir('/data', { file: 'in it', [choose(...names)]: buffer() }, choose('read', 'write', 'x'))),
      () => keep(it.withEnv('A', choose('B', value())).withClock(choose('real', 'none', { fixedNs: value('i64') }))),
      () => keep(it.restrict(pick(lb.Policy))),
      () => {
        if (!lb.Policy.fromJson(it.toJson()).equals(it)) throw new Error('a policy that was written says something else')
      },
      () => it.allows(pick(lb.Policy)),
      () => keep(it.withTcpConnect(choose('10.0.0.0/8', '::1', 'x'), choose('*', 80, '1-2', value()))),
      () => it.allowsTcpConnect('127.0.0.1', value('i32')),
    )()
  }],
  [5, function store() {
    const it = pick(lb.Store)
    choose(
      () => it.usage(), () => it.setFuel(value('i64')), () => oneIn(4) && it.cancel(), () => it.stdout(), () => it.stderr(),
      () => it.refusals(), () => it.output(), () => it.gc(), () => oneIn(4) && it.close(), () => String(it),
    )()
  }],
  [6, function memory() {
    const it = pick(lb.Memory)
    choose(
      () => it.read(value('i32'), below(100)), () => it.write(value('i32'), buffer()), () => it.grow(below(2)),
      () => it.readText(value('i32'), below(100)), () => it.readCString(value('i32'), choose(undefined, below(100))),
      () => it.writeText(value('i32'), choose('größe', 'a\0b', '\ud800', value())),
      () => {
        const view = new Uint8Array(it.buffer)
        act()
        for (let at = 0; at < view.length; at += 4096) view[at]++
      },
      () => [it.sizeBytes, it.sizePages, it.type], () => structuredClone(it.buffer, { transfer: [it.buffer] }),
    )()
  }],
  [6, function table() {
    const it = pick(lb.Table)
    choose(
      () => keep(it.get(value('i32'))), () => it.set(below(4), value(it.type.element)), () => it.set(value('i32'), value()),
      () => it.grow(below(3), value(it.type.element)), () => [it.size, it.type],
    )()
  }],
  [8, function others() {
    const global = pick(lb.Global)
    const object = pick(lb.GcRef)
    choose(
      () => keep(global.value), () => (global.value = value(global.type.content)), () => keep(object.get(value('i32'))),
      () => object.set(value('i32'), value()), () => object.equals(pick()), () => object instanceof lb.GcRef && [...object],
      () => pick(lb.TaggedException).payload, () => pick(lb.TaggedException).equals(pick()), () => pick(lb.Tag).equals(pick()),
      // A method of one class on an object of another.
      () => choose(lb.Store.prototype.usage, lb.Memory.prototype.read, lb.Table.prototype.get).call(pick(), value(), value()),
    )()
  }],
  [4, function pool() {
    choose(
      () => keep(new lb.Pool(module(), { imports: imports(), max: below(3), waitMs: below(4), reset: choose('fresh', 'reuse', 'x'), ...sandbox() })),
      () => keep(pick(lb.Pool).get()), () => pick(lb.Pool).counts, () => oneIn(6) && pick(lb.Pool).close(),
    )()
  }],
  [6, function drop() {
    if (world.length) world[below(world.length)] = undefined
    if (oneIn(300)) gc()
  }],
]
const total = operations.reduce((sum, [weight]) => sum + weight, 0)

// An error of a kind that operations may have. What is no error of ours is JavaScript's own, or the fuzzer's.
function ordinary(error) {
  let ours = false
  try {
    ours = error instanceof lb.WasmError
  } catch {
    // Somebody threw a proxy that was revoked.
    return
  }
  if (!ours) {
    const own = error instanceof Odd || !(error instanceof Error)
    if (!own && !['TypeError', 'RangeError', 'SyntaxError', 'DataCloneError', 'AbortError'].includes(error.name)) throw error
    return
  }
  const kind = error.kind
  kinds[kind] = (kinds[kind] ?? 0) + 1
  if (kind === 'internal') throw new Error(`an error of kind internal: ${error.message}`, { cause: error })
  if (error.message.length > 65536) throw new Error(`a message of ${error.message.length} characters`)
}

// The same for what comes later: it is told to the main thread.
function ordinaryLater(error) {
  try {
    ordinary(error)
  } catch (wrong) {
    parentPort.postMessage({ failure: `thread ${workerData.number}, asynchronously: ${wrong.stack}` })
  }
}

function operation() {
  let left = below(total)
  for (const [weight, run] of operations) {
    left -= weight
    if (left >= 0) continue
    try {
      run()
    } catch (error) {
      ordinary(error)
    }
    return
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

async function work() {
  // A promise that the library refused, since nobody could wait for it.
  process.on('unhandledRejection', ordinaryLater)
  const { number, seed, first, last, guests, watched } = workerData
  state = BigInt(seed) * 1000003n + BigInt(number) * 7919n + BigInt(first)
  texts = ['guest', 'program'].map((name) => readFileSync(`${guests}/${name}.wat`, 'utf8'))
  const engines = [new lb.Engine({ cache: false }), new lb.Engine({ cache: false, signalHandlers: false, stackBytes: 128 << 10 })]
  bases = [...engines, ...texts.flatMap((text) => [undefined, ...engines].map((engine) => lb.Module.fromText(text, { engine })))]
  for (let at = first; at < last; at++) {
    Atomics.store(watched, number, at + 1)
    try {
      operation()
    } catch (error) {
      parentPort.postMessage({ failure: `thread ${number}, operation ${at}: ${error.stack}\n${error.cause?.stack ?? ''}` })
      return
    }
    // What was called asynchronously goes on, and so does what was let go.
    if (at % 64 === 0) await pause(0)
  }
  // Those that are made meanwhile are waited for by the thread's end. From here on it is watched as a whole.
  Atomics.store(watched, number, -1)
  await Promise.all(ends)
  Atomics.store(watched, number, -2)
  world.length = 0
  ends.length = 0
  bases = undefined
  for (let again = 0; again < 100 && collected < tracked; again++) {
    gc()
    await pause(5)
  }
  parentPort.postMessage({ nested, kinds, left: tracked - collected, tracked })
}

// ---- The main thread: rounds, and the watchdog.

function options() {
  const all = { calls: 20000, seed: 1, from: 0, threads: 4, seconds: 0, guests: new URL('..', import.meta.url).pathname }
  for (let i = 2; i + 1 < process.argv.length; i += 2) {
    const name = process.argv[i].slice(2)
    all[name] = name === 'guests' ? process.argv[i + 1] : Number(process.argv[i + 1])
  }
  return all
}

function thread(workerData, all) {
  return new Promise((resolve) => {
    const worker = new Worker(new URL(import.meta.url), { workerData, resourceLimits: { stackSizeMb: choose(1, 4) } })
    worker.on('message', (message) => {
      if (message.failure) all.failures.push(message.failure)
      all.nested += message.nested ?? 0
      for (const [kind, count] of Object.entries(message.kinds ?? {})) all.kinds[kind] = (all.kinds[kind] ?? 0) + count
      // Some are on a stack, or in a register.
      if (message.left > 16) all.failures.push(`thread ${workerData.number}: ${message.left} of ${message.tracked} objects are never let go`)
    })
    worker.on('error', (error) => all.failures.push(`thread ${workerData.number}: ${error.stack ?? error}`))
    worker.on('exit', () => {
      Atomics.store(workerData.watched, workerData.number, 0)
      resolve()
    })
  })
}

async function round(from, to, all) {
  const each = Math.ceil((to - from) / all.threads)
  const watched = new Int32Array(new SharedArrayBuffer(4 * (all.threads + 1)))
  const before = [...watched]
  const since = before.map(() => Date.now())
  const watchdog = setInterval(() => {
    for (const [number, at] of watched.entries()) {
      if (at !== before[number]) since[number] = Date.now()
      before[number] = at
      if (at && Date.now() - since[number] > DEADLINE_S * 1000) {
        const what = at > 0 ? `operation ${at - 1}` : at === -1 ? 'a call of those in flight' : 'the thread'
        console.error(`FOUND (seed ${all.seed}): thread ${number}, ${what} does not end`)
        process.abort()
      }
    }
  }, 1000)
  const { seed, guests } = all
  const running = Array.from({ length: all.threads }, (_, i) => {
    const first = Math.min(from + i * each, to)
    return thread({ number: i + 1, seed, guests, watched, first, last: Math.min(first + each, to) }, all)
  })
  await Promise.all(running)
  clearInterval(watchdog)
}

async function main() {
  const all = { ...options(), failures: [], kinds: {}, nested: 0 }
  const end = all.from + all.calls
  const start = Date.now()
  console.log(`node: --seed ${all.seed} --from ${all.from} --calls ${all.calls} --threads ${all.threads}`)
  let at = all.from
  let base = 0
  for (let rounds = 1; at < end && !all.failures.length; rounds++) {
    const to = Math.min(end, at - (at % ROUND) + ROUND)
    await round(at, to, all)
    at = to
    gc()
    const used = process.memoryUsage().rss
    if (rounds <= 3) base = Math.max(base, used)
    if (used > base + (128 << 20)) all.failures.push(`${used >> 20} MB are in use, after the first rounds it were ${base >> 20}`)
    if (all.seconds && Date.now() - start > all.seconds * 1000) {
      console.log(`node: ended by --seconds, ${end - at} operations before its end`)
      break
    }
  }
  const told = Object.entries(all.kinds).sort().map(([kind, count]) => `${kind} ${count}`).join(' ')
  console.log(`node: ${at - all.from} operations, ${all.nested} more inside of them, ${process.memoryUsage().rss >> 20} MB, errors: ${told}`)
  for (const failure of all.failures.slice(0, 3)) console.error(`FOUND (seed ${all.seed}): ${failure}`)
  process.exitCode = all.failures.length ? 1 : 0
}

await (isMainThread ? main() : work())
