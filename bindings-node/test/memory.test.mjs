// Memory, tables, globals, and closing.
import assert from 'node:assert/strict'
import test from 'node:test'
import { Engine, Func, Global, load, Memory, Store, Table } from 'landbridge'
import { calc, CALC, kind } from './guests.mjs'

test('bytes in and out', () => {
  const { memory } = calc().exports
  memory.write(10, new Uint8Array([1, 2, 3]))
  assert.deepEqual([...memory.read(9, 5)], [0, 1, 2, 3, 0])
  memory.write(20n, new Float64Array([1.5]))
  assert.deepEqual(memory.readInto(20, new Float64Array(1)), new Float64Array([1.5]))
  memory.write(0, new Uint8Array([7]).buffer)
  assert.equal(memory.read(0n, 1n)[0], 7)
  assert.equal(memory.read(65536, 0).length, 0)
  assert.equal(memory.read(0, 3).buffer.byteLength, 3)
})

test('accesses that are refused', () => {
  const { memory } = calc().exports
  for (const [offset, length] of [[65530, 7], [65537, 0], [2 ** 40, 1], [0, 2 ** 52], [2n ** 64n - 1n, 2]]) {
    assert.throws(() => memory.read(offset, length), kind('out_of_bounds'))
  }
  for (const bad of [-1, -5, -(2 ** 31), -1n]) {
    for (const use of [() => memory.read(bad, 1), () => memory.write(bad, new Uint8Array(1)), () => memory.readInto(bad, new Uint8Array(1))]) {
      assert.throws(use, kind('out_of_bounds', /^offset -\d+ is negative: .*>>> 0/))
    }
  }
  for (const bad of [2n ** 64n, 2 ** 60]) assert.throws(() => memory.read(bad, 1), kind('range'))
  for (const bad of [1.5, NaN, '0', null, undefined, {}]) {
    assert.throws(() => memory.read(bad, 1), kind('type'))
    assert.throws(() => memory.read(0, bad), kind('type'))
  }
  for (const bad of [undefined, 'text', [1, 2], 5, {}]) {
    assert.throws(() => memory.write(0, bad), kind('type'))
    assert.throws(() => memory.readInto(0, bad), kind('type'))
  }
  assert.throws(() => memory.write(65535, new Uint8Array(2)), kind('out_of_bounds'))
  assert.equal(memory.read(65535, 1)[0], 0)
})

test('the buffer is a view in place, one object until the size changes', () => {
  const { memory, grow } = calc().exports
  const { buffer } = memory
  assert.ok(buffer instanceof ArrayBuffer && buffer.byteLength === 65536)
  assert.equal(memory.buffer, buffer)
  new Uint8Array(buffer)[3] = 9
  assert.equal(memory.read(3, 1)[0], 9)
  assert.equal(memory.grow(1), 1)
  assert.equal(buffer.byteLength, 0)
  assert.equal(memory.buffer.byteLength, 131072)
  assert.equal(new Uint8Array(memory.buffer)[3], 9)
  const second = memory.buffer
  assert.equal(grow(), 2)
  assert.equal(memory.buffer.byteLength, 196608)
  assert.equal(second.byteLength, 0)
  // A transfer to another thread is refused or a copy, as the version of Node.js has it.
  try { structuredClone(memory.buffer, { transfer: [memory.buffer] }) } catch (error) { assert.equal(error.name, 'DataCloneError') }
  assert.equal(new Uint8Array(memory.buffer)[3], 9)
  assert.deepEqual([memory.sizeBytes, memory.sizePages, `${memory.type}`], [196608, 3, 'memory 1 4'])
})

test('a memory of no bytes', () => {
  const memory = new Memory(new Store(), { min: 0, max: 1 })
  assert.equal(memory.buffer.byteLength, 0)
  assert.equal(memory.buffer, memory.buffer)
  assert.equal(memory.grow(1), 0)
  assert.equal(memory.buffer.byteLength, 65536)
})

test('copies between a memory and its own view may overlap', () => {
  const memory = new Memory(new Store(), { min: 1 })
  memory.write(0, new Uint8Array([1, 2, 3, 4]))
  memory.write(1, new Uint8Array(memory.buffer, 0, 4))
  assert.deepEqual([...memory.read(0, 5)], [1, 1, 2, 3, 4])
  memory.readInto(1, new Uint8Array(memory.buffer, 0, 4))
  assert.deepEqual([...memory.read(0, 5)], [1, 2, 3, 4, 4])
})

test('an offset that is no number is refused, and none of its code runs', () => {
  const { memory } = calc().exports
  const asked = { toString: () => assert.fail('asked'), valueOf: () => assert.fail('asked') }
  for (const offset of [Symbol('here'), asked, '1', null]) {
    for (const run of [() => memory.read(offset, 1), () => memory.write(offset, new Uint8Array(1)), () => memory.readText(offset, 1)]) {
      assert.throws(run, { kind: 'type', message: /offset: expected a whole number from 0, got/ })
    }
  }
})

test('detached arrays are empty', () => {
  const memory = new Memory(new Store(), { min: 1 })
  const array = new Uint8Array(8)
  structuredClone(array.buffer, { transfer: [array.buffer] })
  memory.write(65536, array)
  memory.readInto(0, array)
})

test('growing too far', () => {
  const { memory } = calc().exports
  assert.throws(() => memory.grow(4), kind('memory_limit'))
  assert.throws(() => memory.grow(-1), kind('range'))
  assert.throws(() => new Memory(new Store(), { min: 2, max: 1 }), kind('limit'))
  assert.throws(() => new Memory(new Store(), {}), kind('type', /min/))
  assert.throws(() => new Memory(new Store(), { min: 1, maximum: 2 }), kind('type', /no option/))
})

test('tables', () => {
  const store = new Store()
  const table = new Table(store, { element: 'funcref', min: 2, max: 3 })
  const func = new Func(store, { params: ['i32'], results: ['i32'] }, (n) => n * 2)
  table.set(1, func)
  assert.equal(table.get(1)(21), 42)
  assert.equal(table.get(0), null)
  assert.equal(table.grow(1, func), 2)
  assert.equal(table.size, 3)
  assert.throws(() => table.grow(1), kind('limit'))
  assert.throws(() => table.get(3), kind('out_of_bounds'))
  assert.throws(() => table.set(3, null), kind('out_of_bounds'))
  assert.throws(() => table.get(-1), kind('range'))
  assert.throws(() => table.set(0, 5), kind('type'))
  assert.throws(() => table.set(0, calc().exports.add), kind('wrong_store'))
  assert.throws(() => new Table(store, { element: 'i32', min: 1, init: 0 }), kind('type'))
  assert.equal(`${table.type}`, 'table 2 3 funcref')
})

test('globals', () => {
  const store = new Store()
  const global = new Global(store, { content: 'i64', mutable: true }, 5n)
  global.value = 2n ** 63n
  assert.equal(global.value, -(2n ** 63n))
  assert.throws(() => { global.value = 1 }, kind('type'))
  const fixed = new Global(store, { content: 'f32' }, 1.5)
  assert.throws(() => { fixed.value = 2 }, kind('type', /immutable/))
  assert.equal(fixed.value, 1.5)
  assert.deepEqual([`${global.type}`, `${fixed.type}`], ['global (mut i64)', 'global f32'])
  assert.throws(() => new Global(store, { content: 'i32' }), kind('type'))
  const { count } = calc().exports
  count.value += 1
  assert.equal(count.value, 8)
})

test('after closing everything answers closed', () => {
  const instance = calc()
  const { exports } = instance
  const { buffer } = exports.memory
  const view = new Uint8Array(buffer)
  instance.close()
  instance.close()
  assert.ok(instance.closed)
  assert.equal(buffer.byteLength, 0)
  assert.equal(view[0], undefined)
  const uses = [
    () => exports.add(1, 2), () => exports.two(), () => instance.func('add'), () => instance.call('add', 1, 2),
    () => exports.memory.buffer, () => exports.memory.read(0, 1), () => exports.memory.write(0, view),
    () => exports.memory.grow(0), () => exports.memory.sizeBytes, () => exports.memory.type,
    () => exports.table.get(0), () => exports.table.size, () => exports.count.value, () => { exports.count.value = 1 },
  ]
  for (const use of uses) assert.throws(use, kind('closed'))
  const unseen = calc()
  unseen.close()
  assert.throws(() => unseen.exports, kind('closed'))
})

test('an instance in a store closes alone', () => {
  const store = new Store()
  const instance = calc(undefined, { store })
  const { add } = instance.exports
  instance.close()
  assert.ok(instance.closed && !store.closed)
  assert.throws(() => instance.func('add'), kind('closed'))
  assert.equal(add(1, 2), 3)
  store.close()
  store.close()
  assert.throws(() => add(1, 2), kind('closed'))
  assert.throws(() => calc(undefined, { store }), kind('closed'))
  assert.throws(() => new Memory(store, { min: 1 }), kind('closed'))
})

test('dispose closes', () => {
  const instance = calc()
  instance[Symbol.dispose]()
  assert.ok(instance.closed)
  const store = new Store()
  store[Symbol.dispose]()
  assert.ok(store.closed)
})

test('closing from a host function ends the call', () => {
  const instance = calc(() => { instance.close(); return 1 })
  assert.throws(() => instance.exports.via(1), kind('closed'))
  assert.throws(() => instance.exports.add(1, 2), kind('closed'))
})

test('objects of another engine', () => {
  const module = load(CALC, { engine: new Engine() })
  assert.throws(() => new Store().instantiate(module, { imports: { env: { host() {} } } }), kind('wrong_store'))
})

// Each reserves so many addresses that a process has enough for some hundred.
test('a thousand instances that are closed leave nothing mapped', () => {
  const module = load('(module (memory i64 1))', { engine: new Engine({ memoryReservationBytes: 2 ** 40 }) })
  const kept = []
  assert.throws(() => { while (kept.length < 1000) kept.push(module.instantiate()) }, kind('limit', /address space/))
  for (const instance of kept) instance.close()
  for (let i = 0; i < 1000; i++) module.instantiate().close()
})
