// A history of adds and reads, turned into what is known of each element and of each read. It
// judges nothing.
import type { History } from '../../history/history.js';
import type { Op } from '../../history/op.js';
import { isRefused } from '../refused.js';
import { grown, Interner } from './interner.js';

/** A value that somebody added or read. */
export interface Element {
  readonly value: unknown;
  /** Its position among the elements: those that were added first, in order of appearance. */
  readonly number: number;
  /** The invocations of its first and its latest add. */
  firstAdd: Op | undefined;
  lastAdd: Op | undefined;
  adds: number;
  failedAdds: number;
  /** The first acknowledgement of any of its adds. */
  acked: Op | undefined;
  /** The first one after its latest add was invoked: Maelstrom begins anew with each add. */
  ackedAnew: Op | undefined;
  /** When its last add ended, as an index; Infinity while one is open. */
  addsEnded: number;
  /** How often the read that repeats it most has it; one is enough for no read. */
  multiplicity: number;
  repeatedBy: Read | undefined;
  /** In how many reads it is repeated. */
  repeats: number;
}

/** An acknowledged read. */
export interface Read {
  /** Its position among the acknowledged reads, by invocation. */
  readonly rank: number;
  readonly invoked: Op;
  readonly done: Op;
  /** The numbers of the elements that it returned, each once. */
  readonly elements: Int32Array;
  readonly final: boolean;
  /** The node that it went to, or its process where no node is known. */
  readonly place: string;
}

export interface Timeline {
  readonly elements: readonly Element[];
  readonly reads: readonly Read[];
  /** Acknowledged reads that did not return a list. */
  readonly malformed: readonly Op[];
  /** Places that were asked for a final read and gave none. */
  readonly silent: readonly string[];
}

/** Functions that add their value. */
const adds: ReadonlySet<string> = new Set(['add', 'broadcast']);

/** O(operations + elements read). */
export function timelineOf(history: History): Timeline {
  const table: Table = { interner: new Interner(), elements: [], lastRank: new Int32Array(1_024) };
  for (const op of history.ops) {
    if (op.process === 'nemesis' || !adds.has(op.f)) continue;
    if (op.type === 'invoke') noteAdd(elementOf(table, op.value), op, history.completionOf(op));
    else if (op.type === 'ok') noteAck(elementOf(table, history.invocationOf(op).value), op);
  }
  const reads: Read[] = [];
  const malformed: Op[] = [];
  const silent = new Set<string>();
  for (const op of history.ops) {
    if (op.process === 'nemesis' || op.f !== 'read' || op.type !== 'invoke') continue;
    const done = history.completionOf(op);
    if (done?.type !== 'ok') {
      if (op.final === true) silent.add(placeOf(op));
    } else if (!Array.isArray(done.value)) {
      malformed.push(done);
    } else {
      reads.push(readOf(table, op, done, reads.length));
    }
  }
  for (const read of reads) {
    if (read.final) silent.delete(read.place);
  }
  return { elements: table.elements, reads, malformed, silent: [...silent] };
}

/** All elements so far. */
interface Table {
  readonly interner: Interner;
  readonly elements: Element[];
  /** By element number: one more than the rank of the last read that had it. */
  lastRank: Int32Array<ArrayBuffer>;
}

function elementOf({ interner, elements }: Table, value: unknown): Element {
  const number = interner.numberOf(value);
  const known = elements[number];
  if (known !== undefined) return known;
  const element = newElement(value, number);
  elements.push(element);
  return element;
}

function newElement(value: unknown, number: number): Element {
  return {
    value,
    number,
    firstAdd: undefined,
    lastAdd: undefined,
    adds: 0,
    failedAdds: 0,
    acked: undefined,
    ackedAnew: undefined,
    addsEnded: -1,
    multiplicity: 1,
    repeatedBy: undefined,
    repeats: 0,
  };
}

function noteAdd(element: Element, op: Op, completion: Op | undefined): void {
  element.firstAdd ??= op;
  element.lastAdd = op;
  element.adds++;
  element.ackedAnew = undefined;
  if (completion !== undefined && isRefused(completion)) element.failedAdds++;
  element.addsEnded = Math.max(element.addsEnded, completion?.index ?? Number.POSITIVE_INFINITY);
}

function noteAck(element: Element, op: Op): void {
  element.acked ??= op;
  element.ackedAnew ??= op;
}

function readOf(table: Table, invoked: Op, done: Op, rank: number): Read {
  const values = done.value as readonly unknown[];
  const numbers = new Int32Array(values.length);
  const repeated: number[] = [];
  let length = 0;
  for (const value of values) {
    const number = table.interner.numberOf(value);
    if (number >= table.elements.length) table.elements.push(newElement(value, number));
    if (number >= table.lastRank.length) table.lastRank = grown(table.lastRank, number + 1);
    if (table.lastRank[number] === rank + 1) {
      repeated.push(number);
    } else {
      table.lastRank[number] = rank + 1;
      numbers[length++] = number;
    }
  }
  const elements = length === values.length ? numbers : numbers.slice(0, length);
  const final = invoked.final === true;
  const read = { rank, invoked, done, elements, final, place: placeOf(invoked) };
  if (repeated.length > 0) noteRepeats(table.elements, read, repeated);
  return read;
}

/** `repeated` has an element's number once for each time after the first that the read has it. */
function noteRepeats(elements: readonly Element[], read: Read, repeated: readonly number[]): void {
  const counts = new Map<number, number>();
  for (const number of repeated) counts.set(number, (counts.get(number) ?? 1) + 1);
  for (const [number, count] of counts) noteRepeat(elements[number], read, count);
}

function noteRepeat(element: Element | undefined, read: Read, count: number): void {
  if (element === undefined) return;
  element.repeats++;
  if (count <= element.multiplicity) return;
  element.multiplicity = count;
  element.repeatedBy = read;
}

function placeOf({ node, process }: Op): string {
  return node ?? `process ${process}`;
}

/** Whichever comes first in the history. */
export function earlier<O extends { readonly index: number }>(
  a: O | undefined,
  b: O | undefined,
): O | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.index < b.index ? a : b;
}
