// The dependencies of list-append: who appended after whom (ww), who read whose append last (wr),
// and who read before whose append (rw). All follow from the orders of the lists: nothing is
// guessed. What no read shows was appended after all that reads show, if its transaction
// committed.
import { marks, numbers } from '../columns.js';
import { type Findings, find } from '../findings.js';
import { nameOf } from './explain.js';
import { edge, fan, type GraphBuilder, type Write } from './graph.js';
import { fate, type Ledger, supersededIn } from './ledger.js';
import type { Reads } from './lists.js';
import { type Orders, readText, witness } from './orders.js';

interface Lists {
  readonly ledger: Ledger;
  readonly reads: Reads;
  readonly orders: Orders;
  readonly findings: Findings;
  readonly superseded: Uint8Array;
  /** 1 for transactions that committed, as is known or was seen. */
  readonly present: Uint8Array;
}

/**
 * Transactions that took place: committed, or of unknown outcome and seen by one that committed.
 */
export function presentIn({ fates, count }: Ledger, observed: Uint8Array): Uint8Array {
  const present = marks(count);
  for (let txn = 0; txn < count; txn++) {
    const seen = fates[txn] === fate.unknown && observed[txn] === 1;
    if (seen || fates[txn] === fate.committed) present[txn] = 1;
  }
  return present;
}

/** How the graph came out. */
interface Tails {
  /** Appends to one key that no read shows and whose order is therefore free. */
  readonly free: readonly (readonly Write[])[];
}

/** Adds all dependencies of the lists, and finds G1b and lost updates. O(operations). */
export function addListDependencies(
  builder: GraphBuilder,
  { present, ...known }: Omit<Lists, 'superseded'>,
): Tails {
  const lists: Lists = { ...known, present, superseded: supersededIn(known.ledger) };
  const updaters = numbers(lists.orders.order.length + 2).fill(-1);
  const free: Write[][] = [];
  for (let key = 0; key < lists.ledger.keyNames.length; key++) {
    const order = committedOrder(lists, key);
    const last = addWrites(builder, lists, order);
    const late = addReads(builder, lists, key, order);
    findUpdates(lists, key, updaters);
    if (lists.orders.divergent[key] === 1) continue;
    const unseen = unseenWrites(lists, key);
    for (const { txn, label } of unseen) if (last >= 0) builder.add(last, txn, edge.ww, label);
    if (late.length > 0) fan(builder, late, unseen);
    if (unseen.length > 1) free.push(unseen);
  }
  return { free };
}

/** For each place of a key's order the append there, or the next after it, that took place. */
function committedOrder({ ledger, orders, present }: Lists, key: number): Int32Array {
  const start = orders.starts[key] as number;
  const order = new Int32Array((orders.starts[key + 1] as number) - start);
  let next = -1;
  for (let place = order.length - 1; place >= 0; place--) {
    const at = orders.order[start + place] as number;
    if (at >= 0 && present[ledger.owners[at] as number] === 1) next = at;
    order[place] = next;
  }
  return order;
}

/** Each append before the next; returns the transaction of the last, or −1. */
function addWrites(builder: GraphBuilder, { ledger }: Lists, order: Int32Array): number {
  let [last, before] = [-1, -1];
  for (let place = 0; place < order.length; place++) {
    const at = order[place] as number;
    if (at === before || at < 0) continue;
    const txn = ledger.owners[at] as number;
    if (last >= 0) builder.add(last, txn, edge.ww, at);
    [last, before] = [txn, at];
  }
  return last;
}

/** wr and rw; returns the readers after whom the order shows nothing. */
function addReads(
  builder: GraphBuilder,
  lists: Lists,
  key: number,
  order: Int32Array,
): readonly number[] {
  const { ledger, reads, orders, present, superseded, findings } = lists;
  const start = orders.starts[key] as number;
  const late: number[] = [];
  for (let at = reads.firstRead[key] as number; at >= 0; at = reads.next[at] as number) {
    const reader = ledger.owners[at] as number;
    const length = reads.lengths[at] as number;
    const within = length <= order.length;
    const last = within ? (orders.order[start + length - 1] ?? -1) : (orders.lastOf.get(at) ?? -1);
    if (length > 0 && last >= 0) {
      const writer = ledger.owners[last] as number;
      if (present[writer] === 1) builder.add(writer, reader, edge.wr, last);
      if (superseded[last] === 1 && writer !== reader && present[writer] === 1) {
        find(findings, 'G1b', () => intermediate(ledger, at, last));
      }
    }
    if (!within) continue;
    const next = order[length] ?? -1;
    if (next >= 0) builder.add(reader, ledger.owners[next] as number, edge.rw, next);
    else if (late[late.length - 1] !== reader) late.push(reader);
  }
  return late;
}

function intermediate(ledger: Ledger, read: number, write: number) {
  const [reader, writer] = [ledger.owners[read] ?? -1, ledger.owners[write] ?? -1];
  const name = nameOf(ledger, writer);
  const wrong = `${readText(ledger, read)}, when ${name} was not yet done with it`;
  return witness(ledger, [writer, reader], wrong);
}

/**
 * What a transaction had read before it appended: the append itself is in it, or another appended
 * after reading the same.
 */
function findUpdates(lists: Lists, key: number, updaters: Int32Array): void {
  const { ledger, reads, orders, findings } = lists;
  const length = (orders.starts[key + 1] as number) - (orders.starts[key] as number);
  updaters.fill(-1, 0, length + 1);
  for (let at = reads.firstAppend[key] as number; at >= 0; at = reads.next[at] as number) {
    const read = readBefore(lists, at);
    const seen = read < 0 ? -1 : (reads.lengths[read] as number);
    if (seen < 0 || seen > length) continue;
    const [before, own] = [updaters[seen] as number, ledger.owners[at] as number];
    const place = orders.places[at] as number;
    if (place >= 0 && place < seen) {
      const wrong = `${readText(ledger, read)}, before it appended the last of that`;
      find(findings, 'future-read', () => witness(ledger, [own], wrong));
    }
    if (before < 0) updaters[seen] = own;
    else if (before !== own) {
      const other = nameOf(ledger, before);
      const wrong = `${readText(ledger, read)}, as ${other} did, and then both appended to it`;
      find(findings, 'lost-update', () => witness(ledger, [before, own], wrong));
    }
  }
}

/** The last read from outside before an append, with none of its appends between; or −1. */
function readBefore({ ledger, reads }: Lists, append: number): number {
  let at = ledger.previous[append] as number;
  while (at >= 0 && ledger.writes[at] === 0 && reads.lengths[at] === -1) {
    at = ledger.previous[at] as number;
  }
  return at;
}

/** What took place and no read shows, once a transaction. */
export function unseenWrites(
  lists: Pick<Lists, 'ledger' | 'reads' | 'orders' | 'present'>,
  key: number,
): Write[] {
  const { ledger, reads, orders, present } = lists;
  const unseen: Write[] = [];
  for (let at = reads.firstAppend[key] as number; at >= 0; at = reads.next[at] as number) {
    const txn = ledger.owners[at] as number;
    if (present[txn] === 0 || (orders.places[at] as number) >= 0) continue;
    if (orders.ambiguous[at] === 1 || unseen[unseen.length - 1]?.txn === txn) continue;
    unseen.push({ txn, label: at });
  }
  return unseen;
}
