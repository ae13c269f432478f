'use strict'
// Sandbox: everything that a store is made with, as options give it.
const { fail } = require('./error.js')
const { limitsOf } = require('./limits.js')
const { policyHandle } = require('./policy.js')
const { inputOf, outputOf } = require('./stdio.js')

/** The options that close a store in. */
const SANDBOX = ['policy', 'limits', 'stdin', 'stdout', 'stderr', 'refusals']

const isGiven = (given) => (name) => given[name] !== undefined

/** What the addon takes; `undefined` if nothing of it is given. */
function sandboxOf(given) {
  if (!SANDBOX.some(isGiven(given))) return undefined
  const { policy, limits, stdin, stdout, stderr, refusals } = given
  return {
    limits: limitsOf(limits),
    policy: policyHandle(policy),
    stdin: inputOf(stdin),
    stdout: outputOf('stdout', stdout),
    stderr: outputOf('stderr', stderr),
    refusals: outputOf('refusals', refusals),
  }
}

/** An instance in a store that is there has the store's. */
function refuseSandbox(given) {
  const name = SANDBOX.find(isGiven(given))
  if (name !== undefined) throw fail('type', `instantiate: ${name} belongs to the store: pass it to new Store`)
}

module.exports = { SANDBOX, sandboxOf, refuseSandbox }
