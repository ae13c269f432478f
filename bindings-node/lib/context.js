'use strict'
// The context of the host function that runs now: which import it is, and who called.
const { AsyncLocalStorage } = require('node:async_hooks')
const { native } = require('./native.js')

/** The call of a host function that a thread of the engine waits for; it is there after an `await`, too. */
const loans = new AsyncLocalStorage()

const context = Object.freeze({
  __proto__: null,

  get name() {
    return native.contextName(loans.getStore())
  },

  export(name) {
    return native.contextExport(String(name), loans.getStore())
  },
})

/** Called by the addon: calls a function for a guest of another thread. */
const within = (loan, func, ...args) => loans.run(loan, () => func(...args))

/** Called by the addon when such a function gave a promise. */
function settle(promise, loan) {
  const answer = (value) => native.loanAnswer(loan, value)
  const fail = (error) => native.loanFail(loan, error)
  Promise.prototype.then.call(promise, answer, fail)
}

/** Called by the addon when it has done enough for this turn of the event loop. */
const later = () => setImmediate(native.drain)

module.exports = { context, later, settle, within }
