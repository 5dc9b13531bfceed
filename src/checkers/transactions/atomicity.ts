// Whether transactions see others whole, where that is asked for by name: models between read
// committed and consistent view that no cycle of dependencies defines. All of it follows from what
// each transaction saw of each key's order of writes. Sources: Bailis et al. 2014, "Highly
// Available Transactions" (OTV) and "Scalable Atomic Visibility with RAMP Transactions" (fractured
// reads); Cerone & Gotsman 2018 (update atomicity); Adya 1999, §4.2.1 (G-cursor).
import { find } from '../findings.js';
import { keyName, nameOf } from './explain.js';
import type { Ledger } from './ledger.js';
import { witness } from './orders.js';
import type { Case } from './verdict.js';

/** Models for which it is looked at. */
const atomic: ReadonlySet<string> = new Set([
  'monotonic-atomic-view',
  'read-atomic',
  'update-atomic',
  'cursor-stability',
]);

/** How the writes of keys are ordered, and what was seen of them. */
export interface Views {
  readonly present: Uint8Array;
  /** For each write its place in the order of its key, or Infinity: it comes after all places. */
  place(write: number): number;
  /** For each read from outside how many places it saw; −1 for what is none. */
  seen(read: number): number;
  /** The write that a read from outside shows as the last, or −1. */
  shown(read: number): number;
  /** The writes of a key that have places, in their order, and then those that have none. */
  writesOf(key: number): { readonly placed: readonly number[]; readonly free: readonly number[] };
}

/** Two writes of which one must come before the other. */
export type Forced = readonly [before: number, after: number];

/**
 * Finds what breaks atomicity, and what is all right only in some orders of writes that no read
 * shows. O(operations × operations of a transaction).
 */
export function findAtomicity(one: Case, views: Views): readonly Forced[] {
  const forced: Forced[] = [];
  if (!one.models.some((name) => atomic.has(name))) return forced;
  const { ledger } = one;
  for (let at = 0; at < ledger.keys.length; at++) {
    if (views.seen(at) < 0) continue;
    findFractures(one, views, at);
    forced.push(...findCursors(one, views, at));
  }
  for (let key = 0; key < ledger.keyNames.length; key++) findMissed(one, views, key);
  return forced;
}

/** Reads beside one that shows a write, which do not show what its transaction wrote as well. */
function findFractures({ ledger, findings }: Case, views: Views, read: number): void {
  const write = views.shown(read);
  if (write < 0) return;
  const [reader, writer] = [ledger.owners[read] as number, ledger.owners[write] as number];
  if (reader === writer || views.present[writer] === 0) return;
  for (const other of within(ledger, reader)) {
    const saw = views.seen(other);
    if (saw < 0 || ledger.keys[other] === ledger.keys[read]) continue;
    const isMissed = (at: number): boolean =>
      isWriteOf(ledger, at, other) && views.place(at) >= saw;
    if (!within(ledger, writer).some(isMissed)) continue;
    const kind = other > read ? 'OTV' : 'fractured-read';
    const text = fractureText(ledger, read, other);
    find(findings, kind, () => witness(ledger, [writer, reader], text));
    return;
  }
}

function fractureText(ledger: Ledger, read: number, other: number): string {
  const [reader, key] = [nameOf(ledger, ledger.owners[read] ?? -1), keyName(ledger, read)];
  return `${reader} saw what the other wrote to ${key}, but not to ${keyName(ledger, other)}`;
}

/** A read of a key that the same transaction wrote afterwards, with other writes between. */
function findCursors(
  { ledger, findings, ruled }: Case,
  views: Views,
  read: number,
): readonly Forced[] {
  const reader = ledger.owners[read] as number;
  const own = within(ledger, reader).find((at) => at > read && isWriteOf(ledger, at, read));
  if (own === undefined || !ruled.has('G-cursor')) return [];
  const { placed, free } = views.writesOf(ledger.keys[read] as number);
  const next = placed[views.seen(read)];
  if (next === undefined) {
    const others = free.filter((write) => ledger.owners[write] !== reader);
    return others.map((write) => [own, write]);
  }
  if (ledger.owners[next] === reader || views.place(own) < views.place(next)) return [];
  const wrong = `${nameOf(ledger, reader)} read ${keyName(ledger, read)} and then wrote it`;
  const text = `${wrong}, but the other wrote it in between`;
  find(findings, 'G-cursor', () => witness(ledger, [reader, ledger.owners[next] ?? -1], text));
  return [];
}

/** Who wrote a key after others must have seen all that these wrote. */
function findMissed({ ledger, findings, doubts, ruled }: Case, views: Views, key: number): void {
  if (!ruled.has('missed-update')) return;
  const { placed, free } = views.writesOf(key);
  /** By key the last write of those who wrote before, as far as was gone. */
  const latest = new Map<number, number>();
  const missedBy = (txn: number): number | undefined => {
    for (const read of within(ledger, txn)) {
      const saw = views.seen(read);
      const write = saw < 0 ? undefined : latest.get(ledger.keys[read] as number);
      if (write === undefined || ledger.owners[write] === txn) continue;
      if (views.place(write) >= saw) return write;
    }
    return undefined;
  };
  const add = (txn: number): void => {
    for (const write of within(ledger, txn)) {
      if (ledger.writes[write] === 0) continue;
      const other = ledger.keys[write] as number;
      const known = latest.get(other);
      if (known === undefined || views.place(known) <= views.place(write)) latest.set(other, write);
    }
  };
  const check = (write: number): void => {
    const txn = ledger.owners[write] as number;
    const missed = missedBy(txn);
    if (missed === undefined) return;
    const did = `wrote ${keyName(ledger, write)} after the other`;
    const wrong = `${nameOf(ledger, txn)} ${did}, but did not see its ${keyName(ledger, missed)}`;
    find(findings, 'missed-update', () =>
      witness(ledger, [ledger.owners[missed] ?? -1, txn], wrong),
    );
  };
  for (const write of placed) {
    if (write < 0 || views.present[ledger.owners[write] as number] === 0) continue;
    check(write);
    add(ledger.owners[write] as number);
  }
  for (const write of free) check(write);
  if (free.length < 2) return;
  // In what order these came nobody knows; it does not matter if none can have missed another.
  for (const write of free) add(ledger.owners[write] as number);
  if (free.some((write) => missedBy(ledger.owners[write] as number) !== undefined)) {
    doubts.push('no read shows the order of some writes, of which one may have missed another');
  }
}

function within({ starts }: Ledger, txn: number): readonly number[] {
  const start = starts[txn] as number;
  return Array.from({ length: (starts[txn + 1] as number) - start }, (_, i) => start + i);
}

function isWriteOf({ writes, keys }: Ledger, at: number, of: number): boolean {
  return writes[at] === 1 && keys[at] === keys[of];
}
