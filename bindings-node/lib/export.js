'use strict'
// Exports: the objects of what is in a store.
const { globalOf } = require('./global.js')
const { memoryOf } = require('./memory.js')
const { tableOf } = require('./table.js')
const { tagOf } = require('./tag.js')

const makers = { memory: memoryOf, table: tableOf, global: globalOf, tag: tagOf }

/** Called by the addon: the object of anything but a function, of which it says the sort and what tells it from others. */
const itemOf = (sort, handle, state, id) => makers[sort](handle, state, id)

module.exports = { itemOf }
