/**
 * `node --import landbridge/register app.mjs`: programs can import `.wasm` files as ES modules.
 *
 * A `.wasm` that is imported is a guest, not source code: what it imports comes from what the program lent by name, and from
 * nothing else. WASI is there by itself and grants nothing.
 *
 * @module landbridge/register
 */

/**
 * Lends the exports of an ES module to all `.wasm` files that are imported from now on, as what they import from `name`.
 * Static imports come before the code that they are in: call it in a file of its own, and run
 * `node --import ./lend.mjs app.mjs`.
 *
 *     import { lend } from 'landbridge/register'
 *     lend('env', new URL('./env.mjs', import.meta.url))
 *
 * A name that is lent again has only the last source. To lend to one guest alone, load and instantiate it.
 *
 * A component gets its interfaces so, under long or short names: `lend('demo:app/host', ...)`; `''` is for the functions that its world itself imports.
 * Its own functions, interfaces and types are exports of the `.wasm`: `import { hello, shapes } from './greet.wasm'`. What
 * `landbridge types greet.wasm --typescript -o greet.d.wasm.ts` writes has their types.
 *
 * @param name what the guest imports from, such as `env`, `./other.wasm` or `demo:app/host`
 * @param source the URL of an ES module or of another `.wasm`: `file:`, `node:` or `data:`. For a package: `import.meta.resolve(...)`.
 * @throws WasmTypeError if `source` is no such URL
 */
export function lend(name: string, source: string | URL): void
