/** The component clash. */
import { WitFunc as _WitFunc, WitMethod, WitResource, WitType } from 'landbridge'

/** The interface demo:clash/its. */
export namespace its {
  export class It extends WitResource {
    private constructor()
    readonly ['constructor']: WitMethod<It, () => number>
  }
}

/** The interface demo:clash/things@1.0.0. */
export namespace things {
  export interface Array {
    items: Uint8Array
  }
  export const Array: WitType

  export interface Promise {
    all: globalThis.Array<things.Array>
    bytes: Uint8Array
  }
  export const Promise: WitType

  export type WitFunc = number
  export const WitFunc: WitType

  export const keep: _WitFunc<(it: things.Promise, all: ReadonlyArray<things.Array>) => number>
}

/** What the component asks its host for: types alone. */
export namespace Imports {
  type Later<T> = T | globalThis.Promise<T>

  namespace things2 {
    type Array = things.Array
    type Promise = things.Promise
    type WitFunc = number
  }

  interface Things {
    keep(it: things.Promise, all: globalThis.Array<things.Array>): Later<number>
  }

  interface Things2 {
    keep(): Later<boolean>
  }
}

export {}
