// The upper rungs of the broadcast ladder: what each costs and how fast it is, healthy and while
// partitions come and go. 25 nodes, 100 ms a hop, 100 operations a second. The thresholds are those
// of the Gossip Glomers challenges 3d (400 ms, 600 ms) and 3e (1 s, 2 s), at far fewer messages.
import { describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { simulate } from '../../src/scenario/simulate.js';
import { figuresOf, measured } from '../support/broadcast-figures.js';

type Faults = NonNullable<ScenarioInput['faults']>;

const seeds = ['a', 'b', 'c'];

const threeD = { medianMs: 400, maxMs: 600 };
const threeE = { medianMs: 1_000, maxMs: 2_000 };

describe.each([
  ['broadcast/slotted', { slot: '395ms' }, threeD, 1.0],
  ['broadcast/slotted', { slot: '1580ms' }, threeE, 0.35],
  ['broadcast/slotted-retry', { slot: '395ms' }, threeD, 1.9],
  ['broadcast/slotted-retry', { slot: '1580ms' }, threeE, 0.65],
  ['broadcast/adaptive', { slot: '300ms' }, threeD, 1.9],
  ['broadcast/adaptive', { slot: '900ms' }, threeE, 0.65],
])('%s with %o', (name, options, limits, perOpMax) => {
  it(`needs at most ${perOpMax} messages an operation`, () => {
    for (const seed of seeds) {
      const figures = figuresOf({ name, options }, 'grid', {}, seed);
      expect(figures.perOp).toBeLessThanOrEqual(perOpMax);
      expect(figures.medianMs).toBeLessThan(limits.medianMs);
      expect(figures.maxMs).toBeLessThan(limits.maxMs);
    }
  });
});

describe('adaptive', () => {
  it('masks majorities-ring partitions: 95 % within 600 ms, all within a second', () => {
    for (const seed of seeds) {
      const faults = [{ every: '10s', faults: ['partition'], shapes: ['majorities-ring'] }];
      const more = { faults, duration: '60s' };
      const figures = figuresOf('broadcast/adaptive', 'grid', more, seed);
      expect(figures.p95Ms).toBeLessThanOrEqual(600);
      expect(figures.maxMs).toBeLessThanOrEqual(1_000);
      expect(figures.perOp).toBeLessThan(5);
    }
  });

  it.each(['halves', 'one', 'minority-third'])(
    'has everything everywhere within a second of the heal of %s',
    (shape) => {
      for (const seed of seeds) {
        expect(healedMaxMs('broadcast/adaptive', shape, seed)).toBeLessThanOrEqual(1_000);
      }
    },
  );

  it('needs no hub: it goes on while the first member is down, and when it is back', () => {
    const faults: Faults = [{ at: '5s', for: '5s', fault: 'crash', nodes: ['n0'] }];
    const run = simulate({ ...clients('broadcast/adaptive'), faults }, 'a');
    // What n0 had acknowledged and told nobody is gone with it.
    const others = run.history.ops.filter(({ node }) => node !== 'n0');
    expect(lateReads(others, 7, 10, 1)).toEqual([]);
    expect(lateReads(others, 12, 14, 1)).toEqual([]);
  });
});

it('a tree that retries takes longer than a second after the same heal', () => {
  const longest = seeds.map((seed) => healedMaxMs('broadcast/tree-retry', 'halves', seed));
  expect(Math.max(...longest)).toBeGreaterThan(1_000);
});

function clients(protocol: string): ScenarioInput {
  return {
    protocol,
    nodes: 25,
    workload: { name: 'broadcast', rate: 100, timeout: '1s' },
    network: { latency: '100ms' },
    duration: '15s',
  };
}

/** How long after the heal, or later, somebody lacked a value. */
function healedMaxMs(protocol: string, shape: string, seed: string): number {
  const faults: Faults = [{ at: '4s', for: '6s', fault: 'partition', shape }];
  const figures = measured(protocol, 'grid', { faults, duration: '15s' }, seed);
  expect(figures.lost).toBe(0);
  return figures.healedMaxMs;
}

/** Reads begun in a span that lack a value acknowledged some seconds before they began. */
function lateReads(
  ops: ReturnType<typeof simulate>['history']['ops'],
  fromSeconds: number,
  untilSeconds: number,
  ageSeconds: number,
) {
  const second = 1_000_000;
  const added = ops.filter(({ f, type }) => f === 'broadcast' && type === 'ok');
  const begun = new Map<unknown, number>();
  return ops.filter((op) => {
    if (op.f !== 'read') return false;
    if (op.type === 'invoke') begun.set(op.process, op.timeUs);
    const sinceUs = begun.get(op.process) ?? 0;
    if (op.type !== 'ok' || sinceUs < fromSeconds * second || sinceUs > untilSeconds * second) {
      return false;
    }
    const values = new Set(op.value as number[]);
    return added.some(
      ({ timeUs, value }) =>
        timeUs <= sinceUs - ageSeconds * second && !values.has(value as number),
    );
  });
}
