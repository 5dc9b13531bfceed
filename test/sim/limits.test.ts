// How a run ends: when nothing is left to do, when its phases are over, or at a limit.
import { describe, expect, it } from 'vitest';
import { createWorld } from '../../src/sim/create.js';
import { advance, step } from '../../src/sim/loop.js';
import { resultOf } from '../../src/sim/result.js';
import { acting, clientsOf, second, specOf, watch } from '../support/worlds.js';

/** Two nodes that never stop talking; with `copies` > 1 there are more messages all the time. */
const chatter = (copies: number) =>
  acting([[1_000, 'n0', (ctx) => ctx.send('n1', { type: 'a' })]], {
    on: {
      a(_, { src, body }, ctx) {
        for (let n = 0; n < copies; n++) ctx.send(src, body);
      },
    },
  });

const limits = { eventsMax: 100_000, pendingMax: 10_000 };

describe('a run', () => {
  it('ends with its phases when there are no clients, whatever is still under way', () => {
    const { result, steps } = watch({ protocol: chatter(1) });
    expect(result).toMatchObject({ end: 'done', virtualUs: 11 * second });
    expect(steps.at(-1)?.happening).toEqual({ kind: 'phase', phase: 'done' });
  });

  it('goes from main to recovery to final', () => {
    const { steps } = watch({ clients: clientsOf({ final: () => [{ f: 'ask', value: 1 }] }) });
    const phases = steps.flatMap(({ atUs, happening }) =>
      happening.kind === 'phase' ? `${atUs} ${happening.phase}` : [],
    );
    expect(phases).toEqual(['10000000 recovery', '11000000 final']);
  });

  it('ends at its limit of events, to the event', () => {
    const { result, steps } = watch({ protocol: chatter(1), limits: { ...limits, eventsMax: 50 } });
    expect(result).toMatchObject({ end: 'events-limit', events: 50 });
    expect(steps).toHaveLength(50);
  });

  it('ends at its limit of pending events, which a flood meets soon', () => {
    const { result } = watch({ protocol: chatter(2), limits: { ...limits, pendingMax: 500 } });
    expect(result.end).toBe('pending-limit');
    expect(result.events).toBeLessThan(2_000);
  });

  it('that has ended does nothing more', () => {
    const world = createWorld(specOf({ protocol: chatter(1) }));
    while (advance(world, 1_000));
    const { digest, events } = resultOf(world);
    expect([step(world), advance(world, 10)]).toEqual([false, false]);
    expect(resultOf(world)).toMatchObject({ digest, events, end: 'done' });
  });

  it('that is asked for too early says that it was interrupted', () => {
    const world = createWorld(specOf({ protocol: chatter(1) }));
    expect(advance(world, 20)).toBe(true);
    expect(resultOf(world)).toMatchObject({ end: 'interrupted', events: 20 });
  });

  it('goes the same way in one slice, in many, or step by step', () => {
    const ways = [1_000_000, 7, 1].map((count) => {
      const world = createWorld(specOf({ protocol: chatter(1) }));
      while (advance(world, count));
      return resultOf(world).digest;
    });
    expect(new Set(ways).size).toBe(1);
  });

  it('has an observer that is told of every event, in order, each with its cause', () => {
    const { steps, result } = watch({ protocol: chatter(1) });
    expect(steps.map(({ index }) => index)).toEqual([...Array(result.events).keys()]);
    expect(steps.every(({ index, cause }) => cause < index)).toBe(true);
    expect(steps.at(-1)?.digest).toBe(result.digest);
    const causes = steps.filter(({ happening }) => happening.kind === 'deliver').slice(1, 50);
    for (const { cause, atUs } of causes) expect(steps[cause]?.atUs).toBe(atUs - 10_000);
  });

  it('may be given an observer in the middle', () => {
    const world = createWorld(
      specOf({
        protocol: acting([
          [
            1_000,
            'n0',
            () => {
              throw new Error('before anybody looked');
            },
          ],
          [2_000, 'n1', (ctx) => ctx.note('seen')],
        ]),
      }),
    );
    while (world.crashes.length === 0) step(world);
    const crashes: unknown[] = [];
    world.observer = ({ crash }) => crashes.push(crash);
    while (advance(world, 100));
    expect(new Set(crashes)).toEqual(new Set([undefined]));
  });
});
