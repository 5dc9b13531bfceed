// A handler that throws: a crash of its node on record, and of nothing else.
import { describe, expect, it } from 'vitest';
import type { Context } from '../../src/node/protocol.js';
import { createWorld } from '../../src/sim/create.js';
import { step } from '../../src/sim/loop.js';
import { resultOf } from '../../src/sim/result.js';
import {
  type Act,
  acting,
  effectsOf,
  milestone,
  type Setting,
  second,
  specOf,
  watch,
} from '../support/worlds.js';

/** Does a bit of everything, then throws. */
function fail(ctx: Context): void {
  ctx.send('n1', { type: 'a' });
  ctx.note('half done');
  ctx.store.write('k', 'half done');
  ctx.setTimer({ type: 'never' }, 1);
  throw new Error('a bug of the protocol');
}

const acts: readonly Act[] = [
  [1_000, 'n0', (ctx) => fail(ctx as unknown as Context)],
  [2_000, 'n1', (ctx) => ctx.send('n0', { type: 'b' })],
  [second, 'n1', (ctx) => ctx.note('still here')],
];

const failing = (setting: Setting = {}) => watch({ protocol: acting(acts), ...setting });

describe('a handler that throws', () => {
  it('is a crash on record: where, when, in which handler, with its stack', () => {
    const { result, steps } = failing();
    const step = steps.find(({ crash }) => crash !== undefined);
    const [crash, ...others] = result.crashes;
    expect(others).toEqual([]);
    expect(crash).toMatchObject({
      node: 'n0',
      atUs: 1_000,
      event: step?.index,
      key: step?.key,
      handler: 'timers.act',
      message: 'a bug of the protocol',
    });
    expect(crash?.stack).toMatch(/a bug of the protocol\n\s+at fail .*crashes\.test/);
  });

  it('has sent, written and set nothing', () => {
    const { steps, world } = failing();
    const step = steps.find(({ crash }) => crash !== undefined);
    expect(step?.effects).toEqual([]);
    expect(world.parties[0]?.node?.disk.cache.size).toBe(0);
    expect(
      steps.some(({ happening }) => happening.kind === 'deliver' && happening.node === 'n1'),
    ).toBe(false);
  });

  it('leaves its node down until recovery, and the others as they were', () => {
    const { notes, steps, result } = failing();
    expect(notes).toEqual(['1000000 n1 still here']);
    const lost = steps.find(({ happening }) => happening.kind === 'lost');
    expect(lost?.happening).toMatchObject({ node: 'n0', why: 'the node is down' });
    const starts = steps.filter(({ happening }) => happening.kind === 'start');
    expect(starts.map(({ atUs, happening }) => [atUs, happening])).toEqual([
      [0, { kind: 'start', node: 'n0' }],
      [0, { kind: 'start', node: 'n1' }],
      [10 * second, { kind: 'start', node: 'n0' }],
    ]);
    expect(result.end).toBe('done');
  });

  it('takes its timers with it', () => {
    const { notes } = watch({
      protocol: acting([...acts, [3_000, 'n0', (ctx) => ctx.note('a ghost')]]),
    });
    expect(notes).toEqual(['1000000 n1 still here']);
  });

  it('is told to the observer at that event only', () => {
    const { steps } = failing();
    expect(steps.flatMap(({ crash }) => crash ?? [])).toEqual(['a bug of the protocol']);
  });

  it('keeps what it wrote before', () => {
    const { world } = watch({
      protocol: acting([[500, 'n0', (ctx) => ctx.store.write('k', 1)], ...acts]),
    });
    expect(world.parties[0]?.node?.disk.durable).toEqual(new Map([['k', 1]]));
  });

  it.each([
    ['a text', 'just a text', 'just a text'],
    ['nothing', undefined, 'undefined'],
    ['a TypeError', new TypeError('x is not a function'), 'x is not a function'],
  ])('may throw %s', (_, thrown, message) => {
    const { result } = watch({
      protocol: acting([
        [
          1_000,
          'n0',
          () => {
            throw thrown;
          },
        ],
      ]),
    });
    expect(result.crashes.map((crash) => crash.message)).toEqual([message]);
  });

  const thrower = (): never => {
    throw new Error('no');
  };

  it.each([
    ['on.a', { on: { a: thrower } }],
    ['timers.tick', { timers: { tick: thrower } }],
    ['timers.synced', { timers: { synced: thrower } }],
  ])('is named: %s', (handler, parts) => {
    const { result } = watch({
      protocol: acting(
        [
          [
            1_000,
            'n0',
            (ctx) => {
              ctx.send('n1', { type: 'a' });
              ctx.setTimer({ type: 'tick' }, 5);
              ctx.store.sync({ type: 'synced' });
            },
          ],
        ],
        parts,
      ),
    });
    expect(result.crashes.map((crash) => crash.handler)).toEqual([handler]);
  });

  it('is named after what it was told, also when one function handles several things', () => {
    const { result } = watch({
      protocol: acting([[1_000, 'n0', (ctx) => ctx.send('n1', { type: 'b' })]], {
        on: { a: thrower, b: thrower },
      }),
    });
    expect(result.crashes.map((crash) => crash.handler)).toEqual(['on.b']);
  });

  it('may be init: the node never comes up', () => {
    const { result, notes } = watch({
      protocol: acting([[1_000, 'n0', (ctx) => ctx.send('n1', { type: 'a' })]], {
        init(ctx) {
          if (ctx.self === 'n1') throw new Error('no disk');
          ctx.setTimer({ type: 'act', nth: 0 } as never, 1_000);
          return {};
        },
      }),
    });
    // Once at the start, once at the restart for the recovery: reported as one.
    expect(result.crashes).toMatchObject([{ node: 'n1', handler: 'init', count: 2 }]);
    expect(notes).toEqual([]);
    expect(result.counts.messages.all.dropped).toBe(1);
  });

  it('may be asked of by an effect that cannot be: a message that is not plain data', () => {
    const { result, steps } = watch({
      protocol: acting([
        [
          1_000,
          'n0',
          (ctx) => {
            ctx.send('n1', { type: 'a' });
            ctx.send('n1', { type: 'b', f: () => 1 } as never);
          },
        ],
      ]),
    });
    expect(result.crashes[0]?.message).toMatch(/f is a function.*not plain data/);
    expect(effectsOf(steps, 'send')).toEqual([]);
  });
});

describe('an invariant that does not hold', () => {
  const broken = () =>
    watch({
      protocol: acting([[1_000, 'n0', (_, state) => Object.assign(state, { broken: true })]], {
        invariant(state) {
          if ((state as { broken?: boolean }).broken) throw new Error('the state is sound');
        },
      }),
    });

  it('is on record, at the event that broke it', () => {
    const { result } = broken();
    expect(result.crashes[0]).toMatchObject({
      node: 'n0',
      atUs: 1_000,
      handler: 'invariant',
      message: 'the state is sound',
    });
  });
});

describe('a milestone of a state', () => {
  it('is not reached by a node that has crashed', () => {
    const { result } = watch({
      protocol: acting(acts, { milestones: { any: () => true } }),
      milestones: [
        milestone({ when: { state: 'any' }, count: 4, fault: { f: 'pause', nodes: ['n1'] } }),
      ],
    });
    expect(result.milestones[0]?.reachedUs).toBeUndefined();
  });
});

describe('a handler that is not over when it returns', () => {
  const late = async (_state: unknown, _timer: unknown, ctx: Context): Promise<void> => {
    ctx.send('n1', { type: 'a' });
    await undefined;
    ctx.note('too late');
  };

  const protocol = acting([[1_000, 'n0', () => {}]], { timers: { act: late } } as never);
  const told = 'handlers are synchronous, and this one returned a promise';

  it('crashes its node, and nothing of it takes place', () => {
    const { result, notes } = watch({ protocol });
    expect(result.crashes).toMatchObject([{ node: 'n0', message: told }]);
    expect(result.counts.messages.all.sent).toBe(0);
    expect(notes).toEqual([]);
  });

  it('does so when nobody watches, too', () => {
    const world = createWorld(specOf({ protocol }));
    while (step(world));
    expect(world.crashes).toMatchObject([{ node: 'n0', message: told }]);
    expect(resultOf(world).counts.messages.all.sent).toBe(0);
  });
});
