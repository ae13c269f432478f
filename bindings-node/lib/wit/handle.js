'use strict'
// Handles: how resources lie in a lane. A guest's is a number; an object of the host is the place of it in a list.
const { room } = require('./lane.js')
const { other } = require('./wrong.js')

/** Resources of guests: what JavaScript holds of one, by its object. */
const held = new WeakMap()

/** A type `own` or `borrow`. */
function handle(type, isOwn) {
  return {
    write(lane, value) {
      const known = typeof value === 'object' && value !== null ? held.get(value) : undefined
      const is = known !== undefined && lane.owner?.knows(known, type)
      if (!is) return writeObject(lane, value, type, known)
      lane.held.push(value)
      const at = room(lane, 8)
      lane.view.setUint32(at, known.low, true)
      lane.view.setUint32(at + 4, known.high, true)
    },
    read(lane) {
      const at = lane.at
      lane.at = at + 8
      const low = lane.view.getUint32(at, true)
      const high = lane.view.getUint32(at + 4, true)
      return high === 0 ? lane.given[low] : lane.owner.resource(type, low, high, isOwn)
    },
  }
}

function writeObject(lane, value, type, known) {
  const isObject = (typeof value === 'object' && value !== null) || typeof value === 'function'
  if (known !== undefined && !type.isHosted && lane.owner !== undefined) throw lane.owner.refusal(known, type)
  if (!isObject) throw other(type.told, value)
  const at = room(lane, 8)
  lane.view.setUint32(at, lane.objects.push(value) - 1, true)
  lane.view.setUint32(at + 4, 0, true)
}

module.exports = { handle, held }
