// What a runtime other than Node.js could do differently: one line for each thing.
import assert from 'node:assert/strict'
import { Worker } from 'node:worker_threads'
import { framesOf, HostError, load, Memory, Policy, Pool, run, Store, TimeoutError, WasmError } from 'landbridge'

const GUEST = `(module
  (import "env" "host" (func $host (param i32 i64 f64 externref) (result i64)))
  (memory (export "memory") 1 4)
  (func (export "call") (param i32 i64 f64 externref) (result i64) (call $host (local.get 0) (local.get 1) (local.get 2) (local.get 3)))
  (func (export "same") (param externref) (result externref) (local.get 0))
  (func (export "two") (result i32 f32) (i32.const 1) (f32.const 1.5))
  (func $deep (export "deep") (result i32) (call $deep))
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func (export "spin") (loop (br 0))))`
const PROGRAM = `(module (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1) (data (i32.const 0) "\\10\\00\\00\\00\\03\\00\\00\\00") (data (i32.const 16) "hi\\n")
  (func (export "_start") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))) (call $exit (i32.const 3))))`

const instance = (host) => load(GUEST).instantiate({ imports: { env: { host } } })

const TRIALS = {
  values() {
    const key = { key: 1 }
    const guest = instance((n, big, float, object) => { assert.equal(object, key); return big + BigInt(n) + BigInt(float) })
    assert.equal(guest.exports.call(1, 2n ** 40n, 3, key), 2n ** 40n + 4n)
    assert.equal(guest.exports.same(key), key)
    assert.deepEqual(guest.exports.two(), [1, 1.5])
    assert.throws(() => guest.exports.call('1', 2n, 3, key), { kind: 'type' })
  },
  'errors of the host'() {
    const mine = new Error('mine')
    assert.throws(() => instance(() => { throw mine }).exports.call(1, 1n, 1, null), (error) => error === mine && framesOf(error).length === 1)
    assert.throws(() => instance(() => 'no').exports.call(1, 1n, 1, null), (error) => error instanceof WasmError && error instanceof TypeError)
  },
  'endless recursion'() {
    assert.throws(() => instance(() => 1n).exports.deep(), { code: 'stack_overflow' })
  },
  memory() {
    const { memory, grow } = instance(() => 1n).exports
    memory.write(0, new Uint8Array([1, 2, 3]))
    const view = new Uint8Array(memory.buffer)
    assert.equal(view[1], 2)
    view[1] = 9
    assert.deepEqual([...memory.read(0, 3)], [1, 9, 3])
    assert.equal(memory.buffer, memory.buffer)
    assert.equal(grow(), 1)
    assert.equal(view[1], 9)
    assert.equal(memory.buffer.byteLength, 2 * 65536)
    assert.equal(view.length, 0)
    const newer = new Uint8Array(memory.buffer)
    memory.grow(1)
    assert.equal(newer.length, 0)
    assert.equal(memory.readText(0, 1), '\x01')
  },
  closing() {
    const guest = instance(() => 1n)
    guest.close()
    assert.throws(() => guest.exports.two(), { kind: 'closed' })
  },
  'time limits'() {
    const guest = load(GUEST).instantiate({ imports: { env: { host: () => 1n } }, limits: { timeoutMs: 20 } })
    assert.throws(() => guest.exports.spin(), TimeoutError)
  },
  programs() {
    const app = load(PROGRAM).instantiate({ policy: Policy.none(), stdout: 'capture' })
    assert.equal(app.run(), 3)
    assert.equal(app.store.stdoutText(), 'hi\n')
    let lines = ''
    assert.equal(run(PROGRAM, [], { stdout: { lines: (line) => { lines += line } } }), 3)
    assert.equal(lines, 'hi')
  },
  async 'calls that do not block'() {
    const guest = instance(async (n, big) => { await new Promise((done) => { setImmediate(done) }); return big + 1n })
    assert.equal(await guest.exports.call.async(1, 5n, 1, null), 6n)
    const ended = new AbortController()
    const spinning = guest.exports.spin.async({ signal: ended.signal })
    setImmediate(() => ended.abort(new Error('enough')))
    await assert.rejects(spinning, { message: 'enough' })
  },
  async pools() {
    const pool = new Pool(load(GUEST), { max: 2, imports: { env: { host: (n, big) => big } } })
    const answers = await Promise.all([1n, 2n, 3n].map((n) => pool.callAsync('call', 1, n, 1, null)))
    assert.deepEqual(answers, [1n, 2n, 3n])
  },
  async components() {
    const greet = load('greet.wasm').instantiate()
    assert.equal(greet.exports.hello('Ådä'), 'Hello, Ådä!')
    assert.equal(await greet.exports.hello.async('Bo'), 'Hello, Bo!')
    assert.throws(() => greet.exports.hello(5), { kind: 'type' })
  },
  'shared memories'() {
    const store = new Store()
    const memory = new Memory(store, { min: 1 })
    const other = store.instantiate(load('(module (import "e" "m" (memory 1)) (func (export "f") (i32.store8 (i32.const 0) (i32.const 7))))'), { imports: { e: { m: memory } } })
    other.exports.f()
    assert.equal(memory.read(0, 1)[0], 7)
  },
  async 'a worker that is terminated'() {
    const worker = new Worker(`const { load } = require('landbridge')
      const guest = load('(module (func (export "spin") (loop (br 0))))').instantiate()
      require('node:worker_threads').parentPort.postMessage('spins')
      guest.exports.spin()`, { eval: true })
    await new Promise((done, fail) => { worker.on('message', done).on('error', fail) })
    await worker.terminate()
  },
  shown() {
    const { inspect } = process.getBuiltinModule('node:util')
    assert.match(inspect(instance(() => 1n).exports.memory), /<Memory 1 4, 65536 bytes>/)
    assert.ok(new HostError('x') instanceof WasmError)
  },
}

for (const [name, trial] of Object.entries(TRIALS)) {
  await trial()
  console.log(`${name}: ok`)
}
