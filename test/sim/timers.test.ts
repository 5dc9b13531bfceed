// Timers: when they fire, in which order, and when they do not.
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { TimerTable } from '../../src/sim/timer-table.js';
import { type Act, acting, type Setting, second, watch } from '../support/worlds.js';

const ring = (n: number) => ({ type: 'ring', n }) as never;

/** Notes the number of each timer that rings. */
const ringing = (acts: readonly Act[], setting: Setting = {}) =>
  watch({
    protocol: acting(acts, {
      timers: { ring: (_, { n }, ctx) => ctx.note(`ring ${n}`) },
    }),
    ...setting,
  });

describe('timers', () => {
  it('fire once, after their delay', () => {
    const { notes } = ringing([[1_000, 'n0', (ctx) => ctx.setTimer(ring(1), 500)]]);
    expect(notes).toEqual(['1500 n0 ring 1']);
  });

  it('fire in the order of their times, and of setting when those are equal', () => {
    const { notes } = ringing([
      [
        1_000,
        'n0',
        (ctx) => {
          ctx.setTimer(ring(1), 30);
          ctx.setTimer(ring(2), 10);
          ctx.setTimer(ring(3), 30);
          ctx.setTimer(ring(4), 0);
        },
      ],
    ]);
    expect(notes).toEqual(['1000 n0 ring 4', '1010 n0 ring 2', '1030 n0 ring 1', '1030 n0 ring 3']);
  });

  it('are numbered 1, 2, 3 in each life of a node', () => {
    const { notes } = watch({
      protocol: acting([], {
        init(ctx) {
          const ids = [1, 2].map(() => ctx.setTimer({ type: 'never' }, 5 * second));
          ctx.note(`life ${ctx.incarnation}: ${ids}`);
          return {};
        },
      }),
      nodes: ['n0'],
      faults: [[second, { f: 'crash', nodes: ['n0'], lost: 'all' }, second]],
    });
    expect(notes).toEqual(['0 n0 life 1: 1,2', '2000000 n0 life 2: 1,2']);
  });

  it('do not fire once they are cleared', () => {
    const { notes } = ringing([
      [
        1_000,
        'n0',
        (ctx, state) => {
          state.id = ctx.setTimer(ring(1), 500);
          ctx.setTimer(ring(2), 500);
        },
      ],
      [1_499, 'n0', (ctx, state) => ctx.clearTimer(state.id as number)],
    ]);
    expect(notes).toEqual(['1500 n0 ring 2']);
  });

  it('may be cleared in the handler that set them', () => {
    const { notes } = ringing([[1_000, 'n0', (ctx) => ctx.clearTimer(ctx.setTimer(ring(1), 500))]]);
    expect(notes).toEqual([]);
  });

  it('may be set again by the handler that they call', () => {
    const { notes } = watch({
      protocol: acting([[1_000, 'n0', (ctx) => ctx.setTimer(ring(3), 10)]], {
        timers: {
          ring(_, { n }, ctx) {
            ctx.note(`ring ${n}`);
            if (n > 1) ctx.setTimer(ring(n - 1), 10);
          },
        },
      }),
    });
    expect(notes).toEqual(['1010 n0 ring 3', '1020 n0 ring 2', '1030 n0 ring 1']);
  });

  it.each([
    ['one that was cleared before', (id: number) => [id, id]],
    ['one that there never was', () => [99, 0, -1]],
  ])('are left alone when %s is cleared', (_, idsOf) => {
    const { notes, result } = ringing([
      [
        1_000,
        'n0',
        (ctx) => {
          const id = ctx.setTimer(ring(1), 500);
          ctx.setTimer(ring(2), 500);
          for (const cleared of idsOf(id)) ctx.clearTimer(cleared);
        },
      ],
    ]);
    expect(notes.at(-1)).toBe('1500 n0 ring 2');
    expect(result.crashes).toEqual([]);
  });

  it('that have fired may be cleared, which is no error', () => {
    const { notes, result } = ringing([
      [
        1_000,
        'n0',
        (ctx, state) => {
          state.id = ctx.setTimer(ring(1), 1);
        },
      ],
      [2_000, 'n0', (ctx, state) => ctx.clearTimer(state.id as number)],
      [3_000, 'n0', (ctx) => ctx.setTimer(ring(2), 1)],
    ]);
    expect(notes).toEqual(['1001 n0 ring 1', '3001 n0 ring 2']);
    expect(result.crashes).toEqual([]);
  });

  it('of one node are not cleared by another, whose numbers are the same', () => {
    const { notes } = ringing([
      [1_000, 'n0', (ctx) => ctx.setTimer(ring(1), 500)],
      [1_000, 'n1', (ctx) => ctx.clearTimer(ctx.setTimer(ring(2), 500))],
    ]);
    expect(notes).toEqual(['1500 n0 ring 1']);
  });

  it('die in a crash, and do not come back with the node', () => {
    const { notes } = ringing([[1_000, 'n0', (ctx) => ctx.setTimer(ring(1), second)]], {
      faults: [[500_000, { f: 'crash', nodes: ['n0'], lost: 'all' }, 1_000]],
    });
    expect(notes).toEqual([]);
  });

  it('without a handler do nothing but count', () => {
    const { result } = ringing([[1_000, 'n0', (ctx) => ctx.setTimer({ type: 'who' }, 1)]]);
    expect(result.unhandled).toEqual([{ type: 'who', count: 1 }]);
  });
});

describe('TimerTable', () => {
  type Move = { readonly node: number; readonly id: number; readonly take: boolean };
  const move = fc.record({ node: fc.nat(5), id: fc.nat(40), take: fc.boolean() });

  test.prop([fc.array(move, { maxLength: 400 })], { seed: 1 })('agrees with a Map', (moves) => {
    const [table, map] = [new TimerTable(), new Map<string, number>()];
    for (const [i, { node, id, take }] of moves.entries()) make(table, map, { node, id, take }, i);
    for (let node = 0; node <= 5; node++) {
      const ids = [...map.keys()].filter((name) => name.startsWith(`${node}/`));
      expect(table.idsOf(node)).toEqual(
        ids.map((name) => Number(name.slice(2))).toSorted((a, b) => a - b),
      );
    }
  });

  function make(table: TimerTable, map: Map<string, number>, { node, id, take }: Move, i: number) {
    const name = `${node}/${id}`;
    if (take || map.has(name)) {
      expect(table.take(node, id)).toBe(map.get(name) ?? 0);
      map.delete(name);
    } else {
      table.set(node, id, i + 1);
      map.set(name, i + 1);
    }
  }

  it('holds a hundred thousand timers of a thousand nodes', () => {
    const table = new TimerTable();
    for (let slot = 0; slot < 100_000; slot++)
      table.set(slot % 1_000, Math.floor(slot / 1_000), slot);
    for (let slot = 99_999; slot >= 1; slot--) {
      expect(table.take(slot % 1_000, Math.floor(slot / 1_000))).toBe(slot);
    }
  });

  it('has clones that go their own way', () => {
    const table = new TimerTable();
    table.set(1, 1, 5);
    const twin = table.clone();
    table.take(1, 1);
    expect([table.take(1, 1), twin.take(1, 1)]).toEqual([0, 5]);
  });
});
