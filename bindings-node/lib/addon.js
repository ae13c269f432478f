'use strict'
// Finds the native addon and loads it: the one that LANDBRIDGE_LIBRARY_PATH names, the one that was built beside this package,
// or the one in the package of this system, in this order.
const { existsSync } = require('node:fs')
const { createRequire } = require('node:module')
const { join } = require('node:path')
const { namedFile } = require('./named.js')
const { platformName } = require('./platform.js')
const { refused } = require('./refused.js')

const VERSION = '0.1.0'

// The package may be evaluated more than once in a thread, as by Jest, which does so in a realm for each file of tests. Each
// time it has classes of its own, so it needs an addon of its own that makes their objects.
const TAKEN = Symbol.for('landbridge.taken')

function load() {
  const found = find()
  const version = found.native.names?.().version
  if (version !== VERSION) throw refused({ ...found, version, expected: VERSION })
  return found.native
}

function find() {
  const setting = namedFile(process.env.LANDBRIDGE_LIBRARY_PATH)
  if (setting) return opened(setting.file, setting.named)
  // Some bundles have no such folder.
  const built = typeof __dirname === 'string' ? join(__dirname, '../landbridge.node') : ''
  if (existsSync(built)) return opened(built)
  const platform = platformName()
  return { native: ofPackage(platform), platform }
}

/** What is in a file, for which perhaps a setting `named` it, or its folder. */
const opened = (file, named) => ({ native: open(file, named), file, named })

function open(file, named) {
  const module = { exports: {} }
  try {
    process.dlopen(module, file)
  } catch (cause) {
    throw refused({ file, named, cause, expected: VERSION })
  }
  return module.exports
}

/** Loads the addon from the package of a system. */
function ofPackage(platform) {
  const native = required(platform)
  if (!(TAKEN in native)) return Object.defineProperty(native, TAKEN, { value: true })
  return open(createRequire(__filename).resolve(`@landbridge/${platform}`))
}

/** The names stand here as they are, and between `try` and `catch`, so that bundlers see them and can do without. */
function required(platform) {
  try {
    switch (platform) {
      // generated: node.platforms
      case 'linux-x64-gnu': return require('@landbridge/linux-x64-gnu')
      case 'linux-arm64-gnu': return require('@landbridge/linux-arm64-gnu')
      case 'linux-x64-musl': return require('@landbridge/linux-x64-musl')
      case 'linux-arm64-musl': return require('@landbridge/linux-arm64-musl')
      case 'darwin-arm64': return require('@landbridge/darwin-arm64')
      case 'darwin-x64': return require('@landbridge/darwin-x64')
      case 'win32-x64-msvc': return require('@landbridge/win32-x64-msvc')
      // end generated
    }
  } catch (cause) {
    throw refused({ platform, cause, expected: VERSION })
  }
  throw refused({ platform, expected: VERSION })
}

module.exports = { native: load() }
