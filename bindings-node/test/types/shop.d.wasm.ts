/** The component shop. */
import { WitFunc, WitResource, WitType } from 'landbridge'

export const greet: WitFunc<(name: string) => string>

export const price: WitFunc<(cents: bigint) => string>

export const giveUp: WitFunc<(reason: string) => void>

/** The interface demo:shop/orders@1.2.0. */
export namespace orders {
  type Product = Imports.goods.Product
  const Product: WitType

  type Line = Imports.goods.Line
  const Line: WitType

  type Order = Imports.goods.Order
  const Order: WitType

  type Refusal = Imports.goods.Refusal
  const Refusal: WitType

  type Journal = Imports.office.Journal

  interface Statistics {
    count: number
    least: number
    most: number
    mean: number
  }
  const Statistics: WitType

  class Basket extends WitResource {
    constructor(owner: string)
    add(product: Imports.goods.Product, count: number): number
    lines(): Array<Imports.goods.Line>
    total(): bigint
    cheaperThan(other: orders.Basket): boolean
    static readonly merge: WitFunc<(a: orders.Basket, b: orders.Basket) => orders.Basket>
    static readonly count: WitFunc<() => number>
  }

  /** @throws {WitError} whose payload is `Imports.goods.Refusal`. */
  const total: WitFunc<(order: Imports.goods.Order) => bigint>

  const reserve: WitFunc<(order: Imports.goods.Order) => number>

  const cheapest: WitFunc<(products: ReadonlyArray<Imports.goods.Product>) => Imports.goods.Product | undefined>

  const sort: WitFunc<(products: ReadonlyArray<Imports.goods.Product>) => Array<Imports.goods.Product>>

  const describe: WitFunc<(numbers: Float64Array | readonly number[]) => orders.Statistics>

  const checksum: WitFunc<(bytes: Uint8Array | readonly number[]) => number>

  const sample: WitFunc<(length: number) => Uint8Array>

  const checkout: WitFunc<(basket: orders.Basket) => [string, Array<Imports.goods.Line>]>

  const sum: WitFunc<(baskets: ReadonlyArray<orders.Basket>) => bigint>

  const keepDearest: WitFunc<(baskets: ReadonlyArray<orders.Basket>) => orders.Basket | undefined>

  const note: WitFunc<(journal: Imports.office.Journal, text: string) => [number, string]>

  const open: WitFunc<(title: string, lines: ReadonlyArray<string>) => Imports.office.Journal>

  const finish: WitFunc<(journal: Imports.office.Journal, text: string) => Array<string>>

  const discard: WitFunc<(journal: Imports.office.Journal) => void>

  /** @throws {WitError} whose payload is `string`. */
  const lookUp: WitFunc<(title: string) => Imports.office.Journal>
}

/** The interface demo:shop/echo@1.2.0. */
export namespace echo {
  type Unit = Imports.goods.Unit
  const Unit: WitType

  type Marks = Imports.goods.Marks
  const Marks: WitType

  type Product = Imports.goods.Product
  const Product: WitType

  type Order = Imports.goods.Order
  const Order: WitType

  type Discount = Imports.goods.Discount
  const Discount: WitType

  type Refusal = Imports.goods.Refusal
  const Refusal: WitType

  type Days = { friday?: boolean; saturday?: boolean; sunday?: boolean }
  const Days: WitType

  type Hours = { h0?: boolean; h1?: boolean; h2?: boolean; h3?: boolean; h4?: boolean; h5?: boolean; h6?: boolean; h7?: boolean; h8?: boolean; h9?: boolean; h10?: boolean; h11?: boolean; h12?: boolean; h13?: boolean; h14?: boolean; h15?: boolean; h16?: boolean; h17?: boolean; h18?: boolean; h19?: boolean }
  const Hours: WitType

  type Anything =
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
  const Anything: WitType

  const echoBool: WitFunc<(it: boolean) => boolean>

  const echoS8: WitFunc<(it: number) => number>

  const echoU8: WitFunc<(it: number) => number>

  const echoS16: WitFunc<(it: number) => number>

  const echoU16: WitFunc<(it: number) => number>

  const echoS32: WitFunc<(it: number) => number>

  const echoU32: WitFunc<(it: number) => number>

  const echoS64: WitFunc<(it: bigint) => bigint>

  const echoU64: WitFunc<(it: bigint) => bigint>

  const echoF32: WitFunc<(it: number) => number>

  const echoF64: WitFunc<(it: number) => number>

  const echoChar: WitFunc<(it: string) => string>

  const echoString: WitFunc<(it: string) => string>

  const echoBytes: WitFunc<(it: Uint8Array | readonly number[]) => Uint8Array>

  const echoFloats: WitFunc<(it: Float64Array | readonly number[]) => Float64Array>

  const echoStrings: WitFunc<(it: ReadonlyArray<string>) => Array<string>>

  const echoProducts: WitFunc<(it: ReadonlyArray<Imports.goods.Product>) => Array<Imports.goods.Product>>

  const echoBools: WitFunc<(it: ReadonlyArray<boolean>) => Array<boolean>>

  const echoChars: WitFunc<(it: ReadonlyArray<string>) => Array<string>>

  const echoPairs: WitFunc<(it: ReadonlyArray<[string, number]>) => Array<[string, number]>>

  const echoLists: WitFunc<(it: ReadonlyArray<ReadonlyArray<string>>) => Array<Array<string>>>

  const echoOptions: WitFunc<(it: ReadonlyArray<number | undefined>) => Array<number | undefined>>

  const echoNumbers: WitFunc<(a: Int8Array | readonly number[], b: Int16Array | readonly number[], c: Uint16Array | readonly number[], d: Int32Array | readonly number[], e: Uint32Array | readonly number[], f: BigInt64Array | readonly bigint[], g: BigUint64Array | readonly bigint[], h: Float32Array | readonly number[]) => [Int8Array, Int16Array, Uint16Array, Int32Array, Uint32Array, BigInt64Array, BigUint64Array, Float32Array]>

  const echoTuple: WitFunc<(it: [number, string, number]) => [number, string, number]>

  const echoProduct: WitFunc<(it: Imports.goods.Product) => Imports.goods.Product>

  const echoOrder: WitFunc<(it: Imports.goods.Order) => Imports.goods.Order>

  const echoUnit: WitFunc<(it: Imports.goods.Unit) => Imports.goods.Unit>

  const echoDays: WitFunc<(it: echo.Days) => echo.Days>

  const echoMarks: WitFunc<(it: Imports.goods.Marks) => Imports.goods.Marks>

  const echoHours: WitFunc<(it: echo.Hours) => echo.Hours>

  const echoDiscount: WitFunc<(it: Imports.goods.Discount) => Imports.goods.Discount>

  const echoRefusal: WitFunc<(it: Imports.goods.Refusal) => Imports.goods.Refusal>

  const echoAnything: WitFunc<(it: echo.Anything) => echo.Anything>

  const echoOption: WitFunc<(it?: string | undefined) => string | undefined>

  const echoNested: WitFunc<(it?: { tag: 'some'; val: number | undefined } | undefined) => { tag: 'some'; val: number | undefined } | undefined>

  /** @throws {WitError} whose payload is `string`. */
  const echoResult: WitFunc<(it: { tag: 'ok'; val: number } | { tag: 'err'; val: string }) => number>

  /** @throws {WitError} */
  const echoOk: WitFunc<(it: { tag: 'ok'; val: string } | { tag: 'err'; val?: undefined }) => string>

  /** @throws {WitError} whose payload is `Imports.goods.Refusal`. */
  const echoErr: WitFunc<(it: { tag: 'ok'; val?: undefined } | { tag: 'err'; val: Imports.goods.Refusal }) => void>

  /** @throws {WitError} */
  const echoBare: WitFunc<(it: { tag: 'ok'; val?: undefined } | { tag: 'err'; val?: undefined }) => void>

  const echoOutcomes: WitFunc<(it: ReadonlyArray<{ tag: 'ok'; val: number } | { tag: 'err'; val: string }>) => Array<{ tag: 'ok'; val: number } | { tag: 'err'; val: string }>>

  const nothing: WitFunc<() => void>

  const seventeen: WitFunc<(a: number, b: number, c: number, d: number, e: number, f: number, g: bigint, h: bigint, i: boolean, j: string, k: number, l: number, m: number, n: number, o: number, p: bigint, q: string) => string>
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
