import landbridge = require('landbridge')

const text: string = landbridge.load<typeof import('./greet.wasm')>('greet.wasm').instantiate().exports.hello('Eve')
console.log(text)
