// Guests that several tests use, and what tests ask of them.
import { setImmediate as turn } from 'node:timers/promises'
import { load } from 'landbridge'

export const CALC = `(module $calc
  (import "env" "host" (func $host (param i32) (result i32)))
  (memory (export "memory") 1 4)
  (table (export "table") 4 funcref)
  (global (export "count") (mut i32) (i32.const 7))
  (func $add (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
  (func (export "add64") (param i64 i64) (result i64) (i64.add (local.get 0) (local.get 1)))
  (func (export "half") (param f32) (result f32) (f32.mul (local.get 0) (f32.const 0.5)))
  (func (export "same") (param f64) (result f64) (local.get 0))
  (func (export "vector") (param v128) (result v128) (local.get 0))
  (func (export "ref") (param externref) (result externref) (local.get 0))
  (func (export "func") (param funcref) (result funcref) (local.get 0))
  (func (export "two") (result i32 i64) (i32.const 1) (i64.const 2))
  (func (export "nine") (param i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32) (local.get 8))
  (func $div (export "div") (param i32 i32) (result i32) (i32.div_s (local.get 0) (local.get 1)))
  (func $via (export "via") (param i32) (result i32) (call $host (local.get 0)))
  (func $loop (export "loop") (param $n i32) (result i32) (local $i i32)
    (loop $again
      (local.set $i (call $host (local.get $i)))
      (br_if $again (i32.lt_s (local.get $i) (local.get $n))))
    (local.get $i))
  (func (export "grow") (result i32) (memory.grow (i32.const 1)))
  (func $down (export "down") (call $down))
  (func (export "spin") (loop (br 0))))`

/** An instance whose host function is `host`. */
export function calc(host = (n) => n + 1, { engine, ...options } = {}) {
  return load(CALC, { engine }).instantiate({ imports: { env: { host } }, ...options })
}

const START = '(module (start $s) (func $s (call $s)))'
const START_OF_HOST = '(module (import "env" "again" (func $again)) (start $again))'

/** How each endless recursion ends, each followed by a call that must go well. */
export function recursions() {
  const { exports } = calc((n) => exports.via(n))
  const again = () => load(START_OF_HOST).instantiate({ imports: { env: { again } } })
  return [exports.down, () => exports.via(1), () => load(START).instantiate(), again].map((recursion) => {
    try { recursion() } catch (error) { return `${error.code ?? error.name} then ${exports.add(1, 2)}` }
    return 'no error'
  })
}

/** What an error must be, for assert.throws. */
export const kind = (kind, message = /./) => (error) => {
  if (error.kind !== kind || !message.test(error.message)) throw error
  return true
}

/** Waits for what another thread or a later turn of the loop does, half a minute at most. */
export async function until(holds) {
  for (const end = performance.now() + 30_000; !holds();) {
    if (performance.now() > end) throw new Error('it never came to be')
    await turn()
  }
}

/** Runs the collector until `done`, or gives up. */
export async function collected(done, turns = 50) {
  for (let i = 0; i < turns; i++) {
    globalThis.gc()
    await turn()
    if (done()) return true
    // What `done` has looked at stays alive until this job ends.
    await turn()
  }
  return false
}
