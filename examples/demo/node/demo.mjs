// Loads modules that others wrote, lets them work on real bytes, and prints one line for each call:
// host, module, call, result, digest, milliseconds. Every host has this program.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load, Trap } from '../../../bindings-node/index.mjs'

const examples = process.argv[2] ?? 'examples'
const built = join(examples, 'modules', 'built')
const input = readFileSync(join(built, 'input.bin'))
const MESSAGES = [[1, 'request.http'], [2, 'response.http']] // With their kinds, as llhttp counts them.
const CALLBACKS = [
  'wasm_on_message_begin', 'wasm_on_url', 'wasm_on_status', 'wasm_on_header_field',
  'wasm_on_header_value', 'wasm_on_headers_complete', 'wasm_on_body', 'wasm_on_message_complete',
]

/** FNV-1a, 64 bits, in four limbs of 16: the prime is 2^40 + 0x1b3. */
function digest(bytes) {
  let [a, b, c, d] = [0x2325, 0x8422, 0x9ce4, 0xcbf2]
  for (const byte of bytes) {
    a ^= byte
    const high = d * 0x1b3 + b * 0x100
    const middle = c * 0x1b3 + a * 0x100
    a *= 0x1b3
    b = b * 0x1b3 + (a >>> 16)
    c = middle + (b >>> 16)
    d = (high + (c >>> 16)) & 0xffff
    a &= 0xffff
    b &= 0xffff
    c &= 0xffff
  }
  return [d, c, b, a].map((limb) => limb.toString(16).padStart(4, '0')).join('')
}

function line(module, call, result, output, ms) {
  console.log(['node', module, call, result, digest(output), ms.toFixed(2)].join('\t'))
}

/** Calls, and says how long it took. */
function timed(func, ...args) {
  const start = performance.now()
  const result = func(...args)
  return [result, performance.now() - start]
}

/** Puts bytes into a guest, in room made by its own allocator. */
function put(memory, alloc, data) {
  const address = alloc(data.length) >>> 0 // Guests count addresses unsigned.
  memory.write(address, data)
  return address
}

/** Bytes of numbers: `numbers(Int32Array, 1, 2)`. */
const numbers = (Type, ...values) => new Uint8Array(Type.of(...values).buffer)

/** Notes a callback: its name, then its arguments. */
const event = (name, args) => [Buffer.from(name), numbers(Int32Array, ...args)]

function sha256() {
  const guest = load(join(examples, 'guests/sha256.wasm')).instantiate().exports
  const data = put(guest.memory, guest.alloc, input)
  const out = guest.alloc(32)
  const [length, ms] = timed(guest.sha256, data, input.length, out)
  line('sha256', 'sha256', length, new Uint8Array(guest.memory.buffer, out, length), ms)
}

function text() {
  const guest = load(join(examples, 'guests/text.wasm')).instantiate().exports
  const data = put(guest.memory, guest.alloc, input)
  const out = guest.alloc(Math.ceil(input.length / 3) * 4)
  const [length, ms] = timed(guest.base64, data, input.length, out)
  line('text', 'base64', length, new Uint8Array(guest.memory.buffer, out, length), ms)

  const [bits, time] = timed(guest.entropy, data, input.length)
  line('text', 'entropy', bits.toFixed(6), numbers(Float64Array, bits), time)
}

function lz4() {
  const guest = load(join(examples, 'guests/lz4.wasm')).instantiate().exports
  const data = put(guest.memory, guest.alloc, input)
  const packed = guest.alloc(guest.compress_bound(input.length))
  const [size, ms] = timed(guest.compress, data, input.length, packed)
  line('lz4', 'compress', size, new Uint8Array(guest.memory.buffer, packed, size), ms)

  const back = guest.alloc(input.length)
  const [length, time] = timed(guest.decompress, packed, size, back, input.length)
  line('lz4', 'decompress', length, new Uint8Array(guest.memory.buffer, back, length), time)
}

function words() {
  const guest = load(join(examples, 'guests/words.wasm')).instantiate().exports
  const data = put(guest.memory, guest.alloc, input)
  const [report, ms] = timed(guest.words, data, input.length)
  const [address, length] = [report >> 32n, report & 0xffffffffn]
  line('words', 'words', report, guest.memory.read(address, length), ms)
}

function xxhash() {
  const guest = load(join(built, 'xxhash.wasm')).instantiate().exports
  guest.mem.grow(Math.ceil(input.length / 65536))
  guest.mem.write(0, input)
  const [hash32, ms] = timed(guest.xxh32, 0, input.length, 0)
  line('xxhash', 'xxh32', hash32, numbers(Int32Array, hash32), ms)

  const [hash64, time] = timed(guest.xxh64, 0, input.length, 0n)
  line('xxhash', 'xxh64', hash64, numbers(BigInt64Array, hash64), time)
}

function llhttp() {
  const events = []
  const callback = (name) => (...args) => {
    events.push(...event(name, args))
    if (args.length === 3) events.push(guest.memory.read(args[1], args[2]))
    return 0
  }
  const env = Object.fromEntries(CALLBACKS.map((name) => [name, callback(name)]))
  const guest = load(join(built, 'llhttp.wasm')).instantiate({ imports: { env } }).exports
  for (const [kind, name] of MESSAGES) {
    events.length = 0
    const message = readFileSync(join(built, name))
    const parser = guest.llhttp_alloc(kind)
    const data = put(guest.memory, guest.malloc, message)
    const [status, ms] = timed(guest.llhttp_execute, parser, data, message.length)
    line('llhttp', 'llhttp_execute', status, Buffer.concat(events), ms)
  }
}

function mappings() {
  const events = []
  let count = 0
  const mapping_callback = (...args) => {
    count += 1
    events.push(...event('mapping_callback', args))
  }
  const module = load(join(built, 'mappings.wasm'))
  const guest = module.instantiate({ imports: { env: { mapping_callback } } }).exports
  const data = put(guest.memory, guest.allocate_mappings, readFileSync(join(built, 'mappings.txt')))
  const [parsed, ms] = timed(guest.parse_mappings, data)
  line('mappings', 'parse_mappings', parsed, numbers(Int32Array, parsed), ms)

  const [, time] = timed(guest.by_generated_location, parsed)
  line('mappings', 'by_generated_location', count, Buffer.concat(events), time)
}

/** What the shop asks of its host. Only the log is needed here. */
function office(log) {
  class Journal { write() {} length() {} static find() {} }
  const rest = Object.fromEntries(['worth', 'reserve', 'close', 'title'].map((name) => [name, () => {}]))
  return { office: { Journal, ...rest, log }, currency: () => 'EUR' }
}

/** A component: strings, lists and records cross as what they are in JavaScript. */
function shop() {
  const logged = []
  const imports = office((level, text) => { logged.push(`${level}: ${text}`) })
  const { orders, echo, greet } = load(join(examples, 'components/shop-rust.wasm')).instantiate({ imports }).exports
  const [sum, ms] = timed(orders.checksum, input)
  line('shop', 'checksum', sum, numbers(Uint32Array, sum), ms)

  const lines = input.toString().split('\n')
  const [same, time] = timed(echo.echoStrings, lines)
  line('shop', 'echo-strings', same.length, Buffer.from(same.join('')), time)

  const lengths = Float64Array.from(lines, (it) => Buffer.byteLength(it))
  const [{ count, least, most, mean }, took] = timed(orders.describe, lengths)
  const bytes = [numbers(Uint32Array, count), numbers(Float64Array, least, most, mean)]
  line('shop', 'describe', mean.toFixed(6), Buffer.concat(bytes), took)

  const [greeting, passed] = timed(greet, 'Zoë')
  line('shop', 'greet', greeting, Buffer.from(logged.join('')), passed)
}

function trap() {
  const guest = load(join(examples, 'demo/trap.wat')).instantiate().exports
  const start = performance.now()
  try {
    guest.div(1, 0)
  } catch (error) {
    if (!(error instanceof Trap)) throw error
    const name = Buffer.from(error.frames[0].funcName ?? '')
    line('trap', 'div', `${error.kind} ${error.code}`, name, performance.now() - start)
  }
}

for (const part of [sha256, text, lz4, words, xxhash, llhttp, mappings, shop, trap]) part()
