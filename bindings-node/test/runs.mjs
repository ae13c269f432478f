// A script of program.test.mjs, in a folder that has count.wasm and data.
import { Policy, run } from 'landbridge'

// [run]
const policy = Policy.program().withReadOnlyDir('/data', './data').withEnv('LANG', 'C')
const code = run('count.wasm', ['/data/poem.txt'], { policy, limits: { memoryBytes: 64 * 2 ** 20 } })
// [end run]

// [lines]
const lines = []
const stdin = Buffer.from('some text\n')
run('count.wasm', [], { stdin, stdout: { lines: (line) => lines.push(line) }, stderr: { lines: console.error } })
// [end lines]
console.log(JSON.stringify([code, lines]))
