// Rows of several stretches as one history, and those of its operations that are about some of the
// keys. Whatever keeps the rows from being a history of operations on keys is only said to be so:
// who reads the lines says what it is.
import { eventsMax } from '../formats/recording.js';
import { type History, pairedHistory } from '../history.js';
import type { Op } from '../op.js';
import { keyOf, type ValueKey } from '../value.js';
import { errorIn, functionIn, isOdd, opTypes, type Rows, type Stretch, typeIn } from './rows.js';

/** Stretches that follow each other. */
interface Joined {
  readonly stretches: readonly Rows[];
  /** The keys in the order in which they appear, and how many invocations each has. */
  readonly keys: readonly unknown[];
  readonly sizes: readonly number[];
  /** For each stretch: the number of each of its keys and names among all. */
  readonly keyNumbers: readonly Int32Array[];
  readonly nameNumbers: readonly Int32Array[];
}

/** Joins stretches; undefined where the later does not follow the earlier. */
export function joined(stretches: readonly Rows[]): Joined | undefined {
  let [count, timeUs] = [0, 0];
  for (const { count: own, first, firstUs, lastUs } of stretches) {
    if ((first >= 0 && first !== count) || (own > 0 && firstUs < timeUs)) return undefined;
    count += own;
    if (own > 0) timeUs = lastUs;
  }
  if (count > eventsMax) return undefined;
  const keys: unknown[] = [];
  const sizes: number[] = [];
  const [known, names] = [new Map<ValueKey, number>(), new Map<string, number>()];
  const keyNumbers = stretches.map((stretch) =>
    Int32Array.from(stretch.keyTexts, (text, own) => {
      const key: unknown = JSON.parse(text);
      const number = numberIn(known, keyOf(key));
      if (number === keys.length) keys.push(key);
      sizes[number] = (sizes[number] ?? 0) + (stretch.sizes[own] as number);
      return number;
    }),
  );
  const nameNumbers = stretches.map((stretch) =>
    Int32Array.from(stretch.names, (name) => numberIn(names, name)),
  );
  return { stretches, keys, sizes, keyNumbers, nameNumbers };
}

function numberIn<K>(numbers: Map<K, number>, key: K): number {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, numbers.size);
  return numbers.size - 1;
}

/** Some of the operations of a history. */
interface Extract {
  /** In it, positions are those among themselves. */
  readonly history: History;
  /** Where each stands in the whole history. */
  readonly positions: Int32Array;
}

/** The operations about keys that are `own`; undefined where the rows are no history. O(n). */
export function extracted(
  history: Joined,
  texts: readonly Stretch[],
  own: (key: number) => boolean,
): Extract | undefined {
  const extraction = new Extraction(history, own);
  for (let nth = 0; nth < texts.length; nth++) {
    if (!extraction.add(nth, texts[nth] as Stretch)) return undefined;
  }
  return extraction.several ? extraction.extract() : undefined;
}

/** What a process does that has an operation open on a key is the key, plus one. */
const free = 0;
const gone = -1;

class Extraction {
  readonly #ops: Op[] = [];
  readonly #history: Joined;
  readonly #own: Uint8Array;
  readonly #positions: Int32Array;
  readonly #partners: Int32Array;
  /** By process: its open operation's key, function, and place among those that are own. */
  #open = new Int32Array(1_024);
  #functions = new Int32Array(1_024);
  #places = new Int32Array(1_024);
  /** By key: whether an operation on it has not failed. */
  readonly #alive: Uint8Array;
  #position = 0;

  constructor(history: Joined, own: (key: number) => boolean) {
    this.#history = history;
    this.#own = Uint8Array.from(history.keys, (_, key) => (own(key) ? 1 : 0));
    this.#alive = new Uint8Array(history.keys.length);
    const rows = history.stretches.reduce((sum, { count }) => sum + count, 0);
    this.#positions = new Int32Array(rows);
    this.#partners = new Int32Array(rows).fill(-1);
  }

  extract(): Extract {
    return {
      history: pairedHistory(this.#ops, this.#partners),
      positions: this.#positions.subarray(0, this.#ops.length),
    };
  }

  /** Whether certainly more than one key has operations that can have happened. */
  get several(): boolean {
    for (const key of this.#open) if (key > 0) this.#alive[key - 1] = 1;
    return this.#alive.reduce((sum, each) => sum + each, 0) > 1;
  }

  /** Goes on with a stretch; false where it cannot follow. */
  add(nth: number, text: Stretch): boolean {
    const { stretches, keyNumbers, nameNumbers } = this.#history;
    const rows = stretches[nth] as Rows;
    const [numbers, names] = [keyNumbers[nth] as Int32Array, nameNumbers[nth] as Int32Array];
    for (let row = 0; row < rows.count; row++, this.#position++) {
      const process = rows.processes[row] as number;
      if (process < 0) continue;
      const code = rows.codes[row] as number;
      const f = names[functionIn(code)] as number;
      const local = rows.keys[row] as number;
      const key = this.#followed(process, typeIn(code), f, local < 0 ? -1 : numbers[local]);
      if (key < 0) return false;
      if (this.#own[key] !== 1) continue;
      this.#pair(process, typeIn(code));
      this.#push(rows, row, text, local < 0 ? undefined : numbers[local]);
    }
    return true;
  }

  /** The key of the operation that a process calls or completes; −1 where it can do neither. */
  #followed(process: number, type: number, f: number, key = -1): number {
    if (process >= this.#open.length) this.#grow(process + 1);
    const before = this.#open[process] as number;
    if (type === 0) {
      if (before !== free || key < 0) return -1;
      this.#open[process] = key + 1;
      this.#functions[process] = f;
      return key;
    }
    if (before <= 0 || this.#functions[process] !== f) return -1;
    this.#open[process] = type === 3 ? gone : free;
    if (type !== 2) this.#alive[before - 1] = 1;
    return before - 1;
  }

  #grow(length: number): void {
    this.#open = longer(this.#open, 2 * length);
    this.#functions = longer(this.#functions, 2 * length);
    this.#places = longer(this.#places, 2 * length);
  }

  #pair(process: number, type: number): void {
    const place = this.#ops.length;
    if (type === 0) {
      this.#places[process] = place;
      return;
    }
    const invocation = this.#places[process] as number;
    this.#partners[place] = invocation;
    this.#partners[invocation] = place;
  }

  #push(rows: Rows, row: number, text: Stretch, key: number | undefined): void {
    const code = rows.codes[row] as number;
    const [from, to] = [rows.starts[row] as number, rows.ends[row] as number];
    const value = isOdd(code)
      ? (JSON.parse(text.text(from, to)) as { readonly value?: unknown }).value
      : [this.#history.keys[key ?? 0], valueAt(text, from, to)];
    const error = errorIn(code);
    const index = this.#ops.length;
    this.#positions[index] = this.#position;
    const process = rows.processes[row] as number;
    const [type, f] = [opTypes[typeIn(code)], rows.names[functionIn(code)]] as ['ok', string];
    const op = { index, timeUs: 0, process, type, f, value };
    this.#ops.push(error === 0 ? op : { ...op, error: rows.names[error - 1] as string });
  }
}

function longer(array: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(length);
  copy.set(array);
  return copy;
}

/** A value in plain JSON. */
function valueAt({ bytes, text }: Stretch, from: number, to: number): unknown {
  const first = bytes[from] as number;
  if (first === 0x6e) return null;
  if (first === 0x22) return text(from + 1, to - 1);
  if (first < 0x30 || first > 0x39) return JSON.parse(text(from, to));
  let number = 0;
  for (let at = from; at < to; at++) number = 10 * number + (bytes[at] as number) - 0x30;
  return number;
}
