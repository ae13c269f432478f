// Batches: a function over columns.
import assert from 'node:assert/strict'
import test from 'node:test'
import { Func, load, rowOf, Store, Trap, WasmError } from 'landbridge'

const WAT = `(module
  (import "env" "hook" (func $hook (param i32) (result i32)))
  (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "add_i64") (param i64 i64) (result i64) (i64.add (local.get 0) (local.get 1)))
  (func (export "add_f32") (param f32 f32) (result f32) (f32.add (local.get 0) (local.get 1)))
  (func (export "add_f64") (param f64 f64) (result f64) (f64.add (local.get 0) (local.get 1)))
  (func (export "half") (param f64) (result f32) (f32.demote_f64 (f64.mul (local.get 0) (f64.const 0.5))))
  (func (export "div") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func (export "divmod") (param i64 i64) (result i64 i64)
    (i64.div_s (local.get 0) (local.get 1)) (i64.rem_s (local.get 0) (local.get 1)))
  (global (export "count") (mut i32) (i32.const 0))
  (func (export "tick") (global.set 0 (i32.add (global.get 0) (i32.const 1))))
  (func (export "through") (param i32) (result i32) (call $hook (local.get 0)))
  (func (export "spin") (param i32) (loop (br_if 0 (i32.ne (local.get 0) (i32.const 7)))))
  (func (export "vector") (param v128))
  (memory (export "memory") 1))`

const module = load(WAT)
const instance = (hook = (n) => n, more = {}) => module.instantiate({ imports: { env: { hook } }, ...more })
const { exports: it } = instance()

/** That it throws an error of a kind with this message, and a row or none. */
function fails(run, kind, message, row) {
  assert.throws(run, (error) => {
    assert.ok(error instanceof WasmError, String(error))
    assert.deepEqual([error.kind, error.row], [kind, row])
    message instanceof RegExp ? assert.match(error.message, message) : assert.equal(error.message, message)
    return true
  })
}

const upTo = (Column, rows, make = (i) => i) => Column.from({ length: rows }, (_, i) => make(i))

test('columns of each type, of any length', () => {
  for (const rows of [0, 1, 7, 8, 9, 2048, 5000, 100_000]) {
    const [xs, ys] = [upTo(Int32Array, rows), upTo(Int32Array, rows, (i) => 3 * i)]
    const sums = it.add.map(xs, ys)
    assert.ok(sums instanceof Int32Array)
    assert.deepEqual(sums, upTo(Int32Array, rows, (i) => 4 * i))
  }
  const rows = 5000
  const big = (i) => BigInt(i) << 33n
  assert.deepEqual(it.add_i64.map(upTo(BigInt64Array, rows, big), 1n), upTo(BigInt64Array, rows, (i) => big(i) + 1n))
  assert.deepEqual(it.add_f32.map(upTo(Float32Array, rows), 0.5), upTo(Float32Array, rows, (i) => i + 0.5))
  assert.deepEqual(it.add_f64.map(0.1, upTo(Float64Array, rows)), upTo(Float64Array, rows, (i) => i + 0.1))
})

test('unsigned columns are taken for their bits, also for results', () => {
  assert.deepEqual(it.add.map(Uint32Array.of(2 ** 32 - 1, 5), 3), Int32Array.of(2, 8))
  const out = new Uint32Array(1)
  assert.equal(it.add.map(Int32Array.of(-5), 3, { out }), out)
  assert.deepEqual(out, Uint32Array.of(2 ** 32 - 2))
  assert.deepEqual(it.add_i64.map(BigUint64Array.of(2n ** 64n - 1n), 3n), BigInt64Array.of(2n))
})

test('arrays are converted with the checks of a call', () => {
  assert.deepEqual(it.add.map([1, 2 ** 32 - 1, -0], [3, 4, 5]), Int32Array.of(4, 3, 5))
  assert.deepEqual(it.add_i64.map([1n], [2n ** 64n - 1n]), BigInt64Array.of(0n))
  assert.deepEqual(it.add_f64.map([], 1), new Float64Array(0))
  assert.deepEqual(it.add_f64.map(upTo(Array, 3000), 1), upTo(Float64Array, 3000, (i) => i + 1))
  fails(() => it.add.map([1, 2.5], 1), 'type', 'argument 1 of add: expected i32, got number 2.5')
  fails(() => it.add.map([1], [2 ** 32]), 'range', /^argument 2 of add: /)
  fails(() => it.add_i64.map([1n, 1], 1n), 'type', 'argument 1 of add_i64: expected i64, got number (a BigInt is needed)')
  fails(() => it.add.map([1, , 2], 1), 'type', 'argument 1 of add: expected i32, got undefined')
  const boom = new Error('boom')
  assert.throws(() => it.add.map([{ get 0() { throw boom } }, 1], 1), WasmError)
  assert.throws(() => it.add.map(Object.defineProperty([1, 2], 1, { get() { throw boom } }), 1), (error) => error === boom)
})

test('results go into columns that are given, which may be those of arguments', () => {
  const xs = upTo(Int32Array, 3000)
  assert.equal(it.add.map(xs, xs, { out: xs }), xs)
  assert.deepEqual(xs, upTo(Int32Array, 3000, (i) => 2 * i))
  assert.deepEqual(it.divmod.map(BigInt64Array.of(7n, 8n, -9n), 4n), [BigInt64Array.of(1n, 2n, -2n), BigInt64Array.of(3n, 0n, -1n)])
  const out = [new BigInt64Array(1), new BigUint64Array(1)]
  assert.equal(it.divmod.map(7n, 4n, { out }), out)
  assert.deepEqual(out, [BigInt64Array.of(1n), BigUint64Array.of(3n)])
  fails(() => it.add.map(xs, 1, { out: new Int32Array(2) }), 'type',
    'result 1 of add has 2 rows, but argument 1 of add has 3000; all columns of a batch have the same number of rows')
  fails(() => it.add.map(xs, 1, { out: new Float32Array(3000) }), 'type', 'result 1 of add: a column of f32, not of i32; convert it to i32 first')
  for (const out of [[new Int32Array(3000)], 5, null, {}]) fails(() => it.add.map(xs, 1, { out }), 'type', /^out: expected a typed array, got /)
  for (const out of [new BigInt64Array(1), 5, null, {}]) fails(() => it.divmod.map(7n, 4n, { out }), 'type', /^out: expected an array of a typed array for each result, got /)
  fails(() => it.divmod.map(7n, 4n, { out: [new BigInt64Array(1)] }), 'type', /^results of divmod: /)
})

test('results may go over the arguments: each row sees them as they were', () => {
  const rows = 20_000
  for (const [from, to] of [[0, 0], [0, 1], [1, 0], [0, rows - 1]]) {
    const all = upTo(Int32Array, 2 * rows)
    const out = all.subarray(to, to + rows)
    it.add.map(all.subarray(from, from + rows), 5, { out })
    assert.deepEqual(out, upTo(Int32Array, rows, (i) => from + i + 5))
  }
  const bytes = new ArrayBuffer(16 * rows)
  new Float64Array(bytes).set(upTo(Float64Array, 2 * rows))
  const wide = new Float64Array(bytes, 0, rows)
  it.half.map(wide, { out: new Float32Array(bytes, 0, rows) })
  assert.deepEqual(new Float32Array(bytes, 0, rows), upTo(Float32Array, rows, (i) => i / 2))
})

test('a column that is gone from the start says so', () => {
  const gone = new Int32Array(4)
  structuredClone(gone.buffer, { transfer: [gone.buffer] })
  fails(() => it.add.map(gone, 1), 'type', 'argument 1 of add: the column is detached: its buffer was transferred')
  fails(() => it.add.map([], 1, { out: gone }), 'type', 'result 1 of add: the column is detached: its buffer was transferred')
})

test('without columns the caller says how many rows there are', () => {
  assert.equal(it.tick.map({ rows: 5000 }), undefined)
  assert.equal(it.count.value, 5000)
  assert.deepEqual(it.add.map(1, 2, { rows: 3 }), Int32Array.of(3, 3, 3))
  fails(() => it.tick.map(), 'type', 'tick: no column says how many rows there are; give the number of rows')
  fails(() => it.add.map(Int32Array.of(1), 2, { rows: 3 }), 'type',
    'argument 1 of add has 1 rows, but rows has 3; all columns of a batch have the same number of rows')
  fails(() => it.add.map(1, 2, { rows: 1.5 }), 'type', /^rows: expected a whole number from 0, got 1\.5/)
  fails(() => it.add.map(1, 2, { row: 3 }), 'type', /^map: no option is named "row"; there is rows, out/)
  assert.throws(() => it.add.map(1, 2, { rows: 2 ** 52 }), RangeError)
})

test('what does not fit is refused before any row', () => {
  fails(() => it.add.map(Float64Array.of(1), 1), 'type', 'argument 1 of add: a column of f64, not of i32; convert it to i32 first')
  fails(() => it.add.map(1, Buffer.from('ab')), 'type', 'argument 2 of add: a column of u8, not of i32; convert it to i32 first')
  fails(() => it.add.map(1, new Uint16Array(2)), 'type', 'argument 2 of add: a column of u16, not of i32; convert it to i32 first')
  for (const odd of [new DataView(new ArrayBuffer(8)), new ArrayBuffer(8), {}, new Set([1])]) {
    fails(() => it.add.map(odd, Int32Array.of(1)), 'type', 'argument 1 of add: expected i32, got object (an Int32Array, an array or a number is needed)')
  }
  fails(() => it.add.map('1', Int32Array.of(1)), 'type', /^argument 1 of add: expected i32, got string: text goes through/)
  fails(() => it.add.map(Int32Array.of(1)), 'type', /^add takes|^arguments of add/)
  fails(() => it.add.map(Int32Array.of(1), 2, Int32Array.of(1)), 'type', /add/)
  fails(() => it.add.map(Int32Array.of(1), Int32Array.of(1, 2)), 'type',
    'argument 2 of add has 2 rows, but argument 1 of add has 1; all columns of a batch have the same number of rows')
  fails(() => it.vector.map(1n, { rows: 1 }), 'type', 'vector is (v128) -> (): columns hold i32, i64, f32 and f64 only; call it for each row')
  fails(() => Func.prototype.map.call(() => 1, 1), 'type', 'expected a Func')
  const closed = instance()
  const { add } = closed.exports
  closed.close()
  fails(() => add.map([1], 2), 'closed', /closed/)
})

test('an error says its row, and the rows before it are done', () => {
  const rows = 10_000
  for (const at of [0, 7, 2048, 7777, rows - 1]) {
    const [xs, ys] = [upTo(Int32Array, rows), new Int32Array(rows).fill(1)]
    const out = new Int32Array(rows).fill(-1)
    ys[at] = 0
    fails(() => it.div.map(xs, ys, { out }), 'trap', `row ${at}: integer divide by zero`, at)
    assert.deepEqual(out.subarray(0, at), xs.subarray(0, at))
    assert.ok(out.subarray(at).every((it) => it === -1))
  }
  assert.throws(() => it.div.map([1], 0), (error) => error instanceof Trap && error.frames.length === 1 && rowOf(error) === 0)
  assert.deepEqual(it.div.map([8], 2), Int32Array.of(4))
  assert.throws(() => it.div(1, 0), (error) => error.row === undefined && rowOf(error) === undefined)
})

test('what a host function throws is the same object, with its row', () => {
  const boom = new RangeError('boom')
  const { exports } = instance((n) => { if (n === 4321) throw boom; return n + 1 })
  const out = new Int32Array(5000)
  assert.throws(() => exports.through.map(upTo(Int32Array, 5000), { out }), (error) => error === boom)
  assert.equal(rowOf(boom), 4321)
  assert.equal(boom.message, 'boom')
  assert.equal(out[4320], 4321)
  assert.equal(rowOf(new Error()), undefined)
  assert.equal(rowOf('text'), undefined)
})

test('host functions may call back into the guest, map too', () => {
  const mine = instance((n) => mine.exports.add.map([n, 1], [1, 1])[0])
  assert.deepEqual(mine.exports.through.map(upTo(Int32Array, 3000)), upTo(Int32Array, 3000, (i) => i + 1))
})

test('a column that goes away is an error, not a crash', () => {
  const gone = (make, change) => {
    for (const isArgument of [true, false]) {
      const column = make(50_000)
      const other = new Int32Array(50_000)
      const { exports } = instance((n) => { change(column); return n })
      assert.throws(() => (isArgument ? exports.through.map(column, { out: other }) : exports.through.map(other, { out: column })), (error) => {
        assert.equal(error.kind, 'type')
        assert.match(error.message, /^row \d+: (argument|result) 1 of through: the column was detached or made shorter while the batch ran$/)
        assert.equal(error.message.startsWith(`row ${error.row}: ${isArgument ? 'argument' : 'result'}`), true)
        return true
      })
    }
  }
  gone((rows) => new Int32Array(rows), (column) => column.buffer.byteLength && structuredClone(column.buffer, { transfer: [column.buffer] }))
  if ('resize' in ArrayBuffer.prototype) {
    const resizable = (rows) => new ArrayBuffer(rows * 4, { maxByteLength: rows * 4 })
    gone((rows) => new Int32Array(resizable(rows)), (column) => column.buffer.resize(4))
    gone((rows) => new Int32Array(resizable(rows), 0, rows), (column) => column.buffer.resize(0))
  }
})

test('columns in shared memory, and in the memory of the guest', () => {
  const shared = new Int32Array(new SharedArrayBuffer(4 * 3000)).map((_, i) => i)
  const out = new Int32Array(new SharedArrayBuffer(4 * 3000))
  it.add.map(shared, 1, { out })
  assert.deepEqual(Array.from(out), upTo(Array, 3000, (i) => i + 1))
  const { add, memory } = instance().exports
  const [xs, sums] = [new Int32Array(memory.buffer, 0, 3000), new Int32Array(memory.buffer, 16384, 3000)]
  xs.forEach((_, i) => { xs[i] = i })
  assert.equal(add.map(xs, 5, { out: sums }), sums)
  assert.deepEqual(Array.from(sums), upTo(Array, 3000, (i) => i + 5))
})

test('one batch is one call for limits', () => {
  const spins = instance(undefined, { limits: { timeoutMs: 50 } })
  fails(() => spins.exports.spin.map([7, 7, 8, 7]), 'timeout', /^row 2: /, 2)
  fails(() => spins.exports.add.map([1], 1), 'poisoned', /./)
  const fueled = instance(undefined, { limits: { fuel: 2000 } })
  assert.throws(() => fueled.exports.add.map(1, 2, { rows: 10_000 }), (error) => error.kind === 'fuel' && error.row > 0 && error.row < 2000)
})

test('a host function of an asynchronous call maps over columns of its thread', async () => {
  const rows = 10_000
  const xs = upTo(Int32Array, rows)
  let last
  const mine = instance((n) => {
    if (n < 0) return mine.exports.through.map(xs)[rows - 1]
    last = n
    return n + 1
  })
  assert.equal(await mine.exports.through.async(-1), rows)
  assert.equal(last, rows - 1)
  const detaching = instance((n) => {
    if (n < 0) return detaching.exports.through.map(xs).length
    if (n === 5) structuredClone(xs.buffer, { transfer: [xs.buffer] })
    return n
  })
  await assert.rejects(detaching.exports.through.async(-1), (error) => error.row > 5 && /: argument 1 of through: the column was detached/.test(error.message))
})

test('functions of a host are mapped, too', () => {
  const store = new Store()
  const twice = new Func(store, { params: ['f64'], results: ['f64'] }, (x) => 2 * x)
  assert.deepEqual(twice.map([1, 2.5]), Float64Array.of(2, 5))
})
