// The bench driver for Node.js; the protocol is in bench/README.md.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createInterface } from 'node:readline'
import { Engine, Pool, load } from '../../bindings-node/index.mjs'

const { empty } = createRequire(import.meta.url)('../../bindings-node/landbridge.node')

const MIB = 1 << 20
const data = readFileSync(process.argv[2])
const large = readFileSync(process.argv[3])
const module = load(data)
const imports = { env: { inc: (n) => n + 1 } }
const bench = module.instantiate({ imports })
const { add_i32: addI32, add_i64: addI64, add_f64: addF64, callbacks, memory } = bench.exports
const path = process.argv[3]
const slotted = load(process.argv[2].replace(/[^/]*$/, 'data.wat'), { engine: new Engine({ poolSlots: 8 }) })
const pool = new Pool(slotted)
const small = new Uint8Array(64)
const block = new Uint8Array(MIB)
const columns = (Column, rows) => [0, 1].map((seed) => Column.from({ length: rows }, (_, i) => seed + i))
const [fewI32, fewF64] = [Int32Array, Float64Array].map((Column) => columns(Column, 100_000))
const [manyI32, manyF64] = [Int32Array, Float64Array].map((Column) => columns(Column, 1_000_000))

/** Each case runs its operation `n` times. A case has a loop of its own, so that V8 knows what it calls. */
const CASES = {
  empty(n) { for (let i = 0; i < n; i++) empty(2, 3) },
  add_i32(n) { for (let i = 0; i < n; i++) addI32(2, 3) },
  add_i64(n) { for (let i = 0; i < n; i++) addI64(2n, 3n) },
  add_f64(n) { for (let i = 0; i < n; i++) addF64(2.5, 3.5) },
  by_name(n) { for (let i = 0; i < n; i++) bench.exports.add_i32(2, 3) },
  callback(n) { callbacks(n) },
  instantiate(n) { for (let i = 0; i < n; i++) module.instantiate({ imports }).close() },
  instantiate_pooled(n) { for (let i = 0; i < n; i++) pool.get().close() },
  load(n) { for (let i = 0; i < n; i++) load(large) },
  load_path(n) { for (let i = 0; i < n; i++) load(path) },
  copy_64(n) { for (let i = 0; i < n; i++) { memory.write(0, small); memory.readInto(0, small) } },
  map_i32_1e5(n) { for (let i = 0; i < n; i++) addI32.map(...fewI32) },
  map_f64_1e5(n) { for (let i = 0; i < n; i++) addF64.map(...fewF64) },
  map_i32_1e6(n) { for (let i = 0; i < n; i++) addI32.map(...manyI32) },
  map_f64_1e6(n) { for (let i = 0; i < n; i++) addF64.map(...manyF64) },
  write_1mib(n) { for (let i = 0; i < n; i++) memory.write(0, block) },
  read_1mib(n) { for (let i = 0; i < n; i++) memory.readInto(0, block) },
}

// Names behind the paths are the cases that are wanted, for who counts instructions: the others are not warmed up.
const wanted = process.argv.slice(4)
for (const [name, run] of Object.entries(CASES)) {
  if (wanted.length && !wanted.includes(name)) continue
  const few = /load|instantiate|mib|map/.test(name)
  for (let i = 0; i < 20; i++) run(few ? 5 : wanted.length ? 1_000 : 5_000)
}
console.log('ready', ...Object.keys(CASES))

for await (const line of createInterface({ input: process.stdin })) {
  const [name, iterations] = line.split(' ')
  const start = process.hrtime.bigint()
  CASES[name](Number(iterations))
  console.log(String(process.hrtime.bigint() - start))
}
