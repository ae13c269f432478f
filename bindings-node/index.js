'use strict'
// The public names. ES modules get the same objects through index.mjs.
const { native, version, errorKinds, trapCodes, valueTypes, askNames } = require('./lib/native.js')
const { fail, failed, pass, trailOf, describe, ...errors } = require('./lib/error.js')
const { Engine } = require('./lib/engine.js')
const { Func, bits, adopt } = require('./lib/func.js')
const { Memory } = require('./lib/memory.js')
const { Table } = require('./lib/table.js')
const { Global } = require('./lib/global.js')
const { Tag } = require('./lib/tag.js')
const { TaggedException, exception } = require('./lib/exception.js')
const { GcRef, gcRef } = require('./lib/gc.js')
const { itemOf } = require('./lib/export.js')
const { Instance } = require('./lib/instance.js')
const { Module, load, loadAsync } = require('./lib/module.js')
const { run, runAsync } = require('./lib/program.js')
const { inspect } = require('./lib/inspect.js')
const { Policy } = require('./lib/policy.js')
const { Limits } = require('./lib/limits.js')
const { Store, storeOf } = require('./lib/store.js')
const { Pool, poolState } = require('./lib/pool.js')
const { context, later, settle, within } = require('./lib/context.js')
const { settle: witSettle } = require('./lib/wit/host.js')
const { WitFunc, WitFuncType } = require('./lib/wit/func.js')
const { WitResource } = require('./lib/wit/resource.js')
const { WitType } = require('./lib/wit/type.js')

const hooks = { fail: failed, pass, trailOf, adopt, gcRef, exception, itemOf, storeOf, within, settle, later, poolState, witSettle }
native.setup(hooks, 'transfer' in ArrayBuffer.prototype)

module.exports = {
  version, errorKinds, trapCodes, valueTypes, askNames,
  load, loadAsync, run, runAsync, inspect, context, bits,
  Engine, Module, Policy, Limits, Store, Instance, Pool, Func, Memory, Table, Global, Tag, GcRef,
  WitFunc, WitFuncType, WitType, WitResource,
  ...errors, TaggedException,
}
