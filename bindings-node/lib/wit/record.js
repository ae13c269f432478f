'use strict'
// Records, tuples and flags of WIT.
const { types } = require('node:util')
const { room } = require('./lane.js')
const { arrayOf } = require('./list.js')
const { spelled } = require('./names.js')
const { missing, other, otherThan, sortOf, twice, unknown, whole, within } = require('./wrong.js')

const OPTION = 19

/** So many properties are written as a literal, which is the fastest way to make an object. */
const MOST_WRITTEN = 200

/** A function that makes an object with these keys, of what `readers` read one after the other. */
function reader(keys, readers) {
  if (keys.length <= MOST_WRITTEN) {
    try {
      // Keys are names of WIT: letters, digits and hyphens.
      const names = keys.map((_, i) => `r${i}`)
      const literal = keys.map((key, i) => `${JSON.stringify(key)}: ${names[i]}(lane)`).join(', ')
      return new Function(...names, `return (lane) => ({ ${literal} })`)(...readers)
    } catch {
      // A program may forbid to make code of texts.
    }
  }
  return (lane) => {
    const object = {}
    for (let i = 0; i < keys.length; i++) object[keys[i]] = readers[i](lane)
    return object
  }
}

/** What was given for a field. What every object has is not meant, nor the class of one. */
function given(value, key) {
  const part = value[key]
  const isMeant = part === undefined || Object.hasOwn(value, key) || (part !== Object.prototype[key] && key !== 'constructor')
  return isMeant ? part : undefined
}

/** A record: fields have a name and a type with a codec. */
function record(fields, told) {
  const names = fields.map(({ name }) => name)
  const keys = spelled(names)
  const plan = fields.map((field, i) => ({
    key: keys[i], name: names[i], write: field.type.codec.write, isOption: field.type.sort === OPTION, type: field.type,
    isEverywhere: keys[i] in Object.prototype,
  }))
  return {
    write(lane, value) {
      if (typeof value !== 'object' || value === null) throw other(told, value)
      let used = 0
      let i = 0
      try {
        for (; i < plan.length; i++) {
          const field = plan[i]
          let part = field.isEverywhere ? given(value, field.key) : value[field.key]
          if (part === undefined && field.name !== field.key) part = value[field.name]
          if (part !== undefined) used += 1
          else if (!field.isOption) throw absent(value, plan, field, told)
          field.write(lane, part)
        }
      } catch (error) {
        throw within(error, `.${plan[i].name}`)
      }
      if (Object.keys(value).length > used) refuseMore(value, plan, told)
    },
    read: reader(keys, fields.map((field) => field.type.codec.read)),
  }
}

/** A field that is not there may be one that was misspelled. */
function absent(value, plan, field, told) {
  const more = moreThan(value, plan)
  if (more !== undefined) return whole(unknown('field', more, told, plan.map(({ name }) => name)))
  return whole(missing('field', field.name, told))
}

function refuseMore(value, plan, told) {
  const more = moreThan(value, plan)
  if (more !== undefined) throw unknown('field', more, told, plan.map(({ name }) => name))
  const two = plan.find(({ key, name }) => key !== name && given(value, key) !== undefined && value[name] !== undefined)
  if (two !== undefined && isPlain(value)) throw twice('field', two.name)
}

/** An object of a class may have more than it tells. */
function isPlain(value) {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

/** A key that no field has. */
function moreThan(value, plan) {
  if (types.isProxy(value) || !isPlain(value)) return undefined
  return Object.keys(value).find((key) => value[key] !== undefined && !plan.some((it) => it.key === key || it.name === key))
}

function tuple(parts, told) {
  const codecs = parts.map(({ codec }) => codec)
  return {
    write(lane, value) {
      if (!Array.isArray(value) && !types.isTypedArray(value)) throw other(told, value)
      if (value.length !== codecs.length) throw otherThan(`a tuple of ${codecs.length}`, `a tuple of ${value.length}`)
      let i = 0
      try {
        for (; i < codecs.length; i++) codecs[i].write(lane, value[i])
      } catch (error) {
        throw within(error, `.${i}`)
      }
    },
    read(lane) {
      const all = arrayOf(codecs.length)
      for (let i = 0; i < codecs.length; i++) all[i] = codecs[i].read(lane)
      return all
    },
  }
}

/** How many bytes so many flags take. */
function flagsBytes(count) {
  if (count === 0) return 0
  if (count <= 8) return 1
  return count <= 16 ? 2 : 4 * Math.ceil(count / 32)
}

function flags(names, told) {
  const keys = spelled(names)
  const bytes = flagsBytes(names.length)
  const places = new Map([...names.map((name, i) => [name, i]), ...keys.map((key, i) => [key, i])])
  const placeOf = (name) => {
    if (typeof name !== 'string') throw otherThan('the name of a flag', sortOf(name))
    const place = places.get(name)
    if (place === undefined) throw unknown('flag', name, told, names)
    return place
  }
  const readers = names.map((_, i) => (lane) => (lane.bytes[lane.at + (i >> 3)] & (1 << (i & 7))) !== 0)
  const all = reader(keys, readers)
  return {
    write(lane, value) {
      const at = room(lane, bytes)
      lane.bytes.fill(0, at, at + bytes)
      const set = (place) => { lane.bytes[at + (place >> 3)] |= 1 << (place & 7) }
      if (typeof value !== 'object' || value === null) throw other(told, value)
      if (Array.isArray(value) || types.isSet(value)) {
        for (const name of value) set(placeOf(name))
        return
      }
      // It would seem to have no names.
      if (value[Symbol.iterator] !== undefined) throw otherThan(told, 'what is neither an array, a Set nor an object of booleans')
      for (const key of Object.keys(value)) {
        const is = value[key]
        if (is === undefined) continue
        const place = placeOf(key)
        if (typeof is !== 'boolean') throw within(other('bool', is), `.${names[place]}`)
        if (is) set(place)
      }
    },
    read(lane) {
      const found = all(lane)
      lane.at += bytes
      return found
    },
  }
}

module.exports = { record, tuple, flags }
