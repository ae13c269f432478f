// Steps about batches.
import assert from 'node:assert/strict'

const COLUMNS = { i32: Int32Array, i64: BigInt64Array, f32: Float32Array, f64: Float64Array }

/** The elements of a column as texts. */
function elements({ column, of, rows, from, step, at = {}, ...rest }) {
  assert.deepEqual(Object.keys(rest), [], `unknown keys of a column of ${column}`)
  if (of !== undefined) return of
  return Array.from({ length: rows }, (_, row) => at[row] ?? String(from + step * row))
}

/** A column of a step, of which floats have the very bits; any other value as a call takes it. */
function argument(test, given) {
  if (given.column === undefined) return test.value(given).number ?? test.value(given)
  const Column = COLUMNS[given.column]
  const texts = elements(given)
  const column = new Column(texts.length)
  const Bits = { f32: Uint32Array, f64: BigUint64Array }[given.column]
  const into = Bits ? new Bits(column.buffer) : column
  const read = into instanceof BigUint64Array || into instanceof BigInt64Array ? BigInt : Number
  texts.forEach((text, i) => { into[i] = read(text) })
  return column
}

const bytes = (column) => Buffer.from(column.buffer, column.byteOffset, column.byteLength)

export const BATCH_STEPS = {
  map({ object, args, rows, results }) {
    const given = args.map((arg) => argument(this, arg))
    const found = rows === undefined ? this.get(object).map(...given) : this.get(object).map(...given, { rows })
    if (results === undefined) return
    const columns = found === undefined ? [] : Array.isArray(found) ? found : [found]
    assert.equal(columns.length, results.length)
    results.forEach((result, i) => {
      const wanted = argument(this, result)
      assert.equal(columns[i].constructor, wanted.constructor)
      assert.ok(bytes(columns[i]).equals(bytes(wanted)), `result ${i + 1}: ${columns[i].slice(0, 8)} is not ${wanted.slice(0, 8)}`)
    })
  },
}
