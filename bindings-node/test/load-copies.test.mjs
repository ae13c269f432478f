// How often the bytes of a module are copied when it is loaded.
import assert from 'node:assert/strict'
import test from 'node:test'
import { Engine, load, loadAsync } from 'landbridge'

const MIB = 1 << 20
const SIZE = 192 * MIB

/** A module with a custom section of so many bytes. */
function large(bytes) {
  const leb = [0, 7, 14, 21, 28].map((shift, i) => ((bytes >>> shift) & 0x7f) | (i < 4 ? 0x80 : 0))
  const made = new Uint8Array(14 + bytes)
  made.set([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 0, ...leb])
  made.set([1, 0x78], 14)
  return made
}

/** How much more memory the process had at a time. */
function grown(run) {
  const before = process.resourceUsage().maxRSS
  run()
  return (process.resourceUsage().maxRSS - before) / 1024
}

test('a module that is there is found without a copy of its bytes', async () => {
  const engine = new Engine({ cache: false })
  const bytes = large(SIZE)
  const first = load(bytes, { engine })
  // What was free again after that must not hide a copy.
  const held = Buffer.alloc(process.resourceUsage().maxRSS * 1024 - process.memoryUsage().rss + MIB, 1)
  const more = grown(() => assert.equal(load(bytes, { engine }).digest, first.digest))
  assert.ok(more < SIZE / MIB / 4, `${more} MiB`)
  assert.equal(held.length > 0, true)
  assert.equal((await loadAsync(bytes, { engine })).digest, first.digest)
})

test('bytes that other threads may write to are copied, and give the same module', () => {
  const engine = new Engine({ cache: false })
  const bytes = large(64)
  const shared = new Uint8Array(new SharedArrayBuffer(bytes.length))
  shared.set(bytes)
  assert.equal(load(shared, { engine }).digest, load(bytes, { engine }).digest)
  assert.equal(load(shared.subarray(0, shared.length), { engine }).digest, load(bytes.buffer, { engine }).digest)
})
