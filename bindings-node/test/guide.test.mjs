// The programs of docs/guide/node.md: they are cut from here.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { context, framesOf, Global, load, Memory, Store, Trap, WasmError } from 'landbridge'

const dir = mkdtempSync(join(tmpdir(), 'landbridge-'))
process.chdir(dir)
process.on('exit', () => rmSync(dir, { recursive: true }))

writeFileSync('calc.wasm', `(module
  (memory (export "memory") 1)
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "add64") (param i64 i64) (result i64) (i64.add (local.get 0) (local.get 1)))
  (func $div (export "div") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1))))`)
writeFileSync('app.wasm', `(module
  (import "env" "log" (func $log (param i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 8) "hello")
  (func (export "run") (call $log (i32.const 8) (i32.const 5))))`)
writeFileSync('user.wasm', `(module
  (import "env" "memory" (memory 1))
  (import "env" "count" (global $count (mut i64)))
  (func (export "step") (global.set $count (i64.add (global.get $count) (i64.const 1)))
    (i32.store8 (i32.const 0) (i32.const 7))))`)

test('load and call', () => {
  // [call]
  const calc = load('calc.wasm').instantiate()
  const five = calc.exports.add(2, 3)
  const big = calc.exports.add64(2n ** 62n, 1n) // 64-bit integers are BigInt, always
  // [end call]
  assert.deepEqual([five, big], [5, 2n ** 62n + 1n])
})

test('inspect', () => {
  // [inspect]
  const module = load('app.wasm')
  const wanted = module.imports.map(({ module, name, type }) => `${module}.${name}: ${type}`)
  const given = module.exports.map(({ name, type }) => `${name}: ${type}`)
  // [end inspect]
  assert.deepEqual(wanted, ['env.log: func (i32, i32) -> ()'])
  assert.deepEqual(given, ['memory: memory 1', 'run: func () -> ()'])
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

test('exceptions', () => {
  let frames
  // [exceptions]
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
  const user = store.instantiate(load('user.wasm'), { imports: { env: { memory, count } } })
  user.exports.step()
  // [end stores]
  assert.deepEqual([count.value, memory.read(0, 1)[0]], [1n, 7])
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

test('workers', async () => {
  writeFileSync('worker.cjs', `
  const { parentPort } = require('node:worker_threads')
  const { load } = require(${JSON.stringify(join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..'))})
  // [worker]
  const calc = load('calc.wasm').instantiate() // the compiled code comes from the cache
  parentPort.on('message', ([a, b]) => parentPort.postMessage(calc.exports.add(a, b)))
  // [end worker]
  `)
  const { Worker } = await import('node:worker_threads')
  const worker = new Worker(join(dir, 'worker.cjs'))
  worker.postMessage([2, 3])
  assert.equal(await new Promise((resolve) => worker.on('message', resolve)), 5)
  await worker.terminate()
})
