// Shapes of flat records: most messages are a type and a few whole numbers. Millions of them wait
// in the queue; as objects each is garbage to be copied about by the collector and is out of the
// cache when it arrives. As a shape and its numbers it lies in its event's own slot, and the record
// is made when it arrives. Shapes are found as V8 finds its hidden classes: by following keys.

/** A record has at most so many numbers beside its first field. */
export const numbersMax = 6;

/** A shape packs from its so many-th record on: to prepare it costs as much as many copies. */
const practice = 1_000;

/** So many shapes there are at most; records of others are copied. */
const shapesMax = 1_024;

/** Makes the record whose numbers stand at `at` in `words`. */
type Make = (words: Int32Array, at: number) => object;

/** The shapes that one world's messages have. */
export class ShapeTable {
  #size = 0;
  readonly #hashOf: (text: string) => number;
  readonly #roots = new Map<string, Shape>();

  constructor(hashOf: (text: string) => number) {
    this.#hashOf = hashOf;
  }

  /** The shape of records with `text` under `key` alone; `undefined` if there is to be none. */
  root(key: string, text: string): Shape | undefined {
    const name = JSON.stringify([key, text]);
    const shape = this.#roots.get(name) ?? this.add([key], text);
    if (shape !== undefined) this.#roots.set(name, shape);
    return shape;
  }

  /** A new shape; `undefined` if there is to be none. */
  add(keys: readonly string[], text: string): Shape | undefined {
    const key = keys.at(-1) as string;
    if (this.#size >= shapesMax || keys.length > 1 + numbersMax || key === '__proto__') {
      return undefined;
    }
    this.#size++;
    return new Shape(this, keys, text, this.#hashOf(key), this.#hashOf(text));
  }
}

/** Records that begin with the field `keys[0]`, the text `text`, and go on with numbers. */
export class Shape {
  readonly keys: readonly string[];
  readonly text: string;
  /** How many numbers there are. */
  readonly numbers: number;
  /** Of the last key and of the text, for digests. */
  readonly keyHash: number;
  readonly textHash: number;
  /** The key that last came next, and the shape with it. */
  nextKey: string | undefined;
  next: Shape | undefined;
  readonly #table: ShapeTable;
  readonly #others = new Map<string, Shape>();
  #uses = 0;
  #make: Make | undefined;

  constructor(
    table: ShapeTable,
    keys: readonly string[],
    text: string,
    keyHash: number,
    textHash: number,
  ) {
    this.#table = table;
    this.keys = keys;
    this.text = text;
    this.numbers = keys.length - 1;
    this.keyHash = keyHash;
    this.textHash = textHash;
  }

  /** The shape with one number more, called `key`; `undefined` if there is to be none. */
  with(key: string): Shape | undefined {
    const shape = this.#others.get(key) ?? this.#table.add([...this.keys, key], this.text);
    if (shape === undefined) return undefined;
    this.#others.set(key, shape);
    this.nextKey = key;
    this.next = shape;
    return shape;
  }

  /** Counts a record; whether records of this shape are worth packing by now. */
  isPractised(): boolean {
    if (this.#make !== undefined) return true;
    if (++this.#uses !== practice) return false;
    this.#make = compile(this);
    return this.#make !== undefined;
  }

  /** A new record, its numbers from `words`. Only for practised shapes. */
  make(words: Int32Array, at: number): object {
    return (this.#make as Make)(words, at);
  }
}

/**
 * A literal of the shape's own, as source: V8 then gives all its records one hidden class. Where
 * programs may not make code of texts there is none, and records are copied.
 */
function compile({ keys: [first = '', ...keys], text }: Shape): Make | undefined {
  const numbers = keys.map((key, place) => `${JSON.stringify(key)}: words[at + ${place}]`);
  const fields = [`${JSON.stringify(first)}: ${JSON.stringify(text)}`, ...numbers];
  try {
    return new Function('words', 'at', `return { ${fields.join(', ')} };`) as Make;
  } catch {
    return undefined;
  }
}
