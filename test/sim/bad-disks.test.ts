// What a slow, a full and a failing disk do, and when they matter.
import { describe, expect, it } from 'vitest';
import type { Plain } from '../../src/kernel/plain.js';
import type { AnyProtocol, Context } from '../../src/node/protocol.js';
import { crashAt, durable, noting, onDisk, writeAndSync } from '../support/disks.js';
import {
  type Act,
  effectiveness,
  type Setting,
  second,
  type Watched,
  watch,
} from '../support/worlds.js';

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

  it('is forgotten by the next life: its first sync is well', () => {
    const init: AnyProtocol['init'] = (ctx) => {
      if (ctx.incarnation === 1) ctx.setTimer({ type: 'write' }, 1_000);
      else ctx.store.sync({ type: 'synced' });
      return {};
    };
    const write = (_: unknown, __: unknown, ctx: Context) => ctx.store.write('x', 1);
    const run = watch({
      nodes: ['n0'],
      protocol: { ...noting, init, timers: { ...noting.timers, write } },
      faults: [[500, full, 10_000], crashAt(5_000)],
    });
    expect(run.notes).toEqual(['1006000 n0 synced']);
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

describe('choices of a disk', () => {
  const keyOf = (run: Watched, kind: string): string =>
    run.steps.find(({ happening }) => happening.kind === kind)?.key ?? '';
  const choose = (at: string, choice: string, value: Plain) =>
    [{ edit: 'choose', at, choice, value }] as const;

  it('whether a sync fails can be chosen, with a failing disk and without', () => {
    const failing = { f: 'disk-fail', nodes: ['n0'], ppm: 1_000_000 } as const;
    const at = keyOf(onDisk([writeAndSync]), 'synced');
    const failed = onDisk([writeAndSync], { edits: choose(at, 'disk-fail', true) });
    expect([failed.notes, failed.result.edits]).toEqual([['2000 n0 failed'], [true]]);
    const spared = onDisk([writeAndSync], {
      faults: [[0, failing]],
      edits: choose(at, 'disk-fail', false),
    });
    expect([spared.notes, effectiveness(spared)]).toEqual([['2000 n0 synced'], [false]]);
  });

  it('how many writes survive a crash can be chosen', () => {
    const writes: Act = [
      1_000,
      'n0',
      (ctx) => {
        for (const key of ['a', 'b', 'c', 'd']) ctx.store.write(key, 1);
      },
    ];
    const crashed = (edits: Setting['edits'] = []) =>
      onDisk([writes], { faults: [crashAt(2_000, 'suffix')], edits });
    const at = keyOf(crashed(), 'fault');
    const kept = [0, 1, 3, 4, 9].map(
      (count) => Object.keys(durable(crashed(choose(at, 'survivors/n0', count)))).length,
    );
    expect(kept).toEqual([0, 1, 3, 4, 4]);
    expect(crashed(choose(at, 'survivors/n1', 1)).result.edits).toEqual([false]);
  });
});
