import { add } from './calc.wasm'

const sum: number = add(20, 3)
console.log('imported:', sum)
