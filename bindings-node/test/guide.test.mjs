// The programs of the guide: they are cut from here.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  bits, context, Engine, framesOf, FuelError, Global, inspect, load, Memory, Module, Policy, Pool, Store, Tag, TaggedException, TimeoutError, Trap, WasmError,
} from 'landbridge'

const dir = mkdtempSync(join(tmpdir(), 'landbridge-'))
process.chdir(dir)
process.on('exit', () => rmSync(dir, { recursive: true }))

cpSync(fileURLToPath(new URL('../../docs/guide/examples', import.meta.url)), '.', { recursive: true }) // what readers download

test('load and call', () => {
  // [call]
  const calc = load('calc.wasm').instantiate()
  const five = calc.exports.add(2, 3)
  const big = calc.exports.add64(2n ** 62n, 1n) // 64-bit integers are BigInt, always
  // [end call]
  assert.deepEqual([five, big], [5, 2n ** 62n + 1n])
})

test('map', () => {
  const calc = load('calc.wasm').instantiate()
  const guest = load('(module (func (export "divide") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1))))').instantiate()
  // [map]
  const prices = Int32Array.of(10, 20, 30)
  const sums = calc.exports.add.map(prices, 5) // a new Int32Array: 15, 25, 35; a number repeats
  calc.exports.add.map(prices, [1, 2, 3], { out: prices }) // into a column that is there: 11, 22, 33
  let row
  try {
    guest.exports.divide.map([8, 8, 8], [4, 0, 2])
  } catch (error) {
    row = error.row // 1: the row that failed
  }
  // [end map]
  assert.deepEqual([sums, prices, row], [Int32Array.of(15, 25, 35), Int32Array.of(11, 22, 33), 1])
})

test('inspect', () => {
  // [inspect]
  const found = inspect('app.wasm') // nothing is compiled
  const { imports, exports, memories, features, producers } = found
  const wanted = imports.map(({ module, name, type }) => `${module}.${name}: ${type}`)
  const given = exports.map(({ name, type }) => `${name}: ${type}`)
  const makers = producers.map(({ name, version }) => `${name} ${version}`)
  const json = found.toJson() // all of it, the same text in every language
  // [end inspect]
  assert.deepEqual(wanted, ['env.log: func (i32, i32) -> ()'])
  assert.deepEqual(given, ['memory: memory 1', 'run: func () -> ()'])
  assert.deepEqual([`${memories[0]}`, features, makers], ['memory 1', [], []])
  assert.equal(JSON.parse(json).exports.length, 2)
})

test('vectors', () => {
  const guest = load('values.wasm').instantiate({ imports: { env: { check() {} } } })
  // [values-vector]
  const vector = guest.exports.double(Float32Array.of(1, 2, 3, 4)) // any view of 16 bytes, lane 0 first
  const doubled = new Float32Array(vector.buffer) // a Uint8Array comes out, with a buffer of its own
  const first = new DataView(vector.buffer).getFloat32(0, true)
  // [end values-vector]
  assert.deepEqual([...doubled, first], [2, 4, 6, 8, 2])
})

test('text', () => {
  const guest = load('upper.wasm').instantiate()
  // [values-text]
  const { memory, alloc, upper } = guest.exports
  const at = alloc(16) // the guest says where there is room
  const length = memory.writeText(at, 'größe') // 7 bytes: UTF-8, without a zero byte
  upper(at, length)
  const text = memory.readText(at, length)
  // [end values-text]
  assert.equal(text, 'GRößE')
})

test('objects', () => {
  const guest = load('values.wasm').instantiate({ imports: { env: { check() {} } } })
  // [values-object]
  const session = { user: 'Ada' }
  guest.exports.keep(session) // any value is an externref; the guest holds it
  const same = guest.exports.give() === session
  // [end values-object]
  assert.ok(same)
})

test('structs and arrays', () => {
  const guest = load('values.wasm').instantiate({ imports: { env: { check() {} } } })
  // [values-gc]
  const point = guest.exports.point(3, 2.5) // a GcRef
  const what = `${point.type} of ${point.length} fields`
  point.set(0, point.get(0) + 1)
  const x = guest.exports.x(point) // the guest sees it
  // [end values-gc]
  assert.deepEqual([what, x], ['(struct (mut f64) f64) of 2 fields', 4])
})

test('exceptions of a guest', () => {
  const guest = load('values.wasm').instantiate({ imports: { env: { check() {} } } })
  // [values-exception]
  let code
  try {
    guest.exports.refuse(7)
  } catch (error) {
    if (!(error instanceof TaggedException && error.tag.equals(guest.exports.refused))) throw error
    code = error.payload[0]
  }
  // [end values-exception]
  assert.equal(code, 7)
})

test('exceptions for a guest', () => {
  // [values-throw]
  const store = new Store()
  const denied = new Tag(store, ['i32'])
  const env = { denied, open() { throw new TaggedException(denied, [13]) } }
  const files = store.instantiate(load('files.wasm'), { imports: { env } })
  const code = files.exports.run() // the guest catches it by its tag
  // [end values-throw]
  assert.equal(code, 13)
})

test('the bits of floats', () => {
  const guest = load(`(module (import "env" "host" (func $host (param f64) (result f64)))
    (func (export "same") (param f64) (result f64) (call $host (local.get 0))))`).instantiate({ imports: { env: { host: bits((n) => n) } } })
  // [bits]
  const nan = guest.exports.same.bits(0x7ff4000000000001n) // a BigInt in, a BigInt out, no NaN between
  const host = bits((number) => number ^ (1n << 63n)) // a host function that gets and gives bits
  // [end bits]
  assert.equal(nan, 0x7ff4000000000001n)
  assert.equal(host(0n), 1n << 63n)
})

test('a memory for two guests', () => {
  // [linking-memory]
  const store = new Store()
  const env = { memory: new Memory(store, { min: 1 }) }
  const writer = store.instantiate(load('user.wasm'), { imports: { env } })
  const reader = store.instantiate(load('user.wasm'), { imports: { env } })
  writer.exports.put(5, 77)
  const number = reader.exports.get(5) // 77
  // [end linking-memory]
  assert.equal(number, 77)
})

test('a guest for a guest', () => {
  // [linking-instance]
  const store = new Store()
  const calc = store.instantiate(load('calc.wasm'))
  const user = store.instantiate(load('double.wasm'), { imports: { calc } }) // all its exports
  const four = user.exports.double(2)
  // [end linking-instance]
  assert.equal(four, 4)
})

test('values for globals', () => {
  // [linking-value]
  const config = { retries: 3, owner: { name: 'Ada' } } // of the types the module asks for
  const guest = load('retry.wasm').instantiate({ imports: { config } })
  const three = guest.exports.retries()
  // [end linking-value]
  assert.equal(three, 3)
})

test('precompiled modules', () => {
  // [precompiled]
  load('calc.wasm').compile('calc.code') // machine code for this version, CPU and system
  const calc = Module.loadPrecompiled('calc.code').instantiate() // never a file you do not trust
  const five = calc.exports.add(2, 3)
  // [end precompiled]
  assert.equal(five, 5)
})

test('imports', () => {
  const lines = []
  const console = { log: (line) => lines.push(line) }
  // [imports]
  const app = load('app.wasm').instantiate({
    imports: {
      env: {
        log(pointer, length) {
          console.log(Buffer.from(app.exports.memory.read(pointer, length)).toString())
        },
      },
    },
  })
  app.exports.run()
  // [end imports]
  assert.deepEqual(lines, ['hello'])
})

test('context', () => {
  const lines = []
  // [context]
  const env = {
    log(pointer, length) {
      const bytes = context.export('memory').read(pointer, length) // of the instance that calls
      lines.push(Buffer.from(bytes).toString())
    },
  }
  // [end context]
  load('app.wasm').instantiate({ imports: { env } }).exports.run()
  assert.deepEqual(lines, ['hello'])
})

test('memory', () => {
  const calc = load('calc.wasm').instantiate()
  // [memory]
  const { memory } = calc.exports
  memory.write(16, Buffer.from('text'))
  const copy = memory.read(16, 4) // a Uint8Array of its own
  const numbers = memory.readInto(16, new Uint32Array(1)) // into what is there
  const view = new Uint8Array(memory.buffer) // in place
  view[16] = 0x54
  // [end memory]
  assert.equal(Buffer.from(copy).toString(), 'text')
  assert.equal(numbers[0], 0x74786574)
  assert.equal(Buffer.from(memory.read(16, 4)).toString(), 'Text')
})

test('errors', () => {
  const calc = load('calc.wasm').instantiate()
  let seen
  const console = { error: (...what) => { seen = what } }
  // [errors]
  try {
    calc.exports.div(1, 0)
  } catch (error) {
    if (error instanceof Trap) console.error(error.code, error.frames[0].funcName)
    else if (error instanceof WasmError) console.error(error.kind, error.message)
    else throw error
  }
  // [end errors]
  assert.deepEqual(seen, ['integer_division_by_zero', 'div'])
})

test('errors of files', () => {
  // [errors-files]
  let missing
  try {
    load('nowhere.wasm')
  } catch (error) {
    if (error.code !== 'ENOENT') throw error // as that of node:fs; it is an IoError
    missing = error.path
  }
  // [end errors-files]
  assert.equal(missing, 'nowhere.wasm')
})

test('exceptions', () => {
  // [exceptions]
  let frames
  const boom = new Error('from the host')
  const app = load('app.wasm').instantiate({ imports: { env: { log() { throw boom } } } })
  try {
    app.exports.run()
  } catch (error) {
    frames = framesOf(error) // the guest's frames, for any object; error === boom
  }
  // [end exceptions]
  assert.equal(frames.length, 1)
  assert.throws(() => app.exports.run(), (error) => error === boom)
})

test('stores', () => {
  // [stores]
  const store = new Store()
  const memory = new Memory(store, { min: 1 })
  const count = new Global(store, { content: 'i64', mutable: true }, 0n)
  const counter = store.instantiate(load('counter.wasm'), { imports: { env: { memory, count } } })
  counter.exports.step()
  // [end stores]
  assert.deepEqual([count.value, memory.read(0, 1)[0]], [1n, 7])
})

mkdirSync('data')
writeFileSync('data/name.txt', 'Ada\n')

test('limits', () => {
  // [sandbox-limits]
  let caught
  const limits = { memoryBytes: 64 * 2 ** 20, timeoutMs: 500, fuel: 1_000_000n }
  const app = load('spin.wasm').instantiate({ limits })
  try {
    app.exports.run()
  } catch (error) {
    if (!(error instanceof FuelError || error instanceof TimeoutError)) throw error
    caught = error.kind // 'fuel' here; each limit has a kind of its own
  }
  const usage = app.store.usage() // fuelUsed is a BigInt
  // [end sandbox-limits]
  assert.equal(caught, 'fuel')
  assert.ok(usage.fuelUsed >= 1_000_000n)
})

test('asynchronous calls', async () => {
  // [async-call]
  const calc = load('calc.wasm').instantiate()
  const five = await calc.exports.add.async(2, 3) // on a thread of the engine's

  const calls = Array.from({ length: 1000 }, (_, i) => calc.callAsync('add', i, 1)) // all are in flight
  const results = await Promise.all(calls)
  // [end async-call]
  assert.equal(five, 5)
  assert.deepEqual(results, Array.from({ length: 1000 }, (_, i) => i + 1))
})

test('cancelling a call', async () => {
  // [async-cancel]
  let name
  const guest = load('spin.wasm').instantiate()
  const signal = AbortSignal.timeout(100) // or that of an AbortController
  try {
    await guest.exports.run.async({ signal }) // the options come after the arguments
  } catch (error) {
    if (error !== signal.reason) throw error
    name = error.name // 'TimeoutError'; the guest was ended, and its store cannot be used any more
  }
  // [end async-cancel]
  assert.equal(name, 'TimeoutError')
})

test('host functions that take their time', async () => {
  // [async-host]
  const env = {
    async price(article) {
      await new Promise((resolve) => setTimeout(resolve, 10)) // asks a server; the guest waits, the loop does not
      app.exports.memory.write(0, new Uint8Array([article])) // the instance may be used meanwhile
      return 30
    },
  }
  const app = load('ask.wasm').instantiate({ imports: { env } })
  const total = await app.exports.total.async(7, 3)
  // [end async-host]
  assert.deepEqual([total, app.exports.memory.read(0, 1)[0]], [90, 7])
})

test('pools', async () => {
  // [pool]
  const pool = new Pool(load('calc.wasm'), { max: 4, waitMs: 5000, limits: { timeoutMs: 500 } })
  const calc = pool.get() // does not wait: if all are taken it is a BusyError
  const five = calc.exports.add(2, 3)
  calc.close() // gives it back, as the end of a block does that says: using calc = pool.get()
  const seven = pool.call('add', 3, 4) // all of it in one step
  const calls = Array.from({ length: 100 }, (_, i) => pool.callAsync('add', i, 1)) // these wait for their turn
  const results = await Promise.all(calls)
  const { served } = pool.counts
  // [end pool]
  assert.deepEqual([five, seven, results[99], served], [5, 7, 100, 102])
})

test('slots', () => {
  // [slots]
  const engine = new Engine({ poolSlots: 100 }) // once, for all pools together
  const pool = new Pool(load('calc.wasm', { engine }), { max: 4 })
  const five = pool.call('add', 2, 3)
  const { made, inSlots } = pool.counts // 2 and 2
  // [end slots]
  assert.deepEqual([five, made, inSlots], [5, 2, 2])
})

test('policies', () => {
  // [sandbox-policy]
  const policy = Policy.none()
    .withReadOnlyDir('/data', './data') // the guest's name, the folder of the host
    .withEnv('GREETING', 'Hello')
  const app = load('hello.wasm').instantiate({ policy, stdout: 'capture' })
  const code = app.run() // what was not granted is not there
  const text = new TextDecoder().decode(app.store.stdout()) // Hello, Ada
  // [end sandbox-policy]
  assert.deepEqual([code, text], [0, 'Hello, Ada\n'])
})

test('files', () => {
  // [sandbox-files]
  const policy = Policy.none()
    .withMemoryDir('/notes', { 'today.txt': 'Ada comes at ten\n' }, 'write') // the store's own, gone with it
  const limits = { writtenBytes: 2 ** 20, openFiles: 16 }
  const app = load('notes.wasm').instantiate({ policy, limits, refusals: 'capture' })
  const code = app.run()
  const { writtenBytes, openFiles } = app.store.usage()
  const refused = new TextDecoder().decode(app.store.refusals()) // a line for each
  // [end sandbox-files]
  assert.deepEqual([code, writtenBytes, openFiles, refused], [0, 4096, 0, 'refused: random_get: the policy grants no random numbers\n'])
})

test('networks', () => {
  // [sandbox-network]
  const policy = Policy.none()
    .withName('*.example.org', 443) // a port, or a text such as '8000-8999' or '*'
    .withHttp('https', 'api.example.org', 443, 'GET')
  const resolves = policy.allowsName('www.example.org')
  const posts = policy.allowsHttp('https', 'api.example.org', 443, 'POST')
  // [end sandbox-network]
  assert.deepEqual([resolves, posts], [true, false])
})

test('output', () => {
  // [sandbox-output]
  const stdin = Buffer.from('some text\n')
  const app = load('count.wasm').instantiate({ stdin, stdout: 'capture', stderr: (bytes) => { console.error(bytes) } })
  const code = app.run() // the exit code
  const text = new TextDecoder().decode(app.store.stdout()) // '1 2 10 -\n': what was written since the last time
  // [end sandbox-output]
  assert.deepEqual([code, text], [0, '1 2 10 -\n'])
})

test('deadlines', () => {
  // [sandbox-cancel]
  let kind
  const app = load('spin.wasm').instantiate({ limits: { timeoutMs: 50 } })
  try {
    app.exports.run() // blocks its thread: nothing here could cancel it, so it has a deadline
  } catch (error) {
    kind = error.kind // 'timeout'; the store is of no use any more
  }
  // [end sandbox-cancel]
  assert.equal(kind, 'timeout')
})

test('policies in JSON', () => {
  // [sandbox-json]
  const asked = Policy.fromFile('policy.json') // what the program's author wants
  const most = Policy.none().withReadOnlyDir('/data', 'data').withEnv('GREETING', 'Hello')
  const policy = asked.restrict(most) // what both grant
  const app = load('hello.wasm').instantiate({ policy, stdout: 'inherit' })
  const json = policy.toJson()
  // [end sandbox-json]
  assert.ok(!most.allows(asked) && most.allows(policy))
  assert.equal(json, '{"args":[],"clock":"none","dirs":{"/data":{"access":"read","path":"data"}},"env":{"GREETING":"Hello"},"random":"none"}')
  assert.equal(app.closed, false)
})

test('closing', () => {
  // [closing]
  const calc = load('calc.wasm').instantiate()
  try {
    calc.exports.add(2, 3)
  } finally {
    calc.close() // or `using calc = ...`, where the language has it
  }
  // [end closing]
  assert.throws(() => calc.exports.add(2, 3), { kind: 'closed' })
})

test('modules of the language', () => {
  const text = `
  // [esm]
  import { add } from './calc.wasm'

  console.log(add(2, 3))
  // [end esm]
  `
  writeFileSync('app.mjs', text)
  const register = new URL('../register.mjs', import.meta.url).href
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', register, 'app.mjs'], { encoding: 'utf8' })
  assert.equal(stdout, '5\n', stderr)
})

test('what modules of the language are lent', () => {
  const text = `
  // [esm-provide]
  // provide.mjs; run it first: node --import ./provide.mjs app.mjs
  import { provide } from 'landbridge/register'

  // What guests import from "env". In env.mjs: export const log = (at, length) => console.log('logged', at, length)
  provide('env', new URL('./env.mjs', import.meta.url))
  // [end esm-provide]
  `
  const register = new URL('../register.mjs', import.meta.url).href
  writeFileSync('provide.mjs', text.replace("'landbridge/register'", JSON.stringify(register)))
  writeFileSync('env.mjs', "export const log = (at, length) => console.log('logged', at, length)")
  writeFileSync('uses.mjs', "import { run } from './app.wasm'\nrun()")
  const { stdout, stderr } = spawnSync(process.execPath, ['--import', './provide.mjs', 'uses.mjs'], { encoding: 'utf8' })
  assert.equal(stdout, 'logged 16 5\n', stderr)
})

test('modules that travel', () => {
  const text = `
  // [travel]
  import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
  import { load } from 'landbridge'

  if (isMainThread) {
    const worker = new Worker(new URL(import.meta.url), { workerData: load('calc.wasm') }) // bytes and hash
    worker.on('message', (five) => console.log(five))
  } else {
    const calc = load(workerData).instantiate() // the hash is checked; nothing is compiled again
    parentPort.postMessage(calc.exports.add(2, 3))
  }
  // [end travel]
  `
  const index = new URL('../index.mjs', import.meta.url).href
  writeFileSync('travel.mjs', text.replace("'landbridge'", JSON.stringify(index)))
  const { stdout, stderr } = spawnSync(process.execPath, ['travel.mjs'], { encoding: 'utf8' })
  assert.equal(stdout, '5\n', stderr)
})

test('workers', async () => {
  const text = `
  // [worker]
  import { parentPort } from 'node:worker_threads'
  import { load } from 'landbridge'

  const calc = load('calc.wasm').instantiate() // the compiled code comes from the cache
  parentPort.on('message', ([a, b]) => parentPort.postMessage(calc.exports.add(a, b)))
  // [end worker]
  `
  writeFileSync('worker.mjs', text.replace("'landbridge'", JSON.stringify(new URL('../index.mjs', import.meta.url).href)))
  const { Worker } = await import('node:worker_threads')
  const worker = new Worker(join(dir, 'worker.mjs'))
  worker.postMessage([2, 3])
  assert.equal(await new Promise((resolve) => worker.on('message', resolve)), 5)
  await worker.terminate()
})
