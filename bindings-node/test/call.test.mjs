// Calls: values in and out, and what is refused.
import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import test from 'node:test'
import { Engine, Func, Instance, load, Module, Pool, Store } from 'landbridge'
import { calc, CALC, kind } from './guests.mjs'

const { exports: it } = calc()

test('integers of 32 bits take both readings and give the signed one', () => {
  assert.equal(it.add(2, 3), 5)
  assert.equal(it.add(4294967295, 0), -1)
  assert.equal(it.add(-2147483648, 0), -2147483648)
  assert.ok(Object.is(it.add(-0, 0), 0))
  for (const bad of [4294967296, -2147483649, 2 ** 60]) assert.throws(() => it.add(bad, 0), kind('range', /argument 1 of add/))
  for (const bad of [1.5, NaN, Infinity, 1n, '1', null, undefined, true, {}, Symbol('s'), () => 1, [1]]) {
    assert.throws(() => it.add(0, bad), kind('type', /argument 2 of add: expected i32/))
  }
})

test('integers of 64 bits are BigInt, always', () => {
  assert.equal(it.add64(2n ** 63n - 1n, 0n), 2n ** 63n - 1n)
  assert.equal(it.add64(2n ** 64n - 1n, 0n), -1n)
  assert.equal(it.add64(-(2n ** 63n), 0n), -(2n ** 63n))
  for (const bad of [2n ** 64n, -(2n ** 63n) - 1n, 2n ** 200n]) assert.throws(() => it.add64(bad, 0n), kind('range'))
  for (const bad of [1, '1', null, undefined, Object(1n)]) assert.throws(() => it.add64(bad, 0n), kind('type'))
})

test('floats and many arguments', () => {
  assert.equal(it.half(3), 1.5)
  assert.equal(it.half(1e300), Infinity)
  assert.ok(Object.is(it.same(-0), -0) && Number.isNaN(it.same(NaN)))
  assert.throws(() => it.same(1n), kind('type'))
  assert.deepEqual(it.two(), [1, 2n])
  assert.equal(it.nine(1, 2, 3, 4, 5, 6, 7, 8, 9), 9)
})

test('a vector is 16 bytes', () => {
  const bytes = Uint8Array.from({ length: 16 }, (_, i) => i)
  const lanes = [Float32Array.of(1, 2, 3, 4), Int16Array.of(1, 2, 3, 4, 5, 6, 7, -8), BigInt64Array.of(-1n, 1n), Float64Array.of(0.5, -0)]
  const views = [bytes, Buffer.from(bytes), new Uint8ClampedArray(bytes), new DataView(bytes.buffer), ...lanes]
  views.push(new Uint8Array(40).subarray(3, 19), new Uint8Array(new SharedArrayBuffer(16)), new DataView(new ArrayBuffer(40), 7, 16))
  for (const view of views) {
    const found = it.vector(view)
    assert.deepEqual([found.constructor, found.byteOffset, found.buffer.byteLength], [Uint8Array, 0, 16])
    assert.ok(Buffer.from(view.buffer, view.byteOffset, 16).equals(found))
  }
  assert.deepEqual([...new Float32Array(it.vector(Float32Array.of(1, 2, 3, 4)).buffer)], [1, 2, 3, 4])
  const first = it.vector(bytes)
  assert.notEqual(it.vector(bytes), first)
  first.fill(9)
  assert.equal(it.vector(bytes)[0], 0)
})

test('a vector is a BigInt, lane 0 in its lowest bits', () => {
  assert.deepEqual([...new BigUint64Array(it.vector(1n | (2n << 64n)).buffer)], [1n, 2n])
  for (const big of [2n ** 128n - 1n, -1n]) assert.deepEqual([...it.vector(big)], Array(16).fill(255))
  assert.deepEqual([...new BigInt64Array(it.vector(-(2n ** 127n)).buffer)], [0n, -(2n ** 63n)])
  for (const bad of [2n ** 128n, -(2n ** 127n) - 1n]) assert.throws(() => it.vector(bad), kind('range', /argument 1 of vector: -?\d+ is out of range \(-2\*\*127 to 2\*\*128 - 1\)/))
})

test('what is no vector', () => {
  for (const length of [0, 15, 17]) {
    for (const View of [Uint8Array, DataView]) {
      const bad = new View(new ArrayBuffer(length))
      assert.throws(() => it.vector(bad), kind('range', new RegExp(`argument 1 of vector: a v128 has 16 bytes, got ${length}$`)))
    }
  }
  assert.throws(() => it.vector(new Float64Array(16)), kind('range', /got 128/))
  for (const bad of [1, '0123456789abcdef', null, undefined, [1, 2, 3, 4], {}, new ArrayBuffer(16), () => 1]) {
    assert.throws(() => it.vector(bad), kind('type', /argument 1 of vector: expected v128/))
  }
  const lend = (host) => load('(module (import "e" "f" (func $f (result v128))) (func (export "run") (result v128) (call $f)))')
    .instantiate({ imports: { e: { f: host } } }).exports.run
  assert.deepEqual([...lend(() => new Int32Array(4).fill(-1))()], Array(16).fill(255))
  assert.throws(lend(() => new Uint8Array(4)), kind('range', /result 1 of e\.f: a v128 has 16 bytes, got 4/))
})

test('the number of arguments is exact', () => {
  assert.throws(() => it.add(1), kind('type', /expected 2 \(i32, i32\), got 1/))
  assert.throws(() => it.add(1, 2, 3), kind('type', /got 3/))
  assert.throws(() => it.two(1), kind('type', /got 1/))
  assert.throws(() => it.nine(1), kind('type', /got 1/))
  assert.throws(() => it.ref(), kind('type', /got 0/))
})

test('any value is a reference and comes back as itself', () => {
  const values = [{}, () => 1, 'text', 42, 5n, Symbol('s'), true, undefined, null, NaN, new Proxy({}, {}), it]
  for (const value of values) assert.ok(Object.is(it.ref(value), value))
})

test('one function is one object', () => {
  const instance = calc()
  const { add, table, func, ref } = instance.exports
  assert.equal(instance.func('add'), add)
  assert.equal(func(add), add)
  table.set(1, add)
  assert.equal(table.get(1), add)
  assert.equal(ref(add), add)
  assert.equal(func(null), null)
  assert.throws(() => func(() => 1), kind('type', /no Func/))
  assert.throws(() => func({}), kind('type'))
  assert.throws(() => func(it.add), kind('wrong_store'))
})

test('a proxy of a function is a function of JavaScript', () => {
  const proxy = new Proxy(it.add, {})
  assert.equal(proxy(1, 2), 3)
  assert.throws(() => it.func(proxy), kind('type'))
  assert.equal(calc(new Proxy((n) => n * 2, {})).exports.via(4), 8)
  assert.throws(() => calc(class {}).exports.via(1), TypeError)
})

test('exports are frozen, without a prototype, and real functions', () => {
  assert.equal(Object.getPrototypeOf(it), null)
  assert.ok(Object.isFrozen(it))
  assert.ok(it.add instanceof Func && it.add instanceof Function)
  assert.deepEqual([it.add.name, it.add.length, `${it.add.type}`], ['add', 2, '(i32, i32) -> (i32)'])
  assert.equal(it.add.call(null, 1, 2), 3)
  assert.equal(it.add.bind({}, 1)(2), 3)
  assert.throws(() => new it.add(1, 'x'), kind('type'))
})

test('names that objects have are ordinary names', () => {
  const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'ä€😀', '0']
  const text = `(module ${names.map((name, i) => `(func (export "${name}") (result i32) (i32.const ${i}))`).join('')})`
  const { exports } = load(text).instantiate()
  names.forEach((name, i) => assert.equal(exports[name](), i))
  assert.equal(Object.getPrototypeOf(exports), null)
})

test('an export that is missing or of another sort', () => {
  const instance = calc()
  assert.equal(instance.call('add', 1, 2), 3)
  assert.throws(() => instance.func('nope'), kind('not_found', /add/))
  assert.throws(() => instance.call('memory'), kind('not_found', /is a memory, not a func/))
  assert.throws(() => instance.memory('add'), kind('not_found'))
  assert.throws(() => instance.table('memory'), kind('not_found'))
  assert.throws(() => instance.global('table'), kind('not_found'))
  assert.throws(() => instance.func('toString'), kind('not_found'))
  assert.throws(() => instance.func(undefined), kind('not_found'))
  assert.throws(() => instance.func(Symbol('s')), kind('not_found'))
})

test('methods on the wrong object are built-in TypeErrors', () => {
  const { memory, table, count } = it
  assert.throws(() => memory.read.call({}, 0, 1), TypeError)
  assert.throws(() => memory.grow.call(table, 1), TypeError)
  assert.throws(() => table.get.call(memory, 0), TypeError)
  assert.throws(() => Object.getOwnPropertyDescriptor(Object.getPrototypeOf(count), 'value').get.call({}), TypeError)
  assert.throws(() => Store.prototype.close.call({}), kind('type'))
  assert.throws(() => Module.prototype.instantiate.call({}), kind('type'))
  assert.throws(() => Instance.prototype.func.call(new Proxy(calc(), {}), 'add'), TypeError)
  assert.throws(() => Object.getOwnPropertyDescriptor(Func.prototype, 'type').get.call(() => 1), kind('type'))
  assert.throws(() => Object.create(Func.prototype).type, kind('type'))
})

test('constructors refuse what they do not know', () => {
  assert.throws(() => new Instance(), kind('type'))
  assert.throws(() => new Engine({ fast: true }), kind('type', /no option is named "fast"/))
  assert.throws(() => new Engine({ interruptible: 1 }), kind('type'))
  assert.throws(() => new Engine({ stackBytes: -1 }), kind('range'))
  assert.throws(() => new Engine({ compileCost: -1 }), kind('range'))
  assert.ok(new Engine({ compileCost: Infinity }))
  assert.throws(() => new Engine({ memoryReservationBytes: -1 }), kind('range', /memoryReservationBytes/))
  assert.throws(() => new Engine({ deterministic: 1 }), kind('type', /deterministic/))
  assert.throws(() => new Module('(module)').instantiate({ initialize: 1 }), kind('type', /initialize/))
  assert.throws(() => new Pool(new Module('(module)'), { initialize: 'no' }), kind('type', /initialize/))
  assert.throws(() => new Engine({ stackBytes: 'x' }), kind('type'))
  assert.throws(() => new Store({ engine: {} }), kind('type'))
  assert.throws(() => new Func({}, {}, () => 1), kind('type', /Store/))
  const store = new Store()
  assert.throws(() => new Func(store, { params: ['i33'] }, () => 1), kind('type', /i33/))
  assert.throws(() => new Func(store, { params: 'i32' }, () => 1), kind('type'))
  assert.throws(() => new Func(store, { params: [1] }, () => 1), kind('type'))
  assert.throws(() => new Func(store, {}, 1), kind('type'))
})

test('sources that are no module', () => {
  for (const bad of [undefined, null, 5, {}, [], () => 1]) assert.throws(() => load(bad), kind('type'))
  assert.throws(() => load('/no/such/file.wasm'), kind('io'))
  assert.throws(() => load('nul\0byte'), kind('io'))
  assert.throws(() => load(new URL('https://example.org/calc.wasm')), kind('io', /only file: URLs/))
  assert.throws(() => load('(module'), kind('compile'))
  assert.throws(() => load(new Uint8Array([0, 97, 115, 109])), kind('compile'))
  assert.throws(() => load(new Uint8Array()), kind('compile'))
  assert.throws(() => Module.fromText(5), kind('type'))
  assert.throws(() => Module.fromFile(5), kind('type'))
  assert.throws(() => load(CALC, { cache: true }), kind('type', /no option/))
})

test('a module from each sort of source', () => {
  const bytes = Buffer.from('(module (func (export "f") (result i32) (i32.const 7)))')
  const copy = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length)
  const shared = new SharedArrayBuffer(bytes.length)
  new Uint8Array(shared).set(bytes)
  for (const source of [bytes, copy, shared, new DataView(copy), `\n ${bytes}`, `;; text\n${bytes}`]) {
    assert.equal(load(source).instantiate().exports.f(), 7)
  }
  assert.equal(new Module(`${bytes}`).instantiate().exports.f(), 7)
})

test('a module tells what it asks for and gives', () => {
  const module = load(CALC)
  assert.equal(module.name, 'calc')
  assert.equal(load('(module)').name, undefined)
  assert.deepEqual(module.imports.map(({ module, name, type }) => [module, name, `${type}`]), [['env', 'host', 'func (i32) -> (i32)']])
  const types = Object.fromEntries(module.exports.map(({ name, type }) => [name, `${type}`]))
  assert.equal(types.memory, 'memory 1 4')
  assert.equal(types.table, 'table 4 funcref')
  assert.equal(types.count, 'global (mut i32)')
  assert.ok(Object.isFrozen(module.exports) && Object.isFrozen(module.imports[0].type.params))
})

test('a name does not steer the terminal that it is shown on', () => {
  const name = '\\1b]0;title\\07\\c2\\9b31m'
  const long = 'x'.repeat(90_000)
  const { exports } = load(`(module (func (export "${name}")) (func (export "${long}")))`).instantiate()
  const [evil, wide] = Object.values(exports)
  for (const shown of [inspect(evil), String(evil), inspect(wide), inspect(Object.values(exports))]) {
    assert.doesNotMatch(shown, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
    assert.ok(shown.length < 1000)
  }
})
