// The second program of docs/start/node.md: limits, and an error. docs/start/test.py runs it.

// [careful]
import { load, WasmError } from 'landbridge'

const limits = { memoryBytes: 16 * 2 ** 20, timeoutMs: 500 }
const greet = load('greet.wasm').instantiate({ limits })
try {
  greet.exports.hello(42)
} catch (error) {
  if (!(error instanceof WasmError)) throw error
  console.log(`${error.kind}: ${error.message}`)
}
// [end careful]
