// Values that were put together from tokens, taken apart again.
import type { Interner } from '../set-full/interner.js';

/** Takes values apart. Versions are numbered by their last token's operation + 1, 0 is empty. */
export interface Reading {
  /**
   * The version that a value is, or −1 if it can be none. Fills in, for each token met, the version
   * that it was appended to.
   */
  version(value: unknown, parents: Int32Array): number;
}

/** `token` follows version `parent`; false if it is known to follow another. */
function follows(token: number, parent: number, parents: Int32Array): boolean {
  const known = parents[token] as number;
  if (known === -1) parents[token] = parent;
  return known === -1 || known === parent;
}

/** Texts of tokens of which none begins another, so that there is one way to read them. */
export class TextReader implements Reading {
  /** Whether no token begins another. */
  readonly clear: boolean;
  readonly #makers: ReadonlyMap<string, number>;
  readonly #init: unknown;
  readonly #appends: (operation: number) => boolean;
  readonly #lengths: readonly number[];
  /** The text that was read last, and the versions at the ends of its tokens. */
  #text = '';
  #versions = new Map<number, number>([[0, 0]]);

  constructor(
    makers: ReadonlyMap<string, number>,
    init: unknown,
    appends: (operation: number) => boolean,
  ) {
    this.#makers = makers;
    this.#init = init;
    this.#appends = appends;
    const tokens = [...makers.keys()];
    const lengths = new Set(tokens.map((token) => token.length));
    this.#lengths = [...lengths].sort((a, b) => a - b);
    this.clear = tokens.every((token) => !this.#begins(token));
  }

  version(value: unknown, parents: Int32Array): number {
    if (value === this.#init) return 0;
    if (typeof value !== 'string' || value === '') return -1;
    if (this.#text.startsWith(value)) return this.#versions.get(value.length) ?? -1;
    if (this.#text === '' || !value.startsWith(this.#text)) {
      this.#text = '';
      this.#versions = new Map([[0, 0]]);
    }
    return this.#extend(value, parents);
  }

  /** Reads on from the end of the text that is known. */
  #extend(value: string, parents: Int32Array): number {
    let end = this.#text.length;
    let version = this.#versions.get(end) ?? -1;
    while (end < value.length) {
      const [operation, length] = this.#tokenAt(value, end);
      if (operation < 0) return -1;
      if (!this.#appends(operation)) {
        if (end > 0) return -1;
      } else if (!follows(operation + 1, version, parents)) {
        return -1;
      }
      version = operation + 1;
      end += length;
      this.#versions.set(end, version);
      this.#text = value.slice(0, end);
    }
    return version;
  }

  #tokenAt(value: string, at: number): readonly [operation: number, length: number] {
    for (const length of this.#lengths) {
      const operation = this.#makers.get(value.slice(at, at + length));
      if (operation !== undefined) return [operation, length];
    }
    return [-1, 0];
  }

  /** Whether a shorter token begins this one. */
  #begins(token: string): boolean {
    return this.#lengths.some(
      (length) => length < token.length && this.#makers.has(token.slice(0, length)),
    );
  }
}

/** Lists of values that were appended once each. */
export class ListReader implements Reading {
  readonly #numbers: Interner;
  readonly #makers: readonly number[];

  /** The value numbered i was appended by operation `makers[i]`. */
  constructor(numbers: Interner, makers: readonly number[]) {
    this.#numbers = numbers;
    this.#makers = makers;
  }

  version(value: unknown, parents: Int32Array): number {
    if (!Array.isArray(value)) return -1;
    let version = 0;
    for (const element of value) {
      const operation = this.#makers[this.#numbers.numberOf(element)];
      if (operation === undefined || !follows(operation + 1, version, parents)) return -1;
      version = operation + 1;
    }
    return version;
  }
}
