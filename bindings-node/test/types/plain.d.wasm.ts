/** The module plain. */
import { Func, GcRef, Global, Memory, Table, Tag, TaggedException } from 'landbridge'

/** func (i32, i32) -> (i32) */
export const add: Func<(p0: number, p1: number) => number>

/** func (i64, f32) -> (i64, f32) */
export const both: Func<(p0: bigint, p1: number) => [bigint, number]>

/** func () -> () */
export const run: Func<() => void>

/** func () -> (i32) */
declare const _3: Func<() => number>
export { _3 as class }

/** func () -> (i32) */
declare const _4: Func<() => number>
export { _4 as default }

/** func () -> (i32) */
declare const _5: Func<() => number>
export { _5 as 'my-func' }

/** func () -> (i32) */
declare const _7: Func<() => number>
export { _7 as Memory }

/** func () -> (i32) */
declare const _8: Func<() => number>
export { _8 as _1 }

/** func (v128, externref) -> (v128, externref) */
declare const _9: Func<(p0: ArrayBufferView | bigint, p1: unknown) => [Uint8Array, any]>
export { _9 as '*/' }

/** func (funcref, i31ref, exnref, structref) -> (funcref) */
export const hold: Func<(p0: Func | null, p1: unknown, p2: TaggedException | null, p3: unknown) => Func | null>

/** global (mut i64) */
export const count: Global<bigint>

/** table 1 funcref */
export const table: Table

/** tag (i32) */
export const failed: Tag

/** memory 1 */
export const own: Memory

/** What the module asks its host for. A function may return a promise where the call is asynchronous. */
export type Imports = {
  'env': {
    'log': (p0: number, p1: bigint) => number | Promise<number>
    'memory': Memory
  }
  'my env': {
    'it\'s': Global<bigint>
  }
}

export {}
