import { load, Trap, WasmError } from 'landbridge'

test('calls', () => {
  const { add, div } = load('calc.wasm').instantiate().exports
  expect(add(2, 3)).toBe(5)
  expect(() => div(1, 0)).toThrow(Trap)
  expect(() => div(1, 0)).toThrow(WasmError)
})

test('calls that wait', async () => {
  expect(await load('greet.wasm').instantiate().exports.hello.async('third')).toBe('Hello, third!')
})
