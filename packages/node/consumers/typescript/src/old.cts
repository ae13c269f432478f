import landbridge = require('landbridge')

type Greet = typeof import('./greet.wasm', { with: { 'resolution-mode': 'import' } })

const text: string = landbridge.load<Greet>('greet.wasm').instantiate().exports.hello('Eve')
console.log(text)
