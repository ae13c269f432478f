// The loader hook: an ES module for each .wasm file. It instantiates the file with the ES modules
// that were lent under the names that it imports, and exports what it exports. The file is a guest: no name that it
// chose is looked for anywhere else.
import all from './all.js'

const { native, exportNames } = all.inside

const ESM = JSON.stringify(new URL('./esm.mjs', import.meta.url).href)

/** Names that guests import from, and the URLs of the ES modules behind them. */
const sources = new Map()

export function initialize(lent) {
  if (lent) sources.set(lent.name, lent.source)
}

export function load(url, context, nextLoad) {
  const { protocol, pathname } = new URL(url)
  if (protocol !== 'file:' || !pathname.endsWith('.wasm')) return nextLoad(url, context)
  return { format: 'module', shortCircuit: true, source: sourceOf(url) }
}

/** The text of the ES module for the file at a URL. */
export function sourceOf(url) {
  // Without query and fragment: these only make one more instance of the file.
  const file = Object.assign(new URL(url), { search: '', hash: '' })
  const module = all.api.load(file)
  const { wanted, exported } = module.world === undefined ? ofModule(module) : ofComponent(module.world)
  const from = wanted.filter((name) => sources.has(name))
  const names = exported.map((name) => JSON.stringify(name))
  return [
    `import { instantiate as $instantiate } from ${ESM}`,
    ...from.map((name, i) => `import * as $from${i} from ${JSON.stringify(sources.get(name))}`),
    `const $imports = { __proto__: null, ${from.map((name, i) => `[${JSON.stringify(name)}]: $from${i}`).join(', ')} }`,
    `const $exports = $instantiate(${JSON.stringify(file.href)}, $imports)`,
    ...names.map((name, i) => `const $${i} = $exports[${name}]`),
    `export { ${names.map((name, i) => `$${i} as ${name}`).join(', ')} }`,
  ].join('\n')
}

/** The names that a module imports from, and those that it exports. */
function ofModule({ imports, exports }) {
  // `import()` would call a `then` and wait for what that never says.
  const exported = exports.map(({ name }) => name).filter((name) => name !== 'then')
  return { wanted: [...new Set(imports.map((it) => it.module))], exported }
}

/** The same of a component: what was lent may have a shorter name, and `""` for functions of the world itself. */
function ofComponent(world) {
  const asked = world.imports.filter(({ sort }) => sort === 'interface')
  const isWanted = (name) => name === '' || asked.some((it) => native.witFits(name, it.name) !== undefined)
  return { wanted: [...sources.keys()].filter(isWanted), exported: exportNames(world).filter((name) => name !== 'then') }
}
