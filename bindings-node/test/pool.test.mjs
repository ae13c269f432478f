// Pools: what is taken and given back, calls that run side by side, and what instances have in common.
import assert from 'node:assert/strict'
import test from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { BusyError, ClosedError, context, load, Memory, Pool, Store, TaggedException } from 'landbridge'
import { collected, kind } from './guests.mjs'

const COUNTER = load(`(module
  (import "h" "f" (func $f (param externref) (result externref)))
  (import "h" "n" (func $n (param i32) (result i32)))
  (memory (export "memory") 1)
  (tag $t (export "t") (param i32))
  (global $n (mut i32) (i32.const 0))
  (global $kept (mut externref) (ref.null extern))
  (func $next (export "next") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))
  (func (export "keep") (param externref) (global.set $kept (local.get 0)))
  (func (export "kept") (result externref) (global.get $kept))
  (func (export "self") (result funcref) (ref.func $next))
  (func (export "ask") (param externref) (result externref) (call $f (local.get 0)))
  (func (export "number") (param i32) (result i32) (call $n (local.get 0)))
  (func (export "throw") (throw $t (i32.const 7)))
  (func (export "trap") unreachable)
  (func (export "spin") (loop (br 0))))`)

const pool = (options = {}, h = { f: (value) => value, n: (n) => n + 1 }) => new Pool(COUNTER, { imports: { h }, ...options })

test('a thousand calls share a few instances', async () => {
  const many = pool({ max: 3 })
  const calls = Array.from({ length: 1000 }, () => many.callAsync('next'))
  assert.deepEqual(new Set(await Promise.all(calls)), new Set([1]))
  const { taken, waiting, served } = many.counts
  assert.deepEqual([taken, waiting, served], [0, 0, 1000])
  assert.equal(many.module, COUNTER)
})

test('what is taken is given back by close, by using, and by the collector', async () => {
  const one = pool({ max: 1 })
  const first = one.get()
  assert.throws(() => one.get(), BusyError)
  assert.throws(() => one.call('next'), BusyError)
  assert.equal(first.exports.next(), 1)
  assert.deepEqual(one.counts, { ready: 0, taken: 1, waiting: 0, made: 1, served: 1, inSlots: 0 })
  assert.ok(Object.isFrozen(one.counts))
  first.close()
  first[Symbol.dispose]()
  assert.equal(one.counts.taken, 0)
  ;(() => one.get().call('next'))()
  assert.ok(await collected(() => one.counts.taken === 0), 'a forgotten instance stays away')
  assert.equal(one.call('next'), 1)
})

test('what was given back is closed', () => {
  for (const reset of ['fresh', 'reuse']) {
    const one = pool({ max: 1, reset })
    const taken = one.get()
    const { exports, store } = taken
    const view = exports.memory.buffer
    taken.close()
    assert.ok(taken.closed)
    assert.equal(view.byteLength, 0)
    assert.throws(() => taken.exports, ClosedError)
    assert.throws(() => taken.call('next'), ClosedError)
    assert.throws(() => taken.func('next'), ClosedError)
    assert.throws(() => taken.run(), ClosedError)
    assert.equal(store.closed, reset === 'fresh')
    if (reset === 'fresh') assert.throws(() => exports.next(), ClosedError)
    // Closing again gives nobody else's away.
    const next = one.get()
    taken.close()
    assert.equal(one.counts.taken, 1)
    assert.equal(next.exports.memory.buffer.byteLength, 65536)
    next.close()
  }
})

test('a fresh instance knows nothing of the one before, a reused one all', async () => {
  const fresh = pool({ max: 1 })
  const reused = pool({ max: 1, reset: 'reuse' })
  const object = { some: 'object' }
  for (const [which, next, kept] of [[fresh, 1, null], [reused, 3, object]]) {
    which.call('keep', object)
    which.call('next')
    await which.callAsync('next')
    assert.equal(which.call('next'), next)
    assert.equal(await which.callAsync('kept'), kept)
    const taken = which.get()
    assert.equal(taken.call('kept'), kept)
    taken.close()
  }
  assert.equal(reused.counts.made, 1)
  await assert.rejects(reused.callAsync('trap'), kind('trap'))
  assert.equal(reused.call('next'), 4)
})

test('references, exceptions and contexts are of the store they belong to', async () => {
  const names = new Set()
  const h = {
    f: (value) => {
      names.add(context.name)
      context.export('memory').write(0, new Uint8Array([5]))
      return value
    },
    n: async (n) => {
      await turn()
      const memory = context.export('memory')
      // Each store has a memory of its own, although they may lie in the same place.
      assert.equal(memory.read(0, 1)[0], 0)
      memory.write(0, new Uint8Array([n]))
      return memory.read(0, 1)[0]
    },
  }
  const some = pool({ max: 2 }, h)
  const object = { some: 'object' }
  for (let i = 0; i < 5; i++) {
    assert.equal(some.call('ask', object), object)
    assert.equal(await some.callAsync('ask', object), object)
    assert.deepEqual(await Promise.all([1, 2, 3].map((n) => some.callAsync('number', n))), [1, 2, 3])
    const taken = some.get()
    assert.equal(taken.call('self'), taken.exports.next)
    assert.equal(await taken.exports.self.async(), taken.exports.next)
    assert.equal(taken.exports.ask(object), object)
    assert.equal(taken.exports.memory.read(0, 1)[0], 5)
    const thrown = await some.callAsync('throw').catch((error) => error)
    assert.ok(thrown instanceof TaggedException && thrown.payload[0] === 7)
    assert.throws(() => some.call('throw'), (error) => error.payload[0] === 7 && !error.tag.equals(taken.exports.t))
    assert.throws(() => taken.exports.throw(), (error) => error.tag.equals(taken.exports.t))
    taken.close()
  }
  assert.deepEqual([...names], ['h.f'])
  assert.equal(typeof await some.callAsync('self'), 'function')
})

test('calls wait for an instance as long as the pool says, and can be aborted meanwhile', async () => {
  const one = pool({ max: 1, waitMs: 20 })
  const taken = one.get()
  await assert.rejects(one.callAsync('next'), kind('busy', /none came back in 20 ms/))
  const patient = pool({ max: 1 })
  const first = patient.get()
  const abort = new AbortController()
  const [waits, aborted] = [patient.callAsync('next'), patient.callAsync('next', { signal: abort.signal })]
  abort.abort()
  await assert.rejects(aborted, (error) => error === abort.signal.reason)
  first.close()
  assert.equal(await waits, 1)
  taken.close()
})

test('aborting a call ends its guest, and the pool replaces the instance', async () => {
  const one = pool({ max: 1, reset: 'reuse' })
  const abort = new AbortController()
  const call = one.callAsync('spin', { signal: abort.signal })
  while (one.counts.taken === 0) await turn()
  abort.abort()
  await assert.rejects(call, { name: 'AbortError' })
  assert.equal(await one.callAsync('next'), 1)
  assert.equal(one.counts.made, 2)
})

test('the limits hold for each instance, and functions for output are those of all', async () => {
  const text = `(module (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1) (data (i32.const 0) "\\10\\00\\00\\00\\03\\00\\00\\00") (data (i32.const 16) "abc")
    (func (export "put") (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
    (func (export "spin") (loop (br 0))))`
  const written = []
  const two = new Pool(load(text), { max: 2, limits: { timeoutMs: 30 }, stdout: (bytes) => { written.push(`${Buffer.from(bytes)}`) } })
  await assert.rejects(Promise.all([two.callAsync('spin'), two.callAsync('spin')]), kind('timeout'))
  await Promise.all([two.callAsync('put'), two.callAsync('put')])
  two.call('put')
  assert.deepEqual(written, ['abc', 'abc', 'abc'])
})

test('a closed pool serves nobody', async () => {
  const one = pool({ max: 1 })
  const taken = one.get()
  const waits = one.callAsync('next')
  one.close()
  one[Symbol.dispose]()
  await assert.rejects(waits, ClosedError)
  await assert.rejects(one.callAsync('next'), ClosedError)
  assert.throws(() => one.get(), ClosedError)
  assert.throws(() => one.call('next'), ClosedError)
  assert.equal(taken.exports.next(), 1)
  taken.close()
  assert.equal(one.counts.ready, 0)
})

test('a pool is closed while calls run', async () => {
  const two = pool({ max: 2 }, { f: (value) => value, n: async (n) => (await turn(), n) })
  const calls = Array.from({ length: 20 }, (_, n) => two.callAsync('number', n))
  await turn()
  two.close()
  for (const { status, reason } of await Promise.allSettled(calls)) {
    if (status === 'rejected') assert.equal(reason.kind, 'closed')
  }
})

test('misuse says what is wrong', async () => {
  assert.throws(() => new Pool('no module'), kind('type', /expected a Module/))
  assert.throws(() => pool({ max: 0 }), kind('range', /at least 1/))
  assert.throws(() => pool({ max: 1.5 }), kind('type', /max/))
  assert.throws(() => pool({ waitMs: -1 }), kind('range', /waitMs/))
  assert.throws(() => pool({ reset: 'never' }), kind('type', /^reset: expected fresh or reuse, got "never"/))
  assert.throws(() => pool({ size: 5 }), kind('type', /no option is named "size"/))
  assert.throws(() => new Pool(COUNTER), kind('link', /h\.f/))
  const foreign = load('(module (import "h" "m" (memory 1)))')
  assert.throws(() => new Pool(foreign, { imports: { h: { m: new Memory(new Store(), { min: 1 }) } } }), kind('wrong_store'))
  const one = pool()
  for (const call of [() => one.call('number'), () => one.call('number', 'x'), () => one.call('number', 1, 2)]) {
    assert.throws(call, kind('type'))
  }
  await assert.rejects(one.callAsync('number'), kind('type', /arguments of number/))
  await assert.rejects(one.callAsync('number', 'x'), kind('type', /argument 1 of number/))
  await assert.rejects(one.callAsync('nothing'), kind('not_found'))
  await assert.rejects(one.callAsync('memory'), kind('not_found'))
  assert.throws(() => one.call('nothing'), kind('not_found'))
  assert.equal(one.counts.taken, 0)
})

test('what a start function throws is told where the pool is made', () => {
  const thrown = new Error('not today')
  const module = load('(module (import "h" "f" (func $f)) (start $f))')
  assert.throws(() => new Pool(module, { imports: { h: { f() { throw thrown } } } }), (error) => error === thrown)
})

test('a pool that is forgotten goes, with all that it was lent', async () => {
  const freed = []
  const registry = new FinalizationRegistry((name) => freed.push(name))
  await (async () => {
    const some = pool({ max: 2, reset: 'reuse' }, { f: (value) => some.counts && value, n: (n) => n })
    const object = { pool: some }
    registry.register(some, 'pool')
    registry.register(object, 'object')
    some.call('keep', object)
    await some.callAsync('ask', object)
    some.get().exports.keep({ pool: some })
    const taken = some.get()
    taken.exports.next()
    taken.close()
  })()
  assert.ok(await collected(() => freed.includes('pool') && freed.includes('object')), `only ${freed} went`)
})

test('ten thousand calls of a pool leave nothing behind', async () => {
  const some = pool({ max: 4 })
  const calls = async (times) => {
    for (let i = 0; i < times; i += 100) {
      await Promise.all(Array.from({ length: 100 }, () => some.callAsync('ask', { some: 'object' })))
    }
    globalThis.gc()
    await turn()
  }
  await calls(3000)
  const before = process.memoryUsage()
  await calls(10_000)
  const after = process.memoryUsage()
  assert.ok(after.rss - before.rss < 32 << 20, `${after.rss - before.rss} bytes more`)
  assert.ok(after.heapUsed - before.heapUsed < 4 << 20, `${after.heapUsed - before.heapUsed} bytes more in the heap`)
})
