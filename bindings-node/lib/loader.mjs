// The loader hook: an ES module for each .wasm file. It instantiates the file with the ES modules
// that were lent under the names that it imports, and exports what it exports. The file is a guest: no name that it
// chose is looked for anywhere else.
import landbridge from '../index.js'
import errors from './error.js'

const ESM = JSON.stringify(new URL('./esm.mjs', import.meta.url).href)

/** Names that guests import from, and the URLs of the ES modules behind them. */
const sources = new Map()

export function initialize(lent) {
  if (lent) sources.set(lent.name, lent.source)
}

export async function load(url, context, nextLoad) {
  const { protocol, pathname } = new URL(url)
  if (protocol !== 'file:' || !pathname.endsWith('.wasm')) return nextLoad(url, context)
  return { format: 'module', shortCircuit: true, source: sourceOf(url) }
}

/** The text of the ES module for the file at a URL. */
function sourceOf(url) {
  // Without query and fragment: these only make one more instance of the file.
  const file = Object.assign(new URL(url), { search: '', hash: '' })
  const module = landbridge.load(file)
  if (module.exports.length === 0) refuseComponent(url, file)
  const from = [...new Set(module.imports.map((wanted) => wanted.module))].filter((name) => sources.has(name))
  // `import()` would call a `then` and wait for what that never says.
  const exported = module.exports.filter(({ name }) => name !== 'then')
  const names = exported.map(({ name }) => JSON.stringify(name))
  return [
    `import { instantiate as $instantiate } from ${ESM}`,
    ...from.map((name, i) => `import * as $from${i} from ${JSON.stringify(sources.get(name))}`),
    `const $imports = { __proto__: null, ${from.map((name, i) => `[${JSON.stringify(name)}]: $from${i}`).join(', ')} }`,
    `const $exports = $instantiate(${JSON.stringify(file.href)}, $imports)`,
    ...names.map((name, i) => `const $${i} = $exports[${name}]`),
    `export { ${names.map((name, i) => `$${i} as ${name}`).join(', ')} }`,
  ].join('\n')
}

/** A component has functions, but none that an ES module could export yet. */
function refuseComponent(url, file) {
  if (landbridge.inspect(file).wit === null) return
  throw errors.fail('unsupported', `cannot import ${url}: it is a component, whose functions JavaScript cannot call yet; \
call them in Rust, or with the command landbridge call`)
}
