// [counter]
import { load } from 'landbridge'

const log = (line) => { console.log(line) } // braces: it returns nothing
const guest = load('counter.wasm').instantiate({ imports: { logging: { log } } })
console.log(guest.exports.countdown(3), 'lines')
// [end counter]
