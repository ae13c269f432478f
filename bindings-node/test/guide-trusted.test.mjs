// The program of the guide's page on performance for guests that are trusted; it is cut from here.
import assert from 'node:assert/strict'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { Engine, load } from 'landbridge'

process.chdir(fileURLToPath(new URL('../../core/tests/guide', import.meta.url)))

test('a trusted guest', () => {
  // [trusted]
  const trusted = new Engine({ interruptible: false }) // one for the program: keep it
  const calc = load('calc.wat', { engine: trusted }).instantiate()
  const five = calc.exports.add(2, 3)
  // [end trusted]
  assert.equal(five, 5)
  const bounded = () => load('calc.wat', { engine: trusted }).instantiate({ limits: { timeoutMs: 500 } })
  assert.throws(bounded, (error) => error.kind === 'unsupported' && /interruptible/.test(error.message))
})
