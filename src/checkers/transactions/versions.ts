// Which version of a register came after which, as far as it can be told: what a transaction wrote
// comes after what it had read of the same key; and, if keys are said to be sequential or
// linearizable, what was seen later by a process, or in real time, comes later. A version is the
// write that made it, or the key's first. Source: Kingsbury & Alvaro 2020, §5.2.
import { componentsOf, cyclicMembers } from './components.js';
import { edge, type Graph, GraphBuilder } from './graph.js';
import { fate, type Ledger } from './ledger.js';
import { type Registers, source } from './registers.js';

/** What to infer from, beside what transactions read before they write. */
export interface Hints {
  readonly sequentialKeys: boolean;
  readonly linearizableKeys: boolean;
}

export interface Versions {
  /** Edges from version to version: writes by number, then the first versions of keys. */
  readonly graph: Graph;
  /** One version on each cycle of versions; these keys have no order. */
  readonly cyclic: readonly (readonly number[])[];
  /** 1 for keys whose versions have a cycle. */
  readonly broken: Uint8Array;
}

/** What one transaction did to one key: the first version that it knew, and the last. */
interface Touch {
  readonly txn: number;
  readonly key: number;
  readonly first: number;
  readonly last: number;
}

/** The order of versions. O(operations × concurrency). */
export function versionsIn(ledger: Ledger, registers: Registers, hints: Hints): Versions {
  const writes = ledger.keys.length;
  const builder = new GraphBuilder(writes + ledger.keyNames.length);
  const touches = touchesIn(ledger, registers);
  for (const { txn, first, last } of touches) {
    const wrote = last < writes && ledger.owners[last] === txn;
    if (wrote) builder.add(first, last, edge.ww, -1);
  }
  if (hints.sequentialKeys) addSequential(builder, ledger, touches);
  if (hints.linearizableKeys) addLinearizable(builder, ledger, touches);
  const graph = builder.build();
  const cyclic = cyclicMembers(componentsOf(graph, edge.ww)).map((members) => [...members]);
  const broken = new Uint8Array(ledger.keyNames.length);
  for (const [version = 0] of cyclic) {
    broken[version < writes ? (ledger.keys[version] as number) : version - writes] = 1;
  }
  return { graph, cyclic, broken };
}

/** Of committed transactions and in their order; without those that saw what has no order. */
function touchesIn(ledger: Ledger, registers: Registers): readonly Touch[] {
  const touches: Touch[] = [];
  for (let txn = 0; txn < ledger.count; txn++) {
    if (ledger.fates[txn] !== fate.committed) continue;
    const known = new Map<number, { first: number; last: number }>();
    const end = ledger.starts[txn + 1] as number;
    for (let at = ledger.starts[txn] as number; at < end; at++) {
      const key = ledger.keys[at] as number;
      const version = versionAt(ledger, registers, at);
      if (version === undefined) continue;
      const before = known.get(key);
      if (before === undefined) known.set(key, { first: version, last: version });
      else before.last = version;
    }
    for (const [key, { first, last }] of known) touches.push({ txn, key, first, last });
  }
  return touches;
}

/** The version that an operation saw or made, if that is one which others could see. */
function versionAt(ledger: Ledger, registers: Registers, at: number): number | undefined {
  if (ledger.writes[at] === 1) return registers.superseded[at] === 1 ? undefined : at;
  const write = registers.sources[at] as number;
  if (write === source.initial) return ledger.keys.length + (ledger.keys[at] as number);
  if (write < 0 || registers.superseded[write] === 1) return undefined;
  return ledger.owners[write] === ledger.owners[at] ? undefined : write;
}

function addSequential(builder: GraphBuilder, ledger: Ledger, touches: readonly Touch[]): void {
  const last = new Map<unknown, Map<number, number>>();
  for (const touch of touches) {
    const client = ledger.ops[ledger.invoked[touch.txn] as number]?.process;
    const known = last.get(client) ?? new Map<number, number>();
    last.set(client, known);
    const before = known.get(touch.key);
    if (before !== undefined) builder.add(before, touch.first, edge.ww, -1);
    known.set(touch.key, touch.last);
  }
}

/**
 * Each touch after those that had completed when it was invoked, but for those that are before one
 * of these anyway: at most as many as transactions run at a time.
 */
function addLinearizable(builder: GraphBuilder, ledger: Ledger, touches: readonly Touch[]): void {
  const running = new Map<number, Touch[]>();
  const invokedAt = (touch: Touch): number => ledger.invoked[touch.txn] as number;
  const completedAt = (touch: Touch): number => ledger.completed[touch.txn] as number;
  for (const touch of touches) {
    const others = running.get(touch.key) ?? [];
    const done = others.filter((other) => completedAt(other) < invokedAt(touch));
    const latest = done.reduce((most, other) => Math.max(most, invokedAt(other)), -1);
    const open = others.filter((other) => !done.includes(other));
    const frontier = done.filter((other) => completedAt(other) >= latest);
    for (const other of frontier) builder.add(other.last, touch.first, edge.ww, -1);
    running.set(touch.key, [...frontier, ...open, touch]);
  }
}
