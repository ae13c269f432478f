// `node --import landbridge/register`: programs can import .wasm files as ES modules.
import * as node from 'node:module'
import { pathToFileURL } from 'node:url'
import { lent } from './lib/lent.mjs'
import { initialize, load, sourceOf } from './lib/loader.mjs'

const LOADER = './lib/loader.mjs'
const PATH = /\.wasm$/

/** Takes what is provided to where the hooks run. */
const tell = hook()

/** Installs the hooks. Bun has a way of its own, and not all versions of Node.js have hooks that run in this thread. */
function hook() {
  if (process.versions.bun !== undefined) {
    const source = ({ path }) => ({ contents: sourceOf(pathToFileURL(path)), loader: 'js' })
    globalThis.Bun.plugin({ name: 'landbridge', setup: (build) => { build.onLoad({ filter: PATH }, source) } })
    return initialize
  }
  if (node.registerHooks !== undefined) {
    node.registerHooks({ load })
    return initialize
  }
  node.register(LOADER, import.meta.url)
  // The hooks run on another thread, which has this before the call is back.
  return (data) => node.register(LOADER, import.meta.url, { data })
}

export function provide(name, source) {
  tell(lent(name, source))
}
