// Faults of links in a run: cuts one way and both, holds, heals, and what they are to a connection.
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/nemesis/fault.js';
import type { AnyProtocol } from '../../src/node/protocol.js';
import {
  type Act,
  acting,
  effectiveness,
  effectsOf,
  type FaultAt,
  type Setting,
  second,
  watch,
} from '../support/worlds.js';

const everyLink = [['*', '*']] as const;
const cut = (
  links: readonly (readonly [string, string])[],
  mode: 'drop' | 'hold' = 'drop',
): Fault => ({
  f: 'cut',
  links,
  mode,
});
const halves = (mode: 'drop' | 'hold' = 'drop'): Fault => ({
  f: 'partition',
  components: [['n0'], ['n1']],
  mode,
});

const send = (atUs: number, n: number, source = 'n0', target = 'n1'): Act => [
  atUs,
  source,
  (ctx) => ctx.send(target, { type: 'a', n }),
];

const run = (acts: readonly Act[], faults: readonly FaultAt[], setting: Setting = {}) =>
  watch({ protocol: acting(acts), faults, ...setting });

const numbers = ({ notes }: ReturnType<typeof watch>): number[] =>
  notes.map((note) => Number(note.split(' ').at(-1)));

describe('a cut', () => {
  const acts = [
    send(5_000, 0), // Leaves before the cut, arrives within.
    send(15_000, 1), // Leaves within, would arrive within.
    send(25_000, 2), // Leaves within, would arrive after.
    send(35_000, 3), // Leaves after.
  ];

  it('stops what leaves while it lasts and what arrives while it lasts', () => {
    expect(numbers(run(acts, [[10_000, halves(), 20_000]]))).toEqual([3]);
  });

  it('lets pass what is under way while it begins and ends', () => {
    expect(numbers(run([send(5_000, 0)], [[10_000, halves(), 4_000]]))).toEqual([0]);
  });

  it('says why a message was lost, at either end', () => {
    const { steps } = run(acts, [[10_000, halves(), 20_000]]);
    const fates = effectsOf(steps, 'send').map(({ fate }) => fate);
    expect(fates[1]).toEqual({ fate: 'lost', why: 'the link is cut' });
    const arrival = steps.find(({ happening }) => happening.kind === 'lost');
    expect(arrival?.happening).toMatchObject({ node: 'n1', why: 'the link is cut' });
  });

  it('one way lets the other way pass', () => {
    const there = [send(15_000, 1), send(15_000, 2, 'n1', 'n0')];
    expect(numbers(run(there, [[10_000, cut([['n0', 'n1']]), second]]))).toEqual([2]);
  });

  it.each([
    ['what a node sends', ['n0', '*'], [2]],
    ['what a node gets', ['*', 'n1'], [2]],
    ['everything', ['*', '*'], []],
  ] as const)('of %s may be named by a star', (_, link, left) => {
    const there = [send(15_000, 1), send(15_000, 2, 'n1', 'n0')];
    expect(numbers(run(there, [[10_000, cut([link]), second]]))).toEqual(left);
  });
});

describe('a partition', () => {
  it('lets messages pass within its components, also among nodes that it does not name', () => {
    const nodes = ['n0', 'n1', 'n2', 'n3'];
    const pairs = nodes.flatMap((a) => nodes.filter((b) => b !== a).map((b) => [a, b] as const));
    const acts = pairs.map(([a, b], n) => send(second, n, a, b));
    const components = [['n0', 'n1']];
    const faults: FaultAt[] = [[500_000, { f: 'partition', components, mode: 'drop' }]];
    const arrived = numbers(run(acts, faults, { nodes })).map((n) => pairs[n]?.join('→'));
    expect(arrived.toSorted()).toEqual(['n0→n1', 'n1→n0', 'n2→n3', 'n3→n2']);
  });
});

describe('a heal', () => {
  it('ends every fault of links, but no other', () => {
    const faults: FaultAt[] = [
      [1_000, halves()],
      [1_000, { f: 'loss', ppm: 1_000_000, links: everyLink }],
      [1_000, { f: 'slow-link', factor: 9, extraUs: 0, links: everyLink }],
      [1_000, { f: 'pause', nodes: ['n1'] }],
      [second, { f: 'heal' }],
      [2 * second, { f: 'resume', nodes: ['n1'] }],
    ];
    const healed = run([send(500_000, 0), send(second + 1, 1)], faults);
    expect(healed.notes).toEqual(['2000000 n1 a n0 1']);
    expect(healed.result.faults.map(({ endUs }) => endUs)).toEqual([
      second,
      second,
      second,
      10 * second,
      second,
      2 * second,
    ]);
  });

  it('matters if there was something to heal', () => {
    const heal: FaultAt = [second, { f: 'heal' }];
    expect(effectiveness(run([], [[1_000, halves()], heal]))[1]).toBe(true);
    expect(effectiveness(run([], [[1_000, halves(), 1_000], heal]))[1]).toBe(false);
  });
});

describe('faults of links that overlap', () => {
  it('end each on its own', () => {
    const acts = [150, 250, 350, 450].map((ms, n) => send(ms * 1_000, n));
    const faults: FaultAt[] = [
      [100_000, cut([['n0', 'n1']]), 200_000],
      [200_000, halves(), 200_000],
    ];
    expect(numbers(run(acts, faults))).toEqual([3]);
  });

  it('all end with the main phase', () => {
    const during = run(
      [send(10.5 * second, 0)],
      [
        [second, halves()],
        [second, halves(), 60 * second],
      ],
    );
    expect(numbers(during)).toEqual([0]);
    expect(during.result.faults.map(({ endUs }) => endUs)).toEqual([10 * second, 10 * second]);
  });

  it('do not strike once the main phase is over', () => {
    const late = run([send(10.5 * second, 0)], [[10.2 * second, halves()]]);
    expect(numbers(late)).toEqual([0]);
    expect(late.result.faults[0]?.startUs).toBeUndefined();
    expect(effectiveness(late)).toEqual([false]);
  });
});

describe('a hold', () => {
  const acts = [send(5_000, 0), send(15_000, 1), send(25_000, 2), send(35_000, 3)];

  it('keeps messages and releases them in a burst when it ends', () => {
    const { notes, result } = run(acts, [[10_000, halves('hold'), 100_000]]);
    expect(notes).toEqual([
      '110000 n1 a n0 0', // It was at the gate already.
      '120000 n1 a n0 1',
      '120000 n1 a n0 2',
      '120000 n1 a n0 3',
    ]);
    expect(result.counts.messages.servers).toMatchObject({ sent: 4, delivered: 4, dropped: 0 });
  });

  it('releases them when they are healed, or when the main phase ends', () => {
    const healed = run(
      [send(15_000, 1)],
      [
        [10_000, halves('hold')],
        [second, { f: 'heal' }],
      ],
    );
    expect(healed.notes).toEqual(['1010000 n1 a n0 1']);
    expect(run([send(15_000, 1)], [[10_000, halves('hold')]]).notes).toEqual([
      '10010000 n1 a n0 1',
    ]);
  });

  it('keeps what another one still holds', () => {
    const { notes } = run(acts, [
      [10_000, halves('hold'), 100_000],
      [10_000, cut([['n0', 'n1']], 'hold'), 200_000],
    ]);
    expect(notes[0]).toBe('210000 n1 a n0 0');
    expect(notes).toHaveLength(4);
  });

  it('releases what is then lost on a cut', () => {
    const { notes, result } = run(acts, [
      [10_000, halves('hold'), 100_000],
      [50_000, cut([['n0', 'n1']]), 200_000],
    ]);
    expect(notes).toEqual([]);
    expect(result.counts.messages.servers.dropped).toBe(4);
  });

  it('neither loses, copies nor delays again what had been under way', () => {
    const network = { lossPpm: 300_000, duplicatePpm: 500_000 };
    const sends = Array.from({ length: 200 }, (_, n) => send(5_000, n));
    const free = run(sends, [], { network });
    const held = run(sends, [[10_000, halves('hold'), 100_000]], { network });
    expect(numbers(held).toSorted((a, b) => a - b)).toEqual(
      numbers(free).toSorted((a, b) => a - b),
    );
    expect(held.result.counts).toEqual(free.result.counts);
    expect(new Set(held.notes.map((note) => note.split(' ')[0]))).toEqual(new Set(['110000']));
  });

  it('keeps the order of a connection: what was under way goes before what was sent later', () => {
    const latency = { shape: 'uniform', minUs: 1_000, maxUs: 40_000 } as const;
    const sends = Array.from({ length: 40 }, (_, n) => send(2_000 * (n + 1), n));
    const holds: FaultAt[] = [
      [30_000, halves('hold'), 20_000],
      [45_000, cut([['n0', 'n1']], 'hold'), 50_000],
    ];
    const held = run(sends, holds, { network: { transport: 'connection', latency } });
    expect(numbers(held)).toEqual(Array.from({ length: 40 }, (_, n) => n));
  });
});

describe('a connection', () => {
  const broken: Partial<AnyProtocol> = {
    disconnected: (_, peer, ctx) => ctx.note(`lost ${peer}`),
  };
  const connected = (acts: readonly Act[], faults: readonly FaultAt[], setting: Setting = {}) =>
    watch({
      protocol: acting(acts, broken),
      faults,
      network: { transport: 'connection' },
      ...setting,
    });

  it('breaks on a loss: both ends are told, all under way dies, the next opens another', () => {
    const acts = [
      send(1_000, 0),
      send(2_000, 1, 'n1', 'n0'),
      send(5_000, 2), // Lost.
      send(20_000, 3),
    ];
    const { notes, steps } = connected(acts, [[4_000, halves(), 2_000]]);
    expect(notes).toEqual(['5000 n0 lost n1', '5000 n1 lost n0', '30000 n1 a n0 3']);
    const whys = steps.flatMap(({ happening }) => (happening.kind === 'lost' ? happening.why : []));
    expect(whys).toEqual(['its connection broke', 'its connection broke']);
  });

  it('breaks on a cut that is met at arrival, and both ends are told', () => {
    const { notes } = connected([send(1_000, 0)], [[5_000, halves(), 20_000]]);
    expect(notes).toEqual(['11000 n0 lost n1', '11000 n1 lost n0']);
  });

  it('breaks when an end crashes: the other is told', () => {
    const { notes } = connected(
      [send(1_000, 0), send(12_000, 1)],
      [[15_000, { f: 'crash', nodes: ['n1'], lost: 'all' }, 1_000]],
    );
    expect(notes).toEqual(['11000 n1 a n0 0', '15000 n0 lost n1']);
  });

  it('does not tell of a node with which there was none', () => {
    const { notes } = connected([], [[second, { f: 'crash', nodes: ['n1'], lost: 'all' }, 1_000]]);
    expect(notes).toEqual([]);
  });

  it('tells of each of several broken ones by an event with a key of its own', () => {
    const nodes = ['n0', 'n1', 'n2'];
    const acts = [send(1_000, 0, 'n1', 'n0'), send(1_000, 1, 'n2', 'n0')];
    const crash: FaultAt = [second, { f: 'crash', nodes: ['n1', 'n2'], lost: 'all' }, 1_000];
    const { steps } = connected(acts, [crash], { nodes });
    const told = steps.filter(({ happening }) => happening.kind === 'disconnected');
    const atN0 = told.filter(({ happening }) => 'node' in happening && happening.node === 'n0');
    expect(new Set(atN0.map(({ key }) => key)).size).toBe(2);
  });

  it('holds its messages back at a cut that holds, and does not break', () => {
    const { notes } = connected(
      [send(1_000, 0), send(12_000, 1)],
      [[5_000, halves('hold'), second]],
    );
    expect(notes).toEqual(['1005000 n1 a n0 0', '1015000 n1 a n0 1']);
  });
});

describe('effective or inert', () => {
  const busy = Array.from({ length: 20 }, (_, n) => send(150_000 + n * 5_000, n));
  const elsewhere = busy.map(([atUs, , act]): Act => [atUs + 5 * second, 'n0', act]);

  it.each([
    ['a partition', halves()],
    ['a partition that holds', halves('hold')],
    ['a cut', cut([['n0', 'n1']])],
    ['a loss', { f: 'loss', ppm: 300_000, links: everyLink }],
    ['a duplication', { f: 'duplicate', ppm: 300_000, links: everyLink }],
    ['a reordering', { f: 'reorder', ppm: 300_000, windowUs: 5_000, links: everyLink }],
    ['a slow link', { f: 'slow-link', factor: 2, extraUs: 0, links: everyLink }],
  ] as [string, Fault][])('%s matters while there are messages for it', (_, fault) => {
    expect(effectiveness(run(busy, [[100_000, fault, second]]))).toEqual([true]);
    expect(effectiveness(run(elsewhere, [[100_000, fault, second]]))).toEqual([false]);
  });

  it.each([
    ['a cut the other way', cut([['n1', 'n0']])],
    [
      'a partition with both on one side',
      { f: 'partition', components: [['n0', 'n1']], mode: 'drop' },
    ],
    ['a loss of nothing', { f: 'loss', ppm: 0, links: everyLink }],
    ['a slow link that is none', { f: 'slow-link', factor: 1, extraUs: 0, links: everyLink }],
  ] as [string, Fault][])('%s is inert', (_, fault) => {
    expect(effectiveness(run(busy, [[100_000, fault, second]]))).toEqual([false]);
  });

  it('a cut does not matter for what an earlier one has stopped', () => {
    const faults: FaultAt[] = [
      [100_000, halves(), second],
      [110_000, cut([['n0', 'n1']]), 500_000],
    ];
    expect(effectiveness(run(busy, faults))).toEqual([true, false]);
  });

  it('counts the messages whose fate it changed', () => {
    expect(run(busy, [[100_000, halves(), second]]).result.faults[0]?.touched).toBe(20);
  });
});
