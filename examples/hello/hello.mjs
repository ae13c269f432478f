// The smallest program: loads a component and calls it.

// [hello]
import { load } from 'landbridge'

const greet = load('greet.wasm').instantiate()
console.log(greet.exports.hello('Ada'))
// [end hello]
