// The store of all .wasm files that a thread imports as ES modules, so that they can import each other.
import { Store } from '../index.mjs'

export const store = new Store()
