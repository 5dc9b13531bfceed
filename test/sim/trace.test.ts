// The trace in memory: a row per event, as the observer saw it, in little space.
import { describe, expect, it } from 'vitest';
import { createWorld } from '../../src/sim/create.js';
import { advance } from '../../src/sim/loop.js';
import { kindNames } from '../../src/sim/schedule.js';
import type { Step } from '../../src/sim/step.js';
import { Trace } from '../../src/sim/trace.js';
import { acting, second, specOf } from '../support/worlds.js';

describe('Trace', () => {
  it('has a row for every event: time, kind, who, cause, digest', () => {
    const world = createWorld(
      specOf({
        protocol: acting([
          [1_000, 'n0', (ctx) => ctx.send('n1', { type: 'a' })],
          [2_000, 'n1', (ctx) => ctx.store.sync({ type: 'synced' })],
        ]),
        faults: [[second, { f: 'crash', nodes: ['n0'], lost: 'all' }, second]],
      }),
    );
    const steps: Step[] = [];
    const trace = new Trace();
    world.trace = trace;
    world.observer = (step) => steps.push(step);
    while (advance(world, 100));
    expect(trace.length).toBe(steps.length);
    for (const { index, atUs, cause, happening, digest } of steps) {
      const row = trace.at(index);
      expect([row?.atUs, row?.cause]).toEqual([atUs, cause]);
      expect(kindNames[row?.kind ?? 0]).toBe(happening.kind);
      expect((row?.digest ?? 0) >>> 0).toBe(Number.parseInt(digest.slice(8), 16));
    }
    expect(trace.at(steps.length)).toBeUndefined();
    expect(trace.at(-1)).toBeUndefined();
  });

  it('finds rows in any of its chunks, also of times far apart', () => {
    const trace = new Trace();
    const times: number[] = [];
    let atUs = 0;
    for (let index = 0; index < 200_000; index++) {
      atUs += index % 50_000 === 0 ? 2 ** 33 : 1;
      times.push(atUs);
      trace.push(atUs, 1, index, -1, index - 1, ~index);
    }
    for (const index of [0, 1, 49_999, 50_000, 65_535, 65_536, 131_072, 150_000, 199_999]) {
      expect(trace.at(index)).toEqual({
        atUs: times[index],
        kind: 1,
        node: index,
        peer: -1,
        cause: index - 1,
        digest: ~index,
      });
    }
  });

  it('keeps the largest numbers that there are', () => {
    const trace = new Trace();
    const rows = [
      { atUs: 0, kind: 10, node: -1, peer: -1, cause: -1, digest: -1 },
      { atUs: 3_000_000_000, kind: 31, node: 2 ** 26 - 2, peer: 2 ** 31 - 1, cause: 7, digest: 5 },
      { atUs: 2 ** 32 - 1, kind: 1, node: 50_000_000, peer: -(2 ** 31), cause: 9, digest: 1 },
    ];
    for (const { atUs, kind, node, peer, cause, digest } of rows) {
      trace.push(atUs, kind, node, peer, cause, digest);
    }
    expect(rows.map((_, index) => trace.at(index))).toEqual(rows);
  });

  it('takes no more than 24 bytes an event', () => {
    const trace = new Trace();
    for (let index = 0; index < 300_000; index++) trace.push(index, 1, 0, 0, -1, 0);
    expect(trace.bytes / trace.length).toBeLessThan(24);
  });
});
