// Runs the corpus in conformance/cases: maps each step to this host's API, and nothing else.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import {
  bits, context, Engine, ExitError, framesOf, Func, GcRef, Global, inspect, IoError, Limits, load, Memory,
  Module, Policy, Pool, rowOf, run, Store, Table, Tag, TaggedException, WasmError,
} from 'landbridge'
import { Calls } from './calls.mjs'
import { BATCH_STEPS } from './conformance-batch.mjs'
import { lend, WIT_STEPS } from './conformance-wit.mjs'
import { Float } from './float.mjs'
import { sameBytes, vector } from './vector.mjs'

const ROOT = new URL('../../conformance/', import.meta.url)
const json = (path) => JSON.parse(exact(readFileSync(new URL(path, ROOT), 'utf8')))

/** Whether guests may trap by signals, where a case does not say: by default, or never. */
const SIGNALS = process.env.LANDBRIDGE_TEST_SIGNALS === 'off' ? false : undefined

/** The engine where a case names none. */
const usual = SIGNALS === false ? new Engine({ signalHandlers: SIGNALS }) : undefined

/** JSON whose numbers that are not exact in JavaScript are texts. */
const exact = (text) => text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|\d{16,}/g, (part) => (part.startsWith('"') ? part : `"exactly ${part}"`))

/** Tells how long a step took, and fails if that is too long. */
function inTime(took, within) {
  const told = `took ${took.toFixed(1)} ms, may take ${within} ms`
  console.log(told)
  assert.ok(took <= within, told)
}

/** One case at work: what is known by name. */
class Case {
  known = new Map()
  objects = new Map()
  /** Of components: objects of the host, by name and as themselves, what they are of, and what `record` got. */
  named = new Map()
  hostObjects = new Set()
  Object = class { constructor(name) { this.name = name } }
  witLogged = []
  exceptions = new Map()
  logged = []
  written = []
  folder = undefined

  get(name) {
    assert.ok(this.known.has(name), `nothing is known as ${name}`)
    return this.known.get(name)
  }

  /** The options of a load. */
  by(engine) {
    return { engine: engine === undefined ? usual : this.get(engine) }
  }

  object(name) {
    if (!this.objects.has(name)) this.objects.set(name, { name })
    return this.objects.get(name)
  }

  /** An object of the host as a resource. */
  hostObject(name) {
    if (!this.named.has(name)) this.named.set(name, new this.Object(name))
    this.hostObjects.add(this.named.get(name))
    return this.named.get(name)
  }

  /** A class that a component's resources are of. */
  hostClass() {
    const Class = function (...args) { return Class.made(...args) }
    return Class
  }

  exception(name) {
    if (!this.exceptions.has(name)) this.exceptions.set(name, new Error(name))
    return this.exceptions.get(name)
  }

  /** The path of a file in a folder of this case. */
  file(name) {
    this.folder ??= mkdtempSync(join(tmpdir(), 'landbridge-'))
    return join(this.folder, name)
  }

  /** The same, with the folders that it is in. */
  newFile(name) {
    const file = this.file(name)
    mkdirSync(dirname(file), { recursive: true })
    return file
  }

  end() {
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true })
  }

  async run(steps) {
    for (const step of steps) {
      const { do: name, as, fails, within_ms: within, ...rest } = step
      assert.ok(Object.hasOwn(STEPS, name), `unknown step ${name}`)
      const keys = new Proxy(rest, { get: (target, key) => (seen.add(key), target[key]) })
      const seen = new Set()
      let took
      const run = async () => {
        const started = performance.now()
        try { return await STEPS[name].call(this, keys) } finally { took = performance.now() - started }
      }
      try {
        if (fails) await this.fails(run, fails)
        else if (as === undefined) await run()
        else this.known.set(as, await run())
        if (within !== undefined) inTime(took, within)
      } catch (error) {
        error.message = `${error.message}: ${JSON.stringify(step)}`
        throw error
      }
      for (const key of Object.keys(rest)) assert.ok(fails || seen.has(key), `unknown key ${key} of ${name}`)
    }
  }

  async fails(run, {
    kind, code, message = [], frames, frame_count: frameCount, exception, exit, output, os_code: osCode, path, tag, payload, row, as, ...rest
  }) {
    assert.deepEqual(Object.keys(rest), [], 'unknown keys of fails')
    let error = null
    try {
      const made = await run()
      // What is wrong with an asynchronous call is told by its promise.
      if (made instanceof Calls) await made.wait()
    } catch (thrown) { error = thrown }
    if (error === null || error instanceof assert.AssertionError) assert.fail(`no failure but ${error ?? 'success'}`)
    if (exception !== undefined) assert.equal(error, this.exception(exception))
    // What the host throws arrives as it is: it has no kind, and is no error of ours.
    assert.equal(error instanceof WasmError ? error.kind : 'host', kind, error.message)
    // That of an io error is the system's, as those of node:fs have it.
    assert.equal(error instanceof WasmError && !(error instanceof IoError) ? error.code : undefined, code)
    if (row !== undefined) assert.equal(rowOf(error) ?? null, row, 'row')
    if (osCode !== undefined) assert.equal(error.errno, -osCode)
    if (path !== undefined) assert.ok(error.path.endsWith(path), `${error.path} does not end with ${path}`)
    assert.equal(error instanceof ExitError, kind === 'exit')
    if (exit !== undefined) assert.equal(error.exitCode, exit)
    if (output !== undefined) {
      assert.equal(error.output, output)
      assert.ok(error.stack.endsWith(output))
    }
    for (const part of message) assert.ok(error.message.includes(part), `${error.message} lacks ${part}`)
    if (frames !== undefined) {
      const names = framesOf(error).slice(0, frames.length || undefined).map(({ funcName }) => funcName ?? null)
      assert.deepEqual(names, frames)
    }
    if (frameCount !== undefined) assert.equal(framesOf(error).length, frameCount)
    if (kind === 'wit') assert.equal(JSON.stringify(error.payload), payload)
    else this.carries(error, tag, payload)
    if (as !== undefined) this.known.set(as, error)
  }

  /** Whether an exception is of this tag, with this payload, as far as these are given. */
  carries(exception, tag, payload) {
    if (tag !== undefined) assert.ok(exception.tag.equals(this.get(tag)), 'another tag')
    if (payload !== undefined) this.list(exception.bits, payload)
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
    const wanted = this.value(tagged)
    if (wanted instanceof Float) return assert.equal(given, wanted.bits)
    if (wanted instanceof GcRef || wanted instanceof TaggedException) return assert.ok(wanted.equals(given), 'another object')
    if (wanted instanceof Uint8Array) return assert.ok(sameBytes(given, wanted), `${given} is not ${wanted}`)
    assert.equal(typeof given, typeof wanted)
    assert.ok(Object.is(given, wanted), `${String(given)} is not ${JSON.stringify(tagged)}`)
  }

  /** Whether what a call gave is the tagged results. */
  results(given, tagged) {
    if (tagged.length === 0) assert.equal(given, undefined)
    this.list(tagged.length === 0 ? [] : tagged.length === 1 ? [given] : given, tagged)
  }

  list(given, tagged) {
    assert.equal(given.length, tagged.length)
    tagged.forEach((one, i) => this.same(given[i], one))
  }

  /** Names references. */
  keep(given, names) {
    const list = names.length === 1 ? [given] : given
    names.forEach((name, i) => {
      if (name === null) return
      assert.ok(list[i] !== null && ['object', 'function'].includes(typeof list[i]), `${name} is no reference`)
      this.known.set(name, list[i])
    })
  }

  newException(tag, payload) {
    const types = this.get(tag).type.params
    return TaggedException.fromBits(this.get(tag), this.values(payload).map((value, i) => fit(value, types[i])))
  }

  /** The values as a host function of these result types returns them. */
  answer(tagged, types = []) {
    const list = this.values(tagged).map((value, i) => fit(value, types[i]))
    return list.length === 0 ? undefined : list.length === 1 ? list[0] : list
  }

  /** A policy whose folders are in the folder of the case. */
  policy(given) {
    const text = JSON.stringify(given).replaceAll('CASE/', `${this.file('')}/`).replace(/"exactly (\d+)"/g, '$1')
    return Policy.fromJson(text)
  }

  /** How a step closes a store in. */
  sandbox({ limits, policy, stdin, stdout, stderr, refusals, ...rest }) {
    assert.deepEqual(Object.keys(rest), [], 'unknown keys of a sandbox')
    return {
      limits: limits && this.limits(limits),
      policy: policy && this.policy(policy),
      stdin: stdin === undefined ? undefined : Buffer.from(stdin),
      stdout: this.output(stdout),
      stderr: this.output(stderr),
      refusals: this.output(refusals),
    }
  }

  limits(given) {
    return Object.fromEntries(Object.entries(given).map(([key, value]) => {
      assert.ok(Object.hasOwn(LIMITS, key), `unknown limit ${key}`)
      return [LIMITS[key], typeof value === 'string' ? BigInt(value) : value]
    }))
  }

  output(to) {
    if (to === undefined || to === 'capture') return to
    if (to === 'lines') return { lines: (line) => { this.written.push(Buffer.from(`[${line}]`)) } }
    if (to === 'callback') return (bytes) => { this.written.push(bytes) }
    const [what, name, func] = to.split(' ')
    if (what === 'throw') return () => { throw this.exception(name) }
    if (what === 'call') return () => { this.get(name).call(func) }
    return { file: this.file(to) }
  }

  /** The store of an instance, or a store. */
  store(name) {
    return this.get(name).store ?? this.get(name)
  }

  /** A function whose floats are bits, as all of this runner's are. */
  host({ does, async: isAsync = false, ...keys }, type = {}) {
    assert.ok(Object.hasOwn(HOSTS, does), `unknown host function ${does}`)
    const func = HOSTS[does].call(this, keys, type)
    return bits(isAsync ? async (...args) => (await turn(), func(...args)) : func)
  }

  /** The calls that a step starts. */
  callAsync({ instance, func, object, pool, args, times = 1 }) {
    const given = this.values(args)
    return this.calls(times, (options) => {
      if (object !== undefined) return this.get(object).async(...given, options)
      return this.get(pool ?? instance).callAsync(func, ...given, options)
    })
  }

  calls(times = 1, start) {
    const calls = new Calls()
    for (let i = 0; i < times; i++) calls.add(start(calls.options))
    return calls
  }

  imports(list, module) {
    const imports = { __proto__: null }
    for (const { module: from, name, host, item, value, instance, ...wit } of list) {
      if (lend(this, imports, module, { module: from, name, ...wit })) continue
      const alone = list.filter((one) => one.module === from).length === 1
      if (instance !== undefined && alone) imports[from] = this.get(instance)
      const into = (imports[from] ??= { __proto__: null })
      if (instance !== undefined) alone || Object.assign(into, this.get(instance).exports)
      else if (item !== undefined) into[name] = this.get(item)
      else if (value !== undefined) into[name] = fit(this.value(value))
      else into[name] = this.host(host, module.imports.find((one) => one.module === from && one.name === name)?.type)
    }
    return imports
  }
}

const FROM = {
  i32: Number,
  i64: BigInt,
  f32: (text) => new Float('f32', text),
  f64: (text) => new Float('f64', text),
  v128: vector,
  funcref(name) {
    return name === null ? null : this.get(name)
  },
  externref(name) {
    return name === null ? null : this.object(name)
  },
  anyref(name) {
    return name === null ? null : this.object(name)
  },
  i31: Number,
  gcref(name) {
    return this.get(name)
  },
  outward(name) {
    return this.get(name)
  },
  exnref(name) {
    return name === null ? null : this.get(name)
  },
  /** Numbers where they are exact, as programs have them; the type of the parameter decides else. */
  int: (text) => ({ int: BigInt(text) }),
  text: (text) => text,
}

const LIMITS = {
  // generated: node.case_limits
  memory_bytes: 'memoryBytes',
  table_elements: 'tableElements',
  instances: 'instances',
  fuel: 'fuel',
  output_bytes: 'outputBytes',
  written_bytes: 'writtenBytes',
  open_files: 'openFiles',
  timeout_ms: 'timeoutMs',
  transfer_bytes: 'transferBytes',
  handles: 'handles',
  // end generated
}

/** A float becomes its bits where one of its type is due; an integer without a type what is taken there. */
function fit(value, type) {
  if (value instanceof Float) return value.type === type ? value.bits : value.number
  if (value === null || typeof value !== 'object' || !('int' in value)) return value
  return type === 'i64' || type === 'v128' ? value.int : Number(value.int)
}

/** A call whose floats are bits. */
function call(func, args) {
  const { params } = func.type
  return func.bits(...args.map((arg, i) => fit(arg, params[i])))
}

const isFloat = (tagged) => 'f32' in tagged || 'f64' in tagged

const hex = (text) => Uint8Array.from(Buffer.from(text, 'hex'))
const toHex = (bytes) => Buffer.from(bytes).toString('hex')
const sum = (list) => list.reduce((sum, one) => sum + (typeof sum === 'bigint' ? BigInt(one) : Number(one)))
const floats = (type, list) => Float.of(type, sum(list.map((bits) => new Float(type, bits).number))).bits
const add = {
  i32: (list) => sum(list) | 0,
  i64: (list) => BigInt.asIntN(64, sum(list)),
  f32: (list) => floats('f32', list),
  f64: (list) => floats('f64', list),
}

const HOSTS = {
  give({ results: given }, { results }) {
    return () => this.answer(given, results)
  },
  echo() {
    return (...args) => (args.length === 0 ? undefined : args.length === 1 ? args[0] : args)
  },
  add(_, { params }) {
    return (...args) => add[params[0]](args)
  },
  record({ results: given }, { results }) {
    return (...args) => {
      this.logged.push(args)
      return this.answer(given, results)
    }
  },
  throw({ exception }) {
    return () => { throw this.exception(exception) }
  },
  throw_tag({ tag, payload, exception }) {
    return () => {
      const thrown = this.newException(tag, payload)
      if (exception !== undefined) this.exceptions.set(exception, thrown)
      throw thrown
    }
  },
  throw_exn({ object }) {
    return () => { throw this.get(object) }
  },
  call({ instance, func, args }) {
    return (...own) => call(this.get(instance).func(func), args ? this.values(args) : own)
  },
  call_caught({ instance, func, args, results: given }, { results }) {
    return (...own) => {
      try {
        return call(this.get(instance).func(func), args ? this.values(args) : own)
      } catch {
        return this.answer(given, results)
      }
    }
  },
  close({ target, results: given }, { results }) {
    return () => {
      this.get(target).close()
      return this.answer(given, results)
    }
  },
  cancel({ target, results: given }, { results }) {
    return () => {
      this.store(target).cancel()
      return this.answer(given, results)
    }
  },
  grow({ memory, pages, results: given }, { results }) {
    return () => {
      this.get(memory).grow(Number(pages))
      return this.answer(given, results)
    }
  },
  caller_memory({ name }) {
    return () => context.export(name).write(0, new Uint8Array([42]))
  },
}

const DAMAGE = {
  truncate: (bytes) => bytes.subarray(0, bytes.length >> 1),
  alter: (bytes) => (bytes[bytes.length >> 1] ^= 1, bytes),
  text: () => 'hello',
}

/** An inspection as the cases write it. */
function inspected(it) {
  const { name, imports, asks, builtFor, exports, memories, features, compileCost, customSections, producers, targetFeatures, wit } = it
  assert.equal(JSON.stringify(it), it.toJson())
  return {
    json: it.toJson(),
    name: name ?? null,
    imports: imports.map((one) => [one.module, one.name, `${one.type}`]),
    asks: asks.map(({ what, functions }) => [what, functions]),
    built_for: builtFor ?? null,
    exports: exports.map((one) => [one.name, `${one.type}`]),
    memories: memories.map(String),
    features,
    compile_cost: compileCost,
    custom_sections: customSections.map((one) => one.name),
    producers: producers.map((one) => [one.field, one.name, one.version]),
    target_features: targetFeatures,
    wit: wit ?? null,
  }
}

const USAGE = {
  // generated: node.case_usage
  memory_bytes: 'memoryBytes',
  peak_memory_bytes: 'peakMemoryBytes',
  table_elements: 'tableElements',
  instances: 'instances',
  output_bytes: 'outputBytes',
  written_bytes: 'writtenBytes',
  open_files: 'openFiles',
  fuel_used: 'fuelUsed',
  last_call: 'lastCallMs',
  handles: 'handles',
  // end generated
}

/** Usage as the cases write it. */
function used(usage) {
  const plain = (found) => (found === undefined ? null : Number(found))
  return Object.fromEntries(Object.entries(USAGE).map(([key, name]) => [key, plain(usage[name])]))
}

const bounds = (min, max) => ({ min: Number(min), max: max === undefined ? undefined : Number(max) })

/** An address as programs have it, apart from its port. */
function apart(address) {
  const at = address.lastIndexOf(':')
  return [address.slice(0, at).replace(/^\[|\]$/g, ''), Number(address.slice(at + 1))]
}

const QUESTIONS = {
  tcp_connect: (policy, { address }) => policy.allowsTcpConnect(...apart(address)),
  tcp_bind: (policy, { address }) => policy.allowsTcpBind(...apart(address)),
  udp_connect: (policy, { address }) => policy.allowsUdpConnect(...apart(address)),
  udp_bind: (policy, { address }) => policy.allowsUdpBind(...apart(address)),
  name: (policy, { name }) => policy.allowsName(name),
  name_port: (policy, { name, port }) => policy.allowsNamePort(name, port),
  http: (policy, { scheme, host, port, method }) => policy.allowsHttp(scheme, host, port, method),
}

const STEPS = {
  engine({
    interruptible, stack_bytes: bytes, wide_arithmetic: wideArithmetic, custom_page_sizes: customPageSizes,
    signal_handlers: signalHandlers = SIGNALS, call_threads: callThreads, compile_cost: cost, cache: kept,
    memory_reservation_bytes: reservation, deterministic, pool_slots: poolSlots,
  }) {
    const stackBytes = bytes === undefined ? undefined : Number(bytes)
    const compileCost = cost === undefined ? undefined : Number(cost)
    if (kept !== undefined) assert.equal(kept, 'off')
    const cache = kept === undefined
    return new Engine({ interruptible, stackBytes, compileCost, wideArithmetic, customPageSizes, signalHandlers, callThreads, cache,
      memoryReservationBytes: reservation === undefined ? undefined : Number(reservation), deterministic, poolSlots })
  },
  load({ module, path, engine }) {
    return load(path ?? new URL(`modules/${module}`, ROOT), this.by(engine))
  },
  load_string({ string, engine }) {
    const source = string.startsWith('CASE/') ? this.file(string.slice(5)) : string
    return load(source, this.by(engine))
  },
  load_text({ text, engine }) {
    return Module.fromText(text, this.by(engine))
  },
  load_bytes({ hex: text, engine }) {
    return Module.fromBytes(hex(text), this.by(engine))
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
  bytes({ module, hex: text }) {
    assert.equal(toHex(this.get(module).bytes), text)
  },
  digest({ module, equals }) {
    assert.equal(this.get(module).digest, equals)
  },
  travel({ module }) {
    return load(structuredClone(this.get(module)), this.by())
  },
  compile({ module, file }) {
    this.get(module).compile(this.file(file))
  },
  load_precompiled({ file, engine }) {
    return Module.loadPrecompiled(this.file(file), this.by(engine))
  },
  damage({ file, how }) {
    writeFileSync(this.file(file), DAMAGE[how](readFileSync(this.file(file))))
  },
  load_written({ file, engine }) {
    return load(this.file(file), this.by(engine))
  },
  inspect({ module, text, equals = {} }) {
    const found = inspected(inspect(text === undefined ? new URL(`modules/${module}`, ROOT) : Buffer.from(text)))
    for (const [key, value] of Object.entries(equals)) {
      if (key === 'built_for' && value !== null) assert.ok(found[key]?.includes(value), key)
      else assert.deepEqual(found[key], value, key)
    }
  },
  gc({ store }) {
    this.get(store).gc()
  },
  store({ engine, ...sandbox }) {
    return new Store({ ...this.by(engine), ...this.sandbox(sandbox) })
  },
  usage({ target, equals }) {
    const found = used(this.store(target).usage())
    for (const [key, value] of Object.entries(equals)) assert.equal(found[key], value, key)
  },
  set_fuel({ target, fuel }) {
    this.store(target).setFuel(fuel)
  },
  cancel({ target }) {
    this.store(target).cancel()
  },
  output({ target, stream, text }) {
    if (stream === 'nowhere') return assert.equal(this.store(target).output(), text)
    assert.ok(['stdout', 'stderr', 'refusals'].includes(stream))
    assert.equal(Buffer.from(this.store(target)[stream]()).toString(), text)
  },
  output_text({ target, stream, text }) {
    assert.ok(['stdout', 'stderr'].includes(stream))
    assert.equal(this.store(target)[`${stream}Text`](), text)
  },
  written({ text }) {
    assert.equal(Buffer.concat(this.written.splice(0)).toString(), text)
  },
  write_file({ file, text }) {
    writeFileSync(this.newFile(file), text)
  },
  symlink({ file, to }) {
    symlinkSync(to, this.newFile(file))
  },
  make_pipe({ file, is_held }) {
    const path = this.newFile(file)
    execFileSync('mkfifo', [path])
    // Held until the process ends.
    if (is_held) openSync(path, 'r+')
  },
  read_file({ file, text }) {
    assert.equal(readFileSync(this.file(file), 'utf8'), text)
  },
  file_exists({ file, equals }) {
    assert.equal(existsSync(this.file(file)), equals)
  },
  policy({ from, json: text }) {
    assert.equal(Policy.fromJson(from).toJson(), text)
  },
  limits_json({ from, json: text }) {
    assert.equal(Limits.toJson(Limits.fromJson(from)), text)
  },
  restrict({ policy, by, json: text }) {
    const [first, second] = [this.policy(policy), this.policy(by)]
    const found = first.restrict(second)
    assert.ok(first.allows(found) && second.allows(found))
    assert.equal(found.toJson(), text)
  },
  allows({ policy, question, equals, ...asked }) {
    assert.ok(Object.hasOwn(QUESTIONS, question), `nobody asks ${question}`)
    assert.equal(QUESTIONS[question](this.policy(policy), asked), equals)
  },
  instantiate({ module: name, store, imports = [], initialize, ...sandbox }) {
    const module = this.get(name)
    const lent = this.imports(imports, module)
    if (store !== undefined) return this.get(store).instantiate(module, { imports: lent, initialize })
    return module.instantiate({ imports: lent, initialize, ...this.sandbox(sandbox) })
  },
  run_program({ module, args, exit, ...sandbox }) {
    const path = new URL(`modules/${module}`, ROOT)
    assert.equal(run(path, args, { engine: usual, ...this.sandbox(sandbox) }), exit)
  },
  run({ instance, exit }) {
    assert.equal(this.get(instance).run(), exit)
  },
  export({ instance, sort, name }) {
    assert.ok(['func', 'memory', 'table', 'global', 'tag'].includes(sort))
    return this.get(instance)[sort](name)
  },
  call({ instance, func, object, args = [], results, keep }) {
    const given = this.values(args)
    const fitted = [...args, ...(results ?? [])].some((tagged) => 'int' in tagged || isFloat(tagged))
    let got
    if (object !== undefined) got = call(this.get(object), given)
    // What is called so is a function of numbers.
    else if (fitted || this.get(instance).module.world !== undefined) got = call(this.get(instance).func(func), given)
    else got = this.get(instance).call(func, ...given)
    if (results !== undefined) this.results(got, results)
    if (keep !== undefined) this.keep(got, keep)
  },
  call_async({ instance, func, object, pool, args, times }) {
    return this.callAsync({ instance, func, object, pool, args, times })
  },
  await({ call, results }) {
    return this.get(call).wait((got) => results && this.results(got, results))
  },
  cancel_call({ call }) {
    this.get(call).cancel()
  },
  async await_exit({ instance, exit }) {
    assert.equal(await this.get(instance).runAsync(), exit)
  },
  pool({ module: name, max, wait_ms: waitMs, reset, imports = [], ...sandbox }) {
    const module = this.get(name)
    return new Pool(module, { max, waitMs, reset, imports: this.imports(imports, module), ...this.sandbox(sandbox) })
  },
  take({ pool }) {
    return this.get(pool).get()
  },
  pool_call({ pool, func, args, results }) {
    const got = this.get(pool).call(func, ...this.values(args))
    if (results !== undefined) this.results(got, results)
  },
  pool_counts({ pool, equals }) {
    const { counts } = this.get(pool)
    for (const [key, value] of Object.entries(equals)) assert.equal(counts[key.replace('_s', 'S')], value, key)
  },
  func_type({ object, equals }) {
    assert.equal(`${this.get(object).type}`, equals)
  },
  same({ object, other, equals }) {
    assert.equal(this.get(object) === this.get(other), equals)
  },
  same_func({ object, other, equals }) {
    assert.equal(this.get(object) === this.get(other), equals)
  },
  new_func({ store, params, results, host }) {
    return new Func(this.get(store), { params, results }, this.host(host, { params, results }))
  },
  new_memory({ store, min, max, is_64: is64, page_bytes: bytes }) {
    const pageBytes = bytes === undefined ? undefined : Number(bytes)
    return new Memory(this.get(store), { ...bounds(min, max), is64, pageBytes })
  },
  new_table({ store, element, min, max, is_64: is64, init }) {
    return new Table(this.get(store), { element, ...bounds(min, max), is64, init: this.value(init) })
  },
  new_tag({ store, params }) {
    return new Tag(this.get(store), params)
  },
  same_tag({ object, other, equals }) {
    assert.equal(this.get(object).equals(this.get(other)), equals)
  },
  new_exception({ tag, payload }) {
    return this.newException(tag, payload)
  },
  exception({ object, tag, payload }) {
    this.carries(this.get(object), tag, payload)
  },
  gc_type({ object, equals }) {
    assert.equal(`${this.get(object).type}`, equals)
  },
  gc_len({ object, equals }) {
    assert.equal(this.get(object).length, equals)
  },
  gc_get({ object, index, value }) {
    const got = this.get(object).getBits(index)
    if (value !== undefined) this.same(got, value)
    return got
  },
  gc_set({ object, index, value }) {
    const target = this.get(object)
    const { fields, element } = target.type
    target.setBits(index, fit(this.value(value), (fields?.[index] ?? element)?.storage))
  },
  new_global({ store, type, mutable, value }) {
    const given = this.value(value)
    return new Global(this.get(store), { content: type, mutable }, given instanceof Float ? given.number : fit(given, type))
  },
  read({ memory, offset, length, hex: text }) {
    const read = this.get(memory).read(BigInt(offset), BigInt(length))
    if (text !== undefined) assert.equal(toHex(read), text)
  },
  write({ memory, offset, hex: text }) {
    this.get(memory).write(BigInt(offset), hex(text))
  },
  read_text({ memory, offset, length, equals }) {
    assert.equal(this.get(memory).readText(BigInt(offset), BigInt(length)), equals)
  },
  read_c_string({ memory, offset, most, equals }) {
    assert.equal(this.get(memory).readCString(BigInt(offset), most === undefined ? undefined : BigInt(most)), equals)
  },
  write_text({ memory, offset, text, result }) {
    assert.equal(this.get(memory).writeText(BigInt(offset), text), Number(result))
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
    const got = this.get(global).bits
    if (value !== undefined) this.same(got, value)
  },
  global_set({ global, value }) {
    const target = this.get(global)
    target.bits = fit(this.value(value), target.type.content)
  },
  type({ object, equals }) {
    assert.equal(`${this.get(object).type}`, equals)
  },
  close({ target }) {
    this.get(target).close()
  },
  async repeat({ times, steps }) {
    const known = new Map(this.known)
    for (let i = 0; i < Number(times); i++) await this.run(steps)
    this.known = known
  },
  ...BATCH_STEPS, ...WIT_STEPS,
  log({ equals }) {
    assert.equal(this.logged.length, equals.length)
    equals.forEach((args, i) => this.list(this.logged[i], args))
  },
}

const skips = json('skips.json').node ?? {}
const { LANDBRIDGE_CASES: file, LANDBRIDGE_CASE: only } = process.env
const paths = () => readdirSync(new URL('cases/', ROOT)).filter((name) => name.endsWith('.json')).sort()
const files = file === undefined ? paths().map((name) => `cases/${name}`) : [pathToFileURL(file)]
const cases = files.flatMap((path) => json(path).cases).filter(({ name }) => only === undefined || name === only)
const count = { passed: 0, failed: 0, skipped: 0 }

for (const { name, steps } of cases) {
  const why = skips[name]
  test(name, { skip: why }, async () => {
    const one = new Case()
    try {
      await one.run(steps)
      count.passed++
    } catch (error) {
      count.failed++
      throw error
    } finally {
      one.end()
    }
  })
  if (why) count.skipped++
}

test('the corpus is there, and what is skipped is in it', { skip: file !== undefined || only !== undefined }, () => {
  const names = new Set(cases.map(({ name }) => name))
  assert.equal(names.size, cases.length)
  assert.ok(cases.length >= 80)
  for (const name of Object.keys(skips)) assert.ok(names.has(name), `no case is named ${name}`)
})

process.on('exit', () => {
  console.log(`conformance node: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`)
})
