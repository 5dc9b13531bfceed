// Columns of whole numbers for histories of a million operations. Long ones lie in memory that V8's
// collector does not count: after every 64 MB that it counts it goes through all of the history,
// which takes longer than checking it.

/** From so many bytes on a column is long. */
const longBytes = 2 ** 18;

/** Numbers of 32 bits, all 0. */
export function numbers(length: number): Int32Array {
  const bytes = 4 * length;
  return bytes < longBytes ? new Int32Array(length) : new Int32Array(new SharedArrayBuffer(bytes));
}

/** Numbers of 8 bits, all 0. */
export function marks(length: number): Uint8Array {
  return length < longBytes
    ? new Uint8Array(length)
    : new Uint8Array(new SharedArrayBuffer(length));
}

/** The same numbers once more. */
export function copied(column: Int32Array): Int32Array {
  const copy = numbers(column.length);
  copy.set(column);
  return copy;
}
