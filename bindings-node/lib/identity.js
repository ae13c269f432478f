'use strict'
// Identity: one thing of a store is one object of JavaScript, as long as somebody has that.

/** Forgets what was collected, unless a younger object has taken its place. */
const registry = new FinalizationRegistry(({ items, id }) => {
  if (items.get(id)?.deref() === undefined) items.delete(id)
})

/** Notes the object of a thing; `items` is the table of its store. */
function keepOne(items, id, object) {
  items.set(id, new WeakRef(object))
  registry.register(object, { items, id })
  return object
}

/** The object of a thing: the one that is there, or a new one. */
function oneOf(items, id, make) {
  return items.get(id)?.deref() ?? keepOne(items, id, make())
}

module.exports = { keepOne, oneOf }
