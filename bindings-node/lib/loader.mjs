// The loader hook: an ES module for each .wasm file. It instantiates the file with the ES modules
// that its imports name, and exports what it exports.
import landbridge from '../index.js'

const LANDBRIDGE = JSON.stringify(new URL('../index.mjs', import.meta.url).href)
const ESM = JSON.stringify(new URL('./esm.mjs', import.meta.url).href)

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
  const from = [...new Set(module.imports.map((wanted) => wanted.module))].map((name) => JSON.stringify(name))
  const names = module.exports.map(({ name }) => JSON.stringify(name))
  return [
    `import { load as $load } from ${LANDBRIDGE}`,
    `import { store as $store } from ${ESM}`,
    ...from.map((name, i) => `import * as $from${i} from ${name}`),
    `const $imports = { __proto__: null, ${from.map((name, i) => `[${name}]: $from${i}`).join(', ')} }`,
    `const $exports = $load(new URL(${JSON.stringify(file.href)})).instantiate({ imports: $imports, store: $store }).exports`,
    ...names.map((name, i) => `const $${i} = $exports[${name}]`),
    `export { ${names.map((name, i) => `$${i} as ${name}`).join(', ')} }`,
  ].join('\n')
}
