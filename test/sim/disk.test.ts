// The disk of a node: what is there to read, and what survives a crash.
import { describe, expect, it } from 'vitest';
import type { Plain } from '../../src/kernel/plain.js';
import type { LostWrites } from '../../src/nemesis/fault.js';
import type { AnyProtocol } from '../../src/node/protocol.js';
import { crash, createDisk, makeDurable, torn, write, writesSoFar } from '../../src/sim/disk.js';
import { crashAt, durable, noting, onDisk, writeAndSync } from '../support/disks.js';
import { type Act, acting, second, watch } from '../support/worlds.js';

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
    const second = writesSoFar(disk);
    crash(disk, 'all', () => 0);
    write(disk, 'c', 3);
    for (const before of [first, second]) makeDurable(disk, before);
    expect(disk.durable).toEqual(new Map([['a', 1]]));
    makeDurable(disk, writesSoFar(disk));
    expect([...disk.durable.keys()]).toEqual(['a', 'c']);
  });
});
