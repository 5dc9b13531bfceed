// Random histories for properties: chaotic ones, in which anything well-formed may happen, and
// plausible ones, which a small set of nodes could have produced.
import fc from 'fast-check';
import { type History, historyOf } from '../../src/history/history.js';
import type { Op, OpType } from '../../src/history/op.js';

/** Parameters of every property here: the seed is pinned, so that a failure repeats. */
export const pinned = (numRuns: number) => ({ seed: 20260, numRuns }) as const;

type Draft = { -readonly [K in keyof Op]: Op[K] };

interface Step {
  readonly worker: number;
  readonly delayUs: number;
  /** What to invoke when the worker is idle; a value, or a read. */
  readonly value: number | undefined;
  /** What a read returns. */
  readonly seen: readonly number[];
  readonly type: OpType;
}

const step: fc.Arbitrary<Step> = fc.record({
  worker: fc.nat({ max: 3 }),
  delayUs: fc.oneof(fc.nat({ max: 5 }), fc.integer({ min: 900, max: 40_000 })),
  value: fc.option(fc.nat({ max: 4 }), { nil: undefined }),
  seen: fc.array(fc.nat({ max: 5 }), { maxLength: 6 }),
  type: fc.oneof(
    { weight: 6, arbitrary: fc.constant<OpType>('ok') },
    { weight: 1, arbitrary: fc.constantFrom<OpType>('fail', 'info') },
  ),
});

/** Anything well-formed: reads return what they like, values are added again and again. */
export const chaoticHistory: fc.Arbitrary<History> = fc
  .record({
    steps: fc.array(step, { minLength: 6, maxLength: 50, size: 'max' }),
    /** From which step on operations are final; beyond the end: never. */
    finalFrom: fc.nat({ max: 60 }),
    placed: fc.boolean(),
  })
  .map(({ steps, finalFrom, placed }) => {
    const recorder = recording();
    for (const [at, { worker, delayUs, value, seen, type }] of steps.entries()) {
      const open = recorder.open.get(worker);
      recorder.timeUs += delayUs;
      if (open !== undefined) {
        recorder.complete(worker, type, open.f === 'read' ? seen : open.value);
        continue;
      }
      const f = value === undefined ? 'read' : 'add';
      recorder.invoke(worker, {
        ...{ f, value },
        ...(placed && { node: `n${worker % 3}` }),
        ...(at >= finalFrom && { final: true }),
      });
    }
    return historyOf(recorder.ops);
  });

/**
 * Nodes that pass each value on after a while, most of the time; clients that add each value once
 * and read; a pause; final reads. `lossPpm` says how often a value never reaches a node.
 */
export const plausibleHistory = (lossPpm: number): fc.Arbitrary<History> =>
  fc
    .record({
      nodes: fc.integer({ min: 1, max: 4 }),
      steps: fc.array(step, { minLength: 4, maxLength: 60, size: 'max' }),
      /** Draws for what the network does. */
      luck: fc.infiniteStream(fc.nat({ max: 999_999 })),
    })
    .map(({ nodes, steps, luck }) => {
      const recorder = recording();
      const next = (): number => Number(luck.next().value ?? 0);
      const cluster = Array.from({ length: nodes }, () => new Map<number, number>());
      for (const [value, each] of steps.entries()) {
        recorder.timeUs += each.delayUs;
        const node = each.worker % nodes;
        if (recorder.open.has(each.worker)) {
          complete({ recorder, cluster, next, lossPpm }, each, node);
        } else {
          const op =
            each.value === undefined ? { f: 'read', value: undefined } : { f: 'add', value };
          recorder.invoke(each.worker, { ...op, node: `n${node}` });
        }
      }
      readFinally(recorder, cluster);
      return historyOf(recorder.ops);
    });

/** By node: since when it has each value. */
type Cluster = readonly Map<number, number>[];

interface Weather {
  readonly recorder: Recorder;
  readonly cluster: Cluster;
  readonly lossPpm: number;
  next(): number;
}

function complete({ recorder, cluster, lossPpm, next }: Weather, step: Step, node: number): void {
  const { worker, type } = step;
  const { f, value } = recorder.open.get(worker) ?? { f: 'read', value: undefined };
  if (f === 'read') {
    // Reads may be repeated without harm, so that none ends unknown.
    const seen = readAt(cluster, node, recorder.timeUs);
    recorder.complete(worker, type === 'info' ? 'fail' : type, seen);
    return;
  }
  recorder.complete(worker, type, value);
  // What failed did not happen, what is unknown may have.
  if (type === 'fail' || (type === 'info' && next() % 2 === 0)) return;
  for (const [at, known] of cluster.entries()) {
    const delayUs = at === node ? 0 : next() % 200_000;
    if (at === node || next() >= lossPpm) known.set(Number(value), recorder.timeUs + delayUs);
  }
}

function readFinally(recorder: Recorder, cluster: Cluster): void {
  for (const [worker, { f }] of recorder.open) {
    recorder.complete(worker, f === 'read' ? 'fail' : 'info', undefined);
  }
  recorder.timeUs += 10_000_000;
  for (const node of cluster.keys()) {
    recorder.invoke(node, { f: 'read', value: undefined, node: `n${node}`, final: true });
    recorder.timeUs += 100;
    recorder.complete(node, 'ok', readAt(cluster, node, recorder.timeUs));
  }
}

function readAt(cluster: Cluster, node: number, nowUs: number): readonly number[] {
  return [...(cluster[node] ?? [])].flatMap(([value, atUs]) => (atUs <= nowUs ? [value] : []));
}

interface Recorder {
  readonly ops: Draft[];
  readonly open: Map<number, Draft>;
  timeUs: number;
  invoke(worker: number, op: Pick<Op, 'f' | 'value' | 'node' | 'final'>): void;
  complete(worker: number, type: OpType, value: unknown): void;
}

/** Writes down what workers do; after an info a worker goes on under a new process number. */
function recording(): Recorder {
  const processes = new Map<number, number>();
  const recorder: Recorder = {
    ops: [],
    open: new Map(),
    timeUs: 0,
    invoke(worker, op) {
      const process = processes.get(worker) ?? worker;
      const { ops, timeUs } = recorder;
      const draft: Draft = { index: ops.length, timeUs, process, type: 'invoke', ...op };
      ops.push(draft);
      recorder.open.set(worker, draft);
    },
    complete(worker, type, value) {
      const open = recorder.open.get(worker);
      if (open === undefined) return;
      const { ops, timeUs } = recorder;
      const ended = type === 'invoke' ? 'ok' : type;
      const result = ended === 'ok' ? value : undefined;
      ops.push({ ...open, index: ops.length, timeUs, type: ended, value: result });
      recorder.open.delete(worker);
      if (ended === 'info') processes.set(worker, Number(open.process) + 100);
    },
  };
  return recorder;
}
