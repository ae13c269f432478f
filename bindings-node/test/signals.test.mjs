// Traps that are signals, among the signals of Node.js and of V8, which lives off them too.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import test from 'node:test'
import { Worker } from 'node:worker_threads'
import { alternate, guest } from './faults.mjs'

const TIMES = 10_000
const FAULTS = new URL('./faults.mjs', import.meta.url)

test('traps alternate with traps of the engine that is in V8', () => {
  assert.equal(alternate(TIMES), TIMES)
})

test('in several threads too', async () => {
  const workers = Array.from({ length: 3 }, () => new Worker(FAULTS, { workerData: { times: TIMES / 4 } }))
  const said = workers.map((worker) => once(worker, 'message'))
  assert.equal(alternate(TIMES / 4), TIMES / 4)
  for (const [times] of await Promise.all(said)) assert.equal(times, TIMES / 4)
})

test('overflows of the JavaScript stack and of the guest alternate', () => {
  const forever = (n) => forever(n + 1) + 1
  const { down } = guest()
  for (let i = 0; i < 1000; i++) {
    assert.throws(() => forever(0), RangeError)
    assert.throws(down, { code: 'stack_overflow' })
  }
})

/** How a program ends that the guest and its traps are given to. */
function run(program) {
  const text = `import { alternate, guest, traps } from ${JSON.stringify(FAULTS.href)}\n${program}`
  const { status, signal, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', text], { timeout: 60_000 })
  assert.equal(String(stderr), '')
  return signal ?? status
}

for (const name of ['SIGINT', 'SIGTERM', 'SIGUSR2', 'SIGHUP']) {
  test(`handlers of ${name} run between traps, and may trap`, () => {
    assert.equal(run(`
      const exports = guest()
      let left = ${TIMES / 4}
      const alive = setInterval(() => {}, 1000)
      process.on('${name}', () => {
        traps(exports)
        if (--left) process.kill(process.pid, '${name}')
        else clearInterval(alive)
      })
      process.kill(process.pid, '${name}')
      process.on('exit', () => { process.exitCode = left ? 1 : 7 })`), 7)
  })
}

test('a signal that nobody handles ends the process as it would', () => {
  assert.equal(run(`
    alternate(100)
    process.kill(process.pid, 'SIGTERM')
    setInterval(() => {}, 60_000)`), 'SIGTERM')
})
