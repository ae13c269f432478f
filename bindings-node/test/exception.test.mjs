// Tags, and exceptions as errors and as values.
import assert from 'node:assert/strict'
import test from 'node:test'
import { framesOf, Func, load, Store, Tag, TaggedException, Trap, WasmError } from 'landbridge'
import { collected, kind } from './guests.mjs'

const GUEST = load(`(module $guest
  (import "env" "host" (func $host (param i32)))
  (tag $number (export "number") (param i32 i64))
  (tag $object (export "object") (param externref))
  (tag $func (export "func") (param funcref))
  (tag $float (export "float") (param f32 f64))
  (tag $plain (export "plain"))
  (func $throw (export "throw") (param i32 i64) (throw $number (local.get 0) (local.get 1)))
  (func (export "throw_object") (param externref) (throw $object (local.get 0)))
  (func (export "throw_func") (param funcref) (throw $func (local.get 0)))
  (func (export "throw_float") (param f32 f64) (throw $float (local.get 0) (local.get 1)))
  (func $via (export "via") (param i32) (call $host (local.get 0)))
  (func (export "catch") (param i32) (result i32 i64)
    (block $caught (result i32 i64)
      (try_table (catch $number $caught) (call $host (local.get 0)))
      (i32.const 0) (i64.const 0)))
  (func $catch_ref (export "catch_ref") (param i32) (result exnref)
    (block $caught (result exnref)
      (try_table (catch_all_ref $caught) (call $host (local.get 0)))
      ref.null exn))
  (func (export "pass") (param exnref) (result exnref) local.get 0)
  (func (export "throw_ref") (param exnref) (throw_ref (local.get 0))))`)

const guest = (host = () => {}, store) => GUEST.instantiate({ imports: { env: { host } }, store })

/** What a call throws. */
function thrown(run) {
  try { run() } catch (error) { return error }
  return assert.fail('nothing was thrown')
}

test('what a guest throws is an error with tag and payload', () => {
  const instance = guest()
  const error = thrown(() => instance.exports.throw(5, -6n))
  assert.ok(error instanceof TaggedException && error instanceof WasmError && error instanceof Error)
  assert.deepEqual([error.name, error.kind, error.code], ['TaggedException', 'exception', undefined])
  assert.equal(error.message, 'an exception of a tag (i32, i64) was not caught')
  assert.ok(error.tag.equals(instance.tag('number')) && error.tag.equals(instance.exports.number))
  assert.ok(!error.tag.equals(instance.tag('plain')))
  assert.deepEqual(error.payload, [5, -6n])
  assert.ok(Object.isFrozen(error.payload) && error.payload === error.payload)
  assert.deepEqual(error.frames.map(({ funcName }) => funcName), ['throw'])
  assert.match(error.stack, /^TaggedException: an exception .*\n {4}at guest!throw .*\n[^]*exception\.test\.mjs/)
  assert.doesNotMatch(error.stack, /lib\/exception\.js/)
})

test('a payload keeps what JavaScript put in', () => {
  const { throw_object: throwObject, throw_float: throwFloat } = guest().exports
  for (const object of [{}, 'text', undefined, null]) assert.ok(Object.is(thrown(() => throwObject(object)).payload[0], object))
  assert.ok(Object.is(thrown(() => throwFloat(-0, 1)).payload[0], -0))
  const { bits } = thrown(() => throwFloat.bits(0x7fa00001, 0xfff4000000000001n))
  assert.deepEqual(bits, [0x7fa00001, 0xfff4000000000001n])
})

test('an error of a start function', () => {
  const module = load('(module (tag $t (export "t") (param i32)) (func $f (throw $t (i32.const 3))) (start $f))')
  for (const store of [undefined, new Store()]) {
    const error = thrown(() => module.instantiate({ store }))
    assert.deepEqual([error.kind, error.payload], ['exception', [3]])
  }
})

test('a host function throws one, and the guest catches it', () => {
  const instance = guest(() => { throw new TaggedException(instance.tag('number'), [7, 8n]) })
  assert.deepEqual(instance.exports.catch(0), [7, 8n])
  const other = guest(() => { throw new TaggedException(other.tag('plain')) })
  assert.deepEqual(thrown(() => other.exports.catch(0)).payload, [])
})

test('the very same object arrives if no guest catches it, also through nested calls', () => {
  let made
  const instance = guest((n) => {
    if (n > 0) return instance.exports.via(n - 1)
    made = new TaggedException(instance.tag('number'), [1, 2n])
    made.note = 'mine'
    throw made
  })
  const error = thrown(() => instance.exports.via(3))
  assert.equal(error, made)
  assert.deepEqual([error.note, error.payload], ['mine', [1, 2n]])
  assert.ok(framesOf(error).length > 0)
  assert.ok(framesOf(error).every(({ funcName }) => funcName === 'via'))
  assert.deepEqual(instance.exports.catch(3), [1, 2n])
})

test('what an inner call threw passes an outer guest of the store, or of another one', () => {
  const inner = guest()
  let seen
  const pass = () => {
    seen = thrown(() => inner.exports.throw(1, 2n))
    throw seen
  }
  const store = guest(pass)
  assert.equal(thrown(() => store.exports.via(0)), seen)
  // The exception is of another store: the outer guest cannot catch it.
  assert.equal(thrown(() => store.exports.catch_ref(0)), seen)
  assert.deepEqual(seen.frames.map(({ funcName }) => funcName), ['throw', 'catch_ref'])
  const one = guest(() => one.exports.throw(3, 4n))
  assert.deepEqual(one.exports.catch(0), [3, 4n])
})

test('subclasses, and errors that are none', () => {
  class Denied extends TaggedException {
    constructor(tag, number) {
      super(tag, [number, 0n])
      this.number = number
    }
  }
  const instance = guest(() => { throw new Denied(instance.tag('number'), 9) })
  assert.deepEqual(instance.exports.catch(0), [9, 0n])
  const error = thrown(() => instance.exports.via(0))
  assert.ok(error instanceof Denied && error.number === 9 && error.kind === 'exception')
  const boom = new Error('boom')
  const other = guest(() => { throw boom })
  assert.equal(thrown(() => other.exports.catch_ref(0)), boom)
  const look = Object.create(TaggedException.prototype)
  const third = guest(() => { throw look })
  assert.equal(thrown(() => third.exports.catch_ref(0)), look)
  assert.throws(() => look.payload, TypeError)
})

test('an exnref is a TaggedException', () => {
  const instance = guest(() => { throw made })
  const made = new TaggedException(instance.tag('number'), [1, 2n])
  const { pass, catch_ref: catchRef, throw_ref: throwRef } = instance.exports
  const caught = catchRef(0)
  assert.ok(caught.equals(made) && made.equals(caught) && pass(caught).equals(made))
  assert.equal(pass(null), null)
  assert.deepEqual(caught.payload, [1, 2n])
  assert.ok(thrown(() => throwRef(made)).equals(made))
  assert.ok(thrown(() => throwRef(null)) instanceof Trap)
  for (const bad of [undefined, {}, new Error('x'), 5, 'text']) assert.throws(() => pass(bad), kind('type', /expected exnref/))
  for (const other of [null, {}, new TaggedException(instance.tag('number'), [1, 2n])]) assert.ok(!made.equals(other))
  const foreign = new TaggedException(guest().tag('plain'))
  assert.throws(() => pass(foreign), kind('wrong_store'))
})

test('a payload must fit the tag', () => {
  const store = new Store()
  const tag = new Tag(store, ['i32', 'externref'])
  const object = {}
  const { payload } = new TaggedException(tag, [2 ** 32 - 1, object])
  assert.ok(payload[0] === -1 && payload[1] === object)
  for (const bad of [[], [1], [1, 2, 3], ['x', 1], [1n, 1]]) assert.throws(() => new TaggedException(tag, bad), kind('type', /exception/))
  assert.throws(() => new TaggedException(tag), kind('type', /expected 2 \(i32, externref\), got 0/))
  assert.throws(() => new TaggedException(tag, [2 ** 32, 1]), kind('range', /value 1 of an exception/))
  for (const bad of ['ab', {}, 5, null]) assert.throws(() => new TaggedException(tag, bad), kind('type', /payload: expected an array/))
  const huge = new Array(2 ** 31)
  assert.throws(() => new TaggedException(tag, huge), kind('type', /got 2147483648/))
  for (const bad of [undefined, null, {}, 'x']) assert.throws(() => new TaggedException(bad, []), kind('type', /expected a Tag/))
  const funcs = new Tag(store, ['funcref'])
  assert.throws(() => new TaggedException(funcs, [new Func(new Store(), {}, () => {})]), kind('wrong_store'))
  const boom = new Error('element')
  assert.throws(() => new TaggedException(tag, Object.defineProperty([1, 2], 1, { get() { throw boom } })), (error) => error === boom)
})

test('tags', () => {
  const store = new Store()
  const tag = new Tag(store, ['i32', 'exnref'])
  assert.deepEqual([tag.type.sort, tag.type.params, `${tag.type}`], ['tag', ['i32', 'exnref'], 'tag (i32, exnref)'])
  assert.ok(tag.equals(tag) && !tag.equals(new Tag(store, ['i32', 'exnref'])))
  for (const other of [null, undefined, 5, {}, store]) assert.ok(!tag.equals(other))
  assert.equal(`${new Tag(store).type}`, 'tag ()')
  assert.throws(() => new Tag({}, []), kind('type', /Store/))
  assert.throws(() => new Tag(store, ['i33']), kind('type', /i33/))
  assert.throws(() => new Tag(store, 'i32'), kind('type'))
  assert.throws(() => new Tag(store, new Array(1001).fill('i32')), kind('limit'))
  const instance = guest()
  assert.throws(() => instance.tag('throw'), kind('not_found'))
  assert.throws(() => instance.tag('nope'), kind('not_found', /number/))
  assert.throws(() => instance.func('number'), kind('not_found'))
  assert.throws(() => Tag.prototype.equals.call({}, tag), TypeError)
  const needs = load('(module (import "e" "t" (tag (param i32))))')
  assert.throws(() => store.instantiate(needs, { imports: { e: { t: tag } } }), kind('link'))
  assert.throws(() => store.instantiate(needs, { imports: { e: { t: 5 } } }), kind('link', /e\.t: tag \(i32\) is needed/))
  assert.throws(() => needs.instantiate({ imports: { e: { t: new Tag(store, ['i32']) } } }), kind('wrong_store'))
})

test('a closed store', () => {
  const instance = guest()
  const { throw: throwNumber, throw_func: throwFunc, number } = instance.exports
  const error = thrown(() => throwNumber(1, 2n))
  const held = thrown(() => throwFunc(throwNumber))
  const made = new TaggedException(number, [3, 4n])
  instance.close()
  assert.deepEqual(error.payload, [1, 2n])
  assert.ok(error.tag.equals(number) && `${number.type}` === 'tag (i32, i64)')
  assert.throws(() => held.payload[0](1, 2n), kind('closed'))
  assert.throws(() => made.payload, kind('closed'))
  assert.throws(() => new TaggedException(number, [1, 2n]), kind('closed'))
})

test('what a guest caught is let go', async () => {
  const gone = []
  const registry = new FinalizationRegistry((name) => gone.push(name))
  const instance = guest(() => {
    const made = new TaggedException(instance.tag('number'), [1, 2n])
    registry.register(made, 'made')
    throw made
  })
  for (let i = 0; i < 20; i++) instance.exports.catch(0)
  assert.ok(await collected(() => gone.length === 20))
})

test('a long chain of exceptions', () => {
  const { exports } = load(`(module (tag $t (param exnref)) (func (export "run") (param $n i32) (local $e exnref)
    (loop $again
      (local.set $e (block $c (result exnref) (try_table (catch_all_ref $c) (throw $t (local.get $e))) unreachable))
      (br_if $again (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (throw_ref (local.get $e))))`).instantiate()
  let error = thrown(() => exports.run(20_000))
  let length = 1
  for (; error.payload[0] !== null; error = error.payload[0]) length++
  assert.equal(length, 20_000)
})
