// The drivers of Landbridge and its peers in Node.js: peers.mjs PEER FOLDER NAME=SIZE=CHECKSUM ...; see bench/README.md.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const [peer, folder, ...kernels] = process.argv.slice(2)
const MIB = 1 << 20
const ROWS = 1_000_000
const TEXT = '0123456789abcdef'.repeat(4)
const bytes = (name) => readFileSync(join(folder, `${name}.wasm`))
// Peers are installed in the folder, not beside this file.
const { resolve: find } = createRequire(join(resolve(folder), 'package.json'))
const inc = (n) => n + 1
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Cases of a guest whose exports can be called and whose memory can be read and written. */
function ofExports({ add, callbacks, echo }, write, read) {
  const block = new Uint8Array(MIB)
  const text = () => {
    const data = encoder.encode(TEXT)
    write(1024, data)
    return decoder.decode(read(echo(1024, data.length), data.length))
  }
  if (text() !== TEXT) throw new Error('the text came back as another')
  return {
    call(n) { for (let i = 0; i < n; i++) add(2, 3) },
    callback(n) { callbacks(n) },
    text(n) { for (let i = 0; i < n; i++) text() },
    bytes_in(n) { for (let i = 0; i < n; i++) write(8192, block) },
    bytes_out(n) { for (let i = 0; i < n; i++) read(8192, MIB) },
  }
}

function ofKernels(exports) {
  return Object.fromEntries(kernels.map((text) => {
    const [name, size, checksum] = text.split('=')
    const run = exports[name]
    if (String(run(Number(size), 1) >>> 0) !== checksum) throw new Error(`${name} returned another checksum`)
    return [`kernel_${name}`, (n) => { for (let i = 0; i < n; i++) run(Number(size), 1) }]
  }))
}

/** The module, as one that was never there: with a section of a name and a number behind it, which no engine reads. */
let fresh = 0
function another(module) {
  const bytes = new Uint8Array(module.length + 9)
  bytes.set(module)
  bytes.set([0, 7, 2, 110, 111], module.length)
  new DataView(bytes.buffer).setUint32(module.length + 5, fresh++)
  return bytes
}

const columns = () => [0, 1, 2].map(() => Int32Array.from({ length: ROWS }, (_, i) => i))

async function landbridge() {
  const { load, Engine } = await import('../../bindings-node/index.mjs')
  const module = load(bytes('guest'))
  const imports = { env: { inc } }
  const { exports } = module.instantiate({ imports })
  const { memory, add } = exports
  const [xs, ys, out] = columns()
  const large = bytes('large')
  const middle = bytes('middle')
  const uncached = new Engine({ cache: false })
  return {
    ...ofExports(exports, (at, data) => memory.write(at, data), (at, length) => memory.read(at, length)),
    batch(n) { for (let i = 0; i < n; i++) add.map(xs, ys, { out }) },
    instantiate(n) { for (let i = 0; i < n; i++) module.instantiate({ imports }).close() },
    load_cached(n) { for (let i = 0; i < n; i++) load(large) },
    load(n) { for (let i = 0; i < n; i++) load(another(middle), { engine: uncached }) },
    ...ofKernels(load(bytes('kernels')).instantiate().exports),
  }
}

async function v8() {
  const module = new WebAssembly.Module(bytes('guest'))
  const imports = { env: { inc } }
  const { exports } = new WebAssembly.Instance(module, imports)
  const { memory, add } = exports
  const [xs, ys, out] = columns()
  const middle = bytes('middle')
  return {
    ...ofExports(exports, (at, data) => new Uint8Array(memory.buffer, at, data.length).set(data),
      (at, length) => new Uint8Array(memory.buffer, at, length).slice()),
    batch(n) { for (let i = 0; i < n; i++) for (let row = 0; row < ROWS; row++) out[row] = add(xs[row], ys[row]) },
    instantiate(n) { for (let i = 0; i < n; i++) new WebAssembly.Instance(module, imports) },
    load(n) { for (let i = 0; i < n; i++) new WebAssembly.Module(another(middle)) },
    ...ofKernels(new WebAssembly.Instance(new WebAssembly.Module(bytes('kernels'))).exports),
  }
}

async function extism() {
  const { default: createPlugin } = await import(find('@extism/extism'))
  const wasm = [{ data: bytes('extism') }]
  const functions = { 'extism:host/user': { inc: (_, n) => n + 1n } }
  const plugin = await createPlugin({ wasm }, { functions })
  const two = new Uint8Array(new BigInt64Array([2n, 3n]).buffer)
  const block = new Uint8Array(MIB)
  const text = async () => (await plugin.call('echo', TEXT)).text()
  if (await text() !== TEXT) throw new Error('the text came back as another')
  return {
    async call(n) { for (let i = 0; i < n; i++) await plugin.call('add', two) },
    async callback(n) { await plugin.call('callbacks', new Uint8Array(new BigInt64Array([BigInt(n)]).buffer)) },
    async text(n) { for (let i = 0; i < n; i++) await text() },
    async bytes_in(n) { for (let i = 0; i < n; i++) await plugin.call('take', block) },
    async bytes_out(n) { for (let i = 0; i < n; i++) await plugin.call('give') },
    async batch(n) { for (let i = 0; i < n * ROWS; i++) (await plugin.call('add', two)).getBigInt64(0, true) },
    async instantiate(n) { for (let i = 0; i < n; i++) await (await createPlugin({ wasm }, { functions })).close() },
  }
}

async function wasmer() {
  const { Wasmer } = await import(find('@wasmer/sdk'))
  const client = await Wasmer.create()
  const it = await client.packages.load(new Uint8Array(bytes('command')))
  const sandbox = await client.sandboxes.create({ packages: [it] })
  return { async instantiate(n) { for (let i = 0; i < n; i++) await sandbox.command(it).run() } }
}

const cases = await { landbridge, v8, extism, wasmer }[peer]()
// Long enough for V8 to compile each loop as well as it can.
for (const [name, run] of Object.entries(cases)) {
  const end = performance.now() + 60
  const few = !/call|text/.test(name)
  if (name !== 'batch' || peer !== 'extism') while (performance.now() < end) await run(few ? 1 : 100)
}
console.log('ready', ...Object.keys(cases))
for await (const line of createInterface({ input: process.stdin })) {
  const [name, iterations] = line.split(' ')
  const start = process.hrtime.bigint()
  await cases[name](Number(iterations))
  console.log(String(process.hrtime.bigint() - start))
}
process.exit(0)
