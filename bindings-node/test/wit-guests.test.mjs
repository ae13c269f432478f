// Components that real toolchains made: all of them answer alike.
import assert from 'node:assert/strict'
import test from 'node:test'
import { WitError } from 'landbridge'
import { collected, kind } from './guests.mjs'
import { calls, GUESTS, open, PEN } from './shop.mjs'

for (const guest of GUESTS) {
  test(`${guest.name}: every call is answered, and twice alike`, () => {
    const shop = open(guest)
    const asked = calls().filter(({ not }) => not !== guest.name)
    assert.ok(asked.length > 130)
    for (let round = 0; round < 2; round++) {
      for (const call of asked) answers(shop, call)
      assert.deepEqual(shop.logged(), ['info: greet Ada', 'info: greet ', 'info: greet Zoë 漢字 🙂', 'warning: no code GONE'])
    }
  })

  test(`${guest.name}: baskets live until they are let go of`, async () => {
    const shop = open(guest)
    const { Basket } = shop.orders
    const [ada, bob] = [new Basket('Ada'), shop.orders.basket('Bob')]
    assert.deepEqual([ada.add(PEN, 3), bob.add(PEN, 4), Basket.count(), ada.total()], [3, 4, 2, 360n])
    assert.deepEqual([ada.cheaperThan(bob), bob.cheaperThan(ada), bob['cheaper-than'](ada)], [true, false, false])
    assert.deepStrictEqual(bob.lines(), [{ product: PEN, count: 4 }])
    assert.ok(ada instanceof Basket && bob instanceof Basket)
    ada.close()
    ada.close()
    assert.equal(ada.closed, true)
    assert.throws(() => ada.total(), kind('closed'))
    bob[Symbol.dispose]()
    if (!guest.hearsOfClose) return
    assert.equal(Basket.count(), 0)
    assert.deepEqual(shop.logged(), ["debug: Ada's basket is gone", "debug: Bob's basket is gone"])
    for (let i = 0; i < 10; i++) new Basket('Nobody')
    assert.ok(await collected(() => Basket.count() === 0), 'what was collected is let go of')
  })

  test(`${guest.name}: baskets change hands`, () => {
    const { orders, logged } = open(guest)
    const { Basket } = orders
    const all = [['Ada', 3], ['Bob', 4], ['Cyd', 2]].map(([owner, pens]) => {
      const basket = new Basket(owner)
      basket.add(PEN, pens)
      return basket
    })
    const [ada, bob, cyd] = all
    assert.equal(orders.sum([...all, cyd]), 1320n)
    const both = Basket.merge(ada, bob)
    assert.ok(both instanceof Basket)
    assert.deepEqual([ada.closed, bob.closed, both.total()], [true, true, 840n])
    for (const gone of [ada, bob]) assert.throws(() => gone.total(), kind('closed', /^args\[0\]: the resource was closed or given away/))
    assert.throws(() => Basket.merge(both, both), kind('closed', /^args\[1\]/))
    assert.equal(both.total(), 840n)
    const [owner, lines] = orders.checkout(both)
    assert.deepEqual([owner, lines.length, Basket.count()], ['Ada', 2, 1])
    if (guest.hearsOfClose) assert.equal(logged().length, 2)
  })

  test(`${guest.name}: lists of baskets cross`, () => {
    const { orders } = open(guest)
    const all = [1, 5, 2].map((pens) => {
      const basket = orders.basket('Ada')
      basket.add(PEN, pens)
      return basket
    })
    assert.equal(orders.sum([...all, all[0]]), 1080n)
    const best = orders.keepDearest(all)
    assert.deepEqual([best.total(), all.map(({ closed }) => closed), orders.Basket.count()], [600n, [true, true, true], 1])
    assert.equal(orders.keepDearest([]), undefined)
  })

  test(`${guest.name}: journals are of the host`, () => {
    const { orders, Journal, journals } = open(guest)
    const diary = new Journal('Diary')
    journals.push(diary)
    for (const number of [1, 2, 3]) assert.deepEqual(orders.note(diary, 'a line'), [number, 'Diary'])
    assert.equal(orders.lookUp('Diary'), diary)
    assert.throws(() => orders.lookUp('Novel'), (error) => error instanceof WitError && error.payload === 'no journal Novel' && error.kind === 'wit')
    assert.deepEqual(diary.lines, ['a line', 'a line', 'a line'])
    const opened = orders.open('Log', ['one', 'two'])
    assert.ok(opened instanceof Journal)
    assert.deepEqual([opened.title, opened.lines], ['Log', ['one', 'two']])
    assert.deepEqual(orders.finish(opened, 'three'), ['one', 'two', 'three'])
    orders.discard(new Journal('Draft'))
    assert.throws(() => orders.note(5, 'x'), kind('type', /^args\[0\]: expected borrow<journal>, got number/))
  })

  test(`${guest.name}: an error of the host comes out as it is, and ends the guest`, () => {
    const shop = open(guest)
    assert.equal(shop.exports.greet('Ada'), 'Hello, Ada!')
    assert.throws(() => shop.exports.greet('Mallory'), (error) => error.who === 'Mallory')
    assert.throws(() => shop.exports.greet('Ada'), kind('poisoned'))
    const other = open(guest)
    assert.throws(() => other.exports.giveUp('no more'), kind('trap'))
    assert.throws(() => other.exports.greet('Ada'), kind('poisoned'))
  })

  test(`${guest.name}: much crosses at once`, () => {
    const { orders, exports: { echo } } = open(guest)
    const bytes = orders.sample(1_000_000)
    assert.ok(bytes instanceof Uint8Array && bytes.length === 1_000_000 && bytes[251] === 0 && bytes[250] === 250)
    assert.deepEqual(echo.echoBytes(bytes), bytes)
    const floats = Float64Array.from({ length: 100_000 }, (_, i) => i / 3)
    assert.deepEqual(echo.echoFloats(floats), floats)
    assert.deepEqual(echo.echoFloats(Array.from(floats)), floats)
    for (const text of ['x'.repeat(1000), 'é'.repeat(2000), '🙂'.repeat(100_000), 'a'.repeat(1_000_000)]) assert.equal(echo.echoString(text), text)
    const texts = Array.from({ length: 10_000 }, (_, i) => `${'é'.repeat(i % 40)}${i}`)
    assert.deepEqual(echo.echoStrings(texts), texts)
    const products = Array.from({ length: 2_000 }, (_, i) => ({ ...PEN, sku: String(i) }))
    assert.deepEqual(echo.echoProducts(products), products)
  })
}

/** Checks an answer. Values are compared by their text too, so that NaN is NaN. */
function answers({ instance }, { func: name, args, given }) {
  const func = instance.witFunc(name)
  const values = args === '()' ? [] : parsed(func.type.params, args)
  const { result } = func.type
  let wanted
  if (given === 'same') [wanted] = values
  else if (given !== undefined) wanted = result.parse(given)
  let answer
  try {
    answer = func(...values)
    if (result?.sort === 'result') answer = answer === undefined ? { tag: 'ok' } : { tag: 'ok', val: answer }
  } catch (error) {
    if (!(error instanceof WitError)) throw error
    answer = error.payload === undefined ? { tag: 'err' } : { tag: 'err', val: error.payload }
  }
  assert.deepStrictEqual(answer, wanted, `${name}${args}`)
  if (result !== undefined) assert.equal(result.format(answer), result.format(wanted), `${name}${args}`)
}

/** Arguments from their text: a tuple, which is split where the next one begins. */
function parsed(params, text) {
  const parts = split(text.slice(1, -1))
  return params.map(({ type }, i) => type.parse(parts[i]))
}

function split(text) {
  const parts = ['']
  let [depth, quote] = [0, undefined]
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]
    if (quote !== undefined) {
      if (letter === '\\') parts[parts.length - 1] += text[i++]
      else if (letter === quote) quote = undefined
    } else if (letter === '"' || letter === "'") quote = letter
    else if ('([{'.includes(letter)) depth++
    else if (')]}'.includes(letter)) depth--
    else if (letter === ',' && depth === 0) {
      parts.push('')
      continue
    }
    parts[parts.length - 1] += text[i]
  }
  return parts.map((it) => it.trim())
}
