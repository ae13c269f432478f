// Puts the addon that cargo has built where the package loads it from.
import { execFileSync } from 'node:child_process'
import { copyFileSync, renameSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// As the compiler names it on this machine.
const ask = ['--print', 'file-names', '--crate-name', 'landbridge_node', '--crate-type', 'cdylib', '-']
const library = execFileSync('rustc', ask, { input: '', encoding: 'utf8' }).trim()
const at = (path) => fileURLToPath(new URL(path, import.meta.url))
const target = process.env.CARGO_TARGET_DIR ? `${process.env.CARGO_TARGET_DIR}/` : at('../../target/')

// By a rename, so that a process that has the former one loaded keeps it.
copyFileSync(`${target}release/${library}`, at('../landbridge.node.new'))
renameSync(at('../landbridge.node.new'), at('../landbridge.node'))
