// set-full twice more, as directly as it can be said and as slowly: Jepsen's code line by line, and
// our own definition by asking every read about every value. Oracles for the fast one. Values are
// numbers and texts here. Sources: jepsen.checker/set-full; docs/checkers.md.
import type { History } from '../../src/history/history.js';
import type { Op } from '../../src/history/op.js';
import { compareValues } from '../../src/history/value.js';

interface ElementState {
  readonly element: unknown;
  known?: Op;
  lastPresent?: Op;
  lastAbsent?: Op;
}

/** jepsen.checker/set-full with `{:linearizable? false}`, lists uncut. */
export function maelstromSetFull(history: History): Record<string, unknown> {
  const elements = new Map<unknown, ElementState>();
  for (const op of history.ops) {
    if (op.process === 'nemesis') continue;
    if (op.f === 'add' || op.f === 'broadcast') {
      if (op.type === 'invoke') elements.set(op.value, { element: op.value });
      const state = elements.get(op.type === 'ok' ? history.invocationOf(op).value : undefined);
      if (op.type === 'ok' && state !== undefined) state.known ??= op;
    }
    if (op.f !== 'read' || op.type !== 'ok') continue;
    const invocation = history.invocationOf(op);
    const present = new Set(op.value as unknown[]);
    for (const state of elements.values()) {
      if (present.has(state.element)) {
        state.known ??= op;
        if ((state.lastPresent?.index ?? -1) < invocation.index) state.lastPresent = invocation;
      } else if ((state.lastAbsent?.index ?? -1) < invocation.index) {
        state.lastAbsent = invocation;
      }
    }
  }
  const sorted = [...elements.values()].sort((a, b) => compareValues(a.element, b.element));
  return results(sorted.map(elementResults));
}

function elementResults({ element, known, lastPresent, lastAbsent }: ElementState) {
  const stable = lastPresent !== undefined && (lastAbsent?.index ?? -1) < lastPresent.index;
  const lost =
    known !== undefined &&
    lastAbsent !== undefined &&
    (lastPresent?.index ?? -1) < lastAbsent.index &&
    known.index < lastAbsent.index;
  const nanos = (op: Op | undefined): number => (op === undefined ? 0 : op.timeUs * 1_000 + 1);
  const latency = (time: number): number =>
    Math.trunc(Math.max(0, time - (known?.timeUs ?? 0) * 1_000) / 1_000_000);
  return {
    element,
    outcome: stable ? 'stable' : lost ? 'lost' : 'never-read',
    stableLatency: stable ? latency(nanos(lastAbsent)) : undefined,
    lostLatency: lost ? latency(nanos(lastPresent)) : undefined,
  };
}

function results(rs: readonly ReturnType<typeof elementResults>[]): Record<string, unknown> {
  const of = (outcome: string) => rs.filter((r) => r.outcome === outcome);
  const [stable, lost, neverRead] = [of('stable'), of('lost'), of('never-read')];
  const stale = stable.filter((r) => (r.stableLatency ?? 0) > 0);
  const worst = [...stale].sort(
    (a, b) =>
      (b.stableLatency ?? 0) - (a.stableLatency ?? 0) || compareValues(a.element, b.element),
  );
  const names = (list: typeof rs) => list.map(({ element }) => element);
  return {
    'valid?': lost.length > 0 ? false : stable.length === 0 ? 'unknown' : true,
    'attempt-count': rs.length,
    'stable-count': stable.length,
    'lost-count': lost.length,
    lost: names(lost),
    'never-read-count': neverRead.length,
    'never-read': names(neverRead),
    'stale-count': stale.length,
    stale: names(stale),
    'worst-stale': worst
      .slice(0, 8)
      .map((r) => ({ element: r.element, 'stable-latency': r.stableLatency })),
    ...distribution(
      'stable-latencies',
      stable.map((r) => r.stableLatency ?? 0),
    ),
    ...distribution(
      'lost-latencies',
      lost.map((r) => r.lostLatency ?? 0),
    ),
    'duplicated-count': 0,
    duplicated: {},
  };
}

function distribution(name: string, latencies: readonly number[]): Record<string, unknown> {
  const sorted = [...latencies].sort((a, b) => a - b);
  const n = sorted.length;
  if (n === 0) return {};
  const at = (q: number) => sorted[Math.min(n - 1, Math.floor(n * q))];
  return { [name]: Object.fromEntries([0, 0.5, 0.95, 0.99, 1].map((q) => [String(q), at(q)])) };
}

/** The values of each kind of anomaly, by our definition. */
export function naiveAnomalies(history: History): Readonly<Record<string, readonly unknown[]>> {
  const clients = history.ops.filter(({ process }) => process !== 'nemesis');
  const adds = clients.filter((op) => op.type === 'invoke' && ['add', 'broadcast'].includes(op.f));
  const reads = clients.flatMap((invoked) => {
    const done = invoked.type === 'invoke' ? history.completionOf(invoked) : undefined;
    if (invoked.f !== 'read' || done?.type !== 'ok') return [];
    return [{ invoked, done, values: done.value as readonly unknown[] }];
  });
  const finals = new Map(
    reads
      .filter(({ invoked }) => invoked.final)
      .map((read) => [read.invoked.node ?? read.invoked.process, read]),
  );
  const values = new Set([...adds.map(({ value }) => value), ...reads.flatMap((r) => r.values)]);
  const kinds = new Map<string, unknown[]>();
  for (const value of values) {
    const own = adds.filter((add) => add.value === value);
    for (const kind of kindsOf({ value, own, reads, finals: [...finals.values()], history })) {
      kinds.set(kind, [...(kinds.get(kind) ?? []), value]);
    }
  }
  return Object.fromEntries([...kinds].map(([kind, found]) => [kind, found.sort(compareValues)]));
}

interface NaiveRead {
  readonly invoked: Op;
  readonly done: Op;
  readonly values: readonly unknown[];
}

interface Case {
  readonly value: unknown;
  readonly own: readonly Op[];
  readonly reads: readonly NaiveRead[];
  readonly finals: readonly NaiveRead[];
  readonly history: History;
}

function kindsOf({ value, own, reads, finals, history }: Case): readonly string[] {
  const has = (read: NaiveRead): boolean => read.values.includes(value);
  const kinds: string[] = [];
  if (reads.some((read) => read.values.filter((other) => other === value).length > 1)) {
    kinds.push('duplicate');
  }
  const added = Math.min(...own.map(({ index }) => index));
  const ends = own.map((op) => history.completionOf(op));
  const failed = own.length > 0 && ends.every((end) => end?.type === 'fail');
  if (reads.some((read) => has(read) && read.done.index < added)) kinds.push('phantom');
  else if (failed && reads.some(has)) kinds.push('failed-but-read');
  if (own.length === 0 || failed) return kinds;
  const acks = ends.filter((end) => end?.type === 'ok').map((end) => end?.index ?? 0);
  const able = reads.filter((read) => read.done.index > added);
  const known = Math.min(...acks, ...able.filter(has).map(({ done }) => done.index));
  const ended = Math.max(...ends.map((end) => end?.index ?? Number.POSITIVE_INFINITY));
  const keepers = finals.filter(has).length;
  const missing =
    Number.isFinite(known) &&
    finals.some(
      (read) =>
        !has(read) && (known < read.invoked.index || (keepers > 0 && ended < read.invoked.index)),
    );
  const last = able.at(-1);
  const latestAbsent = able.findLast((read) => !has(read));
  const gone = last !== undefined && last === latestAbsent && known < last.invoked.index;
  if (missing || gone) kinds.push(acks.length > 0 ? 'lost' : keepers > 0 ? 'diverged' : 'vanished');
  return kinds;
}
