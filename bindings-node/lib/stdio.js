'use strict'
// Stdio: where a guest's standard streams come from and go to, as objects of a word and what belongs to it.
const { bytesOf, isBytes } = require('./bytes.js')
const { describe } = require('./error.js')
const { notA } = require('./messages.js')
const { options } = require('./options.js')
const { pathOf } = require('./path.js')

/** What a guest reads. */
function inputOf(stdin) {
  if (stdin === undefined) return undefined
  if (stdin === 'inherit') return { word: stdin }
  if (isBytes(stdin)) return { word: 'bytes', value: bytesOf(stdin, 'stdin') }
  return fileOf('stdin', stdin, "'inherit', bytes or { file }")
}

/** Where what it writes goes. */
function outputOf(name, output) {
  if (output === undefined) return undefined
  if (output === 'inherit' || output === 'capture') return { word: output }
  if (typeof output === 'function') return { word: 'function', value: output }
  if (typeof output === 'object' && output !== null && output.lines !== undefined) {
    const { lines } = options(name, output, ['lines'])
    if (typeof lines === 'function') return { word: 'lines', value: lines }
    throw notA(`${name}.lines`, 'a function', describe(lines))
  }
  return fileOf(name, output, "'inherit', 'capture', { file }, { lines } or a function")
}

function fileOf(name, stream, expected) {
  if (typeof stream !== 'object' || stream === null) {
    const given = typeof stream === 'string' ? JSON.stringify(stream) : describe(stream)
    throw notA(name, expected, given)
  }
  return { word: 'file', value: pathOf(options(name, stream, ['file']).file, `${name}.file`) }
}

module.exports = { inputOf, outputOf }
