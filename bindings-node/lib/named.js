'use strict'
// The addon that LANDBRIDGE_LIBRARY_PATH names. Python reads this variable, too, and a process hands it on to those that it
// starts: so it may name a folder, in which each finds its own library, and a file is left to whom its name says it is for.
const { existsSync, statSync } = require('node:fs')
const { basename, join, resolve } = require('node:path')

/** The addon as it is packed, and as Cargo builds it. */
const FILES = ['landbridge.node', 'liblandbridge_node.so', 'liblandbridge_node.dylib', 'landbridge_node.dll']
const OF_PYTHON = /^_native\.|landbridge_python/

/** The file, and what the variable says; undefined if it names none of ours. */
function namedFile(value) {
  if (!value || OF_PYTHON.test(basename(value))) return undefined
  const named = resolve(value)
  if (!isFolder(named)) return { file: named, named }
  const found = FILES.map((name) => join(named, name))
  return { file: found.find((file) => existsSync(file)) ?? found[0], named }
}

function isFolder(path) {
  try {
    return statSync(path).isDirectory()
  } catch {
    // Loading it says why.
    return false
  }
}

module.exports = { namedFile }
