// Frames, in which the addon tells what is more than a plain value; and what a package says that is made of two releases.
import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import test from 'node:test'
import { inspect, load, Policy, Store, Trap } from 'landbridge'

const require = createRequire(import.meta.url)
const { readFrame } = require('../lib/frame.js')
const { native } = require('../lib/native.js')
const { importTypes, exportTypes } = require('../lib/type.js')
const bytes = (...list) => new Uint8Array(list)

const WAT = `(module $told (import "a" "f" (func (param i32))) (memory (export "m") 1 2) (table (export "t") 3 funcref)
  (global (export "g") (mut i64) (i64.const 1)) (tag (export "e") (param f32)) (func $trap (export "trap") unreachable))`

test('a frame is read to its end', () => {
  const all = bytes(1, 7, 1, 2, 0, 0, 0, 0xc3, 0xa9, 1, 2, 0, 0, 0, 0, 1, 3, 0, 0, 0, 9, 8, 7, 0xff, 0xff, 0xff, 0xff)
  const found = readFrame(all, (frame) => [
    frame.byte(), frame.optionalText(), frame.option(() => frame.list((frame) => frame.bool())), [...frame.bytes()], frame.i32(),
  ])
  assert.deepEqual(found, [7, 'é', [false, true], [9, 8, 7], -1])
  const numbers = bytes(1, ...new Uint8Array(new BigUint64Array([2n ** 64n - 1n, 2n ** 53n]).buffer))
  assert.deepEqual(readFrame(numbers, (frame) => [frame.big(), frame.u64()]), [2n ** 64n - 1n, 2 ** 53])
  assert.throws(() => readFrame(bytes(1, 0, 0), (frame) => frame.byte()), /1 bytes are left/)
})

test('a frame that is malformed is never read past its end', () => {
  const reads = [
    (frame) => frame.byte(), (frame) => frame.u32(), (frame) => frame.big(), (frame) => frame.text(), (frame) => frame.bytes(),
    (frame) => frame.list((frame) => frame.byte()), (frame) => frame.option((frame) => frame.text()),
  ]
  for (const read of reads) assert.throws(() => readFrame(bytes(1), read), /malformed/)
  // A length or a count of what is not there makes no room for it.
  for (const read of [(frame) => frame.text(), (frame) => frame.bytes(), (frame) => frame.list((frame) => frame.byte())]) {
    assert.throws(() => readFrame(bytes(1, 0xff, 0xff, 0xff, 0xff, 0), read), /4294967295 bytes or elements must follow/)
  }
  assert.throws(() => readFrame(bytes(), () => {}), /malformed/)
})

test('a frame that is cut anywhere is an error, and one of other bytes ends', () => {
  const handle = native.moduleLoad({ text: WAT }, undefined)
  for (const [whole, read] of [[native.moduleImports(handle), importTypes], [native.moduleExports(handle), exportTypes]]) {
    assert.ok(whole.length > 20 && readFrame(whole, read).length > 0)
    for (let end = 0; end < whole.length; end++) assert.throws(() => readFrame(whole.subarray(0, end), read), Error, `${end}`)
    for (let at = 0; at < whole.length; at++) {
      for (const other of [0, 1, 0x7f, 0xff]) {
        const changed = Uint8Array.from(whole)
        changed[at] = other
        try {
          readFrame(changed, read)
        } catch (error) {
          assert.ok(error instanceof Error, `${at} ${other}`)
        }
      }
    }
  }
})

test('a frame of another release is told as one', () => {
  assert.throws(() => readFrame(bytes(2, 0), () => {}), /a frame of version 2, not 1: the addon and its JavaScript are of different releases/)
})

test('a view of a larger buffer is read where it is', () => {
  const within = new Uint8Array([9, 9, 1, 42, 9]).subarray(2, 4)
  assert.equal(readFrame(within, (frame) => frame.byte()), 42)
})

test('what is told of a module, an error, a policy and a store', () => {
  const [module, told] = [load(WAT), inspect(WAT)]
  assert.deepEqual(told.exports.map(({ name, type }) => [name, `${type}`]), module.exports.map(({ name, type }) => [name, `${type}`]))
  assert.deepEqual(module.exports.map(({ type }) => type.sort), ['memory', 'table', 'global', 'tag', 'func'])
  assert.deepEqual([told.memories[0].toString(), told.name], [module.exports[0].type.toString(), 'told'])
  const instance = module.instantiate({ imports: { a: { f() {} } } })
  const trap = (error) => error instanceof Trap && error.code === 'unreachable' && error.frames[0].funcName === 'trap'
  assert.throws(() => instance.exports.trap(), trap)
  assert.equal(instance.store, instance.store)
  assert.ok(instance.store instanceof Store && instance.store.usage().memoryBytes === 65536)
  const policy = Policy.none().withMemoryDir('/m', { a: new Uint8Array([255]) }, 'read').withClock({ fixedNs: 2n ** 64n - 1n })
  assert.deepEqual([...policy.memoryDirs['/m'].files.a], [255])
  assert.deepEqual({ ...policy.clock }, { fixedNs: 2n ** 64n - 1n })
})
