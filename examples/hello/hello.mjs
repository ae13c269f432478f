// The smallest program: loads a module and calls it.

// [hello]
import { load } from 'landbridge'

const calc = load('calc.wasm').instantiate()
console.log(calc.exports.add(2, 3))
// [end hello]
