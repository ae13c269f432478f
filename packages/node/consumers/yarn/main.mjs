import { load, Trap } from 'landbridge'

const calc = load('calc.wasm').instantiate()
console.log(calc.exports.add(2, 3))
console.log(load('greet.wasm').instantiate().exports.hello('Ada'))
try {
  calc.exports.div(1, 0)
} catch (error) {
  if (!(error instanceof Trap)) throw error
  console.log(error.kind, error.code)
}
