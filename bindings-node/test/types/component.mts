// Compiled by `npm run types`, never run: components in TypeScript.
import { load, WitError, WitFunc, WitResource, WitType } from 'landbridge'
import type { Instance, WitFuncType, WitWorld } from 'landbridge'

interface Circle { radius: number }
declare class Canvas extends WitResource {
  constructor(width: number, height: number)
  draw(circle: Circle): void
}
interface Greet {
  hello(name: string): string
  shapes: { area: WitFunc<(circle: Circle, precision?: number) => number>; Canvas: typeof Canvas }
}

const greet: Instance<Greet> = load<Greet>('greet.wasm').instantiate({
  imports: { now: () => 5n, 'demo:app/host': { log(text: string) {}, Journal: class { write(text: string) {} } } },
})
const hi: string = greet.exports.hello('Ada')
const later: Promise<string> = greet.exports.hello.async('Ada', { signal: AbortSignal.timeout(5) })
const area: number = greet.exports.shapes.area({ radius: 2 })
const soon: Promise<number> = greet.exports.shapes.area.async({ radius: 2 }, 5)
// @ts-expect-error a circle has a radius
greet.exports.shapes.area({})
const canvas = new greet.exports.shapes.Canvas(80, 24)
canvas.draw({ radius: 1 })
canvas.close()
const type: WitFuncType = greet.exports.shapes.area.type
const text: string = `${type} ${type.params[0]?.type.format(5)}`
const found: WitFunc = greet.witFunc('shapes#area')
const is: boolean = (found as unknown) instanceof WitFunc && type.result instanceof WitType
const world: WitWorld | undefined = greet.module.world
for (const it of world?.exports ?? []) if (it.sort === 'interface') it.funcs.map(({ role, type: { params } }) => [role, params])
try { greet.exports.hello('') } catch (error) { if (error instanceof WitError) throw new WitError<string>(error.payload) }
void [hi, later, area, soon, text, is]
