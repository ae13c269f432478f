'use strict'
// Programs of WASI that are run from their start to their end.
const { existsSync } = require('node:fs')
const { basename } = require('node:path')
const { ExitError } = require('./error.js')
const { Module, load, programPolicy } = require('./module.js')
const { options } = require('./options.js')
const { Policy } = require('./policy.js')
const { SANDBOX } = require('./sandbox.js')
const { read } = require('./source.js')

/** Runs a program, and gives its exit code. This thread waits for it. */
function run(program, args = [], given) {
  let instance
  try {
    instance = prepare(program, args, options('run', given, ['engine', ...SANDBOX]))
    return instance.run()
  } catch (error) {
    return codeOf(error)
  } finally {
    instance?.close()
  }
}

/** Runs it on a thread of the engine's, and promises its exit code. */
async function runAsync(program, args = [], given) {
  const { signal, ...more } = options('runAsync', given, ['engine', 'signal', ...SANDBOX])
  let instance
  try {
    instance = prepare(program, args, more)
    return await instance.runAsync({ signal })
  } catch (error) {
    return codeOf(error)
  } finally {
    instance?.close()
  }
}

/** An instance that is ready to run, with the streams of the process where none are given; `null` is nowhere. */
function prepare(program, args, { engine, policy = Policy.program(), ...given }) {
  const sandbox = { stdin: 'inherit', stdout: 'inherit', stderr: 'inherit' }
  for (const name of SANDBOX) if (given[name] !== undefined) sandbox[name] = given[name] ?? undefined
  const [module, name] = found(program, engine)
  return module.instantiate({ ...sandbox, policy: programPolicy(module, name, args, policy) })
}

/** The module of a program, and the name that it sees. */
function found(program, engine) {
  if (program instanceof Module) return [program, program.name ?? 'program']
  const { path, string } = read(program)
  const module = load(program, { engine })
  // A string is a path or text; what could be loaded from a path is there.
  const file = path ?? (existsSync(string ?? '') ? string : 'program')
  return [module, basename(file)]
}

/** It may end itself while it is instantiated. */
function codeOf(error) {
  if (error instanceof ExitError) return error.exitCode
  throw error
}

module.exports = { run, runAsync }
