// Nodes' own clocks: what ctx.nowUs shows and how long a timer takes, under offset, drift and jump.
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { addDrift, createClock, read, stretch } from '../../src/sim/clock.js';
import { type Act, acting, effectiveness, type FaultAt, second, watch } from '../support/worlds.js';

const look = (atUs: number, node = 'n0'): Act => [atUs, node, (ctx) => ctx.note(String(ctx.nowUs))];

/** What n0's clock shows, less what it should, at each second. */
function errors(faults: readonly FaultAt[], seconds: readonly number[]): number[] {
  const acts = seconds.map((at) => look(at * second));
  const { notes } = watch({ protocol: acting(acts), faults });
  return notes.map((note) => {
    const [atUs = '', , shown = ''] = note.split(' ');
    return Number(shown) - Number(atUs);
  });
}

const offset = (offsetUs: number) => ({ f: 'clock-offset', nodes: ['n0'], offsetUs }) as const;
const drift = (ppm: number) => ({ f: 'clock-drift', nodes: ['n0'], ppm }) as const;
const jump = (byUs: number) => ({ f: 'clock-jump', nodes: ['n0'], byUs }) as const;

describe('a clock', () => {
  it('shows virtual time when nothing is wrong with it', () => {
    expect(errors([], [1, 2])).toEqual([0, 0]);
  });

  it('is off by its offset for as long as that lasts', () => {
    expect(errors([[1.5 * second, offset(7_000), second]], [1, 2, 3])).toEqual([0, 7_000, 0]);
  });

  it('may be off into the past, before the run began', () => {
    expect(errors([[500_000, offset(-2 * second)]], [1])).toEqual([-2 * second]);
  });

  it('gains by its drift from when it begins, and keeps what it has gained', () => {
    const faults: FaultAt[] = [[second, drift(1_000), 2 * second]];
    expect(errors(faults, [0.5, 2, 3, 4])).toEqual([0, 1_000, 2_000, 2_000]);
  });

  it('loses by a negative drift', () => {
    expect(errors([[second, drift(-500_000)]], [3])).toEqual([-second]);
  });

  it('jumps once, for good', () => {
    expect(errors([[second, jump(-300)]], [0.5, 2, 9])).toEqual([0, -300, -300]);
  });

  it('adds up what is wrong with it, and each fault ends on its own', () => {
    const faults: FaultAt[] = [
      [0.1 * second, offset(10), 3 * second],
      [0.1 * second, offset(100), second],
      [0.5 * second, jump(1_000)],
      [1 * second, drift(10), second],
    ];
    expect(errors(faults, [0.7, 1.5, 4])).toEqual([1_110, 1_015, 1_010]);
  });

  it('of another node is not its business', () => {
    const { notes } = watch({
      protocol: acting([look(second, 'n1')]),
      faults: [[500_000, jump(5)]],
    });
    expect(notes).toEqual(['1000000 n1 1000000']);
  });

  it('survives a crash of its node', () => {
    const { notes } = watch({
      nodes: ['n0'],
      protocol: {
        init(ctx) {
          ctx.note(String(ctx.nowUs));
          return {};
        },
      },
      faults: [
        [second, jump(-5)],
        [2 * second, { f: 'crash', nodes: ['n0'], lost: 'all' }, second],
      ],
    });
    expect(notes).toEqual(['0 n0 0', '3000000 n0 2999995']);
  });
});

describe('a timer', () => {
  const ringsAt = (faults: readonly FaultAt[]): string[] => {
    const set: Act = [second, 'n0', (ctx) => ctx.setTimer({ type: 'ring' }, second)];
    const timers = {
      ring: (_: unknown, __: unknown, ctx: { note(text: string): void }) => ctx.note('ring'),
    };
    return [...watch({ protocol: acting([set], { timers }), faults }).notes];
  };

  it('is early on a clock that runs fast, and late on a slow one', () => {
    expect(ringsAt([[500_000, drift(1_000_000)]])).toEqual(['1500000 n0 ring']);
    expect(ringsAt([[500_000, drift(-500_000)]])).toEqual(['3000000 n0 ring']);
  });

  it('measures its delay: an offset or a jump does not change it', () => {
    const faults: FaultAt[] = [
      [500_000, offset(second)],
      [600_000, jump(second)],
    ];
    expect(ringsAt(faults)).toEqual(['2000000 n0 ring']);
  });
});

describe('effective or inert', () => {
  it.each([
    ['an offset', offset(5)],
    ['a drift', drift(5)],
    ['a jump', jump(5)],
  ])('%s matters when the clock is read', (_, fault) => {
    const faults: FaultAt[] = [[500_000, fault, 5 * second]];
    expect(effectiveness(watch({ protocol: acting([look(second)]), faults }))).toEqual([true]);
    expect(effectiveness(watch({ protocol: acting([look(second, 'n1')]), faults }))).toEqual([
      false,
    ]);
  });

  it('an offset does not matter when the clock is read once it is over', () => {
    const run = watch({ protocol: acting([look(second)]), faults: [[100, offset(5), 1_000]] });
    expect(effectiveness(run)).toEqual([false]);
  });

  it('a drift and a jump matter when the clock is read long after', () => {
    const faults: FaultAt[] = [
      [100, drift(5_000), 1_000],
      [100, jump(5)],
    ];
    const run = watch({ protocol: acting([look(5 * second)]), faults });
    expect(effectiveness(run)).toEqual([true, true]);
  });

  it('a drift matters when a timer is set', () => {
    const set: Act = [second, 'n0', (ctx) => ctx.setTimer({ type: 'never' }, 5)];
    const run = watch({ protocol: acting([set]), faults: [[100, drift(5_000)]] });
    expect(effectiveness(run)).toEqual([true]);
  });
});

describe('Clock', () => {
  const change = fc.record({
    ppm: fc.integer({ min: -400_000, max: 400_000 }),
    us: fc.nat(second),
  });

  test.prop([fc.array(change)], { seed: 1 })(
    'shows whole microseconds that never go back while it only drifts',
    (changes) => {
      const clock = createClock();
      let nowUs = 0;
      let shownUs = 0;
      for (const { ppm, us } of changes) {
        addDrift(clock, ppm - clock.driftPpm, nowUs);
        nowUs += us;
        expect(Number.isInteger(read(clock, nowUs))).toBe(true);
        expect(read(clock, nowUs)).toBeGreaterThanOrEqual(shownUs);
        shownUs = read(clock, nowUs);
      }
    },
  );

  test.prop([fc.integer({ min: -900_000, max: 900_000 }), fc.nat(10 * second)], { seed: 2 })(
    'takes as long over a delay as it then shows to have passed, give or take a microsecond',
    (ppm, delayUs) => {
      const clock = createClock();
      addDrift(clock, ppm, 0);
      const passedUs = read(clock, stretch(clock, delayUs));
      expect(Math.abs(passedUs - delayUs)).toBeLessThanOrEqual(2);
    },
  );
});
