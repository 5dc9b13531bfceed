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

/** What a record's content is stirred into. */
interface Sink {
  hash: number;
}

/** What is made for a shape's records alone, as source: V8 then knows their one hidden class. */
interface Code {
  /** The record whose numbers stand at `at` in `words`. */
  readonly make: (words: Int32Array, at: number) => object;
  /** Writes the numbers there and stirs the record in, if it has the shape; false: it has not. */
  readonly pack: (record: object, sink: Sink, words: Int32Array, at: number) => boolean;
}

/** The shapes that one world's messages have. */
export class ShapeTable {
  /** Of texts and keys, for digests. */
  readonly hashOf: (text: string) => number;
  #size = 0;
  readonly #roots = new Map<string, Shape>();

  constructor(hashOf: (text: string) => number) {
    this.hashOf = hashOf;
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
    return new Shape(this, keys, text);
  }
}

/** Records that begin with the field `keys[0]`, the text `text`, and go on with numbers. */
export class Shape {
  readonly keys: readonly string[];
  readonly text: string;
  readonly #table: ShapeTable;
  readonly #others = new Map<string, Shape>();
  #uses = 0;
  #code: Code | undefined;

  constructor(table: ShapeTable, keys: readonly string[], text: string) {
    this.#table = table;
    this.keys = keys;
    this.text = text;
  }

  /** The shape with one number more, called `key`; `undefined` if there is to be none. */
  with(key: string): Shape | undefined {
    const shape = this.#others.get(key) ?? this.#table.add([...this.keys, key], this.text);
    if (shape === undefined) return undefined;
    this.#others.set(key, shape);
    return shape;
  }

  /** Counts a record; whether records of this shape are worth packing by now. */
  isPractised(): boolean {
    if (this.#code !== undefined) return true;
    if (++this.#uses !== practice) return false;
    this.#code = compile(this, this.#table.hashOf);
    return this.#code !== undefined;
  }

  /**
   * Writes the numbers of a record of this shape to `words` and stirs its content into the sink's
   * hash; false, and nothing has happened, if it has another shape. Only for practised shapes.
   */
  pack(record: object, sink: Sink, words: Int32Array, at: number): boolean {
    return (this.#code as Code).pack(record, sink, words, at);
  }

  /** A new record, its numbers from `words`. Only for practised shapes. */
  make(words: Int32Array, at: number): object {
    return (this.#code as Code).make(words, at);
  }
}

/** Where programs may not make code of texts there is none, and records are copied. */
function compile(shape: Shape, hashOf: (text: string) => number): Code | undefined {
  try {
    return new Function(sourceOf(shape, hashOf))() as Code;
  } catch {
    return undefined;
  }
}

/**
 * The numbers of another record's last fields may be written before it turns out to be one: nothing
 * else lies there. The code refers to nothing around it: V8 knows what is global, but not what the
 * same code of another world refers to.
 */
function sourceOf({ keys, text }: Shape, hashOf: (text: string) => number): string {
  const [first = '', ...numbers] = keys.map((key) => JSON.stringify(key));
  const literal = JSON.stringify(text);
  const order = [first, ...numbers].map(
    (key, place) => `
      if (fields === ${place}) { if (key !== ${key}) return false; } else`,
  );
  const read = numbers.map(
    (key, place) => `
    const field${place} = record[${key}];
    if (typeof field${place} !== 'number' || (field${place} | 0) !== field${place}) return false;
    if (field${place} === 0 && 1 / field${place} < 0) return false;
    words[at + ${place}] = field${place};`,
  );
  const stirred = [
    stirring(`${hashOf(keys[0] as string) ^ hashOf(text)}`),
    ...numbers.map((_, place) => stirring(`${hashOf(keys[place + 1] as string)} ^ field${place}`)),
    stirring(`${keys.length}`),
  ];
  return `'use strict';
  const make = (words, at) => ({ ${first}: ${literal}${numbers
    .map((key, place) => `, ${key}: words[at + ${place}]`)
    .join('')} });
  const pack = (record, sink, words, at) => {
    let fields = 0;
    for (const key in record) {
      if (!Object.prototype.hasOwnProperty.call(record, key)) return false;${order.join('')}
      return false;
      fields++;
    }
    if (fields !== ${keys.length} || record[${first}] !== ${literal}) return false;${read.join('')}
    let { hash } = sink;${stirred.join('')}
    sink.hash = hash;
    return true;
  };
  return { make, pack };`;
}

/** Stirs a word into `hash`, as `stir` of isolate.ts does. */
function stirring(word: string): string {
  return `
    hash = Math.imul(hash ^ ${word}, 0x5bd1e995);
    hash ^= hash >>> 15;`;
}
