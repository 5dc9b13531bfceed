// Isolation: one walk that copies a message and stirs its content into a hash. The copy is what the
// receiver gets, the hash what the run's digest covers. The spread copy is the fastest that V8 has;
// structuredClone costs fifty times as much.
import { constantOf, emptyHash as empty, halvesOf, textHash } from './content.js';
import { ListMemory, sectionMax } from './list-memory.js';
import { isRecord, NotPlainError, sharedMin } from './plain.js';
import { practice, type Shape, ShapeTable } from './shape.js';
import { placeOf, spreadAt } from './spread.js';

/** What is imported, as constants of this module: V8 looks imports up at every use. */
const [emptyHash, hashOf, spread] = [empty, textHash, spreadAt] as const;

/** How deep a message may nest; a cycle is deeper than any message. */
const depthMax = 200;

/** Texts so short are hashed as soon as they are looked up. */
const shortMax = 16;

/** Nobody looks at the shapes of messages of a type before there have been so many. */
const oftenMin = 1_000 - practice;

/** After so many records of a kind that have no shape nobody tries the next one. */
const unfitMax = 64;

/**
 * Copies plain trees and accumulates their content in `hash`. Not canonical: see `digestOf`. Of an
 * instance of a class the copy keeps the fields, as JSON would.
 */
export class Isolator {
  /** Content of everything copied since it was last set. */
  hash = 0;
  #depth = 0;
  readonly #table = new ShapeTable(hashOf);
  readonly #lists = new ListMemory();
  /** How many messages there have been, by type, until it is often. */
  readonly #met = new Map<string, number>();
  /** Of the record packed last. */
  #last: Shape | undefined;
  /** Of records packed lately, by a guess at their text. */
  readonly #shapes: (Shape | undefined)[] = new Array(64).fill(undefined);
  /** Types of records that had no shape lately, and how many of each in a row. */
  readonly #unfit: string[] = new Array(64).fill('');
  readonly #refusals = new Uint8Array(64);
  /**
   * Hashes of strings met lately, by a guess at which string it is: types recur in every message.
   */
  readonly #texts: string[] = new Array(64).fill('');
  readonly #hashes = new Int32Array(64);
  /** The last record's first keys, by position, and their hashes. */
  readonly #keys: string[] = new Array(16).fill('');
  readonly #keyHashes = new Int32Array(16).fill(emptyHash);

  /**
   * A deep copy of `value`; parts shared inside are copied apart, but for long lists that are
   * frozen and of scalars: those stay what they are. Throws `NotPlainError`.
   */
  copy<T>(value: T): T {
    if (typeof value === 'object' && value !== null) {
      this.#depth = 0;
      const { type } = value as { readonly type?: unknown };
      const copy = this.#shaped(value, type);
      return (copy ?? this.#object(value, typeof type === 'string' ? placeOf(type) : 0)) as T;
    }
    this.hash = this.#scalar(this.hash, value, '');
    return value;
  }

  /** A copy of a message of a shape that is known; else `undefined`. */
  #shaped(value: object, type: unknown): object | undefined {
    const shape = this.#last?.text === type ? this.#last : this.#expected(type);
    if (shape === undefined) return undefined;
    const copy = shape.copy(value, this);
    // Let the next one that is sent show its shape again.
    if (copy === undefined) this.#forget(shape);
    return copy;
  }

  #forget(shape: Shape): void {
    this.#shapes[placeOf(shape.text)] = undefined;
    this.#last = undefined;
  }

  /**
   * Writes the numbers of a flat record of a text and whole numbers to `words` and stirs its
   * content into `hash` as `copy` would; its shape can make it anew. `undefined`, and nothing has
   * happened, if `record` is no such thing, or seldom comes: then `copy` is to be called.
   */
  pack(record: object, words: Int32Array, at: number): Shape | undefined {
    const { type } = record as { readonly type?: unknown };
    const expected = this.#last?.text === type ? this.#last : this.#expected(type);
    if (expected !== undefined) {
      if (!expected.packs) return undefined;
      if (expected.pack(record, this, words, at)) return expected;
    }
    if (typeof type !== 'string' || this.#isUnfit(type) || this.#isSeldom(type)) return undefined;
    const shape = this.#shapeOf(record as Readonly<Record<string, unknown>>);
    this.#noteFit(type, shape !== undefined);
    if (shape === undefined || !shape.isPractised()) return undefined;
    this.#last = shape;
    this.#shapes[placeOf(shape.text)] = shape;
    return shape.packs && shape.pack(record, this, words, at) ? shape : undefined;
  }

  #isUnfit(type: string): boolean {
    const place = placeOf(type);
    return this.#unfit[place] === type && (this.#refusals[place] as number) >= unfitMax;
  }

  #isSeldom(type: string): boolean {
    const met = this.#met.get(type) ?? 0;
    if (met < oftenMin) this.#met.set(type, met + 1);
    return met < oftenMin;
  }

  #noteFit(type: string, fits: boolean): void {
    const place = placeOf(type);
    if (this.#unfit[place] !== type) {
      if (fits) return;
      this.#unfit[place] = type;
      this.#refusals[place] = 0;
    }
    this.#refusals[place] = fits ? 0 : (this.#refusals[place] as number) + 1;
  }

  /** The shape of the last record that began with this text, mostly. */
  #expected(text: unknown): Shape | undefined {
    if (typeof text !== 'string') return undefined;
    const shape = this.#shapes[placeOf(text)];
    if (shape?.text !== text) return undefined;
    this.#last = shape;
    return shape;
  }

  /** The shape of a flat record of a text, then whole numbers and texts; else `undefined`. */
  #shapeOf(record: Readonly<Record<string, unknown>>): Shape | undefined {
    let shape: Shape | undefined;
    let fields = 0;
    for (const key in record) {
      if (!hasOwn.call(record, key)) return undefined;
      const inner = record[key];
      if (fields++ === 0) {
        if (typeof inner !== 'string') return undefined;
        shape = this.#table.root(key, inner);
      } else {
        const isText = typeof inner === 'string';
        if (!isText && (typeof inner !== 'number' || (inner | 0) !== inner)) return undefined;
        shape = shape?.with(key, isText);
      }
      if (shape === undefined) return undefined;
    }
    return shape;
  }

  /** Stirs a number into `hash`. */
  stir(word: number): void {
    this.hash = stir(this.hash, word);
  }

  /** Stirs a record's content into `hash` as `copy` would, without copying it. */
  absorb(value: Readonly<Record<string, unknown>>): void {
    let { hash } = this;
    let fields = 0;
    for (const key in value) {
      const inner = value[key];
      hash ^=
        this.#keys[fields] === key ? (this.#keyHashes[fields] as number) : this.#key(key, fields);
      fields++;
      if (typeof inner === 'object' && inner !== null) {
        this.hash = hash;
        this.#depth = 0;
        this.#object(inner, placeOf(key));
        hash = this.hash;
      } else {
        hash = this.#scalar(hash, inner, key);
      }
    }
    this.hash = stir(hash, fields);
  }

  /** A copy made at this place: that of the message's type, or of the field that it is in. */
  #object(value: object, place: number): object {
    if (Array.isArray(value)) return this.#array(value, place);
    const copy = spread(value, place);
    let { hash } = this;
    let fields = 0;
    for (const key in copy) {
      const inner = copy[key];
      hash ^=
        this.#keys[fields] === key ? (this.#keyHashes[fields] as number) : this.#key(key, fields);
      fields++;
      if (typeof inner === 'number' && (inner | 0) === inner) {
        hash = stir(hash, inner);
      } else if (typeof inner === 'object' && inner !== null) {
        this.hash = hash;
        copy[key] = this.#nested(inner, key, placeOf(key));
        hash = this.hash;
      } else {
        hash = this.#scalar(hash, inner, key);
      }
    }
    this.hash = stir(hash, fields);
    return fields > 0 ? copy : this.#bare(value, copy);
  }

  #array(value: readonly unknown[], place: number): readonly unknown[] {
    if (value.length >= sharedMin && Object.isFrozen(value) && this.#share(value)) return value;
    const copy = value.slice();
    let hash = stir(this.hash, copy.length);
    for (let i = 0; i < copy.length; i++) {
      const inner = copy[i];
      if (typeof inner === 'number' && (inner | 0) === inner) {
        hash = stir(hash, inner);
      } else if (typeof inner === 'object' && inner !== null) {
        this.hash = hash;
        copy[i] = this.#nested(inner, i, place);
        hash = this.hash;
      } else if (typeof inner === 'string' && inner.length <= shortMax) {
        // Items of lists are seldom those of the list before: memory is of no use.
        hash = stir(hash, hashOf(inner));
      } else {
        hash = this.#scalar(hash, inner, i);
      }
    }
    this.hash = hash;
    return copy;
  }

  /** Stirs in a frozen list, which needs no copy; false, and nothing has happened: it does. */
  #share(list: readonly unknown[]): boolean {
    if (Object.getPrototypeOf(list) !== Array.prototype) return false;
    let hash = stir(this.hash, list.length);
    for (let from = 0; from < list.length; from += sectionMax) {
      const words = this.#lists.wordsOf(list, from);
      if (words === undefined) return false;
      for (let i = 0; i < words.length; i++) hash = stir(hash, words[i] as number);
    }
    this.hash = hash;
    return true;
  }

  #scalar(hash: number, value: unknown, key: string | number): number {
    return typeof value === 'string' ? stir(hash, this.#text(value)) : scalar(hash, value, key);
  }

  #key(key: string, position: number): number {
    const hash = this.#text(key);
    if (position < 16) {
      this.#keys[position] = key;
      this.#keyHashes[position] = hash;
    }
    return hash;
  }

  /** What a text adds to a record's content. */
  textHash(value: string): number {
    return this.#text(value);
  }

  #text(value: string): number {
    if (value.length === 0) return emptyHash;
    const place = placeOf(value);
    if (this.#texts[place] === value) return this.#hashes[place] as number;
    const hash = hashOf(value);
    if (value.length <= 64) {
      this.#texts[place] = value;
      this.#hashes[place] = hash;
    }
    return hash;
  }

  #nested(value: object, key: string | number, place: number): object {
    if (++this.#depth > depthMax) throw new NotPlainError(String(key), value);
    const copy = this.#object(value, place);
    this.#depth--;
    return copy;
  }

  /** Something without fields: an empty record, a Map, a Set, or what is not plain. */
  #bare(value: object, copy: object): object {
    if (value instanceof Map) {
      const entries: unknown[] = [...value];
      return new Map(this.#array(entries, 0) as [unknown, unknown][]);
    }
    if (value instanceof Set) return new Set(this.#array([...value], 0));
    if (!isRecord(value)) throw new NotPlainError('', value);
    return copy;
  }
}

const { hasOwnProperty: hasOwn } = Object.prototype;

/** Stirs one 32-bit word into a hash. A constant: V8 looks declared functions up at every use. */
const stir = (hash: number, word: number): number => {
  const mixed = Math.imul(hash ^ word, 0x5bd1e995);
  return mixed ^ (mixed >>> 15);
};

function scalar(hash: number, value: unknown, key: string | number): number {
  if (typeof value !== 'number') return stir(hash, constantOf(value, key));
  return (value | 0) === value ? stir(hash, value) : double(hash, value);
}

function double(hash: number, value: number): number {
  const [low, high] = halvesOf(value);
  return stir(stir(hash, low), high);
}
