// Transactions over lists: each appends unique values to keys and reads whole lists, so that a
// read shows the order of all appends before it. A history that passes for serializable, or
// strictly so, is: the graph is complete. Sources: Adya 1999; Kingsbury & Alvaro 2020, "Elle:
// Inferring Isolation Anomalies from Experimental Observations".

import type { Counts } from '../../history/counts.js';
import type { History } from '../../history/history.js';
import type { Checker, CheckerOptions, Judgement, Progress } from '../checker.js';
import { find } from '../findings.js';
import { type Forced, findAtomicity, type Views } from './atomicity.js';
import { componentsOf } from './components.js';
import { nameOf, type Wording } from './explain.js';
import { edge, GraphBuilder } from './graph.js';
import { type Ledger, ledgerOf, type Shape, same } from './ledger.js';
import { addListDependencies, presentIn, unseenWrites } from './list-dependencies.js';
import { type Reads, readsIn } from './lists.js';
import { type Orders, ordersIn, witness } from './orders.js';
import {
  type Case,
  concluded,
  defaults,
  dependencyCycles,
  endsOf,
  findCycles,
  opened,
} from './verdict.js';

export const listAppend: Checker = {
  name: 'list-append',
  about: 'Transactions that append to lists and read them are isolated from each other.',
  options: defaults,
  check: checkListAppend,
};

const shape: Shape = {
  write: 'append',
  flawOf: (result) =>
    result === undefined || result === null || Array.isArray(result) ? undefined : 'no list',
};

function checkListAppend(
  history: History,
  options: CheckerOptions,
  _counts?: Counts,
  progress?: Progress,
): Judgement {
  const ledger = ledgerOf(history, shape);
  progress?.(0.25);
  const one = opened(ledger, options);
  const { findings, doubts } = one;
  const reads = readsIn(ledger, findings);
  const orders = ordersIn(ledger, reads, findings);
  const present = presentIn(ledger, orders.observed);
  const builder = new GraphBuilder(ledger.count);
  const { free } = addListDependencies(builder, { ledger, reads, orders, findings, present });
  const dependencies = builder.edges;
  progress?.(0.5);
  const cycles = dependencyCycles(one, builder, present);
  progress?.(0.9);
  findCycles(one, cycles, wordingOf(orders), true);
  findForced(one, builder, findAtomicity(one, viewsOf(ledger, reads, orders, present)));
  if (ledger.count === 0) doubts.push('no transaction was invoked');
  else if (reads.count === 0) doubts.push('no transaction that read committed');
  if (cycles.found.length > 0 && free.length > 0) doubtOrder(one, reads, orders, present);
  if (orders.ambiguous.includes(1))
    doubts.push('values are not unique: they do not tell who wrote');
  return concluded(one, { ...endsOf(ledger), keys: ledger.keyNames.length, dependencies });
}

/** What must come first of writes that no read shows, and cannot. */
function findForced(one: Case, builder: GraphBuilder, forced: readonly Forced[]): void {
  const { ledger, findings } = one;
  if (forced.length === 0) return;
  const owner = (write: number): number => ledger.owners[write] as number;
  for (const [before, after] of forced) {
    builder.add(owner(before), owner(after), edge.ww, after);
  }
  const { of } = componentsOf(builder.build(), edge.ww | edge.wr);
  const wrong = forced.find(([before, after]) => of[owner(before)] === of[owner(after)]);
  if (wrong === undefined) return;
  const [before, after] = wrong;
  const text = `${nameOf(ledger, owner(before))} read the key and then wrote it`;
  find(findings, 'G-cursor', () =>
    witness(ledger, [owner(before), owner(after)], `${text}, but the other wrote it in between`),
  );
}

function viewsOf(ledger: Ledger, reads: Reads, orders: Orders, present: Uint8Array): Views {
  const { order, starts, places, divergent } = orders;
  const known = { ledger, reads, orders, present };
  return {
    present,
    place: (write) => {
      const place = places[write] as number;
      return place < 0 ? Number.POSITIVE_INFINITY : place;
    },
    seen: (read) =>
      divergent[ledger.keys[read] as number] === 1 ? -1 : (reads.lengths[read] as number),
    shown: (read) => {
      const length = reads.lengths[read] as number;
      return length <= 0
        ? -1
        : (order[(starts[ledger.keys[read] as number] ?? 0) + length - 1] ?? -1);
    },
    writesOf: (key) => {
      const placed = [...order.subarray(starts[key], starts[key + 1])];
      return { placed, free: unseenWrites(known, key).map(({ label }) => label) };
    },
  };
}

function wordingOf({ places }: Orders): Wording {
  const has = (result: unknown, value: unknown): boolean =>
    Array.isArray(result) && result.some((element) => same(element, value));
  return {
    wrote: (value, key) => `appended ${value} to ${key}`,
    shows: has,
    has,
    precedes: (write, later) => {
      const [place, end] = [places[write] ?? -1, places[later] ?? -1];
      return place >= 0 && (end < 0 || place < end);
    },
  };
}

/**
 * A history that is not serializable passes for snapshot isolated only if there is an order of what
 * no read shows with which it is. The order of the invocations is tried, and no other.
 */
function doubtOrder(one: Case, reads: Reads, orders: Orders, present: Uint8Array): void {
  const { ledger, ruled, doubts } = one;
  if (!ruled.has('G-single') || ruled.has('G2-item')) return;
  const builder = new GraphBuilder(ledger.count);
  const trial = opened(ledger, { models: one.models, stepsMax: one.stepsMax });
  const { findings } = trial;
  const { free } = addListDependencies(builder, { ledger, reads, orders, findings, present });
  for (const writes of free) {
    for (const [at, { txn, label }] of writes.entries()) {
      const before = writes[at - 1];
      if (before !== undefined) builder.add(before.txn, txn, edge.ww, label);
    }
  }
  const { found } = dependencyCycles(trial, builder, present);
  if (found.some(({ kind }) => ruled.has(kind))) {
    doubts.push('no order was found for appends that no read shows');
  }
}
