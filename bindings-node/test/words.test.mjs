// What is said of wrong texts and names, what a string is that is loaded, and texts in memory.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { pathToFileURL } from 'node:url'
import { inspect, load, loadAsync, Policy } from 'landbridge'
import { kind } from './guests.mjs'

const GREET = '(module (memory (export "memory") 1) (func (export "greet") (param i32 i32)))'
const none = Policy.none()

test('texts that no guest can be given', () => {
  const wrong = [
    [() => none.withArgs(['p', 'a\0b']), /args\[1\] has a zero byte/],
    [() => none.withArgs(['p', 'q', '\ud800']), /args\[2\] is not Unicode/],
    [() => none.withEnv('', '1'), /no name/],
    [() => none.withEnv('A=B', '1'), /the variable "A=B" has a "="/],
    [() => none.withEnv('A\0', '1'), /the name of the variable .* zero byte/],
    [() => none.withEnv('A', '\0'), /the variable "A" has a zero byte/],
    [() => none.withEnv('\ud800', '1'), /the name of a variable is not Unicode/],
    [() => none.withEnv('A', '\udc00x'), /the variable "A" is not Unicode/],
    [() => none.withDir('/a\0', '.', 'read'), /the folder .* zero byte/],
    [() => none.withReadOnlyDir('/a', 'x\0y'), /the path of the folder "\/a" has a zero byte/],
    [() => none.withMemoryDir('/a\0', {}, 'read'), /the folder .* zero byte/],
    [() => none.withDir('/\ud800', '.', 'read'), /the name of a folder is not Unicode/],
    [() => none.withMemoryDir('/a', { b: '\ud800' }, 'read'), /not Unicode/],
  ]
  for (const [what, message] of wrong) assert.throws(what, kind('type', message))
  // The character itself is a text like any other.
  assert.equal(none.withEnv('A', '\ufffd').env.A, '\ufffd')
  assert.equal(none.withEnv('A', '\u{1f30d}').env.A, '\u{1f30d}')
})

test('a string is text or a path', () => {
  const folder = mkdtempSync(join(tmpdir(), 'landbridge-words-'))
  try {
    const [plain, odd] = [join(folder, 'a.wat'), join(folder, '(1).wat')]
    for (const file of [plain, odd]) writeFileSync(file, '(module $file)')
    assert.equal(load(plain).name, 'file')
    assert.equal(load(pathToFileURL(odd)).name, 'file')
    assert.equal(inspect(plain).name, 'file')
    assert.equal(load('\ufeff ;; a\n(module $text)').name, 'text')
    assert.equal(inspect('(module $text)').name, 'text')
    // White space of JavaScript that is none of WebAssembly text.
    assert.throws(() => load('\u00a0(module)'), kind('io'))
    assert.throws(() => load('\0asm\x01\0\0\0'), kind('io', /as bytes/))
    assert.throws(() => load('(module $\ud800)'), kind('type', /not Unicode/))
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('half of a surrogate pair is no text', () => {
  const { memory } = load(GREET).instantiate().exports
  memory.write(0, new Uint8Array([97]))
  assert.throws(() => memory.writeText(0, 'x\ud800'), kind('type', /the text is not Unicode/))
  assert.equal(memory.readText(0, 1), 'a')
  for (const bad of [undefined, 5, new Uint8Array(1)]) assert.throws(() => memory.writeText(0, bad), kind('type', /a string/))
  assert.throws(() => memory.readText(-1, 1), kind('out_of_bounds'))
  assert.throws(() => memory.readText(2n ** 64n, 1), kind('range'))
})

test('text where numbers are expected', async () => {
  const { greet } = load(GREET).instantiate().exports
  for (const args of [['Ada'], ['Ada', 3], [1, 'Ada'], ['a', 'b', 'c']]) {
    assert.throws(() => greet(...args), kind('type', /writeText.*component/))
  }
  await assert.rejects(async () => greet.async('Ada'), kind('type', /writeText.*component/))
  assert.throws(() => greet(1), (error) => !error.message.includes('writeText'))
})

test('what a missing import was meant to be', () => {
  const module = load('(module (import "env" "log" (func)))')
  const log = () => {}
  const cases = [
    [{ log }, /log was given without a module; did you mean {"env": {"log": ...}}\?/],
    [{ env: { Log: log } }, /env.Log was given; did you mean env.log\?/],
    [{ Env: { log } }, /Env.log was given; did you mean env.log\?/],
    [{}, /env.log: func \(\) -> \(\)$/],
    [{ env: new Proxy({}, { ownKeys: () => assert.fail('asked'), has: () => false, get: () => undefined }) }, /-> \(\)$/],
    [{ env: { get Log() { return assert.fail('asked') } } }, /did you mean env.log/],
  ]
  for (const [imports, message] of cases) assert.throws(() => module.instantiate({ imports }), kind('link', message))
  assert.throws(() => module.instantiate({ import: {} }), kind('type', /did you mean "imports"\?/))
})

test('what is no source', async () => {
  for (const source of [undefined, null, 3, {}, [1]]) {
    const wrong = { kind: 'type', message: /source: expected a path, a URL, WebAssembly text or bytes, got/ }
    assert.throws(() => load(source), wrong)
    assert.throws(() => inspect(source), wrong)
    await assert.rejects(() => loadAsync(source), wrong)
  }
  assert.throws(() => load(Promise.resolve(new Uint8Array())), /got a promise; await it/)
})
