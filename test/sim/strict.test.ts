// Strict mode: who answers the same question in two ways is found out, at once and by name.
import { describe, expect, it } from 'vitest';
import type { AnyProtocol, Context } from '../../src/node/protocol.js';
import { createWorld, forkWorld } from '../../src/sim/create.js';
import { advance } from '../../src/sim/loop.js';
import { resultOf } from '../../src/sim/result.js';
import { DeterminismError } from '../../src/sim/strict.js';
import { acting, digestOfRun, type Setting, second, specOf, watch } from '../support/worlds.js';

/** Something that differs from one question to the next. */
const counter = () => {
  let count = 0;
  return () => count++;
};

function errorOf(setting: Setting): DeterminismError | undefined {
  try {
    watch({ ...setting, strict: true });
    return undefined;
  } catch (error) {
    if (error instanceof DeterminismError) return error;
    throw error;
  }
}

const cheats: readonly (readonly [string, RegExp, () => (ctx: Context, state: object) => void])[] =
  [
    [
      'the state',
      /^state\.n$/,
      () => {
        const next = counter();
        return (_, state) => Object.assign(state, { n: next() });
      },
    ],
    [
      'what it sends',
      /^effects\[0\]\.payload\.n$/,
      () => {
        const next = counter();
        return (ctx) => ctx.send('n1', { type: 'a', n: next() } as never);
      },
    ],
    [
      'to whom it sends',
      /^effects\[0\]\.where$/,
      () => {
        const next = counter();
        return (ctx) => ctx.send(`n${next() % 2}`, { type: 'a' });
      },
    ],
    [
      'to which nobody it sends',
      /^effects\[0\]\.key$/,
      () => {
        const next = counter();
        return (ctx) => ctx.send(`nobody${next()}`, { type: 'a' });
      },
    ],
    [
      'how much it sends',
      /^effects\[1\]$/,
      () => {
        const next = counter();
        return (ctx) => {
          for (let n = next(); n >= 0; n--) ctx.note('more');
        };
      },
    ],
    [
      'how long a timer takes',
      /^effects\[0\]\.delayUs$/,
      () => {
        const next = counter();
        return (ctx) => ctx.setTimer({ type: 'x' }, next());
      },
    ],
    [
      'which timer it clears',
      /^effects\[0\]\.where$/,
      () => {
        const next = counter();
        return (ctx) => ctx.clearTimer(next());
      },
    ],
    [
      'where it writes',
      /^effects\[0\]\.key$/,
      () => {
        const next = counter();
        return (ctx) => ctx.store.write(`k${next()}`, 1);
      },
    ],
    [
      'whether it throws',
      /^thrown$/,
      () => {
        const next = counter();
        return () => {
          if (next() === 0) throw new Error('the first time');
        };
      },
    ],
    [
      'whether it throws, the other way round',
      /^thrown$/,
      () => {
        const next = counter();
        return () => {
          if (next() === 1) throw new Error('the second time');
        };
      },
    ],
  ];

/** A node that changes what it kept of a message, which is frozen in strict mode. */
const keeping = acting(
  [
    [1_000, 'n0', (ctx) => ctx.send('n1', { type: 'keep', part: { n: 1 } } as never)],
    [second, 'n1', (_, state) => (state.kept as { n: number }).n++],
  ],
  { on: { keep: (state, message) => Object.assign(state, { kept: message.body.part }) } },
);

describe('strict mode', () => {
  it.each(cheats)('finds a handler that varies %s', (_, path, make) => {
    const act = make();
    const error = errorOf({
      protocol: acting([[1_000, 'n1', (ctx, state) => act(ctx as unknown as Context, state)]]),
    });
    expect(error).toMatchObject({ node: 'n1', handler: 'timers.act', atUs: 1_000, event: 2 });
    expect(error?.difference.path).toMatch(path);
    expect(error?.message).toContain(
      'timers.act of n1 is not deterministic (event 2 at 0.001000 s)',
    );
  });

  it('finds an init that varies', () => {
    const next = counter();
    const error = errorOf({ protocol: { init: () => ({ n: next() }) } });
    expect(error).toMatchObject({ node: 'n0', handler: 'init', event: 0 });
  });

  it('finds an init that throws sometimes', () => {
    const next = counter();
    const init = (): object => {
      if (next() === 1) throw new Error('no');
      return {};
    };
    expect(errorOf({ protocol: { init } })).toMatchObject({ handler: 'init' });
  });

  it('names a state that is not plain data', () => {
    const f = () => 1;
    const act = (_: unknown, state: object) => Object.assign(state, { f });
    const protocol = acting([
      [1_000, 'n0', act],
      [2_000, 'n0', () => {}],
    ]);
    const { result } = watch({ protocol, strict: true });
    expect(result.crashes).toMatchObject([{ node: 'n0', atUs: 2_000, handler: 'timers.act' }]);
    expect(result.crashes[0]?.message).toMatch(/^state\.f is a function.*not plain data/);
  });

  const honest: AnyProtocol = acting(
    [
      [
        1_000,
        'n0',
        (ctx, state) => {
          const job = { type: 'again', left: 3 };
          state.job = job;
          ctx.setTimer(job as never, ctx.random.below(500));
          ctx.send('n1', { type: 'a', n: ctx.random.below(9) });
          ctx.store.write('k', ctx.nowUs);
          ctx.store.sync({ type: 'synced' });
        },
      ],
      [
        second,
        'n1',
        () => {
          throw new Error('a bug, but always the same');
        },
      ],
    ],
    {
      timers: {
        again(state, timer, ctx) {
          timer.left--;
          ctx.note(`${state.job.left} left`);
          if (timer.left > 0) ctx.setTimer(timer, 100);
        },
        synced: (_, __, ctx) => ctx.note(String(ctx.store.read('k'))),
      },
    },
  );

  it('goes on in a fork as in the world that it was forked from', () => {
    const world = createWorld(specOf({ protocol: keeping, strict: true }));
    while (world.queue.nowUs < 11_000) advance(world, 1); // It has arrived.
    const fork = forkWorld(world);
    const [crashes, crashesOfFork] = [world, fork].map((each) => {
      while (advance(each, 1_000));
      return resultOf(each).crashes;
    });
    expect(crashes).toHaveLength(1);
    expect(crashesOfFork).toEqual(crashes);
  });

  it('takes a node that changes what it kept of a message for one that throws, every time', () => {
    const setting: Setting = { protocol: keeping };
    expect(errorOf(setting)).toBeUndefined();
    const { crashes } = watch({ ...setting, strict: true }).result;
    expect(crashes).toMatchObject([{ node: 'n1', atUs: second, handler: 'timers.act' }]);
    expect(crashes[0]?.message).toMatch(/read only/);
  });

  it('finds nothing wrong with a protocol that is not, and changes nothing about its run', () => {
    const setting: Setting = {
      protocol: honest,
      faults: [
        [100, { f: 'clock-drift', nodes: ['n0'], ppm: 1_000 }],
        [3 * second, { f: 'crash', nodes: ['n0'], lost: 'suffix' }, second],
      ],
    };
    expect(errorOf(setting)).toBeUndefined();
    expect(digestOfRun({ ...setting, strict: true })).toBe(digestOfRun(setting));
    expect(watch({ ...setting, strict: true }).notes).toEqual(watch(setting).notes);
  });

  /** A protocol's run is the same in strict mode, and nothing is found wrong with it. */
  const staysItself = (protocol: () => AnyProtocol): void => {
    expect(errorOf({ protocol: protocol() })).toBeUndefined();
    const strict = digestOfRun({ protocol: protocol(), strict: true });
    expect(strict).toBe(digestOfRun({ protocol: protocol() }));
  };

  it('changes once, not twice, what a state has from outside', () => {
    staysItself(() => {
      const list: number[] = [];
      const take = (_: unknown, state: Record<string, unknown>) => Object.assign(state, { list });
      const push = (ctx: Context, state: Record<string, unknown>): void => {
        const length = (state.list as number[]).push(0);
        ctx.note(`${length}`);
      };
      const at = [2_000, 3_000, 4_000].map((atUs) => [atUs, 'n0', push] as const);
      return acting([[1_000, 'n0', take], ...at] as never);
    });
  });

  it('changes once, not twice, what a timer and the state have from outside', () => {
    staysItself(() => {
      const tick = { type: 'tick', count: { n: 0 } };
      return acting([[1_000, 'n0', (ctx) => void ctx.setTimer(tick as never, 10)]], {
        timers: {
          tick(state, timer, ctx) {
            timer.count.n++;
            state.seen = timer.count;
            ctx.note(`${state.seen.n}`);
            if (timer.count.n < 5) ctx.setTimer(timer, 10);
          },
        },
      });
    });
  });

  /** Each timer changes what the state has: they share it. `foreign`: they have that, too. */
  const sharing = (foreign?: object): AnyProtocol =>
    acting(
      [
        [
          1_000,
          'n0',
          (ctx, state) => {
            state.jobs = [{ left: 3 }];
            const [job] = state.jobs as object[];
            for (const delayUs of [5, 10, 15])
              ctx.setTimer({ type: 'work', job, foreign } as never, delayUs);
            ctx.store.sync({ type: 'work', job, foreign } as never);
          },
        ],
      ],
      {
        timers: {
          work(state, timer, ctx) {
            timer.job.left--;
            ctx.note(`${state.jobs[0].left}`);
          },
        },
      },
    );

  it('lets timers share what they have of the state, in a fork too', () => {
    staysItself(() => sharing());
    staysItself(() => sharing({}));
    for (const atUs of [1_004, 1_007, 1_012]) {
      const world = createWorld(specOf({ protocol: sharing(), strict: true }));
      while (world.queue.nowUs < atUs && advance(world, 1));
      const fork = forkWorld(world);
      const [digest, digestOfFork] = [world, fork].map((each) => {
        while (advance(each, 1_000));
        return each.digest.toString();
      });
      expect(digestOfFork).toBe(digest);
    }
  });

  it('finds a handler that varies long after it began', () => {
    const next = counter();
    const steady = (ctx: Context, state: Record<string, unknown>) => {
      state.last = ctx.nowUs;
    };
    const vary = (_: unknown, state: { list?: object[] }) => {
      state.list = [{ n: next() }];
    };
    const at = [1_000, 2_000, 3_000].map((atUs) => [atUs, 'n0', steady] as const);
    const protocol = acting([...at, [4_000, 'n0', vary], [5_000, 'n0', steady]] as never);
    expect(errorOf({ protocol })).toMatchObject({ node: 'n0', atUs: 4_000 });
    expect(errorOf({ protocol })?.difference.path).toBe('state.list[0].n');
  });
});
