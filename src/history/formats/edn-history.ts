// Histories in EDN as Jepsen and Knossos write them: a vector or a list of maps, or one map after
// the other, with :process, :type, :f, :value and perhaps :time in nanoseconds. Porcupine's logs of
// a key-value store have a :key beside.
import { timeUsMax } from '../../kernel/time.js';
import { foundAt, HistoryError } from '../history-error.js';
import type { Op, OpType } from '../op.js';
import { showValue } from '../value.js';
import { type Cursor, EdnMistake, readEdnMap, skipSpace } from './edn.js';
import {
  type About,
  Collector,
  type Format,
  noAbout,
  type Place,
  type Reader,
  type Recording,
} from './recording.js';

export const edn: Format = {
  name: 'edn',
  about: 'Jepsen and Knossos: a vector or list of maps in EDN, or one map a line.',
  aliases: ['jepsen', 'knossos'],
  recognizes: (line) => /^\s*[[({#;]/.test(line) && !/^\s*\[?\s*\{\s*"/.test(line),
  open: () => new EdnHistoryReader(noAbout),
};

export const kvLog: Format = {
  name: 'kv-log',
  about: "Porcupine's logs of a key-value store: one map in EDN a line, with a :key.",
  aliases: ['porcupine'],
  recognizes: (line) => /^\s*[[(]?\s*\{:/.test(line) && /:key /.test(line),
  open: () => new EdnHistoryReader({ ...noAbout, usual: 'kv', options: { init: '' } }),
};

/** A field that an operation has, and where its value stands. */
interface Found {
  readonly value: unknown;
  readonly at: number;
}

/** Keeps the text of what is not complete yet. */
class EdnHistoryReader implements Reader {
  readonly #collector = new Collector();
  readonly #about: About;
  #pending = '';
  /** The place of the first character of `pending`. */
  #line = 1;
  #column = 1;
  /** Not tried again before there is so much: an operation over many pieces is read few times. */
  #length = 0;
  #end: string | undefined;
  #ended = false;
  #keyed: boolean | undefined;

  constructor(about: About) {
    this.#about = about;
  }

  read(lines: string): void {
    this.#pending += lines;
    if (this.#pending.length >= this.#length) this.#consume(false);
  }

  end(): Recording {
    this.#consume(true);
    if (this.#end !== undefined && !this.#ended) {
      throw this.#mistake(this.#pending.length, `'${this.#end}'`);
    }
    const keyed = this.#keyed === true ? { keyed: true } : {};
    const options = { ...this.#about.options, ...keyed };
    return this.#collector.recording({ ...this.#about, options });
  }

  /** Reads all operations that are complete; at the end of the text all must be. */
  #consume(last: boolean): void {
    const cursor: Cursor = { text: this.#pending, at: 0 };
    let start = 0;
    try {
      for (;;) {
        start = cursor.at;
        skipSpace(cursor);
        if (cursor.at >= cursor.text.length) break;
        this.#step(cursor);
      }
      this.#drop(cursor.at);
    } catch (error) {
      if (!(error instanceof EdnMistake)) throw error;
      if (!error.cut || last) throw this.#mistake(error.at, error.expected);
      this.#drop(start);
      this.#length = this.#pending.length * 1.25;
    }
  }

  /** Reads one operation, or the bracket before or after all of them. */
  #step(cursor: Cursor): void {
    const character = cursor.text[cursor.at] ?? '';
    if (this.#ended) throw this.#mistake(cursor.at, 'the end of the text');
    if ('[('.includes(character) && this.#end === undefined && this.#collector.count === 0) {
      this.#end = character === '[' ? ']' : ')';
      cursor.at++;
    } else if (character === this.#end) {
      this.#ended = true;
      cursor.at++;
    } else this.#operation(cursor);
  }

  #operation(cursor: Cursor): void {
    const start = cursor.at;
    const found = new Map<unknown, Found>();
    if (!readEdnMap(cursor, (key, value, at) => found.set(key, { value, at }))) {
      const after = this.#end === undefined ? '' : `, or '${this.#end}'`;
      throw this.#mistake(start, `an operation, which is a map${after}`);
    }
    const op = this.#opOf(found, start);
    const place = this.#place(found.get('f')?.at ?? start);
    this.#collector.add(op, place, (field) => {
      const at = found.get(field === 'timeUs' ? 'time' : field)?.at ?? start;
      return this.#place(at).column;
    });
  }

  #opOf(found: ReadonlyMap<unknown, Found>, start: number): Op {
    const field = (name: string, expected: string, fits: (value: unknown) => boolean): unknown => {
      const { value, at = start } = found.get(name) ?? {};
      if (fits(value)) return value;
      const shown = value === undefined ? 'none' : showValue(value);
      const { line, column } = this.#place(at);
      throw new HistoryError({ line, column }, `as :${name} ${expected}`, shown);
    };
    const process = field('process', 'a whole number, or :nemesis', isProcess) as Op['process'];
    const type = field('type', ':invoke, :ok, :fail or :info', (value) => types.has(value));
    const text = (value: unknown) => typeof value === 'string' && value !== '';
    const f = process === 'nemesis' ? found.get('f')?.value : field('f', 'a keyword', text);
    const timeUs = found.has('time') ? timeIn(field('time', timeText, isTime)) : undefined;
    const value = found.get('value')?.value;
    const keyed = process !== 'nemesis' && this.#keyedAs(found, start);
    const error = found.get('error')?.value ?? undefined;
    return {
      index: this.#collector.count,
      timeUs: timeUs ?? this.#collector.timeUs + (this.#collector.count === 0 ? 0 : 1),
      process,
      type: type as OpType,
      f: typeof f === 'string' ? f : showValue(f),
      value: keyed ? [found.get('key')?.value, value ?? null] : value,
      ...(error !== undefined && { error: typeof error === 'string' ? error : showValue(error) }),
    };
  }

  /** Either all operations of clients have a key, or none has. */
  #keyedAs(found: ReadonlyMap<unknown, Found>, start: number): boolean {
    const keyed = found.has('key');
    this.#keyed ??= keyed;
    if (keyed === this.#keyed) return keyed;
    const expected = keyed ? 'an operation without :key, as those before' : 'a :key, as before';
    const { line, column } = this.#place(found.get('key')?.at ?? start);
    throw new HistoryError({ line, column }, expected, keyed ? 'a :key' : 'none');
  }

  /** Takes the first characters away. */
  #drop(count: number): void {
    const { line, column } = this.#place(count);
    this.#line = line;
    this.#column = column;
    this.#pending = this.#pending.slice(count);
    this.#counted = undefined;
    this.#length = 0;
  }

  /** The line that was last asked for, so that lines are counted once. */
  #counted: (Place & { readonly at: number; readonly feed: number }) | undefined;

  #place(at: number): Place {
    const first = { at: 0, line: this.#line, column: this.#column };
    let line = this.#counted ?? { ...first, feed: this.#pending.indexOf('\n') };
    if (at < line.at) line = { ...first, feed: this.#pending.indexOf('\n') };
    while (line.feed >= 0 && line.feed < at) {
      const start = line.feed + 1;
      const feed = this.#pending.indexOf('\n', start);
      line = { at: start, line: line.line + 1, column: 1, feed };
    }
    this.#counted = line;
    return { line: line.line, column: line.column + (at - line.at) };
  }

  #mistake(at: number, expected: string): HistoryError {
    const rest = this.#pending.slice(at, at + 200).split('\n')[0] ?? '';
    const found = at >= this.#pending.trimEnd().length ? 'the end' : foundAt(rest, 0);
    return new HistoryError(this.#place(Math.min(at, this.#pending.length)), expected, found);
  }
}

const types: ReadonlySet<unknown> = new Set<OpType>(['invoke', 'ok', 'fail', 'info']);

function isProcess(value: unknown): boolean {
  return value === 'nemesis' || (Number.isSafeInteger(value) && (value as number) >= 0);
}

const timeText = 'a whole number of nanoseconds';

function isTime(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= timeUsMax * 1_000;
}

function timeIn(value: unknown): number {
  return Math.floor((value as number) / 1_000);
}
