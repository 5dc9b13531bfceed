// Transactions over lists: each appends unique values to keys and reads whole lists, so that a
// read shows the order of all appends before it. A history that passes for serializable, or
// strictly so, is: the graph is complete. Sources: Adya 1999; Kingsbury & Alvaro 2020, "Elle:
// Inferring Isolation Anomalies from Experimental Observations".
import type { History } from '../../history/history.js';
import type { Checker, CheckerOptions, Judgement } from '../checker.js';
import type { Wording } from './explain.js';
import { edge, GraphBuilder } from './graph.js';
import { ledgerOf, type Shape, same } from './ledger.js';
import { addListDependencies, presentIn } from './list-dependencies.js';
import { type Reads, readsIn } from './lists.js';
import { type Orders, ordersIn } from './orders.js';
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

function checkListAppend(history: History, options: CheckerOptions): Judgement {
  const ledger = ledgerOf(history, shape);
  const one = opened(ledger, options);
  const { findings, doubts } = one;
  const reads = readsIn(ledger, findings);
  const orders = ordersIn(ledger, reads, findings);
  const present = presentIn(ledger, orders.observed);
  const builder = new GraphBuilder(ledger.count);
  const { free } = addListDependencies(builder, { ledger, reads, orders, findings, present });
  const dependencies = builder.edges;
  const cycles = dependencyCycles(one, builder, present);
  findCycles(one, cycles, wordingOf(orders), true);
  if (ledger.count === 0) doubts.push('no transaction was invoked');
  else if (reads.count === 0) doubts.push('no transaction that read committed');
  if (cycles.found.length > 0 && free.length > 0) doubtOrder(one, reads, orders, present);
  if (orders.ambiguous.includes(1))
    doubts.push('values are not unique: they do not tell who wrote');
  return concluded(one, { ...endsOf(ledger), keys: ledger.keyNames.length, dependencies });
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
