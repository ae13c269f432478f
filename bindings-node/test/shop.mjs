// Components that real toolchains made of one WIT (examples/components), and the host that they ask for.
import { existsSync, readFileSync } from 'node:fs'
import { load, WitError } from 'landbridge'

const tree = (path) => new URL(`../../${path}`, import.meta.url)

/** What was built: those in JavaScript and Python are not committed. */
export const GUESTS = [
  { name: 'rust', file: tree('examples/components/shop-rust.wasm'), hearsOfClose: true },
  { name: 'c', file: tree('examples/components/shop-c.wasm'), hearsOfClose: true },
  { name: 'js', file: tree('target/components/shop-js.wasm'), hearsOfClose: true },
  // componentize-py 0.25.1 does nothing when the host lets go of a resource: no code of the guest runs.
  { name: 'python', file: tree('target/components/shop-python.wasm'), hearsOfClose: false },
].filter(({ file, name }) => name === 'rust' || name === 'c' || existsSync(file))

const modules = new Map()

/** Compiled once: those in JavaScript and Python take seconds. */
export function moduleOf({ name, file }) {
  if (!modules.has(name)) modules.set(name, load(file))
  return modules.get(name)
}

/** A host: its log, the journals that can be found, and what guests lend. */
export function office() {
  const logged = []
  const journals = []
  class Journal {
    constructor(title) {
      this.title = title
      this.lines = []
    }

    static find(title) {
      const found = journals.find((it) => it.title === title)
      if (found === undefined) throw new WitError(`no journal ${title}`)
      return found
    }

    write(text) {
      return this.lines.push(text)
    }

    length() {
      return this.lines.length
    }
  }
  const worths = { WELCOME: 500n, LOYAL: 1250n }
  return {
    logged: () => logged.splice(0),
    journals,
    Journal,
    imports: {
      currency: () => 'EUR',
      office: {
        Journal,
        log(level, text) {
          if (text.includes('Mallory')) throw Object.assign(new Error('Mallory may not log in'), { who: 'Mallory' })
          logged.push(`${level}: ${text}`)
        },
        worth(code) {
          if (code in worths) return worths[code]
          throw new WitError(`no code ${code}`)
        },
        reserve: (lines) => lines.reduce((sum, { count }) => sum + count, 0),
        close: (journal) => journal.lines,
        title: (journal) => journal.title,
      },
    },
  }
}

/** An instance of a guest, with a host of its own. */
export function open(guest, options) {
  const host = office()
  const instance = moduleOf(guest).instantiate({ ...options, imports: host.imports })
  return { ...host, instance, exports: instance.exports, orders: instance.exports.orders }
}

export const PEN = {
  sku: 'P', name: 'Pen', unit: 'piece', price: 120n, weight: 9, stock: 40, rating: 3.25, place: [1, 'A'], replacedBy: undefined,
  marks: { fragile: false, frozen: false, organic: false, vegan: false, heavy: false, liquid: false, sharp: true, seasonal: false, imported: false, adultsOnly: false },
}

/** The lines of `examples/components/calls.txt`, each with the guest that cannot answer it. */
export function calls() {
  const found = []
  let not
  for (const line of readFileSync(tree('examples/components/calls.txt'), 'utf8').split('\n')) {
    const mark = /^# not (\w+):/.exec(line)
    if (mark) [, not] = mark
    else if (line !== '' && !line.startsWith('#')) {
      const [call, given] = line.split(' -> ')
      const at = call.indexOf('(')
      found.push({ func: call.slice(0, at), args: call.slice(at), given, not })
      not = undefined
    }
  }
  return found
}
