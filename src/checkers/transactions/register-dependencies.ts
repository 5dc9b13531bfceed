// The dependencies of rw-register: who read whose write (wr) is certain; who overwrote whom (ww),
// and who read what whom overwrote (rw), follows from the order of versions, which is known in
// part.
import { find } from '../findings.js';
import { edge, fan, type Graph, GraphBuilder, type Write } from './graph.js';
import { fate, type Ledger } from './ledger.js';
import { witness } from './orders.js';
import { type Registers, source } from './registers.js';
import type { Case } from './verdict.js';
import type { Versions } from './versions.js';

/** Who read each version, by its number: writes, then the first versions of keys. */
export type Readers = ReadonlyMap<number, readonly number[]>;

/** Readers by version, each once; and who read a version and then wrote the same key. */
export function readersIn(ledger: Ledger, { sources }: Registers): Readers {
  const readers = new Map<number, number[]>();
  for (let at = 0; at < sources.length; at++) {
    const write = sources[at] as number;
    if (write < source.initial) continue;
    const version = write === source.initial ? sources.length + (ledger.keys[at] as number) : write;
    const reader = ledger.owners[at] as number;
    const known = readers.get(version);
    if (known === undefined) readers.set(version, [reader]);
    else if (known[known.length - 1] !== reader) known.push(reader);
  }
  return readers;
}

/** The last writes to each key of transactions that took place, by key. */
export function writesIn(ledger: Ledger, registers: Registers, present: Uint8Array): Write[][] {
  const writes: Write[][] = ledger.keyNames.map(() => []);
  for (let at = 0; at < ledger.keys.length; at++) {
    const txn = ledger.owners[at] as number;
    if (ledger.writes[at] === 0 || present[txn] === 0 || registers.superseded[at] === 1) continue;
    writes[ledger.keys[at] as number]?.push({ txn, label: at });
  }
  return writes;
}

/** What is known of a history's registers. */
export interface Known {
  readonly registers: Registers;
  readonly readers: Readers;
  readonly writes: readonly (readonly Write[])[];
  readonly present: Uint8Array;
}

/** All dependencies that are certain, given an order of versions. */
export function registerDependencies(
  ledger: Ledger,
  known: Known,
  versions: Versions,
): GraphBuilder {
  const builder = new GraphBuilder(ledger.count);
  addReads(builder, ledger, known);
  addVersions(builder, ledger, known, versions);
  return builder;
}

/** Adds wr edges, and rw edges from those who read what was there at first. */
function addReads(builder: GraphBuilder, ledger: Ledger, known: Known): void {
  const { readers, writes, present } = known;
  const operations = ledger.keys.length;
  for (const [version, txns] of readers) {
    if (version >= operations) {
      fan(builder, txns, writes[version - operations] ?? []);
      continue;
    }
    const writer = ledger.owners[version] as number;
    if (present[writer] === 0) continue;
    for (const reader of txns) builder.add(writer, reader, edge.wr, version);
  }
}

/** Adds ww and rw edges from each version to those that came later. */
function addVersions(
  builder: GraphBuilder,
  ledger: Ledger,
  known: Known,
  versions: Versions,
): void {
  const { readers, present } = known;
  const { graph, broken } = versions;
  for (let version = 0; version < ledger.keys.length; version++) {
    if (broken[ledger.keys[version] as number] === 1) continue;
    const later = successors(ledger, graph, version, present);
    if (later.length > 0) addLater(builder, ledger, { version, later, present, readers });
  }
}

interface Later {
  readonly version: number;
  readonly later: readonly Write[];
  readonly present: Uint8Array;
  readonly readers: Readers;
}

function addLater(builder: GraphBuilder, ledger: Ledger, one: Later): void {
  const { version, later, present, readers } = one;
  const writer = ledger.owners[version] as number;
  if (present[writer] === 1) {
    for (const { txn, label } of later) builder.add(writer, txn, edge.ww, label);
  }
  fan(builder, readers.get(version) ?? [], later);
}

/** The writes that came after a version, one of each transaction. */
function successors(ledger: Ledger, graph: Graph, version: number, present: Uint8Array): Write[] {
  const found = new Map<number, Write>();
  const end = graph.starts[version + 1] as number;
  for (let at = graph.starts[version] as number; at < end; at++) {
    const label = graph.targets[at] as number;
    if (label >= ledger.keys.length) continue;
    const txn = ledger.owners[label] as number;
    if (present[txn] === 1) found.set(txn, { txn, label });
  }
  return [...found.values()];
}

/** A guess: the writes of each key took place in the order of these ranks of transactions. */
export function addGuess(
  builder: GraphBuilder,
  ledger: Ledger,
  known: Known,
  ranks: ArrayLike<number>,
): void {
  const { readers, present } = known;
  const rankOf = ({ txn }: Write): number => ranks[txn] ?? -1;
  for (const writes of known.writes) {
    const order = [...writes].sort((a, b) => rankOf(a) - rankOf(b) || a.txn - b.txn);
    for (const [at, { label }] of order.entries()) {
      const later = order.slice(at + 1, at + 2);
      addLater(builder, ledger, { version: label, later, present, readers });
    }
  }
}

/** Two transactions read the same version, and then both wrote the key; versions in a circle. */
export function findVersionAnomalies(
  { ledger, findings }: Case,
  registers: Registers,
  versions: Versions,
): void {
  const updaters = new Map<number, number>();
  for (let at = 0; at < ledger.keys.length; at++) {
    const read = ledger.previous[at] as number;
    const own = ledger.owners[at] as number;
    if (ledger.writes[at] === 0 || read < 0 || ledger.fates[own] !== fate.committed) continue;
    const write = registers.sources[read] as number;
    if (write < source.initial) continue;
    const version = write < 0 ? ledger.keys.length + (ledger.keys[at] as number) : write;
    const before = updaters.get(version);
    if (before === undefined) updaters.set(version, own);
    else if (before !== own) {
      const wrong = 'both read the same version of a key, and then both wrote it';
      find(findings, 'lost-update', () => witness(ledger, [before, own], wrong));
    }
  }
  for (const cycle of versions.cyclic) {
    const writers = cycle.filter((version) => version < ledger.keys.length);
    const txns = [...new Set(writers.map((write) => ledger.owners[write] as number))].slice(0, 8);
    const wrong = 'each of the versions that they wrote was there before it was written';
    find(findings, 'cyclic-versions', () => witness(ledger, txns, wrong));
  }
}
