'use strict'
// What the operating system said, as Node.js tells it.
const { getSystemErrorMap } = require('node:util')

/** The names of what Windows says of files; Node.js has numbers of its own for them there. */
const WINDOWS = {
  2: 'ENOENT', 3: 'ENOENT', 4: 'EMFILE', 5: 'EPERM', 19: 'EROFS', 32: 'EBUSY', 33: 'EBUSY', 80: 'EEXIST', 82: 'EACCES',
  109: 'EPIPE', 112: 'ENOSPC', 123: 'ENOENT', 161: 'ENOENT', 183: 'EEXIST', 206: 'ENAMETOOLONG', 267: 'ENOENT',
}

/** `{ code, errno }` as the errors of `node:fs` have them. */
function systemError(osCode, platform = process.platform) {
  const errors = getSystemErrorMap()
  if (platform !== 'win32') return { code: errors.get(-osCode)?.[0], errno: -osCode }
  const code = WINDOWS[osCode]
  const known = [...errors].find(([, [name]]) => name === code)
  return { code, errno: known?.[0] }
}

module.exports = { systemError }
