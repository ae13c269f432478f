// Steps of the corpus that are about components; see conformance/README.md.
import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { WitError, WitResource } from 'landbridge'

const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()

export function camel(name) {
  const [first, ...rest] = name.split('-')
  return first.toLowerCase() + rest.map(capital).join('')
}

export const pascal = (name) => name.split('-').map(capital).join('')

/** What an object that is told by one key holds. */
const only = (json) => {
  const [[tag, inner], ...more] = Object.entries(json)
  assert.equal(more.length, 0)
  return [tag, inner]
}

const integer = (type, text) => (['s64', 'u64'].includes(type?.sort) ? BigInt(text) : Number(text))
const spelt = { nan: NaN, inf: Infinity, '-inf': -Infinity }
const held = (tag, value) => (value === undefined ? { tag } : { tag, val: value })
const part = (list, name) => list?.find((one) => one.name === name)?.type

/** Values that are told by one key: how a case gives them, by their type where that is known. */
const VALUES = {
  int: (one, type, text) => integer(type, text),
  float: (one, type, text) => spelt[text] ?? Number(text),
  bool: (one, type, is) => is,
  text: (one, type, text) => text,
  char: (one, type, text) => text,
  broken_text: () => 'a\ud800',
  nothing: () => undefined,
  bytes: (one, type, hex) => Uint8Array.from(Buffer.from(hex, 'hex')),
  list: (one, type, list) => list.map((it) => value(one, type?.element, it)),
  tuple: (one, type, list) => list.map((it, i) => value(one, type?.fields?.[i], it)),
  record: (one, type, fields) => Object.fromEntries(Object.entries(fields).map(([name, it]) => [part(type?.fields, name) ? camel(name) : name, value(one, part(type?.fields, name), it)])),
  case: (one, type, [name, it]) => held(name, it === null ? undefined : value(one, part(type?.cases, name), it)),
  enum: (one, type, name) => name,
  flags: (one, type, names) => Object.fromEntries(names.map((name) => [camel(name), true])),
  some(one, type, it) {
    const inner = value(one, type?.element, it)
    const isNested = typeof it === 'object' && ['some', 'nothing'].includes(only(it)[0])
    return isNested ? { tag: 'some', val: inner } : inner
  },
  ok: (one, type, it) => held('ok', it === null ? undefined : value(one, type?.ok, it)),
  err: (one, type, it) => held('err', it === null ? undefined : value(one, type?.err, it)),
  wit: (one, type, text) => type.parse(text),
  resource: (one, type, name) => one.get(name),
  object: (one, type, name) => one.hostObject(name),
}

/** A value as this host has it. */
export function value(one, type, json) {
  if (typeof json === 'string') return type.parse(json)
  const [tag, inner] = only(json)
  assert.ok(Object.hasOwn(VALUES, tag), `unknown value ${tag}`)
  return VALUES[tag](one, type, inner)
}

const args = (one, { params }, list = []) => list.map((json, i) => value(one, params[i]?.type, json))

/** What a call gave as a text; nothing if it gives nothing. */
export function told(type, got) {
  if (type === undefined) {
    assert.equal(got, undefined)
    return null
  }
  if (type.sort !== 'result') return type.format(got)
  return type.ok === undefined ? 'ok' : `ok(${type.ok.format(got)})`
}

function thrown(type, error) {
  if (!(error instanceof WitError) || type?.sort !== 'result') throw error
  return type.err === undefined ? 'err' : `err(${type.err.format(error.payload)})`
}

/** The text of what `call` gives or throws. */
export async function outcome(type, call) {
  try {
    return told(type, await call())
  } catch (error) {
    return thrown(type, error)
  }
}

/** What is among values that is no value: resources, and objects of the host. */
function resources(one, got) {
  if (got instanceof WitResource || one.hostObjects.has(got)) return [got]
  if (Array.isArray(got)) return got.flatMap((it) => resources(one, it))
  return typeof got === 'object' && got !== null && !ArrayBuffer.isView(got) ? Object.values(got).flatMap((it) => resources(one, it)) : []
}

function keep(one, got, names) {
  const found = resources(one, got)
  assert.equal(found.length, names.length, `${found} for ${names}`)
  names.forEach((name, i) => one.known.set(name, found[i]))
}

/** A function by this host's names. */
function spelled(instance, name) {
  const [within, own] = name.includes('#') ? name.split('#') : [undefined, name]
  const space = within === undefined ? instance.exports : instance.exports[camel(within)]
  const [resource, member] = own.split('.')
  if (member === undefined) return space[camel(own)] ?? space[pascal(own)]
  const Class = space[pascal(resource)]
  const method = Class.prototype[camel(member)]
  return method === undefined ? Class[camel(member)] : (self, ...rest) => self[camel(member)](...rest)
}

/** A function as a case names it, and its type. */
function called(one, { instance, func, spelled: isSpelled }) {
  const found = one.get(instance).witFunc(func)
  return [isSpelled ? spelled(one.get(instance), func) : found, found.type]
}

async function check(one, type, call, { result, keep: names }) {
  if (names !== undefined) return keep(one, await call(), names)
  if (result === undefined) return void (await call())
  assert.equal(await outcome(type, call), result)
}

export const WIT_STEPS = {
  wit_call({ instance, func, args: given, result, keep: names, spelled: isSpelled }) {
    const [call, type] = called(this, { instance, func, spelled: isSpelled })
    return check(this, type.result, () => call(...args(this, type, given)), { result, keep: names })
  },
  wit_call_async({ instance, pool, of, func, args: given, times }) {
    const [{ type }] = called(this, { instance: instance ?? of, func })
    const list = args(this, type, given)
    const calls = this.calls(times, (options) => this.get(pool ?? instance).callAsync(func, ...list, ...type.params.slice(list.length).map(() => undefined), options))
    calls.type = type
    return calls
  },
  async wit_await({ call, result, keep: names }) {
    const calls = this.get(call)
    await Promise.allSettled(calls.promises)
    for (const promise of calls.promises) await check(this, calls.type.result, () => calls.settled(promise), { result, keep: names })
  },
  wit_pool_call({ pool, of, func, args: given, result }) {
    const [, type] = called(this, { instance: of, func })
    return check(this, type.result, () => this.get(pool).call(func, ...args(this, type, given)), { result })
  },
  wit_type({ instance, func, equals }) {
    assert.equal(`${called(this, { instance, func })[1]}`, equals)
  },
  wit_text({ instance, func, param = 0, text, equals }) {
    const { type } = called(this, { instance, func })[1].params[param]
    const found = type.format(type.parse(text))
    if (equals !== undefined) assert.equal(found, equals)
  },
  wit_drop({ resource }) {
    this.get(resource).close()
  },
  wit_object({ resource, equals }) {
    assert.equal(this.get(resource), this.hostObject(equals))
  },
  wit_log({ equals }) {
    assert.deepEqual(this.witLogged, equals)
  },
}

/** What a host function gives, by the type of its result. */
function given(one, type, json) {
  if (json === undefined || json === null) return undefined
  if (type?.sort !== 'result') return value(one, type, json)
  const whole = typeof json === 'string' ? (/^(ok|err)(\(|$)/.test(json) ? type.parse(json) : undefined) : Object.keys(json).some((key) => key === 'ok' || key === 'err') ? value(one, type, json) : undefined
  if (whole === undefined) return value(one, type.ok, json)
  if (whole.tag === 'err') throw new WitError(whole.val)
  return whole.val
}

function toldArgument(one, type, got) {
  if (got instanceof WitResource) return 'resource'
  return one.hostObjects.has(got) ? `object ${got.name}` : type.format(got)
}

const DOES = {
  give: (one, { result }, type) => () => given(one, type.result, result),
  echo: () => (...all) => (all.length > 1 ? all : all[0]),
  record: (one, { result }, type) => (...all) => {
    one.witLogged.push(all.map((it, i) => toldArgument(one, type.params[i].type, it)))
    return given(one, type.result, result)
  },
  keep: (one, { names, result }, type) => (...all) => {
    keep(one, all, names)
    return given(one, type.result, result)
  },
  fail: (one, { payload }, type) => () => {
    throw new WitError(payload === null ? undefined : value(one, type.result?.err, payload))
  },
  throw: (one, { exception }) => () => { throw one.exception(exception) },
  call: (one, keys) => (...own) => callWithin(one, keys, own),
  call_caught: (one, { result, ...keys }, type) => (...own) => {
    try {
      return callWithin(one, keys, own)
    } catch {
      return given(one, type.result, result)
    }
  },
  drop: (one, { resource, result }, type) => () => {
    one.get(resource).close()
    return given(one, type.result, result)
  },
  close: (one, { target, result }, type) => () => {
    one.get(target).close()
    return given(one, type.result, result)
  },
  cancel: (one, { target, result }, type) => () => {
    one.store(target).cancel()
    return given(one, type.result, result)
  },
}

function callWithin(one, { instance, func, args: list }, own) {
  const [call, type] = called(one, { instance, func })
  return call(...(list ? args(one, type, list) : own))
}

/** What a module imports by a name of an interface, long or short, and one of a function. */
function imported(module, within, name) {
  const { imports } = module.world ?? { imports: [] }
  const path = (full) => full.split('@')[0]
  const fits = (full) => full === within || path(full) === path(within) || path(full).split('/').pop() === path(within)
  const funcs = within === '' ? imports.filter(({ sort }) => sort === 'function') : imports.filter(({ sort, name: full }) => sort === 'interface' && fits(full)).flatMap(({ funcs: all }) => all)
  return funcs.find((one) => one.name === name)?.type ?? { params: [] }
}

/** Lends what an entry of `imports` says, if it is about components. */
export function lend(one, imports, module, { module: within, name, resource, wit }) {
  if (wit === undefined && resource === undefined) return false
  const into = within === '' ? imports : (imports[within] ??= {})
  if (resource !== undefined) {
    into[pascal(resource)] ??= class {}
    return true
  }
  const { does, async: isAsync, ...keys } = wit
  assert.ok(Object.hasOwn(DOES, does), `unknown host function ${does}`)
  const act = DOES[does](one, keys, imported(module, within, name))
  const func = isAsync ? async (...all) => (await turn(), act(...all)) : act
  const [, role, of, member] = /^\[(\w+)\]([\w-]+)(?:\.([\w-]+))?$/.exec(name) ?? []
  if (role === undefined) {
    into[camel(name)] = func
    return true
  }
  const Class = (into[pascal(of)] ??= one.hostClass(func))
  if (role === 'constructor') Class.made = func
  else if (role === 'static') Class[camel(member)] = func
  // Objects of a case are of all classes.
  else for (const prototype of [Class.prototype, one.Object.prototype]) prototype[camel(member)] = function (...all) { return func(this, ...all) }
  return true
}
