'use strict'
// npm runs this before it packs or publishes the package of a platform: without the addon of just that platform it fails.
const { existsSync, readFileSync } = require('node:fs')
const { join } = require('node:path')

const FILE = 'landbridge.node'
const FORMATS = { linux: 'elf', darwin: 'mach-o', win32: 'pe' }
const MACHINES = { elf: { 0x3e: 'x64', 0xb7: 'arm64' }, 'mach-o': { 0x1000007: 'x64', 0x100000c: 'arm64' }, pe: { 0x8664: 'x64', 0xaa64: 'arm64' } }

/** The format of a library, and the processor it is for. */
function read(bytes) {
  if (bytes.length > 64 && bytes.toString('latin1', 1, 4) === 'ELF') return { format: 'elf', machine: bytes.readUInt16LE(18) }
  if (bytes.length > 64 && bytes.readUInt32LE(0) === 0xfeedfacf) return { format: 'mach-o', machine: bytes.readUInt32LE(4) }
  if (bytes.length > 64 && bytes.toString('latin1', 0, 2) === 'MZ') return { format: 'pe', machine: bytes.readUInt16LE(bytes.readUInt32LE(60) + 4) }
  return {}
}

function fault({ name, os, cpu }) {
  const file = join(__dirname, FILE)
  if (!existsSync(file)) return `${name} has no ${FILE}: make it with \`make dist-node\``
  const { format, machine } = read(readFileSync(file))
  if (format !== FORMATS[os[0]]) return `${FILE} of ${name} is no native library for ${os[0]}`
  const found = MACHINES[format][machine]
  return found === cpu[0] ? undefined : `${FILE} of ${name} is for the processor ${found ?? machine}`
}

const told = fault(JSON.parse(readFileSync(join(__dirname, 'package.json'), 'utf8')))
if (told !== undefined) {
  console.error(told)
  process.exit(1)
}
