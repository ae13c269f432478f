'use strict'
// What is said where no call crosses to core: from core/messages.toml.
const { fail } = require('./error.js')

// generated: messages.node
function notA(place, expected, given) {
  return fail('type', `${place}: expected ${expected}, got ${given}`, notA)
}

function closed(noun) {
  return fail('closed', `the ${noun} is closed`, closed)
}

function notCaught(tag) {
  return `an exception of a ${tag} was not caught`
}

module.exports = { closed, notA, notCaught }
// end generated
