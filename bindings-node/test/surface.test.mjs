// Every line of conformance/surface.txt has its counterpart here.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import * as landbridge from 'landbridge'

const { Engine, ExitError, Func, GcRef, Global, Instance, IoError, Limits, load, Memory, Module, Policy, Pool, Store, Table, Tag, TaggedException, WasmError, WitError, WitResource, WitType } = landbridge

const lines = readFileSync(new URL('../../conformance/surface.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split(' '))

const own = (Class, name) => Object.getOwnPropertyDescriptor(Class.prototype, name)
const error = new WasmError('message')

/** What JavaScript itself has for an operation: so this must be true. */
const language = (holds) => ({ holds })
const guest = load('(module (import "" "" (func $h)) (func (export "f")) (func (export "fail") (call $h)) (tag (export "t")) (table (export "e") 1 funcref) (memory (export "m") 1) (global (export "g") i32 (i32.const 1)))')
  .instantiate({ imports: { '': { '': () => { throw error } } } })
const witFunc = load('(component (core module $m (func (export "f"))) (core instance $i (instantiate $m)) (func (export "f") (canon lift (core func $i "f"))))')
  .instantiate().witFunc('f')
function thrown(run) {
  try { return run() } catch (what) { return what }
}
const isOne = (sort, name) => language(() => guest[sort](name) === guest[sort](name))

/** What each operation is in this host: of Landbridge's own, unless it is marked as the language's. */
const OPERATIONS = {
  version: landbridge.version,
  'engine.new': Engine,
  'module.load': load,
  'module.load_file': Module.fromFile,
  'module.load_text': Module.fromText,
  'module.load_bytes': Module.fromBytes,
  'module.load_async': landbridge.loadAsync,
  'module.name': own(Module, 'name'),
  'module.imports': own(Module, 'imports'),
  'module.exports': own(Module, 'exports'),
  // Properties of each module, so that they are cloned with it.
  'module.bytes': load('(module)').bytes,
  'module.digest': load('(module)').digest,
  'module.compile': own(Module, 'compile'),
  'module.load_precompiled': Module.loadPrecompiled,
  'module.instantiate': own(Module, 'instantiate'),
  inspect: landbridge.inspect,
  'inspection.to_json': landbridge.inspect('(module)').toJson,
  'store.new': Store,
  // Options of the same constructor.
  'store.with_sandbox': new Store({ limits: {}, policy: Policy.none() }),
  'store.instantiate': own(Store, 'instantiate'),
  'store.usage': own(Store, 'usage'),
  'store.set_fuel': own(Store, 'setFuel'),
  'store.cancel': own(Store, 'cancel'),
  'store.stdout': own(Store, 'stdout'),
  'store.stderr': own(Store, 'stderr'),
  'store.stdout_text': own(Store, 'stdoutText'),
  'store.stderr_text': own(Store, 'stderrText'),
  'store.refusals': own(Store, 'refusals'),
  'store.output': own(Store, 'output'),
  'store.gc': own(Store, 'gc'),
  'store.close': own(Store, 'close'),
  // What is lent is given to instantiate: functions, objects of the store, values, instances.
  'imports.func': own(Module, 'instantiate'),
  'imports.define': own(Module, 'instantiate'),
  'imports.value': own(Module, 'instantiate'),
  'imports.instance': own(Module, 'instantiate'),
  'imports.initialize': own(Module, 'instantiate'),
  'instance.func': own(Instance, 'func'),
  'instance.memory': own(Instance, 'memory'),
  'instance.table': own(Instance, 'table'),
  'instance.global': own(Instance, 'global'),
  'instance.tag': own(Instance, 'tag'),
  'instance.exports': own(Instance, 'exports'),
  'instance.call': own(Instance, 'call'),
  'instance.run': own(Instance, 'run'),
  'instance.close': own(Instance, 'close'),
  'instance.call_async': own(Instance, 'callAsync'),
  'instance.run_async': own(Instance, 'runAsync'),
  'func.new': Func,
  // A Func is a function: it is called, and has a name, as functions do.
  'func.call': language(() => guest.func('f')() === undefined),
  'func.call_async': own(Func, 'async'),
  'func.map': own(Func, 'map'),
  // An option of each asynchronous call: `{ signal }`.
  'call.cancel': language(async () => await guest.func('f').async({ signal: AbortSignal.abort(7) }).catch((why) => why) === 7),
  'func.type': own(Func, 'type'),
  'func.name': language(() => guest.func('f').name === 'f'),
  // One thing of a store is one object: `===`.
  'func.same': isOne('func', 'f'),
  'memory.new': Memory,
  'memory.read': own(Memory, 'read'),
  'memory.write': own(Memory, 'write'),
  'memory.read_text': own(Memory, 'readText'),
  'memory.read_c_string': own(Memory, 'readCString'),
  'memory.write_text': own(Memory, 'writeText'),
  'memory.grow': own(Memory, 'grow'),
  'memory.size_bytes': own(Memory, 'sizeBytes'),
  'memory.size_pages': own(Memory, 'sizePages'),
  'memory.type': own(Memory, 'type'),
  'memory.view': own(Memory, 'buffer'),
  'memory.same': isOne('memory', 'm'),
  'table.new': Table,
  'table.get': own(Table, 'get'),
  'table.set': own(Table, 'set'),
  'table.grow': own(Table, 'grow'),
  'table.size': own(Table, 'size'),
  'table.type': own(Table, 'type'),
  'table.same': isOne('table', 'e'),
  'global.new': Global,
  'global.get': own(Global, 'value').get,
  'global.set': own(Global, 'value').set,
  'global.type': own(Global, 'type'),
  'global.same': isOne('global', 'g'),
  'tag.new': Tag,
  'tag.type': own(Tag, 'type'),
  'tag.same': isOne('tag', 't'),
  'exception.new': TaggedException,
  'exception.tag': own(TaggedException, 'tag'),
  'exception.payload': own(TaggedException, 'payload'),
  'gcref.type': own(GcRef, 'type'),
  'gcref.len': own(GcRef, 'length'),
  'gcref.get': own(GcRef, 'get'),
  'gcref.set': own(GcRef, 'set'),
  'limits.from_json': Limits.fromJson,
  'limits.to_json': Limits.toJson,
  'policy.new': Policy.none,
  'policy.program': Policy.program(),
  'policy.memory_dir': own(Policy, 'withMemoryDir'),
  'policy.network': ['TcpConnect', 'TcpBind', 'UdpConnect', 'UdpBind', 'Name', 'Http'].every((sort) => own(Policy, `with${sort}`)),
  'policy.from_json': Policy.fromJson,
  'policy.from_file': Policy.fromFile,
  'policy.to_json': own(Policy, 'toJson'),
  'policy.restrict': own(Policy, 'restrict'),
  'policy.allows': own(Policy, 'allows'),
  'policy.allows_tcp_connect': own(Policy, 'allowsTcpConnect'),
  'policy.allows_tcp_bind': own(Policy, 'allowsTcpBind'),
  'policy.allows_udp_connect': own(Policy, 'allowsUdpConnect'),
  'policy.allows_udp_bind': own(Policy, 'allowsUdpBind'),
  'policy.allows_name': own(Policy, 'allowsName'),
  'policy.allows_name_port': own(Policy, 'allowsNamePort'),
  'policy.allows_http': own(Policy, 'allowsHttp'),
  'pool.new': Pool,
  'pool.get': own(Pool, 'get'),
  'pool.call': own(Pool, 'call'),
  'pool.call_async': own(Pool, 'callAsync'),
  'pool.counts': own(Pool, 'counts'),
  'pool.close': own(Pool, 'close'),
  'context.export': landbridge.context.export,
  'error.kind': error.kind,
  'error.trap_code': 'code' in error,
  'error.message': language(() => error.message === 'message'),
  'error.frames': error.frames,
  // What a host function throws arrives as the very same value.
  'error.host_exception': language(() => thrown(() => guest.func('fail')()) === error),
  // An exception is the error itself.
  'error.exception': TaggedException.prototype instanceof WasmError,
  'error.exit_code': 'exitCode' in new ExitError(),
  'error.output': own(WasmError, 'output'),
  // An option of stdout, stderr and refusals: { lines }.
  'output.lines': new Store({ stdout: { lines() {} } }),
  run: landbridge.run,
  'error.os_code': 'errno' in new IoError(),
  'error.row': own(WasmError, 'row'),
  'error.path': 'path' in new IoError(),
  'instance.wit_func': own(Instance, 'witFunc'),
  'wit_func.call': witFunc,
  'wit_func.call_async': witFunc.async,
  'wit_func.type': witFunc.type,
  'wit_func.name': witFunc.name,
  'wit_type.sort': own(WitType, 'sort'),
  'wit_type.name': own(WitType, 'name'),
  'wit_type.text': own(WitType, 'toString'),
  'wit_type.parse': own(WitType, 'parse'),
  'wit_type.format': own(WitType, 'format'),
  'imports.wit_func': own(Module, 'instantiate'),
  'imports.wit_resource': own(Module, 'instantiate'),
  'wit_resource.close': own(WitResource, 'close'),
  'wit_resource.is_closed': own(WitResource, 'closed'),
  'wit_error.new': WitError,
  'error.payload': 'payload' in new WitError(3),
  'pool.wit_call': own(Pool, 'call'),
  'pool.wit_call_async': own(Pool, 'callAsync'),
}

function of(sort) {
  return lines.filter((line) => line[0] === sort)
}

test('every operation is here, and no other', () => {
  assert.deepEqual(of('op').map(([, name]) => name), Object.keys(OPERATIONS))
})

/** Whether it, or what reads it, is a property that comes with JavaScript. */
function comesWithIt(found) {
  const places = [Function, Object, Error, Array, Promise, AbortSignal].flatMap((Class) => [globalThis, Class, Class.prototype])
  const theirs = new Set(places.flatMap((place) => Object.values(Object.getOwnPropertyDescriptors(place))).flatMap(({ value, get }) => [value, get]))
  return typeof (found.value ?? found.get ?? found) === 'function' && theirs.has(found.value ?? found.get ?? found)
}

test("what is not Landbridge's own is marked, and holds", async () => {
  for (const [name, found] of Object.entries(OPERATIONS)) {
    assert.ok(found, name)
    assert.equal(comesWithIt(found), false, `${name} is of JavaScript itself: mark it with language()`)
    if (found.holds) assert.equal(await found.holds(), true, name)
  }
})

test('every kind, trap code and type has its name and number', () => {
  const table = (sort) => Object.fromEntries(of(sort).map(([, name, number]) => [name, Number(number)]))
  assert.deepEqual({ ...landbridge.errorKinds }, table('kind'))
  assert.deepEqual({ ...landbridge.trapCodes }, table('trap'))
  assert.deepEqual({ ...landbridge.valueTypes }, table('type'))
  assert.equal(lines.length, ['op', 'kind', 'trap', 'type'].flatMap(of).length)
})

test('every kind has a class of its own', () => {
  const classes = Object.values(landbridge).filter((value) => value?.prototype instanceof WasmError)
  assert.deepEqual(classes.map(({ kind }) => kind).sort(), Object.keys(landbridge.errorKinds).sort())
  for (const Class of classes) {
    assert.equal(Class.prototype.name, Class.name)
    if (Class === TaggedException) continue // It is made of a tag.
    const made = new Class('why')
    assert.equal(made.name, Class.name)
    assert.equal(landbridge[Class.name], Class)
    assert.ok(made instanceof Error && made.kind === Class.kind && made.message === 'why' && made.frames.length === 0)
  }
})

test('CommonJS and ES modules share one state', async () => {
  const { createRequire } = await import('node:module')
  const required = createRequire(import.meta.url)('landbridge')
  for (const [name, value] of Object.entries(required)) assert.equal(landbridge[name], value, name)
  assert.deepEqual(Object.keys(required).sort(), Object.keys(landbridge).sort())
  assert.equal(required.load, load)
})

test('the declarations name what is exported', () => {
  const text = readFileSync(new URL('../index.d.ts', import.meta.url), 'utf8')
  const declared = [...text.matchAll(/^export (?:const|function|class) (\w+)/gm)].map(([, name]) => name)
  assert.deepEqual([...new Set(declared)].sort(), Object.keys(landbridge).sort())
  for (const name of Object.keys(landbridge.errorKinds)) assert.ok(text.includes(`'${name}'`), name)
  for (const name of Object.keys(landbridge.trapCodes)) assert.ok(text.includes(`'${name}'`), name)
  const [, asks] = text.match(/^export type AskName =\n((?: {2}\|.*\n)+)/m)
  assert.deepEqual([...asks.matchAll(/'(\w+)'/g)].map(([, name]) => name), [...landbridge.askNames])
})
