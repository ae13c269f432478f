'use strict'
// Paths of files and folders, as programs name them.
const { fileURLToPath } = require('node:url')
const { fail, describe } = require('./error.js')
const { notA } = require('./messages.js')

/** Whether it is a URL, of this realm or another, as Node.js tells it. */
const isUrl = (value) => Boolean(value?.href && value.protocol) && value.auth === undefined && value.path === undefined

/** The text of a path or a file URL. */
function pathOf(path, what) {
  if (typeof path === 'string') return path
  if (!isUrl(path)) throw notA(what, 'a string or URL', describe(path))
  if (path.protocol !== 'file:') throw fail('io', `${path}: only file: URLs work here. For others fetch the bytes first, and pass them`)
  return fileURLToPath(path)
}

module.exports = { isUrl, pathOf }
