/** The component greet. */
import { WitFunc, WitResource, WitType } from 'landbridge'

/** Greets somebody. */
export const hello: WitFunc<(name: string) => string>

export {}
