// Numbers and strings cross without a lane, but nothing shows that: not at the lengths where the ways part, and not when
// something is wrong.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { load } from '../index.mjs'

const component = load('../bench/component.wasm')

const host = { noop() {}, add: (a, b) => a + b, text: (it) => it, bytesIn: (it) => it.length }
const calls = (own) => component.instantiate({ imports: { host: { ...host, ...own } } }).exports.calls

const LENGTHS = [0, 1, 63, 64, 994, 995, 996, 997, 999, 1000, 1001, 1023, 1024, 1025, 4096, 70_000]
const LETTERS = ['a', 'ä', '漢', '🙂', '\ufffd', 'a\ufffd🙂']

test('strings of every length cross', () => {
  const seen = []
  const { text, hostText } = calls({ text: (it) => { seen.push(it); return it } })
  for (const letter of LETTERS) {
    for (const length of LENGTHS) {
      const whole = letter.repeat(Math.ceil(length / letter.length))
      assert.equal(text(whole), whole)
      hostText(2, whole)
      assert.deepEqual(seen.splice(0), [whole, whole])
    }
  }
})

test('what is no value of the type is told with its place', () => {
  const { add, text, noop, hostText } = calls()
  const wrong = [
    [() => add(1.5, 2), 'type', 'args[0]: expected u32, got 1.5'],
    [() => add(1, -1), 'range', 'args[1]: -1 does not fit in u32'],
    [() => add(2 ** 32, 1), 'range', 'args[0]: 4294967296 does not fit in u32'],
    [() => add('1', 2), 'type', 'args[0]: expected u32, got string'],
    [() => add(1, true), 'type', 'args[1]: expected u32, got boolean'],
    [() => add(1n, 1), 'type', 'args[0]: expected u32, got bigint (a number is needed, such as 5)'],
    [() => text(5), 'type', 'args[0]: expected string, got number'],
    [() => text(undefined), 'type', 'args[0]: expected string, got undefined'],
  ]
  for (const [call, kind, message] of wrong) assert.throws(call, { kind, message })
  for (const half of ['\ud800', 'a\udc00b', '\ufffd\ud800', 'x'.repeat(990) + '\ud800', 'x'.repeat(5000) + '\ud800']) {
    assert.throws(() => text(half), { kind: 'type', message: /^args\[0\]: / })
    assert.throws(() => hostText(1, half), { kind: 'type', message: /^args\[1\]: / })
  }
  assert.throws(() => add(1), { kind: 'type' })
  assert.throws(() => noop(1), { kind: 'type' })
  assert.equal(add(2 ** 32 - 1, 1), 0)
})

test('what a host function gives is looked at as closely', () => {
  const wrong = [
    [{ text: () => 5 }, /^result of landbridge:bench\/host@1\.0\.0#text: expected string, got number$/],
    [{ text: () => 'a\ud800' }, /^result of .*#text: /],
    [{ text: () => undefined }, /^result of .*#text: expected string, got undefined$/],
    [{ text: async () => 'a' }, /^results? of .*#text: .*a promise/i],
    [{ noop: () => 1 }, /^result of .*#noop: /],
  ]
  for (const [own, message] of wrong) {
    const { hostText, hostNoop } = calls(own)
    assert.throws(() => (own.noop ? hostNoop(1) : hostText(1, 'a')), { kind: 'type', message })
  }
  const { hostText } = calls({ text: () => '\ufffd' })
  hostText(3, 'a')
})

test('functions call each other without a lane', () => {
  const texts = []
  let inner
  const { hostText } = calls({ text: (it) => { texts.push(inner.text(`${it}!`), inner.add(1, 2)); return it } })
  inner = calls()
  hostText(2, 'a')
  assert.deepEqual(texts, ['a!', 3, 'a!', 3])
})

test('what a host function throws comes out as it is', () => {
  const thrown = new RangeError('no')
  const { hostText } = calls({ text() { throw thrown } })
  assert.throws(() => hostText(1, 'a'), (error) => error === thrown)
})

test('a host function is a method of what was given', () => {
  class Own {
    prefix = '>'
    noop() {}
    add() { return 0 }
    text(it) { return `${this.prefix}${it}` }
    bytesIn() { return 0 }
  }
  const given = new Own()
  const seen = []
  given.text = function (it) { seen.push(this === given); return it }
  component.instantiate({ imports: { host: given } }).exports.calls.hostText(1, 'a')
  assert.deepEqual(seen, [true])
})
