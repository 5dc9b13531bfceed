// The context: what a handler can see through it, and that nobody can use it but a handler.
import { describe, expect, it } from 'vitest';
import type { Context } from '../../src/node/protocol.js';
import { createWorld } from '../../src/sim/create.js';
import { advance } from '../../src/sim/loop.js';
import { type Act, acting, type Setting, second, specOf, watch } from '../support/worlds.js';

describe('a context', () => {
  it('shows its node who it is and who else is there', () => {
    const seen: unknown[] = [];
    watch({
      nodes: ['n0', 'n1', 'n2'],
      options: { size: 3 },
      protocol: acting([
        [
          1_000,
          'n1',
          ({ self, nodes, options, nowUs, incarnation }) =>
            seen.push({ self, nodes, options, nowUs, incarnation }),
        ],
      ]),
    });
    expect(seen).toEqual([
      {
        self: 'n1',
        nodes: ['n0', 'n1', 'n2'],
        options: { size: 3 },
        nowUs: 1_000,
        incarnation: 1,
      },
    ]);
  });

  it('lets nobody change the list of members or the options', () => {
    const { result } = watch({
      options: { deep: { n: 1 } },
      protocol: acting([
        [1_000, 'n0', ({ nodes }) => (nodes as string[]).reverse()],
        [1_000, 'n1', ({ options }) => Object.assign((options as { deep: object }).deep, { n: 2 })],
      ]),
    });
    expect(result.crashes.map(({ node }) => node)).toEqual(['n0', 'n1']);
  });

  it('leaves the options of the scenario as they were: unfrozen, and the scenario’s own', () => {
    const options = { deep: { n: 1 } };
    watch({ options, protocol: acting([]) });
    expect(Object.isFrozen(options.deep)).toBe(false);
  });

  const uses: readonly (readonly [string, (ctx: Context) => unknown])[] = [
    ['self', (ctx) => ctx.self],
    ['nowUs', (ctx) => ctx.nowUs],
    ['incarnation', (ctx) => ctx.incarnation],
    ['random', (ctx) => ctx.random.below(2)],
    ['send', (ctx) => ctx.send('n1', { type: 'a' })],
    [
      'reply',
      (ctx) => ctx.reply({ src: 'n1', dest: 'n0', body: { type: 'a' } }, { type: 'b' } as never),
    ],
    ['setTimer', (ctx) => ctx.setTimer({ type: 'never' }, 1)],
    ['clearTimer', (ctx) => ctx.clearTimer(1)],
    ['note', (ctx) => ctx.note('a ghost')],
    ['store.read', (ctx) => ctx.store.read('k')],
    ['store.keys', (ctx) => ctx.store.keys()],
    ['store.write', (ctx) => ctx.store.write('k', 1)],
    ['store.sync', (ctx) => ctx.store.sync({ type: 'never' })],
  ];

  it.each(uses)('is dead when its handler has returned: %s throws', (_, use) => {
    let kept: Context | undefined;
    const world = createWorld(
      specOf({
        protocol: acting([
          [
            1_000,
            'n0',
            (ctx) => {
              kept = ctx as unknown as Context;
            },
          ],
          [second, 'n1', (ctx) => ctx.note('mine')],
        ]),
      }),
    );
    while (kept === undefined && advance(world, 1));
    expect(() => use(kept as Context)).toThrow('a context is valid only while its handler runs');
    const notes: unknown[] = [];
    world.observer = ({ effects }) => notes.push(...effects);
    while (advance(world, 100));
    expect(notes).toEqual([{ effect: 'note', text: 'mine' }]);
  });

  it('is dead when its handler has thrown', () => {
    let kept: Context | undefined;
    watch({
      protocol: acting([
        [
          1_000,
          'n0',
          (ctx) => {
            kept = ctx as unknown as Context;
            throw new Error('no');
          },
        ],
      ]),
    });
    expect(() => kept?.send('n1', { type: 'a' })).toThrow('valid only while its handler runs');
  });

  it.each([
    ['a body without a type', (ctx: Context) => ctx.send('n1', {} as never)],
    ['no body', (ctx: Context) => ctx.send('n1', undefined as never)],
    ['a negative delay', (ctx: Context) => ctx.setTimer({ type: 'x' }, -1)],
    ['half a microsecond', (ctx: Context) => ctx.setTimer({ type: 'x' }, 0.5)],
    ['a delay beyond all time', (ctx: Context) => ctx.setTimer({ type: 'x' }, 2 ** 47)],
    ['a key that is no text', (ctx: Context) => ctx.store.write(1 as never, 1)],
    ['a value that is not plain', (ctx: Context) => ctx.store.write('k', (() => 1) as never)],
  ])('refuses %s, which is a crash of the node', (_, use) => {
    const { result } = watch({
      protocol: acting([[1_000, 'n0', (ctx) => use(ctx as unknown as Context)]]),
    });
    expect(result.crashes.map(({ node, handler }) => `${node} ${handler}`)).toEqual([
      'n0 timers.act',
    ]);
  });
});

describe('ctx.random', () => {
  const draw = (setting: Setting = {}, others: readonly Act[] = []): number[] => {
    const drawn: number[] = [];
    const mine: Act = [
      1_000,
      'n0',
      ({ random }) => drawn.push(random.below(1e6), random.below(1e6)),
    ];
    watch({ protocol: acting([mine, ...others]), ...setting });
    return drawn;
  };

  it('draws the same from the same seed, and other things from another', () => {
    expect(draw()).toEqual(draw());
    expect(draw({ seed: '2' })).not.toEqual(draw());
  });

  it('draws what no other node’s draws can change', () => {
    const other: Act = [500, 'n1', ({ random }) => random.shuffle([1, 2, 3])];
    expect(draw({}, [other])).toEqual(draw());
  });

  it('does not know what the network drew for the message at hand', () => {
    const drawn: number[] = [];
    watch({
      network: { lossPpm: 500_000 },
      protocol: acting(
        [
          [
            1_000,
            'n0',
            (ctx) => {
              for (let n = 0; n < 4_000; n++) ctx.send('n1', { type: 'a' });
            },
          ],
        ],
        {
          on: {
            a(_, __, ctx) {
              for (let draw = 0; draw < 5; draw++) {
                if (ctx.random.below(2) === 0) drawn[draw] = (drawn[draw] ?? 0) + 1;
              }
            },
          },
        },
      ),
    });
    for (const low of drawn) expect(Math.abs(low - 1_000)).toBeLessThan(120);
  });
});
