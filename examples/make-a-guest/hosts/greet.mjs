// [greet]
import { load } from 'landbridge'

const { memory, add, alloc, dealloc, hello } = load('greet.wasm').instantiate().exports

function greeting(name) {
  const data = new TextEncoder().encode(name)
  const at = alloc(data.length) >>> 0 // the guest makes room, the host writes
  memory.write(at, data)
  const found = BigInt.asUintN(64, hello(at, data.length))
  dealloc(at, data.length)
  const [where, length] = [Number(found >> 32n), Number(found & 0xffffffffn)]
  const text = memory.readText(where, length) // the guest wrote, the host reads
  dealloc(where, length)
  return text
}

console.log(add(2, 3))
console.log(greeting('Ada'))
console.log(greeting('Zoë'))
// [end greet]
