'use strict'
// The public names. ES modules get the same objects through index.mjs.
module.exports = require('./lib/all.js').api
