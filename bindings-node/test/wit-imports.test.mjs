// What programs lend to components: objects, classes, modules, and what they throw.
import assert from 'node:assert/strict'
import test from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { context, load, LinkError, Pool, Store, WitError } from 'landbridge'
import { kind } from './guests.mjs'
import { GUESTS, moduleOf, office, open, PEN } from './shop.mjs'

const [guest] = GUESTS
const module = moduleOf(guest)
const order = (code) => ({ id: 1n, to: { name: 'a', street: '', town: '' }, lines: [{ product: PEN, count: 10 }], discount: { tag: 'codes', val: [code] } })

test('an interface is lent under its full name, without a version, with another one and in short', () => {
  for (const name of ['demo:shop/office@1.2.0', 'demo:shop/office@1.2', 'demo:shop/office@1.3.4', 'demo:shop/office', 'office']) {
    const { imports: { currency, office: own } } = office()
    assert.equal(module.instantiate({ imports: { currency, [name]: own } }).exports.greet('Ada'), 'Hello, Ada!', name)
  }
  const { imports: { currency, office: own } } = office()
  assert.throws(() => module.instantiate({ imports: { currency, 'demo:shop/office@2.0.0': own } }), LinkError)
  // The nearest name wins.
  const shop = module.instantiate({ imports: { currency, 'demo:shop/office@1.2.0': own, office: { log() { throw new Error('not this one') } } } })
  assert.equal(shop.exports.greet('Ada'), 'Hello, Ada!')
})

test('an object of a class, with getters and methods of its prototype, is as good as a plain one', () => {
  const { Journal } = office()
  class Office {
    #logged = []
    get Journal() { return Journal }
    log(level, text) { this.#logged.push(text) }
    worth() { return 100n }
    reserve() { return 0 }
    close({ lines }) { return lines }
    title({ title }) { return title }
    get logged() { return this.#logged }
  }
  const own = new Office()
  const { exports } = module.instantiate({ imports: { currency: () => 'EUR', office: own } })
  exports.greet('Ada')
  assert.deepEqual(own.logged, ['greet Ada'])
  assert.equal(exports.orders.total(order('X')), 1100n)
})

test('names of WIT are taken, too', () => {
  const { imports: { office: own } } = office()
  const { exports } = module.instantiate({ imports: { currency: () => 'EUR', office: { ...own, journal: own.Journal, Journal: undefined } } })
  assert.equal(exports.orders.open('Log', []).title, 'Log')
})

test('what is missing is listed with its type, all of it', () => {
  const { imports: { office: own } } = office()
  const { log, worth, ...less } = own
  void [log, worth]
  assert.throws(() => module.instantiate({ imports: { office: { ...less, worht: worth } } }), (error) => {
    assert.ok(error instanceof LinkError)
    assert.match(error.message, /^3 imports are missing:\n/)
    for (const line of ['office@1.2.0#log: func(level: level, text: string)', 'office@1.2.0#worth: func(code: string) -> result<u64, string>', 'currency: func() -> string', 'worht']) {
      assert.ok(error.message.includes(line), `${error.message} lacks ${line}`)
    }
    return true
  })
  class Empty {}
  assert.throws(() => module.instantiate({ imports: { currency: () => 'EUR', office: { ...own, Journal: Empty } } }), /\[method\]journal\.write.*[^]*\[static\]journal\.find/)
  assert.throws(() => module.instantiate(), /10 imports are missing/)
  assert.throws(() => module.instantiate({ imports: { currency: 5, office: own } }), kind('type', /currency: expected a function, got number/))
  assert.throws(() => module.instantiate({ imports: { currency: () => '', office: 5 } }), kind('type', /imports\..*office.*: expected an object, got number/))
  assert.throws(() => module.instantiate({ imports: 5 }), kind('type', /imports: expected an object/))
})

test('a WitError is the err of the result', () => {
  const shop = open(guest)
  assert.throws(() => shop.orders.total(order('GONE')), (error) => {
    assert.ok(error instanceof WitError)
    assert.deepEqual([error.kind, error.payload, error.name, error instanceof Error], ['wit', { tag: 'unknown-code', val: 'GONE' }, 'WitError', true])
    return true
  })
  assert.equal(shop.orders.total(order('WELCOME')), 700n)
  assert.equal(new WitError('sold out').message, 'sold out')
  assert.equal(new WitError({ tag: 'empty' }).message, "err of { tag: 'empty' }")
  assert.equal(new WitError(undefined, { message: 'why' }).message, 'why')
})

test('all else that is thrown comes out as it is', () => {
  for (const thrown of [new TypeError('mine'), 'text', 5, null, undefined, Symbol('s'), { some: 'object' }]) {
    const { imports } = office()
    imports.office.worth = () => { throw thrown }
    const { exports } = module.instantiate({ imports })
    try {
      exports.orders.total(order('X'))
      assert.fail('it went well')
    } catch (error) {
      assert.equal(error, thrown)
    }
    assert.throws(() => exports.price(1n), kind('poisoned'))
  }
})

test('what does not fit is told with the name of the function', () => {
  const wrong = [
    ['worth', () => 5, 'type', /^result of demo:shop\/office@1\.2\.0#worth\.ok: expected u64, got number/],
    ['worth', () => { throw new WitError(5) }, 'type', /^result of demo:shop\/office@1\.2\.0#worth\.err: expected string, got number/],
    ['worth', () => undefined, 'type', /^result of demo:shop\/office@1\.2\.0#worth\.ok: expected u64, got undefined/],
    ['log', () => 5, 'type', /^result of demo:shop\/office@1\.2\.0#log: expected nothing, got number/],
    ['worth', async () => 5n, 'type', /results of demo:shop\/office@1\.2\.0#worth: expected .*, got a Promise/],
  ]
  for (const [name, func, sort, message] of wrong) {
    const { imports } = office()
    imports.office[name] = func
    const { exports } = module.instantiate({ imports })
    assert.throws(() => (name === 'log' ? exports.greet('Ada') : exports.orders.total(order('X'))), kind(sort, message))
  }
})

test('a host function may be asynchronous in an asynchronous call', async () => {
  const { imports, Journal } = office()
  let turns = 0
  const asked = []
  imports.office.worth = async (code) => {
    asked.push(context.name)
    await turn()
    turns++
    if (code === 'GONE') throw new WitError('gone')
    if (code === 'BAD') throw new RangeError('bad')
    return 250n
  }
  imports.office.Journal = class extends Journal {
    static async find(title) {
      await turn()
      return new this(`${title}!`)
    }
  }
  const { exports: { orders } } = module.instantiate({ imports })
  assert.deepEqual(await Promise.all(['A', 'B', 'C'].map((code) => orders.total.async(order(code)))), [950n, 950n, 950n])
  assert.deepEqual([turns, asked[0]], [3, 'demo:shop/office@1.2.0#worth'])
  const found = await orders.lookUp.async('Log')
  assert.ok(found instanceof Journal)
  assert.equal(found.title, 'Log!')
  await assert.rejects(orders.total.async(order('GONE')), (error) => error instanceof WitError && error.payload.tag === 'unknown-code')
  await assert.rejects(orders.total.async(order('BAD')), (error) => error instanceof RangeError && error.message === 'bad')
})

test('a host function may call the component that called it only when that has returned', () => {
  const { imports } = office()
  let error
  imports.office.log = () => { try { shop.exports.price(1n) } catch (thrown) { error = thrown } }
  const shop = module.instantiate({ imports })
  assert.equal(shop.exports.greet('Ada'), 'Hello, Ada!')
  assert.equal(error?.kind, 'busy')
  const other = open(guest)
  const { imports: again } = office()
  again.office.log = (level, text) => { other.exports.greet(text.repeat(3000)) }
  assert.equal(module.instantiate({ imports: again }).exports.greet('Bob'), 'Hello, Bob!')
  assert.equal(other.logged()[0].length, 'info: greet '.length + 9 * 3000)
})

test('an asynchronous call can be aborted, and its deadline holds', async () => {
  const { imports } = office()
  imports.office.worth = () => new Promise(() => {})
  const { exports: { orders } } = module.instantiate({ imports })
  const abort = new AbortController()
  const call = orders.total.async(order('X'), { signal: abort.signal })
  await turn()
  abort.abort(new Error('enough'))
  await assert.rejects(call, /enough/)
  const late = module.instantiate({ imports, limits: { timeoutMs: 20 } })
  await assert.rejects(late.exports.orders.total.async(order('X')), kind('timeout'))
})

test('a pool lends to all of its instances', async () => {
  const { imports, logged } = office()
  const pool = new Pool(module, { max: 2, imports })
  assert.equal(pool.call('greet', 'Ada'), 'Hello, Ada!')
  assert.deepEqual(await Promise.all(['A', 'B', 'C', 'D'].map((name) => pool.callAsync('greet', name))), ['Hello, A!', 'Hello, B!', 'Hello, C!', 'Hello, D!'])
  const instance = pool.get()
  const basket = new instance.exports.orders.Basket('Ada')
  basket.add(PEN, 2)
  assert.equal(basket.total(), 240n)
  instance.close()
  assert.equal(basket.closed, true)
  assert.throws(() => basket.total(), kind('closed'))
  await assert.rejects(pool.callAsync('price', 5), kind('type', /^args\[0\]: expected u64, got number/))
  await assert.rejects(pool.callAsync('price'), kind('type', /^price takes 1 argument, got 0/))
  await assert.rejects(pool.callAsync('prize', 5n), kind('not_found', /did you mean/))
  assert.ok(logged().includes('info: greet D'))
  pool.close()
})

test('instances of one store lend to each other, and so do functions of another one', () => {
  const wat = (name) => load(new URL(`../../conformance/modules/${name}.wat`, import.meta.url))
  const lend = (store, of) => wat('things').instantiate({ store, imports: { 'demo:app/things': of } })
  const store = new Store()
  const maker = wat('maker').instantiate({ store })
  for (const of of [maker, maker.exports.things, maker.exports]) {
    const { exports } = lend(store, of)
    const thing = new maker.exports.things.Thing(7)
    assert.equal(exports.forward(thing), 7)
    exports.hold(thing)
    const back = exports.return()
    assert.ok(back instanceof maker.exports.things.Thing)
    assert.equal(back.get(), 7)
  }
  // In another store they are objects of the program's, and its functions JavaScript.
  const { exports } = lend(new Store(), maker.exports.things)
  const thing = new maker.exports.things.Thing(8)
  assert.equal(exports.forward(thing), 8)
  exports.hold(thing)
  assert.equal(exports.return(), thing)
  assert.throws(() => lend(new Store(), maker), kind('wrong_store'))
})
