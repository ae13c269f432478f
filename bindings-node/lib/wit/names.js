'use strict'
// Names: how JavaScript spells what WIT calls `my-func`.

const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase()

/** `myFunc` of `my-func`, `getHttp` of `get-HTTP`. */
function camel(name) {
  const [first, ...rest] = name.split('-')
  return first.toLowerCase() + rest.map(capital).join('')
}

/** `MyType` of `my-type`. */
const pascal = (name) => name.split('-').map(capital).join('')

/** All of these, each spelled so, or as WIT does where two would be one. */
function spelled(names, spell = camel) {
  const all = names.map(spell)
  return all.map((it, i) => (all.indexOf(it) === all.lastIndexOf(it) ? it : names[i]))
}

/** `shapes` of `demo:app/shapes@1.2.0`. */
const short = (name) => name.split('@')[0].split('/').pop()

module.exports = { camel, pascal, short, spelled }
