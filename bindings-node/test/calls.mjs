// Asynchronous calls of a case.
import { CancelledError } from 'landbridge'

/** Calls in flight. What a signal rejects with is what this host has for the kind `cancelled`. */
export class Calls {
  promises = []
  #controller = new AbortController()

  get options() {
    return { signal: this.#controller.signal }
  }

  add(promise) {
    promise.catch(() => {}) // It is looked at later.
    this.promises.push(promise)
  }

  cancel() {
    this.#controller.abort()
  }

  async wait(check = () => {}) {
    await Promise.allSettled(this.promises)
    for (const promise of this.promises) check(await this.settled(promise))
  }

  async settled(promise) {
    try {
      return await promise
    } catch (reason) {
      throw reason === this.#controller.signal.reason ? new CancelledError('aborted') : reason
    }
  }
}
