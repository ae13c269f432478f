// Compiled by `npm run types`, never run: what programs may write, and what they may not.
import { context, framesOf, Func, Global, load, Memory, Module, Store, Table, Trap, WasmError } from 'landbridge'
import type { ErrorKind, FuncType, Instance } from 'landbridge'

interface Calc {
  add(a: number, b: number): number
  add64(a: bigint, b: bigint): bigint
  memory: Memory
}

const calc: Instance<Calc> = load<Calc>('calc.wasm').instantiate()
const five: number = calc.exports.add(2, 3)
const big: bigint = calc.exports.add64(2n, 3n)
// @ts-expect-error 64-bit integers are bigint
calc.exports.add64(2, 3)
// @ts-expect-error there is no such export
calc.exports.nothing()
const bytes: Uint8Array = new Uint8Array(calc.exports.memory.buffer)

const untyped = new Module('(module)').instantiate<Calc>({ imports: { env: { log: (n: number) => {} }, other: calc } })
untyped.exports.add(1, 2)
load(new URL('file:///calc.wasm')).instantiate().exports['anything']()
// @ts-expect-error imports come under their own name
load(bytes).instantiate({ env: {} })

const store = new Store()
const memory = new Memory(store, { min: 1, max: 2 })
const table = new Table(store, { element: 'funcref', min: 1 })
const counter = new Global<bigint>(store, { content: 'i64', mutable: true }, 0n)
counter.value += 1n
const twice: Func = new Func(store, { params: ['i32'], results: ['i32'] }, (n: number) => n * 2)
const type: FuncType = twice.type
// @ts-expect-error instances are made by modules
new calc.constructor()
table.set(0, twice)
const target: Float32Array = memory.readInto(0, new Float32Array(4))
const log: Memory | unknown = context.export('memory')

{
  using scoped = store.instantiate(load<Calc>('calc.wasm'), { imports: {} })
  scoped.exports.add(five, 1)
}

try {
  calc.call('add', 1, 2)
} catch (error) {
  if (error instanceof Trap) console.log(error.code satisfies string, error.frames[0]?.funcName)
  if (error instanceof WasmError) error.kind satisfies ErrorKind
  framesOf(error).length
}
export { big, type, target, log }
