// Members of the cluster: who joins, who leaves, who is told, and what the network makes of them.
import { describe, expect, it } from 'vitest';
import type { AnyProtocol } from '../../src/node/protocol.js';
import { type Act, acting, clientsOf, effectiveness, second, watch } from '../support/worlds.js';

const join = (...nodes: string[]) => ({ f: 'join', nodes }) as const;
const leave = (...nodes: string[]) => ({ f: 'leave', nodes }) as const;

/** Every node notes who is there when it starts and whenever it is told. */
const setup = clientsOf({
  setup: (nodes) => new Map(nodes.map((node) => [node, { type: 'members', nodes: nodes.join() }])),
  generator: { init: 0, next: () => undefined },
});
const telling: Partial<AnyProtocol> = {
  init(ctx) {
    ctx.note(`life ${ctx.incarnation}: ${ctx.nodes}`);
    return {};
  },
  on: { members: (_, { body }, ctx) => ctx.note(`told: ${body.nodes}`) },
};

describe('set-up', () => {
  it('reaches every node once, when it has started', () => {
    const { notes } = watch({ protocol: telling, clients: setup });
    expect(notes).toEqual([
      '0 n0 life 1: n0,n1',
      '0 n1 life 1: n0,n1',
      '0 n0 told: n0,n1',
      '0 n1 told: n0,n1',
    ]);
  });

  it('reaches a node again when it has restarted', () => {
    const { notes } = watch({
      protocol: telling,
      clients: setup,
      faults: [[second, { f: 'crash', nodes: ['n1'], lost: 'all' }, second]],
    });
    expect(notes.slice(4)).toEqual(['2000000 n1 life 2: n0,n1', '2000000 n1 told: n0,n1']);
  });

  it('has a key of its own each time, also when the members are the same again', () => {
    const { steps } = watch({
      protocol: telling,
      clients: setup,
      faults: [
        [second, leave('n1'), second],
        [3 * second, leave('n1'), second],
      ],
    });
    const told = steps.filter(({ happening }) => happening.kind === 'deliver');
    expect(new Set(told.map(({ key }) => key)).size).toBe(told.length);
    expect(told.length).toBe(8);
  });
});

describe('a join', () => {
  it('starts a new node, tells it and all others', () => {
    const { notes } = watch({ protocol: telling, clients: setup, faults: [[second, join('n2')]] });
    expect(notes.slice(4)).toEqual([
      '1000000 n2 life 1: n0,n1,n2',
      '1000000 n0 told: n0,n1,n2',
      '1000000 n1 told: n0,n1,n2',
      '1000000 n2 told: n0,n1,n2',
    ]);
  });

  it('lets messages reach a node that nobody could reach before', () => {
    const acts: Act[] = [
      [500_000, 'n0', (ctx) => ctx.send('n2', { type: 'a', n: 1 })],
      [2 * second, 'n0', (ctx) => ctx.send('n2', { type: 'a', n: 2 })],
    ];
    const { notes } = watch({ protocol: acting(acts), faults: [[second, join('n2')]] });
    expect(notes).toEqual(['2010000 n2 a n0 2']);
  });

  it('ends by the node’s leaving', () => {
    const { world, notes } = watch({
      protocol: telling,
      clients: setup,
      faults: [[second, join('n2'), second]],
    });
    expect(world.members).toEqual(['n0', 'n1']);
    expect(notes.slice(-2)).toEqual(['2000000 n0 told: n0,n1', '2000000 n1 told: n0,n1']);
  });

  it('of a member is inert, and its end does not make it leave', () => {
    const run = watch({ protocol: acting([]), faults: [[second, join('n1'), second]] });
    expect(effectiveness(run)).toEqual([false]);
    expect(run.world.members).toEqual(['n0', 'n1']);
  });

  it('of a newcomer is effective', () => {
    expect(effectiveness(watch({ faults: [[second, join('n2')]] }))).toEqual([true]);
  });
});

describe('a leave', () => {
  it('ends a node’s life; what is sent to it is lost, and others are told', () => {
    const acts: Act[] = [[2 * second, 'n0', (ctx) => ctx.send('n1', { type: 'a' })]];
    const { steps, notes } = watch({
      protocol: acting(acts, { on: telling.on as AnyProtocol['on'] }),
      clients: setup,
      faults: [[second, leave('n1')]],
    });
    expect(notes.at(-1)).toBe('1000000 n0 told: n0');
    const lost = steps.find(({ happening }) => happening.kind === 'lost');
    expect(lost?.happening).toMatchObject({ node: 'n1', why: 'the node has left' });
  });

  it('takes the node’s timers with it', () => {
    const act: Act = [2 * second, 'n1', (ctx) => ctx.note('a ghost')];
    const { notes } = watch({ protocol: acting([act]), faults: [[second, leave('n1')]] });
    expect(notes).toEqual([]);
  });

  it('ends by the node’s joining again, with its disk and a new life', () => {
    const { notes, world } = watch({
      protocol: acting(
        [
          [
            1_000,
            'n1',
            (ctx) => {
              ctx.store.write('k', 'kept');
              ctx.store.sync({ type: 'never' });
            },
          ],
        ],
        {
          init(ctx) {
            if (ctx.incarnation === 1) ctx.setTimer({ type: 'act', nth: 0 } as never, 1_000);
            if (ctx.incarnation === 1 && ctx.self === 'n0') return {};
            ctx.note(`life ${ctx.incarnation}: ${ctx.store.read('k')}`);
            return {};
          },
        },
      ),
      faults: [[second, leave('n1'), second]],
    });
    expect(notes).toEqual(['0 n1 life 1: undefined', '2000000 n1 life 2: kept']);
    expect(world.members).toEqual(['n0', 'n1']);
  });

  it('is not undone by a restart, nor by recovery', () => {
    const { world, steps } = watch({
      faults: [
        [second, leave('n1')],
        [2 * second, { f: 'restart', nodes: ['n1'] }],
        [3 * second, { f: 'crash', nodes: ['n1'], lost: 'all' }, second],
      ],
    });
    expect(world.members).toEqual(['n0']);
    expect(steps.filter(({ happening }) => happening.kind === 'start')).toHaveLength(2);
  });

  it('of one that has left already is inert, and its end does not bring it back', () => {
    const run = watch({
      faults: [
        [second, leave('n1')],
        [2 * second, leave('n1'), second],
      ],
    });
    expect(effectiveness(run)).toEqual([true, false]);
    expect(run.world.members).toEqual(['n0']);
  });
});

describe('a fault of links that names a node before it joins', () => {
  const acts: Act[] = [
    [3 * second, 'n0', (ctx) => ctx.send('n3', { type: 'a', n: 3 })],
    [3 * second, 'n0', (ctx) => ctx.send('n2', { type: 'a', n: 2 })],
  ];
  const joins = [
    [second, join('n2')],
    [2 * second, join('n3')],
  ] as const;

  it('is about that node, not about whoever comes first', () => {
    const cut = { f: 'cut', links: [['n0', 'n3']], mode: 'drop' } as const;
    const { notes } = watch({ protocol: acting(acts), faults: [[500_000, cut], ...joins] });
    expect(notes).toEqual(['3010000 n2 a n0 2']);
  });

  it('may be an override of latency', () => {
    const links = [{ from: 'n0', to: 'n3', latency: { shape: 'constant', us: 5 } }] as const;
    const { notes } = watch({ protocol: acting(acts), network: { links }, faults: joins });
    expect(notes).toEqual(['3000005 n3 a n0 3', '3010000 n2 a n0 2']);
  });

  it('may be a partition: newcomers that it does not name are with all the others', () => {
    const halves = { f: 'partition', components: [['n0', 'n3']], mode: 'drop' } as const;
    const { notes } = watch({ protocol: acting(acts), faults: [[500_000, halves], ...joins] });
    expect(notes).toEqual(['3010000 n3 a n0 3']);
  });

  it('may name a client before it has asked anything', () => {
    const cut = { f: 'cut', links: [['c1', 'n1']], mode: 'drop' } as const;
    const { result } = watch({
      clients: clientsOf({}, { concurrency: 2 }),
      protocol: {
        on: { ask: (_, message, ctx) => ctx.reply(message, { type: 'ask_ok' } as never) },
      },
      network: { clients: 'network' },
      faults: [[0, cut]],
    });
    const ends = result.history.filter(({ type }) => type !== 'invoke');
    expect(new Set(ends.map(({ process, type }) => `${Number(process) % 2} ${type}`))).toEqual(
      new Set(['0 ok', '1 info', '1 ok']),
    );
    expect(ends.find(({ process }) => process === 1)?.type).toBe('info');
  });
});
