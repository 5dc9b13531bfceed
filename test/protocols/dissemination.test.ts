// Rumours, trees and overlays against what their papers say of them.
import { describe, expect, it } from 'vitest';
import { advance, type Running, simulate, start } from '../../src/scenario/simulate.js';
import { inspect } from '../../src/sim/inspect.js';
import { epidemic } from '../support/epidemic.js';

describe('rumour mongering among 1,000 nodes', () => {
  const blind = { direction: 'push', feedback: false, interest: 'coin' };

  it.each([
    [1, 0.96, 0.04],
    [2, 0.2, 1.6],
    [3, 0.06, 2.8],
  ])('blind by coin, k = %i: residue %f, traffic %f (table 2)', (k, residue, traffic) => {
    const runs = [...'abcdefghi'].map((seed) => epidemic({ ...blind, k }, seed));
    const mean = (of: (run: (typeof runs)[number]) => number): number =>
      runs.reduce((sum, run) => sum + of(run), 0) / runs.length;
    expect(Math.abs(mean((run) => run.residue) - residue)).toBeLessThan(0.03);
    expect(Math.abs(mean((run) => run.traffic) - traffic)).toBeLessThan(0.2);
  });

  it('leaves e^(−traffic) of the nodes without it, however it is pushed', () => {
    for (const k of [1, 2, 3]) {
      const { residue, traffic } = epidemic({ direction: 'push', k }, 'law');
      expect(Math.abs(residue - Math.exp(-traffic))).toBeLessThan(0.03);
    }
  });

  it('reaches fewer who are refused, and more again when they hunt', () => {
    const limited = { direction: 'push', k: 2, connectionLimit: 1 };
    const refused = epidemic(limited, 'limit');
    const hunting = epidemic({ ...limited, hunts: 4 }, 'limit');
    expect(hunting.lastCycles).toBeLessThanOrEqual(refused.lastCycles);
  });
});

describe('HyParView', () => {
  const running = (nodes: number): Running => {
    const begun = start(
      // Long enough for nobody to be in the middle of becoming a neighbour.
      { protocol: 'dissemination/plumtree', nodes, duration: '20s', recovery: '0s' },
      'views',
    );
    while (advance(begun, 1_000));
    return begun;
  };
  const peersOf = ({ world }: Running): ReadonlyMap<string, readonly string[]> =>
    new Map(
      world.members.map((member) => {
        const state = inspect(world, member)?.state as unknown as {
          views: { active: ReadonlyMap<string, number> };
        };
        return [member, [...state.views.active.keys()]];
      }),
    );

  it('has small, symmetric views that connect everybody', () => {
    const peers = peersOf(running(60));
    for (const [node, active] of peers) {
      expect(active.length).toBeLessThanOrEqual(5);
      for (const peer of active) expect(peers.get(peer)).toContain(node);
    }
    const reached = new Set(['n0']);
    for (const node of reached) for (const peer of peers.get(node) ?? []) reached.add(peer);
    expect(reached.size).toBe(60);
  });
});

describe('Plumtree', () => {
  it('sends a value to each node once, when the tree has grown', () => {
    let payloads = 0;
    const begunUs = 10_000_000;
    const run = simulate(
      {
        protocol: { name: 'dissemination/plumtree', options: { backup: '0s' } },
        nodes: 40,
        workload: { name: 'broadcast', rate: 10 },
        network: { latency: '10ms' },
        duration: '20s',
      },
      'rmr',
      [],
      {
        observer: ({ atUs, effects }) => {
          for (const effect of effects) {
            if (effect.effect !== 'send' || atUs < begunUs) continue;
            if ((effect.body as { type: string }).type === 'gossip') payloads += 1;
          }
        },
      },
    );
    const values = run.history.ops.filter(
      ({ f, type, timeUs }) => f === 'broadcast' && type === 'ok' && timeUs >= begunUs,
    ).length;
    // Relative message redundancy: 0 in a tree, about 3 when flooding with 4 peers.
    expect(payloads / (values * 39) - 1).toBeLessThan(0.2);
  });

  it('loses values without grafts, and none with them', () => {
    const lossy = {
      nodes: 15,
      workload: { name: 'broadcast', rate: 20 },
      network: { latency: '10ms', loss: '2%' },
      duration: '6s',
    };
    const valid = (name: string): unknown[] =>
      ['a', 'b', 'c'].map((seed) => {
        const protocol = { name, options: { backup: '0s' } };
        return simulate({ ...lossy, protocol }, seed).assessment.valid;
      });
    expect(valid('dissemination/plumtree')).toEqual([true, true, true]);
    expect(valid('dissemination/plumtree-no-graft')).toEqual([false, false, false]);
  });
});
