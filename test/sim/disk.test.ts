// The disk of a node: what is there to read, what survives a crash, and what a bad disk does.
import { describe, expect, it } from 'vitest';
import type { Plain } from '../../src/kernel/plain.js';
import type { LostWrites } from '../../src/nemesis/fault.js';
import type { AnyProtocol } from '../../src/node/protocol.js';
import { crash, createDisk, makeDurable, torn, write, writesSoFar } from '../../src/sim/disk.js';
import { type Act, acting, effectiveness, type Setting, second, watch } from '../support/worlds.js';

/** Notes what a started node finds, and every sync that completes or fails. */
const noting: Partial<AnyProtocol> = {
  timers: { synced: (_, __, ctx) => ctx.note('synced') },
  diskFailed: (_, __, error, ctx) => ctx.note(error),
};

const onDisk = (acts: readonly Act[], setting: Setting = {}, parts = noting) =>
  watch({ nodes: ['n0'], protocol: acting(acts, parts), ...setting });

const durable = (run: ReturnType<typeof watch>): Record<string, Plain> =>
  Object.fromEntries(run.world.parties[0]?.node?.disk.durable ?? []);

const crashAt = (atUs: number, lost: LostWrites = 'all') =>
  [atUs, { f: 'crash', nodes: ['n0'], lost }, second] as const;

const writeAndSync: Act = [
  1_000,
  'n0',
  (ctx) => {
    ctx.store.write('a', 1);
    ctx.store.write('b', [2]);
    ctx.store.sync({ type: 'synced' });
  },
];

describe('the store', () => {
  it('shows what was written last, in the same handler and later, synced or not', () => {
    const seen: unknown[] = [];
    onDisk([
      [
        1_000,
        'n0',
        ({ store }) => {
          store.write('a', 1);
          store.write('a', 2);
          seen.push(store.read('a'), store.read('nothing'));
        },
      ],
      [2_000, 'n0', ({ store }) => seen.push(store.read('a'))],
    ]);
    expect(seen).toEqual([2, undefined, 2]);
  });

  it('lists its keys in the order of first writing, without the deleted', () => {
    const seen: unknown[] = [];
    onDisk([
      [
        1_000,
        'n0',
        ({ store }) => {
          for (const key of ['b', '2', 'a', '1', 'b']) store.write(key, 0);
        },
      ],
      [
        2_000,
        'n0',
        ({ store }) => {
          store.write('a', undefined);
          store.write('c', 0);
          seen.push(store.keys());
        },
      ],
      [3_000, 'n0', ({ store }) => seen.push(store.keys(), store.read('a'))],
    ]);
    expect(seen).toEqual([['b', '2', '1', 'c'], ['b', '2', '1', 'c'], undefined]);
  });

  it('holds copies: changing what was written or read changes nothing', () => {
    const seen: unknown[] = [];
    onDisk([
      [
        1_000,
        'n0',
        ({ store }) => {
          const value = [1];
          store.write('a', value);
          value.push(2);
          (store.read('a') as number[]).push(3);
        },
      ],
      [
        2_000,
        'n0',
        ({ store }) => {
          (store.read('a') as number[]).push(4);
          seen.push(store.read('a'));
        },
      ],
    ]);
    expect(seen).toEqual([[1]]);
  });
});

describe('a sync', () => {
  it('makes what was written before it durable, after a while', () => {
    const run = onDisk([writeAndSync], { disk: { syncUs: 700 } });
    expect(run.notes).toEqual(['1700 n0 synced']);
    expect(durable(run)).toEqual({ a: 1, b: [2] });
  });

  it('makes nothing durable that was written after it began', () => {
    const run = onDisk([writeAndSync, [1_500, 'n0', (ctx) => ctx.store.write('c', 3)]], {
      faults: [crashAt(5_000)],
      disk: { syncUs: 1_000 },
    });
    expect(durable(run)).toEqual({ a: 1, b: [2] });
  });

  it('does not complete when the node crashes before', () => {
    const run = onDisk([writeAndSync], { faults: [crashAt(1_500)] });
    expect(run.notes).toEqual([]);
    expect(durable(run)).toEqual({});
  });

  it('of an earlier life does not call a later one', () => {
    const run = onDisk([writeAndSync], {
      disk: { syncUs: 3 * second },
      faults: [crashAt(second)],
    });
    expect(run.notes).toEqual([]);
    expect(durable(run)).toEqual({});
  });

  it('overlaps another: each makes durable what was written before it', () => {
    const run = onDisk(
      [
        writeAndSync,
        [
          1_200,
          'n0',
          (ctx) => {
            ctx.store.write('a', 9);
            ctx.store.sync({ type: 'synced' });
          },
        ],
      ],
      { faults: [crashAt(2_100)] },
    );
    expect(run.notes).toEqual(['2000 n0 synced']);
    expect(durable(run)).toEqual({ a: 1, b: [2] });
  });

  it('makes a deletion durable too', () => {
    const run = onDisk([
      writeAndSync,
      [
        second,
        'n0',
        (ctx) => {
          ctx.store.write('a', undefined);
          ctx.store.sync({ type: 'synced' });
        },
      ],
    ]);
    expect(durable(run)).toEqual({ b: [2] });
  });
});

describe('a crash', () => {
  const restarted = (lost: LostWrites, seed: string) => {
    const seen: Plain[] = [];
    const letters = ['a', 'b', 'c', 'd'];
    const act: Act = [
      1_000,
      'n0',
      (ctx) => {
        for (const letter of letters) ctx.store.write(letter, letter.repeat(4));
      },
    ];
    const { timers } = noting;
    const parts: Partial<AnyProtocol> = {
      timers: timers as NonNullable<AnyProtocol['timers']>,
      init(ctx) {
        if (ctx.incarnation === 1) ctx.setTimer({ type: 'act', nth: 0 } as never, 1_000);
        else
          seen.push(
            letters
              .map((letter) => ctx.store.read(letter) ?? '')
              .join(' ')
              .trim(),
          );
        return {};
      },
    };
    onDisk([act], { seed, faults: [crashAt(5_000, lost)] }, parts);
    return seen[0];
  };
  const seeds = Array.from({ length: 60 }, (_, seed) => String(seed));

  it.each([
    ['all', ['']],
    ['none', ['aaaa bbbb cccc dddd']],
    ['suffix', ['', 'aaaa', 'aaaa bbbb', 'aaaa bbbb cccc']],
    ['torn', ['aa', 'aaaa bb', 'aaaa bbbb cc', 'aaaa bbbb cccc dd']],
  ] as const)('that loses %s of the unsynced writes leaves one of %j', (lost, possible) => {
    const left = new Set(seeds.map((seed) => restarted(lost, seed)));
    expect([...left].toSorted()).toEqual(possible);
  });

  it('of several nodes leaves each a prefix of its own', () => {
    const both: Act[] = ['n0', 'n1'].map((node) => [
      1_000,
      node,
      (ctx) => {
        for (let n = 0; n < 10; n++) ctx.store.write(String(n), n);
      },
    ]);
    const same = seeds.filter((seed) => {
      const { world } = watch({
        seed,
        protocol: acting(both),
        faults: [[5_000, { f: 'crash', nodes: ['n0', 'n1'], lost: 'suffix' }, second]],
      });
      const [left, right] = world.parties.map(({ node }) => node?.disk.durable.size);
      return left === right;
    });
    expect(same.length).toBeLessThan(20);
  });

  it('takes nothing that was synced', () => {
    for (const lost of ['all', 'suffix', 'torn'] as const) {
      const run = onDisk([writeAndSync], { faults: [crashAt(second, lost)] });
      expect(durable(run)).toEqual({ a: 1, b: [2] });
    }
  });
});

describe('a slow disk', () => {
  const slow = { f: 'disk-slow', nodes: ['n0'], factor: 10 } as const;

  it('takes longer over a sync that begins while it is slow', () => {
    const run = onDisk(
      [writeAndSync, [second, 'n0', (ctx) => ctx.store.sync({ type: 'synced' })]],
      {
        faults: [[500, slow, 10_000]],
      },
    );
    expect(run.notes).toEqual(['11000 n0 synced', '1001000 n0 synced']);
    expect(effectiveness(run)).toEqual([true]);
  });

  it.each([
    ['nobody syncs', [], { syncUs: 1_000 }],
    ['syncs take no time', [writeAndSync], { syncUs: 0 }],
  ])('is inert when %s', (_, acts, disk) => {
    const run = onDisk(acts, { disk, faults: [[500, slow, 10_000]] });
    expect(effectiveness(run)).toEqual([false]);
  });
});

describe('a full disk', () => {
  const full = { f: 'disk-full', nodes: ['n0'] } as const;

  it('refuses writes, and the next sync says so', () => {
    const run = onDisk([writeAndSync], { faults: [[500, full, 10_000]] });
    expect(run.notes).toEqual(['2000 n0 full']);
    expect(durable(run)).toEqual({});
    expect(effectiveness(run)).toEqual([true]);
  });

  it('keeps what was written before it was full', () => {
    const run = onDisk([[400, 'n0', (ctx) => ctx.store.write('z', 0)], writeAndSync], {
      faults: [[500, full, 10_000]],
    });
    expect(run.notes).toEqual(['2000 n0 full']);
    expect(durable(run)).toEqual({ z: 0 });
  });

  it('is over when it is over: the sync after the next is well', () => {
    const run = onDisk([writeAndSync, [second, ...writeAndSync.slice(1)] as unknown as Act], {
      faults: [[500, full, 10_000]],
    });
    expect(run.notes).toEqual(['2000 n0 full', '1001000 n0 synced']);
    expect(durable(run)).toEqual({ a: 1, b: [2] });
  });

  it('is inert when nobody writes', () => {
    const run = onDisk([[1_000, 'n0', (ctx) => ctx.store.sync({ type: 'synced' })]], {
      faults: [[500, full, 10_000]],
    });
    expect(run.notes).toEqual(['2000 n0 synced']);
    expect(effectiveness(run)).toEqual([false]);
  });
});

describe('a failing disk', () => {
  const failing = (ppm: number) => ({ f: 'disk-fail', nodes: ['n0'], ppm }) as const;
  const always = failing(1_000_000);

  it('loses what the sync should have kept, although it can still be read', () => {
    const seen: unknown[] = [];
    const run = onDisk([writeAndSync, [5_000, 'n0', (ctx) => seen.push(ctx.store.read('a'))]], {
      faults: [
        [500, always, 10_000],
        [second, { f: 'crash', nodes: ['n0'], lost: 'none' }, second],
      ],
    });
    expect(run.notes).toEqual(['2000 n0 failed']);
    expect(seen).toEqual([1]);
    expect(durable(run)).toEqual({});
    expect(effectiveness(run)[0]).toBe(true);
  });

  it('crashes a node that does not care, which is no bug of the protocol', () => {
    const { timers } = noting;
    const run = onDisk(
      [writeAndSync],
      { faults: [[500, always, 10_000]] },
      { timers: timers as NonNullable<AnyProtocol['timers']> },
    );
    expect(run.notes).toEqual([]);
    const starts = run.steps.filter(({ happening }) => happening.kind === 'start');
    expect(starts.map(({ atUs }) => atUs)).toEqual([0, 10 * second]);
  });

  const syncs: Act[] = Array.from({ length: 400 }, (_, nth) => [
    1_000 * (nth + 1),
    'n0',
    (ctx) => ctx.store.sync({ type: 'synced' }),
  ]);
  const failures = (...shares: number[]): number => {
    const faults = shares.map((ppm) => [500, failing(ppm), second] as const);
    return onDisk(syncs, { faults }).notes.filter((note) => note.endsWith('failed')).length;
  };

  it('fails as often as it is told', () => {
    expect(Math.abs(failures(250_000) - 100)).toBeLessThan(35);
  });

  it('fails more often for two reasons than for one', () => {
    expect(Math.abs(failures(250_000, 250_000) - 200)).toBeLessThan(40);
  });

  it('tells the handler nothing by its chance: draws after a good sync are fair', () => {
    let low = 0;
    let all = 0;
    const timers: NonNullable<AnyProtocol['timers']> = {
      synced(_, __, ctx) {
        all++;
        if (ctx.random.below(2) === 0) low++;
      },
    };
    onDisk(syncs, { faults: [[500, failing(500_000), second]] }, { ...noting, timers });
    expect(Math.abs(low - all / 2)).toBeLessThan(4 * Math.sqrt(all / 4));
  });

  it('is inert when nobody syncs', () => {
    const run = onDisk([[1_000, 'n0', (ctx) => ctx.store.write('a', 1)]], {
      faults: [[500, always, 10_000]],
    });
    expect(effectiveness(run)).toEqual([false]);
  });
});

describe('torn', () => {
  it.each([
    ['abcd', 'ab'],
    [
      [1, 2, 3, 4],
      [1, 2],
    ],
    [new Set([1, 2]), new Set([1])],
    [
      new Map([
        [1, 1],
        [2, 2],
      ]),
      new Map([[1, 1]]),
    ],
    [{ a: 1, b: 2 }, { a: 1 }],
    [7, undefined],
    [null, undefined],
  ])('leaves the first half of %j', (value, left) => {
    expect(torn(value)).toEqual(left);
  });
});

describe('Disk', () => {
  it('counts writes for good, so that a sync knows which are its own', () => {
    const disk = createDisk();
    write(disk, 'a', 1);
    const first = writesSoFar(disk);
    makeDurable(disk, first);
    write(disk, 'b', 2);
    crash(disk, 'all', 1, 2);
    write(disk, 'c', 3);
    makeDurable(disk, first);
    expect(disk.durable).toEqual(new Map([['a', 1]]));
    makeDurable(disk, writesSoFar(disk));
    expect([...disk.durable.keys()]).toEqual(['a', 'c']);
  });
});
