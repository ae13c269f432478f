// Bytes, addresses, signals and errors of other realms, as those of node:vm, Jest and jsdom.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { compileFunction, createContext, runInContext } from 'node:vm'
import { Engine, inspect, load, Module, Policy, Pool, WasmError } from 'landbridge'

const realm = createContext({})
const there = (code) => runInContext(`(${code})`, realm)
const WASM = [...load('(module (memory (export "m") 1) (func (export "same") (param v128) (result v128) (local.get 0)))').bytes]
const TEXT = 'hello there 1234' // 16 bytes

/** Bytes in every form, of this realm and of another. */
function forms(bytes) {
  const list = JSON.stringify([...bytes])
  const make = (run) => ({
    ArrayBuffer: run(`new Uint8Array(${list}).buffer`),
    Uint8Array: run(`new Uint8Array(${list})`),
    DataView: run(`new DataView(new Uint8Array(${list}).buffer)`),
    'part of a buffer': run(`new Uint8Array([9, ...${list}, 9]).subarray(1, ${bytes.length + 1})`),
    SharedArrayBuffer: run(`(() => { const it = new SharedArrayBuffer(${bytes.length}); new Uint8Array(it).set(${list}); return it })()`),
    'view of a SharedArrayBuffer': run(`(() => { const it = new Uint8Array(new SharedArrayBuffer(${bytes.length})); it.set(${list}); return it })()`),
    ...(bytes.length % 4 === 0 && { Int32Array: run(`new Int32Array(new Uint8Array(${list}).buffer)`) }),
  })
  const here = (code) => (0, eval)(`(${code})`)
  return [...Object.entries(make(here)), ...Object.entries(make(there)).map(([name, value]) => [`${name} of another realm`, value])]
}

const READER = load(`(module (import "wasi_snapshot_preview1" "fd_read" (func $read (param i32 i32 i32 i32) (result i32)))
  (memory (export "memory") 1) (data (i32.const 0) "\\10\\00\\00\\00\\40\\00\\00\\00")
  (func (export "read") (result i32) (drop (call $read (i32.const 0) (i32.const 0) (i32.const 1) (i32.const 8))) (i32.load (i32.const 8))))`)

for (const [name, bytes] of forms(WASM)) {
  test(`a module is loaded from: ${name}`, () => {
    assert.deepEqual([...load(bytes).bytes], WASM)
    assert.deepEqual([...new Module(bytes).bytes], WASM)
    assert.equal(Module.fromBytes(bytes).digest, load(new Uint8Array(WASM)).digest)
    assert.equal(inspect(bytes).exports.length, 2)
    const sent = { bytes, digest: load(bytes).digest }
    assert.deepEqual([...load(sent).bytes], WASM)
  })
}

for (const [name, bytes] of forms(Buffer.from(TEXT))) {
  test(`bytes are taken as: ${name}`, () => {
    const { m, same } = load(new Uint8Array(WASM)).instantiate().exports
    m.write(4, bytes)
    assert.equal(Buffer.from(m.read(4, 16)).toString(), TEXT)
    m.write(4, new Uint8Array(16))
    m.readInto(4, bytes)
    const read = ArrayBuffer.isView(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : Buffer.from(bytes)
    assert.deepEqual([...read], Array(16).fill(0))
    read.write(TEXT)
    const reader = READER.instantiate({ stdin: bytes })
    assert.equal(reader.exports.read(), 16)
    assert.equal(Buffer.from(reader.exports.memory.read(16, 16)).toString(), TEXT)
    const policy = Policy.none().withMemoryDir('/m', { file: bytes }, 'read')
    assert.equal(Buffer.from(policy.memoryDirs['/m'].files.file).toString(), TEXT)
    if (ArrayBuffer.isView(bytes)) assert.equal(Buffer.from(same(bytes)).toString(), TEXT)
  })
}

test('what is no bytes is refused, of whatever realm', () => {
  for (const bad of [there('[1, 2]'), there('({ byteLength: 3 })'), there('new Map()'), there('"text"'), { __proto__: ArrayBuffer.prototype }]) {
    assert.throws(() => Module.fromBytes(bad), { kind: 'type' })
  }
})

test('addresses and signals are known by what they have', async () => {
  const own = (value) => Object.defineProperties({}, Object.fromEntries(Object.entries(value).map(([key, it]) => [key, { value: it }])))
  const { href, protocol, hostname, pathname, host, search, hash } = new URL('./greet.wat', import.meta.url)
  const url = own({ href, protocol, hostname, pathname, host, search, hash })
  assert.equal(load(url).exports.length, load(new URL(href)).exports.length)
  assert.throws(() => load(own({ href: 'http://localhost/', protocol: 'http:' })), { kind: 'io' })
  const listeners = []
  const signal = { aborted: false, reason: new Error('mine'), addEventListener: (_, it) => listeners.push(it), removeEventListener() {} }
  const spin = load('(module (func (export "f") (loop (br 0))))').instantiate().exports.f.async({ signal })
  listeners.forEach((it) => it())
  await assert.rejects(spin, (error) => error === signal.reason)
  for (const bad of ['text', 5, {}]) await assert.rejects(load('(module (func (export "f")))').instantiate().exports.f.async({ signal: bad }), { kind: 'type' })
})

test('objects, arrays, functions, promises and errors of another realm', async () => {
  const guest = load('(module (import "env" "f" (func $f (param i32) (result i32 i64))) (func (export "g") (param i32) (result i32 i64) (call $f (local.get 0))))')
  const instance = guest.instantiate(there('{ imports: { env: { f: (n) => [n, 7n] } }, limits: { fuel: 100000n } }'))
  assert.deepEqual(instance.exports.g(3), [3, 7n])
  const later = guest.instantiate({ imports: there('{ env: { f: async (n) => [n, 8n] } }') })
  assert.deepEqual(await later.exports.g.async(3), [3, 8n])
  const error = there('new TypeError("mine")')
  const failing = guest.instantiate({ imports: { env: { f() { throw error } } } })
  assert.throws(() => failing.exports.g(1), (thrown) => thrown === error)
  assert.ok(new Engine(there('{ interruptible: true }')))
  assert.deepEqual(Policy.none().withArgs(there('["a", "b"]')).args, ['a', 'b'])
})

/** The package, evaluated in another realm as Jest does; only the addon is what it was. */
function evaluated(context) {
  const modules = new Map()
  const node = createRequire(import.meta.url)
  const requireFrom = (from) => {
    const file = (name) => resolve(dirname(from), name)
    return Object.assign((name) => (name.startsWith('.') ? evaluate(file(name)) : node(name)), { resolve: file })
  }
  function evaluate(file) {
    if (file.endsWith('.node')) return node(file)
    if (modules.has(file)) return modules.get(file).exports
    const module = { exports: {} }
    modules.set(file, module)
    const names = ['module', 'exports', 'require', '__filename', '__dirname']
    compileFunction(readFileSync(file, 'utf8'), names, { filename: file, parsingContext: context })(module, module.exports, requireFrom(file), file, dirname(file))
    return module.exports
  }
  return evaluate(fileURLToPath(new URL('../index.js', import.meta.url)))
}

test('a buffer whose bytes were sent elsewhere is told as such', () => {
  const gone = new ArrayBuffer(8)
  structuredClone(gone, { transfer: [gone] })
  const { m } = load('(module (memory (export "m") 1))').instantiate().exports
  const told = { kind: 'type', message: /the ArrayBuffer is detached/ }
  for (const run of [() => load(gone), () => inspect(gone), () => m.write(0, gone), () => m.readInto(0, gone)]) assert.throws(run, told)
})

for (const round of [1, 2]) test(`the package works in another realm, with that one's errors, ${round}`, async () => {
  const globals = { Buffer, URL, AbortSignal, AbortController, process, setImmediate, SharedArrayBuffer, structuredClone }
  const context = createContext(globals)
  globals.lb = evaluated(context)
  const told = await runInContext(`(async () => {
    const guest = lb.load('(module (memory (export "m") 1) (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))) (func (export "trap") unreachable))').instantiate()
    const { m, add, trap } = guest.exports
    const caught = (run) => { try { run() } catch (error) { return error } }
    m.write(0, new Uint8Array([1, 2]))
    m.write(2, new Uint8Array([3]).buffer)
    const [type, range, trapped, gone] = [() => add('a', 1), () => add(2 ** 40, 1), trap, () => lb.load('no such file')].map(caught)
    const ask = lb.load('(module (import "env" "f" (func $f (result i32))) (func (export "g") (result i32) (call $f)))')
    const asked = ask.instantiate({ imports: { env: { f: async () => 9 } } })
    return [
      await asked.exports.g.async(), add instanceof lb.Func,
      add(2, 3), [...m.read(0, 3)].join(), new Uint8Array(m.buffer)[1],
      type instanceof TypeError && type instanceof lb.WasmTypeError && type instanceof lb.WasmError && type instanceof Error,
      range instanceof RangeError && range instanceof lb.WasmError,
      trapped instanceof lb.Trap && trapped.code, gone.code,
      lb.load(new Uint8Array(lb.load('(module)').bytes).buffer).exports.length,
    ].join(' ')
  })()`, context)
  // This realm's own is as it was.
  assert.throws(() => load(5), (error) => error instanceof TypeError && error instanceof WasmError)
  assert.throws(() => new Pool(globals.lb.load('(module)')), { kind: 'type' })
  assert.equal(told, '9 true 5 1,2,3 2 true true unreachable ENOENT 0')
})
