// One guest in two engines: this library's, and the one that is in V8.
import assert from 'node:assert/strict'
import { parentPort, workerData } from 'node:worker_threads'
import { Engine, load } from 'landbridge'

// Little stack, so that overflowing it ten thousand times does not take long.
const module = load(`(module (memory 1 1)
  (func (export "load") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "div") (param i32) (result i32) (i32.div_s (i32.const 6) (local.get 0)))
  (func $down (export "down") (call $down)))`, { engine: new Engine({ stackBytes: 64 << 10 }) })

export const guest = () => module.instantiate().exports

export function traps({ load, div, down }) {
  assert.throws(() => load(70_000), { code: 'memory_out_of_bounds' })
  assert.throws(() => div(0), { code: 'integer_division_by_zero' })
  assert.throws(down, { code: 'stack_overflow' })
  assert.equal(div(2), 3)
}

function trapsOfV8({ load, div }) {
  assert.throws(() => load(70_000), WebAssembly.RuntimeError)
  assert.throws(() => div(0), WebAssembly.RuntimeError)
  assert.equal(div(2), 3)
}

/** Traps in both engines in turn, each right after the other. */
export function alternate(times) {
  const ours = guest()
  const theirs = new WebAssembly.Instance(new WebAssembly.Module(module.bytes)).exports
  for (let i = 0; i < times; i++) {
    traps(ours)
    trapsOfV8(theirs)
  }
  return times
}

if (workerData?.times) parentPort.postMessage(alternate(workerData.times))
