// Odd values: what programs seldom give on purpose. Each crosses as what it is, or is told before anything is entered.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import test from 'node:test'
import { setImmediate } from 'node:timers/promises'
import vm from 'node:vm'
import { load } from 'landbridge'
import { collected, kind } from './guests.mjs'
import { GUESTS, moduleOf, office, open, PEN } from './shop.mjs'

/** The types that a component of WAT exports, by their names. */
const typesOf = (text) => Object.fromEntries(load(Buffer.from(text)).world.exports.map(({ name, type }) => [name, type]))

test('fields may have names that every object has', () => {
  const { r, m } = typesOf(`(component
    (type $r' (record (field "x" u8) (field "constructor" (option string)) (field "to-string" (option u32)) (field "then" (option u8))))
    (export $r "r" (type $r'))
    (type $m' (record (field "value-of" string)))
    (export $m "m" (type $m')))`)
  for (const it of [{ x: 1 }, new (class { x = 1 })(), Object.assign(Object.create(null), { x: 1 })]) assert.equal(r.format(it), '{x: 1}')
  assert.equal(r.format({ x: 1, constructor: 'a', toString: 5, then: 3 }), '{x: 1, constructor: some("a"), to-string: some(5), then: some(3)}')
  assert.equal(r.format({ x: 1, 'to-string': 5, y: undefined }), '{x: 1, to-string: some(5)}')
  assert.deepEqual(Object.keys(r.parse('{x: 1}')), ['x', 'constructor', 'toString', 'then'])
  assert.throws(() => m.format({}), kind('type', /^value: field "value-of" of m is missing/))
})

test('names are strings, and what holds none in an order that is known is told', () => {
  const { v, f } = typesOf(`(component
    (type $v' (variant (case "constructor") (case "to-string" u8))) (export $v "v" (type $v'))
    (type $f' (flags "constructor" "to-string")) (export $f "f" (type $f')))`)
  assert.equal(v.format({ tag: 'toString', val: 4 }), 'to-string(4)')
  assert.throws(() => v.format({ tag: '__proto__' }), kind('type', /has no case "__proto__"/))
  for (const tag of [Symbol('x'), new String('constructor'), Object.create(null), 1n]) {
    assert.throws(() => v.format({ tag }), kind('type', /^value: expected v, got an object whose tag is (symbol|object|bigint)/))
    assert.throws(() => f.format([tag]), kind('type', /^value: expected the name of a flag, got (symbol|object|bigint)/))
  }
  assert.equal(f.format({}), '{}')
  for (const it of [new Map([['constructor', true]]), new Set(['constructor']).values(), new Uint8Array(1)]) {
    assert.throws(() => f.format(it), kind('type', /^value: expected f, got what is neither an array, a Set nor an object of booleans/))
  }
})

test('an array that says an odd length is told, and the component lives', () => {
  const { echo } = open(GUESTS[0]).exports
  for (const length of [1.5, -1, NaN, 2 ** 32 + 1, Infinity, '1', 1n, {}, undefined, true]) {
    const odd = (array) => new Proxy(array, { get: (target, key) => (key === 'length' ? length : target[key]) })
    assert.throws(() => echo.echoStrings(odd(['a', 'b'])), kind('type', /^args\[0\]: expected list<string>, got an array without a length/))
    assert.throws(() => echo.echoBytes(odd([1, 2])), kind('type', /^args\[0\]: expected list<u8>, got an array without a length/))
  }
  const growing = ['a', 'b']
  Object.defineProperty(growing, 0, { get: () => (growing.push('c'), 'z') })
  assert.deepEqual(echo.echoStrings(growing), ['z', 'b'])
})

test('a typed array is what it is, whatever its class says', () => {
  const { echo } = open(GUESTS[0]).exports
  class Odd extends Uint8Array {
    get buffer() { throw new Error('never asked') }
    get byteOffset() { return 1e9 }
    get length() { return 1e9 }
  }
  assert.deepEqual(echo.echoBytes(new Odd([1, 2])), Uint8Array.of(1, 2))
  assert.deepEqual(echo.echoBytes(new Odd(4000).fill(1)), new Uint8Array(4000).fill(1))
  assert.deepEqual(echo.echoBytes(Object.defineProperty(Uint8Array.of(3), 'buffer', { value: 5 })), Uint8Array.of(3))
})

test('a number where a bigint is needed is told how to write it, and the other way round', () => {
  const { echo } = open(GUESTS[0]).exports
  assert.throws(() => echo.echoU64(5), kind('type', /expected u64, got number \(a bigint is needed, such as 5n\)/))
  for (const call of [echo.echoU8, echo.echoF64]) assert.throws(() => call(5n), kind('type', /got bigint \(a number is needed, such as 5\)/))
})

for (const how of ['detaches', 'shrinks']) {
  test(`a destructor that waits runs first, and ${how} what is given`, async () => {
    let [buffer, gone] = [undefined, 0]
    const { imports } = office()
    imports.office.log = (_, text) => {
      if (!text.endsWith('is gone')) return
      gone += 1
      if (how === 'shrinks') buffer?.resize(1024)
      else if (buffer) structuredClone(buffer, { transfer: [buffer] })
      globalThis.gc()
    }
    const { echo, orders } = moduleOf(GUESTS[0]).instantiate({ imports }).exports
    const length = 16 << 20
    const make = () => { for (let i = 0; i < 20; i++) new orders.Basket(`${i}`) }
    const tried = () => {
      buffer = how === 'shrinks' ? new ArrayBuffer(length, { maxByteLength: length }) : new ArrayBuffer(length)
      const before = gone
      const found = echo.echoBytes(new Uint8Array(buffer).fill(7))
      buffer = undefined
      if (gone === before) return false
      assert.deepEqual(found, how === 'shrinks' ? new Uint8Array(1024).fill(7) : new Uint8Array(0))
      return true
    }
    make()
    assert.ok(await collected(tried))
  })
}

test('a getter that closes what is called is told', () => {
  const { instance, exports: { echo } } = open(GUESTS[0])
  assert.throws(() => echo.echoProduct({ ...PEN, get name() { instance.close(); return 'x' } }), kind('closed'))
})

test('calls that node:vm ends while their arguments are read hold nothing for long', async () => {
  const { enter, leave } = createRequire(import.meta.url)('../lib/wit/lane.js')
  const { exports: { echo } } = open(GUESTS[0])
  const run = () => vm.runInNewContext('call({ ...pen, get name() { for (;;); } })', { call: echo.echoProduct, pen: PEN }, { timeout: 5 })
  for (let i = 0; i < 20; i++) assert.throws(run, { code: 'ERR_SCRIPT_EXECUTION_TIMEOUT' })
  await setImmediate()
  const lane = enter()
  leave(lane)
  assert.equal(lane.index, 0)
  assert.deepEqual(echo.echoProduct(PEN).name, PEN.name)
})
