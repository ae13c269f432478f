// Compiled by `npm run types`, never run: a component that is imported, by what `landbridge types --typescript` writes.
import { load, WitError } from 'landbridge'
import { echo, giveUp, greet, orders, type Imports } from './shop.wasm'

const text: string = greet('Ada')
const later: Promise<string> = greet.async('Ada', { signal: AbortSignal.timeout(5) })
giveUp('no more')
// @ts-expect-error a name is a string
greet(5)

const pen: Imports.goods.Product = {
  sku: 'P', name: 'Pen', unit: 'piece', marks: { sharp: true }, price: 120n, weight: 9, stock: 40, rating: 3.25, place: [1, 'A'],
}
const basket = new orders.Basket('Ada')
const made: Promise<orders.Basket> = orders.Basket.async('Ada', { signal: AbortSignal.timeout(5) })
const units: number = basket.add(pen, 3)
const soon: Promise<number> = basket.add.async(basket, pen, 3, { signal: AbortSignal.timeout(5) })
// @ts-expect-error the resource comes first
basket.add.async(pen, 3)
const lines: orders.Line[] = basket.lines()
const merged: orders.Basket = orders.Basket.merge(basket, new orders.Basket('Bob'))
merged.close()
const total: bigint = orders.total({ id: 1n, to: { name: '', street: '', town: '' }, lines, discount: { tag: 'percent', val: 5 } })
try { orders.total(orders.Order.parse('{}')) } catch (error) {
  if (error instanceof WitError) {
    const refusal: Imports.goods.Refusal = error.payload
    if (refusal.tag === 'unknown-code') refusal.val.trim()
  }
}
const bytes: Uint8Array = echo.echoBytes([1, 2, 3])
const cheapest: Imports.goods.Product | undefined = orders.cheapest([pen])
// @ts-expect-error there is no such unit
const wrong: Imports.goods.Unit = 'pound'
const nested: { tag: 'some'; val: number | undefined } | undefined = echo.echoNested(undefined)
const outcome: { tag: 'ok'; val: number } | { tag: 'err'; val: string } = echo.echoOutcomes([{ tag: 'ok', val: 1 }])[0]!
const is: string = orders.Order.format(orders.Order.parse('{}'))

class Journal implements Imports.office.Journal {
  static find(title: string): Journal { throw new WitError(`no journal ${title}`) }
  constructor(readonly title: string) {}
  write(text: string): number { return text.length }
  length(): number { return 0 }
}
const office: Imports.Office = {
  Journal,
  log(level, text) { console.log(level, text) },
  worth: async (code) => (code === 'WELCOME' ? 500n : 0n),
  reserve: (lines) => lines.reduce((sum, { count }) => sum + count, 0),
  close: () => [],
  title: (journal) => (journal as Journal).title,
}
const own: Imports.World = { currency: () => 'EUR' }
const shop = load<typeof import('./shop.wasm')>('shop.wasm').instantiate({ imports: { ...own, office } })
const same: string = shop.exports.greet('Ada')
void [text, later, soon, made, units, total, bytes, cheapest, wrong, nested, outcome, is, same]
