'use strict'
// Assignments that JavaScript would swallow: an error in sloppy code as well as in strict.
const { fail } = require('./error.js')

const isIndex = (key) => typeof key === 'string' && /^(?:0|[1-9]\d*)$/.test(key)

/** The setter of a property that only tells. */
const refuse = (owner, name) => () => {
  throw fail('type', `${owner}.${name} cannot be assigned`)
}

/** Has assignments to what a class only tells throw. */
function readOnly(Class) {
  const properties = Object.getOwnPropertyDescriptors(Class.prototype)
  for (const [name, { get, set }] of Object.entries(properties)) {
    if (get === undefined || set !== undefined) continue
    Object.defineProperty(Class.prototype, name, { set: refuse(Class.name, name) })
  }
}

/**
 * Says what assigning to an element, as to one of an array, does, and to a name that there is not. It costs other properties nothing: it stands behind
 * the prototype, where only what is not found elsewhere is looked for.
 */
function elements(Class, { get, set, named }) {
  const traps = {
    get: (target, key, object) => (get !== undefined && isIndex(key) ? get(object, Number(key)) : Reflect.get(target, key, object)),
    set(target, key, value, object) {
      if (!isIndex(key)) return typeof key === 'string' && named ? named(key) : Reflect.set(target, key, value, object)
      set(object, Number(key), value)
      return true
    },
  }
  Object.setPrototypeOf(Class.prototype, new Proxy({}, traps))
}

module.exports = { elements, readOnly, refuse }
