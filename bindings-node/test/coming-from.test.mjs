// What docs/coming-from shows of Node.js; it is cut from here.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { load, Module, OutOfBoundsError, Trap, TimeoutError, WasmError, WasmRangeError } from '../index.mjs'

const here = process.cwd()
const folder = mkdtempSync(join(tmpdir(), 'landbridge-coming-from-'))
const shown = []
const console = { log(...what) { shown.push(what.join(' ')) } }

before(() => {
  process.chdir(folder)
  writeFileSync('app.wasm', `(module (import "env" "log" (func $log (param i32)))
    (memory (export "memory") 1)
    (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add)
    (func (export "long") (param i64) (result i64) local.get 0)
    (func (export "run") (call $log (i32.const 7)))
    (func (export "un") unreachable)
    (func (export "spin") (loop br 0)))`)
})

after(() => {
  process.chdir(here)
  rmSync(folder, { recursive: true })
})

test('the same program', () => {
  // [program]
  const app = load('app.wasm').instantiate({
    imports: { env: { log: (number) => console.log('log', number) } },
  })
  console.log(app.exports.add(2, 3))
  app.exports.run()
  new Uint8Array(app.exports.memory.buffer)[0] = 104
  // [end program]
  assert.deepEqual(shown, ['5', 'log 7'])
  assert.equal(app.exports.memory.read(0, 1)[0], 104)
})

test('limits', () => {
  const imports = { env: { log() {} } }
  let caught
  // [limits]
  const app = load('app.wasm').instantiate({ imports, limits: { timeoutMs: 50, memoryBytes: 2 ** 20 } })
  try {
    app.exports.spin()
  } catch (error) {
    if (!(error instanceof TimeoutError)) throw error
    caught = error.kind // 'timeout'
  }
  // [end limits]
  assert.equal(caught, 'timeout')
})

test('what is different', async () => {
  const app = load('app.wasm').instantiate({ imports: { env: { log() {} } } })
  assert.throws(() => app.exports.add('2', 3), TypeError)
  assert.throws(() => app.exports.add(1.5, 3), TypeError)
  assert.throws(() => app.exports.add(1), WasmError)
  assert.throws(() => app.exports.add(2 ** 40, 1), WasmRangeError)
  assert.throws(() => app.exports.long(1), TypeError)
  assert.throws(() => app.exports.un(), (error) => error instanceof Trap && error.code === 'unreachable' && error instanceof Error)
  assert.throws(() => app.exports.memory.read(65536, 1), OutOfBoundsError)
  assert.equal(await app.exports.add.async(2, 3), 5)
  assert.ok(load('app.wasm') instanceof Module)
  assert.deepEqual(load('app.wasm').imports.map((it) => `${it.module}.${it.name}`), ['env.log'])
  const old = app.exports.memory.buffer
  app.exports.memory.grow(1)
  assert.equal(old.byteLength, 0) // detached, as JavaScript has it
})
