// A package that has a module inside; see docs/guide/packaging.md, which docs/start/test.py follows.

// [package]
import { load } from 'landbridge'

const greet = load(new URL('./greet.wasm', import.meta.url)).instantiate()

/** Greets somebody. */
export function hello(name) {
  return greet.exports.hello(name)
}
// [end package]
