// Runs the corpus in conformance/cases: maps each step to this host's API, and nothing else.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { context, Engine, framesOf, Func, Global, load, Memory, Module, Store, Table, WasmError } from 'landbridge'

const ROOT = new URL('../../conformance/', import.meta.url)
const json = (path) => JSON.parse(readFileSync(new URL(path, ROOT), 'utf8'))

/** One case at work: what is known by name. */
class Case {
  known = new Map()
  objects = new Map()
  exceptions = new Map()
  logged = []

  get(name) {
    assert.ok(this.known.has(name), `nothing is known as ${name}`)
    return this.known.get(name)
  }

  object(name) {
    if (!this.objects.has(name)) this.objects.set(name, { name })
    return this.objects.get(name)
  }

  exception(name) {
    if (!this.exceptions.has(name)) this.exceptions.set(name, new Error(name))
    return this.exceptions.get(name)
  }

  run(steps) {
    for (const step of steps) {
      const { do: name, as, fails, ...rest } = step
      assert.ok(Object.hasOwn(STEPS, name), `unknown step ${name}`)
      const keys = new Proxy(rest, { get: (target, key) => (seen.add(key), target[key]) })
      const seen = new Set()
      const run = () => STEPS[name].call(this, keys)
      try {
        if (fails) this.fails(run, fails)
        else if (as === undefined) run()
        else this.known.set(as, run())
      } catch (error) {
        error.message = `${JSON.stringify(step)}: ${error.message}`
        throw error
      }
      for (const key of Object.keys(rest)) assert.ok(fails || seen.has(key), `unknown key ${key} of ${name}`)
    }
  }

  fails(run, { kind, code, message = [], frames, exception, ...rest }) {
    assert.deepEqual(Object.keys(rest), [], 'unknown keys of fails')
    let error = null
    try { run() } catch (thrown) { error = thrown }
    if (error === null || error instanceof assert.AssertionError) assert.fail(`no failure but ${error ?? 'success'}`)
    if (exception !== undefined) assert.equal(error, this.exception(exception))
    // What the host throws arrives as it is: it has no kind, and is no error of ours.
    assert.equal(error instanceof WasmError ? error.kind : 'host', kind, error.message)
    assert.equal(error instanceof WasmError ? error.code : undefined, code)
    for (const part of message) assert.ok(error.message.includes(part), `${error.message} lacks ${part}`)
    if (frames !== undefined) {
      const names = framesOf(error).slice(0, frames.length || undefined).map(({ funcName }) => funcName ?? null)
      assert.deepEqual(names, frames)
    }
  }

  /** A tagged value as this host has it. */
  value(tagged) {
    const [[type, value], ...more] = Object.entries(tagged)
    assert.equal(more.length, 0)
    assert.ok(Object.hasOwn(FROM, type), `unknown type ${type}`)
    return FROM[type].call(this, value)
  }

  values(tagged = []) {
    return tagged.map((one) => this.value(one))
  }

  /** Whether `given` is the tagged value. */
  same(given, tagged) {
    const [[type, value]] = Object.entries(tagged)
    const wanted = this.value(tagged)
    if (type === 'f32' || type === 'f64') return assert.equal(bits(given, type), BigInt(value))
    assert.equal(typeof given, typeof wanted)
    assert.ok(Object.is(given, wanted), `${String(given)} is not ${JSON.stringify(tagged)}`)
  }

  /** Whether what a call gave is the tagged results. */
  results(given, tagged) {
    const list = tagged.length === 0 ? [] : tagged.length === 1 ? [given] : given
    if (tagged.length === 0) assert.equal(given, undefined)
    assert.equal(list.length, tagged.length)
    tagged.forEach((one, i) => this.same(list[i], one))
  }

  /** The values as a host function returns them. */
  answer(list = []) {
    return list.length === 0 ? undefined : list.length === 1 ? list[0] : list
  }

  host({ does, ...keys }, type) {
    assert.ok(Object.hasOwn(HOSTS, does), `unknown host function ${does}`)
    return HOSTS[does].call(this, keys, type)
  }

  imports(list, module) {
    const imports = { __proto__: null }
    for (const { module: from, name, host, item, instance } of list) {
      const alone = list.filter((one) => one.module === from).length === 1
      if (instance !== undefined && alone) imports[from] = this.get(instance)
      const into = (imports[from] ??= { __proto__: null })
      if (instance !== undefined) alone || Object.assign(into, this.get(instance).exports)
      else if (item !== undefined) into[name] = this.get(item)
      else into[name] = this.host(host, module.imports.find((one) => one.module === from && one.name === name)?.type)
    }
    return imports
  }
}

const view = new DataView(new ArrayBuffer(8))

function bits(number, type) {
  assert.equal(typeof number, 'number')
  if (type === 'f64') {
    view.setFloat64(0, number)
    return view.getBigUint64(0)
  }
  view.setFloat32(0, number)
  return BigInt(view.getUint32(0))
}

const FROM = {
  i32: Number,
  i64: BigInt,
  f32(text) {
    view.setUint32(0, Number(text))
    return view.getFloat32(0)
  },
  f64(text) {
    view.setBigUint64(0, BigInt(text))
    return view.getFloat64(0)
  },
  v128: BigInt,
  funcref(name) {
    return name === null ? null : this.get(name)
  },
  externref(name) {
    return name === null ? null : this.object(name)
  },
  /** Numbers where they are exact, as programs have them; the type of the parameter decides else. */
  int: (text) => ({ int: BigInt(text) }),
  text: (text) => text,
}

/** An integer without a type becomes what the parameter takes. */
function fit(value, type) {
  if (value === null || typeof value !== 'object' || !('int' in value)) return value
  return type === 'i64' || type === 'v128' ? value.int : Number(value.int)
}

function call(func, args) {
  return func(...args.map((arg, i) => fit(arg, func.type.params[i])))
}

const hex = (text) => Uint8Array.from(Buffer.from(text, 'hex'))
const toHex = (bytes) => Buffer.from(bytes).toString('hex')
const wrap = { i32: (sum) => sum | 0, i64: (sum) => BigInt.asIntN(64, sum), f32: Math.fround, f64: (sum) => sum }

const HOSTS = {
  give({ results }) {
    return () => this.answer(this.values(results))
  },
  echo() {
    return (...args) => this.answer(args)
  },
  add(_, { params }) {
    return (...args) => wrap[params[0]](args.reduce((sum, arg) => sum + (typeof sum === 'bigint' ? BigInt(arg) : Number(arg))))
  },
  record({ results }) {
    return (...args) => {
      this.logged.push(args)
      return this.answer(this.values(results))
    }
  },
  throw({ exception }) {
    return () => { throw this.exception(exception) }
  },
  call({ instance, func, args }) {
    return (...own) => this.get(instance).call(func, ...(args ? this.values(args) : own))
  },
  call_caught({ instance, func, args, results }) {
    return (...own) => {
      try {
        return this.get(instance).call(func, ...(args ? this.values(args) : own))
      } catch {
        return this.answer(this.values(results))
      }
    }
  },
  close({ target, results }) {
    return () => {
      this.get(target).close()
      return this.answer(this.values(results))
    }
  },
  grow({ memory, pages, results }) {
    return () => {
      this.get(memory).grow(Number(pages))
      return this.answer(this.values(results))
    }
  },
  caller_memory({ name }) {
    return () => context.export(name).write(0, new Uint8Array([42]))
  },
}

const STEPS = {
  engine({ interruptible, stack_bytes: stackBytes }) {
    const options = {}
    if (interruptible !== undefined) options.interruptible = interruptible
    if (stackBytes !== undefined) options.stackBytes = Number(stackBytes)
    return new Engine(options)
  },
  load({ module, path, engine }) {
    return load(path ?? new URL(`modules/${module}`, ROOT), engine && { engine: this.get(engine) })
  },
  load_text({ text, engine }) {
    return Module.fromText(text, engine && { engine: this.get(engine) })
  },
  load_bytes({ hex: text, engine }) {
    return Module.fromBytes(hex(text), engine && { engine: this.get(engine) })
  },
  name({ module, equals }) {
    assert.equal(this.get(module).name ?? null, equals)
  },
  imports({ module, equals }) {
    assert.deepEqual(this.get(module).imports.map((one) => [one.module, one.name, `${one.type}`]), equals)
  },
  exports({ module, equals }) {
    assert.deepEqual(this.get(module).exports.map((one) => [one.name, `${one.type}`]), equals)
  },
  store({ engine }) {
    return new Store(engine && { engine: this.get(engine) })
  },
  instantiate({ module: name, store, imports = [] }) {
    const module = this.get(name)
    const lent = this.imports(imports, module)
    return store ? this.get(store).instantiate(module, { imports: lent }) : module.instantiate({ imports: lent })
  },
  export({ instance, sort, name }) {
    assert.ok(['func', 'memory', 'table', 'global'].includes(sort))
    return this.get(instance)[sort](name)
  },
  call({ instance, func, object, args, results }) {
    const given = this.values(args)
    const typed = given.some((arg) => arg?.int !== undefined)
    let got
    if (object !== undefined) got = call(this.get(object), given)
    else if (typed) got = call(this.get(instance).func(func), given)
    else got = this.get(instance).call(func, ...given)
    if (results !== undefined) this.results(got, results)
  },
  func_type({ object, equals }) {
    assert.equal(`${this.get(object).type}`, equals)
  },
  same_func({ object, other, equals }) {
    assert.equal(this.get(object) === this.get(other), equals)
  },
  new_func({ store, params, results, host }) {
    return new Func(this.get(store), { params, results }, this.host(host, { params, results }))
  },
  new_memory({ store, min, max }) {
    return new Memory(this.get(store), { min: Number(min), max: max === undefined ? undefined : Number(max) })
  },
  new_table({ store, element, min, max, init }) {
    const bounds = { min: Number(min), max: max === undefined ? undefined : Number(max) }
    return new Table(this.get(store), { element, ...bounds, init: this.value(init) })
  },
  new_global({ store, type, mutable, value }) {
    return new Global(this.get(store), { content: type, mutable }, fit(this.value(value), type))
  },
  read({ memory, offset, length, hex: text }) {
    const read = this.get(memory).read(BigInt(offset), BigInt(length))
    if (text !== undefined) assert.equal(toHex(read), text)
  },
  write({ memory, offset, hex: text }) {
    this.get(memory).write(BigInt(offset), hex(text))
  },
  grow({ memory, pages, result }) {
    const former = this.get(memory).grow(BigInt(pages))
    if (result !== undefined) assert.equal(former, Number(result))
  },
  size({ memory, pages, bytes }) {
    if (pages !== undefined) assert.equal(this.get(memory).sizePages, Number(pages))
    if (bytes !== undefined) assert.equal(this.get(memory).sizeBytes, Number(bytes))
  },
  view({ memory }) {
    return this.get(memory).buffer
  },
  view_read({ view: name, offset, hex: text }) {
    const buffer = this.get(name)
    // A view that has ended is empty: an access by a DataView is an error then.
    if (buffer.byteLength === 0 && text !== '') return assert.throws(() => new DataView(buffer).getUint8(0), Error)
    assert.equal(toHex(new Uint8Array(buffer, Number(offset), text.length / 2)), text)
  },
  view_write({ view: name, offset, hex: text }) {
    const buffer = this.get(name)
    if (buffer.byteLength === 0) return assert.throws(() => new DataView(buffer).setUint8(0, 0), Error)
    new Uint8Array(buffer, Number(offset)).set(hex(text))
  },
  table_get({ table, index, value }) {
    const got = this.get(table).get(BigInt(index))
    if (value !== undefined) this.same(got, value)
  },
  table_set({ table, index, value }) {
    this.get(table).set(BigInt(index), this.value(value))
  },
  table_grow({ table, delta, init, result }) {
    const former = this.get(table).grow(BigInt(delta), this.value(init))
    if (result !== undefined) assert.equal(former, Number(result))
  },
  table_size({ table, equals }) {
    assert.equal(this.get(table).size, Number(equals))
  },
  global_get({ global, value }) {
    const got = this.get(global).value
    if (value !== undefined) this.same(got, value)
  },
  global_set({ global, value }) {
    const target = this.get(global)
    const given = this.value(value)
    // The type is asked for only where an integer has none of its own.
    target.value = given?.int === undefined ? given : fit(given, target.type.content)
  },
  type({ object, equals }) {
    assert.equal(`${this.get(object).type}`, equals)
  },
  close({ target }) {
    this.get(target).close()
  },
  log({ equals }) {
    assert.equal(this.logged.length, equals.length)
    equals.forEach((args, i) => {
      assert.equal(this.logged[i].length, args.length)
      args.forEach((arg, k) => this.same(this.logged[i][k], arg))
    })
  },
}

const skips = json('skips.json').node ?? {}
const cases = readdirSync(new URL('cases/', ROOT)).filter((name) => name.endsWith('.json')).sort()
  .flatMap((name) => json(`cases/${name}`).cases)
const count = { passed: 0, failed: 0, skipped: 0 }

for (const { name, steps } of cases) {
  const why = skips[name]
  test(name, { skip: why }, () => {
    try {
      new Case().run(steps)
      count.passed++
    } catch (error) {
      count.failed++
      throw error
    }
  })
  if (why) count.skipped++
}

test('the corpus is there, and what is skipped is in it', () => {
  const names = new Set(cases.map(({ name }) => name))
  assert.equal(names.size, cases.length)
  assert.ok(cases.length >= 80)
  for (const name of Object.keys(skips)) assert.ok(names.has(name), `no case is named ${name}`)
})

process.on('exit', () => {
  console.log(`conformance node: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
})
