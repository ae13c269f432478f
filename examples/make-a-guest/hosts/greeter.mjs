// [greeter]
import { load, WitError } from 'landbridge'

const { greetings } = load('greeter.wasm').instantiate().exports

console.log(greetings.hello({ name: 'Ada', age: 36, languages: ['en', 'fr'] }))
try {
  greetings.hello({ name: '', age: 0, languages: [] })
} catch (error) {
  if (!(error instanceof WitError)) throw error
  console.log('refused:', error.payload)
}
// [end greeter]
