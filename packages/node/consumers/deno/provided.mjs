import { run } from './app.wasm'

run()
