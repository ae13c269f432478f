// Floats by their bits, where the bits of a NaN matter.
import assert from 'node:assert/strict'
import test from 'node:test'
import { bits, Func, Global, load, Store } from 'landbridge'
import { kind } from './guests.mjs'

const FLOATS = load(`(module
  (import "env" "host" (func $host (param f32 f64) (result f64 f32)))
  (type $pair (struct (field (mut f32)) (field (mut f64)) (field (mut i32))))
  (global (export "global") (mut f64) (f64.const 0))
  (func (export "f32") (param f32) (result f32) local.get 0)
  (func (export "f64") (param f64) (result f64) local.get 0)
  (func (export "bits_of") (param f32) (result i32) (i32.reinterpret_f32 (local.get 0)))
  (func (export "mixed") (param i32 i64 f32 externref) (result externref f32 i64 i32)
    local.get 3 local.get 2 local.get 1 local.get 0)
  (func (export "pair") (param f32 f64) (result (ref $pair)) (struct.new $pair (local.get 0) (local.get 1) (i32.const 5)))
  (func (export "via") (param f32 f64) (result f64 f32) (call $host (local.get 0) (local.get 1))))`)

const floats = (host = (a, b) => [b, a]) => FLOATS.instantiate({ imports: { env: { host } } }).exports

test('a call keeps every bit', () => {
  const it = floats()
  for (const some of [0, 0x80000000, 0x7fc00000, 0x7fa00001, 0xffffffff, 0x3f800000]) {
    assert.equal(it.f32.bits(some), some)
    assert.equal(it.bits_of.bits(some), some | 0)
  }
  for (const some of [0n, 1n << 63n, 0x7ff4000000000001n, 0xffffffffffffffffn]) assert.equal(it.f64.bits(some), some)
  assert.equal(it.f32.bits(-1), 0xffffffff)
  assert.ok(Object.is(it.f32(-0), -0) && Object.is(it.f64(-0), -0))
})

test('values of other types are there as ever', () => {
  const object = {}
  assert.deepEqual(floats().mixed.bits(-1, -2n, 0x7fa00001, object), [object, 0x7fa00001, -2n, -1])
  assert.equal(load('(module (func (export "f")))').instantiate().exports.f.bits(), undefined)
})

test('bits that are none', () => {
  const it = floats()
  for (const bad of [1.5, 1n, '1', null, undefined, NaN]) assert.throws(() => it.f32.bits(bad), kind('type', /bits of argument 1 of f32/))
  assert.throws(() => it.f32.bits(2 ** 32), kind('range'))
  assert.throws(() => it.f64.bits(1), kind('type'))
  assert.throws(() => it.f64.bits(1n << 64n), kind('range'))
  assert.throws(() => it.f32.bits(), kind('type', /expected 1 \(f32\), got 0/))
  assert.throws(() => it.f32.bits(1, 2), kind('type', /got 2/))
  assert.throws(() => it.f32.bits.call(() => 1, 1), kind('type', /Func/))
  assert.throws(() => bits(5), kind('type', /bits: expected a function/))
})

test('a host function of bits', () => {
  const seen = []
  const echo = bits((a, b) => {
    seen.push([a, b])
    return [b, a]
  })
  assert.deepEqual(floats(echo).via.bits(0x7fa00001, 0xfff4000000000001n), [0xfff4000000000001n, 0x7fa00001])
  assert.deepEqual(seen, [[0x7fa00001, 0xfff4000000000001n]])
  assert.throws(() => floats(bits(() => [1, 1])).via(0, 0), kind('type', /bits of result 1 of env\.host/))
  // Both a plain and a marked one may be made of one function.
  const plain = (a, b) => [b, a]
  bits(plain)
  assert.deepEqual(floats(plain).via(1.5, 2.5), [2.5, 1.5])
  const store = new Store()
  const same = new Func(store, { params: ['f32'], results: ['f32'] }, bits((a) => a))
  assert.equal(same.bits(0x7fa00001), 0x7fa00001)
  assert.equal(same(1.5), 1.5)
  const inner = new Func(store, { params: ['f32'], results: ['f32'] }, bits(same.bits.bind(same)))
  assert.equal(inner.bits(0x7fa00001), 0x7fa00001)
})

test('globals and fields', () => {
  const it = floats()
  it.global.bits = 0x7ff4000000000001n
  assert.equal(it.global.bits, 0x7ff4000000000001n)
  assert.ok(Number.isNaN(it.global.value))
  it.global.value = -0
  assert.equal(it.global.bits, 1n << 63n)
  assert.throws(() => { it.global.bits = 1 }, kind('type', /bits of value of a global/))
  const count = new Global(new Store(), { content: 'i32', mutable: true }, 3)
  count.bits = 4
  assert.deepEqual([count.bits, count.value], [4, 4])
  const pair = it.pair.bits(0x7fa00001, 0x7ff4000000000001n)
  assert.deepEqual([pair.getBits(0), pair.getBits(1), pair.getBits(2)], [0x7fa00001, 0x7ff4000000000001n, 5])
  pair.setBits(0, 0xffc00001)
  assert.equal(pair.getBits(0), 0xffc00001)
  assert.throws(() => pair.setBits(1, 1.5), kind('type', /bits of field 1 of a struct/))
})
