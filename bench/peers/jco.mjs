// The driver of jco, a peer: what it made of the component runs in V8. The protocol is in bench/README.md.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

const folder = process.argv[2]
const { instantiate } = await import(join(folder, 'bench.js'))

const MIB = 1 << 20
const FLOATS = 100_000
const MANY = 10_000
const TEXT = '0123456789abcdef'.repeat(4)

const host = { noop() {}, add: (a, b) => (a + b) >>> 0, text: (it) => it, bytesIn: (it) => it.length }
const core = (path) => new WebAssembly.Module(readFileSync(join(folder, path)))
const { calls } = instantiate(core, { 'landbridge:bench/host': host })

const bytes = new Uint8Array(MIB).fill(7)
const floats = Float64Array.from({ length: FLOATS }, (_, it) => it)
const texts = Array.from({ length: MANY }, (_, it) => `string number ${it}`)
const pairs = Array.from({ length: MANY }, (_, id) => ({ id, name: `name ${id}` }))
const points = Array.from({ length: MANY }, (_, x) => ({ x, y: 2, z: 3 }))
const ten = {
  a: 1, b: 'a name', c: 4, d: true, e: 2n, f: -3, g: 'something longer than a name', h: 8, i: 5, j: -6n,
}
const circle = { tag: 'circle', val: 1.5 }
const ok = { tag: 'ok', val: TEXT }

/** Each case runs its operation `n` times. A case has a loop of its own, so that V8 knows what it calls. */
const CASES = {
  noop(n) { for (let i = 0; i < n; i++) calls.noop() },
  add(n) { for (let i = 0; i < n; i++) calls.add(2, 3) },
  text(n) { for (let i = 0; i < n; i++) calls.text(TEXT) },
  'bytes-in'(n) { for (let i = 0; i < n; i++) calls.bytesIn(bytes) },
  'bytes-out'(n) { for (let i = 0; i < n; i++) calls.bytesOut(MIB) },
  'floats-in'(n) { for (let i = 0; i < n; i++) calls.floatsIn(floats) },
  'floats-out'(n) { for (let i = 0; i < n; i++) calls.floatsOut(FLOATS) },
  texts(n) { for (let i = 0; i < n; i++) calls.texts(texts) },
  ten(n) { for (let i = 0; i < n; i++) calls.ten(ten) },
  pairs(n) { for (let i = 0; i < n; i++) calls.pairs(pairs) },
  points(n) { for (let i = 0; i < n; i++) calls.points(points) },
  shape(n) { for (let i = 0; i < n; i++) calls.shape(circle) },
  outcome(n) { for (let i = 0; i < n; i++) calls.outcome(ok) },
  'host-noop'(n) { calls.hostNoop(n) },
  'host-add'(n) { calls.hostAdd(n) },
  'host-text'(n) { calls.hostText(n, TEXT) },
  'host-bytes-in'(n) { calls.hostBytesIn(n, MIB) },
}

// Long enough for V8 to compile each loop as well as it can.
for (let round = 0; round < 3; round++) {
  for (const run of Object.values(CASES)) {
    const end = performance.now() + 60
    while (performance.now() < end) run(10)
  }
}
console.log('ready', ...Object.keys(CASES))

for await (const line of createInterface({ input: process.stdin })) {
  const [name, iterations] = line.split(' ')
  const start = process.hrtime.bigint()
  CASES[name](Number(iterations))
  console.log(String(process.hrtime.bigint() - start))
}
