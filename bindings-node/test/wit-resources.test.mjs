// Resources, and all that can be done wrong with them: each is an ordinary error.
import assert from 'node:assert/strict'
import test from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { inspect } from 'node:util'
import { load, Store, WitResource } from 'landbridge'
import { collected, kind, until } from './guests.mjs'

const things = load(new URL('../../conformance/modules/things.wat', import.meta.url))

class Thing {
  constructor(n) { this.n = n }
  get() { return this.n }
}

/** An instance with its host: what it was given and lent is kept. */
function open(options, more) {
  const kept = []
  const keep = (it) => { kept.push(it) }
  const instance = things.instantiate({ imports: { 'demo:app/things': { Thing, eat: keep, keep, ...more } }, ...options })
  return { instance, exports: instance.exports, kept }
}

const gone = /the resource was closed or given away, or it is of another store/

test('a resource is an object of a class', () => {
  const { Mine } = open().exports
  const [mine, other] = [new Mine(7), Mine(8)]
  assert.ok(mine instanceof Mine && other instanceof Mine && mine instanceof WitResource)
  assert.deepEqual([mine.rep(), other.rep(), Mine.name, mine.constructor], [7, 8, 'Mine', Mine])
  assert.match(inspect(mine), /^<Mine \d+>$/)
  class Own extends Mine {
    twice() { return 2 * this.rep() }
  }
  assert.equal(new Own(4).twice(), 8)
  assert.throws(() => new WitResource(), kind('type', /only components make resources/))
})

test('what is closed is closed', () => {
  const { exports } = open()
  const mine = new exports.Mine(5)
  assert.equal(mine.closed, false)
  mine.close()
  mine.close()
  mine[Symbol.dispose]()
  assert.deepEqual([mine.closed, exports.dropped()], [true, 5])
  assert.throws(() => mine.rep(), kind('closed', gone))
  assert.throws(() => exports.eatMine(mine), kind('closed', gone))
})

test('what is given away is gone', () => {
  const { exports } = open()
  const mine = new exports.Mine(6)
  exports.eatMine(mine)
  assert.equal(mine.closed, true)
  assert.throws(() => exports.eatMine(mine), kind('closed', gone))
  mine.close()
})

test('a resource of another store is told', () => {
  const [one, other] = [open(), open()]
  const mine = new one.exports.Mine(1)
  assert.throws(() => other.exports.eatMine(mine), kind('wrong_store', /^args\[0\]: the resource belongs to another store; objects of different stores cannot be used together$/))
  assert.throws(() => other.exports.Mine.prototype.rep.call(mine), kind('wrong_store'))
  assert.equal(mine.rep(), 1)
})

test('a resource of another instance of one store is told', () => {
  const store = new Store()
  const [one, other] = [open({ store }), open({ store })]
  const mine = new one.exports.Mine(1)
  assert.throws(() => other.exports.eatMine(mine), kind('type', /^args\[0\]/))
  assert.equal(mine.rep(), 1)
})

test('what is no such resource is told', () => {
  const { exports } = open()
  const mine = new exports.Mine(1)
  assert.throws(() => exports.forward(mine), kind('type', /^args\[0\]: the resource is of another type/))
  assert.throws(() => exports.eatMine(new Thing(1)), kind('type', /^args\[0\]: the resource is of a component, and an object of the host cannot stand for it/))
  for (const value of [undefined, null, 5, 'x', true, 5n, Symbol('x')]) assert.throws(() => exports.eatMine(value), kind('type', /^args\[0\]: expected mine, got /))
  assert.throws(() => exports.Mine.prototype.rep.call({}), kind('type', /^args\[0\]/))
  assert.throws(() => exports.Mine.prototype.close.call({}), kind('type', /resource: expected a resource of a component, got object/))
  assert.throws(() => Object.create(mine).rep(), kind('type'))
  assert.throws(() => new Proxy(mine, {}).rep(), kind('type'))
  assert.equal(mine.rep(), 1)
})

test('a host object is the same object, and has its own methods', () => {
  const { exports, kept } = open()
  const thing = new Thing(9)
  assert.equal(exports.forward(thing), 9)
  exports.lend(thing)
  exports.give(thing)
  assert.deepEqual(kept, [thing, thing])
  exports.hold(thing)
  assert.equal(exports.return(), thing)
  const other = { get: () => 11 }
  assert.equal(exports.forward(other), 11)
  assert.throws(() => exports.forward({}), kind('type', /demo:app\/things#\[method\]thing\.get: the object has no method get/))
})

/** A component with things of its own, and one that lends them to its host. */
function compose(see) {
  const modules = (name) => load(new URL(`../../conformance/modules/${name}.wat`, import.meta.url))
  const store = new Store()
  const maker = modules('maker').instantiate({ store })
  const shows = modules('shows').instantiate({ store, imports: { 'demo:app/things': maker, see } })
  return { things: maker.exports.things, maker, show: shows.exports.show }
}

test('what is lent to a host function is good until that returns', () => {
  let seen
  const { things: { Thing: Made, eat }, maker, show } = compose((thing) => {
    seen = thing
    assert.ok(thing instanceof Made)
    assert.equal(thing.get(), 3)
    thing.close()
    assert.equal(thing.closed, false)
    assert.throws(() => eat(thing), kind('type', /^args\[0\]: the resource is only borrowed here, and cannot be given away/))
  })
  const made = new Made(3)
  show(made)
  assert.equal(seen.closed, true)
  assert.throws(() => seen.get(), kind('closed', gone))
  seen.close()
  assert.equal(made.get(), 3)
  eat(made)
  assert.equal(maker.exports.dropped(), 3)
})

test('what is lent to a call can be neither closed nor given away before that returns', () => {
  const tried = []
  const { things: { Thing: Made, eat }, show } = compose(() => {
    for (const what of [() => made.close(), () => eat(made)]) tried.push(thrown(what))
    assert.equal(made.get(), 4)
  })
  const made = new Made(4)
  show(made)
  assert.deepEqual(tried.map((error) => error?.kind), ['busy', 'busy'])
  assert.equal(made.closed, false)
  made.close()
})

function thrown(what) {
  try { what() } catch (error) { return error }
  return undefined
}

test('a destructor that traps ends the components of its store', () => {
  const { exports } = open()
  const [bad, good] = [new exports.Mine(13), new exports.Mine(1)]
  assert.throws(() => bad.close(), kind('trap'))
  assert.throws(() => good.rep(), kind('poisoned'))
  good.close()
})

test('a store that is closed has no resources', () => {
  const { instance, exports } = open()
  const mine = new exports.Mine(2)
  instance.close()
  assert.equal(mine.closed, true)
  mine.close()
  assert.throws(() => mine.rep(), kind('closed'))
  assert.throws(() => new exports.Mine(1), kind('closed'))
})

test('what is collected is let go of by the next call', async () => {
  const { exports } = open()
  for (let i = 0; i < 20; i++) new exports.Mine(1)
  assert.ok(await collected(() => exports.dropped() === 20), String(exports.dropped()))
})

test('what only a call holds that waits for its turn is not let go of', async () => {
  let pass
  const gate = new Promise((resolve) => { pass = resolve })
  const { exports } = open({}, { eat: () => gate })
  const begin = () => {
    const mine = [new exports.Mine(5), new exports.Mine(6)]
    const first = exports.give.async(new Thing(1))
    return [first, ...mine.map((it) => exports.eatMine.async(it))]
  }
  const calls = begin()
  for (let i = 0; i < 20; i++) {
    globalThis.gc()
    await setImmediate()
  }
  pass()
  assert.equal((await Promise.all(calls)).length, 3)
})

test('a host object that a guest let go of can be collected', async () => {
  const { exports } = open()
  const use = (i) => {
    const thing = new Thing(i)
    exports.forward(thing)
    exports.make(i)
    return new WeakRef(thing)
  }
  const refs = Array.from({ length: 20 }, (_, i) => use(i))
  assert.ok(await collected(() => (exports.make(1), refs.every((it) => it.deref() === undefined))))
})

test('an instance that its own host functions hold is collected with its resources', async () => {
  const use = () => {
    let mine
    const one = open({}, { keep: () => mine })
    mine = new one.exports.Mine(1)
    one.exports.hold(new Thing(1))
    return [new WeakRef(one.instance), new WeakRef(mine)]
  }
  const refs = Array.from({ length: 10 }, use).flat()
  assert.ok(await collected(() => refs.every((it) => it.deref() === undefined)))
})

test('handles have a limit', () => {
  const { exports } = open({ limits: { handles: 10 } })
  const all = []
  const error = thrown(() => { for (;;) all.push(new exports.Mine(1)) })
  assert.equal(error?.kind, 'limit')
  assert.equal(all.length, 10)
})

test('asynchronous calls take and give resources', async () => {
  const { exports } = open()
  const mine = await exports.Mine.async(21)
  assert.ok(mine instanceof exports.Mine)
  assert.equal(await exports.Mine.prototype.rep.async(mine), 21)
  await exports.eatMine.async(mine)
  await assert.rejects(exports.eatMine.async(mine), kind('closed', gone))
  const thing = new Thing(5)
  await exports.hold.async(thing)
  assert.equal(await exports.return.async(), thing)
  let done = false
  exports.forward.async(thing).then(() => { done = true })
  await until(() => done)
})

test('a class stays one whatever its functions are called, and a resource is no promise', async () => {
  const { exports: { Thing: Named } } = load(Buffer.from(`(component
    (type $r' (resource (rep i32)))
    (core func $new (canon resource.new $r'))
    (core module $m (import "" "new" (func $new (param i32) (result i32)))
      (func (export "make") (result i32) (call $new (i32.const 1)))
      (func (export "six") (result i32) i32.const 6)
      (func (export "seven") (param i32) (result i32) i32.const 7))
    (core instance $m (instantiate $m (with "" (instance (export "new" (func $new))))))
    (export $r "thing" (type $r'))
    (func (export "[constructor]thing") (result (own $r)) (canon lift (core func $m "make")))
    (func (export "[static]thing.prototype") (result u32) (canon lift (core func $m "six")))
    (func (export "[method]thing.constructor") (param "self" (borrow $r)) (result u32) (canon lift (core func $m "seven")))
    (func (export "[method]thing.then") (param "self" (borrow $r)) (result u32) (canon lift (core func $m "seven")))
    (func (export "[method]thing.close") (param "self" (borrow $r)) (result u32) (canon lift (core func $m "seven"))))`)).instantiate()
  const thing = await Named.async()
  assert.ok(thing instanceof Named)
  assert.deepEqual([Named.prototype_(), thing.constructor(), thing.then_(), thing.close()], [6, 7, 7, 7])
  thing[Symbol.dispose]()
  assert.throws(() => thing.close(), kind('closed', gone))
})
