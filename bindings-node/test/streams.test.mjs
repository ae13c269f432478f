// Streams of the process that nobody reads, or that do not block, as Node.js makes its own pipes.
import assert from 'node:assert/strict'
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { load } from 'landbridge'
import { kind } from './guests.mjs'

const WASI = new URL('../../conformance/modules/wasi.wat', import.meta.url)
const INDEX = new URL('../index.mjs', import.meta.url)
const BEGIN = `import { load } from ${JSON.stringify(INDEX.href)}
  const start = (options) => load(new URL(${JSON.stringify(WASI.href)})).instantiate({ stdout: 'inherit', ...options })`
const dir = mkdtempSync(join(tmpdir(), 'landbridge-streams-'))
test.after(() => rmSync(dir, { recursive: true }))

/** How a program ends whose stdout nobody reads. */
async function unread(program) {
  const args = ['--input-type=module', '-e', `${BEGIN}\n${program}`]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  // sleeps: not at all, if all is well
  const late = setTimeout(() => child.kill('SIGKILL'), 60_000)
  // Its output is held, and left alone.
  const [code, signal] = await once(child, 'exit')
  clearTimeout(late)
  child.stdout.destroy()
  return signal ?? code
}

for (const first of ['', 'process.stdout.write("."); ']) {
  test(`a deadline ends a write that nobody reads${first && ' and that does not block'}`, async () => {
    assert.equal(await unread(`${first}
      try { start({ limits: { timeoutMs: 200 } }).exports.flood() } catch (error) {
        process.exit(error.kind === 'timeout' ? 7 : 1)
      }`), 7)
  })

  test(`an asynchronous write that nobody reads is cancelled${first && ' and does not block'}`, async () => {
    assert.equal(await unread(`${first}
      const guest = start()
      const done = guest.callAsync('flood')
      // sleeps: the write waits by now, which nothing tells
      setTimeout(() => guest.store.cancel(), 200)
      try { await done } catch (error) { process.exit(error.kind === 'cancelled' ? 7 : 1) }`), 7)
  })
}

test('nothing is lost of what a guest writes after the program has written', () => {
  const program = `${BEGIN}
    process.stdout.write('first\\n')
    const guest = start()
    guest.exports.memory.write(1000, Buffer.from('a line\\n'))
    for (let i = 0; i < 200_000; i++) if (guest.exports.write(1, 7) !== 0) process.exit(3)`
  const shell = '"$0" --input-type=module -e "$1" | (sleep 1; wc -l)'
  const { stdout, status } = spawnSync('sh', ['-c', shell, process.execPath, program], { timeout: 60_000 })
  assert.equal(status, 0)
  assert.equal(Number(String(stdout)), 200_001)
})

test('a named pipe that nobody reads or writes ends with the call', () => {
  const path = join(dir, 'pipe')
  execFileSync('mkfifo', [path])
  const module = load(WASI)
  const limits = { timeoutMs: 100 }
  const file = { file: path }
  assert.throws(() => module.instantiate({ limits, stdout: file }).exports.write(1, 9), kind('timeout'))
  assert.throws(() => module.instantiate({ limits, stdin: file }).exports.read(0, 9), kind('timeout'))
})
