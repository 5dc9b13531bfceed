// echo: what it says. Its verdicts are in the fixtures.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/checkers/checker.js';
import { echo } from '../../src/checkers/echo.js';
import { history } from '../../src/history/text.js';
import { pinned } from './random-histories.js';

describe('echo', () => {
  it('says what was said and what came back', () => {
    expect(judge(echo, history('0@n1:e"hi" 0:ok["hi"]'))).toMatchObject({
      anomalies: [
        {
          kind: 'wrong-echo',
          about: 'n1 was told "hi" at 0.000000 s and echoed ["hi"] at 0.001000 s',
          ops: [0, 1],
        },
      ],
    });
  });

  it('says why an echo was not answered', () => {
    const verdict = judge(echo, history('0@n1:e1 1@n2:e2 0:info!timeout'));
    expect(verdict.valid === false && verdict.anomalies.map(({ about }) => about)).toEqual([
      'n1 was told 1 at 0.000000 s and did not echo it: timeout at 0.002000 s',
      'n2 was told 2 at 0.001000 s and had not answered when the history ended',
    ]);
  });

  it('counts as Maelstrom does, whatever is allowed', () => {
    const options = { unansweredAllowed: true };
    const text = '0:e1 1:e2 0:ok1 1:info 2:e3 0:e4 0:ok5';
    const { stats } = judge(echo, history(text), { options });
    const maelstrom = { 'valid?': false, 'error-count': 3 };
    expect(stats).toEqual({ asked: 4, answered: 2, anomalies: { 'wrong-echo': 1 }, maelstrom });
  });

  it('accepts any value that comes back as a copy', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        const verdict = judge(echo, history(`0:e(${text}) 0:ok(${text})`));
        expect(verdict.valid).toBe(true);
      }),
      pinned(500),
    );
  });
});
