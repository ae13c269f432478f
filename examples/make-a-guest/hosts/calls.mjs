// Calls the guests that lie in the current folder. Prints what hosts/*.py print.
import { existsSync } from 'node:fs'
import { load, Policy, WitError } from 'landbridge'

const policy = Policy.program() // Go needs a clock

function greet() {
  const { memory, add, alloc, dealloc, hello } = load('greet.wasm').instantiate({ policy }).exports
  const greeting = (name) => {
    const data = new TextEncoder().encode(name)
    const at = alloc(data.length) >>> 0
    memory.write(at, data)
    const found = BigInt.asUintN(64, hello(at, data.length))
    dealloc(at, data.length)
    const [where, length] = [Number(found >> 32n), Number(found & 0xffffffffn)]
    const text = memory.readText(where, length)
    dealloc(where, length)
    return text
  }
  console.log(add(2, 3))
  console.log(greeting('Ada'))
  console.log(greeting('Zoë'))
}

function countdown() {
  const log = (at, length) => console.log(guest.exports.memory.readText(at >>> 0, length))
  const guest = load('countdown.wasm').instantiate({ policy, imports: { env: { log } } })
  console.log(guest.exports.countdown(3), 'lines')
}

function greeter() {
  const { greetings } = load('greeter.wasm').instantiate().exports
  console.log(greetings.hello({ name: 'Ada', age: 36, languages: ['en', 'fr'] }))
  try {
    greetings.hello({ name: '', age: 0, languages: [] })
  } catch (error) {
    if (!(error instanceof WitError)) throw error
    console.log('refused:', error.payload)
  }
}

function counter() {
  const guest = load('counter.wasm').instantiate({ imports: { logging: { log: (line) => console.log(line) } } })
  console.log(guest.exports.countdown(3), 'lines')
}

for (const call of [greet, countdown, greeter, counter]) {
  if (existsSync(`${call.name}.wasm`)) call()
}
