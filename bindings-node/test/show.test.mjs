// What console.log shows, and assignments that JavaScript would swallow.
import assert from 'node:assert/strict'
import test from 'node:test'
import { inspect as show } from 'node:util'
import { runInThisContext } from 'node:vm'
import { Engine, Func, load, Memory, Policy, Pool, Store, WasmTypeError } from 'landbridge'

const GUEST = load(`(module $guest
  (type $s (struct (field (mut i32)) (field (mut i64))))
  (memory (export "memory") 1 4) (table (export "table") 2 5 externref) (global (export "count") (mut i64) (i64.const -7))
  (tag (export "tag") (param i32 f64))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "make") (result structref) (struct.new $s (i32.const 5) (i64.const 6)))
  (func (export "swap") (param i32 i64) (result i64 i32) (local.get 1) (local.get 0))
  (func (export "nothing")) (func (export "more")))`)

test('objects show what they are, in a line', () => {
  const guest = GUEST.instantiate()
  const { memory, table, count, tag, add, make, swap, nothing } = guest.exports
  assert.equal(show(memory), '<Memory 1 4, 65536 bytes>')
  assert.equal(show(table), '<Table 2 5 externref, size 2>')
  assert.equal(show(count), '<Global (mut i64) = -7>')
  assert.equal(show(tag), '<Tag (i32, f64)>')
  assert.equal(show(add), '<Func add(i32, i32) -> i32>')
  assert.equal(show(swap), '<Func swap(i32, i64) -> (i64, i32)>')
  assert.equal(show(nothing), '<Func nothing()>')
  assert.equal(show(make()), '<GcRef (struct (mut i32) (mut i64))>')
  assert.equal(show(guest.store), '<Store instances: 1, bytes of memory: 131072>')
  const exports = 'memory: memory 1 4, table: table 2 5 externref, count: global (mut i64), tag: tag (i32, f64), '
    + 'add: (i32, i32) -> i32, make: () -> structref, swap: (i32, i64) -> (i64, i32), nothing: (), and 1 more'
  assert.equal(show(guest), `<Instance guest { ${exports} }>`)
  assert.equal(show(GUEST), `<Module guest { ${exports} }>`)
  assert.equal(show(load('(module)')), '<Module>')
  assert.equal(show(add.type), '<(i32, i32) -> (i32)>')
  assert.equal(show(new Engine()), '<Engine>')
  assert.equal(show(new Pool(GUEST)), '<Pool guest>')
  assert.equal(show(Policy.none()), '<Policy {"args":[],"clock":"none","dirs":{},"env":{},"random":"none"}>')
  assert.match(show(guest.exports), /^\[Object: null prototype\] {\n {2}memory: <Memory 1 4, 65536 bytes>,/)
  guest.close()
  assert.equal(show(memory), '<Memory (closed)>')
  assert.equal(show(guest), `<Instance guest { ${exports} } (closed)>`)
})

test('nothing that is shown waits', async () => {
  const store = new Store()
  const memory = new Memory(store, { min: 1 })
  const spin = store.instantiate(load('(module (func (export "f") (loop (br 0))))')).exports.f
  const end = new AbortController()
  const call = spin.async({ signal: end.signal })
  while (show(memory) !== '<Memory (busy)>') await new Promise(setImmediate)
  assert.equal(show(store), '<Store (busy)>')
  end.abort()
  await assert.rejects(call)
})

test('a proxy of an object, and what has one as its prototype, is shown as any object is', () => {
  const guest = GUEST.instantiate()
  const { memory, tag, add } = guest.exports
  const all = [GUEST, guest, guest.store, memory, tag, add, add.type, new Pool(GUEST), Policy.none(), new Engine()]
  for (const object of all) {
    for (const other of [new Proxy(object, {}), Object.create(object)]) assert.doesNotThrow(() => show(other), show(object))
    assert.equal(show(new Proxy(object, {}), { showProxy: true }).replace(/\s+/g, ''), `Proxy[${show(object)},{}]`.replace(/\s+/g, ''))
  }
  assert.equal(show(new Proxy(memory, {})), 'Memory {}')
})

test('what a class shows leaves the class itself alone', () => {
  for (const Class of [Memory, Func, Store, Engine]) assert.match(show(Class), /^\[class /)
  assert.doesNotThrow(() => show(Memory.prototype) && show(Store.prototype))
})

/** Runs `code` as sloppy code, where JavaScript swallows assignments. */
const sloppy = (code) => runInThisContext(`(function (it) { ${code} })`)

test('a field of a struct is assigned by its number', () => {
  const struct = GUEST.instantiate().exports.make()
  struct[0] = 9
  struct[1] = 2n
  assert.deepEqual([struct[0], struct.get(0), struct[1]], [9, 9, 2n])
  for (const code of ['it[0] = "text"', 'it[1] = 5', 'it.x = 5', 'it["00"] = 5', 'it[-1] = 5']) {
    assert.throws(() => sloppy(code)(struct), TypeError, code)
    assert.throws(() => sloppy(code)(struct), WasmTypeError, code)
  }
  for (const code of ['it[2] = 1', 'return it[2]']) assert.throws(() => sloppy(code)(struct), { kind: 'out_of_bounds' }, code)
  assert.deepEqual([struct[0], struct[1], Object.keys(struct), struct.x], [9, 2n, [], undefined])
  assert.ok(struct instanceof Object && !('0' in struct))
})

test('an assignment that would be lost throws, in sloppy code too', () => {
  const guest = GUEST.instantiate()
  const { memory, table, count, tag, add, make } = guest.exports
  const lost = [
    [memory, ['it[0] = 1', 'it.buffer = 1', 'it.sizeBytes = 1', 'it.sizePages = 1', 'it.type = 1']],
    [table, ['it[0] = null', 'it.size = 1', 'it.type = 1']],
    [count, ['it.type = 1']],
    [tag, ['it.type = 1']],
    [add, ['it.type = 1']],
    [make(), ['it.length = 1', 'it.type = 1', 'it.sort = 1']],
    [guest, ['it.exports = 1', 'it.store = 1', 'it.module = 1', 'it.closed = 1']],
    [guest.store, ['it.closed = 1']],
    [GUEST, ['it.name = 1', 'it.exports = 1', 'it.imports = 1', 'it.bytes = 1', 'it.digest = 1']],
    [Policy.none(), ['it.dirs = 1', 'it.env = 1', 'it.args = 1', 'it.clock = 1', 'it.random = 1', 'it.memoryDirs = 1']],
    [new Pool(GUEST), ['it.module = 1', 'it.counts = 1']],
  ]
  for (const [object, codes] of lost) {
    for (const code of codes) {
      assert.throws(() => sloppy(code)(object), WasmTypeError, code)
      assert.throws(() => sloppy(`'use strict'; ${code}`)(object), TypeError, code)
    }
  }
  // The exports are frozen, as those of WebAssembly.Instance are: code that is strict, as modules are, hears of it.
  for (const code of ['it.add = 1', 'it.other = 1', 'delete it.add']) assert.throws(() => sloppy(`'use strict'; ${code}`)(guest.exports), TypeError)
  assert.deepEqual([memory.read(0, 1)[0], guest.exports.add], [0, add])
})

test('what is a program\'s own to set, it sets', () => {
  class Mine extends Store {
    mine = 1
  }
  const store = new Mine()
  store.other = 2
  const memory = new Memory(store, { min: 1 })
  memory.note = 'mine'
  memory.read = () => 'mocked'
  assert.deepEqual([store.mine, store.other, memory.note, memory.read()], [1, 2, 'mine', 'mocked'])
})
