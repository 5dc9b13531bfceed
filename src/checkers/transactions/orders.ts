// The order in which values were appended to each list, as far as reads agree on it: each read is a
// prefix of it. What can be seen from elements alone is found here: values that nobody wrote or
// whose transaction aborted, values twice, reads of which neither is a prefix of the other.
import { keyOf, showValue, type ValueKey } from '../../history/value.js';
import { marks, numbers } from '../columns.js';
import { type Findings, find } from '../findings.js';
import { introduced, keyName, nameOf, opsOf } from './explain.js';
import { fate, type Ledger } from './ledger.js';
import { divergence, listOf, type Reads } from './lists.js';

export interface Orders {
  /**
   * The appends of key k, as operations: order[starts[k]] … order[starts[k + 1] − 1]; −1:
   * unknown.
   */
  readonly order: Int32Array;
  readonly starts: Int32Array;
  /** The place of each append in the order of its key, −1 for one that no read shows. */
  readonly places: Int32Array;
  /** 1 for a key whose reads agree up to the order's end only. */
  readonly divergent: Uint8Array;
  /** The last element of reads that the order does not contain. */
  readonly lastOf: ReadonlyMap<number, number>;
  /** 1 for transactions of which a committed one read something. */
  readonly observed: Uint8Array;
  /** 1 for appends of a value that is appended to the same key more than once. */
  readonly ambiguous: Uint8Array;
}

type Draft = {
  readonly ledger: Ledger;
  readonly reads: Reads;
  readonly findings: Findings;
  /** The append of each value of the key at hand; −1 if there are several. */
  readonly appends: Map<ValueKey, number>;
  readonly lastOf: Map<number, number>;
  order: Int32Array;
  /** How much of the order is known. */
  placed: number;
} & Omit<Orders, 'lastOf' | 'order'>;

/** The orders of all keys. O(operations + elements read). */
export function ordersIn(ledger: Ledger, reads: Reads, findings: Findings): Orders {
  const keys = ledger.keyNames.length;
  const draft: Draft = {
    ...{ ledger, reads, findings },
    appends: new Map(),
    lastOf: new Map(),
    order: numbers(2 ** 10),
    placed: 0,
    starts: new Int32Array(keys + 1),
    places: numbers(ledger.keys.length).fill(-1),
    divergent: new Uint8Array(keys),
    observed: marks(ledger.count),
    ambiguous: marks(ledger.keys.length),
  };
  for (let key = 0; key < keys; key++) {
    indexAppends(draft, key);
    addOrder(draft, key);
    draft.starts[key + 1] = draft.placed;
  }
  return { ...draft, order: draft.order.subarray(0, draft.placed) };
}

function push(draft: Draft, append: number): void {
  const { order, placed } = draft;
  if (placed === order.length) {
    draft.order = numbers(2 * placed);
    draft.order.set(order);
  }
  draft.order[draft.placed++] = append;
}

function indexAppends({ ledger, reads, appends, ambiguous }: Draft, key: number): void {
  appends.clear();
  for (let at = reads.firstAppend[key] ?? -1; at >= 0; at = reads.next[at] as number) {
    const value = keyOf(ledger.values[at]);
    const before = appends.get(value);
    if (before === undefined) {
      appends.set(value, at);
      continue;
    }
    ambiguous[at] = 1;
    if (before >= 0) ambiguous[before] = 1;
    appends.set(value, -1);
  }
}

function addOrder(draft: Draft, key: number): void {
  const { reads, places } = draft;
  const longest = longestRead(reads, key);
  if (longest < 0) return;
  const start = draft.placed;
  const length = reads.lengths[longest] as number;
  const trusted = agreed(draft, key, longest);
  for (let place = 0; place < trusted; place++) {
    const at = appendOf(draft, longest, place);
    if (at >= 0 && (places[at] as number) >= 0) {
      draft.divergent[key] = 1;
      break;
    }
    if (at >= 0) places[at] = place;
    push(draft, at);
  }
  const known = draft.placed - start;
  if (known < length) examineRest(draft, longest, known);
  checkNeighbours(draft, start, longest);
}

function longestRead({ firstRead, next, lengths }: Reads, key: number): number {
  let longest = firstRead[key] ?? -1;
  for (let at = longest; at >= 0; at = next[at] as number) {
    if ((lengths[at] as number) > (lengths[longest] as number)) longest = at;
  }
  return longest;
}

/** How many elements all reads of a key agree on, which do not contradict each other there. */
function agreed(draft: Draft, key: number, longest: number): number {
  const { ledger, reads, findings } = draft;
  const list = listOf(ledger, longest);
  let trusted = reads.lengths[longest] as number;
  for (let at = reads.firstRead[key] ?? -1; at >= 0; at = reads.next[at] as number) {
    const length = reads.lengths[at] as number;
    const own = listOf(ledger, at);
    const same = own === list ? length : divergence(own, list, length);
    if (same === length) continue;
    find(findings, 'incompatible-order', () => incompatible(ledger, at, longest));
    draft.divergent[key] = 1;
    trusted = Math.min(trusted, same);
    examineRest(draft, at, same);
  }
  return trusted;
}

/** The elements of a read from where it leaves the others. */
function examineRest(draft: Draft, read: number, from: number): void {
  const { ledger, reads, lastOf, findings } = draft;
  const list = listOf(ledger, read);
  const length = reads.lengths[read] as number;
  const seen = new Set(list.slice(0, from).map(keyOf));
  let last = -1;
  for (let place = from; place < length; place++) {
    last = appendOf(draft, read, place);
    if (last >= 0 && seen.has(keyOf(list[place]))) {
      find(findings, 'duplicate-elements', () => duplicate(draft, read, list[place]));
    }
    seen.add(keyOf(list[place]));
  }
  lastOf.set(read, last);
}

/** Who appended an element; −1 if nobody did or several. Marks its transaction as observed. */
function appendOf(draft: Draft, read: number, place: number): number {
  const { ledger, appends, findings, observed } = draft;
  const value = listOf(ledger, read)[place];
  const at = appends.get(keyOf(value));
  if (at === undefined) {
    find(findings, 'garbage-read', () => garbage(ledger, read, value));
    return -1;
  }
  if (at < 0) return -1;
  const writer = ledger.owners[at] as number;
  if (ledger.fates[writer] === fate.aborted) {
    find(findings, 'G1a', () => abortedRead(ledger, read, at));
  }
  observed[writer] = 1;
  return at;
}

/** What is wrong between one element of an order and the next. */
function checkNeighbours(draft: Draft, start: number, longest: number): void {
  const { ledger, order, findings } = draft;
  const { owners, fates } = ledger;
  let dirty = -1;
  for (let place = start; place < draft.placed; place++) {
    const [before, at] = [
      place > start ? (order[place - 1] as number) : -1,
      order[place] as number,
    ];
    if (at < 0) continue;
    if (before > at && owners[before] === owners[at]) {
      find(findings, 'incompatible-order', () => turned(ledger, at, longest));
    }
    const ended = fates[owners[at] as number];
    if (ended === fate.aborted) dirty = at;
    if (ended !== fate.committed || dirty < 0) continue;
    const aborted = dirty;
    find(findings, 'dirty-update', () => dirtyUpdate(ledger, aborted, at));
    dirty = -1;
  }
}

const shown = (ledger: Ledger, at: number): string => showValue(ledger.values[at] ?? null);

/** `let T1 = …, T4 = …`, and what is wrong with them. */
export function witness(ledger: Ledger, txns: readonly number[], wrong: string) {
  const named = txns.map((txn) => introduced(ledger, txn));
  return { about: `let ${named.join(', ')}; ${wrong}`, ops: opsOf(ledger, txns) };
}

/** `T4 read x as [1,2]`. */
export function readText(ledger: Ledger, read: number): string {
  const name = nameOf(ledger, ledger.owners[read] ?? -1);
  return `${name} read ${keyName(ledger, read)} as ${shown(ledger, read)}`;
}

function garbage(ledger: Ledger, read: number, value: unknown) {
  const wrong = `${readText(ledger, read)}, but nobody wrote ${showValue(value)} there`;
  return witness(ledger, [ledger.owners[read] ?? -1], wrong);
}

/** A committed transaction read what an aborted one wrote. */
export function abortedRead(ledger: Ledger, read: number, write: number) {
  const [reader, writer] = [ledger.owners[read] ?? -1, ledger.owners[write] ?? -1];
  const name = nameOf(ledger, writer);
  const wrote = `${name}, which wrote ${shown(ledger, write)}, failed`;
  const wrong = `${readText(ledger, read)}, but ${wrote}`;
  return witness(ledger, [writer, reader], wrong);
}

function duplicate({ ledger }: Draft, read: number, value: unknown) {
  const wrong = `${readText(ledger, read)}, which has ${showValue(value)} twice`;
  return witness(ledger, [ledger.owners[read] ?? -1], wrong);
}

function incompatible(ledger: Ledger, read: number, other: number) {
  const txns = [...new Set([ledger.owners[read] ?? -1, ledger.owners[other] ?? -1])];
  const both = `${readText(ledger, read)}, and ${readText(ledger, other)}`;
  const wrong = `${both}: neither can have grown into the other`;
  return witness(ledger, txns, wrong);
}

function turned(ledger: Ledger, write: number, read: number) {
  const [writer, reader] = [ledger.owners[write] ?? -1, ledger.owners[read] ?? -1];
  const txns = [...new Set([writer, reader])];
  const name = nameOf(ledger, writer);
  const wrong = `${readText(ledger, read)}, where what ${name} appended is not in its order`;
  return witness(ledger, txns, wrong);
}

function dirtyUpdate(ledger: Ledger, aborted: number, write: number) {
  const [first, second] = [ledger.owners[aborted] ?? -1, ledger.owners[write] ?? -1];
  const did = `appended ${shown(ledger, write)} to ${keyName(ledger, write)}`;
  const after = `after ${shown(ledger, aborted)} of ${nameOf(ledger, first)}, which failed`;
  const wrong = `${nameOf(ledger, second)} ${did} ${after}`;
  return witness(ledger, [first, second], wrong);
}
