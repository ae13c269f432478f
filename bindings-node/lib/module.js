'use strict'
// Module: compiled code, and `load`.
const { fileURLToPath } = require('node:url')
const { native } = require('./native.js')
const { fail, describe } = require('./error.js')
const { bytesOf } = require('./bytes.js')
const { engineHandle } = require('./engine.js')
const { gather } = require('./imports.js')
const { makeInstance } = require('./instance.js')
const { openStore } = require('./state.js')
const { ExternType } = require('./type.js')
const { options } = require('./options.js')

const TOKEN = Symbol('Module')
let handleOf

class Module {
  #handle
  #imports
  #exports

  constructor(source, given) {
    this.#handle = source === TOKEN ? given : compile(source, given)
  }

  static fromFile(path, given) {
    if (path instanceof URL) path = filePath(path)
    if (typeof path !== 'string') throw fail('type', `path: expected a string or URL, got ${describe(path)}`)
    return new Module(TOKEN, native.moduleFromFile(path, engineOf(given)))
  }

  static fromText(text, given) {
    if (typeof text !== 'string') throw fail('type', `text: expected a string, got ${describe(text)}`)
    return new Module(TOKEN, native.moduleFromText(text, engineOf(given)))
  }

  static fromBytes(bytes, given) {
    return new Module(TOKEN, native.moduleFromBytes(bytesOf(bytes, 'bytes'), engineOf(given)))
  }

  get name() {
    return native.moduleName(this.#handle)
  }

  get imports() {
    const freeze = ([module, name, type]) => Object.freeze({ module, name, type: new ExternType(type) })
    return (this.#imports ??= Object.freeze(native.moduleImports(this.#handle).map(freeze)))
  }

  get exports() {
    const freeze = ([name, type]) => Object.freeze({ name, type: new ExternType(type) })
    return (this.#exports ??= Object.freeze(native.moduleExports(this.#handle).map(freeze)))
  }

  instantiate(given) {
    const { imports, store } = options('instantiate', given, ['imports', 'store'])
    return instantiate(this, imports, store)
  }

  static {
    handleOf = (module) => {
      if (typeof module === 'object' && module !== null && #handle in module) return module.#handle
      throw fail('type', `module: expected a Module, got ${describe(module)}`)
    }
  }
}

/** Whether a string is WebAssembly text, and no path. */
const isText = (string) => /^\s*(?:\(|;;)/.test(string)

/** Loads a module from a path, a file URL, bytes or WebAssembly text. */
function load(source, given) {
  if (typeof source === 'string') {
    return isText(source) ? Module.fromText(source, given) : Module.fromFile(source, given)
  }
  return source instanceof URL ? Module.fromFile(source, given) : Module.fromBytes(source, given)
}

/** The handle of a module made by `new Module(bytes or text)`. */
function compile(source, given) {
  const module = typeof source === 'string' ? Module.fromText(source, given) : Module.fromBytes(source, given)
  return handleOf(module)
}

function engineOf(given) {
  return engineHandle(options('load', given, ['engine']).engine)
}

function filePath(url) {
  if (url.protocol !== 'file:') throw fail('io', `${url}: only file URLs can be loaded; fetch the bytes first`)
  return fileURLToPath(url)
}

/** An instance of a module, in a store or in one of its own. */
function instantiate(module, imports, store) {
  const handle = handleOf(module)
  const into = store === undefined ? undefined : openStore(store)
  return makeInstance(module, handle, gather(module.imports, imports), into)
}

module.exports = { Module, load, instantiate }
