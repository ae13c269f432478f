// Worker threads: many at once, ended in the middle of a call, on small stacks.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import test from 'node:test'
import { Worker } from 'node:worker_threads'
import { load } from 'landbridge'
import { calc, recursions } from './guests.mjs'

const WORKER = new URL('./worker.mjs', import.meta.url)

function start(job, options = {}) {
  return new Worker(WORKER, { workerData: job, ...options })
}

async function answer(worker) {
  // A worker that ends at once is told of in the same turn of the loop as its last message.
  const ends = [once(worker, 'message'), once(worker, 'exit')]
  const [[message], [code]] = await Promise.all(ends)
  return { ...message, code }
}

test('several workers at once', async () => {
  const workers = ['calls', 'async', 'calls', 'components', 'async', 'components', 'async', 'calls'].map((job) => start(job))
  for (const { result } of await Promise.all(workers.map(answer))) assert.equal(result, 'done')
})

test('workers come and go', async () => {
  for (let i = 0; i < 10; i++) assert.equal((await answer(start('calls'))).result, 'done')
})

test('a worker is ended in the middle of a guest', { timeout: 20_000 }, async () => {
  for (const job of ['spin', 'callbacks', 'nested', 'componentSpin']) {
    const worker = start(job)
    await once(worker, 'message')
    await new Promise((resolve) => setTimeout(resolve, 20)) // sleeps: the guest runs by now, and its thread can tell nothing
    assert.equal(await worker.terminate(), 1)
  }
})

test('a worker is ended with asynchronous calls in flight', { timeout: 60_000 }, async () => {
  for (let i = 0; i < 5; i++) {
    for (const job of ['flight', 'inside', 'componentFlight']) {
      const worker = start(job)
      await once(worker, 'message')
      await new Promise((resolve) => setTimeout(resolve, 5 * i)) // sleeps: the moment is what is tried
      assert.equal(await worker.terminate(), 1)
    }
  }
  assert.equal(await calc().exports.add.async(1, 2), 3)
})

// V8's own limit comes first where JavaScript takes part. Node.js itself needs a quarter of a MiB to start a worker.
const OVERFLOWS = ['stack_overflow', 'stack_overflow|RangeError', 'stack_overflow', 'stack_overflow|RangeError']

function overflowed(ends) {
  assert.equal(ends.length, OVERFLOWS.length)
  ends.forEach((end, i) => assert.match(end, new RegExp(`^(${OVERFLOWS[i]}) then 3$`)))
}

for (const [stackSizeMb, rounds] of [[0.3, 20], [0.5, 5], [1, 5], [4, 5]]) {
  test(`endless recursion ends in an error in workers with ${stackSizeMb} MiB of stack, which live on`, async () => {
    for (let round = 0; round < rounds; round++) {
      const { result, code } = await answer(start('recursions', { resourceLimits: { stackSizeMb } }))
      overflowed(result)
      assert.equal(code, 0)
    }
  })
}

test('endless recursion on the main thread, also below deep frames of JavaScript', () => {
  const under = (frames, what) => (frames ? under(frames - 1, what) : what())
  for (const frames of [0, 100, 1000, 5000]) overflowed(under(frames, recursions))
  for (let round = 0; round < 20; round++) overflowed(recursions())
})

test('the guest is entered from every depth of JavaScript that there is', () => {
  const { down, add } = calc().exports
  let deepest = 0
  const dive = (depth) => {
    deepest = depth
    try { if (depth % 50 === 0) down() } catch (error) { if (error.code !== 'stack_overflow') throw error }
    dive(depth + 1)
  }
  assert.throws(() => dive(0), RangeError)
  assert.ok(deepest > 1000)
  assert.equal(add(1, 2), 3)
})

test('objects of a store cannot be sent to another thread', async () => {
  assert.equal((await answer(start('send'))).result, 'DataCloneError')
})

test('a module can be sent to another thread', async () => {
  const module = load('(module (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1))))')
  const worker = start({ job: 'travel', module })
  await once(worker, 'message')
  worker.postMessage(module)
  const { result, code } = await answer(worker)
  assert.deepEqual(result, [5, 7, module.digest])
  assert.equal(code, 0)
})

test('a component can be sent to another thread', async () => {
  const module = load(new URL('../../core/tests/guide/greet.wat', import.meta.url))
  assert.equal(module.instantiate().exports.hello('Ada'), 'Hello, Ada!')
  assert.equal((await answer(start({ job: 'components', module }))).result, 'done')
})

test('the process ends while a worker runs a guest, and with everything open', () => {
  for (const text of [
    `const { Worker } = require('node:worker_threads')
     const worker = new Worker(new URL(${JSON.stringify(WORKER.href)}), { workerData: 'spin' })
     worker.on('message', () => setTimeout(() => process.exit(7), 20)) // sleeps: the guest runs by now
    `,
    `const { load } = require('landbridge')
     const app = load('(module (memory (export "m") 1) (func (export "f")))').instantiate()
     globalThis.keep = [app, app.exports.m.buffer, app.exports.f]
     process.exitCode = 7`,
    `const { load } = require('landbridge')
     const app = load('(module (import "e" "f" (func $f)) (func (export "g") (call $f)))')
     app.instantiate({ imports: { e: { f() { process.exit(7) } } } }).exports.g()`,
  ]) {
    const { status, signal, stderr } = spawnSync(process.execPath, ['-e', text], { cwd: new URL('.', import.meta.url), timeout: 20_000 })
    assert.deepEqual([status, signal], [7, null], String(stderr))
  }
})
