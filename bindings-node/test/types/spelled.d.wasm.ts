/** The component spelled. */
import { WitFunc, WitMethod, WitResource, WitType } from 'landbridge'

/** The interface demo:spelled/best-prices@1.2.3. */
export namespace bestPrices {
  export class PriceList extends WitResource {
    constructor(firstPrice: number)
    static readonly async: WitFunc<(firstPrice: number) => PriceList>['async']
    readonly bestPrice: WitMethod<PriceList, () => number>
    static readonly howMany: WitFunc<() => number>
  }

  export const bestPrice: WitFunc<() => number>

  const class_: WitFunc<() => number>
  export { class_ as class }

  export const httpGet: WitFunc<() => number>

  export const addUp: WitFunc<(firstOne: number, class_: number) => number>
}

/** The interface demo:one/same@1.0.0. */
declare namespace same {
  export const it: WitFunc<() => number>
}
export { same as 'demo:one/same@1.0.0' }

/** The interface demo:two/same@1.0.0. */
declare namespace same2 {
  export const it: WitFunc<() => number>
}
export { same2 as 'demo:two/same@1.0.0' }

/** The interface demo:old/kept@1.4.0. */
declare namespace kept {
  export const it: WitFunc<() => number>
}
export { kept as 'demo:old/kept@1.4.0' }

/** The interface demo:old/kept@2.0.1. */
declare namespace kept2 {
  export const it: WitFunc<() => number>
}
export { kept2 as 'demo:old/kept@2.0.1' }

/** The interface plain. */
export namespace plain {
  export const it: WitFunc<() => number>
}

export const getIt: WitFunc<() => number>

export {}
