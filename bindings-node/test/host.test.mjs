// Host functions: their answers, their errors, nesting, references and the collector.
import assert from 'node:assert/strict'
import test from 'node:test'
import { context, framesOf, Func, Global, load, Memory, Store, Table, Trap, WasmError } from 'landbridge'
import { calc, CALC, collected, kind } from './guests.mjs'

test('a million callbacks in one call', () => {
  const before = process.memoryUsage().rss
  assert.equal(calc((n) => n + 1).exports.loop(1_000_000), 1_000_000)
  assert.ok(process.memoryUsage().rss - before < 64 << 20)
})

test('answers are checked as arguments are', () => {
  let answer
  const { via } = calc(() => answer).exports
  for (const bad of [undefined, null, '1', 1.5, 1n, {}]) {
    answer = bad
    assert.throws(() => via(1), kind('type', /result 1 of env\.host: expected i32/))
  }
  answer = 2 ** 32
  assert.throws(() => via(1), kind('range'))
  answer = Promise.resolve(1)
  assert.throws(() => via(1), kind('type', /Promise/))
  answer = 5
  assert.equal(via(1), 5)
})

test('none and several results', () => {
  const store = new Store()
  let answer
  const none = new Func(store, {}, () => answer)
  const two = new Func(store, { results: ['i32', 'i64'] }, () => answer)
  for (answer of [3, 'text', null, false, {}, [], () => 1]) {
    assert.throws(() => none(), kind('type', /results of host function: expected 0 \(\), got 1/))
  }
  answer = undefined
  assert.equal(none(), undefined)
  answer = 'text'
  assert.throws(() => two(), kind('type', /expected an array, got string/))
  answer = Promise.resolve()
  assert.throws(() => none(), kind('type', /Promise/))
  answer = [1, 2n]
  assert.deepEqual(two(), [1, 2n])
  answer = [1]
  assert.throws(() => two(), kind('type', /expected 2/))
  const boom = new Error('element')
  answer = Object.defineProperty([1, 2n], 1, { get() { throw boom } })
  assert.throws(() => two(), (error) => error === boom)
})

test('what a host function throws arrives as the very same value', () => {
  let thrown
  const { via } = calc(() => { throw thrown }).exports
  const frozen = Object.freeze(new Error('frozen'))
  const proxy = new Proxy(new Error('x'), { getPrototypeOf() { assert.fail('the proxy was looked into') } })
  for (thrown of [new Error('x'), frozen, proxy, 'text', 42, undefined, null, 5n, Symbol('s'), () => 1]) {
    let caught = 'nothing'
    try { via(1) } catch (error) { caught = error }
    assert.ok(Object.is(caught, thrown))
  }
  assert.deepEqual(framesOf(frozen).map(({ funcName }) => funcName), ['via'])
})

test('through nested calls too, and a caught one is gone', () => {
  const boom = new Error('boom')
  const instance = calc((n) => {
    if (n === 0) throw boom
    return n === 100 ? caught() : instance.exports.via(n - 1)
  })
  const caught = () => { try { instance.exports.via(3) } catch (error) { return error === boom ? 1 : 2 } }
  assert.throws(() => instance.exports.via(5), (error) => error === boom)
  assert.equal(instance.exports.via(100), 1)
  assert.equal(instance.exports.add(1, 1), 2)
})

test('a trap that passes a host function stays the same object', () => {
  let inner
  const instance = calc(() => { try { return instance.exports.div(1, 0) } catch (error) { inner = error; throw error } })
  assert.throws(() => instance.exports.via(1), (error) => {
    assert.equal(error, inner)
    assert.ok(error instanceof Trap && error instanceof WasmError && error instanceof Error)
    assert.deepEqual([error.name, error.kind, error.code], ['Trap', 'trap', 'integer_division_by_zero'])
    assert.deepEqual(error.frames.map(({ funcName }) => funcName), ['div', 'via'])
    assert.match(error.stack, /^Trap: integer divide by zero\n {4}at calc!div .*\n {4}at calc!via [^]*host\.test\.mjs/)
    return true
  })
})

test('frames of two stores follow each other', () => {
  const inner = calc()
  const outer = calc(() => inner.exports.div(1, 0))
  assert.throws(() => outer.exports.via(1), ({ frames }) => {
    assert.deepEqual(frames.map(({ funcName }) => funcName), ['div', 'via'])
    return true
  })
})

test('stacks that programs have changed', () => {
  const { prepareStackTrace, stackTraceLimit } = Error
  try {
    Error.prepareStackTrace = () => [1, 2]
    assert.throws(() => calc().exports.div(1, 0), kind('trap'))
    Error.prepareStackTrace = () => { throw new Error('in prepareStackTrace') }
    assert.throws(() => calc().exports.div(1, 0))
    Error.prepareStackTrace = prepareStackTrace
    Error.stackTraceLimit = 0
    assert.throws(() => calc().exports.div(1, 0), kind('trap'))
  } finally {
    Object.assign(Error, { prepareStackTrace, stackTraceLimit })
  }
})

test('the context of a host function', () => {
  const seen = []
  const instance = calc((n) => {
    seen.push([context.name, context.export('memory') === instance.exports.memory, context.export('add') === instance.exports.add, context.export('nope')])
    return n
  })
  instance.exports.via(1)
  assert.deepEqual(seen, [['env.host', true, true, undefined]])
  assert.equal(context.name, undefined)
  assert.equal(context.export('memory'), undefined)
})

test('imports that are missing are listed, all of them', () => {
  const module = load('(module (import "a" "f" (func)) (import "a" "m" (memory 1)) (import "b" "g" (global i32)))')
  assert.throws(() => module.instantiate(), kind('link', /3 imports[^]*a\.f: func \(\) -> \(\)[^]*a\.m: memory 1[^]*b\.g: global i32/))
  assert.throws(() => module.instantiate({ imports: { a: null, b: undefined } }), kind('link', /3 imports/))
  assert.throws(() => module.instantiate({ imports: { a: { f() {}, m() {} } } }), kind('link', /a func was given/))
})

test('what every object has is no import', () => {
  const module = load('(module (import "__proto__" "toString" (func)) (import "constructor" "name" (func)) (import "a" "valueOf" (func)))')
  assert.throws(() => module.instantiate({ imports: { a: {} } }), kind('link', /3 imports/))
  const a = { valueOf() {} }
  const own = { a, constructor: { name() {} }, ['__proto__']: { toString() {} } }
  assert.deepEqual(Object.keys(module.instantiate({ imports: own }).exports), [])
})

test('imports that are something else', () => {
  const memory = new Memory(new Store(), { min: 1 })
  assert.throws(() => load(CALC).instantiate({ imports: { env: { host: memory } } }), kind('link', /a memory was given/))
  const module = load(CALC)
  assert.throws(() => module.instantiate({ imports: 5 }), kind('type'))
  assert.throws(() => module.instantiate({ imports: { env: 5 } }), kind('type', /imports\.env/))
  assert.throws(() => module.instantiate({ imports: { env: { host: 5 } } }), kind('link', /env\.host/))
  assert.throws(() => module.instantiate({ imports: { env: { host: {} } } }), kind('link'))
  assert.throws(() => module.instantiate({ env: {} }), kind('type', /no option is named "env"/))
  assert.throws(() => module.instantiate(5), kind('type'))
  assert.throws(() => module.instantiate({ store: {} }), kind('type'))
  const boom = new Error('getter')
  assert.throws(() => module.instantiate({ get imports() { throw boom } }), (error) => error === boom)
  assert.throws(() => module.instantiate({ imports: { env: { get host() { throw boom } } } }), (error) => error === boom)
  const env = new Proxy({}, { get: (_, name) => (name === 'host' ? (n) => n * 2 : undefined) })
  assert.equal(module.instantiate({ imports: { env } }).exports.via(4), 8)
  class Env { host(n) { return n * 3 } }
  assert.equal(module.instantiate({ imports: { env: new Env() } }).exports.via(4), 12)
})

test('instances of a store lend each other what they export', () => {
  const store = new Store()
  const first = calc(undefined, { store })
  const module = load('(module (import "calc" "add" (func $add (param i32 i32) (result i32))) (import "calc" "memory" (memory 1)) (func (export "three") (result i32) (i32.store (i32.const 0) (i32.const 9)) (call $add (i32.const 1) (i32.const 2))))')
  for (const lent of [first, first.exports]) {
    const second = store.instantiate(module, { imports: { calc: lent } })
    assert.equal(second.exports.three(), 3)
    assert.equal(first.exports.memory.read(0, 1)[0], 9)
  }
  assert.throws(() => module.instantiate({ imports: { calc: first } }), kind('wrong_store'))
  assert.throws(() => store.instantiate({}), kind('type'))
})

test('an error in a start function', () => {
  const module = load('(module (import "env" "host" (func $host)) (start $host))')
  const boom = new Error('start')
  assert.throws(() => module.instantiate({ imports: { env: { host() { throw boom } } } }), (error) => error === boom)
  assert.throws(() => load('(module (func $f unreachable) (start $f))').instantiate(), kind('trap'))
})

test('recursion through guest and host ends in an error, and the guest lives on', () => {
  const instance = calc((n) => instance.exports.via(n))
  assert.throws(() => instance.exports.via(1), (error) => error instanceof RangeError || error.code === 'stack_overflow')
  assert.throws(() => instance.exports.down(), (error) => error.code === 'stack_overflow')
  assert.equal(instance.exports.add(1, 2), 3)
})

test('prototypes that programs have changed', () => {
  const tampered = (object, name, run) => {
    const former = Object.getOwnPropertyDescriptor(object, name)
    Object.defineProperty(object, name, { configurable: true, get() { throw new Error(name) }, set() { throw new Error(name) } })
    try { run() } finally {
      if (former) Object.defineProperty(object, name, former)
      else delete object[name]
    }
  }
  const instance = calc()
  tampered(Array.prototype, '0', () => assert.deepEqual(instance.call('add64', 1n, 2n), 3n))
  tampered(Object.prototype, '0', () => assert.equal(instance.exports.ref(instance), instance))
  tampered(Function.prototype, 'call', () => assert.equal(instance.exports.via(1), 2))
  tampered(Function.prototype, 'apply', () => assert.equal(instance.exports.via(1), 2))
})

test('a host function that captures its instance is collected', async () => {
  const alive = Array.from({ length: 20 }, () => {
    const instance = calc(() => instance.exports.add(1, 2))
    assert.equal(instance.exports.via(1), 3)
    return new WeakRef(instance)
  })
  assert.ok(await collected(() => alive.every((ref) => ref.deref() === undefined)))
})

test('cycles through externref, tables, globals and functions are collected', async () => {
  const alive = Array.from({ length: 20 }, () => {
    const store = new Store()
    const table = new Table(store, { element: 'externref', min: 1 })
    const global = new Global(store, { content: 'externref', mutable: true }, { store })
    const funcs = new Table(store, { element: 'funcref', min: 1 })
    table.set(0, { table, global, store })
    funcs.set(0, new Func(store, {}, () => { funcs.size }))
    return [new WeakRef(store), new WeakRef(table), new WeakRef(funcs.get(0))]
  })
  assert.ok(await collected(() => alive.flat().every((ref) => ref.deref() === undefined)))
})

test('what a guest holds stays alive, and is let go', async () => {
  const store = new Store()
  const table = new Table(store, { element: 'externref', min: 1 })
  table.set(0, { some: 'thing' })
  const held = new WeakRef(table.get(0))
  await collected(() => held.deref() === undefined)
  assert.equal(table.get(0)?.some, 'thing')
  store.close()
})

test('a function keeps its store, host functions and memory alive', async () => {
  const via = (() => calc((n) => n + 40).exports.via)()
  const memory = (() => calc().exports.memory)()
  const bytes = new Uint8Array((() => calc().exports.memory.buffer)())
  let turns = 0
  await collected(() => ++turns > 20)
  assert.equal(via(2), 42)
  assert.equal(memory.read(0, 1)[0], 0)
  bytes[0] = 1
  assert.equal(bytes[0], 1)
})

test('a function put into a table is called by its store after its object is gone', async () => {
  const store = new Store()
  const table = new Table(store, { element: 'funcref', min: 1 })
  table.set(0, new Func(store, { results: ['i32'] }, () => 42))
  let turns = 0
  await collected(() => ++turns > 20)
  assert.equal(table.get(0)(), 42)
})
