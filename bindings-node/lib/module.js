'use strict'
// Module: compiled code, and `load`.
const { native } = require('./native.js')
const { readOnly, refuse: refusing } = require('./assign.js')
const { shows } = require('./shown.js')
const { start } = require('./call.js')
const { describe } = require('./error.js')
const { bytesOf } = require('./bytes.js')
const { engineHandle } = require('./engine.js')
const { readFrame } = require('./frame.js')
const { gather } = require('./imports.js')
const { makeInstance, makeInstanceIn } = require('./instance.js')
const { notA } = require('./messages.js')
const { argsOf, policyHandle, policyOf } = require('./policy.js')
const { SANDBOX, refuseSandbox, sandboxOf } = require('./sandbox.js')
const { newState, openStore } = require('./state.js')
const { exportTypes, importTypes } = require('./type.js')
const { flag, options } = require('./options.js')
const { pathOf } = require('./path.js')
const { read } = require('./source.js')
const { gatherWit } = require('./wit/host.js')
const { makeOwner } = require('./wit/owner.js')
const { shownWorld, worldOf } = require('./wit/world.js')

const TOKEN = Symbol('Module')
const OPTIONS = ['imports', 'store', 'initialize', ...SANDBOX]
const refuse = (name) => refusing('Module', name)
let handleOf
let made

class Module {
  #handle
  #imports
  #exports

  constructor(source, given) {
    this.#handle = source === TOKEN ? given : handleOf(typeof source === 'string' ? Module.fromText(source, given) : Module.fromBytes(source, given))
    Object.defineProperties(this, Module.#TRAVELS)
  }

  /**
   * What travels when a module is cloned or sent to another thread: properties of its own, which
   * structured clone reads. `load` takes the clone.
   */
  static #TRAVELS = {
    bytes: { enumerable: true, get() { return new Uint8Array(native.moduleBytes(this.#handle)) }, set: refuse('bytes') },
    digest: { enumerable: true, get() { return native.moduleDigest(this.#handle) }, set: refuse('digest') },
  }

  static fromFile(path, given) {
    return compile({ path: pathOf(path, 'path') }, given)
  }

  static loadPrecompiled(path, given) {
    return new Module(TOKEN, native.modulePrecompiled(pathOf(path, 'path'), engineOf(given)))
  }

  static fromText(text, given) {
    if (typeof text !== 'string') throw notA('text', 'a string', describe(text))
    return compile({ text }, given)
  }

  static fromBytes(bytes, given) {
    return compile({ bytes: bytesOf(bytes, 'bytes') }, given)
  }

  get name() {
    return native.moduleName(this.#handle)
  }

  get imports() {
    return (this.#imports ??= readFrame(native.moduleImports(this.#handle), importTypes))
  }

  get exports() {
    return (this.#exports ??= readFrame(native.moduleExports(this.#handle), exportTypes))
  }

  /** What a component asks for and offers; nothing of a core module. */
  get world() {
    return shownWorld(worldOf(this.#handle))
  }

  compile(path) {
    native.moduleCompile(this.#handle, pathOf(path, 'path'))
  }

  instantiate(given) {
    const found = options('instantiate', given, OPTIONS)
    const initialize = flag('initialize', found.initialize)
    if (found.store === undefined) return instantiate(this, found.imports, sandboxOf(found), initialize)
    refuseSandbox(found)
    return instantiateIn(found.store, this, found.imports, initialize)
  }

  static {
    made = (handle) => new Module(TOKEN, handle)

    handleOf = (module) => {
      if (typeof module === 'object' && module !== null && #handle in module) return module.#handle
      throw notA('module', 'a Module', describe(module))
    }
  }
}

/** Loads a module from a path, a file URL, bytes, WebAssembly text, or what a module was sent as. */
const load = (source, given) => compile(read(source), given)

/** The same on a thread of the engine's: a promise. */
function loadAsync(source, given) {
  let begin
  let rest
  try {
    const { signal, ...more } = options('loadAsync', given, ['engine', 'signal'])
    const [engine, found] = [engineOf(more), read(source)]
    rest = { signal }
    begin = (call) => native.moduleLoadAsync(found, engine, call)
  } catch (error) {
    return Promise.reject(error)
  }
  return start(begin, rest).then(made)
}

const compile = (source, given) => made(native.moduleLoad(source, engineOf(given)))

function engineOf(given) {
  return engineHandle(options('load', given, ['engine']).engine)
}

/** An instance of a module in a store of its own. */
function instantiate(module, imports, sandbox, initialize) {
  const handle = handleOf(module)
  return makeInstance(module, handle, lent(module, handle, imports, newState()), sandbox, initialize)
}

/** What is lent to an instance in a store with this state. */
function lent(module, handle, imports, state) {
  const owner = makeOwner(module, handle, state)
  if (owner === undefined) return { ...gather(module.imports, imports), state }
  return { ...gatherWit(owner.world, imports, () => owner), state, owner }
}

/** An instance of a module in a store. */
function instantiateIn(store, module, imports, initialize) {
  const [handle, opened] = [handleOf(module), openStore(store)]
  return makeInstanceIn(opened, module, handle, lent(module, handle, imports, opened.state), initialize)
}

/** A policy with the name and the arguments of the program that a module is. */
function programPolicy(module, name, args, policy) {
  return policyOf(native.modulePolicy(handleOf(module), name, argsOf(args), policyHandle(policy)))
}

shows(Module, (module) => native.shown(handleOf(module)))
readOnly(Module)

module.exports = { Module, load, loadAsync, instantiateIn, programPolicy, moduleHandle: handleOf }
