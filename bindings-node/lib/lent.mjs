// What programs lend to the .wasm files that they import, by name, on its way to the loader's thread.
import all from './all.js'

const { fail, describe, isUrl } = all.inside
const PROTOCOLS = new Set(['file:', 'node:', 'data:'])

/** A name and the URL of its source, checked. */
export function lent(name, source) {
  if (typeof name !== 'string') throw fail('type', `name: expected a string, got ${describe(name)}`)
  const text = isUrl(source) ? source.href : source
  if (typeof text !== 'string' || !URL.canParse(text) || !PROTOCOLS.has(new URL(text).protocol)) {
    throw fail('type', "source: expected the URL of an ES module, such as new URL('./env.mjs', import.meta.url)")
  }
  return { name, source: new URL(text).href }
}
