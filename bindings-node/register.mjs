// `node --import landbridge/register`: programs can import .wasm files as ES modules.
import { register } from 'node:module'

register('./lib/loader.mjs', import.meta.url)
