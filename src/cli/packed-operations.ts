// Operations as numbers in memory that threads share: a million of them are at hand in another
// thread at once, where copies of a million objects would take longer than checking them.
import type { Operation } from '../checkers/linearizable/operation.js';

/** Operations of a share. Parts go by number: their keys stay at home. */
export interface PackedOperations {
  /** For each operation: client, f, input, the second of two inputs, output, call, return, part. */
  readonly columns: Float64Array<SharedArrayBuffer>;
  /** What cannot be a number in a column. */
  readonly values: readonly unknown[];
}

const width = 8;
/** Whole numbers below this stand for themselves, greater ones for values. */
const ownMax = 2 ** 40;
const valuesFrom = 2 ** 50;

/** Packs those operations whose part is in the share. O(n). */
export function packed(
  operations: readonly Operation[],
  partOf: Int32Array,
  share: (part: number) => boolean,
): PackedOperations {
  let count = 0;
  for (const part of partOf) if (share(part)) count++;
  const columns = new Float64Array(new SharedArrayBuffer(8 * width * count));
  const values: unknown[] = [];
  const numbers = new Map<unknown, number>();
  const numberOf = (value: unknown): number => {
    if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < ownMax) {
      return Object.is(value, -0) ? 0 : value;
    }
    const known = numbers.get(value);
    if (known !== undefined) return known;
    const number = valuesFrom + values.push(value) - 1;
    numbers.set(value, number);
    return number;
  };
  let start = 0;
  for (let at = 0; at < operations.length; at++) {
    const part = partOf[at] as number;
    if (!share(part)) continue;
    const { client, f, input, output, call, return: done } = operations[at] as Operation;
    const pair = Array.isArray(input) && input.length === 2 && !input.some(Array.isArray);
    columns[start] = client;
    columns[start + 1] = numberOf(f);
    columns[start + 2] = numberOf(pair ? input[0] : input);
    columns[start + 3] = pair ? numberOf(input[1]) : Number.NaN;
    columns[start + 4] = numberOf(output);
    columns[start + 5] = call;
    columns[start + 6] = done;
    columns[start + 7] = part;
    start += width;
  }
  return { columns, values };
}

/** The operations again; their keys are the numbers of their parts. */
export function unpacked({ columns, values }: PackedOperations): readonly Operation[] {
  const valueAt = (number: number): unknown =>
    number >= valuesFrom ? values[number - valuesFrom] : number;
  const operations: Operation[] = [];
  for (let start = 0; start < columns.length; start += width) {
    const at = (column: number) => columns[start + column] as number;
    const pair = !Number.isNaN(at(3));
    operations.push({
      client: at(0),
      f: valueAt(at(1)) as string,
      key: at(7),
      input: pair ? [valueAt(at(2)), valueAt(at(3))] : valueAt(at(2)),
      output: valueAt(at(4)),
      call: at(5),
      return: at(6),
    });
  }
  return operations;
}
