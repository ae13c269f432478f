// Worlds from a seed, that Rust has called and written down: this host has to say the same. See conformance/worlds/README.md.
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { Engine, load, WasmError, WitError } from 'landbridge'
import { camel, outcome, value } from './conformance-wit.mjs'

const DIR = new URL('../../target/worlds/', import.meta.url)
const LIST = new URL('worlds.jsonl', DIR)
const FUEL = 1_000_000_000_000

/** All there are, or as many as the environment says. */
function worlds() {
  assert.ok(existsSync(LIST), `there is no ${LIST.pathname}: make worlds`)
  const lines = readFileSync(LIST, 'utf8').split('\n').filter((line) => line !== '')
  return lines.slice(0, Number(process.env.LANDBRIDGE_WORLDS ?? lines.length)).map((line) => JSON.parse(line))
}

/** The runner's part of a case that values ask for. */
const one = { hostObjects: new Set() }

const short = (name) => name.split('@')[0].split('/').pop()

/** The types of a function that a module imports. */
function imported(module, within, name) {
  if (within === '') return module.world.imports.find((it) => it.name === name).type
  return module.world.imports.find((it) => it.name === within).funcs.find((it) => it.name === name).type
}

async function calls(engine, world) {
  const module = load(new URL(world.file, DIR), { engine })
  let [noted, answer] = []
  const imports = {}
  if (world.import !== null) {
    const [within, name] = world.import
    const type = imported(module, within, name)
    const host = (...args) => {
      noted = args.map((it, i) => type.params[i].type.format(it))
      if (answer === null) return undefined
      if (type.result.sort !== 'result') return type.result.parse(answer)
      const { tag, val } = type.result.parse(answer)
      if (tag === 'ok') return val
      throw new WitError(val)
    }
    // Both of the names that it may have.
    if (within === '') imports[camel(name)] = host
    else imports[world.number % 2 ? within : short(within)] = { [name]: host }
  }
  const instance = module.instantiate({ imports, limits: { fuel: FUEL } })
  const func = instance.witFunc(world.func)
  const { params, result } = func.type
  assert.equal(`${func.type}`, world.type)
  const used = () => Number(instance.store.usage().fuelUsed)
  const given = (args) => args.map((it, i) => value(one, params[i].type, it))
  for (const call of world.calls) {
    [noted, answer] = [undefined, call.result]
    assert.equal(await outcome(result, () => func(...given(call.args))), call.result)
    if (world.import !== null) assert.deepEqual(noted, call.args)
    assert.equal(used(), call.fuel)
  }
  const before = used()
  for (const { args, fails } of world.wrong) {
    assert.throws(() => func(...given(args)), (error) => {
      assert.ok(error instanceof WasmError, error.stack)
      assert.equal(error.kind, fails.kind, error.message)
      for (const part of fails.message) assert.ok(error.message.includes(part), `${error.message} lacks ${part}`)
      return true
    })
    assert.equal(used(), before)
  }
  instance.close()
  return world.calls.length
}

test('worlds are the same as in Rust', async () => {
  const engine = new Engine({ cache: new URL('cache', DIR) })
  let count = 0
  const all = worlds()
  for (const world of all) {
    try {
      count += await calls(engine, world)
    } catch (error) {
      error.message = `world ${world.number} of seed ${world.seed}: ${error.message}\nmake worlds SEED=${world.seed} COUNT=1 FIRST=${world.number}`
      throw error
    }
  }
  console.log(`worlds node: ${all.length} worlds, ${count} calls`)
})
