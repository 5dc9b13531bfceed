// Our own histories as rows, straight from bytes. A line as we write it is read field by field; any
// other line, an odd one, is read as `../ndjson.ts` reads it. What is no history is not read at
// all: the reader of lines says what is wrong with it.
import { timeUsMax } from '../../kernel/time.js';
import { recordIn } from '../json-line.js';
import { opIn } from '../ndjson.js';
import type { Op } from '../op.js';
import { codeOf, namesMax, opTypes, type Rows, type Stretch } from './rows.js';
import { TextTable } from './text-table.js';

/** Room for rows, in memory that threads share: no operation's line is shorter than this. */
const lineBytesMin = 45;

/** The rows of a stretch of whole lines; undefined where it is none of a history, or too odd. */
export function ndjsonRows(stretch: Stretch): Rows | undefined {
  const scan = new Scan(stretch);
  try {
    return scan.run() ? scan.rows() : undefined;
  } catch {
    return undefined;
  }
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const [indexField, timeField, processField] = [
  bytesOf('{"index":'),
  bytesOf('"timeUs":'),
  bytesOf(',"process":'),
];
const [typeField, fField, valueField] = [
  bytesOf(',"type":"'),
  bytesOf('","f":"'),
  bytesOf('","value":['),
];
const [errorField, nodeField, finalField] = [
  bytesOf(',"error":"'),
  bytesOf(',"node":"'),
  bytesOf(',"final":'),
];
const typeTexts = opTypes.map(bytesOf);
const constants = ['null', 'true', 'false'].map(bytesOf);
const feed = 0x0a;
const quote = 0x22;
const comma = 0x2c;
const brace = 0x7b;
const closingBrace = 0x7d;
const bracket = 0x5b;
const closingBracket = 0x5d;

/** So deep a value nests that is read here. */
const depthMax = 4;

function columnOf(length: number): Int32Array<SharedArrayBuffer> {
  return new Int32Array(new SharedArrayBuffer(4 * length));
}

class Scan {
  readonly #stretch: Stretch;
  readonly #bytes: Uint8Array;
  #at = 0;
  #count = 0;
  readonly #processes: Int32Array;
  readonly #codes: Int32Array;
  readonly #keys: Int32Array;
  readonly #starts: Int32Array;
  readonly #ends: Int32Array;
  readonly #names = new TextTable();
  readonly #keyTexts = new TextTable();
  readonly #sizes: number[] = [];
  readonly #types = [0, 0, 0, 0];
  #first = -1;
  #firstUs = 0;
  #lastUs = 0;
  /** Of the row that is being read. */
  #number = 0;
  #index = -1;
  #timeUs = 0;

  constructor(stretch: Stretch) {
    this.#stretch = stretch;
    this.#bytes = stretch.bytes;
    const room = Math.ceil(this.#bytes.length / lineBytesMin) + 1;
    this.#processes = columnOf(room);
    this.#codes = columnOf(room);
    this.#keys = columnOf(room);
    this.#starts = columnOf(room);
    this.#ends = columnOf(room);
  }

  rows(): Rows {
    return {
      count: this.#count,
      processes: this.#processes,
      codes: this.#codes,
      keys: this.#keys,
      starts: this.#starts,
      ends: this.#ends,
      names: this.#names.texts(),
      keyTexts: this.#keyTexts.texts(),
      sizes: this.#sizes,
      first: this.#first,
      firstUs: this.#firstUs,
      lastUs: this.#lastUs,
      types: this.#types,
    };
  }

  /** Reads all lines; false where one of them keeps this from being a history. */
  run(): boolean {
    const { length } = this.#bytes;
    while (this.#at < length) {
      const start = this.#at;
      if (!this.#line()) {
        this.#at = start;
        const end = this.#lineEnd();
        const text = this.#stretch.text(start, end);
        if (text.trim() !== '' && !this.#odd(text, start, end)) return false;
        this.#at = end + 1;
        if (text.trim() === '') continue;
      }
      if (!this.#follows()) return false;
    }
    return true;
  }

  /** Whether the row that was read can be the next. */
  #follows(): boolean {
    if (this.#index >= 0) {
      const first = this.#index - this.#count;
      if (this.#first < 0) this.#first = first;
      if (first !== this.#first || first < 0) return false;
    }
    if (this.#count === 0) this.#firstUs = this.#timeUs;
    else if (this.#timeUs < this.#lastUs) return false;
    this.#lastUs = this.#timeUs;
    this.#count++;
    return true;
  }

  #lineEnd(): number {
    const end = this.#bytes.indexOf(feed, this.#at);
    return end < 0 ? this.#bytes.length : end;
  }

  /** A line as we write it; false where it is another. */
  #line(): boolean {
    this.#index = -1;
    if (this.#bytes[this.#at] !== brace) return false;
    if (this.#skips(indexField)) {
      if (!this.#whole() || this.#bytes[this.#at] !== comma) return false;
      this.#index = this.#number;
    }
    this.#at++;
    if (!this.#skips(timeField) || !this.#whole()) return false;
    this.#timeUs = this.#number;
    if (this.#timeUs > timeUsMax) return false;
    if (!this.#skips(processField) || !this.#whole()) return false;
    const process = this.#number;
    if (process > processMax || !this.#skips(typeField)) return false;
    const type = this.#type();
    if (type < 0 || !this.#skips(fField)) return false;
    const f = this.#name();
    if (f < 0 || !this.#skips(valueField)) return false;
    const keyFrom = this.#at;
    if (!this.#value(depthMax) || this.#bytes[this.#at] !== comma) return false;
    const keyTo = this.#at++;
    const from = this.#at;
    if (!this.#value(depthMax) || this.#bytes[this.#at] !== closingBracket) return false;
    const to = this.#at++;
    const error = this.#skips(errorField) ? this.#name() + 1 : 0;
    if (error < 0) return false;
    if (error > 0) this.#at++;
    if (!this.#rest()) return false;
    this.#fill(process, codeOf(type, f, error, false), from, to);
    this.#key(type, this.#keyTexts.numberOf(this.#bytes, keyFrom, keyTo));
    return true;
  }

  /** The fields that say nothing of the operation itself, and the line feed. */
  #rest(): boolean {
    if (this.#skips(nodeField) && !this.#string()) return false;
    if (this.#skips(finalField) && !this.#skipsOneOf(constants, 1)) return false;
    if (this.#bytes[this.#at] !== closingBrace) return false;
    this.#at++;
    if (this.#bytes[this.#at] !== feed && this.#at !== this.#bytes.length) return false;
    this.#at++;
    return true;
  }

  #fill(process: number, code: number, from: number, to: number): void {
    const row = this.#count;
    this.#processes[row] = process;
    this.#codes[row] = code;
    this.#starts[row] = from;
    this.#ends[row] = to;
    this.#keys[row] = -1;
    if (process >= 0) this.#types[code & 3] = (this.#types[code & 3] as number) + 1;
  }

  #key(type: number, key: number): void {
    this.#keys[this.#count] = key;
    if (key === this.#sizes.length) this.#sizes.push(0);
    if (type === 0) this.#sizes[key] = (this.#sizes[key] as number) + 1;
  }

  /** A line that we would have written otherwise; false where it cannot be a row. */
  #odd(line: string, start: number, end: number): boolean {
    const record = recordIn(line, 1, 'an operation');
    const op: Op = opIn(record, -1, line, 1);
    if (op.process !== 'nemesis' && op.process > processMax) return false;
    this.#index = op.index;
    this.#timeUs = op.timeUs;
    const type = opTypes.indexOf(op.type);
    const [f, error] = [
      this.#nameOf(op.f),
      op.error === undefined ? 0 : this.#nameOf(op.error) + 1,
    ];
    if (f < 0 || error < 0) return false;
    const process = op.process === 'nemesis' ? -1 : op.process;
    this.#fill(process, codeOf(type, f, error, true), start, end);
    if (process < 0 || !Array.isArray(op.value)) return true;
    const key = bytesOf(JSON.stringify(op.value[0]) ?? 'null');
    this.#key(type, this.#keyTexts.numberOf(key, 0, key.length));
    return true;
  }

  #nameOf(text: string): number {
    const bytes = bytesOf(text);
    const name = this.#names.numberOf(bytes, 0, bytes.length);
    return name < namesMax - 1 ? name : -2;
  }

  /** Moves behind a text, if it stands here. */
  #skips(text: Uint8Array): boolean {
    const at = this.#at;
    for (let nth = 0; nth < text.length; nth++) {
      if (this.#bytes[at + nth] !== text[nth]) return false;
    }
    this.#at = at + text.length;
    return true;
  }

  #skipsOneOf(texts: readonly Uint8Array[], from: number): boolean {
    for (let nth = from; nth < texts.length; nth++) {
      if (this.#skips(texts[nth] as Uint8Array)) return true;
    }
    return false;
  }

  #type(): number {
    for (let type = 0; type < typeTexts.length; type++) {
      if (this.#skips(typeTexts[type] as Uint8Array)) return type;
    }
    return -1;
  }

  /** A whole number that a double holds; its end is not looked at. */
  #whole(): boolean {
    const from = this.#at;
    let number = 0;
    for (;;) {
      const digit = (this.#bytes[this.#at] as number) - 0x30;
      if (!(digit >= 0 && digit <= 9)) break;
      number = 10 * number + digit;
      this.#at++;
    }
    this.#number = number;
    const digits = this.#at - from;
    return digits === 1 || (digits > 1 && digits <= 15 && this.#bytes[from] !== 0x30);
  }

  /** The number of a name up to its quote, which stays; −2 where it is none. */
  #name(): number {
    const from = this.#at;
    if (!this.#string() || this.#at - 1 === from) return -2;
    const name = this.#names.numberOf(this.#bytes, from, --this.#at);
    return name < namesMax - 1 ? name : -2;
  }

  /** Plain characters up to a quote, and the quote. */
  #string(): boolean {
    for (;;) {
      const byte = this.#bytes[this.#at] ?? 0;
      if (byte === quote) {
        this.#at++;
        return true;
      }
      if (byte < 0x20 || byte > 0x7e || byte === 0x5c) return false;
      this.#at++;
    }
  }

  /** Moves behind a plain value. */
  #value(depth: number): boolean {
    const byte = this.#bytes[this.#at];
    if (byte === quote) {
      this.#at++;
      return this.#string();
    }
    if (byte === bracket) return depth > 0 && this.#list(depth - 1);
    if (byte === 0x2d) this.#at++;
    else if (this.#skipsOneOf(constants, 0)) return true;
    return this.#whole();
  }

  #list(depth: number): boolean {
    this.#at++;
    if (this.#bytes[this.#at] === closingBracket) {
      this.#at++;
      return true;
    }
    for (;;) {
      if (!this.#value(depth)) return false;
      const byte = this.#bytes[this.#at++];
      if (byte === closingBracket) return true;
      if (byte !== comma) return false;
    }
  }
}

/** Clients with greater numbers are left to the reader of lines: a table has a place for each. */
const processMax = 2 ** 22;
