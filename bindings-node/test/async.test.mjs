// Asynchronous calls: promises, their errors, what ends them, and host functions that answer meanwhile.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { getEventListeners } from 'node:events'
import test from 'node:test'
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import {
  bits, BusyError, ClosedError, context, Engine, framesOf, Func, load, PoisonedError, Pool, Store, Tag, TaggedException, TimeoutError,
  Trap, WasmTypeError,
} from 'landbridge'
import { calc, collected, kind, until } from './guests.mjs'

const ASKS = `(module
  (import "h" "f" (func $f (param i32) (result i32)))
  (memory (export "memory") 1)
  (func $ask (export "ask") (param i32) (result i32) (call $f (local.get 0)))
  (func (export "twice") (param i32) (result i32) (i32.mul (local.get 0) (i32.const 2)))
  (func $pass (export "pass") (param externref) (result externref) (local.get 0))
  (func (export "self") (result funcref) (ref.func $pass))
  (func (export "vector") (param v128) (result v128) (local.get 0))
  (func (export "spin") (loop (br 0))))`

/** An instance whose host function is `f`. */
const asks = (f = (n) => n, options = {}) => load(ASKS).instantiate({ imports: { h: { f } }, ...options })

const never = () => new Promise(() => {})

test('test runners that look for open handles find one only while a call is in flight', () => {
  const script = `const kept = []
    require('node:async_hooks').createHook({ init: (id, type, trigger, resource) => type === 'landbridge' && kept.push(resource) }).enable()
    const { load } = require('landbridge')
    const told = () => kept.map((one) => one.hasRef())
    const { f } = load('(module (func (export "f")))').instantiate().exports
    const seen = [told()]
    const call = f.async()
    seen.push(told())
    call.then(() => { seen.push(told()); console.log(JSON.stringify(seen)) })`
  const cwd = fileURLToPath(new URL('.', import.meta.url))
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], { cwd, encoding: 'utf8', timeout: 60_000 })
  assert.equal(stdout, '[[false],[true],[false]]\n', stderr)
})

test('a thousand calls are in flight, of one store and of many', async () => {
  const one = calc()
  const many = Array.from({ length: 10 }, () => calc())
  const calls = Array.from({ length: 1000 }, (_, i) => (i % 2 ? many[i % 10] : one).exports.add.async(i, 1))
  assert.deepEqual(await Promise.all(calls), calls.map((_, i) => i + 1))
})

test('calls of a store keep their order', async () => {
  const seen = []
  const { exports } = asks((n) => seen.push(n))
  await Promise.all(Array.from({ length: 100 }, (_, i) => exports.ask.async(i)))
  assert.deepEqual(seen, Array.from({ length: 100 }, (_, i) => i))
})

test('all values come out as they do from a call', async () => {
  const instance = calc()
  const { exports } = instance
  assert.deepEqual(await exports.two.async(), [1, 2n])
  assert.equal(await exports.add64.async(2n ** 63n, 1n), -(2n ** 63n) + 1n)
  assert.equal(await instance.callAsync('nine', 1, 2, 3, 4, 5, 6, 7, 8, 9), 9)
  const guest = asks()
  const object = { some: 'object' }
  assert.equal(await guest.exports.pass.async(object), object)
  assert.equal(await guest.exports.self.async(), guest.exports.pass)
  assert.deepEqual([...await guest.exports.vector.async(5n)].slice(0, 2), [5, 0])
  assert.equal(await guest.exports.pass.async(null), null)
})

test('a function is the same object while its store is busy', async () => {
  const guest = asks()
  const abort = new AbortController()
  const self = guest.exports.self.async()
  const spin = guest.exports.spin.async({ signal: abort.signal })
  assert.equal(await self, guest.exports.pass)
  abort.abort()
  await assert.rejects(spin, { name: 'AbortError' })
})

test('errors are those of a call, with their frames', async () => {
  const instance = calc(() => { throw new Error('unused') })
  const error = await instance.exports.div.async(1, 0).catch((error) => error)
  assert.ok(error instanceof Trap)
  assert.equal(error.code, 'integer_division_by_zero')
  assert.equal(error.frames[0].funcName, 'div')
  assert.match(error.stack, /^Trap: .*\n {4}at .*div.* \(wasm\)/)
  assert.equal(await instance.exports.add.async(1, 2), 3)
})

test('misuse rejects and never throws', async () => {
  const instance = calc()
  const { add, spin } = instance.exports
  const wrong = [
    add.async(1), add.async(1, 2, 3), add.async(1, 2, 3, {}), add.async(1, 2, {}, {}), add.async(1, '2'), add.async(1, 2n),
    instance.callAsync('add', 1), instance.callAsync('add', 1, 2, 'x'), instance.callAsync('add', 'x', 2),
    add.async(1, 2, { sigal: null }), add.async(1, 2, { signal: {} }), spin.async({ signal: null }), instance.runAsync('x'),
    Func.prototype.async.call(() => {}, 1), Func.prototype.async.call(null),
  ]
  for (const promise of wrong) await assert.rejects(promise, (error) => error.kind === 'type' || error instanceof TypeError)
  await assert.rejects(instance.callAsync('nothing'), kind('not_found', /nothing/))
  await assert.rejects(instance.callAsync('memory'), kind('not_found', /memory/))
  await assert.rejects(instance.runAsync(), kind('not_found', /_start/))
  await assert.rejects(add.async(2 ** 40, 1), kind('range', /argument 1 of add/))
  assert.equal(await add.async(1, 2, undefined), 3)
  assert.equal(await add.async(1, 2, {}), 3)
  assert.equal(await instance.callAsync('add', 1, 2, { signal: undefined }), 3)
  instance.close()
  await assert.rejects(add.async(1, 2), ClosedError)
  await assert.rejects(instance.callAsync('add', 1, 2), ClosedError)
})

test('what a host function throws arrives as the very value', async () => {
  for (const thrown of [new Error('why'), { not: 'an error' }, 'text', 5, undefined, null]) {
    for (const host of [() => { throw thrown }, async () => { throw thrown }, async () => (await turn(), Promise.reject(thrown))]) {
      const caught = await asks(host).exports.ask.async(1).then(() => assert.fail('no failure'), (error) => error)
      assert.equal(caught, thrown)
      if (typeof thrown === 'object' && thrown !== null) assert.ok(framesOf(caught).some(({ funcName }) => funcName === 'ask'))
    }
  }
})

test('a guest catches what an asynchronous host function throws', async () => {
  const store = new Store()
  const failed = new Tag(store, ['i32'])
  const text = `(module (import "h" "failed" (tag $failed (param i32))) (import "h" "f" (func $f))
    (func (export "caught") (result i32) (block $c (result i32) (try_table (catch $failed $c) (call $f)) (i32.const 0)))
    (func (export "loose") (call $f)))`
  const thrown = new TaggedException(failed, [7])
  const f = async () => { await turn(); throw thrown }
  const { exports } = store.instantiate(load(text), { imports: { h: { failed, f } } })
  assert.equal(await exports.caught.async(), 7)
  await assert.rejects(exports.loose.async(), (error) => error === thrown)
  const own = load('(module (tag $t (export "t") (param i64)) (func (export "f") (throw $t (i64.const 5))))').instantiate()
  await assert.rejects(own.exports.f.async(), (error) => error.tag.equals(own.exports.t) && error.payload[0] === 5n)
})

test('aborted before, nothing runs', async () => {
  let ran = 0
  const { exports } = asks(() => ran++)
  const reason = { my: 'reason' }
  await assert.rejects(exports.ask.async(1, { signal: AbortSignal.abort(reason) }), (error) => error === reason)
  // Not even the arguments are looked at.
  await assert.rejects(exports.ask.async('x', { signal: AbortSignal.abort(reason) }), (error) => error === reason)
  await exports.ask.async(1)
  assert.equal(ran, 1)
})

test('aborted while it waits for its turn, it never runs', async () => {
  const seen = []
  let open
  const gate = new Promise((resolve) => { open = resolve })
  const { exports } = asks(async (n) => { seen.push(n); await gate; return n })
  const abort = new AbortController()
  const calls = [exports.ask.async(1), exports.ask.async(2, { signal: abort.signal }), exports.ask.async(3)]
  while (seen.length === 0) await turn()
  abort.abort()
  await assert.rejects(calls[1], (error) => error === abort.signal.reason && error.name === 'AbortError')
  open()
  assert.deepEqual([await calls[0], await calls[2]], [1, 3])
  assert.deepEqual(seen, [1, 3])
})

test('aborted while it runs, its guest ends', async () => {
  let began
  const inside = new Promise((resolve) => { began = resolve })
  const text = `(module (import "h" "in" (func $in)) (func (export "f") (call $in) (loop (br 0))))`
  const guest = load(text).instantiate({ imports: { h: { in: began } } })
  const abort = new AbortController()
  const call = guest.exports.f.async({ signal: abort.signal })
  await inside
  abort.abort('enough')
  await assert.rejects(call, (error) => error === 'enough')
  assert.equal(getEventListeners(abort.signal, 'abort').length, 0)
  // The guest has one tick to end; then the store says that it was interrupted.
  for (;;) {
    const error = await guest.exports.f.async().catch((error) => error)
    if (error instanceof PoisonedError) break
  }
})

test('aborted when it is done, nothing happens', async () => {
  const { exports } = calc()
  const abort = new AbortController()
  assert.equal(await exports.add.async(1, 2, { signal: abort.signal }), 3)
  assert.equal(getEventListeners(abort.signal, 'abort').length, 0)
  abort.abort()
  assert.equal(await exports.add.async(1, 2), 3)
})

test('one signal ends a thousand calls without a warning', async () => {
  const warnings = []
  const warn = (warning) => warnings.push(warning)
  process.on('warning', warn)
  const guest = asks()
  const abort = new AbortController()
  const calls = Array.from({ length: 1000 }, () => guest.exports.spin.async({ signal: abort.signal }))
  abort.abort()
  for (const { status, reason } of await Promise.allSettled(calls)) {
    assert.deepEqual([status, reason], ['rejected', abort.signal.reason])
  }
  await turn()
  process.off('warning', warn)
  assert.deepEqual(warnings, [])
  assert.equal(getEventListeners(abort.signal, 'abort').length, 0)
})

test('a call with a signal that nobody looks at is an unhandled rejection, as one without', async () => {
  const seen = []
  const note = (error) => seen.push(error.kind)
  const before = process.listeners('unhandledRejection')
  process.removeAllListeners('unhandledRejection')
  process.on('unhandledRejection', note)
  const { exports } = calc()
  exports.div.async(1, 0)
  exports.div.async(1, 0, { signal: new AbortController().signal })
  await exports.add.async(1, 2)
  await until(() => seen.length === 2)
  process.off('unhandledRejection', note)
  for (const listener of before) process.on('unhandledRejection', listener)
  assert.deepEqual(seen, ['trap', 'trap'])
})

test('a deadline ends a guest, also while it waits for a promise', async () => {
  const limits = { timeoutMs: 30 }
  const spinning = asks(undefined, { limits })
  const waiting = asks(never, { limits })
  await assert.rejects(spinning.exports.spin.async(), TimeoutError)
  await assert.rejects(waiting.exports.ask.async(1), TimeoutError)
  await assert.rejects(waiting.exports.twice.async(1), PoisonedError)
})

test('an answer that comes too late is dropped', async () => {
  let late
  const guest = asks(() => new Promise((resolve) => { late = resolve }), { limits: { timeoutMs: 20 } })
  await assert.rejects(guest.exports.ask.async(1), TimeoutError)
  late(5)
  await turn()
  assert.throws(() => guest.exports.twice(1), PoisonedError)
})

test('many engines, each with threads of its own', async () => {
  const engines = Array.from({ length: 8 }, () => new Engine({ callThreads: 1 }))
  const calls = engines.map((engine) => {
    const { exports } = load(ASKS, { engine }).instantiate({ imports: { h: { f: async (n) => (await turn(), n + 1) } } })
    return Promise.all([exports.ask.async(1), exports.twice.async(4)])
  })
  for (const call of calls) assert.deepEqual(await call, [2, 8])
  assert.throws(() => new Engine({ callThreads: 1.5 }), kind('type', /callThreads/))
  assert.throws(() => new Engine({ callThreads: -1 }), kind('range', /callThreads/))
})

test('a closed store ends the calls that are in flight', async () => {
  for (const host of [never, (n) => n]) {
    const guest = asks(host)
    const calls = [guest.exports.ask.async(1), guest.exports.spin.async(), guest.exports.twice.async(2)]
    await turn()
    guest.close()
    const errors = await Promise.allSettled(calls)
    assert.equal(errors[1].reason?.kind, 'closed')
    assert.equal(errors[2].reason?.kind, 'closed')
  }
})

test('what enters a store in use is busy', async () => {
  const guest = asks()
  const { memory } = guest.exports
  const abort = new AbortController()
  const call = guest.exports.spin.async({ signal: abort.signal })
  for (;;) {
    try { guest.exports.twice(1) } catch (error) {
      if (error instanceof BusyError) break
      throw error
    }
  }
  assert.throws(() => memory.read(0, 1), BusyError)
  abort.abort()
  await assert.rejects(call)
})

test('the event loop turns while a guest runs, and while it waits', async () => {
  let turns = 0
  const guest = asks(async (n) => {
    for (; turns < 5; turns++) await turn()
    return n
  })
  const abort = new AbortController()
  const other = asks().exports.spin.async({ signal: abort.signal })
  assert.equal(await guest.exports.ask.async(4), 4)
  assert.equal(turns, 5)
  abort.abort()
  await assert.rejects(other)
})

test('a host function works with its guest while that waits', async () => {
  const object = { some: 'object' }
  const guest = asks(async (n) => {
    const { memory, twice, pass, self } = guest.exports
    await turn()
    memory.write(0, new Uint8Array([n]))
    new Uint8Array(memory.buffer)[1] = memory.read(0, 1)[0] + 1
    memory.grow(1)
    assert.equal(pass(object), object)
    assert.equal(self(), pass)
    assert.throws(() => twice('x'), WasmTypeError)
    await turn()
    return twice(memory.read(1, 1)[0])
  })
  assert.equal(await guest.exports.ask.async(20), 42)
  assert.equal(guest.exports.memory.sizePages, 2)
})

test('functions of the program are called asynchronously, too', async () => {
  const store = new Store()
  const func = new Func(store, { params: ['i32', 'externref'], results: ['externref'] }, async (n, object) => (await turn(), [n, object]))
  const object = { some: 'object' }
  assert.deepEqual(await func.async(5, object), [5, object])
  const floats = new Func(store, { params: ['f64'], results: ['f64'] }, bits(async (given) => given ^ (1n << 63n)))
  assert.equal(await floats.async(2.5), -2.5)
  const text = '(module (import "h" "f" (func $f (param i32 externref) (result externref))) (export "f" (func $f)))'
  const guest = store.instantiate(load(text), { imports: { h: { f: func } } })
  assert.deepEqual(await guest.callAsync('f', 6, object), [6, object])
})

test('guests and host functions call each other to any depth', async () => {
  const guest = asks((n) => (n === 0 ? 100 : guest.exports.ask(n - 1)))
  assert.equal(await guest.exports.ask.async(20), 100)
  const later = asks(async (n) => (await turn(), n > 10 ? n : later.exports.twice(n)))
  assert.deepEqual(await Promise.all([3, 30, 4].map((n) => later.exports.ask.async(n))), [6, 30, 8])
})

test('a trap in a nested call is an error there, and the guest goes on', async () => {
  const text = `(module (import "h" "f" (func $f (result i32))) (func (export "trap") unreachable)
    (func (export "ask") (result i32) (call $f)))`
  const guest = load(text).instantiate({ imports: { h: { f: async () => {
    await turn()
    assert.throws(() => guest.exports.trap(), (error) => error.code === 'unreachable')
    return 5
  } } } })
  assert.equal(await guest.exports.ask.async(), 5)
})

test('a promise where nobody can wait is an error that says so', async () => {
  const guest = asks(async (n) => n)
  assert.throws(() => guest.exports.ask(1), kind('type', /Promise .*by async/))
  const text = `(module (import "h" "g" (func $g)) (func (export "f") (call $g)))`
  const none = load(text).instantiate({ imports: { h: { g: async () => {} } } })
  assert.throws(() => none.exports.f(), kind('type', /Promise .*by async/))
  assert.equal(await none.exports.f.async(), undefined)
  let nested
  const outer = asks((n) => {
    if (n === 0) return Promise.resolve(1)
    try { outer.exports.ask(0) } catch (error) { nested = error }
    return 7
  })
  assert.equal(await outer.exports.ask.async(1), 7)
  assert.equal(nested.kind, 'deadlock')
  assert.match(nested.message, /h\.f gave a Promise/)
})

test('answers are checked as those of a call', async () => {
  await assert.rejects(asks(async () => 'x').exports.ask.async(1), kind('type', /result 1 of h\.f: expected i32, got string/))
  await assert.rejects(asks(() => 2n).exports.ask.async(1), kind('type', /result 1 of h\.f/))
  await assert.rejects(asks(async () => 2 ** 40).exports.ask.async(1), kind('range', /result 1 of h\.f/))
  const text = '(module (import "h" "g" (func $g (result i32 i64))) (func (export "f") (result i32 i64) (call $g)))'
  const two = (g) => load(text).instantiate({ imports: { h: { g } } }).exports.f.async()
  assert.deepEqual(await two(async () => [1, 2n]), [1, 2n])
  await assert.rejects(two(async () => [1]), kind('type', /results of h\.g/))
  await assert.rejects(two(async () => 1), kind('type', /results of h\.g: expected an array/))
})

test('the context is there after an await, for each function its own', async () => {
  const text = (name) => `(module (import "h" "${name}" (func $f (result i32))) (memory (export "memory") 1)
    (data (i32.const 0) "${name}") (func (export "ask") (result i32) (call $f)))`
  const host = async () => {
    const first = context.name
    await turn()
    const memory = context.export('memory')
    await sleep(1) // sleeps: a timer is another sort of await
    assert.equal(context.name, first)
    assert.equal(context.export('memory'), memory)
    return memory.read(0, 1)[0]
  }
  const guests = ['a', 'b', 'c'].map((name) => load(text(name)).instantiate({ imports: { h: { [name]: host } } }))
  const calls = guests.flatMap(({ exports }) => [exports.ask.async(), exports.ask.async()])
  assert.deepEqual(await Promise.all(calls), [...'aabbcc'].map((letter) => letter.charCodeAt(0)))
  assert.equal(context.name, undefined)
  assert.equal(context.export('memory'), undefined)
})

test('the context ends with the call', async () => {
  let after
  const guest = asks((n) => {
    after = turn().then(() => [context.name, context.export('memory')])
    return n
  })
  await guest.exports.ask.async(1)
  assert.deepEqual(await after, [undefined, undefined])
})

test('functions for output run here, in order, and the guest waits for them', async () => {
  const text = `(module (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
    (memory (export "memory") 1) (data (i32.const 100) "0123456789")
    (func $put (param $at i32)
      (i32.store (i32.const 0) (i32.add (i32.const 100) (local.get $at))) (i32.store (i32.const 4) (i32.const 1))
      (drop (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 8))))
    (func (export "_start") (local $i i32)
      (loop $again (call $put (local.get $i)) (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br_if $again (i32.lt_u (local.get $i) (i32.const 10))))))`
  const run = (stdout) => load(text).instantiate({ stdout }).runAsync()
  const written = []
  assert.equal(await run((bytes) => { written.push(Buffer.from(bytes).toString(), context.name) }), 0)
  assert.deepEqual(written, [...'0123456789'].flatMap((digit) => [digit, undefined]))
  const thrown = new Error('full')
  await assert.rejects(run(() => { throw thrown }), (error) => error === thrown)
  await assert.rejects(run(async () => {}), kind('type', /function for stdout gave a Promise/))
  const guest = load(text).instantiate({ stdout: () => assert.throws(() => guest.exports.memory.read(0, 1), BusyError) })
  assert.equal(await guest.runAsync(), 0)
})

test('what is done comes in slices, so that the loop does other things between', async () => {
  const pool = new Pool(load('(module (func (export "f") unreachable))'), { max: 4, reset: 'reuse' })
  let settled = 0
  const calls = Array.from({ length: 3000 }, () => pool.callAsync('f').catch(() => settled++))
  // Nothing comes in while this thread is here.
  while (pool.counts.served < 3000 || pool.counts.taken > 0);
  await turn()
  assert.ok(settled > 0 && settled < 3000, `${settled} settled in one turn`)
  await Promise.all(calls)
  assert.equal(settled, 3000)
})

test('ten thousand calls leave nothing behind', async () => {
  const guest = asks(async (n) => n)
  let made = 0
  let freed = 0
  const registry = new FinalizationRegistry(() => freed++)
  const object = () => {
    const object = { number: made++ }
    registry.register(object)
    return object
  }
  const calls = async (times) => {
    const { signal } = new AbortController()
    for (let i = 0; i < times; i += 100) {
      const some = Array.from({ length: 25 }, () => [
        guest.exports.twice.async(1), guest.exports.pass.async(object()), guest.exports.ask.async(2, { signal }),
        guest.callAsync('ask', 'x').catch(object),
      ])
      await Promise.all(some.flat())
    }
    guest.store.gc()
  }
  await calls(10_000)
  globalThis.gc()
  const before = process.memoryUsage()
  const resources = process.getActiveResourcesInfo().length
  await calls(10_000)
  assert.ok(await collected(() => freed >= made - 10), `${made - freed} of ${made} objects are left`)
  globalThis.gc()
  const after = process.memoryUsage()
  assert.ok(process.getActiveResourcesInfo().length <= resources)
  assert.ok(after.rss - before.rss < 24 << 20, `${after.rss - before.rss} bytes more`)
  assert.ok(after.heapUsed - before.heapUsed < 4 << 20, `${after.heapUsed - before.heapUsed} bytes more in the heap`)
})
