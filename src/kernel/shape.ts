// Shapes of flat records: most messages are a type and a few whole numbers. Millions of them wait
// in the queue; as objects each is garbage to be copied about by the collector and is out of the
// cache when it arrives. As a shape and its numbers it lies in its event's own slot, and the record
// is made when it arrives. Records with more numbers, or with texts, are copied, but by code made
// for their shape: V8's spread takes three times as long once it has met a few hidden classes.
// Shapes are found as V8 finds its hidden classes: by following keys.

/** A record that is packed has at most so many numbers beside its first field. */
export const numbersMax = 6;

/** A record of a shape has at most so many fields beside its first. */
const fieldsMax = 16;

/** Code is made for the so many-th record of a shape: that costs as much as many copies. */
export const practice = 16;

/** So many shapes there are at most; records of others are copied. */
const shapesMax = 1_024;

/** What a record's content is stirred into. */
interface Sink {
  hash: number;
  /** What a text adds to it. */
  textHash(text: string): number;
}

/** What is made for a shape's records alone, as source: V8 then knows their one hidden class. */
interface Code {
  /** A copy of a record, which is stirred in, if it has the shape; `undefined`: it has not. */
  readonly copy: (record: object, sink: Sink) => object | undefined;
  /** The record whose numbers stand at `at` in `words`. */
  readonly make?: (words: Int32Array, at: number) => object;
  /** Writes the numbers there and stirs the record in, if it has the shape; false: it has not. */
  readonly pack?: (record: object, sink: Sink, words: Int32Array, at: number) => boolean;
}

/** The code of a shape that packs. */
type Packing = Required<Code>;

/** The shapes that one world's messages have. */
export class ShapeTable {
  /** Of texts and keys, for digests. */
  readonly hashOf: (text: string) => number;
  #size = 0;
  /** By key, then by text. */
  readonly #roots = new Map<string, Map<string, Shape>>();

  constructor(hashOf: (text: string) => number) {
    this.hashOf = hashOf;
  }

  /** The shape of records with `text` under `key` alone; `undefined` if there is to be none. */
  root(key: string, text: string): Shape | undefined {
    const known = this.#roots.get(key) ?? new Map<string, Shape>();
    const shape = known.get(text) ?? this.add([key], [true], text);
    if (shape === undefined) return undefined;
    this.#roots.set(key, known.set(text, shape));
    return shape;
  }

  /** A new shape; `undefined` if there is to be none. */
  add(keys: readonly string[], texts: readonly boolean[], text: string): Shape | undefined {
    const key = keys.at(-1) as string;
    if (this.#size >= shapesMax || keys.length > 1 + fieldsMax || key === '__proto__') {
      return undefined;
    }
    this.#size++;
    return new Shape(this, keys, texts, text);
  }
}

/** Records that begin with the field `keys[0]`, the text `text`; the rest are numbers or texts. */
export class Shape {
  readonly keys: readonly string[];
  /** By place of a field whether it is a text. */
  readonly texts: readonly boolean[];
  readonly text: string;
  /** Whether its records can be packed; those of others are copied. */
  readonly packs: boolean;
  readonly #table: ShapeTable;
  readonly #withNumber = new Map<string, Shape>();
  readonly #withText = new Map<string, Shape>();
  #uses = 0;
  #code: Code | undefined;

  constructor(table: ShapeTable, keys: readonly string[], texts: readonly boolean[], text: string) {
    this.#table = table;
    this.keys = keys;
    this.texts = texts;
    this.text = text;
    this.packs = keys.length <= 1 + numbersMax && texts.lastIndexOf(true) <= 0;
  }

  /** The shape with one field more, a number or a text; `undefined` if there is to be none. */
  with(key: string, isText: boolean): Shape | undefined {
    const others = isText ? this.#withText : this.#withNumber;
    const known = others.get(key);
    if (known !== undefined) return known;
    const shape = this.#table.add([...this.keys, key], [...this.texts, isText], this.text);
    if (shape !== undefined) others.set(key, shape);
    return shape;
  }

  /** Counts a record; whether there is code for records of this shape by now. */
  isPractised(): boolean {
    if (this.#code !== undefined) return true;
    if (++this.#uses !== practice) return false;
    this.#code = compile(this, this.#table.hashOf);
    return this.#code !== undefined;
  }

  /**
   * A copy of a record of this shape, whose content is stirred into the sink's hash; `undefined`,
   * and nothing has happened, if it has another shape. Only for practised shapes.
   */
  copy(record: object, sink: Sink): object | undefined {
    return (this.#code as Code).copy(record, sink);
  }

  /**
   * Writes the numbers of a record of this shape to `words` and stirs its content into the sink's
   * hash; false, and nothing has happened, if it has another shape. Only for practised shapes
   * that pack.
   */
  pack(record: object, sink: Sink, words: Int32Array, at: number): boolean {
    return (this.#code as Packing).pack(record, sink, words, at);
  }

  /** A new record, its numbers from `words`. Only for practised shapes that pack. */
  make(words: Int32Array, at: number): object {
    return (this.#code as Packing).make(words, at);
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
function sourceOf(shape: Shape, hashOf: (text: string) => number): string {
  const stirred = stirringAll(shape, hashOf);
  const kept = shape.keys.slice(1).map(
    (_, place) => `
    if (field${place} === 0 && 1 / field${place} < 0) return false;
    words[at + ${place}] = field${place};`,
  );
  const packing = `
  const make = (words, at) => (${literalOf(shape, (place) => `words[at + ${place}]`)});
  const pack = (record, sink, words, at) => {${reading(shape, 'false')}${kept.join('')}${stirred}
    return true;
  };`;
  return `'use strict';
  const copy = (record, sink) => {${reading(shape, 'undefined')}${stirred}
    return ${literalOf(shape, (place) => `field${place}`)};
  };${shape.packs ? packing : ''}
  return { copy${shape.packs ? ', make, pack' : ''} };`;
}

/** Reads the fields beside the first, `field0` and so on; returns `refusal` of another shape. */
function reading({ keys, texts, text }: Shape, refusal: string): string {
  const names = keys.map((key) => JSON.stringify(key));
  const order = names.map(
    (name, place) => `
        case ${place}: if (key !== ${name}) return ${refusal}; break;`,
  );
  const read = names.slice(1).map((name, place) => {
    const field = `field${place}`;
    const misfit = texts[place + 1]
      ? `typeof ${field} !== 'string'`
      : `typeof ${field} !== 'number' || (${field} | 0) !== ${field}`;
    return `
    const ${field} = record[${name}];
    if (${misfit}) return ${refusal};`;
  });
  return `
    let fields = 0;
    for (const key in record) {
      if (!Object.prototype.hasOwnProperty.call(record, key)) return ${refusal};
      switch (fields++) {${order.join('')}
        default: return ${refusal};
      }
    }
    if (fields !== ${keys.length}) return ${refusal};
    if (record[${names[0]}] !== ${JSON.stringify(text)}) return ${refusal};${read.join('')}`;
}

/** The record whose fields beside the first are these. */
function literalOf({ keys, text }: Shape, field: (place: number) => string): string {
  const fields = keys.map((key, place) => {
    return `${JSON.stringify(key)}: ${place === 0 ? JSON.stringify(text) : field(place - 1)}`;
  });
  return `{ ${fields.join(', ')} }`;
}

function stirringAll({ keys, texts, text }: Shape, hashOf: (text: string) => number): string {
  const [first = '', ...others] = keys;
  const words = others.map((key, place) => {
    const field = `field${place}`;
    return `${hashOf(key)} ^ ${texts[place + 1] ? `sink.textHash(${field})` : field}`;
  });
  const stirred = [`${hashOf(first) ^ hashOf(text)}`, ...words, `${keys.length}`].map(stirring);
  return `
    let { hash } = sink;${stirred.join('')}
    sink.hash = hash;`;
}

/** Stirs a word into `hash`, as `stir` of isolate.ts does. */
function stirring(word: string): string {
  return `
    hash = Math.imul(hash ^ ${word}, 0x5bd1e995);
    hash ^= hash >>> 15;`;
}
