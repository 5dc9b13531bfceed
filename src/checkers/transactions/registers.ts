// What committed transactions read from registers, and who wrote that: values are unique for each
// key, and null is what was there at first. A read that repeats what its transaction knew tells
// nothing; one that contradicts it is internally inconsistent, and a read from outside once more.
import { keyOf, showValue, type ValueKey } from '../../history/value.js';
import { type Findings, find } from '../findings.js';
import { nameOf } from './explain.js';
import { fate, type Ledger, same, supersededIn } from './ledger.js';
import { abortedRead, readText, witness } from './orders.js';

/** Where a value came from that no single write explains. */
export const source = { initial: -1, unknown: -2 } as const;

export interface Registers {
  /** For each read from outside the write that it saw, or a `source`; −3: it is none. */
  readonly sources: Int32Array;
  /** 1 for transactions of which a committed one read something. */
  readonly observed: Uint8Array;
  /** 1 for writes that their own transaction overwrites. */
  readonly superseded: Uint8Array;
  /** How many reads from outside there are, and of how many the source is unknown. */
  readonly count: number;
  readonly unexplained: number;
}

const inside = -3;

/** All reads from outside, with what they saw. O(operations). */
export function registersIn(ledger: Ledger, findings: Findings): Registers {
  const { keys, writes, owners, fates, previous, values } = ledger;
  const writers = writersIn(ledger);
  const superseded = supersededIn(ledger);
  const sources = new Int32Array(keys.length).fill(inside);
  const observed = new Uint8Array(ledger.count);
  let [count, unexplained] = [0, 0];
  for (let at = 0; at < keys.length; at++) {
    if (writes[at] === 1 || fates[owners[at] as number] !== fate.committed) continue;
    const before = previous[at] as number;
    if (before >= 0 && sameResult(values[before], values[at])) continue;
    if (before >= 0) find(findings, 'internal', () => internal(ledger, at, before));
    const write = writeRead(ledger, at, writers);
    sources[at] = write ?? source.unknown;
    count++;
    if (write === undefined) {
      const value = showValue(values[at]);
      const wrong = `${readText(ledger, at)}, but nobody wrote ${value} there`;
      find(findings, 'garbage-read', () => witness(ledger, [owners[at] ?? -1], wrong));
    }
    if (sources[at] === source.unknown) unexplained++;
    if (write !== undefined && write >= 0) {
      examine(ledger, at, write, superseded, findings);
      if (owners[write] !== owners[at]) observed[owners[write] as number] = 1;
    }
  }
  return { sources, observed, superseded, count, unexplained };
}

type Writers = readonly (ReadonlyMap<ValueKey, number> | undefined)[];

/** For each key the write of each value; unknown if there are several. */
function writersIn({ keys, writes, values, keyNames }: Ledger): Writers {
  const writers: (Map<ValueKey, number> | undefined)[] = new Array(keyNames.length).fill(undefined);
  for (let at = 0; at < keys.length; at++) {
    if (writes[at] === 0) continue;
    const key = keys[at] as number;
    const known = writers[key] ?? new Map<ValueKey, number>();
    writers[key] = known;
    const value = keyOf(values[at]);
    known.set(value, known.has(value) ? source.unknown : at);
  }
  return writers;
}

function writeRead(ledger: Ledger, read: number, writers: Writers): number | undefined {
  const value = ledger.values[read];
  if (value === null || value === undefined) return source.initial;
  return writers[ledger.keys[read] as number]?.get(keyOf(value));
}

function sameResult(a: unknown, b: unknown): boolean {
  return same(a ?? null, b ?? null);
}

function examine(
  ledger: Ledger,
  read: number,
  write: number,
  superseded: Uint8Array,
  findings: Findings,
): void {
  const [reader, writer] = [ledger.owners[read] as number, ledger.owners[write] as number];
  if (reader === writer) {
    if (write < read) return;
    const wrong = `${readText(ledger, read)}, before it wrote that itself`;
    find(findings, 'future-read', () => witness(ledger, [reader], wrong));
  } else if (ledger.fates[writer] === fate.aborted) {
    find(findings, 'G1a', () => abortedRead(ledger, read, write));
  } else if (superseded[write] === 1) {
    const wrong = `${readText(ledger, read)}, which ${nameOf(ledger, writer)} overwrote itself`;
    find(findings, 'G1b', () => witness(ledger, [writer, reader], wrong));
  }
}

function internal(ledger: Ledger, read: number, before: number) {
  const value = showValue(ledger.values[before] ?? null);
  const did = ledger.writes[before] === 1 ? 'written' : 'read';
  const wrong = `${readText(ledger, read)}, though it had ${did} ${value} before`;
  return witness(ledger, [ledger.owners[read] ?? -1], wrong);
}
