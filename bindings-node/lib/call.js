'use strict'
// Calls: promises of calls that the engine's threads make.
const { native } = require('./native.js')
const { describe } = require('./error.js')
const { notA } = require('./messages.js')
const { options } = require('./options.js')

/** What `begin` promises; it takes the object that is to carry the call, if the call can be aborted. */
function start(begin, given) {
  try {
    const { signal } = options('async', given, ['signal'])
    if (signal === undefined) return begin(undefined)
    if (!isSignal(signal)) throw notA('signal', 'an AbortSignal', describe(signal))
    return signal.aborted ? Promise.reject(signal.reason) : abortable(begin, signal)
  } catch (error) {
    return Promise.reject(error)
  }
}

/** Whether it is an AbortSignal, of this realm or another, as Node.js tells it. */
const isSignal = (value) => typeof value === 'object' && value !== null && 'aborted' in value

function abortable(begin, signal) {
  const call = {}
  const promise = begin(call)
  const { calls, abort } = watched.get(signal) ?? watch(signal)
  calls.add(call)
  return promise.finally(() => {
    calls.delete(call)
    if (calls.size > 0) return
    signal.removeEventListener('abort', abort)
    watched.delete(signal)
  })
}

/** The calls that a signal ends. It has one listener for all: for many it would warn of a leak. */
const watched = new WeakMap()

function watch(signal) {
  const calls = new Set()
  const abort = () => calls.forEach((call) => native.callAbort(call, signal.reason))
  signal.addEventListener('abort', abort, { once: true })
  const found = { calls, abort }
  watched.set(signal, found)
  return found
}

/** The arguments, and the options, which are one more than there are parameters. */
function split(args, count) {
  const last = args[count]
  const isMore = args.length === count + 1 && (last === undefined || isPlain(last))
  return isMore ? [args.slice(0, count), last] : [args, undefined]
}

/** An object that is no column. */
const isPlain = (value) => typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value)

module.exports = { split, start }
