// Where the native addon comes from, and what is said if there is none.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { fileURLToPath } from 'node:url'
import { version } from 'landbridge'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const ADDON = join(ROOT, 'landbridge.node')
const PLATFORMS = JSON.parse(readFileSync(new URL('../../packages/node/platforms.json', import.meta.url), 'utf8'))
const { stdout: HERE } = spawnSync(process.execPath, ['-p', `require(${JSON.stringify(join(ROOT, 'lib/platform.js'))}).platformName()`], { encoding: 'utf8' })
const PLATFORM = HERE.trim()

/** The package as npm installs it, without an addon. */
function installed(t, ...platforms) {
  const dir = mkdtempSync(join(tmpdir(), 'landbridge-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const home = join(dir, 'node_modules/landbridge')
  for (const name of ['index.js', 'index.mjs', 'package.json', 'lib']) cpSync(join(ROOT, name), join(home, name), { recursive: true })
  for (const name of platforms) {
    const folder = join(dir, 'node_modules/@landbridge', name)
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: `@landbridge/${name}`, version, main: 'landbridge.node' }))
    symlinkSync(ADDON, join(folder, 'landbridge.node'))
  }
  return dir
}

const MAIN = `try { const { version, load } = require('landbridge'); load('(module)').instantiate(); console.log(version) }
catch (error) { console.log(error.message) }`

function run(dir, { env = {}, before = '' } = {}) {
  writeFileSync(join(dir, 'main.js'), `${before}\n${MAIN}`)
  const given = { ...process.env, LANDBRIDGE_LIBRARY_PATH: '', ...env }
  const { stdout, stderr } = spawnSync(process.execPath, ['main.js'], { cwd: dir, env: given, encoding: 'utf8', timeout: 60_000 })
  return stdout.trim() || assert.fail(stderr)
}

test('the addon comes from the package of this system', (t) => {
  assert.ok(PLATFORM in PLATFORMS, PLATFORM)
  assert.equal(run(installed(t, PLATFORM)), version)
})

test('an addon that a setting names comes before all others', (t) => {
  const dir = installed(t, PLATFORM)
  symlinkSync(ADDON, join(dir, 'mine.node'))
  const shown = 'process.dlopen = ((open) => (module, file) => { console.log(file); return open(module, file) })(process.dlopen)'
  for (const named of [join(dir, 'mine.node'), 'mine.node']) {
    assert.equal(run(dir, { env: { LANDBRIDGE_LIBRARY_PATH: named }, before: shown }), `${join(dir, 'mine.node')}\n${version}`)
  }
  const wrong = run(dir, { env: { LANDBRIDGE_LIBRARY_PATH: 'none.node' } })
  assert.match(wrong, /^landbridge: the native addon for \S+ cannot be loaded: .*none\.node: .*\nLANDBRIDGE_LIBRARY_PATH is set to .*none\.node\.$/)
})

test('a setting may name a folder, in which each host finds its own', (t) => {
  const dir = installed(t, PLATFORM)
  const shown = 'process.dlopen = ((open) => (module, file) => { console.log(file); return open(module, file) })(process.dlopen)'
  const named = (value) => run(dir, { env: { LANDBRIDGE_LIBRARY_PATH: value }, before: shown })
  const folder = join(dir, 'Büro 1')
  mkdirSync(folder)
  writeFileSync(join(folder, '_native.abi3.so'), '')
  assert.match(named(folder), /: \S.*Büro 1.landbridge\.node: .*\nLANDBRIDGE_LIBRARY_PATH is set to .*Büro 1\.$/)
  for (const name of ['liblandbridge_node.so', 'landbridge.node']) {
    symlinkSync(ADDON, join(folder, name))
    assert.equal(named(folder), `${join(folder, name)}\n${version}`)
  }
})

test("a setting that names Python's library is left to Python", (t) => {
  const dir = installed(t, PLATFORM)
  for (const name of ['_native.cpython-313-x86_64-linux-gnu.so', '_native.pyd', 'liblandbridge_python.so']) {
    assert.equal(run(dir, { env: { LANDBRIDGE_LIBRARY_PATH: join(dir, name) } }), version)
  }
})

test('without the package the message names it and the command', (t) => {
  const text = run(installed(t))
  assert.ok(text.includes(`the package @landbridge/${PLATFORM} is not installed.\nInstall it: npm install --save-optional @landbridge/${PLATFORM}@${version}\n`), text)
  assert.match(text, /--omit=optional.*package-lock\.json.*npm\/cli\/issues\/4828/)
})

test('the package of another system is named', (t) => {
  const other = Object.keys(PLATFORMS).find((name) => name !== PLATFORM)
  assert.ok(run(installed(t, other)).endsWith(`Installed is the package of another system: @landbridge/${other}. A node_modules folder works only on the system it was made on.`))
})

test('a package whose addon is missing or cut short says that it is to be installed again', (t) => {
  const dir = installed(t, PLATFORM)
  const file = join(dir, 'node_modules/@landbridge', PLATFORM, 'landbridge.node')
  rmSync(file)
  assert.ok(run(dir).endsWith('is there without its addon, so its installation was left half done.\nRemove node_modules, and run npm install again.'))
  writeFileSync(file, readFileSync(ADDON).subarray(0, 100))
  if (process.platform === 'linux') assert.match(run(dir), /cannot be loaded: the file is not whole, install it again /)
})

test('what the system says is told from the words in a path', (t) => {
  const dir = join(installed(t), 'elf architecture win32')
  mkdirSync(dir)
  const text = run(dir, { env: { LANDBRIDGE_LIBRARY_PATH: 'none.node' } })
  assert.doesNotMatch(text, /no library for this machine/)
  writeFileSync(join(dir, 'text.node'), 'no library, but long enough for a header, so that it is read as one'.repeat(40))
  assert.match(run(dir, { env: { LANDBRIDGE_LIBRARY_PATH: 'text.node' } }), /it is no library for this machine/)
  assert.doesNotMatch(run(dir, { env: { LANDBRIDGE_LIBRARY_PATH: 'n'.repeat(5000) } }), /^ENAMETOOLONG/)
})

test('a system for which there is no package', (t) => {
  const before = "Object.defineProperty(process, 'arch', { value: 'mips' })"
  const text = run(installed(t), { before })
  assert.match(text, /^landbridge: the native addon for \S+-mips\S* cannot be loaded: there is no package for this system, only for linux-x64-gnu, /)
  assert.match(text, /LANDBRIDGE_LIBRARY_PATH/)
})

test('both halves have the same version', (t) => {
  const dir = installed(t, PLATFORM)
  const file = join(dir, 'node_modules/landbridge/lib/addon.js')
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.replace(`VERSION = '${version}'`, "VERSION = '9.9.9'"))
  const told = `has version ${version}, and the package landbridge has version 9.9.9.\n`
  assert.equal(run(dir), `landbridge: the native addon for ${PLATFORM} cannot be loaded: the package @landbridge/${PLATFORM} ${told}Install the same version: npm install --save-optional @landbridge/${PLATFORM}@9.9.9`)
  assert.ok(run(dir, { env: { LANDBRIDGE_LIBRARY_PATH: ADDON } }).endsWith(`${ADDON} ${told}Set LANDBRIDGE_LIBRARY_PATH to one of the same version.`))
})

test('musl is told from the program of this process, or by its report', { skip: process.platform !== 'linux' && 'only Linux has it' }, (t) => {
  const dir = installed(t)
  const name = (before) => /package (\S+) is not installed/.exec(run(dir, { before }))[1]
  const { arch } = process
  const read = (text) => `require('node:fs').readSync = (fd, head) => head.write(${JSON.stringify(text)}, 500)`
  assert.equal(name(read(`/lib/ld-musl-${arch}.so.1`)), `@landbridge/linux-${arch}-musl`)
  assert.equal(name(read('/lib64/ld-linux-x86-64.so.2')), `@landbridge/linux-${arch}-gnu`)
  const noProc = "require('node:fs').openSync = () => { throw new Error('no /proc') }\n"
  const report = (value) => `${noProc}Object.defineProperty(process, 'report', { value: ${value} })`
  assert.equal(name(report("{ getReport: () => ({ header: {}, sharedObjects: ['/lib/ld-musl-x86_64.so.1'] }) }")), `@landbridge/linux-${arch}-musl`)
  assert.equal(name(report("{ getReport: () => ({ header: { glibcVersionRuntime: '2.36' } }) }")), `@landbridge/linux-${arch}-gnu`)
})

test('each realm of a thread has an addon of its own', (t) => {
  const dir = installed(t, PLATFORM)
  const before = `const { load: mine } = require('landbridge')
    for (const file of Object.keys(require.cache)) if (!file.endsWith('.node')) delete require.cache[file]
    const { load: other, Module } = require('landbridge')
    console.log(mine === other, mine('(module)') instanceof Module, other('(module)') instanceof Module)`
  assert.equal(run(dir, { before: `{${before}}` }), `false false true\n${version}`)
})
