'use strict'
// Why the native addon cannot be used, and what to do.
const { readdirSync } = require('node:fs')
const { join } = require('node:path')

const PLATFORMS = [
  // generated: node.platform_names
  'linux-x64-gnu', 'linux-arm64-gnu', 'linux-x64-musl', 'linux-arm64-musl', 'darwin-arm64', 'darwin-x64',
  'win32-x64-msvc',
  // end generated
]
const SETTING = 'LANDBRIDGE_LIBRARY_PATH'

/**
 * The error of an addon that could not be loaded (`cause`), or has another version than `expected`. It is a `file`, perhaps
 * since the setting `named` it or its folder, or comes from the package of a `platform`.
 */
function refused({ file, named, platform, cause, version, expected }) {
  const install = platform && `npm install --save-optional @landbridge/${platform}@${expected}`
  const why = cause === undefined ? unfit() : isMissing(cause, platform) ? missing() : broken()
  const system = platform ?? `${process.platform}-${process.arch}`
  return new Error(`landbridge: the native addon for ${system} cannot be loaded: ${why}`, { cause })

  function unfit() {
    if (platform !== undefined && !PLATFORMS.includes(platform)) {
      return `there is no package for this system, only for ${PLATFORMS.join(', ')}.\n` +
        `You can build it from Landbridge's sources. Set ${SETTING} to the file then.`
    }
    const found = file ?? `the package @landbridge/${platform}`
    const its = version === undefined ? 'is no addon of Landbridge' : `has version ${version}`
    const remedy = install ? `Install the same version: ${install}` : named ? `Set ${SETTING} to one of the same version.` : 'Build it again.'
    return `${found} ${its}, and the package landbridge has version ${expected}.\n${remedy}`
  }

  function missing() {
    const others = installed().filter((name) => name !== platform)
    if (others.length < installed().length) {
      // npm takes a package as installed whose folder is there.
      return `the package @landbridge/${platform} is there without its addon, so its installation was left half done.\n` +
        'Remove node_modules, and run npm install again.'
    }
    const text = `the package @landbridge/${platform} is not installed.\nInstall it: ${install}\n`
    if (others.length > 0) {
      return `${text}Installed is the package of another system: @landbridge/${others.join(', @landbridge/')}. ` +
        'A node_modules folder works only on the system it was made on.'
    }
    return `${text}It is an optional dependency of landbridge. npm leaves it out with --omit=optional, and where package-lock.json was made ` +
      'on another system: then remove node_modules and package-lock.json, and run npm install again ' +
      '(https://github.com/npm/cli/issues/4828).\nIn a bundle, leave landbridge external.'
  }

  function broken() {
    // What follows the first line is who asked for it.
    const [first] = String(cause.message).split('\n')
    const told = words(first)
    const text = told === '' ? first : `${told} (${first})`
    return named ? `${text}\n${SETTING} is set to ${named}.` : text
  }
}

const FOREIGN = /invalid ELF header|wrong ELF class|exec format error|mach-o file|(incompatible|wrong) architecture|valid Win32|did not self-register/i

/** What the system's message means, where that needs telling. */
function words(message) {
  if (/failed to map segment|operation not permitted/i.test(message)) return 'no code may run from there: is the file system mounted noexec?'
  if (/version `GLIBC/.test(message)) return 'it needs a newer C library than this system has'
  if (/file too short|cannot read file data/.test(message)) return 'the file is not whole, install it again'
  // Paths are in the message, too, so that one word is not enough.
  if (FOREIGN.test(message)) return 'it is no library for this machine'
  return ''
}

function isMissing(cause, platform) {
  return platform !== undefined && /MODULE_NOT_FOUND$/.test(cause.code)
}

/** The packages of addons beside this one. */
function installed() {
  try {
    return readdirSync(join(__dirname, '../../@landbridge')).filter((name) => PLATFORMS.includes(name))
  } catch {
    return []
  }
}

module.exports = { refused }
