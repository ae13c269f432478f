/**
 * `node --import landbridge/register app.mjs`: your program can import `.wasm` files as ES modules.
 *
 * An imported `.wasm` is a guest, not source code. It gets the imports that you provide with {@link provide}, and nothing
 * else. WASI is always there, and grants nothing.
 *
 * @module landbridge/register
 */

/**
 * Provides the exports of an ES module to all `.wasm` files that are imported from now on, as what they import from
 * `name`.
 *
 *     import { provide } from 'landbridge/register'
 *     provide('env', new URL('./env.mjs', import.meta.url))
 *
 * Static imports run before the code of their file. So call it in a file of its own, and run
 * `node --import ./provide.mjs app.mjs`.
 *
 * If you provide a name again, the last source counts. To provide something to one guest only, use `load` and
 * `instantiate`.
 *
 * For a component, `name` is the long or short name of an interface: `provide('demo:app/host', ...)`. `''` is for the
 * functions that its world itself imports. Its functions, interfaces and types are exports of the `.wasm`:
 * `import { hello, shapes } from './greet.wasm'`. `landbridge types greet.wasm --typescript -o greet.d.wasm.ts` writes
 * their types.
 *
 * @param name what the guest imports from, such as `env`, `./other.wasm` or `demo:app/host`
 * @param source the URL of an ES module or of another `.wasm`: `file:`, `node:` or `data:`. For a package, use
 * `import.meta.resolve(...)`.
 * @throws WasmTypeError if `source` is no such URL
 */
export function provide(name: string, source: string | URL): void
