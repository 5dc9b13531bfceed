// Services: nodes that are no members and have protocols of their own.
import { describe, expect, it } from 'vitest';
import type { AnyProtocol } from '../../src/node/protocol.js';
import { createWorld, forkWorld } from '../../src/sim/create.js';
import { digestWorld, inspect } from '../../src/sim/inspect.js';
import { advance } from '../../src/sim/loop.js';
import type { World } from '../../src/sim/world.js';
import { effectiveness, type Setting, second, specOf, tiny, watch } from '../support/worlds.js';

const ms = 1_000;

function run(setting: Setting, events: number): World {
  const world = createWorld(specOf(setting));
  advance(world, events);
  return world;
}

/** Adds up what it is sent and answers with the sum. */
const adder: AnyProtocol = tiny({
  name: 'adder',
  options: { from: 0 },
  init: (ctx) => {
    ctx.note(`opens with ${ctx.options.from} among ${ctx.nodes}`);
    return { sum: ctx.options.from };
  },
  on: {
    add: (state, message, ctx) => {
      state.sum += message.body.delta;
      ctx.reply(message, { type: 'add_ok', sum: state.sum });
    },
  },
});

/** Each node adds its number once, and notes the answer. */
const member: Partial<AnyProtocol> = {
  init: (ctx) => {
    ctx.send('sum', { type: 'add', msg_id: 1, delta: Number(ctx.self.slice(1)) + 1 });
    return {};
  },
  on: { add_ok: (_, { src, body }, ctx) => ctx.note(`${src} says ${body.sum}`) },
};

const services = [{ name: 'sum', protocol: adder, options: { from: 10 } }];

describe('a service', () => {
  it('runs its own protocol with its own options, and is no member', () => {
    const { notes } = watch({ protocol: member, services });
    expect(notes).toEqual([
      '0 sum opens with 10 among n0,n1',
      '20000 n0 sum says 11',
      '20000 n1 sum says 13',
    ]);
  });

  it('is passed by when a partition does not name it, and cut off when it does', () => {
    const split = (components: string[][]) =>
      watch({
        protocol: member,
        services,
        faults: [[0, { f: 'partition', components, mode: 'drop' }]],
      });
    expect(split([['n0'], ['n1']]).notes).toHaveLength(3);
    const cut = split([['n0', 'sum'], ['n1']]);
    expect(cut.notes.slice(1)).toEqual(['20000 n0 sum says 11']);
    expect(effectiveness(cut)).toEqual([true]);
  });

  it('loses what is volatile in a crash and is up again after the main phase', () => {
    const { notes, world } = watch({
      protocol: member,
      services,
      faults: [[15 * ms, { f: 'crash', nodes: ['sum'], lost: 'all' }]],
    });
    expect(notes.at(-1)).toBe(`${10 * second} sum opens with 10 among n0,n1`);
    expect(inspect(world, 'sum')).toMatchObject({ incarnation: 2, state: { sum: 10 } });
  });

  it('goes on alike in a fork', () => {
    const world = run({ protocol: member, services }, 5);
    const twin = forkWorld(world);
    advance(world, 1_000);
    advance(twin, 1_000);
    expect(digestWorld(twin)).toBe(digestWorld(world));
  });

  it('has an invariant and milestones of its own', () => {
    const strict = tiny({
      ...adder,
      invariant: ({ sum }) => {
        if (sum > 12) throw new Error(`too much: ${sum}`);
      },
      milestones: { eleven: ({ sum }) => sum === 11 },
    });
    const { result } = watch({
      protocol: member,
      services: [{ name: 'sum', protocol: strict, options: { from: 10 } }],
      milestones: [
        {
          ...{ id: 'm0', node: undefined, count: 1, afterUs: 0, forUs: undefined },
          when: { state: 'eleven' },
          fault: { f: 'crash', nodes: ['sum'], lost: 'all' },
        },
      ],
    });
    expect(result.milestones[0]).toMatchObject({ reachedUs: 10 * ms });
    expect(result.crashes).toMatchObject([{ node: 'sum', message: 'too much: 13' }]);
  });
});

describe('a handler for all other messages', () => {
  it('gets what `on` does not name, and is named where it throws', () => {
    const { notes, result } = watch({
      protocol: {
        init: (ctx) => {
          if (ctx.self === 'n0') for (const type of ['known', 'new']) ctx.send('n1', { type });
          return {};
        },
        on: { known: (_, { body }, ctx) => ctx.note(`on ${body.type}`) },
        other: (_, { body }, ctx) => {
          ctx.note(`other ${body.type}`);
          ctx.send('n1', { type: 'bad' });
          if (body.type === 'bad') throw new Error('no');
        },
      },
    });
    expect(notes).toEqual(['10000 n1 on known', '10000 n1 other new']);
    expect(result.crashes).toMatchObject([{ node: 'n1', handler: 'other', message: 'no' }]);
  });
});

describe('hosted programs', () => {
  /** What a program holds is outside the state: how many messages it was sent. */
  function counting(): AnyProtocol {
    const counts = new Map<string, number>();
    return tiny({
      name: 'counting',
      init: (ctx) => {
        counts.set(ctx.self, counts.get(ctx.self) ?? 0);
        if (ctx.self === 'n0') ctx.setTimer({ type: 'tick' }, ms);
        return {};
      },
      other: (_, { dest }, ctx) => {
        counts.set(dest, (counts.get(dest) ?? 0) + 1);
        ctx.note(`${counts.get(dest)}`);
      },
      timers: {
        tick: (_, __, ctx) => {
          ctx.send('n1', { type: 'x' });
          ctx.setTimer({ type: 'tick' }, second);
        },
      },
      hosted: { perWorld: counting, ended: (node) => counts.set(node, -100) },
    });
  }

  it('are made anew for each world, and told of the end of a life', () => {
    const setting = {
      protocol: counting(),
      durationUs: 4 * second,
      faults: [[1.5 * second, { f: 'crash', nodes: ['n1'], lost: 'all' }, ms]] as const,
    };
    const first = watch(setting);
    expect(first.notes.map((note) => note.split(' ')[2])).toEqual(['1', '2', '-99', '-98', '-97']);
    expect(watch(setting).notes).toEqual(first.notes);
  });

  it('cannot be forked', () => {
    expect(() => forkWorld(run({ protocol: counting() }, 1))).toThrow('cannot be forked');
  });
});
