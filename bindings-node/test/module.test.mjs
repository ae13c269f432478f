// Modules on their way: cloned, sent, precompiled, inspected; and the values lent to them.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { pathToFileURL } from 'node:url'
import { askNames, Engine, Func, Global, inspect, load, Memory, Module, Store, Table } from 'landbridge'
import { CALC, kind } from './guests.mjs'

const TEXT = '(module $tiny (func (export "one") (result i32) i32.const 1))'
const tiny = load(TEXT)
const folder = mkdtempSync(join(tmpdir(), 'landbridge-'))
process.on('exit', () => rmSync(folder, { recursive: true }))
const file = (name) => join(folder, name)

test('a module has its bytes and their hash', () => {
  assert.ok(tiny.bytes instanceof Uint8Array)
  assert.deepEqual([...tiny.bytes.subarray(0, 4)], [0, 97, 115, 109])
  assert.match(tiny.digest, /^[0-9a-f]{64}$/)
  tiny.bytes.fill(0)
  assert.equal(load(tiny.bytes).digest, tiny.digest)
  assert.notEqual(load('(module)').digest, tiny.digest)
  assert.deepEqual(Object.keys(tiny), ['bytes', 'digest'])
})

test('a clone is loaded', () => {
  const sent = structuredClone(tiny)
  assert.ok(!(sent instanceof Module))
  assert.deepEqual(Object.keys(sent), ['bytes', 'digest'])
  for (const one of [sent, structuredClone({ deep: [tiny] }).deep[0], tiny]) {
    const module = load(one)
    assert.deepEqual([module.name, module.digest, module.instantiate().exports.one()], ['tiny', tiny.digest, 1])
  }
  assert.equal(load(sent, { engine: new Engine({ cache: false }) }).instantiate().exports.one(), 1)
})

test('a clone that was altered is refused', () => {
  const other = load('(module)')
  assert.throws(() => load({ bytes: other.bytes, digest: tiny.digest }), kind('compile', /altered on its way/))
  assert.throws(() => load({ bytes: Buffer.from('no module'), digest: tiny.digest }), kind('compile', /altered on its way/))
  assert.throws(() => load({ bytes: tiny.bytes, digest: tiny.digest.toUpperCase() }), kind('compile'))
  const bytes = tiny.bytes
  bytes[9] ^= 255
  assert.throws(() => load({ bytes, digest: tiny.digest }), kind('compile'))
  for (const digest of [null, 5, {}, Symbol('s')]) assert.throws(() => load({ bytes: tiny.bytes, digest }), kind('compile'))
  for (const bytes of [undefined, null, 'text', [0, 97]]) assert.throws(() => load({ bytes, digest: tiny.digest }), kind('type'))
  assert.throws(() => load({ bytes: tiny.bytes }), kind('type'))
})

test('a precompiled module', () => {
  tiny.compile(file('tiny.code'))
  if (process.platform !== 'win32') assert.equal(statSync(file('tiny.code')).mode & 0o777, 0o600)
  tiny.compile(pathToFileURL(file('tiny.code')))
  for (const path of [file('tiny.code'), pathToFileURL(file('tiny.code'))]) {
    const module = Module.loadPrecompiled(path)
    assert.deepEqual([module.name, module.digest, module.instantiate().exports.one()], ['tiny', tiny.digest, 1])
  }
  assert.equal(load(Module.loadPrecompiled(file('tiny.code'))).instantiate().exports.one(), 1)
  const engine = new Engine({ interruptible: false })
  assert.throws(() => Module.loadPrecompiled(file('tiny.code'), { engine }), kind('compile', /another configuration/))
  load(TEXT, { engine }).compile(file('other.code'))
  assert.equal(Module.loadPrecompiled(file('other.code'), { engine }).instantiate().exports.one(), 1)
})

test('files that are no precompiled module', () => {
  tiny.compile(file('tiny.code'))
  assert.throws(() => load(file('tiny.code')), kind('compile', /load_precompiled/))
  assert.throws(() => load(readFileSync(file('tiny.code'))), kind('compile', /load_precompiled/))
  assert.throws(() => inspect(file('tiny.code')), kind('compile'))
  writeFileSync(file('text.code'), 'hello')
  assert.throws(() => Module.loadPrecompiled(file('text.code')), kind('compile', /not a precompiled module/))
  assert.throws(() => Module.loadPrecompiled(file('missing.code')), kind('io'))
  assert.throws(() => tiny.compile(file('no/such/folder.code')), kind('io'))
  for (const bad of [undefined, 5, null, tiny.bytes]) {
    assert.throws(() => Module.loadPrecompiled(bad), kind('type', /path: expected a string or URL/))
    assert.throws(() => tiny.compile(bad), kind('type'))
  }
  assert.throws(() => Module.loadPrecompiled(new URL('https://example.org/tiny.code')), kind('io', /only file: URLs/))
})

test('an inspection is data, from each sort of source', () => {
  writeFileSync(file('rich.wat'), '(module $rich (@custom "mine" "abc") (import "e" "f" (func)) (memory (export "m") i64 3))')
  const text = readFileSync(file('rich.wat'), 'utf8')
  for (const source of [file('rich.wat'), pathToFileURL(file('rich.wat')), text, Buffer.from(text), load(text), structuredClone(load(text))]) {
    const found = inspect(source)
    assert.ok(Object.isFrozen(found) && Object.isFrozen(found.imports[0]) && Object.isFrozen(found.features))
    assert.deepEqual([found.name, found.features, found.producers, found.targetFeatures], ['rich', ['memory64'], [], []])
    assert.deepEqual(found.imports.map(({ module, name, type }) => [module, name, `${type}`]), [['e', 'f', 'func () -> ()']])
    assert.deepEqual(found.exports.map(({ name, type }) => [name, `${type}`]), [['m', 'memory i64 3']])
    assert.deepEqual([found.memories[0].min, found.memories[0].is64], [3, true])
    assert.equal(found.customSections[0].name, 'mine')
    assert.equal(Buffer.from(found.customSections[0].bytes).toString(), 'abc')
  }
  const { asks } = inspect('(module (import "wasi_snapshot_preview1" "random_get" (func)) (import "env" "args_get" (func)))')
  assert.deepEqual(asks, [{ what: 'random', functions: ['random_get'] }])
  assert.ok([asks, asks[0], asks[0].functions, askNames].every(Object.isFrozen) && askNames.includes('random'))
  assert.throws(() => inspect('(module'), kind('compile'))
  assert.throws(() => inspect(file('missing.wasm')), kind('io'))
  for (const bad of [undefined, null, 5, {}, []]) assert.throws(() => inspect(bad), kind('type'))
})

test('options of an engine', () => {
  const wide = '(module (func (param i64 i64) (result i64 i64) (i64.add128 (local.get 0) (local.get 1) (local.get 0) (local.get 1))))'
  assert.throws(() => load(wide), kind('compile', /wide_arithmetic/))
  load(wide, { engine: new Engine({ wideArithmetic: true }) })
  const pages = '(module (memory 3 (pagesize 1)))'
  assert.throws(() => load(pages), kind('compile', /custom_page_sizes/))
  const engine = new Engine({ customPageSizes: true })
  load(pages, { engine })
  const bytes = new Memory(new Store({ engine }), { min: 3, pageBytes: 1 })
  assert.deepEqual([bytes.sizeBytes, bytes.type.pageBytes], [3, 1])
  for (const name of ['interruptible', 'wideArithmetic', 'customPageSizes']) {
    assert.throws(() => new Engine({ [name]: 1 }), kind('type', new RegExp(`${name}: expected a boolean`)))
  }
  for (const cache of [5, null, {}]) assert.throws(() => new Engine({ cache }), kind('type', /cache/))
})

test('the folder of a cache', async () => {
  const { readdirSync } = await import('node:fs')
  for (const [name, cache] of [['cache', file('cache')], ['other', pathToFileURL(file('other'))]]) {
    load(TEXT, { engine: new Engine({ cache }) })
    assert.equal(readdirSync(file(name)).length, 1)
  }
  for (const cache of [true, false]) assert.equal(load(TEXT, { engine: new Engine({ cache }) }).name, 'tiny')
})

test('64-bit memories and tables of the host', () => {
  const store = new Store()
  const memory = new Memory(store, { min: 1, max: 2n, is64: true })
  const table = new Table(store, { element: 'externref', min: 2, is64: true, init: 'x' })
  assert.deepEqual([`${memory.type}`, `${table.type}`], ['memory i64 1 2', 'table i64 2 externref'])
  assert.deepEqual([memory.type.is64, table.type.is64, table.get(1n)], [true, true, 'x'])
  assert.equal(new Table(store, { element: 'funcref', min: 1 }).type.is64, false)
  assert.throws(() => new Memory(store, { min: 1, is64: 1 }), kind('type', /is64: expected a boolean/))
  assert.throws(() => new Table(store, { element: 'funcref', min: 1, is64: 'yes' }), kind('type', /is64/))
  assert.throws(() => new Memory(store, { min: 1, pageBytes: 5 }), kind('limit'))
})

test('a value is lent for a global', () => {
  const types = ['i32', 'i64', 'f32', 'v128', 'externref', '(ref extern)', 'anyref', 'funcref']
  const module = load(`(module ${types.map((type, i) => `(global (export "${i}") (import "e" "${i}") ${type})`).join(' ')})`)
  const values = [2 ** 32 - 1, -1n, 1.5, Int32Array.of(7, 0, 0, 0), null, { some: 'object' }, 5, null]
  const { exports } = module.instantiate({ imports: { e: Object.fromEntries(values.entries()) } })
  const found = types.map((_, i) => exports[i].value)
  assert.deepEqual(found, [-1, -1n, 1.5, new Uint8Array(values[3].buffer), null, values[5], 5, null])
  assert.equal(found[5], values[5])
})

test('a value that does not fit', () => {
  const wants = (type, value, store) => load(`(module (import "e" "v" ${type}))`).instantiate({ imports: { e: { v: value } }, store })
  assert.throws(() => wants('(global i64)', 1), kind('type', /e\.v: expected i64, got number/))
  assert.throws(() => wants('(global i32)', 2 ** 32), kind('range', /e\.v/))
  assert.throws(() => wants('(global i32)', null), kind('type', /e\.v: expected i32, got null/))
  assert.throws(() => wants('(global (ref extern))', null), kind('type', /e\.v/))
  assert.throws(() => wants('(global i32)', undefined), kind('link', /missing/))
  assert.throws(() => wants('(global (mut i32))', 1), kind('link', /e\.v: global \(mut i32\) \(a value was given\)/))
  assert.throws(() => wants('(memory 1)', 1), kind('link', /memory 1 is needed/))
  assert.throws(() => wants('(func)', 'text'), kind('link', /func \(\) -> \(\) is needed/))
  assert.throws(() => wants('(memory 1)', null), kind('link', /missing/))
  assert.throws(() => wants('(global externref)', () => 1), kind('link', /a func was given/))
  const store = new Store()
  wants('(global i32)', new Global(store, { content: 'i32' }, 1), store)
  assert.throws(() => wants('(global externref)', new Func(store, {}, () => {}), store), kind('link'))
  assert.throws(() => load(CALC).instantiate({ imports: { env: { host: 5 } } }), kind('link', /a value of type number was given/))
})
