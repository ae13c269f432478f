// `node --import landbridge/register`: programs can import .wasm files as ES modules.
import { register } from 'node:module'
import { lent } from './lib/lent.mjs'

const LOADER = './lib/loader.mjs'

register(LOADER, import.meta.url)

export function lend(name, source) {
  // The hooks run on another thread, which has this before the call is back.
  register(LOADER, import.meta.url, { data: lent(name, source) })
}
