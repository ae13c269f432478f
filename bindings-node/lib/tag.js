'use strict'
// Tag: what tells one sort of exception from another.
const { native } = require('./native.js')
const { readOnly } = require('./assign.js')
const { shows } = require('./shown.js')
const { describe } = require('./error.js')
const { keepOne, oneOf } = require('./identity.js')
const { notA } = require('./messages.js')
const { typeNames, typeOf } = require('./type.js')
const { openStore } = require('./state.js')

const TOKEN = Symbol('Tag')
let handleOf
let openTag

class Tag {
  #handle
  #state

  constructor(store, params = [], state) {
    if (store === TOKEN) {
      this.#handle = params
      this.#state = state
      return
    }
    const opened = openStore(store)
    this.#handle = native.tagNew(opened.handle, typeNames(params, 'params'))
    this.#state = opened.state
    keepOne(this.#state.items, native.idOf(this.#handle), this)
  }

  get type() {
    return typeOf(native.typeOf(this.#handle))
  }

  equals(other) {
    return isTag(other) && native.same(this.#handle, other.#handle)
  }

  static {
    handleOf = (value) => (#state in value ? value.#handle : undefined)

    /** The handle and state of a tag. */
    openTag = (tag) => {
      if (isTag(tag)) return { handle: tag.#handle, state: tag.#state }
      throw notA('tag', 'a Tag', describe(tag))
    }
  }
}

const isTag = (value) => typeof value === 'object' && value !== null && handleOf(value) !== undefined

const tagOf = (handle, state, id = native.idOf(handle)) =>
  oneOf(state.items, id, () => new Tag(TOKEN, handle, state))

shows(Tag, (tag) => `Tag ${String(tag.type).replace('tag ', '')}`)
readOnly(Tag)

module.exports = { Tag, tagHandle: handleOf, tagOf, openTag }
