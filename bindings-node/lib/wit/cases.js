'use strict'
// Variants, enums, options and results of WIT.
const { room } = require('./lane.js')
const { spelled } = require('./names.js')
const { other, otherThan, sortOf, unknown, within } = require('./wrong.js')

const OPTION = 19

/** Writes and reads which of so many cases it is. */
function discriminant(count) {
  if (count <= 0x100) {
    return {
      put(lane, index) {
        const at = room(lane, 1)
        lane.bytes[at] = index
      },
      take: (lane) => lane.bytes[lane.at++],
    }
  }
  const bytes = count <= 0x1_0000 ? 2 : 4
  const [get, set] = bytes === 2 ? ['getUint16', 'setUint16'] : ['getUint32', 'setUint32']
  return {
    put(lane, index) {
      const at = room(lane, bytes)
      lane.view[set](at, index, true)
    },
    take(lane) {
      const at = lane.at
      lane.at = at + bytes
      return lane.view[get](at, true)
    },
  }
}

/** The places of names, as WIT has them and as JavaScript does. */
function placesOf(names) {
  const keys = spelled(names)
  return new Map([...keys.map((key, i) => [key, i]), ...names.map((name, i) => [name, i])])
}

/** Writes what a case holds. */
function put(lane, type, value, name) {
  try {
    if (type === undefined) {
      if (value !== undefined && value !== null) throw other('nothing', value)
      return
    }
    if (value === undefined && type.sort !== OPTION) throw other(type.told, undefined)
    type.codec.write(lane, value)
  } catch (error) {
    throw within(error, `.${name}`)
  }
}

/** A variant: `{ tag, val }`. Cases have a name, and a type with a codec if they hold anything. */
function variant(cases, told, takesNames = true) {
  const names = cases.map(({ name }) => name)
  const places = placesOf(names)
  const { put: putCase, take } = discriminant(cases.length)
  const reads = cases.map(({ type }) => type?.codec.read)
  return {
    write(lane, value) {
      const isName = takesNames && typeof value === 'string'
      if (!isName && (typeof value !== 'object' || value === null)) throw other(told, value)
      const tag = isName ? value : value.tag
      if (typeof tag !== 'string') throw tag === undefined ? other(`${told} as { tag: '${names[0]}', ... }`, value) : otherThan(told, `an object whose tag is ${sortOf(tag)}`)
      const place = places.get(tag)
      if (place === undefined) throw unknown('case', tag, told, names)
      putCase(lane, place)
      put(lane, cases[place].type, isName ? undefined : value.val, names[place])
    },
    read(lane) {
      const place = take(lane)
      const [tag, read] = [names[place], reads[place]]
      return read === undefined ? { tag } : { tag, val: read(lane) }
    },
  }
}

/** An enum: the name of its case. */
function enumeration(names, told) {
  const places = placesOf(names)
  const { put: putCase, take } = discriminant(names.length)
  return {
    write(lane, value) {
      if (typeof value !== 'string') throw other(told, value)
      const place = places.get(value)
      if (place === undefined) throw unknown('case', value, told, names)
      putCase(lane, place)
    },
    read: (lane) => names[take(lane)],
  }
}

/** An option: what it holds, or `undefined`; one that holds an option is `{ tag: 'some', val }`. */
function option(type, told) {
  const isNested = type.sort === OPTION
  const { write, read } = type.codec
  const putSome = isNested ? (lane, value) => some(lane, value, write, told) : write
  return {
    write(lane, value) {
      const isSome = value !== undefined && value !== null && !(isNested && value.tag === 'none')
      const at = room(lane, 1)
      lane.bytes[at] = isSome ? 1 : 0
      if (isSome) putSome(lane, value)
    },
    read(lane) {
      if (lane.bytes[lane.at++] === 0) return undefined
      return isNested ? { tag: 'some', val: read(lane) } : read(lane)
    },
  }
}

function some(lane, value, write, told) {
  if (typeof value !== 'object' || value === null || value.tag !== 'some') throw other(`${told} as { tag: 'some', val }`, value)
  write(lane, value.val)
}

/** A result that is not all that a function gives: `{ tag: 'ok' | 'err', val }`. */
const result = (ok, err, told) => variant([{ name: 'ok', type: ok }, { name: 'err', type: err }], told, false)

module.exports = { variant, enumeration, option, result, put }
