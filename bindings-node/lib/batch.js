'use strict'
// Batches: a function over columns.

const COLUMNS = { i32: Int32Array, i64: BigInt64Array, f32: Float32Array, f64: Float64Array }

/** Called by the addon: a typed array for the results of a batch. It is not zeroed, since all of it is written. */
function column(type, rows) {
  const Column = COLUMNS[type]
  const bytes = rows * Column.BYTES_PER_ELEMENT
  return new Column(bytes < 1 << 16 ? new ArrayBuffer(bytes) : Buffer.allocUnsafeSlow(bytes).buffer)
}

module.exports = { column }
