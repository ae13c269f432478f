'use strict'
// The system this is, by the name that the package of its native addon has.
const { closeSync, openSync, readSync } = require('node:fs')

/** Where the interpreter of a program stands, the loader that it was linked for. */
const HEAD_BYTES = 4096

/** Such as `linux-x64-gnu`, `darwin-arm64` or `win32-x64-msvc`. */
function platformName() {
  const name = `${process.platform}-${process.arch}`
  if (process.platform === 'win32') return `${name}-msvc`
  if (process.platform === 'linux') return `${name}-${isMusl() ? 'musl' : 'gnu'}`
  return name
}

/** Whether this Node.js was linked with musl. The machine may have both, so its own file says it. */
function isMusl() {
  const head = headOf('/proc/self/exe')
  if (head.includes('/ld-musl-')) return true
  if (head.includes('/ld-linux')) return false
  return reportsMusl()
}

function headOf(file) {
  const head = Buffer.alloc(HEAD_BYTES)
  try {
    const fd = openSync(file)
    readSync(fd, head)
    closeSync(fd)
  } catch {
    // Without /proc the report of Node.js says it.
  }
  return head
}

/** The same from the report of Node.js, which takes longer. */
function reportsMusl() {
  const { report } = process
  try {
    // Else it would look for the names of all peers.
    report.excludeNetwork = true
    const { header, sharedObjects = [] } = report.getReport()
    return header.glibcVersionRuntime === undefined && sharedObjects.some((file) => file.includes('musl'))
  } catch {
    // Deno has none where it was not granted, and is never linked with musl.
    return false
  }
}

module.exports = { platformName }
