'use strict'
// Types of WIT, as a component tells them once, with how their values are written and read.
const { shows } = require('../shown.js')
const { readOnly } = require('../assign.js')
const { fail } = require('../error.js')
const { native } = require('../native.js')
const { variant, enumeration, option, result } = require('./cases.js')
const { handle } = require('./handle.js')
const { enter, laneAround, leave, beside } = require('./lane.js')
const { list, numbers } = require('./list.js')
const { ARRAYS, NUMBERS } = require('./numbers.js')
const { record, tuple, flags } = require('./record.js')
const { text } = require('./text.js')
const { told } = require('./wrong.js')

const SORTS = [
  'bool', 's8', 'u8', 's16', 'u16', 's32', 'u32', 's64', 'u64', 'f32', 'f64', 'char', 'string', 'list', 'record', 'tuple', 'variant',
  'enum', 'flags', 'option', 'result', 'own', 'borrow',
]
const [STRING, LIST, RECORD, TUPLE, VARIANT, ENUM, FLAGS, OPTION, RESULT, OWN, BORROW] = [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22]

const TOKEN = Symbol('WitType')

class WitType {
  /** What JavaScript does not see of it: its place among those of its module, its sort, its codec. */
  #inside

  constructor(token, it) {
    if (token !== TOKEN) throw fail('type', 'only components make types of WIT')
    this.#inside = it
    Object.freeze(this)
  }

  get sort() {
    return SORTS[this.#inside.sort]
  }

  get name() {
    return this.#inside.label?.name
  }

  get interface() {
    return this.#inside.label?.interface
  }

  get docs() {
    return this.#inside.label?.docs
  }

  /** What a list or an option holds. */
  get element() {
    return shownOrNone(this.#inside.of)
  }

  /** The fields of a record, with their names, or the parts of a tuple. */
  get fields() {
    const { sort, parts } = this.#inside
    if (sort === TUPLE) return parts.map(shownType)
    return sort === RECORD ? parts.map(shownPart) : undefined
  }

  /** The cases of a variant. */
  get cases() {
    return this.#inside.sort === VARIANT ? this.#inside.parts.map(shownPart) : undefined
  }

  /** The names of an enum or of flags. */
  get names() {
    return this.#inside.names?.slice()
  }

  /** What a result holds if all went well. */
  get ok() {
    return shownOrNone(this.#inside.ok)
  }

  /** What a result holds if not. */
  get err() {
    return shownOrNone(this.#inside.err)
  }

  /** Reads a value from its text. */
  parse(text) {
    const it = this.#inside
    if (typeof text !== 'string') throw fail('type', `expected a string, got ${typeof text}`)
    const { bytes, found } = native.witParse(it.module, it.place, text)
    return it.codec.read(laneAround(bytes, found, undefined, undefined))
  }

  /** The text of a value. */
  format(value) {
    const it = this.#inside
    const lane = enter(undefined)
    try {
      it.codec.write(lane, value)
      return native.witFormat(it.module, it.place, lane.index, lane.at, beside(lane))
    } catch (error) {
      throw told(error, 'value')
    } finally {
      leave(lane)
    }
  }

  /** The text of WIT, such as `list<u8>`. */
  toString() {
    return this.#inside.told
  }
}

shows(WitType, (type) => `WitType ${type}`)
readOnly(WitType)

/** Whether a function takes and gives nothing but integers of at most 32 bits, floats, booleans and strings. */
const isPlain = ({ params, result }) => params.every(({ type }) => PLAIN.has(type.sort)) && (result === undefined || PLAIN.has(result.sort))
const PLAIN = new Set([0, 1, 2, 3, 4, 5, 6, 9, 10, STRING])

/** What users see of a type. */
const shownType = (it) => (it.shown ??= new WitType(TOKEN, it))
const shownOrNone = (it) => it && shownType(it)
const shownPart = ({ name, docs, type }) => ({ name, docs, type: shownOrNone(type) })

const label = (frame) => ({ name: frame.optionalText(), interface: frame.optionalText(), docs: frame.optionalText() })
const optional = (frame, all) => frame.option(() => all[frame.u32()])
const part = (frame, all) => ({ name: frame.text(), docs: frame.optionalText(), type: all[frame.u32()] })
const place = (frame, all) => all[frame.u32()]

/** What each sort has behind its text, from `list` on. */
const LAYOUTS = {
  [LIST]: (frame, all) => ({ of: place(frame, all) }),
  [RECORD]: (frame, all) => ({ label: label(frame), parts: frame.list(() => part(frame, all)) }),
  [TUPLE]: (frame, all) => ({ parts: frame.list(() => place(frame, all)) }),
  [VARIANT]: (frame, all) => ({
    label: label(frame),
    parts: frame.list(() => ({ name: frame.text(), docs: frame.optionalText(), type: optional(frame, all) })),
  }),
  [ENUM]: (frame) => ({ label: label(frame), names: frame.texts() }),
  [FLAGS]: (frame) => ({ label: label(frame), names: frame.texts() }),
  [OPTION]: (frame, all) => ({ of: place(frame, all) }),
  [RESULT]: (frame, all) => ({ ok: optional(frame, all), err: optional(frame, all) }),
  [OWN]: (frame) => ({ resource: frame.u32(), label: label(frame) }),
  [BORROW]: (frame) => ({ resource: frame.u32(), label: label(frame) }),
}

/** How values of each sort are written and read. */
const CODECS = {
  [STRING]: () => text,
  [LIST]: ({ of, told }) => (ARRAYS[of.sort] === undefined ? list(of.codec, told) : numbers(of.sort, of.codec, told)),
  [RECORD]: ({ parts, told }) => record(parts, told),
  [TUPLE]: ({ parts, told }) => tuple(parts, told),
  [VARIANT]: ({ parts, told }) => variant(parts, told),
  [ENUM]: ({ names, told }) => enumeration(names, told),
  [FLAGS]: ({ names, told }) => flags(names, told),
  [OPTION]: ({ of, told }) => option(of, told),
  [RESULT]: ({ ok, err, told }) => result(ok, err, told),
  [OWN]: (type) => handle(type, true),
  [BORROW]: (type) => handle(type, false),
}

/** The types of a module, of which each holds only those before it. */
function readTypes(frame, module) {
  const count = frame.u32()
  const all = []
  for (let i = 0; i < count; i++) {
    const sort = frame.byte()
    const it = { module, place: i, sort, told: frame.text(), ...LAYOUTS[sort]?.(frame, all), codec: undefined, shown: undefined }
    it.codec = NUMBERS[sort] ?? CODECS[sort](it)
    all.push(it)
  }
  return all
}

module.exports = { WitType, SORTS, OPTION, RESULT, OWN, BORROW, readTypes, shownType, isPlain }
