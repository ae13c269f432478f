// Puts what the demo loads into built/: three modules out of packages that others publish, and the
// real bytes they work on. Needs `npm ci` first. The same packages always give the same files.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const here = dirname(fileURLToPath(import.meta.url))
const packages = join(here, 'node_modules')
const built = join(here, 'built')
const read = (path) => readFileSync(join(packages, path))
const write = (name, bytes) => writeFileSync(join(built, name), bytes)

// The package holds its module as a list of numbers inside its JavaScript.
function xxhash() {
  const list = /new Uint8Array\(\[([\d,]+)\]\)/.exec(read('xxhash-wasm/esm/xxhash-wasm.js'))
  if (!list) throw new Error('xxhash-wasm does not hold its module as a list of numbers any more')
  return Uint8Array.from(list[1].split(','), Number)
}

function files(directory) {
  return readdirSync(directory, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? files(join(directory, entry.name)) : [join(directory, entry.name)]))
}

// Some MiB of text: all of one package's sources and builds, in the order of their names.
function text() {
  const folders = ['rxjs/src', 'rxjs/dist']
  return Buffer.concat(folders.flatMap((folder) => files(join(packages, folder)).map((file) => readFileSync(file))))
}

// An HTTP/1.1 request that sends that package's description.
function request(body) {
  const head = [
    'PUT /packages/rxjs/7.8.2?tag=latest HTTP/1.1', 'Host: packages.example', 'User-Agent: landbridge-demo',
    'Content-Type: application/json', `Content-Length: ${body.length}`, 'Connection: keep-alive',
  ]
  return Buffer.concat([Buffer.from(head.join('\r\n') + '\r\n\r\n'), body])
}

// An HTTP/1.1 response with that package's bundle as its body, in chunks of 16 KiB, and a trailer.
function response(body) {
  const head = [
    'HTTP/1.1 200 OK', 'Date: Mon, 05 Jan 2026 10:00:00 GMT', 'Content-Type: text/javascript; charset=utf-8',
    'Cache-Control: public, max-age=31536000, immutable', 'ETag: "rxjs-7.8.2"', 'Vary: Accept-Encoding',
    'Transfer-Encoding: chunked', 'Trailer: X-Length', 'Connection: keep-alive',
  ]
  const parts = [head.join('\r\n'), '\r\n\r\n']
  for (let at = 0; at < body.length; at += 16384) {
    const chunk = body.subarray(at, at + 16384)
    parts.push(`${chunk.length.toString(16)}\r\n`, chunk, '\r\n')
  }
  parts.push(`0\r\nX-Length: ${body.length}\r\n\r\n`)
  return Buffer.concat(parts.map((part) => Buffer.from(part)))
}

mkdirSync(built, { recursive: true })
write('xxhash.wasm', xxhash())
write('llhttp.wasm', read('undici/lib/llhttp/llhttp.wasm'))
write('mappings.wasm', read('source-map/lib/mappings.wasm'))
write('input.bin', text())
write('request.http', request(read('rxjs/package.json')))
write('response.http', response(read('rxjs/dist/bundles/rxjs.umd.js')))
write('mappings.txt', JSON.parse(read('rxjs/dist/bundles/rxjs.umd.js.map')).mappings)
for (const name of readdirSync(built).sort()) console.log(name, readFileSync(join(built, name)).length)
