// The guests' heap: what an anyref takes and gives, structs and arrays, and what is let go.
import assert from 'node:assert/strict'
import test from 'node:test'
import { Func, GcRef, Global, load, Store, Table } from 'landbridge'
import { collected, kind } from './guests.mjs'

const HEAP = load(`(module
  (type $point (struct (field (mut i32)) (field f64)))
  (type $box (struct (field (mut anyref)) (field (mut f32)) (field (mut i8))))
  (type $list (array (mut externref)))
  (tag (export "tag") (param externref))
  (table (export "table") 2 anyref)
  (func (export "point") (param i32 f64) (result (ref $point)) (struct.new $point (local.get 0) (local.get 1)))
  (func (export "x") (param (ref $point)) (result i32) (struct.get $point 0 (local.get 0)))
  (func (export "box") (param anyref) (result (ref $box)) (struct.new $box (local.get 0) (f32.const 0) (i32.const 0)))
  (func (export "list") (param i32) (result (ref $list)) (array.new_default $list (local.get 0)))
  (func (export "any") (param anyref) (result anyref) local.get 0)
  (func (export "eq") (param eqref) (result eqref) local.get 0)
  (func (export "i31") (param i31ref) (result i31ref) local.get 0)
  (func (export "struct") (param structref) (result structref) local.get 0)
  (func (export "null") (param nullref) (result nullref) local.get 0)
  (func (export "extern") (param externref) (result externref) local.get 0)
  (func (export "outward") (param anyref) (result externref) (extern.convert_any (local.get 0)))
  (func (export "inward") (param externref) (result anyref) (any.convert_extern (local.get 0)))
  (func (export "throw") (param externref) (throw 0 (local.get 0))))`)

const heap = (store) => HEAP.instantiate({ store })
const { exports: it } = heap()

test('small integers are numbers', () => {
  for (const small of [0, 5, -1, 2 ** 30 - 1, -(2 ** 30)]) {
    assert.equal(it.any(small), small)
    assert.equal(it.i31(small), small)
    assert.equal(it.outward(small), small)
  }
  assert.ok(Object.is(it.any(-0), 0))
  for (const large of [2 ** 30, -(2 ** 30) - 1, 2 ** 60]) {
    assert.throws(() => it.any(large), kind('range', /argument 1 of any: .* out of range for i31ref/))
    assert.throws(() => it.struct(large), kind('range'))
  }
  for (const bad of [1.5, NaN, Infinity]) assert.throws(() => it.any(bad), kind('type', /expected anyref, got number/))
})

test('everything else is an object of the host and comes back as itself', () => {
  const trap = () => { throw new Error('the proxy was looked into') }
  const proxy = new Proxy({}, { get: trap, has: trap, getPrototypeOf: trap, getOwnPropertyDescriptor: trap })
  for (const value of [{}, () => 1, it.any, 'text', 5n, Symbol('s'), true, undefined, proxy, new Error('x'), HEAP]) {
    assert.ok(Object.is(it.any(value), value))
    assert.ok(Object.is(it.inward(value), value))
    assert.ok(Object.is(it.outward(value), value))
    assert.throws(() => it.eq(value), kind('type', /argument 1 of eq: expected eqref, got an object of the host/))
  }
  for (const { name } of HEAP.exports.filter(({ name }) => ['any', 'eq', 'i31', 'struct', 'null', 'extern'].includes(name))) {
    assert.equal(it[name](null), null)
  }
  // As an externref a number is an object of the host.
  assert.equal(it.extern(1.5), 1.5)
  assert.equal(it.inward(2 ** 40), 2 ** 40)
})

test('a struct is a GcRef', () => {
  const point = it.point(3, 2.5)
  assert.ok(point instanceof GcRef)
  assert.deepEqual([point.sort, point.length, `${point.type}`], ['struct', 2, '(struct (mut i32) f64)'])
  assert.deepEqual(point.type.fields, [{ storage: 'i32', mutable: true }, { storage: 'f64', mutable: false }])
  assert.ok(Object.isFrozen(point.type.fields) && Object.isFrozen(point.type.fields[0]))
  assert.deepEqual([point.get(0), point.get(1n)], [3, 2.5])
  point.set(0, 2 ** 32 - 1)
  assert.equal(it.x(point), -1)
})

test('equal means one object of the heap', () => {
  const point = it.point(1, 1)
  const again = it.any(point)
  assert.ok(point !== again && point.equals(again) && again.equals(point) && point.equals(point))
  assert.ok(it.outward(point).equals(point) && it.inward(it.extern(point)).equals(point))
  for (const other of [it.point(1, 1), null, undefined, 1, {}, it.list(1), heap().exports.point(1, 1)]) {
    assert.equal(point.equals(other), false)
  }
})

test('an array is a GcRef', () => {
  const list = it.list(2)
  assert.deepEqual([list.sort, list.length, `${list.type}`], ['array', 2, '(array (mut externref))'])
  assert.deepEqual(list.type.element, { storage: 'externref', mutable: true })
  const object = {}
  list.set(1, object)
  list.set(0, list)
  assert.equal(list.get(1), object)
  assert.ok(list.get(0).equals(list))
  assert.equal(it.list(0).length, 0)
})

test('fields that cannot be read or written so', () => {
  const point = it.point(1, 2)
  const box = it.box(null)
  for (const index of [2, 2 ** 32 - 1, 2 ** 40, 2n ** 63n]) {
    assert.throws(() => point.get(index), kind('out_of_bounds', /field \d+ of a struct: there are 2/))
    assert.throws(() => point.set(index, {}), kind('out_of_bounds'))
  }
  for (const index of [-1, -1n, 2n ** 64n]) assert.throws(() => point.get(index), kind('range'))
  for (const index of [0.5, '0', null, undefined]) assert.throws(() => point.get(index), kind('type'))
  assert.throws(() => point.set(1, 1), kind('type', /field 1 of a struct is immutable/))
  assert.throws(() => point.set(0, 1n), kind('type', /field 0 of a struct: expected i32/))
  assert.throws(() => point.set(0, 2 ** 32), kind('range'))
  assert.throws(() => box.set(0, heap().exports.point(1, 1)), kind('wrong_store'))
  assert.throws(() => it.struct(it.list(1)), kind('type', /argument 1 of struct/))
  assert.throws(() => it.x(box), kind('type', /\(struct \(mut i32\) f64\)\), got \(struct/))
  box.set(2, 257)
  assert.equal(box.get(2), 1)
})

test('a GcRef is made by guests alone, and its methods are for it', () => {
  assert.throws(() => new GcRef(), kind('type'))
  const { get } = GcRef.prototype
  for (const other of [{}, null, undefined, 5, it, new Table(new Store(), { element: 'anyref', min: 1 })]) {
    assert.throws(() => get.call(other, 0), kind('type', /GcRef/))
  }
  assert.throws(() => structuredClone(it.point(1, 1)).get(0), TypeError)
})

test('tables, globals and host functions of the heap', () => {
  const store = new Store()
  const { exports } = heap(store)
  const table = new Table(store, { element: 'structref', min: 1, max: 4 })
  const global = new Global(store, { content: 'anyref', mutable: true }, 7)
  const point = exports.point(1, 2)
  table.set(0, point)
  assert.equal(table.grow(2, point), 1)
  assert.ok(table.get(2).equals(point))
  assert.throws(() => table.set(0, 5), kind('type', /structref/))
  assert.equal(global.value, 7)
  global.value = point
  assert.equal(global.value.get(1), 2)
  const same = new Func(store, { params: ['anyref', 'externref'], results: ['anyref', 'externref'] }, (a, b) => [b, a])
  const [a, b] = same(point, 4)
  assert.equal(a, 4)
  assert.ok(b.equals(point))
  assert.throws(() => new Func(store, { results: ['i31ref'] }, () => 2 ** 31)(), kind('range', /result 1/))
  assert.throws(() => new Func(store, { results: ['exnref'] }, () => new Error('x'))(), kind('type', /expected exnref, got object/))
})

test('an object of a closed store', () => {
  const instance = heap()
  const point = instance.exports.point(1, 2)
  const list = instance.exports.list(1)
  instance.close()
  for (const use of [() => point.get(0), () => point.set(0, 1), () => list.length]) assert.throws(use, kind('closed'))
  assert.equal(point.length, 2)
  assert.ok(point.equals(point))
  assert.equal(point.sort, 'struct')
})

/** Values that `hold` makes the guest hold, whether they are let go after `release`. */
async function letGo(store, hold, release) {
  const registry = { gone: 0 }
  const counter = new FinalizationRegistry(() => registry.gone++)
  const fresh = () => {
    const value = {}
    counter.register(value)
    return value
  }
  const held = hold(fresh)
  assert.equal(await collected(() => (store.gc(), registry.gone > 0), 5), false, 'let go too early')
  release(held)
  assert.ok(await collected(() => (store.closed || store.gc(), registry.gone > 0)), 'never let go')
}

test('values of JavaScript are let go when neither side holds them', async () => {
  const store = new Store()
  const { exports } = heap(store)
  await letGo(store, (fresh) => exports.table.set(0, fresh()), () => exports.table.set(0, null))
  await letGo(store, (fresh) => { const box = exports.box(fresh()); return { box } }, (held) => { held.box.set(0, 1) })
  await letGo(store, (fresh) => { const box = exports.box(fresh()); return { box } }, (held) => { delete held.box })
  await letGo(store, (fresh) => {
    const list = exports.list(3)
    list.set(2, fresh())
    return { list }
  }, (held) => { delete held.list })
  await letGo(store, (fresh) => {
    try { exports.throw(fresh()) } catch (error) { return { error } }
  }, (held) => { delete held.error })
  await letGo(store, (fresh) => exports.table.set(1, fresh()), () => store.close())
})

test('a cycle through a struct is collected with its store', async () => {
  const alive = Array.from({ length: 10 }, () => {
    const { exports } = heap()
    const box = exports.box(null)
    box.set(0, { box, exports })
    return [new WeakRef(box), new WeakRef(exports)]
  })
  assert.ok(await collected(() => alive.flat().every((ref) => ref.deref() === undefined)))
})

test('a hundred thousand objects come and go', () => {
  const before = process.memoryUsage().rss
  const box = it.box(null)
  for (let i = 0; i < 100_000; i++) box.set(0, it.point(i, i))
  assert.equal(box.get(0).get(0), 99_999)
  assert.ok(process.memoryUsage().rss - before < 256 << 20)
})
