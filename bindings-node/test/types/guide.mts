// The program of the guide's page on types of your own, which is cut from here; greet.d.wasm.ts is what `landbridge types` writes.

// [typed]
import { load } from 'landbridge'

const greet = load<typeof import('./greet.wasm')>('greet.wasm').instantiate()
const text: string = greet.exports.hello('Ada')
// [end typed]
// @ts-expect-error a string is needed
greet.exports.hello(5)
console.log(text)
