// Histories in one line, the language of tests and documents: '0:w1 1:r? 0:ok 1:ok1'. Entries are
// separated by white space. What an entry may be:
//
//   0:w1          process 0 invokes a write of 1
//   0@n2:r        the same process reads at node n2; its completion is at n2 too
//   0:ok          its operation succeeds; the result is the argument, so an ok write says no more
//   1:ok[1,2]     … succeeds with a result
//   0:fail!full   … certainly did not happen; `!` gives the error
//   0:info        … may have happened
//   |             the final phase begins: what is invoked from here on is final
//   +250ms        the next operation comes this much later, not 1 ms later; the first is at 0
//   nemesis:crash["n1"]    the nemesis acts
//
// A function's name is one letter (a add, b broadcast, c cas, e echo, g generate, r read, w write)
// or a word: `0:commit-offsets{"k":1}`. A value is a JSON number, text, list or object, `(JSON)` in
// brackets, or `?` for none. An argument that is left out is none too.
import { assert } from '../kernel/assert.js';
import { formatDuration, ms, parseDuration } from '../kernel/time.js';
import { flawOf, type History, historyOf } from './history.js';
import { foundAt, HistoryError } from './history-error.js';
import { scanJson } from './json-scan.js';
import type { Op, OpType } from './op.js';
import { keyOf } from './value.js';

const names: ReadonlyMap<string, string> = new Map([
  ['a', 'add'],
  ['b', 'broadcast'],
  ['c', 'cas'],
  ['e', 'echo'],
  ['g', 'generate'],
  ['r', 'read'],
  ['w', 'write'],
]);
const letters: ReadonlyMap<string, string> = new Map([...names].map(([key, name]) => [name, key]));
const completions: ReadonlySet<string> = new Set<OpType>(['ok', 'fail', 'info']);
const stepUs = ms(1);

/** Reads the language above. Throws `HistoryError` where it is not followed. */
export function history(text: string): History {
  const reader: Reader = { text, at: 0, ops: [], open: new Map(), places: [], final: false };
  let pauseUs: number | undefined;
  for (skipSpace(reader); reader.at < text.length; skipSpace(reader)) {
    if (take(reader, /\|/y) !== undefined) {
      reader.final = true;
      continue;
    }
    const pause = take(reader, /\+\S*/y);
    if (pause !== undefined) {
      pauseUs = (pauseUs ?? 0) + durationOf(reader, pause);
      continue;
    }
    reader.places.push(reader.at);
    const last = reader.ops.at(-1)?.timeUs;
    addEntry(reader, (last ?? 0) + (pauseUs ?? (last === undefined ? 0 : stepUs)));
    pauseUs = undefined;
  }
  const flaw = flawOf(reader.ops);
  if (flaw !== undefined) {
    const place = placeOf(text, reader.places[flaw.index] ?? 0);
    throw new HistoryError(place, flaw.expected, flaw.found);
  }
  return historyOf(reader.ops);
}

interface Reader {
  readonly text: string;
  at: number;
  readonly ops: Op[];
  /** The open invocation of each process. */
  readonly open: Map<Op['process'], Op>;
  /** Where each operation stands in the text. */
  readonly places: number[];
  final: boolean;
}

/** Reads `0@n1:w1` and the like. */
function addEntry(reader: Reader, timeUs: number): void {
  const entry = entryIn(reader);
  const index = reader.ops.length;
  const op = completions.has(entry.word)
    ? completion(reader, entry, { index, timeUs })
    : invocation(reader, entry, { index, timeUs });
  reader.ops.push(op);
  if (op.process === 'nemesis') return;
  if (op.type === 'invoke') reader.open.set(op.process, op);
  else reader.open.delete(op.process);
}

interface Entry {
  readonly process: Op['process'];
  readonly node: string | undefined;
  /** Where `word`, the function's name or the completion's type, stands. */
  readonly wordAt: number;
  readonly word: string;
  readonly value: Argument;
  readonly error: string | undefined;
}

function entryIn(reader: Reader): Entry {
  const who = take(reader, /\d+|nemesis/y) ?? fail(reader, 'a process number, nemesis, + or |');
  const node = take(reader, /@[^\s:]+/y)?.slice(1);
  if (take(reader, /:/y) === undefined) fail(reader, "':'");
  const wordAt = reader.at;
  const word = take(reader, /[a-z]+(?:[-_][a-z]+)*/y) ?? fail(reader, 'a name, ok, fail or info');
  const value = valueIn(reader);
  const error = take(reader, /!\S+/y)?.slice(1);
  if (/^\S/.test(reader.text.slice(reader.at, reader.at + 1))) fail(reader, 'white space');
  return { process: who === 'nemesis' ? who : Number(who), node, wordAt, word, value, error };
}

type Position = Pick<Op, 'index' | 'timeUs'>;

function completion(reader: Reader, entry: Entry, position: Position): Op {
  const { process, word, value, error } = entry;
  const before = reader.open.get(process);
  if (before === undefined) {
    reader.at = entry.wordAt;
    return fail(reader, 'an invocation first');
  }
  const result = value.given ? value.value : word === 'ok' ? before.value : undefined;
  const type = word as OpType;
  const { f, node, final } = before;
  return opWith({ ...position, process, type, f, value: result }, { error, node, final });
}

function invocation(reader: Reader, entry: Entry, position: Position): Op {
  const { process, word, value, error, node } = entry;
  const f = word.length > 1 ? word : names.get(word);
  if (f === undefined) {
    reader.at = entry.wordAt;
    return fail(reader, `one of ${[...names.keys()].join(' ')} or a word`);
  }
  const type = process === 'nemesis' ? 'info' : 'invoke';
  const final = reader.final && type === 'invoke' ? true : undefined;
  return opWith({ ...position, process, type, f, value: value.value }, { error, node, final });
}

/** Leaves out the fields that an operation does not have. */
function opWith(op: Op, more: { [K in 'error' | 'node' | 'final']: Op[K] | undefined }): Op {
  return {
    ...op,
    ...(more.error !== undefined && { error: more.error }),
    ...(more.node !== undefined && { node: more.node }),
    ...(more.final !== undefined && { final: more.final }),
  };
}

interface Argument {
  readonly given: boolean;
  readonly value: unknown;
}

function valueIn(reader: Reader): Argument {
  if (take(reader, /\?/y) !== undefined) return { given: true, value: undefined };
  const next = reader.text[reader.at] ?? '';
  if (!/[-\d"[{(]/.test(next)) return { given: false, value: undefined };
  const start = reader.at + (next === '(' ? 1 : 0);
  const scan = scanJson(reader.text, start);
  if (scan.kind === 'mistake') {
    reader.at = scan.at;
    return fail(reader, scan.expected);
  }
  reader.at = scan.end;
  if (next === '(' && take(reader, /\s*\)/y) === undefined) fail(reader, "')'");
  return { given: true, value: JSON.parse(reader.text.slice(start, scan.end)) };
}

function durationOf(reader: Reader, pause: string): number {
  const us = parseDuration(pause.slice(1));
  if (us !== undefined) return us;
  reader.at -= pause.length;
  return fail(reader, 'a pause such as +250ms');
}

function skipSpace(reader: Reader): void {
  take(reader, /\s*/y);
}

/** What matches at the reader's place, which moves behind it. */
function take(reader: Reader, pattern: RegExp): string | undefined {
  pattern.lastIndex = reader.at;
  const match = pattern.exec(reader.text);
  if (match === null) return undefined;
  reader.at = pattern.lastIndex;
  return match[0];
}

function fail(reader: Reader, expected: string): never {
  const place = placeOf(reader.text, reader.at);
  throw new HistoryError(place, expected, foundAt(reader.text, reader.at));
}

function placeOf(text: string, at: number): { readonly line: number; readonly column: number } {
  const lines = text.slice(0, at).split('\n');
  return { line: lines.length, column: (lines.at(-1) ?? '').length + 1 };
}

/**
 * A history in the language above, which `history` reads back. Of what the language cannot say it
 * keeps nothing: a completion's own node, and main operations after the first final one.
 */
export function historyText({ ops }: History): string {
  const entries: string[] = [];
  const open = new Map<Op['process'], Op>();
  let [timeUs, final] = [-stepUs, false];
  for (const op of ops) {
    if (op.final === true && op.type === 'invoke' && !final) {
      entries.push('|');
      final = true;
    }
    const usual = timeUs + stepUs;
    const before = op.index === 0 ? 0 : timeUs;
    if (op.timeUs !== usual) entries.push(`+${formatDuration(op.timeUs - before)}`);
    timeUs = op.timeUs;
    entries.push(entryText(op, open.get(op.process)));
    if (op.type === 'invoke') open.set(op.process, op);
  }
  return entries.join(' ');
}

function entryText(op: Op, invocation: Op | undefined): string {
  const error = op.error === undefined ? '' : `!${op.error.replaceAll(/\s/g, '-')}`;
  if (op.type === 'invoke' || op.process === 'nemesis') {
    const node = op.node === undefined ? '' : `@${op.node}`;
    const value = op.value === undefined ? '' : valueText(op.value);
    return `${op.process}${node}:${letters.get(op.f) ?? op.f}${value}${error}`;
  }
  assert(invocation !== undefined, 'a completion follows its invocation', { index: op.index });
  const implied = op.type === 'ok' ? invocation.value : undefined;
  const value = keyOf(op.value) === keyOf(implied) ? '' : valueText(op.value);
  return `${op.process}:${op.type}${value}${error}`;
}

function valueText(value: unknown): string {
  if (value === undefined) return '?';
  const text = JSON.stringify(value);
  return /^[-\d"[{]/.test(text) ? text : `(${text})`;
}
