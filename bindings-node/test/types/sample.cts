// The same for CommonJS.
import landbridge = require('landbridge')

const module_: landbridge.Module = landbridge.load('(module)')
const found: number = landbridge.errorKinds.exception
const features: readonly string[] = landbridge.inspect(module_).features
const tag = new landbridge.Tag(new landbridge.Store(), ['f32'])
const thrown: landbridge.WasmError = landbridge.TaggedException.fromBits(tag, [1])
export { module_, found, features, thrown }
