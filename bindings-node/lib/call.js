'use strict'
// Calls: promises of calls that the engine's threads make.
const { native } = require('./native.js')
const { fail, describe } = require('./error.js')
const { options } = require('./options.js')

/** What `begin` promises; it takes the object that is to carry the call, if the call can be aborted. */
function start(begin, given) {
  try {
    const { signal } = options('async', given, ['signal'])
    if (signal === undefined) return begin(undefined)
    if (!(signal instanceof AbortSignal)) throw fail('type', `signal: expected an AbortSignal, got ${describe(signal)}`)
    return signal.aborted ? Promise.reject(signal.reason) : abortable(begin, signal)
  } catch (error) {
    return Promise.reject(error)
  }
}

function abortable(begin, signal) {
  const call = {}
  const abort = () => native.callAbort(call, signal.reason)
  const promise = begin(call)
  signal.addEventListener('abort', abort, { once: true })
  return promise.finally(() => signal.removeEventListener('abort', abort))
}

/** The arguments, and the options, which are one more than there are parameters. */
function split(args, count) {
  const last = args[count]
  const isMore = args.length === count + 1 && (last === undefined || (typeof last === 'object' && last !== null))
  return isMore ? [args.slice(0, count), last] : [args, undefined]
}

module.exports = { split, start }
