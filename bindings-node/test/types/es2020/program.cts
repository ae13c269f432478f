// Compiled by `npm run types`, never run: a CommonJS program for an older target, whose library has no `ErrorOptions`.
import { load, WitError, type Instance } from 'landbridge'
import landbridge = require('landbridge')

const instance: Instance = load('greet.wasm').instantiate()
const same: landbridge.Instance = instance
const error: WitError<string> = new WitError('no', { cause: instance })
void [same, error]
