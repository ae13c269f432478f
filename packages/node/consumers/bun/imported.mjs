import { add } from './calc.wasm'
import { hello } from './greet.wasm'

console.log('imported:', add(20, 3), hello('Bob'))
