// Models between read uncommitted and update atomic, decided for registers: an order of all writes
// is sought in which each transaction reads all or nothing of what others wrote. For read
// atomicity, and what is weaker, this is exact: whoever read one write of a transaction, and of
// another key something else, says that the other was there first. Source: Biswas & Enea 2019, §4.
import { find } from '../findings.js';
import { findAtomicity, type Views } from './atomicity.js';
import { componentsOf, cyclicMembers } from './components.js';
import { edge, type GraphBuilder } from './graph.js';
import { endsIn, type Ledger } from './ledger.js';
import { witness } from './orders.js';
import { type Known, registerDependencies } from './register-dependencies.js';
import { source } from './registers.js';
import { type Case, opened } from './verdict.js';
import type { Versions } from './versions.js';
import { ranksIn } from './write-ranks.js';

/** Models that an order of writes decides, without order of processes or real time. */
const models: ReadonlySet<string> = new Set([
  ...['read-uncommitted', 'read-committed', 'monotonic-atomic-view', 'read-atomic'],
  ...['update-atomic', 'cursor-stability'],
]);

/** Whether there is such an order; finds what shows that there is none, if that is certain. */
export function atomicOrder(one: Case, known: Known, versions: Versions): boolean {
  const { ledger, ruled } = one;
  if (!one.models.every((name) => models.has(name))) return false;
  const builder = registerDependencies(ledger, known, versions);
  if (ruled.has('OTV')) addAtomicity(builder, one, known);
  const graph = builder.build();
  const [members] = cyclicMembers(componentsOf(graph, edge.ww | edge.wr));
  if (members !== undefined) {
    const txns = [...members].filter((node) => node < ledger.count).slice(0, 8);
    const wrong = 'in no order of their writes did each read all or nothing of the others';
    if (ruled.has('OTV')) find(one.findings, atomicKind(one), () => witness(ledger, txns, wrong));
    return false;
  }
  const ranks = ranksIn(graph, ledger.count, endsIn(ledger));
  if (ranks === undefined) return false;
  const trial = opened(ledger, { models: one.models, stepsMax: one.stepsMax });
  findAtomicity(trial, viewsOf(ledger, known, ranks));
  return [...trial.findings].every(([kind, { count }]) => count === 0 || !ruled.has(kind));
}

function atomicKind({ ruled }: Case): string {
  return ruled.has('fractured-read') ? 'fractured-read' : 'OTV';
}

/** Whoever wrote what a transaction read wrote its other keys before what it read of these. */
function addAtomicity(builder: GraphBuilder, one: Case, known: Known): void {
  const { ledger, findings } = one;
  const { registers, present } = known;
  for (let read = 0; read < ledger.keys.length; read++) {
    const write = registers.sources[read] as number;
    const [reader, writer] = [ledger.owners[read] as number, ledger.owners[write] ?? -1];
    if (write < 0 || writer === reader || present[writer] === 0) continue;
    const [start, end] = [ledger.starts[reader] as number, ledger.starts[reader + 1] as number];
    for (let other = start; other < end; other++) {
      if (other < read && !one.ruled.has('fractured-read')) continue;
      const shown = registers.sources[other] as number;
      if (shown < source.initial || shown === write) continue;
      const missed = lastWrite(ledger, writer, ledger.keys[other] as number);
      if (missed < 0 || ledger.owners[shown] === writer) continue;
      if (shown >= 0) builder.add(writer, ledger.owners[shown] as number, edge.ww, shown);
      else {
        const wrong =
          'of what the first wrote the other saw one key, and another as it was at first';
        find(findings, atomicKind(one), () => witness(ledger, [writer, reader], wrong));
      }
    }
  }
}

function lastWrite(ledger: Ledger, txn: number, key: number): number {
  const start = ledger.starts[txn] as number;
  for (let at = (ledger.starts[txn + 1] as number) - 1; at >= start; at--) {
    if (ledger.writes[at] === 1 && ledger.keys[at] === key) return at;
  }
  return -1;
}

/** What was seen, if writes took place in the order of these ranks. */
function viewsOf(ledger: Ledger, { registers, writes, present }: Known, ranks: Int32Array): Views {
  const places = new Int32Array(ledger.keys.length).fill(-1);
  const orders = writes.map((list) => {
    const order = [...list].sort((a, b) => (ranks[a.txn] ?? 0) - (ranks[b.txn] ?? 0));
    for (const [place, { label }] of order.entries()) places[label] = place;
    return order.map(({ label }) => label);
  });
  const { sources } = registers;
  return {
    present,
    place: (write) => places[write] as number,
    seen: (read) => {
      const write = sources[read] as number;
      return write >= 0 ? (places[write] as number) + 1 : write === source.initial ? 0 : -1;
    },
    shown: (read) => sources[read] as number,
    writesOf: (key) => ({ placed: orders[key] ?? [], free: [] }),
  };
}
