// What the workers of worker.test.mjs do.
import { parentPort, workerData } from 'node:worker_threads'
import { load, Memory, Store } from 'landbridge'
import { calc, recursions } from './guests.mjs'

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
  spin() {
    say('ready')
    calc().exports.spin()
  },
  callbacks() {
    say('ready')
    calc(() => 0).exports.loop(1)
  },
  nested() {
    const instance = calc(() => instance.exports.spin())
    say('ready')
    instance.exports.via(1)
  },
  sleep() {
    const guest = load(new URL('../../conformance/modules/wasi.wat', import.meta.url)).instantiate()
    say('ready')
    guest.exports.sleep(3_600_000_000_000n)
  },
  travel() {
    const { exports } = load(workerData.module).instantiate()
    parentPort.once('message', (module) => {
      const second = load(structuredClone(load(module)))
      say([exports.add(2, 3), second.instantiate().exports.add(3, 4), second.digest])
    })
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
