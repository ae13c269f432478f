/** The component values. */
import { WitFunc, WitMethod, WitResource, WitType } from 'landbridge'

export type Colour = 'red' | 'green' | 'dark-blue'
export const Colour: WitType

export type Access = { read?: boolean; write?: boolean; run?: boolean }
export const Access: WitType

export type Wide = { f0?: boolean; f1?: boolean; f2?: boolean; f3?: boolean; f4?: boolean; f5?: boolean; f6?: boolean; f7?: boolean; f8?: boolean; f9?: boolean; f10?: boolean; f11?: boolean; f12?: boolean; f13?: boolean; f14?: boolean; f15?: boolean; f16?: boolean; f17?: boolean; f18?: boolean; f19?: boolean; f20?: boolean; f21?: boolean; f22?: boolean; f23?: boolean; f24?: boolean; f25?: boolean; f26?: boolean; f27?: boolean; f28?: boolean; f29?: boolean; f30?: boolean; f31?: boolean }
export const Wide: WitType

export type Shape =
  | { tag: 'circle'; val: number }
  | { tag: 'box'; val: [number, number] }
  | { tag: 'nothing'; val?: undefined }
export const Shape: WitType

export interface Person {
  name: string
  age: number
  eMail?: string | undefined
}
export const Person: WitType

export type Words =
  | { tag: 'none'; val: number }
  | { tag: 'some'; val?: undefined }
  | { tag: 'ok'; val: string }
  | { tag: 'true'; val?: undefined }
export const Words: WitType

export interface All {
  flag: boolean
  small: number
  large: bigint
  half: number
  letter: string
  text: string
  shape: Shape
  colour: Colour
  access: Access
  people: Array<Person>
  maybe?: { tag: 'some'; val: number | undefined } | undefined
  outcome: { tag: 'ok'; val: number } | { tag: 'err'; val: string }
  place: [number, bigint]
  bytes: Uint8Array
}
export const All: WitType

export interface Options {
  a?: number | undefined
  b?: number | undefined
}
export const Options: WitType

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

export const echoColour: WitFunc<(it: Colour) => Colour>

export const echoAccess: WitFunc<(it: Access) => Access>

export const echoWide: WitFunc<(it: Wide) => Wide>

/** @throws {WitError} */
export const echoBare: WitFunc<(it: { tag: 'ok'; val?: undefined } | { tag: 'err'; val?: undefined }) => void>

export const nothing: WitFunc<() => void>

export const echoString: WitFunc<(it: string) => string>

export const echoListBools: WitFunc<(it: ReadonlyArray<boolean>) => Array<boolean>>

export const echoListS8s: WitFunc<(it: Int8Array | readonly number[]) => Int8Array>

export const echoListBytes: WitFunc<(it: Uint8Array | readonly number[]) => Uint8Array>

export const echoListS16s: WitFunc<(it: Int16Array | readonly number[]) => Int16Array>

export const echoListU16s: WitFunc<(it: Uint16Array | readonly number[]) => Uint16Array>

export const echoListS32s: WitFunc<(it: Int32Array | readonly number[]) => Int32Array>

export const echoListU32s: WitFunc<(it: Uint32Array | readonly number[]) => Uint32Array>

export const echoListS64s: WitFunc<(it: BigInt64Array | readonly bigint[]) => BigInt64Array>

export const echoListU64s: WitFunc<(it: BigUint64Array | readonly bigint[]) => BigUint64Array>

export const echoListF32s: WitFunc<(it: Float32Array | readonly number[]) => Float32Array>

export const echoListF64s: WitFunc<(it: Float64Array | readonly number[]) => Float64Array>

export const echoListChars: WitFunc<(it: ReadonlyArray<string>) => Array<string>>

export const echoListStrings: WitFunc<(it: ReadonlyArray<string>) => Array<string>>

export const echoListLists: WitFunc<(it: ReadonlyArray<Uint16Array | readonly number[]>) => Array<Uint16Array>>

export const echoListColours: WitFunc<(it: ReadonlyArray<Colour>) => Array<Colour>>

export const echoListAccesses: WitFunc<(it: ReadonlyArray<Access>) => Array<Access>>

export const echoListWides: WitFunc<(it: ReadonlyArray<Wide>) => Array<Wide>>

export const echoListShapes: WitFunc<(it: ReadonlyArray<Shape>) => Array<Shape>>

export const echoListPeople: WitFunc<(it: ReadonlyArray<Person>) => Array<Person>>

export const echoListWords: WitFunc<(it: ReadonlyArray<Words>) => Array<Words>>

export const echoListAll: WitFunc<(it: ReadonlyArray<All>) => Array<All>>

export const echoListTuples: WitFunc<(it: ReadonlyArray<[number, string, number]>) => Array<[number, string, number]>>

export const echoListOptions: WitFunc<(it: ReadonlyArray<number | undefined>) => Array<number | undefined>>

export const echoListNested: WitFunc<(it: ReadonlyArray<{ tag: 'some'; val: number | undefined } | undefined>) => Array<{ tag: 'some'; val: number | undefined } | undefined>>

export const echoListResults: WitFunc<(it: ReadonlyArray<{ tag: 'ok'; val: number } | { tag: 'err'; val: string }>) => Array<{ tag: 'ok'; val: number } | { tag: 'err'; val: string }>>

export const echoListOks: WitFunc<(it: ReadonlyArray<{ tag: 'ok'; val: string } | { tag: 'err'; val?: undefined }>) => Array<{ tag: 'ok'; val: string } | { tag: 'err'; val?: undefined }>>

export const echoListErrs: WitFunc<(it: ReadonlyArray<{ tag: 'ok'; val?: undefined } | { tag: 'err'; val: number }>) => Array<{ tag: 'ok'; val?: undefined } | { tag: 'err'; val: number }>>

export const echoListBares: WitFunc<(it: ReadonlyArray<{ tag: 'ok'; val?: undefined } | { tag: 'err'; val?: undefined }>) => Array<{ tag: 'ok'; val?: undefined } | { tag: 'err'; val?: undefined }>>

export const echoListOuters: WitFunc<(it: ReadonlyArray<{ tag: 'ok'; val: number | undefined } | { tag: 'err'; val: string | undefined } | undefined>) => Array<{ tag: 'ok'; val: number | undefined } | { tag: 'err'; val: string | undefined } | undefined>>

export const echoOption: WitFunc<(it?: number | undefined) => number | undefined>

export const echoNested: WitFunc<(it?: { tag: 'some'; val: number | undefined } | undefined) => { tag: 'some'; val: number | undefined } | undefined>

export const echoOptionString: WitFunc<(it?: string | undefined) => string | undefined>

/** @throws {WitError} whose payload is `string`. */
export const echoResult: WitFunc<(it: { tag: 'ok'; val: number } | { tag: 'err'; val: string }) => number>

/** @throws {WitError} */
export const echoOk: WitFunc<(it: { tag: 'ok'; val: string } | { tag: 'err'; val?: undefined }) => string>

/** @throws {WitError} whose payload is `number`. */
export const echoErr: WitFunc<(it: { tag: 'ok'; val?: undefined } | { tag: 'err'; val: number }) => void>

export const echoShape: WitFunc<(it: Shape) => Shape>

export const echoPerson: WitFunc<(it: Person) => Person>

export const echoTuple: WitFunc<(it: [number, string, number]) => [number, string, number]>

export const echoAll: WitFunc<(it: All) => All>

export const leftOut: WitFunc<(a: number, b?: number | undefined, c?: number | undefined) => number>

export {}
