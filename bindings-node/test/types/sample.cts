// The same for CommonJS.
import landbridge = require('landbridge')

const module_: landbridge.Module = landbridge.load('(module)')
const found: number = landbridge.errorKinds.trap
export { module_, found }
