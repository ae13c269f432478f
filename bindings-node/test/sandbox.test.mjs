// Sandboxes: limits, policies, streams, programs, cancelling.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { pathToFileURL } from 'node:url'
import { context, Engine, ExitError, framesOf, Limits, load, Policy, Store } from 'landbridge'
import { calc, CALC, collected, kind } from './guests.mjs'

const WASI = load(new URL('../../conformance/modules/wasi.wat', import.meta.url))
const FILES = load(new URL('../../conformance/modules/files.wat', import.meta.url))
const GUEST = load(new URL('../../conformance/modules/limits.wat', import.meta.url))
const PROGRAM = (body) => load(`(module (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1) (func (export "_start") ${body}))`)

const dir = mkdtempSync(join(tmpdir(), 'landbridge-'))
test.after(() => rmSync(dir, { recursive: true }))

/** A guest of WASI, and a function by which it writes. */
function writer(options) {
  const guest = WASI.instantiate(options)
  const write = (text, to = 1) => {
    guest.exports.memory.write(1000, Buffer.from(text))
    return guest.exports.write(to, Buffer.byteLength(text))
  }
  return { guest, write }
}

/** What the guest reads of a file in its first folder. */
function content(guest, name) {
  guest.exports.memory.write(1000, Buffer.from(name))
  const [error, file] = guest.exports.open(3, name.length, 0, 2n)
  if (error !== 0) return error
  const [, length] = guest.exports.read(file, 100)
  return Buffer.from(guest.exports.memory.read(1000, length)).toString()
}

test('limits are numbers or BigInts', () => {
  for (const limits of [{ fuel: 1000, memoryBytes: 2 ** 20 }, { fuel: 1000n, memoryBytes: 2n ** 20n }]) {
    const guest = GUEST.instantiate({ limits })
    assert.throws(() => guest.exports.loop(), kind('fuel'))
    assert.throws(() => guest.exports.one(), kind('poisoned'))
  }
  GUEST.instantiate({ limits: { fuel: 2n ** 64n - 1n, timeoutMs: undefined } }).exports.one()
})

test('limits that are none', () => {
  const make = (limits) => () => new Store({ limits })
  const names = ['memoryBytes', 'tableElements', 'instances', 'fuel', 'outputBytes', 'writtenBytes', 'openFiles', 'timeoutMs',
    'transferBytes', 'handles']
  for (const name of names) {
    const place = new RegExp(`limits\\.${name}: expected a whole number from 0, got`)
    const bounds = new RegExp(`limits\\.${name}: \\S+ is out of range \\(0 to \\d+\\)`)
    for (const bad of [-1, -1n, 2n ** 64n, 2 ** 53, Infinity]) assert.throws(make({ [name]: bad }), kind('range', bounds))
    for (const bad of [1.5, NaN, '1', null, true, {}]) assert.throws(make({ [name]: bad }), kind('type', place))
  }
  assert.throws(make({ memory: 1 }), kind('type', /limits: no option is named "memory"; there is memoryBytes/))
  for (const bad of [null, 5, 'much']) assert.throws(make(bad), kind('type', /limits: expected an object/))
  assert.throws(() => GUEST.instantiate({ limits: { fuel: -1 } }), kind('range'))
  assert.throws(() => GUEST.instantiate({ limit: {} }), kind('type', /no option is named "limit"/))
})

test('an instance in a store has the sandbox of the store', () => {
  const store = new Store({ limits: { instances: 1 } })
  for (const option of [{ limits: {} }, { policy: Policy.none() }, { stdout: 'capture' }]) {
    assert.throws(() => GUEST.instantiate({ store, ...option }), kind('type', /belongs to the store: pass it to new Store/))
    assert.throws(() => store.instantiate(GUEST, option), kind('type', /no option is named/))
  }
  GUEST.instantiate({ store, limits: undefined })
  assert.throws(() => store.instantiate(GUEST), kind('limit'))
})

test('a deadline ends a call', () => {
  const limits = { timeoutMs: 30 }
  const start = performance.now()
  const late = GUEST.instantiate({ limits })
  assert.throws(() => late.exports.loop(), kind('timeout', /30 ms/))
  assert.throws(() => WASI.instantiate({ limits }).exports.sleep(3_600_000_000_000n), kind('timeout'))
  assert.ok(performance.now() - start < 5_000)
  const { lastCallMs } = late.store.usage()
  assert.ok(lastCallMs >= 25 && lastCallMs < 5_000, `${lastCallMs}`)
})

test('usage tells, and is frozen', () => {
  const guest = GUEST.instantiate({ limits: { fuel: 100_000 } })
  guest.exports.count(1000)
  const usage = guest.store.usage()
  assert.deepEqual([usage.instances, usage.fuelUsed, usage.outputBytes], [1, 5001n, 0])
  assert.ok(Object.isFrozen(usage))
  guest.store.setFuel(50_000n)
  assert.equal(guest.store.usage().fuelUsed, 0n)
  for (const [bad, why] of [[-1, 'range'], [2n ** 64n, 'range'], ['5', 'type'], [undefined, 'type']]) {
    assert.throws(() => guest.store.setFuel(bad), kind(why, /fuel/))
  }
  assert.equal(new Store().usage().fuelUsed, undefined)
  assert.throws(() => new Store().setFuel(1), kind('unsupported'))
  guest.close()
  assert.throws(() => guest.store.usage(), kind('closed'))
  assert.throws(() => guest.store.setFuel(1), kind('closed'))
})

test('an instance tells its store', () => {
  const store = new Store()
  const [one, two] = [store.instantiate(GUEST), store.instantiate(GUEST)]
  assert.ok(one.store === store && two.store === store)
  const alone = GUEST.instantiate()
  assert.ok(alone.store instanceof Store && alone.store === alone.store && alone.store !== store)
  alone.store.instantiate(GUEST).exports.table.set(0, alone.exports.one)
  alone.store.close()
  assert.ok(alone.closed && alone.store.closed)
  assert.throws(() => alone.exports, kind('closed'))
})

test('a store made by an instance is collected with it', async () => {
  let alone = GUEST.instantiate({ stdout() { void alone } })
  const gone = new WeakRef(alone.store)
  alone = undefined
  assert.ok(await collected(() => gone.deref() === undefined))
})

test('a call is cancelled from inside, and only there', () => {
  const guest = calc((n) => {
    guest.store.cancel()
    return n
  })
  guest.store.cancel()
  assert.equal(guest.exports.add(1, 2), 3, 'nothing ran')
  assert.throws(() => guest.exports.loop(1), kind('cancelled'))
  assert.throws(() => guest.exports.add(1, 2), kind('poisoned'))
  const { guest: chatty, write } = writer({ stdout: () => chatty.store.cancel() })
  chatty.exports.memory.write(1000, Buffer.from('x'))
  assert.throws(() => chatty.exports.flood(), kind('cancelled'))
  assert.throws(() => write('x'), kind('poisoned'))
})

test('a policy grants by name and is never changed', () => {
  const none = Policy.none()
  const policy = none
    .withReadOnlyDir('/data', './data').withDir('/out', pathToFileURL('/tmp/out'), 'write')
    .withEnv('LANG', 'C').withArgs(['prog', '-v']).withClock({ startNs: 5, stepNs: 2n ** 60n }).withRandom({ seed: 2n ** 64n - 1n })
  assert.deepEqual({ ...policy.dirs }, { '/data': { path: './data', access: 'read' }, '/out': { path: '/tmp/out', access: 'write' } })
  assert.deepEqual([{ ...policy.env }, policy.args], [{ LANG: 'C' }, ['prog', '-v']])
  assert.deepEqual([policy.clock, policy.random], [{ startNs: 5n, stepNs: 2n ** 60n }, { seed: 2n ** 64n - 1n }])
  for (const part of [policy.dirs, policy.dirs['/out'], policy.env, policy.args, policy.clock, policy.random]) assert.ok(Object.isFrozen(part))
  assert.ok(none.equals(Policy.none()) && !none.equals(policy))
  assert.deepEqual([none.clock, none.random, none.args, Object.keys(none.dirs)], ['none', 'none', [], []])
  assert.deepEqual(none.withClock({ fixedNs: 7 }).clock, { fixedNs: 7n })
  assert.deepEqual([none.withClock('real').clock, none.withRandom('secure').random], ['real', 'secure'])
  assert.ok(none.withClock('real').withClock('none').withRandom('none').equals(none))
})

test('limits are read from JSON and written', () => {
  const limits = Limits.fromJson('{"fuel":18446744073709551615,"memory_bytes":1048576,"timeout_ms":0.5}')
  assert.deepEqual({ ...limits }, { fuel: 2n ** 64n - 1n, memoryBytes: 1048576, timeoutMs: 1 })
  assert.ok(Object.isFrozen(limits))
  assert.equal(Limits.toJson(limits), '{"fuel":18446744073709551615,"memory_bytes":1048576,"timeout_ms":1}')
  assert.equal(Limits.toJson({}), '{}')
  assert.throws(() => Limits.fromJson('{"fuels":1}'), kind('type', /"fuels"/))
  assert.throws(() => Limits.fromJson({}), kind('type', /json: expected a string/))
  assert.throws(() => Limits.toJson({ fuels: 1 }), kind('type', /"fuels"/))
})

test('a policy is compared, restricted, and read', () => {
  const wide = Policy.none().withDir('/d', 'd', 'write').withEnv('__proto__', 'x').withClock('real')
  const narrow = Policy.none().withReadOnlyDir('/d', 'd')
  assert.ok(wide.allows(narrow) && !narrow.allows(wide) && wide.restrict(narrow).equals(narrow))
  assert.equal(wide.env.__proto__, 'x')
  const again = Policy.fromJson(wide.toJson())
  assert.ok(again.equals(wide) && again !== wide)
  for (const other of [null, undefined, {}, wide.toJson()]) assert.equal(wide.equals(other), false)
  const path = join(dir, 'policy.json')
  writeFileSync(path, wide.toJson())
  assert.ok(Policy.fromFile(path).equals(wide) && Policy.fromFile(pathToFileURL(path)).equals(wide))
  assert.throws(() => Policy.fromFile(join(dir, 'none.json')), kind('io', /none\.json/))
  assert.throws(() => Policy.fromJson('{"x":1}'), kind('type', /"x"/))
})

test('policies that are none', () => {
  const none = Policy.none()
  assert.throws(() => new Policy(), kind('type', /Policy\.none/))
  for (const bad of [undefined, 5, 'sundial', {}, { fixedNs: 1, stepNs: 2 }, { startNs: 1 }, { now: 1 }, null, { fixedNs: '1' }]) {
    assert.throws(() => none.withClock(bad), kind('type', /clock/))
  }
  for (const bad of [undefined, 5n, 'dice', {}, { seed: 1.5 }, null]) assert.throws(() => none.withRandom(bad), kind('type', /random/))
  for (const bad of [{ fixedNs: -1 }, { fixedNs: 2n ** 64n }]) assert.throws(() => none.withClock(bad), kind('range', /clock\.fixedNs/))
  assert.throws(() => none.withRandom({ seed: -1n }), kind('range', /random\.seed/))
  assert.throws(() => none.withDir('/d', 'd'), kind('type', /access: expected a string/))
  assert.throws(() => none.withDir('/d', 'd', 'all'), kind('type', /access: expected read or write, got all/))
  assert.throws(() => none.withReadOnlyDir('/d'), kind('type', /host: expected a string or URL/))
  assert.throws(() => none.withEnv('A', 1), kind('type', /value: expected a string, got number/))
  for (const bad of ['prog', undefined, [1]]) assert.throws(() => none.withArgs(bad), kind('type', /args/))
  for (const bad of [undefined, {}, 5]) assert.throws(() => none.restrict(bad), kind('type', /expected a Policy/))
  assert.throws(() => none.allows(), kind('type', /expected a Policy/))
  for (const bad of [{}, null, '{}']) assert.throws(() => new Store({ policy: bad }), kind('type', /policy: expected a Policy/))
})

test('a guest sees what the policy grants', () => {
  writeFileSync(join(dir, 'a.txt'), 'hello')
  const policy = Policy.none().withReadOnlyDir('/data', dir).withEnv('LANG', 'C').withClock({ fixedNs: 10n ** 18n })
  const guest = WASI.instantiate({ policy })
  assert.equal(content(guest, 'a.txt'), 'hello')
  assert.equal(content(guest, '../a.txt'), 63)
  assert.equal(guest.exports.environ(), 1)
  assert.deepEqual(guest.exports.clock(0), [0, 10n ** 18n])
  assert.equal(guest.exports.random()[0], 76)
  assert.equal(content(WASI.instantiate(), 'a.txt'), 8)
  assert.throws(() => WASI.instantiate({ policy: Policy.none().withReadOnlyDir('/x', join(dir, 'none')) }), kind('io', /none/))
})

test('a function gets what a guest writes', () => {
  const seen = []
  const { guest, write } = writer({ stdout: (bytes) => { seen.push(bytes) }, stderr: 'capture' })
  assert.equal(write('one'), 0)
  write('two')
  write('three', 2)
  assert.deepEqual(seen.map(String), ['111,110,101', '116,119,111'])
  assert.ok(seen[0] instanceof Uint8Array && seen[0].buffer.byteLength === 3)
  assert.deepEqual([Buffer.from(guest.store.stderr()).toString(), guest.store.stderr().length, guest.store.stdout().length], ['three', 0, 0])
  write('left', 2)
  guest.close()
  assert.equal(Buffer.from(guest.store.stderr()).toString(), 'left')
})

test('what a function for output throws arrives as it is', () => {
  for (const boom of [new Error('boom'), 5, null, undefined, { name: 'x' }]) {
    const { guest, write } = writer({ stdout() { throw boom } })
    let thrown = 'nothing'
    try { write('x') } catch (error) { thrown = error }
    assert.equal(thrown, boom)
    if (boom instanceof Error) assert.deepEqual(framesOf(boom).map(({ funcName }) => funcName), ['write'])
    assert.equal(guest.exports.args(), 0, 'the guest goes on')
  }
  assert.throws(() => writer({ async stdout() {} }).write('x'), kind('type', /the function for stdout gave a Promise/))
})

test('a function for output has no context, and of its store only what was written', () => {
  const tried = []
  const attempt = (what) => { try { tried.push(what()) } catch (error) { tried.push(error.kind) } }
  const { guest, write } = writer({
    stdout() {
      attempt(() => guest.exports.memory.read(0, 1))
      attempt(() => guest.store.instantiate(GUEST))
      attempt(() => context.name ?? 'no context')
      attempt(() => guest.store.stdout().length)
    },
  })
  assert.equal(write('x'), 0)
  assert.deepEqual(tried, ['busy', 'busy', 'no context', 0])
})

test('a function for output in the middle of a host function', () => {
  let inner
  const outer = calc(() => (inner.write('x'), context.name === 'env.host' ? 1 : 0))
  inner = writer({ stdout() { assert.equal(context.name, undefined) } })
  assert.equal(outer.exports.via(0), 1)
})

test('streams are files and bytes', () => {
  const [from, to] = [join(dir, 'in.txt'), join(dir, 'out.txt')]
  writeFileSync(from, 'of a file')
  const { guest, write } = writer({ stdin: { file: from }, stdout: { file: pathToFileURL(to) } })
  write('to a file')
  assert.equal(readFileSync(to, 'utf8'), 'to a file')
  const [, length] = guest.exports.read(0, 100)
  assert.equal(Buffer.from(guest.exports.memory.read(1000, length)).toString(), 'of a file')
  const bytes = Buffer.from('bytes')
  const reader = WASI.instantiate({ stdin: bytes })
  bytes.fill(0)
  assert.deepEqual(reader.exports.read(0, 100), [0, 5])
  assert.equal(Buffer.from(reader.exports.memory.read(1000, 5)).toString(), 'bytes')
  for (const stdin of [new Uint16Array(2), new ArrayBuffer(4), new SharedArrayBuffer(4), new DataView(new ArrayBuffer(9), 2, 4)]) {
    assert.deepEqual(WASI.instantiate({ stdin }).exports.read(0, 100), [0, 4])
  }
  assert.throws(() => WASI.instantiate({ stdin: { file: join(dir, 'none.txt') } }), kind('io', /none\.txt/))
})

test('streams that are none', () => {
  for (const bad of ['capture', 'text', null, 5, () => {}]) assert.throws(() => new Store({ stdin: bad }), kind('type', /stdin: expected 'inherit', bytes/))
  for (const name of ['stdout', 'stderr', 'refusals']) {
    for (const bad of ['file', null, 5, true]) assert.throws(() => new Store({ [name]: bad }), kind('type', new RegExp(`${name}: expected 'inherit', 'capture'`)))
    assert.throws(() => new Store({ [name]: {} }), kind('type', new RegExp(`${name}\\.file: expected a string or URL`)))
    assert.throws(() => new Store({ [name]: { path: 'x' } }), kind('type', /no option is named "path"/))
  }
})

test('a folder in memory is made for each store and gone with it', () => {
  const bytes = Uint8Array.of(0x68, 0x69)
  const files = { 'a.txt': 'grüße', 'deep/b.bin': bytes.buffer, ['__proto__']: new DataView(bytes.buffer, 1) }
  const policy = Policy.none().withMemoryDir('/m', files, 'write')
  bytes.fill(0)
  const { '/m': dir } = policy.memoryDirs
  const texts = Object.entries(dir.files).map(([name, content]) => [name, Buffer.from(content).toString()])
  assert.deepEqual(texts, [['__proto__', 'i'], ['a.txt', 'grüße'], ['deep/b.bin', 'hi']])
  assert.ok(dir.access === 'write' && Object.isFrozen(dir) && Object.isFrozen(dir.files) && Object.isFrozen(policy.memoryDirs))
  dir.files['a.txt'].fill(0) // A copy.
  assert.ok(Policy.fromJson(policy.toJson()).equals(policy) && !policy.equals(Policy.none()))
  const [one, two] = [WASI.instantiate({ policy }), WASI.instantiate({ policy })]
  one.exports.memory.write(1000, Buffer.from('a.txt'))
  assert.equal(one.exports.unlink(3, 5), 0)
  assert.deepEqual([content(one, 'a.txt'), content(two, 'a.txt'), content(two, 'deep/b.bin')], [44, 'grüße', 'hi'])
  assert.deepEqual(Object.keys(policy.withDir('/m', dir.access, 'read').memoryDirs), [])
})

test('folders in memory that are none', () => {
  const make = (files, access = 'read') => () => Policy.none().withMemoryDir('/m', files, access)
  for (const bad of [undefined, null, 'a.txt', 5]) assert.throws(make(bad), kind('type', /files: expected an object of strings and bytes/))
  for (const bad of [[], new Map(), new Uint8Array(1)]) assert.throws(make(bad), kind('type', /got something to iterate over/))
  for (const bad of [5, null, undefined, {}, ['x']]) assert.throws(make({ 'a.txt': bad }), kind('type', /files\["a\.txt"\]: expected a string or bytes/))
  for (const bad of ['/a', '../a', 'a/../b', '']) assert.throws(make({ [bad]: '' }), kind('type', /no path of a file inside a folder/))
  assert.throws(make({ a: '', 'a/b': '' }), kind('type', /"a" is a file and cannot hold "a\/b"/))
  assert.throws(make({}, 'all'), kind('type', /access: expected read or write, got all/))
  assert.throws(() => Policy.none().withMemoryDir('/m', {}), kind('type', /access: expected a string/))
  assert.throws(() => Policy.none().withMemoryDir(5, {}, 'read'), kind('type', /guest: expected a string/))
  const boom = new Error('getter')
  assert.throws(make({ get a() { throw boom } }), (error) => error === boom)
})

test('limits for files are errors of WASI', () => {
  const policy = Policy.none().withMemoryDir('/m', { a: '' }, 'write')
  const guest = FILES.instantiate({ policy, limits: { writtenBytes: 1000n, openFiles: 1 } })
  guest.exports.memory.write(1000, Buffer.from('a'))
  const open = () => guest.exports.open(3, 1, 0, 64n)
  const [, file] = open()
  assert.deepEqual(open(), [33, -1])
  assert.deepEqual([guest.exports.write(file, 999), guest.exports.write(file, 2), guest.exports.write(file, 1)], [0, 51, 0])
  const { writtenBytes, openFiles, outputBytes } = guest.store.usage()
  assert.deepEqual([writtenBytes, openFiles, outputBytes], [1000, 1, 0])
  assert.equal(guest.exports.close(file), 0)
  assert.equal(guest.store.usage().openFiles, 0)
})

test('refusals are told where output can go', () => {
  const line = 'refused: random_get: the policy grants no random numbers\n'
  const guest = WASI.instantiate({ refusals: 'capture' })
  guest.exports.random()
  guest.close()
  const told = [guest.store.refusals(), guest.store.refusals()].map((bytes) => Buffer.from(bytes).toString())
  assert.deepEqual(told, [line, ''])
  const seen = []
  WASI.instantiate({ refusals: (bytes) => { seen.push(Buffer.from(bytes).toString()) } }).exports.random()
  assert.deepEqual(seen, [line])
  const boom = new Error('refusal')
  assert.throws(() => WASI.instantiate({ refusals() { throw boom } }).exports.random(), (error) => error === boom)
  assert.throws(() => WASI.instantiate({ async refusals() {} }).exports.random(), kind('type', /the function for refusals gave a Promise/))
  assert.throws(() => GUEST.instantiate({ store: new Store(), refusals: 'capture' }), kind('type', /refusals belongs to the store/))
})

test('traps without signal handlers', () => {
  const engine = new Engine({ signalHandlers: false })
  const guest = load(CALC, { engine }).instantiate({ imports: { env: { host: (n) => n } } })
  assert.throws(() => guest.exports.div(1, 0), ({ code }) => code === 'integer_division_by_zero')
  assert.throws(() => guest.exports.down(), ({ code }) => code === 'stack_overflow')
  assert.equal(guest.exports.add(1, 2), 3)
  for (const bad of [0, null, 'off']) assert.throws(() => new Engine({ signalHandlers: bad }), kind('type', /signalHandlers: expected a boolean/))
})

test('streams of the process', () => {
  const text = `const { load } = require('landbridge')
    const guest = load(${JSON.stringify(new URL('../../conformance/modules/wasi.wat', import.meta.url).pathname)})
      .instantiate({ stdin: 'inherit', stdout: 'inherit', stderr: 'inherit' })
    const [, length] = guest.exports.read(0, 100)
    guest.exports.write(1, length)
    guest.exports.write(2, 2)`
  const { stdout, stderr } = spawnSync(process.execPath, ['-e', text], { cwd: new URL('.', import.meta.url), encoding: 'utf8', input: 'echo' })
  assert.deepEqual([stdout, stderr], ['echo', 'ec'])
})

test('a program gives its exit code', () => {
  assert.equal(PROGRAM('').instantiate().run(), 0)
  assert.equal(PROGRAM('(call $exit (i32.const 3))').instantiate().run(), 3)
  assert.throws(() => PROGRAM('unreachable').instantiate().run(), kind('trap'))
  assert.throws(() => PROGRAM('(loop (br 0))').instantiate({ limits: { timeoutMs: 10 } }).run(), kind('timeout'))
  assert.throws(() => GUEST.instantiate().run(), kind('not_found', /_start/))
  const closed = PROGRAM('').instantiate()
  closed.close()
  assert.throws(() => closed.run(), kind('closed'))
})

test('an exit is an error with its code', () => {
  for (const code of [0, 7]) {
    assert.throws(() => WASI.instantiate().exports.exit(code), (error) => {
      assert.ok(error instanceof ExitError && error.kind === 'exit' && error.frames[0].funcName === 'exit')
      return error.exitCode === code
    })
  }
  assert.deepEqual([new ExitError('why', { exitCode: 4 }).exitCode, new ExitError('why').exitCode], [4, undefined])
})

/** A program that calls its host. */
const asks = load('(module (import "env" "host" (func $host)) (memory (export "memory") 1) (func (export "_start") (call $host)))')

test('an exit that a host function throws is that of the guest that called it', async () => {
  const program = (host) => asks.instantiate({ imports: { env: { host } } })
  const inner = WASI.instantiate()
  assert.equal(program(() => inner.exports.exit(7)).run(), 7)
  assert.equal(program(() => program(() => inner.exports.exit(8)).call('_start')).run(), 8)
  assert.equal(await program(async () => inner.exports.exit(9)).runAsync(), 9)
  class Quit extends ExitError {}
  for (const [code, signed] of [[0, 0], [3, 3], [-1, -1], [2 ** 32 - 1, -1]]) {
    const quit = new Quit('enough', { exitCode: code })
    assert.ok(quit.exitCode === signed && quit.kind === 'exit')
    assert.equal(program(() => { throw quit }).run(), signed)
    assert.throws(() => program(() => { throw quit }).call('_start'), (error) => error === quit)
  }
})

test('errors that are no exits', () => {
  const program = (thrown) => asks.instantiate({ imports: { env: { host() { throw thrown } } } })
  for (const thrown of [new ExitError('without a code'), { kind: 'exit', exitCode: 5 }, Object.create(new ExitError('', { exitCode: 5 }))]) {
    assert.throws(() => program(thrown).run(), (error) => error === thrown)
  }
  for (const bad of ['5', 1.5, 5n, null, {}]) assert.throws(() => new ExitError('', { exitCode: bad }), kind('type', /exitCode: expected i32/))
  for (const bad of [2 ** 32, -(2 ** 31) - 1]) assert.throws(() => new ExitError('', { exitCode: bad }), kind('range', /exitCode/))
})

test('a worker is ended while its guest sleeps', { timeout: 20_000 }, async () => {
  const { Worker } = await import('node:worker_threads')
  const worker = new Worker(new URL('./worker.mjs', import.meta.url), { workerData: 'sleep' })
  await new Promise((resolve) => worker.once('message', resolve))
  await new Promise((resolve) => setTimeout(resolve, 20)) // sleeps: the guest sleeps by now, which nothing tells
  assert.equal(await worker.terminate(), 1)
})
