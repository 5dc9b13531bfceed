// availability: its figures, what it says, and where exactly the limit is.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { availability } from '../../src/checkers/availability.js';
import { judge } from '../../src/checkers/checker.js';
import { history } from '../../src/history/text.js';
import { pinned } from './random-histories.js';

describe('availability', () => {
  it('counts as Maelstrom does, and without definite failures besides', () => {
    const { stats } = judge(
      availability,
      history('0:w1 0:ok 0:w2 0:fail 0:w3 0:info 1:w4 2:w5 2:ok nemesis:heal'),
    );
    expect(stats).toEqual({
      ...{ invoked: 5, ok: 2, failed: 1, unknown: 2 },
      okFraction: 0.4,
      okFractionWithoutFailures: 0.5,
      anomalies: {},
      maelstrom: { 'valid?': true, 'ok-fraction': 0.4 },
    });
  });

  it('is wholly available when nothing was asked, as in Maelstrom', () => {
    expect(judge(availability, history(''))).toMatchObject({
      valid: true,
      stats: { okFraction: 1 },
    });
  });

  it('says how much was missing, and the longest silence', () => {
    const text = '0:w1 0:ok +10s 0:w2 +5s 0:info!timeout 1:w3 1:ok';
    expect(judge(availability, history(text), { options: { minPpm: 990_000 } })).toMatchObject({
      valid: false,
      anomalies: [
        {
          kind: 'unavailable',
          about:
            'of 3 operations 2 were acknowledged, at least 99 % should have been: 0 failed, ' +
            '1 ended unknown; nothing was acknowledged from 10.001000 to 15.003000 s',
          ops: [2],
        },
      ],
    });
  });

  it('shows the first operations that were not acknowledged, and no silence of 0 s', () => {
    const missed = Array.from({ length: 20 }, (_, at) => `${at + 1}:w1 +0s`);
    const text = `0:w0 0:ok +0s ${missed.join(' ')}`;
    const verdict = judge(availability, history(`${text} 30:r`), {
      options: { minPpm: 1_000_000 },
    });
    const [first] = verdict.valid === false ? verdict.anomalies : [];
    expect(first?.ops).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    const sudden = judge(availability, history('0:w1'), { options: { minPpm: 1_000_000 } });
    expect(sudden).toMatchObject({
      anomalies: [
        {
          about:
            'of 1 operation 0 were acknowledged, all should have been: 0 failed, 1 ended unknown',
        },
      ],
    });
  });

  it('refuses exactly below the minimum', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(), (invoked, some) => {
        const ok = some % (invoked + 1);
        const text = Array.from(
          { length: invoked },
          (_, at) => `${at}:w1 ${at < ok ? `${at}:ok` : ''}`,
        );
        const found = history(text.join(' '));
        const minPpm = Math.floor((ok * 1_000_000) / invoked);
        const ask = (ppm: number) => judge(availability, found, { options: { minPpm: ppm } }).valid;
        expect(ask(minPpm)).toBe(true);
        if (minPpm < 1_000_000) expect(ask(minPpm + 1)).toBe(false);
      }),
      pinned(500),
    );
  });
});
