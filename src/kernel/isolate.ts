// Isolation: one walk that copies a message and stirs its content into a hash. The copy is what the
// receiver gets, the hash what the run's digest covers. The spread copy is the fastest that V8 has;
// structuredClone costs fifty times as much.
import { isRecord, NotPlainError } from './plain.js';

/** How deep a message may nest; a cycle is deeper than any message. */
const depthMax = 200;

/** Copies plain trees and accumulates their content in `hash`. Not canonical: see `digestOf`. */
export class Isolator {
  /** Content of everything copied since it was last set. */
  hash = 0;
  #depth = 0;

  /** A deep copy of `value`; parts shared inside are copied apart. Throws `NotPlainError`. */
  copy<T>(value: T): T {
    if (typeof value === 'object' && value !== null) {
      this.#depth = 0;
      return this.#object(value) as T;
    }
    this.#scalar(value);
    return value;
  }

  #object(value: object): object {
    if (Array.isArray(value)) return this.#array(value);
    if (Object.getPrototypeOf(value) !== Object.prototype) return this.#exotic(value);
    const copy: Record<string, unknown> = { ...value };
    for (const key in copy) {
      const inner = copy[key];
      if (typeof inner === 'object' && inner !== null) copy[key] = this.#nested(inner, key);
      else this.#scalar(inner, key);
    }
    return copy;
  }

  #array(value: readonly unknown[]): unknown[] {
    const copy = value.slice();
    this.#word(copy.length);
    for (let i = 0; i < copy.length; i++) {
      const inner = copy[i];
      if (typeof inner === 'object' && inner !== null) copy[i] = this.#nested(inner, i);
      else this.#scalar(inner, i);
    }
    return copy;
  }

  #nested(value: object, key: string | number): object {
    if (++this.#depth > depthMax) throw new NotPlainError(String(key), value);
    const copy = this.#object(value);
    this.#depth--;
    return copy;
  }

  #exotic(value: object): object {
    this.#word(0x3f1);
    if (value instanceof Map) {
      const entries: unknown[] = [...value];
      return new Map(this.#array(entries) as [unknown, unknown][]);
    }
    if (value instanceof Set) return new Set(this.#array([...value]));
    if (!isRecord(value)) throw new NotPlainError('', value);
    return this.#object({ ...value });
  }

  #scalar(value: unknown, key: string | number = ''): void {
    switch (typeof value) {
      case 'number':
        if ((value | 0) === value) this.#word(value | 0);
        else this.#double(value);
        return;
      case 'string':
        for (let i = 0; i < value.length; i++) this.#word(value.charCodeAt(i));
        this.#word(value.length);
        return;
      case 'boolean':
        return this.#word(value ? 0x51 : 0x52);
      case 'undefined':
        return this.#word(0x53);
      case 'object':
        return this.#word(0x54);
      default:
        throw new NotPlainError(String(key), value);
    }
  }

  #double(value: number): void {
    doubles[0] = value === value ? value : Number.NaN;
    this.#word(words[0] as number);
    this.#word(words[1] as number);
  }

  #word(word: number): void {
    const mixed = Math.imul(this.hash ^ word, 0x01000193);
    this.hash = (mixed << 11) ^ (mixed >>> 21) ^ word;
  }
}

const doubles = new Float64Array(1);
const words = new Int32Array(doubles.buffer);
