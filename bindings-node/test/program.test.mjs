// Programs, and what is JavaScript's of what guests write.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { inspect as shown } from 'node:util'
import { load, NotFoundError, Policy, run, runAsync, Trap, WasmTypeError } from 'landbridge'

const MODULES = new URL('../../conformance/modules/', import.meta.url)
const ARGS = new URL('args.wat', MODULES)
const COUNT = new URL('count.wasm', MODULES)
const SURVEY = new URL('survey_rust.wasm', MODULES)

/** Runs a script in a process of its own. */
function inChild(script, options) {
  const code = `import { load, Policy, run, runAsync } from 'landbridge'\nconst SURVEY = new URL(${JSON.stringify(SURVEY)})\n${script}`
  return spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8', timeout: 60_000, ...options })
}

test('a program has the streams of the process', () => {
  for (const call of ['run', 'await runAsync']) {
    const script = `process.exitCode = ${call}(SURVEY, ['first', 'exit=7'], { policy: Policy.program().withEnv('A', '1') })`
    const { status, stdout, stderr } = inChild(script, { input: 'one\ntwo\n' })
    const told = ['argument first', 'argument exit=7', 'variable A=1', 'input 8 bytes, 2 lines', 'no folder']
    assert.deepEqual([status, stderr, ...stdout.split('\n').slice(0, 5)], [7, '', ...told])
  }
})

test('the guide runs a program', () => {
  const folder = mkdtempSync(join(tmpdir(), 'landbridge-'))
  try {
    mkdirSync(join(folder, 'data'))
    writeFileSync(join(folder, 'data/poem.txt'), 'one two\nthree\n')
    copyFileSync(COUNT, join(folder, 'count.wasm'))
    const script = fileURLToPath(new URL('runs.mjs', import.meta.url))
    const { stdout, stderr } = spawnSync(process.execPath, [script], { cwd: folder, encoding: 'utf8', timeout: 60_000 })
    assert.deepEqual([stdout, stderr], ['2 3 14 /data/poem.txt\n[0,["1 2 10 -"]]\n', ''])
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('a program may be a module or what load takes', () => {
  const names = []
  const into = { stdout: { lines: (line) => names.push(line) } }
  for (const program of [load(ARGS), ARGS, readFileSync(ARGS, 'utf8'), load(ARGS).bytes]) assert.equal(run(program, ['x'], into), 0)
  assert.deepEqual(names, ['args\0x\0', 'args.wat\0x\0', 'program\0x\0', 'program\0x\0'])
  assert.throws(() => run(ARGS, 'x'), WasmTypeError)
  assert.throws(() => run(ARGS, [], { policy: {} }), WasmTypeError)
  assert.throws(() => run(ARGS, [], { stdout: { lines: 1 } }), /stdout.lines: expected a function, got number/)
  assert.throws(() => run('(module (func (export "add")))'), { constructor: NotFoundError, message: /no _start; it exports add/ })
})

test('null is nowhere', () => {
  assert.equal(inChild('run(SURVEY, [], { stdin: null, stdout: null, policy: Policy.program() })').stdout, '')
})

test('an asynchronous program is loaded on a thread of the engine, and loading can be aborted', async () => {
  const lines = []
  const started = `(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1) (data (i32.const 0) "\\08\\00\\00\\00\\03\\00\\00\\00up\\0a")
    (func $start (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16))))
    (start $start) (func (export "_start")))`
  const running = runAsync(started, [], { stdout: { lines: (line) => lines.push(line) } })
  assert.deepEqual(lines, []) // nothing was instantiated yet
  assert.deepEqual([await running, lines], [0, ['up']])
  await assert.rejects(runAsync('(module', [], { signal: AbortSignal.abort('mine') }), (error) => error === 'mine')
  await assert.rejects(runAsync('no such.wasm'), { code: 'ENOENT' })
  await assert.rejects(runAsync('(module', 'x'), WasmTypeError)
})

test('an asynchronous program does not hold the thread and can be aborted', async () => {
  const running = runAsync(ARGS, ['loop'], { stdout: null, signal: AbortSignal.timeout(50) })
  await assert.rejects(running, { name: 'TimeoutError' })
  const timed = runAsync(ARGS, ['loop'], { stdout: null, limits: { timeoutMs: 50 } })
  await assert.rejects(timed, { kind: 'timeout' })
  await assert.rejects(runAsync(ARGS, ['trap'], { stdout: null }), Trap)
})

test('a program that ends while it is instantiated gives its code', async () => {
  const ends = `(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32))) (memory (export "memory") 1)
    (func $start (call $exit (i32.const 5))) (start $start) (func (export "_start")))`
  assert.equal(run(ends), 5)
  assert.equal(await runAsync(ends), 5)
})

test('what a guest wrote stands in the stack, once', () => {
  try {
    load(SURVEY).instantiate().run()
    assert.fail('it has no clock')
  } catch (error) {
    assert.match(error.output, /^the guest wrote to stderr:\n {4}\| thread 'main'/)
    assert.ok(error.stack.endsWith(error.output))
    assert.equal(shown(error).split('the guest wrote to stderr').length, 2)
  }
})

test('a guest whose store is closed by the function for its output writes no more', async () => {
  const writes = `(module
    (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1) (data (i32.const 0) "\\08\\00\\00\\00\\06\\00\\00\\00a\\0ab\\0ac\\0a")
    (func $w (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 16))))
    (func (export "_start") (call $w) (call $w)))`
  for (const form of [(f) => f, (f) => ({ lines: f })]) {
    for (const call of ['run', 'runAsync']) {
      let count = 0
      const guest = load(writes).instantiate({ stdout: form(() => { count += 1; guest.close() }) })
      await assert.rejects(async () => guest[call](), { kind: 'closed' })
      assert.equal(count, 1)
    }
  }
})

test('what the function for lines throws comes out', () => {
  const boom = new Error('boom')
  assert.throws(() => run(ARGS, [], { stdout: { lines: () => { throw boom } } }), (error) => error === boom)
  assert.throws(() => run(ARGS, [], { stdout: { lines: async () => {} } }), /gave a Promise/)
})
