// A slow node: one thing at a time, in the order of arrival, whatever befalls it meanwhile.
import { describe, expect, it } from 'vitest';
import { crash, numbers, pause, run, slow, stream } from '../support/streams.js';
import { type Act, acting, type FaultAt, second, watch } from '../support/worlds.js';

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

  it('finishes what it is at when it stops being slow, then does the rest at once', () => {
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
