import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { load } from 'landbridge'

if (isMainThread) {
  const module = load('calc.wasm')
  const sums = [1, 2, 3].map((n) => new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: { module, n } })
    worker.on('message', resolve).on('error', reject)
  }))
  console.log((await Promise.all(sums)).join())
} else {
  const { module, n } = workerData
  parentPort.postMessage(await load(module).instantiate().exports.add.async(n, 100))
}
