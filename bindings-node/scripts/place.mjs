// Puts the addon that cargo has built where the package loads it from.
import { copyFileSync, renameSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const PREFIX = { win32: '' }[process.platform] ?? 'lib'
const SUFFIX = { win32: '.dll', darwin: '.dylib' }[process.platform] ?? '.so'
const at = (path) => fileURLToPath(new URL(path, import.meta.url))
const target = process.env.CARGO_TARGET_DIR ? `${process.env.CARGO_TARGET_DIR}/` : at('../../target/')

// By a rename, so that a process that has the former one loaded keeps it.
copyFileSync(`${target}release/${PREFIX}landbridge_node${SUFFIX}`, at('../landbridge.node.new'))
renameSync(at('../landbridge.node.new'), at('../landbridge.node'))
