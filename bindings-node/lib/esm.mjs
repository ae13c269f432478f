// The .wasm files that a thread imports as ES modules. They share one store, so that they can be lent to each other.
import { LinkError, load, Store } from '../index.mjs'
import all from './all.js'

const store = new Store()
const HINT = 'an imported .wasm gets only the imports that you provide: before the import, call provide(name, source) of landbridge/register'

/** The exports of the file at a URL. */
export function instantiate(url, imports) {
  try {
    // What is lent without a name is for functions of a world itself.
    const { '': own, ...named } = imports
    return load(new URL(url)).instantiate({ imports: own === undefined ? imports : { ...own, ...named }, store }).exports
  } catch (error) {
    if (error instanceof LinkError) throw all.inside.fail('link', `cannot import ${url}: ${error.message}\n${HINT}`)
    throw error
  }
}
