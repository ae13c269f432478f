// Values of WIT as JavaScript's own: what is taken, what comes out, and what is refused.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import test from 'node:test'
import { inspect } from 'node:util'
import { load, WasmError, WasmTypeError, WitFunc, WitType } from 'landbridge'
import { kind } from './guests.mjs'
import { GUESTS, moduleOf, open, PEN } from './shop.mjs'

const shop = open(GUESTS[0])
const { echo, orders } = shop.exports

test('values come out as what they are', () => {
  assert.deepStrictEqual(echo.echoProduct(PEN), PEN)
  assert.deepStrictEqual(echo.echoDiscount({ tag: 'full-price' }), { tag: 'full-price' })
  assert.deepStrictEqual(echo.echoDiscount({ tag: 'cents', val: 5n }), { tag: 'cents', val: 5n })
  assert.deepStrictEqual(echo.echoTuple([255, 'x', 0.25]), [255, 'x', 0.25])
  assert.deepStrictEqual(echo.echoNumbers([-1], [-2], [3], [-4], [5], [-6n], [7n], [0.5]), [
    Int8Array.of(-1), Int16Array.of(-2), Uint16Array.of(3), Int32Array.of(-4), Uint32Array.of(5), BigInt64Array.of(-6n), BigUint64Array.of(7n), Float32Array.of(0.5),
  ])
  assert.deepStrictEqual(echo.echoOutcomes([{ tag: 'ok', val: 1 }, { tag: 'err', val: 'two' }]), [{ tag: 'ok', val: 1 }, { tag: 'err', val: 'two' }])
  assert.deepStrictEqual([undefined, { tag: 'some', val: undefined }, { tag: 'some', val: 7 }].map((it) => echo.echoNested(it)), [undefined, { tag: 'some', val: undefined }, { tag: 'some', val: 7 }])
})

test('a lane grows in the middle of whatever is written', () => {
  const count = 20_000
  const options = Array.from({ length: count }, (_, i) => (i % 3 ? i : undefined))
  assert.deepStrictEqual(echo.echoOptions(options), options)
  const pairs = Array.from({ length: count }, (_, i) => [`${i}`, i])
  assert.deepStrictEqual(echo.echoPairs(pairs), pairs)
  const lists = Array.from({ length: count }, (_, i) => Array.from({ length: i % 4 }, String))
  assert.deepStrictEqual(echo.echoLists(lists), lists)
  for (const each of [true, false]) assert.deepStrictEqual(echo.echoBools(new Array(count).fill(each)), new Array(count).fill(each))
  const chars = Array.from({ length: count }, (_, i) => String.fromCodePoint(0x1f600 + (i % 50)))
  assert.deepStrictEqual(echo.echoChars(chars), chars)
  const lines = Array.from({ length: 3000 }, (_, i) => ({ product: PEN, count: i }))
  assert.deepStrictEqual(echo.echoOrder({ id: 1n, to: { name: 'a', street: 'b', town: 'c' }, lines, discount: { tag: 'percent', val: 1.5 }, card: { tag: 'some', val: 'x' } }).lines, lines)
})

test('what else is taken', () => {
  const { replacedBy, ...less } = PEN
  const same = (given) => assert.deepStrictEqual(echo.echoProduct(given), PEN)
  void replacedBy
  same(less)
  same({ ...PEN, replacedBy: null })
  same({ ...less, 'replaced-by': undefined })
  same({ ...PEN, marks: ['sharp'] })
  same({ ...PEN, marks: new Set(['sharp']) })
  same({ ...PEN, marks: { sharp: true } })
  same(Object.assign(Object.create(null), PEN))
  same(new (class Product { constructor() { Object.assign(this, PEN, { ownThings: 1 }) } })())
  assert.equal(echo.echoProduct({ ...PEN, 'replaced-by': 'Q', replacedBy: undefined }).replacedBy, 'Q')
  assert.equal(echo.echoProduct({ ...PEN, marks: { 'adults-only': true } }).marks.adultsOnly, true)
  assert.deepStrictEqual(echo.echoDiscount('full-price'), { tag: 'full-price' })
  assert.deepStrictEqual(echo.echoDiscount('fullPrice'), { tag: 'full-price' })
  assert.deepStrictEqual(echo.echoNested({ tag: 'none' }), undefined)
  assert.deepStrictEqual(echo.echoNested(null), undefined)
  assert.deepStrictEqual(echo.echoBytes(Buffer.from('ab')), Uint8Array.of(97, 98))
  assert.deepStrictEqual(echo.echoBytes(new Uint8ClampedArray([1, 2])), Uint8Array.of(1, 2))
  assert.deepStrictEqual(echo.echoBytes(new Uint16Array([1, 255])), Uint8Array.of(1, 255))
  assert.deepStrictEqual(echo.echoBytes(new Uint8Array(new SharedArrayBuffer(2000)).fill(3)), new Uint8Array(2000).fill(3))
  assert.deepStrictEqual(echo.echoBytes(new Uint8Array([0, 1, 2, 3]).subarray(1, 3)), Uint8Array.of(1, 2))
  assert.deepStrictEqual(echo.echoStrings(Object.freeze(['a'])), ['a'])
  assert.equal(echo.echoU32(-0), 0)
  assert.ok(Object.is(echo.echoF64(-0), -0))
  assert.equal(echo.echoF32(0.1), Math.fround(0.1))
})

test('what is refused is told with its place, and nothing has run', () => {
  const wrong = [
    [() => echo.echoU8(256), 'range', 'args[0]: 256 does not fit in u8'],
    [() => echo.echoU8(1.5), 'type', 'args[0]: expected u8, got 1.5'],
    [() => echo.echoU8(NaN), 'type', 'args[0]: expected u8, got NaN'],
    [() => echo.echoU8(5n), 'type', 'args[0]: expected u8, got bigint'],
    [() => echo.echoU8('5'), 'type', 'args[0]: expected u8, got string'],
    [() => echo.echoU8(new Number(5)), 'type', 'args[0]: expected u8, got object'],
    [() => echo.echoU64(5), 'type', 'args[0]: expected u64, got number (a bigint is needed, such as 5n)'],
    [() => echo.echoDiscount({ percent: 5 }), 'type', "args[0]: expected discount as { tag: 'full-price', ... }, got object"],
    [() => echo.echoU64(-1n), 'range', 'args[0]: -1 does not fit in u64'],
    [() => echo.echoS64(2n ** 63n), 'range', 'args[0]: 9223372036854775808 does not fit in s64'],
    [() => echo.echoBool(1), 'type', 'args[0]: expected bool, got number'],
    [() => echo.echoChar('ab'), 'type', 'args[0]: expected char, got '],
    [() => echo.echoChar(''), 'type', 'args[0]: expected char, got '],
    [() => echo.echoChar('\ud800'), 'type', 'args[0]: the text has a surrogate alone, which is no character'],
    [() => echo.echoString(undefined), 'type', 'args[0]: expected string, got undefined'],
    [() => echo.echoStrings(['a', '\udc00b']), 'type', 'args[0][1]: the text has a surrogate alone'],
    [() => echo.echoStrings(['x'.repeat(70_000), `${'é'.repeat(70_000)}\ud800`]), 'type', 'args[0][1]: the text has a surrogate alone'],
    [() => echo.echoStrings('abc'), 'type', 'args[0]: expected list<string>, got string'],
    [() => echo.echoStrings({ length: 1, 0: 'a' }), 'type', 'args[0]: expected list<string>, got object'],
    [() => echo.echoBytes([1, 256]), 'range', 'args[0][1]: 256 does not fit in u8'],
    [() => echo.echoBytes(Array.from({ length: 5000 }, (_, i) => (i === 4999 ? -1 : 0))), 'range', 'args[0][4999]: -1 does not fit in u8'],
    [() => echo.echoProduct({ ...PEN, marks: { sharps: true } }), 'type', 'args[0].marks: marks has no flag "sharps"; did you mean "sharp"?'],
    [() => echo.echoProduct({ ...PEN, marks: { sharp: 1 } }), 'type', 'args[0].marks.sharp: expected bool, got number'],
    [() => echo.echoProduct({ ...PEN, unit: 'pieces' }), 'type', 'args[0].unit: unit has no case "pieces"; did you mean "piece"?'],
    [() => echo.echoProduct({ ...PEN, place: [1] }), 'type', 'args[0].place: expected a tuple of 2, got a tuple of 1'],
    [() => echo.echoProduct({ ...PEN, place: [1, 2] }), 'type', 'args[0].place.1: expected char, got number'],
    [() => echo.echoProduct({ ...PEN, price: undefined }), 'type', 'args[0]: field "price" of product is missing'],
    [() => echo.echoProduct({ ...PEN, prise: 5n }), 'type', 'args[0]: product has no field "prise"; did you mean "price"?'],
    [() => echo.echoProducts([PEN, { ...PEN, replacedBy: 5 }]), 'type', 'args[0][1].replaced-by: expected string, got number'],
    [() => echo.echoDiscount({ tag: 'percent' }), 'type', 'args[0].percent: expected f64, got undefined'],
    [() => echo.echoDiscount({ tag: 'full-price', val: 1 }), 'type', 'args[0].full-price: expected nothing, got number'],
    [() => echo.echoDiscount({ tag: 'codes', val: ['a', 1] }), 'type', 'args[0].codes[1]: expected string, got number'],
    [() => echo.echoNested(5), 'type', 'args[0]: expected option<option<u8>>'],
    [() => echo.echoResult({ tag: 'okay', val: 1 }), 'type', 'args[0]: result<u32, string> has no case "okay"; there is ok, err'],
  ]
  const before = shop.instance.store.usage().fuelUsed
  for (const [what, sort, message] of wrong) {
    assert.throws(what, (error) => {
      assert.ok(error instanceof WasmError, error.stack)
      assert.deepEqual([error.kind, error.message.slice(0, message.length)], [sort, message])
      return true
    })
  }
  assert.equal(shop.instance.store.usage().fuelUsed, before)
  assert.throws(() => echo.echoU8('x'), (error) => error instanceof TypeError && error instanceof WasmTypeError)
})

test('a getter that throws comes out as it is, and one that calls is at no disadvantage', () => {
  const own = new Error('mine')
  assert.throws(() => echo.echoProduct({ ...PEN, get name() { throw own } }), (error) => error === own)
  const nested = { ...PEN, get name() { return echo.echoString('inner'.repeat(1000)) } }
  assert.equal(echo.echoProduct(nested).name, 'inner'.repeat(1000))
  const deep = (n) => (n === 0 ? 'end' : echo.echoProduct({ ...PEN, get name() { return deep(n - 1) } }).name)
  assert.equal(deep(20), 'end')
  // What an array says when it is asked again is not asked again.
  let asked = 0
  const once = new Proxy(['a'], { get: (target, key) => (key === '0' ? `${asked++}` : target[key]) })
  assert.deepEqual(echo.echoStrings(once), ['0'])
  const detached = new Uint8Array(4000)
  assert.deepEqual(echo.echoNumbers([], [], [], [], [], [], [], []).length, 8)
  structuredClone(detached, { transfer: [detached.buffer] })
  assert.deepEqual(echo.echoBytes(detached), new Uint8Array(0))
})

test('prototypes that a program has changed change nothing', () => {
  Object.defineProperty(Array.prototype, 0, { configurable: true, set() { throw new Error('a setter') } })
  Object.defineProperty(Object.prototype, 'tag', { configurable: true, set() { throw new Error('a setter') } })
  try {
    assert.deepEqual(echo.echoDiscount({ ['tag']: 'cents', val: 5n }).val, 5n)
    assert.equal(echo.echoStrings(['a']).length, 1)
  } finally {
    delete Array.prototype[0]
    delete Object.prototype.tag
  }
})

test('a program that may not make code of texts has the same values', () => {
  const code = `import assert from 'node:assert'
    import { GUESTS, open, PEN } from ${JSON.stringify(new URL('shop.mjs', import.meta.url).href)}
    assert.throws(() => new Function('return 1'), EvalError)
    assert.deepStrictEqual(open(GUESTS[0]).exports.echo.echoProduct(PEN), PEN)
    console.log('the same')`
  const { stdout, stderr } = spawnSync(process.execPath, ['--disallow-code-generation-from-strings', '--input-type=module', '-e', code], { encoding: 'utf8', cwd: new URL('.', import.meta.url) })
  assert.equal(stdout, 'the same\n', stderr)
})

test('functions say what they are', () => {
  const { echoProduct } = echo
  assert.ok(echoProduct instanceof WitFunc && echoProduct instanceof Function)
  assert.deepEqual([echoProduct.name, echoProduct.length, String(echoProduct.type), echoProduct.witName], ['echoProduct', 1, 'func(it: product) -> product', 'demo:shop/echo@1.2.0#echo-product'])
  assert.equal(inspect(echoProduct), '<WitFunc echo-product: func(it: product) -> product>')
  const { params: [{ name, type }], result } = echoProduct.type
  assert.deepEqual([name, type === result, type.sort, type.name, type.fields.map((it) => it.name).slice(0, 3)], ['it', true, 'record', 'product', ['sku', 'name', 'unit']])
  assert.ok(type instanceof WitType)
  assert.deepEqual(type.parse(type.format(PEN)), PEN)
  assert.throws(() => type.parse('{sku: 5}'), kind('type'))
  assert.throws(() => type.format({}), kind('type', /^value: field "sku" of product is missing/))
  assert.throws(() => new WitFunc(), kind('type'))
  assert.throws(() => new WitType(), kind('type'))
  assert.throws(() => { echoProduct.type = 5 }, kind('type', /cannot be assigned/))
})

test('names are those of JavaScript and those of WIT', () => {
  const { exports, module } = shop.instance
  assert.equal(exports['demo:shop/echo@1.2.0'], echo)
  assert.equal(exports['demo:shop/echo@1.2'], echo)
  assert.equal(exports['demo:shop/echo'], echo)
  assert.equal(echo['echo-u8'], echo.echoU8)
  assert.equal(exports['give-up'], exports.giveUp)
  assert.equal(orders.basket, orders.Basket)
  assert.deepEqual([exports.nothing, echo.echoU9, exports.then, 'greet' in exports, 'give-up' in exports, 'x' in exports], [undefined, undefined, undefined, true, true, false])
  assert.deepEqual(Object.keys(exports), ['greet', 'price', 'giveUp', 'orders', 'echo'].sort((a, b) => Object.keys(exports).indexOf(a) - Object.keys(exports).indexOf(b)))
  assert.equal(shop.instance.witFunc('orders#total'), shop.instance.witFunc('demo:shop/orders@1.2.0#total'))
  assert.equal(shop.instance.call('price', 5n), '0.05 EUR')
  assert.throws(() => shop.instance.witFunc('order#total'), kind('not_found', /orders/))
  assert.throws(() => shop.instance.func('price'), kind('unsupported'))
  assert.throws(() => { exports.greet = 5 }, TypeError)
  const names = module.world.exports.map(({ sort, name }) => `${sort} ${name}`)
  assert.ok(names.includes('interface demo:shop/orders@1.2.0') && names.includes('function greet'))
  assert.equal(moduleOf(GUESTS[0]).world, module.world)
  assert.equal(load('(module)').world, undefined)
})

test('the number of arguments is checked, and options at the end may be left out', () => {
  assert.throws(() => shop.exports.price(), kind('type', /^price takes 1 argument, got 0: it is func\(cents: u64\) -> string$/))
  assert.throws(() => shop.exports.price(1n, 2n), kind('type', /^price takes 1 argument, got 2/))
  assert.throws(() => echo.nothing(1), kind('type', /takes 0 arguments, got 1/))
  assert.equal(echo.nothing(), undefined)
  assert.equal(echo.echoOption(), undefined)
  assert.equal(echo.echoOption.length, 0)
})
