'use strict'
// Programs of WASI that are run from their start to their end.
const { existsSync } = require('node:fs')
const { basename } = require('node:path')
const { ExitError } = require('./error.js')
const { Module, load, loadAsync, programPolicy } = require('./module.js')
const { options } = require('./options.js')
const { Policy, argsOf } = require('./policy.js')
const { SANDBOX } = require('./sandbox.js')
const { read } = require('./source.js')

/** Runs a program, and gives its exit code. This thread waits for it. */
function run(program, args = [], given) {
  let instance
  try {
    const { engine, ...more } = options('run', given, ['engine', ...SANDBOX])
    const module = program instanceof Module ? program : load(program, { engine })
    instance = prepare(module, nameOf(program), args, more)
    return instance.run()
  } catch (error) {
    return codeOf(error)
  } finally {
    instance?.close()
  }
}

/** Loads and runs it on threads of the engine's, and promises its exit code. */
async function runAsync(program, args = [], given) {
  let instance
  try {
    const { engine, signal, ...more } = options('runAsync', given, ['engine', 'signal', ...SANDBOX])
    // What is given is read now, whatever becomes of it while the module is compiled.
    const list = argsOf(args)
    const module = program instanceof Module ? program : await loadAsync(program, { engine, signal })
    instance = prepare(module, nameOf(program), list, more)
    return await instance.runAsync({ signal })
  } catch (error) {
    return codeOf(error)
  } finally {
    instance?.close()
  }
}

/** An instance that is ready to run, with the streams of the process where none are given; `null` is nowhere. */
function prepare(module, name, args, { policy = Policy.program(), ...given }) {
  const sandbox = { stdin: 'inherit', stdout: 'inherit', stderr: 'inherit' }
  for (const key of SANDBOX) if (given[key] !== undefined) sandbox[key] = given[key] ?? undefined
  return module.instantiate({ ...sandbox, policy: programPolicy(module, name, args, policy) })
}

/** The name that a program sees, of what was loaded. */
function nameOf(program) {
  if (program instanceof Module) return program.name ?? 'program'
  const { path, string } = read(program)
  // A string is a path or text; what could be loaded from a path is there.
  const file = path ?? (existsSync(string ?? '') ? string : 'program')
  return basename(file)
}

/** It may end itself while it is instantiated. */
function codeOf(error) {
  if (error instanceof ExitError) return error.exitCode
  throw error
}

module.exports = { run, runAsync }
