import { load, Trap, type Func, type Memory } from 'landbridge'
import { add, add64, count, div, memory } from './calc.wasm'
import { hello } from './greet.wasm'

// [typed]
interface Calc {
  add: Func<(a: number, b: number) => number>
  add64: Func<(a: bigint, b: bigint) => bigint>
  memory: Memory
}

const calc = load<Calc>('calc.wasm').instantiate()
const five: number = calc.exports.add(2, 3)
const big: bigint = calc.exports.add64(2n, 3n)
// [end typed]
const all = load<typeof import('./calc.wasm')>('calc.wasm').instantiate().exports
const later: Promise<number> = all.add.async(20, 3)
console.log(five, big, calc.exports.memory.sizeBytes, await later)

const sum: number = add(2, 3)
const wide: bigint = add64(2n, 3n)
const pages: number = memory.sizePages
const before: bigint = count.value
const text: string = hello('Ada')
console.log(sum, wide, pages, before, text)
try {
  div(1, 0)
} catch (error) {
  if (error instanceof Trap) console.log(error.code)
}

/** Never called: what the compiler refuses. */
export function wrong(): void {
  // @ts-expect-error 64-bit integers are bigint
  calc.exports.add64(2, 3)
  // @ts-expect-error there is no such export
  void calc.exports.sub
  // @ts-expect-error a number is no bigint
  count.value = 5
}
