// Compiled by `npm run types`, never run: a core module that is imported, by what `landbridge types --typescript` writes.
import { load, type Func } from 'landbridge'
import { add, both, 'my-func' as mine, class as one, count, failed, own, run, table, Memory as four, _1 as five, '*/' as wide, type Imports } from './plain.wasm'

const sums: number[] = [add(2, 3), mine(), one(), four(), five()]
// @ts-expect-error a bigint is no i32
add(2n, 3)
const pair: [bigint, number] = both(1n, 2)
const later: Promise<number> = add.async(2, 3, { signal: AbortSignal.timeout(5) })
run() satisfies void
count.value += 1n
const [vector]: [Uint8Array, any] = wide(5n, {})
const imports: Imports = { env: { log: (n, big) => Number(big) + n, memory: own }, 'my env': { 'it\'s': count } }
const plain = load<typeof import('./plain.wasm')>('plain.wasm').instantiate({ imports })
const again: Promise<number> = plain.exports.add.async(2, 3)
const any: Func = add
void [sums, pair, later, vector, again, any, failed, table]
