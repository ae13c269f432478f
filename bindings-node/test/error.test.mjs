// Errors as JavaScript and Node.js have them.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { inspect as show } from 'node:util'
import * as landbridge from 'landbridge'

const { framesOf, Func, inspect, IoError, load, Module, OutOfBoundsError, Policy, Store, WasmError, WasmRangeError, WasmTypeError } = landbridge
const calc = load('(module (memory (export "m") 1) (table (export "t") 1 externref) (func (export "add") (param i32 i32) (result i32) (i32.const 0)))')

function thrown(run) {
  try {
    run()
  } catch (error) {
    return error
  }
  return assert.fail('nothing was thrown')
}

test('a type error is a TypeError, a range error a RangeError', () => {
  const { add, m, t } = calc.instantiate().exports
  const types = [() => add('a', 1), () => add(1), () => load(5), () => new Func(1), () => Policy.fromJson('{'), () => new Store({ x: 1 })]
  for (const run of types) {
    const error = thrown(run)
    assert.ok(error instanceof TypeError && error instanceof WasmTypeError && error instanceof WasmError && error instanceof Error)
    assert.ok(!(error instanceof RangeError) && !(error instanceof WasmRangeError))
    assert.equal(error.kind, 'type')
    assert.throws(run, TypeError)
  }
  for (const run of [() => add(2 ** 40, 1), () => add(1, -(2 ** 31) - 1)]) {
    const error = thrown(run)
    assert.ok(error instanceof RangeError && error instanceof WasmRangeError && error instanceof WasmError && !(error instanceof TypeError))
    assert.equal(error.kind, 'range')
  }
  for (const run of [() => m.read(65536, 1), () => m.read(-1, 1), () => t.get(1)]) {
    const error = thrown(run)
    assert.ok(error instanceof RangeError && error instanceof OutOfBoundsError && error instanceof WasmError && !(error instanceof WasmRangeError))
  }
})

test('they are errors of ours in all else', () => {
  const error = thrown(() => calc.instantiate().exports.add(null, 1))
  assert.equal(error.name, 'WasmTypeError')
  assert.equal(error.constructor, WasmTypeError)
  assert.deepEqual([error.frames, error.code, error.kind], [[], undefined, 'type'])
  assert.match(error.stack, /^WasmTypeError: argument 1 of add: expected i32, got null\n {4}at /)
  assert.equal(String(error), 'WasmTypeError: argument 1 of add: expected i32, got null')
  assert.equal(Object.getPrototypeOf(WasmTypeError), WasmError)
  for (const other of [new TypeError('x'), new Error('x'), {}, null, undefined, 5, 'text', WasmError, TypeError.prototype]) {
    assert.ok(!(other instanceof WasmError) && !(other instanceof WasmTypeError))
  }
  class Mine extends WasmTypeError {}
  class Other extends WasmError {}
  assert.ok(new Mine('x') instanceof Mine && new Mine('x') instanceof TypeError && new Mine('x') instanceof WasmError)
  assert.ok(new Other('x') instanceof WasmError && !(new Other('x') instanceof Mine) && !(new Mine('x') instanceof Other))
})

test('one that passes a guest has its frames', () => {
  const guest = load('(module (import "e" "f" (func $f)) (func $run (export "run") (call $f)))')
  const error = new WasmTypeError('mine')
  const { run } = guest.instantiate({ imports: { e: { f() { throw error } } } }).exports
  assert.equal(thrown(run), error)
  assert.equal(error.frames[0].funcName, 'run')
  assert.match(error.stack, /at run @ 0x[0-9a-f]+ \(wasm\)/)
})

const GONE = 'no such folder/no such file'
const PROGRAM = load('(module (import "wasi_snapshot_preview1" "sched_yield" (func (result i32))))')
const USES = {
  load: () => load(GONE),
  'Module.fromFile': () => Module.fromFile(GONE),
  inspect: () => inspect(GONE),
  loadPrecompiled: () => Module.loadPrecompiled(GONE),
  compile: () => calc.compile(GONE),
  'Policy.fromFile': () => Policy.fromFile(GONE),
  policy: () => PROGRAM.instantiate({ policy: Policy.none().withReadOnlyDir('/d', GONE) }),
  stdin: () => PROGRAM.instantiate({ stdin: { file: GONE } }),
  stdout: () => PROGRAM.instantiate({ stdout: { file: GONE } }),
}

for (const [name, use] of Object.entries(USES)) {
  test(`a file that is not there is told as node:fs tells it: ${name}`, () => {
    const [ours, theirs] = [thrown(use), thrown(() => readFileSync(GONE))]
    assert.ok(ours instanceof IoError && ours.kind === 'io')
    assert.deepEqual([ours.code, ours.errno, ours.path], [theirs.code, theirs.errno, theirs.path])
    assert.deepEqual([ours.code, ours.errno], ['ENOENT', -constants.errno.ENOENT])
    assert.throws(use, { code: 'ENOENT', path: GONE })
  })
}

test('what else the system says', () => {
  assert.deepEqual([thrown(() => load('/')).code, thrown(() => load('/dev/null/x')).code], ['EISDIR', 'ENOTDIR'])
  assert.equal(thrown(() => load('x'.repeat(5000))).code, 'ENAMETOOLONG')
  const made = new IoError('mine')
  assert.deepEqual([made.code, made.errno, made.path, made.kind], [undefined, undefined, undefined, 'io'])
  assert.equal(new IoError('mine', { code: 'EMINE' }).code, 'EMINE')
  assert.equal(thrown(() => load(new URL('http://localhost/x.wasm'))).code, undefined)
})

test('the numbers of Windows have their names', () => {
  const { systemError } = createRequire(import.meta.url)('../lib/os.js')
  assert.deepEqual([2, 3, 80, 112].map((code) => systemError(code, 'win32').code), ['ENOENT', 'ENOENT', 'EEXIST', 'ENOSPC'])
  assert.deepEqual(systemError(99_999, 'win32'), { code: undefined, errno: undefined })
  assert.equal(systemError(99_999).code, undefined)
})

test('a trap has its code, and others show none', () => {
  const trap = thrown(load('(module (func (export "f") unreachable))').instantiate().exports.f)
  assert.equal(trap.code, 'unreachable')
  assert.match(show(trap), /code: 'unreachable'/)
  assert.doesNotMatch(show(thrown(() => load(5))), /code|undefined/)
})

test('an error that is thrown through guest after guest keeps a bounded trace', () => {
  const guest = load('(module (import "e" "f" (func $f)) (func (export "f") call $f))')
  for (const error of [new landbridge.Trap('mine'), new Error('mine')]) {
    const throws = () => guest.instantiate({ imports: { e: { f() { throw error } } } }).exports.f
    const lengths = new Set()
    for (let i = 0; i < 1000; i++) {
      assert.equal(thrown(throws()), error)
      assert.equal(framesOf(error).length, 1)
      assert.match(framesOf(error)[0].toString(), /wasm-function/)
      lengths.add(error.stack.length)
    }
    assert.equal(lengths.size, error instanceof WasmError ? 1 : lengths.size)
  }
})

test('a trap that is thrown again keeps the frames of its own', () => {
  const guest = load('(module (import "e" "f" (func $f)) (func $via (export "f") call $f))')
  const trap = thrown(load('(module (func $t (export "t") unreachable))').instantiate().exports.t)
  for (let i = 0; i < 3; i++) {
    assert.equal(thrown(guest.instantiate({ imports: { e: { f() { throw trap } } } }).exports.f), trap)
    assert.deepEqual(framesOf(trap).map(({ funcName }) => funcName), ['t', 'via'])
    assert.equal(trap.stack.match(/\(wasm\)/g).length, 2)
  }
})

for (const damage of ['missing', 'damaged']) {
  test(`an addon that cannot be loaded is told alike each time: ${damage}`, (t) => {
    const dir = mkdtempSync(join(tmpdir(), 'landbridge-'))
    t.after(() => rmSync(dir, { recursive: true }))
    const root = fileURLToPath(new URL('..', import.meta.url))
    for (const name of ['index.js', 'index.mjs', 'package.json', 'register.mjs', 'lib']) cpSync(join(root, name), join(dir, name), { recursive: true })
    if (damage === 'damaged') writeFileSync(join(dir, 'landbridge.node'), 'no library')
    const main = `const told = []
      const tell = (error) => told.push(error.message, error.cause?.code, error.code)
      for (let i = 0; i < 3; i++) try { require(${JSON.stringify(dir)}) } catch (error) { tell(error) }
      const url = ${JSON.stringify(`${dir}/index.mjs`)}
      import(url).catch((error) => { tell(error); return import(url) }).catch(tell).then(() => console.log(JSON.stringify(told)))`
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', main], { encoding: 'utf8', timeout: 60_000 })
    const told = JSON.parse(stdout || assert.fail(stderr))
    assert.equal(told.length, 15)
    assert.match(told[0], /^landbridge: the native addon for [\w-]+ cannot be loaded: /)
    assert.ok(told[0].includes(damage === 'damaged' ? 'the file is not whole, install it again (' : 'is not installed'), told[0])
    for (let i = 3; i < told.length; i++) assert.equal(told[i], told[i % 3], `${i}: ${told[i]}`)
  })
}
