// No file of the binding needs one that needs it: each can be read, and loaded, after those that it names.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import test from 'node:test'
import { fileURLToPath } from 'node:url'

const REQUIRED = /require\('\.\/(\w+)\.js'\)/g
const USED = /\bcrate::(\w+)/g

/** A circle among the files of a folder, as their names in order; without one nothing. */
function circle(folder, ending, pattern) {
  const at = fileURLToPath(new URL(`../${folder}/`, import.meta.url))
  const names = readdirSync(at).filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length))
  assert.ok(names.length > 30, folder)
  const needs = new Map(names.map((name) => {
    const code = readFileSync(at + name + ending, 'utf8').replaceAll(/\/\/.*/g, '')
    return [name, [...code.matchAll(pattern)].map(([, other]) => other)]
  }))
  assert.ok([...needs.values()].flat().length > 100, folder)
  const done = new Set()
  const visit = (name, path) => {
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name]
    if (done.has(name)) return undefined
    for (const other of needs.get(name) ?? []) {
      const found = visit(other, [...path, name])
      if (found !== undefined) return found
    }
    done.add(name)
    return undefined
  }
  return names.map((name) => visit(name, [])).find((found) => found !== undefined)
}

test('no circle of files in lib', () => assert.equal(circle('lib', '.js', REQUIRED), undefined))

test('no circle of files in src', () => assert.equal(circle('src', '.rs', USED), undefined))
