// The kernels in V8: `node kernels.mjs KERNELS_WASM NAME=SIZE=CHECKSUM ...`; the protocol is in bench/README.md.
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

const { instance } = await WebAssembly.instantiate(readFileSync(process.argv[2]))
const cases = new Map()
for (const text of process.argv.slice(3)) {
  const [name, size, checksum] = text.split('=')
  const run = instance.exports[name]
  const sum = run(Number(size), 1) >>> 0
  if (String(sum) !== checksum) throw new Error(`${name} of ${size} returned ${sum}, not ${checksum}`)
  cases.set(name, [run, Number(size)])
}
// Until V8 has compiled all of it with its optimising compiler.
for (const [run, size] of cases.values()) for (let i = 0; i < 40; i++) run(size, 1)
console.log(`ready ${[...cases.keys()].join(' ')}`)

for await (const line of createInterface({ input: process.stdin })) {
  const [name, iterations] = line.split(' ')
  const [run, size] = cases.get(name)
  const start = process.hrtime.bigint()
  for (let i = Number(iterations); i > 0; i--) run(size, 1)
  console.log(String(process.hrtime.bigint() - start))
}
