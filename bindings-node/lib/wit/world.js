'use strict'
// World: what a component asks for and offers, read once from what the addon tells of it.
const { readFrame } = require('../frame.js')
const { native } = require('../native.js')
const { typeOf } = require('./func.js')
const { OPTION, readTypes, shownType } = require('./type.js')

/** What each sort of item is read as. */
const ITEMS = [interfaceOf, (frame, all) => ({ sort: 'func', ...funcOf(frame, all) }), (frame, all) => ({ sort: 'type', ...typeDefOf(frame, all) }), otherOf]

const item = (frame, all) => ITEMS[frame.byte()](frame, all)

function interfaceOf(frame, all) {
  return {
    sort: 'interface',
    name: frame.text(),
    docs: frame.optionalText(),
    funcs: frame.list(() => funcOf(frame, all)),
    types: frame.list(() => typeDefOf(frame, all)),
  }
}

function funcOf(frame, all) {
  const func = {
    name: frame.text(),
    ownName: frame.text(),
    role: frame.byte(),
    resource: frame.optionalText(),
    docs: frame.optionalText(),
    told: frame.text(),
    params: frame.list(() => ({ name: frame.text(), type: all[frame.u32()] })),
    result: frame.option(() => all[frame.u32()]),
  }
  const isOption = ({ type }) => type.sort === OPTION
  const last = func.params.findLastIndex((param) => !isOption(param))
  // Options at the end may be left out.
  return { ...func, least: last + 1 }
}

function typeDefOf(frame, all) {
  return { name: frame.text(), docs: frame.optionalText(), isResource: frame.byte() === 1, type: all[frame.u32()] }
}

function otherOf(frame) {
  return { sort: 'other', name: frame.text(), what: frame.text() }
}

/** The resources that a component imports: objects of the host may stand for them. */
function hostedOf(imports) {
  const types = imports.flatMap((it) => (it.sort === 'interface' ? it.types : it.sort === 'type' ? [it] : []))
  return new Set(types.filter(({ isResource }) => isResource).map(({ type }) => type.resource))
}

/** What a component exports, by full names. */
function funcsOf(exports) {
  const named = (it) => (it.sort === 'interface' ? it.funcs.map((func) => [`${it.name}#${func.name}`, func]) : [[it.name, it]])
  return new Map(exports.filter(({ sort }) => sort === 'interface' || sort === 'func').flatMap(named))
}

/** The types of resources that a component exports, by full names. */
function resourcesOf(exports) {
  const interfaces = exports.filter(({ sort }) => sort === 'interface')
  return new Map(interfaces.flatMap(({ name, types }) => types.filter(({ isResource }) => isResource).map((it) => [`${name}#${it.name}`, it.type])))
}

const worlds = new WeakMap()

/** The world of a component by the handle of its module; `undefined` of a core module. */
function worldOf(handle) {
  if (!worlds.has(handle)) worlds.set(handle, read(handle))
  return worlds.get(handle)
}

function read(handle) {
  const bytes = native.witWorld(handle)
  if (bytes === undefined) return undefined
  return readFrame(bytes, (frame) => {
    const types = readTypes(frame, handle)
    const world = { name: frame.optionalText(), docs: frame.optionalText(), imports: undefined, exports: undefined, funcs: undefined, resources: undefined, hosted: undefined }
    world.imports = frame.list(() => item(frame, types))
    world.exports = frame.list(() => item(frame, types))
    world.funcs = funcsOf(world.exports)
    world.resources = resourcesOf(world.exports)
    world.hosted = hostedOf(world.imports)
    for (const type of types) type.isHosted = world.hosted.has(type.resource)
    return world
  })
}

const ROLES = ['function', 'constructor', 'method', 'static']

const shownFunc = (it) => Object.freeze({ name: it.name, role: ROLES[it.role], resource: it.resource, docs: it.docs, type: typeOf(it) })
const shownDef = ({ name, docs, type }) => Object.freeze({ name, docs, type: shownType(type) })

const SHOWN = {
  interface: ({ name, docs, funcs, types }) => ({ sort: 'interface', name, docs, funcs: Object.freeze(funcs.map(shownFunc)), types: Object.freeze(types.map(shownDef)) }),
  func: (it) => ({ sort: 'function', ...shownFunc(it) }),
  type: (it) => ({ sort: 'type', ...shownDef(it) }),
  other: ({ name, what }) => ({ sort: 'other', name, what }),
}

const shownItems = (items) => Object.freeze(items.map((it) => Object.freeze(SHOWN[it.sort](it))))

/** What users see of a world. */
function shownWorld(world) {
  if (world === undefined) return undefined
  const { name, docs, imports, exports } = world
  return (world.shown ??= Object.freeze({ name, docs, imports: shownItems(imports), exports: shownItems(exports) }))
}

module.exports = { worldOf, shownWorld }
