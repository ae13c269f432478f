// The programs of the guide's pages on components: they are cut from here.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { load, Pool, Store, WasmError, WitError } from 'landbridge'

process.chdir(fileURLToPath(new URL('../../core/tests/guide', import.meta.url)))

/** What the host lends to `paint.wat`. */
function lent() {
  class Journal {
    lines = []

    write(line) {
      this.lines.push(line)
    }
  }
  return { prices: { price: () => 1200 }, journals: { Journal } }
}

const open = () => load('paint.wat').instantiate({ imports: lent() })

test('values', () => {
  const paint = open()
  // [values]
  const { shapes } = paint.exports // an interface
  const area = shapes.area({ tag: 'circle', val: 2 }) // a variant: the case, and what it holds
  const cents = shapes.cost({ colour: 'red', coats: [2, 1] }) // a record; `note` is an option, so it may be left out
  // [end values]
  assert.deepEqual([area.toFixed(2), cents], ['12.57', 3600])
})

test('names', () => {
  const paint = open()
  // [names]
  const { area } = paint.exports.shapes // keep a function: it is as fast as any other
  const same = paint.exports['demo:paint/shapes@1.2.0'] // the name in WIT is a key
  const by = paint.witFunc('shapes#area') // a name that is only known when the program runs
  console.log(`${area.type}`) // func(of: shape) -> f64
  // [end names]
  assert.equal(same, paint.exports.shapes)
  assert.equal(by({ tag: 'circle', val: 1 }), area({ tag: 'circle', val: 1 }))
  assert.equal(`${area.type}`, 'func(of: shape) -> f64')
  assert.equal(paint.exports['shapes@1.2'], paint.exports.shapes)
})

test('texts of values', () => {
  const { shapes } = open().exports
  // [texts]
  const { type } = shapes.area.type.params[0]
  const shape = type.parse('rectangle((2, 1.5))') // { tag: 'rectangle', val: [2, 1.5] }
  const text = type.format({ tag: 'nothing' }) // nothing
  // [end texts]
  assert.deepEqual([shape, text], [{ tag: 'rectangle', val: [2, 1.5] }, 'nothing'])
})

test('an err of a guest', () => {
  const { shapes } = load('paint.wat').instantiate({ imports: { ...lent(), prices: { price(colour) { throw new WitError(`there is no ${colour}`) } } } }).exports
  // [err]
  let told
  try {
    shapes.cost({ colour: 'gold', coats: [1] })
  } catch (error) {
    if (!(error instanceof WitError)) throw error
    told = error.payload // 'there is no gold': the value of err, a string here
  }
  // [end err]
  assert.equal(told, 'there is no gold')
})

test('wrong values', () => {
  const { shapes } = open().exports
  // [wrong]
  let told
  try {
    shapes.cost({ colour: 'red', coats: [2, 300] })
  } catch (error) {
    if (!(error instanceof WasmError)) throw error
    told = `${error.kind}: ${error.message}` // range: args[0].coats[1]: 300 does not fit in u8
  }
  // [end wrong]
  assert.equal(told, 'range: args[0].coats[1]: 300 does not fit in u8')
})

test('lending', () => {
  // [lend]
  const prices = {
    price(colour) {
      if (colour === 'red') return 1200
      throw new WitError(`there is no ${colour}`) // the guest gets err("there is no ...")
    },
  }
  class Journal { // a resource: the guest calls write
    lines = []
    write(line) {
      this.lines.push(line)
    }
  }
  const paint = load('paint.wat').instantiate({ imports: { prices, journals: { Journal } } })
  // [end lend]
  assert.equal(paint.exports.shapes.cost({ colour: 'red', coats: [1] }), 1200)
  assert.throws(() => paint.exports.shapes.cost({ colour: 'blue', coats: [1] }), (error) => error.payload === 'there is no blue')
})

test('other errors of a host', () => {
  const { Journal } = lent().journals
  // [failures]
  const lost = new Error('the price list is lost')
  const prices = { price() { throw lost } }
  const paint = load('paint.wat').instantiate({ imports: { prices, journals: { Journal } } })
  try {
    paint.exports.shapes.cost({ colour: 'red', coats: [1] })
  } catch (error) {
    console.assert(error === lost) // the very object; paint has ended
  }
  // [end failures]
  assert.throws(() => paint.exports.shapes.cost({ colour: 'red', coats: [1] }), (error) => error.kind === 'poisoned')
})

test('resources of a guest', () => {
  const { shapes } = open().exports
  // [resource]
  const canvas = new shapes.Canvas(80)
  canvas.draw({ tag: 'circle', val: 1 })
  console.log(canvas.painted(), shapes.Canvas.count()) // 3.14..., 1
  canvas.close() // the guest's destructor runs; `using canvas = ...` does it at the end of the block
  // [end resource]
  assert.equal(shapes.Canvas.count(), 0)
  assert.throws(() => canvas.painted(), (error) => error.kind === 'closed')
})

test('resources of a host', () => {
  const { journals, prices } = lent()
  const { Journal } = journals
  const paint = load('paint.wat').instantiate({ imports: { prices, journals: { Journal } } })
  const { shapes } = paint.exports
  // [host-resource]
  const canvas = new shapes.Canvas(80)
  const journal = new Journal() // any object that has `write`
  canvas.sign(journal)
  console.log(journal.lines) // ['signed']
  // [end host-resource]
  assert.deepEqual(journal.lines, ['signed'])
})

test('asynchronous calls', async () => {
  const greet = load('greet.wat').instantiate()
  // [async]
  const text = await greet.exports.hello.async('Ada')
  // [end async]
  assert.equal(text, 'Hello, Ada!')
})

test('modules of the language', () => {
  const text = `
  // [import]
  import { hello } from './greet.wasm'

  console.log(hello('Ada'))
  // [end import]
  `
  const dir = mkdtempSync(join(tmpdir(), 'landbridge-'))
  try {
    writeFileSync(join(dir, 'app.mjs'), text)
    cpSync(new URL('../../examples/components/greet.wasm', import.meta.url), join(dir, 'greet.wasm'))
    const register = new URL('../register.mjs', import.meta.url).href
    const { stdout, stderr } = spawnSync(process.execPath, ['--import', register, 'app.mjs'], { cwd: dir, encoding: 'utf8' })
    assert.equal(stdout, 'Hello, Ada!\n', stderr)
  } finally {
    rmSync(dir, { recursive: true })
  }
})

test('a pool', () => {
  // [pool]
  const pool = new Pool(load('greet.wat'), { max: 4 })
  const text = pool.call('hello', 'Ada')
  // [end pool]
  assert.equal(text, 'Hello, Ada!')
  pool.close()
})

test('one component for another', () => {
  const { Journal } = lent().journals
  // [composition]
  const store = new Store()
  const dealer = load('dealer.wat').instantiate({ store })
  const imports = { prices: dealer.exports.prices, journals: { Journal } }
  const paint = load('paint.wat').instantiate({ store, imports })
  const cents = paint.exports.shapes.cost({ colour: 'blue', coats: [2] }) // the dealer's price
  // [end composition]
  assert.equal(cents, 1000)
})

test('limits', () => {
  // [limits]
  const limits = { timeoutMs: 500, transferBytes: 1 << 20, handles: 100 }
  const greet = load('greet.wat').instantiate({ limits })
  // [end limits]
  assert.throws(() => greet.exports.hello('a'.repeat(2 << 20)), (error) => error.kind === 'limit')
})
