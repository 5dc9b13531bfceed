// The figures of a broadcast, as Maelstrom counts them: messages between servers an operation, and
// stable latencies. 25 nodes, 100 ms a hop, 100 operations a second for 20 s unless told otherwise.
import { assert } from '../../src/kernel/assert.js';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { type Run, simulate } from '../../src/scenario/simulate.js';

export interface Figures {
  /** Messages between servers, for each operation and for each broadcast. */
  readonly perOp: number;
  readonly perBroadcast: number;
  /** Maelstrom's stable latency. */
  readonly medianMs: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

export function figuresOf(
  protocol: ScenarioInput['protocol'],
  topology = 'grid',
  more: Partial<ScenarioInput> = {},
  seed = 'glomers',
): Figures {
  const { lost, healedMaxMs: _, ...figures } = measured(protocol, topology, more, seed);
  assert(lost === 0, 'a run whose figures are taken is valid', { seed });
  return figures;
}

interface StormyFigures extends Figures {
  /** Values that somebody lacked in the end. */
  readonly lost: number;
  /** While no partition is on: how long a value that was sent, or could get on, was lacked. */
  readonly healedMaxMs: number;
}

/** The same, of a run that may lose values: then only what got everywhere has a latency. */
export function measured(
  protocol: ScenarioInput['protocol'],
  topology = 'grid',
  more: Partial<ScenarioInput> = {},
  seed = 'glomers',
): StormyFigures {
  const run = simulate(
    {
      protocol,
      nodes: 25,
      workload: { name: 'broadcast', rate: 100, options: { topology } },
      network: { latency: '100ms' },
      checkers: ['set-full', 'stats'],
      ...more,
    },
    seed,
  );
  const { ops } = run.history;
  const invoked = ops.filter(({ type }) => type === 'invoke');
  const { sent } = run.result.counts.messages.servers;
  const setFull = run.assessment.judgements.find(({ name }) => name === 'set-full');
  const maelstrom = setFull?.stats?.maelstrom as Record<string, unknown> | undefined;
  const latencies = (maelstrom?.['stable-latencies'] ?? {}) as Record<string, number>;
  const lost = run.assessment.valid === true ? 0 : Number(maelstrom?.['lost-count'] ?? 1) || 1;
  return {
    perOp: sent / invoked.length,
    perBroadcast: sent / invoked.filter(({ f }) => f === 'broadcast').length,
    medianMs: latencies['0.5'] ?? Number.NaN,
    p95Ms: latencies['0.95'] ?? Number.NaN,
    maxMs: latencies['1'] ?? Number.NaN,
    lost,
    healedMaxMs: healedMaxUs(run) / 1_000,
  };
}

/**
 * The longest time from a value's broadcast, or from the last heal if that is later, until the call
 * of a read that lacks it. Reads that are called while a partition is on do not count.
 */
function healedMaxUs({ history, result }: Run): number {
  const struck = result.faults.flatMap(({ startUs, endUs = Number.POSITIVE_INFINITY }) =>
    startUs === undefined ? [] : [{ startUs, endUs }],
  );
  const sentUs = new Map<unknown, number>();
  let longestUs = 0;
  for (const op of history.ops) {
    if (op.type === 'invoke' && op.f === 'broadcast') sentUs.set(op.value, op.timeUs);
    if (op.type !== 'ok' || op.f !== 'read') continue;
    const calledUs = history.invocationOf(op).timeUs;
    if (struck.some(({ startUs, endUs }) => startUs <= calledUs && calledUs < endUs)) continue;
    const healedUs = Math.max(0, ...struck.map(({ endUs }) => (endUs <= calledUs ? endUs : 0)));
    const seen = new Set(op.value as readonly unknown[]);
    for (const [value, us] of sentUs) {
      if (!seen.has(value)) longestUs = Math.max(longestUs, calledUs - Math.max(us, healedUs));
    }
  }
  return longestUs;
}
