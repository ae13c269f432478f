// What the workers of worker.test.mjs do.
import { parentPort, workerData } from 'node:worker_threads'
import { Engine, load, Memory, Pool, Store } from 'landbridge'
import { calc, recursions } from './guests.mjs'

const GREET = new URL('../../core/tests/guide/greet.wat', import.meta.url)

/** What a component exports that does as it is told. */
function acts(imports) {
  const file = new URL('../../conformance/modules/acts.wat', import.meta.url)
  return load(file).instantiate({ imports: { give: () => new Uint8Array(8), ...imports } }).exports
}

const say = (result) => parentPort.postMessage({ result })

const jobs = {
  calls() {
    for (let i = 0; i < 50; i++) {
      const instance = calc((n) => n + 1)
      if (instance.exports.loop(1000) !== 1000) throw new Error('a wrong answer')
      new Uint8Array(instance.exports.memory.buffer)[0] = i
      try { instance.exports.div(1, 0) } catch (error) { if (error.kind !== 'trap') throw error }
      if (i % 2) instance.close()
    }
    say('done')
  },
  async async() {
    const guests = Array.from({ length: 4 }, (_, i) => calc(i % 2 ? async (n) => n + 1 : (n) => n + 1))
    const calls = Array.from({ length: 500 }, (_, i) => guests[i % 4].exports.via.async(i))
    const sum = (await Promise.all(calls)).reduce((a, b) => a + b)
    if (sum !== 500 * 501 / 2) throw new Error('a wrong answer')
    say('done')
  },
  spin() {
    say('ready')
    calc().exports.spin()
  },
  callbacks() {
    say('ready')
    calc(() => 0).exports.loop(1)
  },
  nested() {
    const instance = calc(() => (say('ready'), instance.exports.spin()))
    instance.exports.via(1)
  },
  sleep() {
    const guest = load(new URL('../../conformance/modules/wasi.wat', import.meta.url)).instantiate()
    say('ready')
    guest.exports.sleep(3_600_000_000_000n)
  },
  async flight() {
    const engine = new Engine({ callThreads: 4 })
    const make = (host, options) => calc(host, { ...options, engine })
    for (let i = 0; i < 5; i++) {
      // Some run, some wait in line, some for a promise; one calls a host function all the time.
      const spins = make()
      spins.exports.spin.async().catch(() => {})
      spins.exports.add.async(1, 2).catch(() => {})
    }
    const waits = make(() => new Promise(() => {}))
    waits.exports.via.async(1).catch(() => {})
    make(() => 0).exports.loop.async(1).catch(() => {})
    const pool = new Pool(load('(module (func (export "spin") (loop (br 0))))'), { max: 1 })
    for (let i = 0; i < 3; i++) pool.callAsync('spin').catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, 10)) // sleeps: all are somewhere in the middle
    say('ready')
  },
  inside() {
    // This thread waits for a guest of another one, which waits for this thread.
    const instance = calc(() => instance.exports.spin())
    instance.exports.via.async(1).catch(() => {})
    say('ready')
  },
  travel() {
    const { exports } = load(workerData.module).instantiate()
    parentPort.once('message', (module) => {
      const second = load(structuredClone(load(module)))
      say([exports.add(2, 3), second.instantiate().exports.add(3, 4), second.digest])
    })
    say('ready')
  },
  async components() {
    for (let i = 0; i < 20; i++) {
      const { exports } = load(workerData.module ?? GREET).instantiate()
      const text = 'x'.repeat(i * 300)
      if (exports.hello(text) !== `Hello, ${text}!`) throw new Error('a wrong answer')
      const all = await Promise.all(['Ada', 'Bob'].map((name) => exports.hello.async(name)))
      if (all.join() !== 'Hello, Ada!,Hello, Bob!') throw new Error('a wrong answer')
    }
    say('done')
  },
  componentSpin() {
    acts({ take() { say('ready') } }).spin()
  },
  componentFlight() {
    for (const take of [() => {}, async () => {}, () => new Promise(() => {})]) {
      const { spin, make } = acts({ take })
      spin.async().catch(() => {})
      make.async(0).catch(() => {})
    }
    say('ready')
  },
  recursions() {
    say(recursions())
  },
  send() {
    const memory = new Memory(new Store(), { min: 1 })
    try { parentPort.postMessage(load('(module (func (export "f")))').instantiate().exports.f) } catch (error) { say(error.name) }
    void memory
  },
}

jobs[workerData.job ?? workerData]()
