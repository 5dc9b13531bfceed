// The log of a topo: what its owner has decided, in order, and its seeds keep. A topo's state is
// the fold of its log (machine.ts).
//
// Names say where a record comes from, so that whoever computes it again gives it the same one:
//
//   numbers@7                    the record 7 of the input stream `numbers`
//   numbers@7>double             the unit: `double` processes that record
//   numbers@7>double.0           the first record that this makes
//   numbers@7>double.0>shift     the unit: `shift` processes that
import type { NodeId } from '../../node/message.js';

export type RecordId = string;
export type UnitId = string;

/** A unit of computation carries a tuple pair (seed 000). */
interface Pair {
  readonly key: string;
  readonly value: number;
}

export interface Accept extends Pair {
  readonly kind: 'accept';
  readonly stream: string;
  readonly seq: number;
}

/** A unit is done, and this came out. */
interface Done {
  readonly kind: 'done';
  readonly unit: UnitId;
  readonly worker: NodeId;
  readonly attempt: number;
  /** Of the code that was run. */
  readonly hash: string;
  readonly values: readonly number[];
}

/** The acker: the tree of a record is complete. */
interface Complete {
  readonly kind: 'complete';
  readonly root: RecordId;
}

/** The sink has every position before this. */
interface Emitted {
  readonly kind: 'emitted';
  readonly sink: NodeId;
  readonly upTo: number;
}

/** From here on these are the seeds. */
export interface Config {
  readonly kind: 'config';
  readonly version: number;
  readonly seeds: readonly NodeId[];
}

/** No more input will come. */
interface Close {
  readonly kind: 'close';
}

/** The first entry of each owner. */
interface Begin {
  readonly kind: 'begin';
  readonly owner: NodeId;
}

export type Entry = Accept | Done | Complete | Emitted | Config | Close | Begin;

export const rootId = (stream: string, seq: number): RecordId => `${stream}@${seq}`;
export const unitId = (record: RecordId, vertex: string): UnitId => `${record}>${vertex}`;
export const outId = (unit: UnitId, at: number): RecordId => `${unit}.${at}`;

/** Entries are kept as texts, as a log on a disk has them. */
export type Line = string;

export function write(entry: Entry): Line {
  return JSON.stringify(entry);
}

export function read(line: Line): Entry {
  return JSON.parse(line) as Entry;
}

/** The seed sets that a log names, the latest last. */
export function configsIn(log: readonly Line[]): readonly Config[] {
  return log
    .filter((line) => line.startsWith('{"kind":"config"'))
    .map((line) => read(line) as Config);
}
