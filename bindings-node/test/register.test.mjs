// Importing .wasm files as ES modules.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'

const REGISTER = new URL('../register.mjs', import.meta.url).href

function run(t, files) {
  const dir = mkdtempSync(join(tmpdir(), 'landbridge-'))
  t.after(() => rmSync(dir, { recursive: true }))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text)
  const main = join(dir, 'main.mjs')
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', REGISTER, main], { encoding: 'utf8', timeout: 30_000 })
  return { lines: stdout.trim().split('\n'), stderr, status }
}

test('exports are exports, whatever their names', (t) => {
  const { lines, stderr } = run(t, {
    'calc.wasm': `(module (memory (export "memory") 1)
      (func (export "add") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
      (func (export "my-func") (result i32) (i32.const 7))
      (func (export "default") (result i32) (i32.const 8))
      (func (export "class") (result i32) (i32.const 9))
      (tag (export "failed") (param i32)))`,
    'main.mjs': `import eight, { add, memory, 'my-func' as mine, class as nine } from './calc.wasm'
      import * as all from './calc.wasm'
      import { add as other } from './calc.wasm?second'
      console.log(add(2, 3), mine(), eight(), nine(), memory.sizePages, Object.keys(all).join(), add === all.add, add === other, String(all.failed.type))`,
  })
  assert.equal(lines[0], '5 7 8 9 1 add,class,default,failed,memory,my-func true false tag (i32)', stderr)
})

test('imports are ES modules, also other .wasm files', (t) => {
  const { lines, stderr } = run(t, {
    'app.wasm': `(module (import "./env.mjs" "log" (func $log (param i32))) (import "./one.wasm" "one" (func $one (result i32)))
      (func (export "run") (call $log (call $one))))`,
    'one.wasm': '(module (func (export "one") (result i32) (i32.const 41)))',
    'env.mjs': 'export const log = (n) => console.log("logged", n)',
    'main.mjs': `import { run } from './app.wasm'
      run()`,
  })
  assert.equal(lines[0], 'logged 41', stderr)
})

test('errors name what is wrong', (t) => {
  const broken = run(t, { 'a.wasm': '(module', 'main.mjs': "import './a.wasm'" })
  assert.match(broken.stderr, /CompileError|expected/)
  assert.notEqual(broken.status, 0)
  const missing = run(t, {
    'a.wasm': '(module (import "./env.mjs" "f" (func)))',
    'env.mjs': 'export const g = 1',
    'main.mjs': "import './a.wasm'",
  })
  assert.match(missing.stderr, /\.\/env\.mjs\.f: func \(\) -> \(\)/)
})
