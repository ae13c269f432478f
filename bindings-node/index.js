'use strict'
// The public names. ES modules get the same objects through index.mjs.
const { native, version, errorKinds, trapCodes, valueTypes } = require('./lib/native.js')
const { fail, pass, describe, ...errors } = require('./lib/error.js')
const { Engine } = require('./lib/engine.js')
const { Func, adopt } = require('./lib/func.js')
const { Memory } = require('./lib/memory.js')
const { Table } = require('./lib/table.js')
const { Global } = require('./lib/global.js')
const { Instance } = require('./lib/instance.js')
const { Module, load } = require('./lib/module.js')
const { Store } = require('./lib/store.js')
const { context } = require('./lib/context.js')

native.setup({ fail, pass, adopt }, 'transfer' in ArrayBuffer.prototype)

module.exports = {
  version, errorKinds, trapCodes, valueTypes,
  load, context,
  Engine, Module, Store, Instance, Func, Memory, Table, Global,
  ...errors,
}
