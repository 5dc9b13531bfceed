// What stays is made rounder and shorter: times that a person would write, the default latency,
// faults that strike once and briefly.
import { formatDuration, parseDuration } from '../../kernel/time.js';
import { fallbacks } from '../faults.js';
import type { OperationFile, ScenarioFile } from '../schema.js';
import type { FaultEntryFile } from '../schema-faults.js';
import { operationsIn, withFaults, withOperations } from './parts.js';
import type { Shrinking } from './shrinking.js';

/** Rounder first. */
const unitsUs = [1_000_000, 500_000, 100_000, 50_000, 10_000, 1_000];

/** More operations than this are not made simpler one by one: that takes a dozen runs for each. */
const singlyMax = 40;
/** Fewer than this are not made simpler together. */
const togetherMin = 4;

type Entry = Readonly<Record<string, unknown>>;

/** Tries, part by part, what is simpler; takes what still fails. */
export function* simplify(shrinking: Shrinking): Generator<void, void> {
  yield* plainNetwork(shrinking);
  for (let place = 0; place < (shrinking.file.faults ?? []).length; place++) {
    yield* simplerFault(shrinking, place);
  }
  yield* simplerTogether(shrinking);
  if (operationsIn(shrinking.file).length > singlyMax) return;
  for (let place = 0; place < operationsIn(shrinking.file).length; place++) {
    yield* simplerOperation(shrinking, place);
  }
}

/** Operations are made simpler in the same way, all at once, then by halves and quarters. */
function* simplerTogether(shrinking: Shrinking): Generator<void, void> {
  const count = operationsIn(shrinking.file).length;
  for (const simpler of simplerForms) {
    for (let size = count; size >= Math.max(togetherMin, count / 8); size = Math.ceil(size / 2)) {
      for (let from = 0; from < count; from += size) {
        const operations = operationsIn(shrinking.file).map((operation, place) =>
          place >= from && place < from + size ? simpler(operation) : operation,
        );
        yield* shrinking.take(withOperations(shrinking.file, operations));
      }
    }
  }
}

const simplerForms: readonly ((operation: OperationFile) => OperationFile)[] = [
  ...unitsUs.map((unitUs) => (operation: OperationFile): OperationFile => {
    const us = parseDuration(operation.at) ?? 0;
    return { ...operation, at: formatDuration(us - (us % unitUs)) };
  }),
  (operation) => ({ ...operation, worker: 0 }),
  ({ node: _, ...operation }) => operation,
  ({ op: _, ...operation }) => operation,
];

function* plainNetwork(shrinking: Shrinking): Generator<void, void> {
  const { network: _, ...rest } = shrinking.file;
  if (shrinking.file.network === undefined || (yield* shrinking.take(rest))) return;
  const { latency: __, ...left } = shrinking.file.network;
  if (yield* shrinking.take({ ...shrinking.file, network: left })) return;
  yield* shrinking.take({ ...shrinking.file, network: { ...left, latency: '10ms' } });
}

function* simplerFault(shrinking: Shrinking, place: number): Generator<void, void> {
  const entry = (): Entry => (shrinking.file.faults ?? [])[place] as Entry;
  const take = (changed: Entry): Generator<void, boolean> => {
    const faults = (shrinking.file.faults ?? []).with(place, changed as FaultEntryFile);
    return shrinking.take(withFaults(shrinking.file, faults));
  };
  for (const [field, fallback] of Object.entries(fallbacks.get(String(entry().fault)) ?? {})) {
    if (JSON.stringify(entry()[field]) === JSON.stringify(fallback)) {
      yield* take(without(entry(), field));
    }
  }
  if (entry().id !== undefined) yield* take(without(entry(), 'id'));
  if (typeof entry().count === 'number') yield* take(without(entry(), 'count'));
  if (entry().after !== undefined) yield* take(without(entry(), 'after'));
  if (entry().for !== undefined) yield* shorter(entry, take);
  yield* rounder(entry, take, 'at');
  yield* rounder(entry, take, 'for');
}

/** Half as long, as long as that works. */
function* shorter(
  entry: () => Entry,
  take: (changed: Entry) => Generator<void, boolean>,
): Generator<void, void> {
  for (let us = half(entry().for); us >= 1_000; us = half(entry().for)) {
    if (!(yield* take({ ...entry(), for: formatDuration(us) }))) return;
  }
}

function half(duration: unknown): number {
  const us = (parseDuration(String(duration)) ?? 0) / 2;
  const unitUs = unitsUs.find((unit) => us >= 2 * unit) ?? 1_000;
  return Math.floor(us / unitUs) * unitUs;
}

function* rounder(
  entry: () => Entry,
  take: (changed: Entry) => Generator<void, boolean>,
  field: string,
): Generator<void, void> {
  const us = parseDuration(String(entry()[field])) ?? 0;
  for (const unitUs of unitsUs) {
    if (us % unitUs === 0) return;
    for (const round of [Math.floor(us / unitUs), Math.ceil(us / unitUs)]) {
      if (round === 0 && field === 'for') continue;
      if (yield* take({ ...entry(), [field]: formatDuration(round * unitUs) })) return;
    }
  }
}

function* simplerOperation(shrinking: Shrinking, place: number): Generator<void, void> {
  const entry = (): Entry => operationsIn(shrinking.file)[place] as Entry;
  const take = (changed: Entry): Generator<void, boolean> => {
    const operations = operationsIn(shrinking.file).with(place, changed as OperationFile);
    return shrinking.take(withOperations(shrinking.file, operations));
  };
  yield* rounder(entry, take, 'at');
  if (Number(entry().worker) > 0) yield* take({ ...entry(), worker: 0 });
  if (entry().node !== undefined) yield* take(without(entry(), 'node'));
  if (entry().op !== undefined) yield* take(without(entry(), 'op'));
}

/** Nodes are called n0, n1 …, as many as there are. */
export function* plainNames(shrinking: Shrinking): Generator<void, void> {
  const { nodes } = shrinking.file;
  if (typeof nodes === 'number') return;
  const names = new Map(nodes.map((node, place) => [node, `n${place}`]));
  const renamed = (value: unknown): unknown => {
    if (typeof value === 'string') return names.get(value) ?? value;
    if (Array.isArray(value)) return value.map(renamed);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, renamed(part)]));
  };
  const faults = renamed(shrinking.file.faults) as readonly FaultEntryFile[];
  const operations = operationsIn(shrinking.file).map((operation) => ({
    ...operation,
    ...(operation.node !== undefined && { node: names.get(operation.node) ?? operation.node }),
  }));
  const file = withFaults(withOperations(shrinking.file, operations), faults ?? []);
  yield* shrinking.take({ ...file, nodes: nodes.length });
}

/** Operations and faults in the order of their times. */
export function* inOrder(shrinking: Shrinking): Generator<void, void> {
  const timeOf = (entry: object): number =>
    'at' in entry ? (parseDuration(String(entry.at)) ?? 0) : Number.POSITIVE_INFINITY;
  const sorted = <T extends object>(entries: readonly T[]): readonly T[] => {
    const places = new Map(entries.map((entry, place) => [entry, place]));
    const placeOf = (entry: T): number => places.get(entry) ?? 0;
    const order = (a: T, b: T): number =>
      timeOf(a) < timeOf(b) ? -1 : timeOf(a) > timeOf(b) ? 1 : 0;
    return [...entries].sort((a, b) => order(a, b) || placeOf(a) - placeOf(b));
  };
  const file = withOperations(shrinking.file, sorted(operationsIn(shrinking.file)));
  yield* shrinking.take(withFaults(file, sorted(file.faults ?? [])));
}

/** The file without fields that say what is so anyway. */
function without(entry: Entry, field: string): Entry {
  return Object.fromEntries(Object.entries(entry).filter(([name]) => name !== field));
}

/** Faults and operations: the size of a scenario as shrinking counts it. */
export function sizeOf(file: ScenarioFile): number {
  return (file.faults ?? []).length + operationsIn(file).length + (file.edits ?? []).length;
}
