// Compiled by `npm run types`, never run: types of a component that are called as those of JavaScript and of the package.
import { its, things, type Imports } from './clash.wasm'

const array: things.Array = { items: new Uint8Array(1) }
// @ts-expect-error a list of numbers is no record
array.items = array
const promise: things.Promise = { all: [array], bytes: new Uint8Array(1) }
const kept: number = things.keep(promise, [array])
const later: Promise<number> = things.keep.async(promise, [array])
const mine: Imports.Things = { keep: async ({ bytes }, all) => bytes.length + all.length }
const other: Imports.Things2 = { keep: () => true }
// @ts-expect-error no number is what the other interface gives
other.keep = () => 1
declare const it: its.It
const one: number = it.constructor()
void [kept, later, mine, one]
