// How processes end with asynchronous calls in flight, each in a child of its own.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'

const WORKER = new URL('./worker.mjs', import.meta.url)

const HEAD = `
  const { load, Pool } = require('landbridge')
  const text = '(module (import "h" "f" (func $f (param i32) (result i32)))' +
    '(func (export "ask") (param i32) (result i32) (call $f (local.get 0)))' +
    '(func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))' +
    '(func (export "spin") (loop (br 0))))'
  const make = (f = (n) => n, options = {}) => load(text).instantiate({ imports: { h: { f } }, ...options })
  const never = () => new Promise(() => {})
`

/** What a program prints, which must end by itself, with 7. */
function ends(program) {
  const options = { cwd: new URL('.', import.meta.url), timeout: 60_000 }
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['-e', HEAD + program], options)
  assert.deepEqual([status, signal, String(stderr)], [7, null, ''])
  return String(stdout).trim()
}

test('an idle process ends although the addon is loaded, and after calls are done', () => {
  assert.equal(ends('process.exitCode = 7'), '')
  assert.equal(ends(`process.exitCode = 7; make().exports.add.async(1, 2).then(console.log)`), '3')
  assert.equal(ends(`process.exitCode = 7
    new Pool(load(text), { imports: { h: { f: async (n) => n } } }).callAsync('ask', 5).then(console.log)`), '5')
})

test('a call in flight keeps the process alive until it is aborted or its time is over', () => {
  assert.equal(ends(`process.exitCode = 7
    const abort = new AbortController()
    make().exports.spin.async({ signal: abort.signal }).catch((error) => console.log(error.name))
    setTimeout(() => abort.abort(), 50) // sleeps: the process must not end before
  `), 'AbortError')
  // The timer of the signal keeps nothing alive: the call does.
  assert.equal(ends(`process.exitCode = 7
    make().exports.spin.async({ signal: AbortSignal.timeout(50) }).catch((error) => console.log(error.name))`), 'TimeoutError')
  assert.equal(ends(`process.exitCode = 7
    make(never, { limits: { timeoutMs: 50 } }).exports.ask.async(1).catch((error) => console.log(error.kind))`), 'timeout')
})

test('process.exit ends at once, whatever is in flight', () => {
  const flights = [
    'make().exports.spin.async()', 'make(never).exports.ask.async(1)', 'make(() => process.exit(7)).exports.ask.async(1)',
    'make(async () => process.exit(7)).exports.ask.async(1)', `new Pool(load(text), { imports: { h: { f: never } } }).callAsync('ask', 1)`,
    'for (let i = 0; i < 1000; i++) make(never).exports.ask.async(1)',
    'const guest = make(() => guest.exports.spin(), { limits: { timeoutMs: 20 } }); guest.exports.ask.async(1).catch(() => {})',
  ]
  // sleeps: all are somewhere in the middle
  for (const flight of flights) ends(`${flight}; setTimeout(() => process.exit(7), 30)`)
  // Before the call has begun, or while it begins.
  for (const flight of flights) ends(`${flight}; process.exit(7)`)
})

test('an exception that nobody catches ends the process with calls in flight', () => {
  ends(`process.on('uncaughtException', () => process.exit(7))
    make().exports.spin.async()
    // sleeps: the guest runs
    setTimeout(() => { throw new Error('why') }, 20)`)
})

test('workers end in a process that goes on without the addon', () => {
  for (const job of ['flight', 'inside']) {
    const program = `const { Worker } = require('node:worker_threads')
      const worker = new Worker(new URL(${JSON.stringify(WORKER.href)}), { workerData: '${job}' })
      // sleeps: all is somewhere in the middle, and then the process lives on
      worker.on('message', () => setTimeout(() => worker.terminate(), 20))
      worker.on('exit', (code) => setTimeout( // sleeps: so that it lives on
        () => { console.log(code); process.exitCode = 7 }, 50))`
    const options = { cwd: new URL('.', import.meta.url), timeout: 60_000 }
    const { status, signal, stdout, stderr } = spawnSync(process.execPath, ['-e', program], options)
    assert.deepEqual([status, signal, String(stdout).trim(), String(stderr)], [7, null, '1', ''])
  }
})

test('a process ends while its workers have calls in flight', () => {
  ends(`const { Worker } = require('node:worker_threads')
    const start = (job) => new Worker(new URL(${JSON.stringify(WORKER.href)}), { workerData: job })
    let ready = 0
    for (const worker of ['flight', 'inside', 'flight'].map(start)) {
      // sleeps: all are somewhere in the middle
      worker.on('message', () => { if (++ready === 3) setTimeout(() => process.exit(7), 10) })
    }`)
})
