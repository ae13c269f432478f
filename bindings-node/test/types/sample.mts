// Compiled by `npm run types`, never run: what programs may write, and what they may not.
import {
  askNames, bits, context, Engine, framesOf, Func, GcRef, Global, inspect, Limits, load, Memory, Module, Policy, Pool, run, runAsync, Store, Table,
  rowOf, Tag,
  ExitError, TaggedException, Trap, IoError, OutOfBoundsError, WasmError, WasmTypeError,
} from 'landbridge'
import { provide } from 'landbridge/register'
import type {
  AskName, CallOptions, ErrorKind, FieldType, FuncType, Inspection, Instance, Output, PoolCounts, SentModule, Usage,
} from 'landbridge'

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
const sums: Int32Array | Float32Array | Float64Array = calc.exports.add.map([1, 2], Int32Array.of(3, 4))
const bigs: BigInt64Array = calc.exports.add64.map(BigInt64Array.of(1n), 2n, undefined)
const given: Int32Array = calc.exports.add.map(1, new Uint32Array(3), { out: new Int32Array(3) })
calc.exports.add.map(1, 2, { rows: 3 })
// @ts-expect-error 64-bit integers are bigint
calc.exports.add64.map([1], [2])
// @ts-expect-error a column of bytes
calc.exports.add.map(new Uint8Array(1), 2)
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

const wide = new Memory(store, { min: 1n, is64: true, pageBytes: 1 })
new Table(store, { element: 'structref', min: 1, is64: true })
// @ts-expect-error a table holds references
new Table(store, { element: 'i32', min: 1 })
const engine = new Engine({ wideArithmetic: true, customPageSizes: true, cache: new URL('file:///cache') })
load('calc.wasm', { engine }).instantiate({ imports: { config: { retries: 3, owner: { name: 'Ada' } } } })

const sent: SentModule = structuredClone(load<Calc>('calc.wasm') as SentModule)
load<Calc>(sent).compile('calc.code')
Module.loadPrecompiled<Calc>('calc.code', { engine }).instantiate().exports.add(1, 2)
const found: Inspection = inspect(load('calc.wasm'))
const section: Uint8Array | undefined = found.customSections[0]?.bytes

const denied = new Tag(store, ['i32'])
const open = bits((n: number): number => { throw new TaggedException(denied, [n]) })
const point: GcRef = calc.call('point', 1, 2)
const fields: readonly FieldType[] = point.type.sort === 'struct' ? point.type.fields : [point.type.element]
point.set(0, point.get(0) + 1)
// @ts-expect-error structs are made by guests
new GcRef()
const same: boolean = point.equals(twice.bits(1)) || denied.equals(calc.tag('denied'))

const policy = Policy.none().withReadOnlyDir('/data', './data').withDir('/out', new URL('file:///out'), 'write')
  .withClock({ fixedNs: 5 }).withRandom({ seed: 5n }).withArgs(['app']).withEnv('LANG', 'C')
const online: Policy = policy.withTcpConnect('10.0.0.0/8', 443).withTcpBind('::1', '8000-8999').withUdpConnect('192.0.2.1', '*')
  .withUdpBind('0.0.0.0/0', 53).withName('*.example.org', 443).withHttp('https', 'api.example.org', 443, 'GET')
const reached: boolean = online.allowsTcpConnect('10.1.2.3', 443) || online.allowsName('a.example.org')
  || online.allowsNamePort('a.example.org', 443) || online.allowsHttp('https', 'api.example.org', 443, 'GET')
  || online.allowsTcpBind('::1', 1) || online.allowsUdpConnect('::1', 1) || online.allowsUdpBind('::1', 1)
const drafts: Policy = policy.withMemoryDir('/tmp', { 'a.txt': 'text', 'b.bin': new Uint8Array(2) }, 'write')
const draft: Uint8Array | undefined = drafts.memoryDirs['/tmp']?.files['a.txt']
// @ts-expect-error one port is asked for, not many
online.allowsTcpConnect('10.1.2.3', '443')
// @ts-expect-error a file holds texts or bytes
policy.withMemoryDir('/tmp', { 'a.txt': 5 }, 'write')
const limits: Limits = { memoryBytes: 64 * 2 ** 20, timeoutMs: 500, fuel: 10_000_000n }
const output: Output = (written: Uint8Array) => written.length
const boxed = load('app.wasm').instantiate({ policy, limits, stdin: bytes, stdout: output, stderr: { file: 'errors.txt' }, refusals: 'inherit' })
const code: number = boxed.run()
const usage: Usage = new Store({ engine, policy, limits, stdin: 'inherit', stdout: 'capture' }).usage()
const fuel: bigint | undefined = boxed.store === store ? undefined : usage.fuelUsed
const text: string = policy.restrict(Policy.fromJson(policy.toJson())).dirs['/data']?.access satisfies 'read' | 'write' | undefined ?? 'none'
// @ts-expect-error a folder needs to be said how
policy.withDir('/data', './data')
const read: Limits = Limits.fromJson(Limits.toJson(limits))
const most: number | bigint | undefined = read.fuel
// @ts-expect-error limits cannot be changed
limits.fuel = 5
// @ts-expect-error stdin cannot be captured
new Store({ stdin: 'capture' })
// @ts-expect-error policies are made by their static methods
new Policy()

const { signal } = new AbortController()
const soon: Promise<number> = calc.exports.add.async(1, 2)
const cancellable: Promise<bigint> = calc.exports.add64.async(1n, 2n, { signal })
// @ts-expect-error 64-bit integers are bigint here, too
calc.exports.add64.async(1, 2)
// @ts-expect-error a signal is what ends a call
calc.exports.add.async(1, 2, { timeout: 5 })
// @ts-expect-error a memory is not called
calc.exports.memory.async()
const later: Promise<number> = boxed.runAsync({ signal: AbortSignal.timeout(50) } satisfies CallOptions)
twice.async(1).then((n: number) => n)
boxed.exports['anything'].async(1, { signal })
new Engine({ callThreads: 2, signalHandlers: false })
const asked: AskName | undefined = found.asks[0]?.what ?? askNames[0]
const refused: Uint8Array = store.refusals()
const held: number = usage.writtenBytes + usage.openFiles
new Store({ limits: { writtenBytes: 1 << 20, openFiles: 16n } })

const pool = new Pool(load<Calc>('calc.wasm'), { max: 4, waitMs: 100, reset: 'reuse', imports: { env: {} }, limits, policy })
const counts: PoolCounts = pool.counts
// @ts-expect-error there is no such way
new Pool(load('calc.wasm'), { reset: 'never' })
{
  using taken = pool.get()
  const sum: number = taken.exports.add(1, counts.ready)
  pool.callAsync('add', sum, 2, { signal }).then(pool.call('add', 1, 2))
}

{
  using scoped = store.instantiate(load<Calc>('calc.wasm'), { imports: {} })
  scoped.exports.add(five, 1)
}

try {
  calc.call('add', 1, 2)
} catch (error) {
  if (error instanceof TaggedException && error.tag.equals(denied)) console.log(error.payload[0], error.bits)
  if (error instanceof ExitError) process.exitCode = error.exitCode satisfies number
  if (error instanceof Trap) console.log(error.code satisfies string, error.frames[0]?.funcName)
  if (error instanceof WasmError) error.kind satisfies ErrorKind
  if (error instanceof IoError) console.log(error.code === 'ENOENT', error.errno satisfies number | undefined, error.path)
  if (error instanceof WasmTypeError) error satisfies TypeError
  if (error instanceof OutOfBoundsError) error satisfies RangeError
  framesOf(error).length
}
export { asked, draft, held, reached, refused, soon, cancellable, later, code, fuel, text, big, type, target, log, wide, section, open, fields, same }

provide('env', new URL('./env.mjs', import.meta.url))
provide('path', 'node:path')
// @ts-expect-error what is lent is a URL, not a value
provide('env', { log: console.log })

const ended: number = run('app.wasm', ['--verbose'], { policy: Policy.program(), stdout: { lines: (line: string) => {} }, stdin: null })
const laterCode: Promise<number> = runAsync('app.wasm', [], { signal: AbortSignal.timeout(1), limits: { timeoutMs: 5 } })
// @ts-expect-error arguments are strings
run('app.wasm', [1])
const lost: string = store.output() + new WasmError('').output
