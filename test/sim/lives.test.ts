// Nodes' lives: crash, restart, pause, resume. Each fault that overlaps another ends on its own.
import { describe, expect, it } from 'vitest';
import type { AnyProtocol } from '../../src/node/protocol.js';
import { crash, numbers, pause, run, slow, stream } from '../support/streams.js';
import { type Act, acting, effectiveness, type FaultAt, second, watch } from '../support/worlds.js';

describe('a crash', () => {
  const living: Partial<AnyProtocol> = {
    init(ctx) {
      ctx.note(`life ${ctx.incarnation}, disk: ${ctx.store.keys()}`);
      ctx.store.write(`life ${ctx.incarnation}`, true);
      if (ctx.incarnation === 2) ctx.store.sync({ type: 'never' });
      return {};
    },
  };

  it('ends a life; the next one sees only what is durable', () => {
    const { notes } = watch({
      nodes: ['n0'],
      protocol: living,
      faults: [1, 2, 3].map((at) => [at * second, crash, 1_000] as const),
    });
    expect(notes).toEqual([
      '0 n0 life 1, disk: ',
      '1001000 n0 life 2, disk: ',
      '2001000 n0 life 3, disk: life 2',
      '3001000 n0 life 4, disk: life 2',
    ]);
  });

  it('loses what arrives before the node is up again, and nothing after', () => {
    const { notes, result } = run(stream(5, 100_000), [[250_000, crash, 200_000]]);
    expect(numbers(notes)).toEqual([0, 1, 4]);
    expect(result.counts.messages.servers).toMatchObject({ sent: 5, delivered: 3, dropped: 2 });
  });

  it('lasts to the end of the main phase when it is told no end', () => {
    const { steps } = run([], [[second, crash]]);
    const starts = steps.filter(({ happening }) => happening.kind === 'start');
    expect(starts.map(({ atUs }) => atUs)).toEqual([0, 0, 10 * second]);
  });

  it('ends early at a restart', () => {
    const { notes, steps } = run(stream(5, 100_000), [
      [150_000, crash],
      [250_000, { f: 'restart', nodes: ['n0'] }],
    ]);
    expect(numbers(notes)).toEqual([0, 2, 3, 4]);
    expect(steps.filter(({ happening }) => happening.kind === 'start')).toHaveLength(3);
  });

  it.each([
    ['that begins within another and ends after it', [150_000, 200_000], [250_000, 300_000]],
    ['that begins as another ends', [150_000, 200_000], [350_000, 200_000]],
    ['within another', [150_000, 400_000], [250_000, 100_000]],
  ])('%s keeps the node down until both have ended', (_, [a = 0, forA = 0], [b = 0, forB = 0]) => {
    const { notes, steps } = run(stream(7, 100_000), [
      [a, crash, forA],
      [b, crash, forB],
    ]);
    expect(numbers(notes)).toEqual([0, 5, 6]);
    expect(steps.filter(({ happening }) => happening.kind === 'start')).toHaveLength(3);
  });

  it('in the instant of a start prevents it', () => {
    const { steps } = run(
      [],
      [
        [second, crash],
        [2 * second, { f: 'restart', nodes: ['n0'] }],
        [2 * second, crash, second],
      ],
    );
    const starts = steps.filter(({ happening }) => happening.kind === 'start');
    expect(starts.map(({ atUs }) => atUs)).toEqual([0, 0, 3 * second]);
  });

  it('of a node that crashed of itself leaves it down', () => {
    const bug: Act = [
      1_000,
      'n0',
      () => {
        throw new Error('no');
      },
    ];
    const { steps } = run([bug], [[second, crash, second]]);
    const starts = steps.filter(({ happening }) => happening.kind === 'start');
    expect(starts.map(({ atUs }) => atUs)).toEqual([0, 0, 10 * second]);
  });

  it('starts each node again once, at recovery too', () => {
    const { steps } = run([], [[second, { ...crash, nodes: ['n0', 'n1'] }]]);
    const starts = steps.filter(({ happening }) => happening.kind === 'start');
    expect(starts).toHaveLength(4);
    expect(new Set(starts.map(({ key }) => key)).size).toBe(4);
  });
});

describe('a pause', () => {
  it('holds what happens at the node, and lets it happen in its order at the thaw', () => {
    const { notes } = run(stream(5, 100_000), [[150_000, pause, 200_000]]);
    expect(notes).toEqual([
      '110000 n0 a n1 0',
      '350000 n0 a n1 1',
      '350000 n0 a n1 2',
      '410000 n0 a n1 3',
      '510000 n0 a n1 4',
    ]);
  });

  it('loses nothing: not a timer, not a sync', () => {
    const { notes } = watch({
      protocol: acting(
        [
          [100_000, 'n0', (ctx) => ctx.store.sync({ type: 'synced' })],
          [150_000, 'n0', (ctx) => ctx.note('timer')],
        ],
        { timers: { synced: (_, __, ctx) => ctx.note('synced') } },
      ),
      disk: { syncUs: 20_000 },
      faults: [[110_000, pause, 200_000]],
    });
    expect(notes).toEqual(['310000 n0 synced', '310000 n0 timer']);
  });

  it('lets what has waited go before what arrives in the instant of the thaw', () => {
    const { notes } = run(
      [...stream(3, 100_000), [340_000, 'n1', (ctx) => ctx.send('n0', { type: 'b', n: 9 })]],
      [[150_000, pause, 200_000]],
    );
    expect(numbers(notes)).toEqual([0, 1, 2, 9]);
  });

  it('keeps the order of a connection', () => {
    const { notes } = run(stream(60, 5_000), [[102_000, pause, 108_000]], {
      network: { transport: 'connection', latency: { shape: 'uniform', minUs: 0, maxUs: 30_000 } },
    });
    expect(numbers(notes)).toEqual(Array.from({ length: 60 }, (_, n) => n));
  });

  it('ends at a resume', () => {
    const { notes } = run(stream(3, 100_000), [
      [150_000, pause],
      [250_000, { f: 'resume', nodes: ['n0'] }],
    ]);
    expect(notes).toEqual(['110000 n0 a n1 0', '250000 n0 a n1 1', '310000 n0 a n1 2']);
  });

  it('lasts until the last of several has ended', () => {
    const { notes } = run(stream(3, 100_000), [
      [150_000, pause, 200_000],
      [160_000, pause, 400_000],
    ]);
    expect(notes).toEqual(['110000 n0 a n1 0', '560000 n0 a n1 1', '560000 n0 a n1 2']);
  });

  it('lets nothing out when the node crashes meanwhile: what waited is lost', () => {
    const { notes, result } = run(stream(5, 100_000), [
      [150_000, pause, 300_000],
      [260_000, crash, 10_000],
    ]);
    expect(numbers(notes)).toEqual([0, 2, 3, 4]);
    expect(notes[1]).toBe('450000 n0 a n1 2');
    expect(result.counts.messages.servers.dropped).toBe(1);
  });

  it('does not stop a node that restarts within it from starting', () => {
    const { steps } = run(
      [],
      [
        [second, pause, 3 * second],
        [2 * second, crash, 1_000],
      ],
    );
    expect(steps.filter(({ happening }) => happening.kind === 'start')).toHaveLength(3);
  });

  it('can have a timer cleared that waits', () => {
    const { notes } = watch({
      protocol: acting(
        [
          [
            100_000,
            'n0',
            (ctx, state) => {
              state.first = ctx.setTimer({ type: 'clear' }, 50_000);
              state.second = ctx.setTimer({ type: 'ring' }, 60_000);
            },
          ],
        ],
        {
          timers: {
            clear: (state, _, ctx) => ctx.clearTimer(state.second),
            ring: (_, __, ctx) => ctx.note('ring'),
          },
        },
      ),
      faults: [[120_000, pause, 200_000]],
    });
    expect(notes).toEqual([]);
  });
});

describe('effective or inert', () => {
  const calm = [1_000, 'n1', (ctx) => ctx.note('calm')] as Act;

  it.each([
    ['a crash', crash, stream(3, 100_000), [calm]],
    ['a pause', pause, stream(3, 100_000), [calm]],
    ['a slow node', slow(150_000), stream(3, 100_000), [calm]],
  ])('%s matters when something would have happened at the node', (_, fault, busy, idle) => {
    expect(effectiveness(run(busy, [[150_000, fault, 200_000]]))).toEqual([true]);
    expect(effectiveness(run(idle, [[150_000, fault, 200_000]]))).toEqual([false]);
  });

  it.each([
    ['what the node has learnt', {}, [[1_000, 'n0', (ctx) => ctx.note('learnt')]], true],
    ['its timers', {}, [[5 * second, 'n0', (ctx) => ctx.note('waits')]], true],
    ['its unsynced writes', { lost: 'all' }, [], true],
    ['nothing', { lost: 'none' }, [], false],
  ] as [string, Partial<typeof crash>, Act[], boolean][])(
    'a crash that takes %s',
    (_, how, acts, effective) => {
      const protocol = acting(acts);
      const init: AnyProtocol['init'] = (ctx) => {
        if (acts.length === 0) ctx.store.write('k', 1);
        return protocol.init(ctx);
      };
      const faults: FaultAt[] = [[second, { ...crash, ...how }, 1_000]];
      expect(effectiveness(watch({ protocol: { ...protocol, init }, faults }))).toEqual([
        effective,
      ]);
    },
  );

  it('a second crash of a node that is down matters if it keeps it down', () => {
    const faults: FaultAt[] = [
      [150_000, crash, 100_000],
      [200_000, crash, 200_000],
    ];
    expect(effectiveness(run(stream(5, 100_000), faults))).toEqual([true, true]);
    expect(effectiveness(run(stream(1, 100_000), faults))).toEqual([true, false]);
  });

  it('a restart matters when a node is down', () => {
    const restart = { f: 'restart', nodes: ['n0'] } as const;
    expect(effectiveness(run([], [[second, restart]]))).toEqual([false]);
    expect(
      effectiveness(
        run(
          [],
          [
            [1_000, crash],
            [second, restart],
          ],
        ),
      )[1],
    ).toBe(true);
  });

  it('a resume matters when a node is paused', () => {
    const resume = { f: 'resume', nodes: ['n0'] } as const;
    expect(effectiveness(run([], [[second, resume]]))).toEqual([false]);
    expect(
      effectiveness(
        run(
          [],
          [
            [1_000, pause],
            [second, resume],
          ],
        ),
      )[1],
    ).toBe(true);
  });
});
