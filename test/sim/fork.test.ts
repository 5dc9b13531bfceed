// Forks: a world and its fork go the same way from the same instant, and each its own way after.
import { describe, expect, it } from 'vitest';
import { stream } from '../../src/kernel/random.js';
import { protocols } from '../../src/protocols/index.js';
import { scenarioOf } from '../../src/scenario/from-code.js';
import { resolve } from '../../src/scenario/resolve.js';
import { createWorld, forkWorld } from '../../src/sim/create.js';
import { digestWorld } from '../../src/sim/inspect.js';
import { advance } from '../../src/sim/loop.js';
import { resultOf } from '../../src/sim/result.js';
import type { WorldSpec } from '../../src/sim/spec.js';
import type { World } from '../../src/sim/world.js';
import { swarm } from '../support/swarm.js';
import { type Act, acting, second, specOf } from '../support/worlds.js';

function swarmSpec(name: string, number: number): WorldSpec {
  const input = swarm(protocols.get(name) as never, number);
  return resolve(scenarioOf(input), { seed: 'fork', edits: [], strict: false });
}

function finished(world: World): string {
  while (advance(world, 10_000));
  return `${JSON.stringify(resultOf(world).counts)} ${world.digest} ${digestWorld(world)}`;
}

/** A world that has gone so far. */
function advanced(spec: WorldSpec, events: number): World {
  const world = createWorld(spec);
  advance(world, events);
  return world;
}

const storms = [...protocols.keys()].flatMap((name) =>
  [0, 1, 2, 3, 4].map((i) => [name, i] as const),
);

describe('forkWorld', () => {
  it.each(storms)('goes on as its original does: %s in swarm %i', (name, number) => {
    const spec = swarmSpec(name, number);
    const unforked = createWorld(spec);
    const whole = finished(unforked);
    const at = stream('fork', `${name}/${number}`).below(unforked.events);
    const original = advanced(spec, at);
    const fork = forkWorld(original);
    expect(digestWorld(fork)).toBe(digestWorld(original));
    expect(finished(fork)).toBe(whole);
    expect(finished(original)).toBe(whole);
  });

  it('is not seen by its original, whichever goes first', () => {
    const spec = swarmSpec('broadcast/durable', 7);
    const original = advanced(spec, 2_000);
    const before = digestWorld(original);
    const fork = forkWorld(original);
    advance(fork, 1_000);
    expect(digestWorld(original)).toBe(before);
    const after = digestWorld(fork);
    advance(original, 3_000);
    expect(digestWorld(fork)).toBe(after);
  });

  it('can be forked again', () => {
    const spec = swarmSpec('broadcast/flood-retry', 5);
    const whole = finished(createWorld(spec));
    const again = forkWorld(forkWorld(advanced(spec, 1_000)));
    expect(finished(again)).toBe(whole);
  });

  it('leaves the trace and the observer behind', () => {
    const world = createWorld(specOf({}));
    world.observer = () => {};
    expect(forkWorld(world)).toMatchObject({ observer: undefined, trace: undefined });
  });

  it.each([
    ['what waits at a paused node', { f: 'pause', nodes: ['n1'] }],
    ['what a hold holds', { f: 'cut', links: [['n0', 'n1']], mode: 'hold' }],
  ] as const)('keeps %s for itself', (_, fault) => {
    const acts = Array.from(
      { length: 20 },
      (_, n): Act => [1_000 * n, 'n0', (ctx) => ctx.send('n1', { type: 'a', n })],
    );
    const spec = specOf({ protocol: acting(acts), faults: [[5_500, fault, second]] });
    const whole = finished(createWorld(spec));
    const original = createWorld(spec);
    while (original.queue.nowUs < 17_000) advance(original, 1);
    const fork = forkWorld(original);
    while (original.queue.nowUs < 100_000) advance(original, 1);
    expect(finished(fork)).toBe(whole);
    expect(finished(original)).toBe(whole);
  });

  it('shares parts of a state with its timers as the original does', () => {
    const spec = specOf({
      protocol: acting(
        [
          [
            1_000,
            'n0',
            (ctx, state) => {
              const job = { type: 'job', left: 1 };
              state.job = job;
              ctx.setTimer(job as never, second);
            },
          ],
          [2_000, 'n0', (_, state) => Object.assign(state.job as object, { left: 7 })],
        ],
        { timers: { job: (_, { left }, ctx) => ctx.note(`${left} left`) } },
      ),
    });
    const original = advanced(spec, 3);
    const notes: unknown[] = [];
    const fork = forkWorld(original);
    fork.observer = ({ effects }) => notes.push(...effects);
    advance(fork, 100);
    expect(notes).toEqual([{ effect: 'note', text: '7 left' }]);
  });
});
