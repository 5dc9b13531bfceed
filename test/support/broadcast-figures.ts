// The figures of a broadcast, as Maelstrom counts them: messages between servers an operation, and
// stable latencies. 25 nodes, 100 ms a hop, 100 operations a second for 20 s unless told otherwise.
import { assert } from '../../src/kernel/assert.js';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { simulate } from '../../src/scenario/simulate.js';

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
  assert(run.assessment.valid === true, 'a run whose figures are taken is valid', { seed });
  const { ops } = run.history;
  const invoked = ops.filter(({ type }) => type === 'invoke');
  const { sent } = run.result.counts.messages.servers;
  const setFull = run.assessment.judgements.find(({ name }) => name === 'set-full');
  const maelstrom = setFull?.stats?.maelstrom as Record<string, unknown>;
  const latencies = maelstrom['stable-latencies'] as Record<string, number>;
  return {
    perOp: sent / invoked.length,
    perBroadcast: sent / invoked.filter(({ f }) => f === 'broadcast').length,
    medianMs: latencies['0.5'] ?? Number.NaN,
    p95Ms: latencies['0.95'] ?? Number.NaN,
    maxMs: latencies['1'] ?? Number.NaN,
  };
}
