// Importing .wasm files as ES modules.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import test from 'node:test'
import { pathToFileURL } from 'node:url'

const REGISTER = new URL('../register.mjs', import.meta.url).href

function run(t, files) {
  const dir = mkdtempSync(join(tmpdir(), 'landbridge-'))
  t.after(() => rmSync(dir, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), text)
  }
  const first = files['provide.mjs'] ? pathToFileURL(join(dir, 'provide.mjs')).href : REGISTER
  const main = join(dir, 'main.mjs')
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--import', first, main], { encoding: 'utf8', timeout: 30_000 })
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

test('a guest that exports `then` is no promise', (t) => {
  const { lines, stderr, status } = run(t, {
    'a.wasm': '(module (func (export "then") (param externref externref)) (func (export "one") (result i32) (i32.const 1)))',
    'main.mjs': "const guest = await import('./a.wasm')\nconsole.log(Object.keys(guest).join(), guest.one())",
  })
  assert.deepEqual([lines, status], [['one 1'], 0], stderr)
})

/** Runs the files with what provide.mjs lends. */
const LEND = (lines) => `import { provide } from ${JSON.stringify(REGISTER)}\n${lines}`
const here = (name, file) => `provide(${JSON.stringify(name)}, new URL(${JSON.stringify(file)}, import.meta.url))`

test('imports are the ES modules that were lent, also other .wasm files', (t) => {
  const files = {
    'app.wasm': `(module (import "env" "log" (func $log (param i32))) (import "./one.wasm" "one" (func $one (result i32)))
      (import "math" "abs" (func $abs (param f64) (result f64))) (import "text" "six" (func $six (result i32)))
      (func (export "run") (call $log (call $one)) (drop (call $abs (f64.const -1))) (call $log (call $six))))`,
    'one.wasm': '(module (func (export "one") (result i32) (i32.const 41)))',
    'env.mjs': 'export const log = (n) => console.log("logged", n)',
    'math.mjs': 'export const { abs } = Math',
    'main.mjs': `import { run } from './app.wasm'
      run()`,
  }
  const lines = [here('env', './env.mjs'), here('./one.wasm', './one.wasm'), here('math', './math.mjs'), "provide('text', 'data:text/javascript,export const six = () => 6')"]
  const good = run(t, { ...files, 'provide.mjs': LEND(lines.join('\n')) })
  assert.deepEqual(good.lines, ['logged 41', 'logged 6'], good.stderr)
  const again = run(t, { ...files, 'provide.mjs': LEND([here('env', './math.mjs'), ...lines].join('\n')) })
  assert.deepEqual(again.lines, good.lines, again.stderr)
  const bad = run(t, { ...files, 'provide.mjs': LEND(lines.slice(1).join('\n')) })
  assert.match(bad.stderr, /1 import is missing:\n {4}env\.log: func \(i32\) -> \(\)\n.*provide\(name, source\)/)
  assert.equal(bad.lines[0], '')
})

test('nothing is there by itself', (t) => {
  const asked = [
    ['node:child_process', 'execSync'], ['child_process', 'execSync'], ['node:fs', 'unlinkSync'], ['fs', 'readFileSync'],
    ['node:process', 'abort'], ['node:vm', 'runInThisContext'], ['node:module', 'register'], ['landbridge', 'load'],
    ['landbridge/register', 'provide'], ['pack', 'f'], ['./node_modules/pack/index.mjs', 'f'], ['./beside.mjs', 'f'],
    ['../beside.mjs', 'f'], ['/etc/passwd', 'f'], ['data:text/javascript,console.log("this ran")', 'f'],
    ['./low.wasm', 'f'], ['#internal', 'f'], ['__proto__', 'valueOf'], ['constructor', 'assign'], ['', ''],
    ['FILE', 'f'], [REGISTER, 'provide'],
  ]
  const files = {
    'beside.mjs': 'console.log("this ran"); export const f = () => console.log("this ran")',
    'node_modules/pack/index.mjs': 'console.log("this ran"); export const f = () => 0',
    'node_modules/pack/package.json': '{"name": "pack", "exports": "./index.mjs"}',
    'low.wasm': '(module (func (export "f")))',
    'env.mjs': 'export const g = () => 1',
    'provide.mjs': LEND(here('env', './env.mjs')),
  }
  const main = asked.map(([module, name], i) => {
    files[`a${i}.wasm`] = `(module (import ${JSON.stringify(module)} ${JSON.stringify(name)} (func)) (func (export "run") (call 0)))`
    return `await import('./a${i}.wasm').then((it) => { it.run(); console.log('ran') }, (e) => console.log(e.name, e.kind, e instanceof LinkError, e.message.includes('1 import is missing') && e.message.includes('provide(name, source)')))`
  })
  // One that names a file by its whole URL.
  const file = asked.findIndex(([module]) => module === 'FILE')
  const before = `import { writeFileSync } from 'node:fs'
    import { LinkError } from ${JSON.stringify(new URL('../index.mjs', import.meta.url).href)}
    const beside = new URL('./beside.mjs', import.meta.url).href
    writeFileSync(new URL('./a${file}.wasm', import.meta.url), '(module (import "' + beside + '" "f" (func)) (func (export "run") (call 0)))')`
  const { lines, stderr } = run(t, { ...files, 'main.mjs': [before, ...main].join('\n') })
  assert.deepEqual(lines, asked.map(() => 'LinkError link true true'), stderr)
})

test('WASI is there and grants nothing', (t) => {
  const { lines, stderr } = run(t, {
    'app.wasm': `(module (import "wasi_snapshot_preview1" "fd_prestat_get" (func $f (param i32 i32) (result i32)))
      (memory (export "memory") 1) (func (export "run") (result i32) (call $f (i32.const 3) (i32.const 0))))`,
    'main.mjs': "import { run } from './app.wasm'\nconsole.log(run())",
  })
  assert.deepEqual(lines, ['8'], stderr)
})

test('what can be lent is a URL', (t) => {
  const sources = ["'./env.mjs'", "'pack'", '7', 'undefined', "'https://example.org/a.mjs'", '{}']
  const lines = sources.map((source) => `try { provide('env', ${source}) } catch (e) { console.log(e.name, e.message) }`)
  const { lines: told, stderr } = run(t, {
    'provide.mjs': LEND([...lines, "try { provide(7, 'node:fs') } catch (e) { console.log(e.name, e.message) }"].join('\n')),
    'main.mjs': '',
  })
  const source = "WasmTypeError source: expected the URL of an ES module, such as new URL('./env.mjs', import.meta.url)"
  assert.deepEqual(told, [...sources.map(() => source), 'WasmTypeError name: expected a string, got number'], stderr)
})

test('a worker has what was lent', (t) => {
  const { lines, stderr } = run(t, {
    'app.wasm': '(module (import "env" "f" (func (result i32))) (export "run" (func 0)))',
    'env.mjs': 'export const f = () => 5',
    'provide.mjs': LEND(here('env', './env.mjs')),
    'worker.mjs': "import { run } from './app.wasm'\nconsole.log(run())",
    'main.mjs': "import { Worker } from 'node:worker_threads'\nnew Worker(new URL('./worker.mjs', import.meta.url))",
  })
  assert.deepEqual(lines, ['5'], stderr)
})

test('errors name what is wrong', (t) => {
  const broken = run(t, { 'a.wasm': '(module', 'main.mjs': "import './a.wasm'" })
  assert.match(broken.stderr, /CompileError|expected/)
  assert.notEqual(broken.status, 0)
  const missing = run(t, {
    'a.wasm': '(module (import "env" "f" (func)))',
    'env.mjs': 'export const g = 1',
    'provide.mjs': LEND(here('env', './env.mjs')),
    'main.mjs': "import './a.wasm'",
  })
  assert.match(missing.stderr, /LinkError.*cannot import file:.*a\.wasm: 1 import is missing:\n {4}env\.f: func \(\) -> \(\)/)
})

const WASI = `(module
  (import "wasi_snapshot_preview1" "random_get" (func $random (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_write" (func $write (param i32 i32 i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "args_sizes_get" (func $args (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "fd_prestat_get" (func $prestat (param i32 i32) (result i32)))
  (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
  (memory (export "memory") 1) (data (i32.const 0) "\\08\\00\\00\\00\\06\\00\\00\\00hello\\n")
  (func (export "random") (result i32) (call $random (i32.const 100) (i32.const 4)))
  (func (export "print") (result i32) (call $write (i32.const 1) (i32.const 0) (i32.const 1) (i32.const 200)))
  (func (export "args") (result i32) (drop (call $args (i32.const 100) (i32.const 104))) (i32.load (i32.const 100)))
  (func (export "folder") (result i32) (call $prestat (i32.const 3) (i32.const 100)))
  (func (export "_start") (call $exit (i32.const 3))))`

test('a guest of WASI finds it there, and it grants nothing', (t) => {
  const { lines, stderr, status } = run(t, {
    'guest.wasm': WASI,
    'main.mjs': `import { random, print, args, folder, _start } from './guest.wasm'
      import { ExitError } from ${JSON.stringify(new URL('../index.mjs', import.meta.url).href)}
      console.log(random(), print(), args(), folder())
      try { _start() } catch (error) { console.log(error instanceof ExitError, error.exitCode) }
      console.log(print())`,
  })
  // Not permitted (76); written, but to nowhere; no arguments; no folder (8).
  assert.deepEqual([lines, status], [['76 0 0 8', 'true 3', '0'], 0], stderr)
})

test('programs of WASI that compilers built are imported', (t) => {
  const guests = ['tally_c', 'tally_rust', 'count']
  const file = (name) => JSON.stringify(new URL(`../../conformance/modules/${name}.wasm`, import.meta.url).href)
  const { lines, stderr, status } = run(t, {
    'main.mjs': `${guests.map((name) => `import * as ${name} from ${file(name)}`).join('\n')}
      console.log(typeof tally_c.add, typeof tally_rust.add, count._start())`,
  })
  assert.deepEqual([lines, status], [['function function undefined'], 0], stderr)
})

test('what is lent as WASI takes its place', (t) => {
  const { lines, stderr } = run(t, {
    'guest.wasm': '(module (import "wasi_snapshot_preview1" "sched_yield" (func $f (result i32))) (func (export "f") (result i32) (call $f)))',
    'wasi.mjs': 'export const sched_yield = () => 42',
    'provide.mjs': LEND(here('wasi_snapshot_preview1', './wasi.mjs')),
    'main.mjs': "import { f } from './guest.wasm'\nconsole.log(f())",
  })
  assert.deepEqual(lines, ['42'], stderr)
})

const file = (path) => readFileSync(new URL(path, import.meta.url))

test('the functions and interfaces of a component are exports', (t) => {
  const { lines, stderr } = run(t, {
    'greet.wasm': file('../../core/tests/guide/greet.wat'),
    'main.mjs': `import { hello } from './greet.wasm'
      import * as greet from './greet.wasm'
      console.log(hello('Ada'), hello === greet.hello, await hello.async('Bob'), String(hello.type))
      try { hello(5) } catch (error) { console.log(error.message) }`,
  })
  assert.deepEqual(lines, ['Hello, Ada! true Hello, Bob! func(name: string) -> string', 'args[0]: expected string, got number'], stderr)
})

test('a component that is imported gets what was lent', (t) => {
  const files = {
    'shop.wasm': file('../../examples/components/shop-rust.wasm'),
    'office.mjs': `export const log = (level, text) => console.log(level, text)
      export const worth = (code) => 500n
      export const reserve = () => 0
      export const close = (journal) => journal.lines
      export const title = (journal) => journal.title
      export class Journal {
        lines = []
        constructor(title) { this.title = title }
        static find() { throw new Error('there is none') }
        write(text) { return this.lines.push(text) }
        length() { return this.lines.length }
      }`,
    'own.mjs': "export const currency = () => 'EUR'",
    'main.mjs': `import { greet, orders, 'demo:shop/orders@1.2.0' as same } from './shop.wasm'
      console.log(greet('Ada'), orders === same, new orders.Basket('Ada').total(), orders.open('Log', ['one']).title)`,
  }
  const good = run(t, { ...files, 'provide.mjs': LEND([here('demo:shop/office', './office.mjs'), here('', './own.mjs')].join('\n')) })
  assert.deepEqual(good.lines, ['info greet Ada', 'Hello, Ada! true 0n Log'], good.stderr)
  const bad = run(t, { ...files, 'provide.mjs': LEND(here('office', './own.mjs')) })
  assert.match(bad.stderr, /LinkError: cannot import file:.*shop\.wasm: 10 imports are missing:[^]*currency: func\(\) -> string[^]*provide\(name, source\)/)
})

test('what the validator of components panics on is one error, and nothing else is printed', (t) => {
  const { lines, stderr } = run(t, {
    'panics.wat': `(component
      (component $c (type $t (instance (type $u u32) (export "t" (type (eq $u))))) (import "a" (instance (type $t))) (import "b" (instance (type $t))))
      (type $u u32) (instance $i (export "t" (type $u)))
      (instance (instantiate $c (with "a" (instance $i)) (with "b" (instance $i)))))`,
    'main.mjs': `import { load } from ${JSON.stringify(new URL('../index.mjs', import.meta.url).href)}
      try { load(new URL('./panics.wat', import.meta.url)) } catch (e) { console.log(e.kind, e.message.includes('this component cannot be read')) }`,
  })
  assert.deepEqual([lines, stderr], [['compile true'], ''])
})
