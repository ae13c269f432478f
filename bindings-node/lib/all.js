'use strict'
// All there is: `api` has the public names, `inside` what the hooks for ES modules use. The published package has this file with
// all others in it, since one file is read sooner than sixty.
const { native, version, errorKinds, trapCodes, valueTypes, askNames } = require('./native.js')
const { fail, failed, pass, trailOf, describe, ...errors } = require('./error.js')
const { Engine } = require('./engine.js')
const { column } = require('./batch.js')
const { Func, bits, adopt } = require('./func.js')
const { Memory } = require('./memory.js')
const { Table } = require('./table.js')
const { Global } = require('./global.js')
const { Tag } = require('./tag.js')
const { TaggedException, exception } = require('./exception.js')
const { GcRef, gcRef } = require('./gc.js')
const { itemOf } = require('./export.js')
const { Instance } = require('./instance.js')
const { Module, load, loadAsync } = require('./module.js')
const { run, runAsync } = require('./program.js')
const { inspect } = require('./inspect.js')
const { Policy } = require('./policy.js')
const { Limits } = require('./limits.js')
const { Store, storeOf } = require('./store.js')
const { Pool, poolState } = require('./pool.js')
const { context, later, settle, within } = require('./context.js')
const { settle: witSettle } = require('./wit/host.js')
const { isUrl } = require('./path.js')
const { WitFunc, WitFuncType } = require('./wit/func.js')
const { exportNames } = require('./wit/namespace.js')
const { WitResource } = require('./wit/resource.js')
const { WitType } = require('./wit/type.js')

const hooks = { fail: failed, pass, trailOf, adopt, gcRef, exception, itemOf, storeOf, within, settle, later, poolState, witSettle, column }
native.setup(hooks, 'transfer' in ArrayBuffer.prototype)

const api = {
  version, errorKinds, trapCodes, valueTypes, askNames,
  load, loadAsync, run, runAsync, inspect, context, bits,
  Engine, Module, Policy, Limits, Store, Instance, Pool, Func, Memory, Table, Global, Tag, GcRef,
  WitFunc, WitFuncType, WitType, WitResource,
  ...errors, TaggedException,
}

module.exports = { api, inside: { native, fail, describe, isUrl, exportNames } }
