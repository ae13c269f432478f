// The order of calls, and loading, as a JavaScript thread sees them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BusyError, CompileError, IoError, Func, Global, load, loadAsync, Memory, Store, Table, Tag } from 'landbridge'

const COUNTER = `(module (global $n (mut i32) (i32.const 0)) (memory (export "m") 1)
  (func (export "next") (result i32) (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n)))`

test('a call is busy as long as a promise of its store is not settled', async () => {
  const guest = load(COUNTER).instantiate()
  const { next, m } = guest.exports
  for (let round = 0; round < 300; round++) {
    const promise = next.async()
    assert.throws(() => next(), BusyError)
    assert.throws(() => m.read(0, 1), BusyError)
    // Also when the guest is done: JavaScript cannot know that.
    if (round % 50 === 0) for (const end = Date.now() + 5; Date.now() < end;);
    assert.throws(() => next(), /await the promise/)
    assert.equal(await promise, 2 * round + 1)
    assert.equal(next(), 2 * round + 2)
  }
})

test('other stores are free meanwhile, and a rejected promise ends it, too', async () => {
  const module = load('(module (func (export "trap") unreachable) (func (export "one") (result i32) (i32.const 1)))')
  const [one, two] = [module.instantiate(), module.instantiate()]
  const failing = one.exports.trap.async()
  assert.equal(two.exports.one(), 1)
  assert.throws(() => one.exports.one(), BusyError)
  await assert.rejects(failing)
  assert.equal(one.exports.one(), 1)
})

test('a host function calls its own guest while that waits', async () => {
  let guest
  const imports = { env: { f: () => guest.exports.one() } }
  guest = load(`(module (import "env" "f" (func $f (result i32)))
    (func (export "ask") (result i32) (call $f)) (func (export "one") (result i32) (i32.const 1)))`).instantiate({ imports })
  const calls = [guest.exports.ask.async(), guest.exports.ask.async()]
  assert.deepEqual(await Promise.all(calls), [1, 1])
})

test('one thing of a store is one object, as long as somebody has it', () => {
  const store = new Store()
  const a = store.instantiate(load(`(module (func (export "f")) (memory (export "m") 1) (table (export "t") 1 funcref)
    (global (export "g") i32 (i32.const 1)) (tag (export "e")))`))
  const b = store.instantiate(load(`(module (import "a" "f" (func)) (import "a" "m" (memory 1))
    (import "a" "t" (table 1 funcref)) (import "a" "g" (global i32)) (import "a" "e" (tag)) (export "f" (func 0))
    (export "m" (memory 0)) (export "t" (table 0)) (export "g" (global 0)) (export "e" (tag 0)))`), { imports: { a } })
  for (const name of 'fmtge') assert.equal(a.exports[name], b.exports[name], name)
  const made = [new Func(store, {}, () => {}), new Memory(store, { min: 1 }), new Table(store, { element: 'funcref', min: 1 }),
    new Global(store, { content: 'i32' }, 1), new Tag(store)]
  const again = store.instantiate(load(`(module (import "a" "f" (func)) (import "a" "m" (memory 1))
    (import "a" "t" (table 1 funcref)) (import "a" "g" (global i32)) (import "a" "e" (tag)) (export "f" (func 0))
    (export "m" (memory 0)) (export "t" (table 0)) (export "g" (global 0)) (export "e" (tag 0)))`),
  { imports: { a: Object.fromEntries([...'fmtge'].map((name, i) => [name, made[i]])) } })
  ;[...'fmtge'].forEach((name, i) => assert.equal(again.exports[name], made[i], name))
})

test('a module is loaded while the loop turns', async () => {
  const loads = [loadAsync(COUNTER), loadAsync(new TextEncoder().encode(COUNTER)), loadAsync(load(COUNTER))]
  for (const module of await Promise.all(loads)) assert.equal(module.instantiate().exports.next(), 1)
  await assert.rejects(loadAsync('(module (func'), CompileError)
  await assert.rejects(loadAsync('nowhere.wasm'), IoError)
  await assert.rejects(loadAsync(7), { kind: 'type' })
})

test('loading ends with its signal', async () => {
  await assert.rejects(loadAsync('(module)', { signal: AbortSignal.abort('before') }), (reason) => reason === 'before')
  const controller = new AbortController()
  const loads = Array.from({ length: 20 }, (_, i) =>
    loadAsync(`(module (func (export "f${i}") ${'(drop (i32.const 1))'.repeat(20000)}))`, { signal: controller.signal }))
  controller.abort('enough')
  for (const outcome of await Promise.allSettled(loads)) assert.equal(outcome.reason, 'enough')
  await loadAsync('(module)')
})
