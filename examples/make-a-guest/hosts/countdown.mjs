// [countdown]
import { context, load } from 'landbridge'

function log(at, length) {
  console.log(context.export('memory').readText(at >>> 0, length))
}

const guest = load('countdown.wasm').instantiate({ imports: { env: { log } } })
console.log(guest.exports.countdown(3), 'lines')
// [end countdown]
