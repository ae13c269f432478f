/** The component shop. */
import { WitFunc, WitMethod, WitResource, WitType } from 'landbridge'

export const greet: WitFunc<(name: string) => string>

export const price: WitFunc<(cents: bigint) => string>

export const giveUp: WitFunc<(reason: string) => void>

/** The interface demo:shop/orders@1.2.0. */
export namespace orders {
  export type Product = Imports.goods.Product
  export const Product: WitType

  export type Line = Imports.goods.Line
  export const Line: WitType

  export type Order = Imports.goods.Order
  export const Order: WitType

  export type Refusal = Imports.goods.Refusal
  export const Refusal: WitType

  export type Journal = Imports.office.Journal

  export interface Statistics {
    count: number
    least: number
    most: number
    mean: number
  }
  export const Statistics: WitType

  export class Basket extends WitResource {
    constructor(owner: string)
    static readonly async: WitFunc<(owner: string) => Basket>['async']
    readonly add: WitMethod<Basket, (product: Imports.goods.Product, count: number) => number>
    readonly lines: WitMethod<Basket, () => Array<Imports.goods.Line>>
    readonly total: WitMethod<Basket, () => bigint>
    readonly cheaperThan: WitMethod<Basket, (other: orders.Basket) => boolean>
    static readonly merge: WitFunc<(a: orders.Basket, b: orders.Basket) => orders.Basket>
    static readonly count: WitFunc<() => number>
  }

  /** @throws {WitError} whose payload is `Imports.goods.Refusal`. */
  export const total: WitFunc<(order: Imports.goods.Order) => bigint>

  export const reserve: WitFunc<(order: Imports.goods.Order) => number>

  export const cheapest: WitFunc<(products: ReadonlyArray<Imports.goods.Product>) => Imports.goods.Product | undefined>

  export const sort: WitFunc<(products: ReadonlyArray<Imports.goods.Product>) => Array<Imports.goods.Product>>

  export const describe: WitFunc<(numbers: Float64Array | readonly number[]) => orders.Statistics>

  export const checksum: WitFunc<(bytes: Uint8Array | readonly number[]) => number>

  export const sample: WitFunc<(length: number) => Uint8Array>

  export const checkout: WitFunc<(basket: orders.Basket) => [string, Array<Imports.goods.Line>]>

  export const sum: WitFunc<(baskets: ReadonlyArray<orders.Basket>) => bigint>

  export const keepDearest: WitFunc<(baskets: ReadonlyArray<orders.Basket>) => orders.Basket | undefined>

  export const note: WitFunc<(journal: Imports.office.Journal, text: string) => [number, string]>

  export const open: WitFunc<(title: string, lines: ReadonlyArray<string>) => Imports.office.Journal>

  export const finish: WitFunc<(journal: Imports.office.Journal, text: string) => Array<string>>

  export const discard: WitFunc<(journal: Imports.office.Journal) => void>

  /** @throws {WitError} whose payload is `string`. */
  export const lookUp: WitFunc<(title: string) => Imports.office.Journal>
}

/** The interface demo:shop/echo@1.2.0. */
export namespace echo {
  export type Unit = Imports.goods.Unit
  export const Unit: WitType

  export type Marks = Imports.goods.Marks
  export const Marks: WitType

  export type Product = Imports.goods.Product
  export const Product: WitType

  export type Order = Imports.goods.Order
  export const Order: WitType

  export type Discount = Imports.goods.Discount
  export const Discount: WitType

  export type Refusal = Imports.goods.Refusal
  export const Refusal: WitType

  export type Days = { friday?: boolean; saturday?: boolean; sunday?: boolean }
  export const Days: WitType

  export type Hours = { h0?: boolean; h1?: boolean; h2?: boolean; h3?: boolean; h4?: boolean; h5?: boolean; h6?: boolean; h7?: boolean; h8?: boolean; h9?: boolean; h10?: boolean; h11?: boolean; h12?: boolean; h13?: boolean; h14?: boolean; h15?: boolean; h16?: boolean; h17?: boolean; h18?: boolean; h19?: boolean }
  export const Hours: WitType

  export type Anything =
    | { tag: 'nothing'; val?: undefined }
    | { tag: 'truth'; val: boolean }
    | { tag: 'small'; val: number }
    | { tag: 'large'; val: bigint }
    | { tag: 'float'; val: number }
    | { tag: 'double'; val: number }
    | { tag: 'letter'; val: string }
    | { tag: 'text'; val: string }
    | { tag: 'bytes'; val: Uint8Array }
    | { tag: 'pair'; val: [number, string] }
    | { tag: 'product'; val: Imports.goods.Product }
    | { tag: 'maybe'; val: number | undefined }
    | { tag: 'outcome'; val: { tag: 'ok'; val: number } | { tag: 'err'; val: string } }
  export const Anything: WitType

  export const echoBool: WitFunc<(it: boolean) => boolean>

  export const echoS8: WitFunc<(it: number) => number>

  export const echoU8: WitFunc<(it: number) => number>

  export const echoS16: WitFunc<(it: number) => number>

  export const echoU16: WitFunc<(it: number) => number>

  export const echoS32: WitFunc<(it: number) => number>

  export const echoU32: WitFunc<(it: number) => number>

  export const echoS64: WitFunc<(it: bigint) => bigint>

  export const echoU64: WitFunc<(it: bigint) => bigint>

  export const echoF32: WitFunc<(it: number) => number>

  export const echoF64: WitFunc<(it: number) => number>

  export const echoChar: WitFunc<(it: string) => string>

  export const echoString: WitFunc<(it: string) => string>

  export const echoBytes: WitFunc<(it: Uint8Array | readonly number[]) => Uint8Array>

  export const echoFloats: WitFunc<(it: Float64Array | readonly number[]) => Float64Array>

  export const echoStrings: WitFunc<(it: ReadonlyArray<string>) => Array<string>>

  export const echoProducts: WitFunc<(it: ReadonlyArray<Imports.goods.Product>) => Array<Imports.goods.Product>>

  export const echoBools: WitFunc<(it: ReadonlyArray<boolean>) => Array<boolean>>

  export const echoChars: WitFunc<(it: ReadonlyArray<string>) => Array<string>>

  export const echoPairs: WitFunc<(it: ReadonlyArray<[string, number]>) => Array<[string, number]>>

  export const echoLists: WitFunc<(it: ReadonlyArray<ReadonlyArray<string>>) => Array<Array<string>>>

  export const echoOptions: WitFunc<(it: ReadonlyArray<number | undefined>) => Array<number | undefined>>

  export const echoNumbers: WitFunc<(a: Int8Array | readonly number[], b: Int16Array | readonly number[], c: Uint16Array | readonly number[], d: Int32Array | readonly number[], e: Uint32Array | readonly number[], f: BigInt64Array | readonly bigint[], g: BigUint64Array | readonly bigint[], h: Float32Array | readonly number[]) => [Int8Array, Int16Array, Uint16Array, Int32Array, Uint32Array, BigInt64Array, BigUint64Array, Float32Array]>

  export const echoTuple: WitFunc<(it: [number, string, number]) => [number, string, number]>

  export const echoProduct: WitFunc<(it: Imports.goods.Product) => Imports.goods.Product>

  export const echoOrder: WitFunc<(it: Imports.goods.Order) => Imports.goods.Order>

  export const echoUnit: WitFunc<(it: Imports.goods.Unit) => Imports.goods.Unit>

  export const echoDays: WitFunc<(it: echo.Days) => echo.Days>

  export const echoMarks: WitFunc<(it: Imports.goods.Marks) => Imports.goods.Marks>

  export const echoHours: WitFunc<(it: echo.Hours) => echo.Hours>

  export const echoDiscount: WitFunc<(it: Imports.goods.Discount) => Imports.goods.Discount>

  export const echoRefusal: WitFunc<(it: Imports.goods.Refusal) => Imports.goods.Refusal>

  export const echoAnything: WitFunc<(it: echo.Anything) => echo.Anything>

  export const echoOption: WitFunc<(it?: string | undefined) => string | undefined>

  export const echoNested: WitFunc<(it?: { tag: 'some'; val: number | undefined } | undefined) => { tag: 'some'; val: number | undefined } | undefined>

  /** @throws {WitError} whose payload is `string`. */
  export const echoResult: WitFunc<(it: { tag: 'ok'; val: number } | { tag: 'err'; val: string }) => number>

  /** @throws {WitError} */
  export const echoOk: WitFunc<(it: { tag: 'ok'; val: string } | { tag: 'err'; val?: undefined }) => string>

  /** @throws {WitError} whose payload is `Imports.goods.Refusal`. */
  export const echoErr: WitFunc<(it: { tag: 'ok'; val?: undefined } | { tag: 'err'; val: Imports.goods.Refusal }) => void>

  /** @throws {WitError} */
  export const echoBare: WitFunc<(it: { tag: 'ok'; val?: undefined } | { tag: 'err'; val?: undefined }) => void>

  export const echoOutcomes: WitFunc<(it: ReadonlyArray<{ tag: 'ok'; val: number } | { tag: 'err'; val: string }>) => Array<{ tag: 'ok'; val: number } | { tag: 'err'; val: string }>>

  export const nothing: WitFunc<() => void>

  export const seventeen: WitFunc<(a: number, b: number, c: number, d: number, e: number, f: number, g: bigint, h: bigint, i: boolean, j: string, k: number, l: number, m: number, n: number, o: number, p: bigint, q: string) => string>
}

/** What the component asks its host for: types alone. */
export namespace Imports {
  type Later<T> = T | Promise<T>

  namespace goods {
    type Unit = 'piece' | 'kilogram' | 'litre' | 'hour'
    type Marks = { fragile?: boolean; frozen?: boolean; organic?: boolean; vegan?: boolean; heavy?: boolean; liquid?: boolean; sharp?: boolean; seasonal?: boolean; imported?: boolean; adultsOnly?: boolean }
    interface Product {
      sku: string
      name: string
      unit: Imports.goods.Unit
      marks: Imports.goods.Marks
      price: bigint
      weight: number
      stock: number
      rating: number
      place: [number, string]
      replacedBy?: string | undefined
    }
    interface Line {
      product: Imports.goods.Product
      count: number
    }
    interface Address {
      name: string
      street: string
      town: string
    }
    type Discount =
      | { tag: 'full-price'; val?: undefined }
      | { tag: 'percent'; val: number }
      | { tag: 'cents'; val: bigint }
      | { tag: 'codes'; val: Array<string> }
    interface Order {
      id: bigint
      to: Imports.goods.Address
      lines: Array<Imports.goods.Line>
      discount: Imports.goods.Discount
      card?: { tag: 'some'; val: string | undefined } | undefined
    }
    type Refusal =
      | { tag: 'empty'; val?: undefined }
      | { tag: 'unknown-code'; val: string }
      | { tag: 'out-of-stock'; val: [string, number] }
  }

  namespace office {
    type Level = 'debug' | 'info' | 'warning'
    interface Journal {
      write(text: string): Later<number>
    }
    type Line = Imports.goods.Line
  }

  interface Office {
    log(level: Imports.office.Level, text: string): Later<void>
    /** @throws {WitError} whose payload is `string`. */
    worth(code: string): Later<bigint>
    reserve(lines: Array<Imports.goods.Line>): Later<number>
    close(journal: Imports.office.Journal): Later<ReadonlyArray<string>>
    title(journal: Imports.office.Journal): Later<string>
    Journal: {
      new (title: string): Imports.office.Journal
      find(title: string): Later<Imports.office.Journal>
    }
  }

  /** Functions of the world itself. */
  interface World {
    currency(): Later<string>
  }
}

export {}
