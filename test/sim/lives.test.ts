// Nodes' lives: crash, restart, pause, resume, slowness; and each fault that overlaps another ends
// on its own.
import { describe, expect, it } from 'vitest';
import type { AnyProtocol } from '../../src/node/protocol.js';
import {
  type Act,
  acting,
  effectiveness,
  type FaultAt,
  type Setting,
  second,
  watch,
} from '../support/worlds.js';

/** n1 sends n0 a numbered message every `everyUs`; n0 notes each. */
const stream = (count: number, everyUs: number, type = 'a'): Act[] =>
  Array.from({ length: count }, (_, n) => [
    (n + 1) * everyUs,
    'n1',
    (ctx) => ctx.send('n0', { type, n }),
  ]);

const run = (acts: readonly Act[], faults: readonly FaultAt[], setting: Setting = {}) =>
  watch({ protocol: acting(acts), faults, ...setting });

const numbers = (notes: readonly string[]): number[] =>
  notes.map((note) => Number(note.split(' ').at(-1)));

const crash = { f: 'crash', nodes: ['n0'], lost: 'all' } as const;
const pause = { f: 'pause', nodes: ['n0'] } as const;
const slow = (serviceUs: number) => ({ f: 'slow-node', nodes: ['n0'], serviceUs }) as const;

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

describe('a slow node', () => {
  it('serves one event in its service time, in the order of arrival', () => {
    const burst: Act = [
      100_000,
      'n1',
      (ctx) => {
        for (let n = 0; n < 4; n++) ctx.send('n0', { type: 'a', n });
      },
    ];
    const { notes } = run(
      [burst, [170_000, 'n1', (ctx) => ctx.send('n0', { type: 'a', n: 9 })]],
      [[50_000, slow(50_000), 5 * second]],
    );
    expect(notes).toEqual([
      '110000 n0 a n1 0',
      '160000 n0 a n1 1',
      '210000 n0 a n1 2',
      '260000 n0 a n1 3',
      '310000 n0 a n1 9',
    ]);
  });

  it('is not slow when it has nothing else to do', () => {
    const { notes } = run(stream(3, 100_000), [[50_000, slow(50_000), 5 * second]]);
    expect(notes).toEqual(['110000 n0 a n1 0', '210000 n0 a n1 1', '310000 n0 a n1 2']);
  });

  it('finishes what it is at when it stops being slow, then does the rest at once, in order', () => {
    const { notes } = run(stream(4, 10_000), [[5_000, slow(100_000), 60_000]]);
    expect(notes).toEqual([
      '20000 n0 a n1 0',
      '120000 n0 a n1 1',
      '120000 n0 a n1 2',
      '120000 n0 a n1 3',
    ]);
  });

  it('is as slow as all its reasons together', () => {
    const { notes } = run(stream(2, 1_000), [
      [500, slow(50_000), second],
      [500, slow(30_000), second],
    ]);
    expect(notes).toEqual(['11000 n0 a n1 0', '91000 n0 a n1 1']);
  });

  const backlog = stream(5, 10_000);
  const inOrder = [0, 1, 2, 3, 4];

  it.each([
    ['an affliction begins', [[65_000, { f: 'clock-offset', nodes: ['n0'], offsetUs: 5 }]]],
    ['an affliction ends', [[1_000, { f: 'clock-offset', nodes: ['n0'], offsetUs: 5 }, 64_000]]],
    ['it is paused and thawed', [[65_000, pause, 500_000]]],
    ['it is paused and thawed at once', [[65_000, pause, 1]]],
    ['it stops being slow', []],
  ] as [string, FaultAt[]][])('keeps the order of what waits when %s', (_, faults) => {
    const { notes } = run(backlog, [[5_000, slow(100_000), 700_000], ...faults]);
    expect(numbers(notes)).toEqual(inOrder);
  });

  it('loses all that waits in a crash, the next to be served included', () => {
    const { notes, result } = run(backlog, [
      [5_000, slow(100_000), second],
      [65_000, crash, 10_000],
    ]);
    expect(numbers(notes)).toEqual([0]);
    expect(result.counts.messages.servers.dropped).toBe(4);
  });

  const clearing = (first: string): string[] => {
    const { notes } = watch({
      protocol: acting(
        [
          [
            100_000,
            'n0',
            (ctx, state) => {
              ctx.setTimer({ type: 'clear' }, 1_000);
              state.ids = [1, 2, 3].map((n) =>
                ctx.setTimer({ type: 'ring', n } as never, 2_000 + n),
              );
            },
          ],
        ],
        {
          timers: {
            clear: (state, _, ctx) => ctx.setTimer({ type: 'really' } as never, 0),
            really: (state, _, ctx) => ctx.clearTimer(state.ids[first === 'next' ? 0 : 1]),
            ring: (_, { n }, ctx) => ctx.note(`ring ${n}`),
          },
        },
      ),
      faults: [[50_000, slow(1_500), 5 * second]],
    });
    return notes.map((note) => note.slice(-1));
  };

  it('goes on when the event that it would serve next is a timer that is cleared', () => {
    expect(clearing('next')).toEqual(['2', '3']);
  });

  it('goes on when an event that waits is a timer that is cleared', () => {
    expect(clearing('later')).toEqual(['1', '3']);
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

  it('a crash matters when it takes what the node remembers, or its timers, or its writes', () => {
    const [knows, waits, wrote] = [
      [1_000, 'n0', (ctx) => ctx.note('knows')],
      [5 * second, 'n0', (ctx) => ctx.note('waits')],
      [1_000, 'n0', (ctx) => ctx.store.write('k', 1)],
    ] as Act[];
    for (const act of [knows, waits, wrote]) {
      expect(effectiveness(run([act as Act], [[second, crash, 1_000]]))).toEqual([true]);
    }
  });

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
