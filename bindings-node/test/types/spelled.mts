// Compiled by `npm run types`, never run: names that TypeScript has for itself, and types of all sorts.
import { bestPrices, getIt, plain, 'demo:one/same@1.0.0' as one, 'demo:two/same@1.0.0' as two } from './spelled.wasm'
import * as values from './values.wasm'

const numbers: number[] = [bestPrices.bestPrice(), bestPrices.class(), bestPrices.httpGet(), getIt(), plain.it(), one.it(), two.it()]
using list = new bestPrices.PriceList(7)
numbers.push(list.bestPrice(), bestPrices.PriceList.howMany())
const person: values.Person = values.echoPerson({ name: 'Ada', age: 36 })
const bytes: Uint8Array = values.echoListBytes([1, 2])
const big: BigUint64Array = values.echoListU64s([1n])
void [numbers, person, bytes, big]
