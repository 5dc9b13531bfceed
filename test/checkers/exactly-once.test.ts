// exactly-once: what it says of each fault, and that it agrees with the definition.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/checkers/checker.js';
import { exactlyOnce, judgeStream } from '../../src/checkers/exactly-once/exactly-once.js';
import { type Monoid, monoids } from '../../src/checkers/exactly-once/run.js';
import type { History } from '../../src/history/history.js';
import { history, historyText } from '../../src/history/text.js';
import { deep, deepTimeoutMs } from './deep.js';
import { explainable, partsOf } from './naive-streams.js';

const guarantees = ['exactly-once', 'at-least-once', 'at-most-once'] as const;

const input = (place: string, key: string, value: unknown): string => {
  const [partition, offset] = place.split('@');
  const records = [[key, value]];
  return `0:input${JSON.stringify({ partition, offset: Number(offset), records })} 0:ok`;
};
const commit = (clock: object, state: object): string =>
  `1:commit? 1:ok${JSON.stringify({ clock, state })}`;
const final = (state: object): string => `| 2:state? 2:ok${JSON.stringify({ state })}`;
const output = (place: string, value: unknown): string => {
  const [partition, offset] = place.split('@');
  return `3:output${JSON.stringify({ partition, offset: Number(offset), value })} 3:ok`;
};
const log = [input('p@0', 'a', 1), input('p@1', 'a', 2), input('q@0', 'b', 5)];
const said = (parts: readonly string[], options = {}) =>
  judge(exactlyOnce, history(parts.join(' ')), { options });
const abouts = (parts: readonly string[], options = {}) => {
  const verdict = said(parts, options);
  return verdict.valid === false ? verdict.anomalies.map(({ about }) => about) : verdict.valid;
};

describe('exactly-once in states', () => {
  it('accepts snapshots that are the fold of what lies below their clock', () => {
    const states = [commit({ p: 1 }, { a: 1 }), commit({ p: 1, q: 1 }, { a: 1, b: 5 })];
    expect(said([...log, ...states, final({ a: 3, b: 5 })]).valid).toBe(true);
  });

  it('names the input that is lost', () => {
    expect(abouts([...log, commit({ p: 2 }, { a: 1 })])).toEqual([
      'the snapshot of operation 7 has the key "a" at 1 instead of 3: the input p@1 is not in it',
    ]);
  });

  it('says nothing of a final state of which some node did not tell its part', () => {
    const half = '| 2:state? 2:ok{"state":{"a":3}} 4:state? 4:info';
    expect(said([...log, half])).toMatchObject({
      valid: 'unknown',
      reason: expect.stringContaining('process 4 did not tell the final state'),
    });
    const again = `${half} 2:state? 2:ok{"state":{"a":3,"b":5}}`;
    expect(said([...log, again]).valid).toBe('unknown');
    const torn = commit({ p: 2 }, { a: 1 });
    expect(said([...log, torn, half]).valid).toBe(false);
  });

  it('names the input that is counted twice', () => {
    expect(abouts([...log, final({ a: 3, b: 10 })])).toEqual([
      'the final state has the key "b" at 10 instead of 5: the input q@0 is counted more than once',
    ]);
  });

  it('names the input that a torn snapshot has too early', () => {
    expect(abouts([...log, commit({ p: 1, q: 1 }, { a: 3, b: 5 })])).toEqual([
      'the snapshot of operation 7 has the key "a" at 3 instead of 1: ' +
        'the input p@1 is in it, although its clock is not past it',
    ]);
  });

  it('finds a key of which no input knows', () => {
    expect(abouts([...log, final({ a: 3, b: 5, c: 1 })])).toEqual([
      'the final state has the key "c" at 1 instead of 0: no input explains it',
    ]);
  });

  it('tells a difference once, not in every snapshot after it', () => {
    const wrong = [commit({ p: 2 }, { a: 1 }), commit({ p: 2, q: 1 }, { a: 1, b: 5 })];
    expect(said([...log, ...wrong, final({ a: 1, b: 5 })]).stats).toMatchObject({
      anomalies: { lost: 1 },
    });
  });

  it('names the value that a multiset lacks and the one that it repeats', () => {
    const options = { monoid: 'multiset' };
    expect(abouts([...log, final({ a: [1, 1], b: [5] })], options)).toEqual([
      'the final state has 2 of the key "a" not at all instead of 1 time: ' +
        'the input p@1 is not in it',
      'the final state has 1 of the key "a" 2 times instead of 1 time: ' +
        'the input p@0 is counted more than once',
    ]);
  });

  it('finds inputs of one partition in the wrong order, and lets partitions mix', () => {
    const options = { monoid: 'list' };
    const mixed = [...log, input('q@1', 'a', 7)];
    expect(said([...mixed, final({ a: [7, 1, 2], b: [5] })], options).valid).toBe(true);
    expect(abouts([...mixed, final({ a: [2, 7, 1], b: [5] })], options)).toEqual([
      'the final state has, under the key "a", the input p@1 before p@0, ' +
        'which comes first in the log',
    ]);
  });

  it('does not decide the order where one value stands for two inputs', () => {
    const twice = [...log, input('p@2', 'a', 1)];
    const parts = [...twice, final({ a: [1, 2, 1], b: [5] })];
    expect(said(parts, { monoid: 'list' }).valid).toBe('unknown');
  });

  it('finds a maximum of which no input knows, and one that is too small', () => {
    const options = { monoid: 'max' };
    expect(said([...log, final({ a: 2, b: 5 })], options).valid).toBe(true);
    expect(abouts([...log, final({ a: 9, b: 5 })], options)).toEqual([
      'the final state has the key "a" at 9 instead of 2: no input explains it',
    ]);
    expect(abouts([...log, final({ a: 1, b: 5 })], options)).toEqual([
      'the final state has the key "a" at 1 instead of 2: the input p@1 is not in it',
    ]);
  });

  it('folds the last final state of every node', () => {
    const states =
      '| 4@n1:state? 4:ok{"state":{"a":1}} 5@n2:state? 5:ok{"state":{"b":5}} ' +
      '4@n1:state? 4:ok{"state":{"a":3}}';
    expect(said([...log, states]).valid).toBe(true);
  });

  it('reads records in columns too', () => {
    const columns = '0:input{"partition":"p","offset":0,"keys":["a","b"],"values":[3,5]} 0:ok';
    expect(said([columns, final({ a: 3, b: 5 })]).valid).toBe(true);
    expect(said([columns, final({ a: 3, b: 4 })]).valid).toBe(false);
  });

  it('judges no snapshot that is not known to be committed', () => {
    const wrong = '1:commit{"clock":{},"state":{"a":99}} 1:info 6:commit{"state":{"a":99}} 6:fail';
    expect(said([...log, wrong, final({ a: 3, b: 5 })]).valid).toBe(true);
  });

  it('finds a commit that goes back behind an earlier one', () => {
    const states = [commit({ p: 2 }, { a: 3 }), commit({ p: 1, q: 1 }, { a: 1, b: 5 })];
    expect(abouts([...log, ...states])).toEqual([
      'operation 9 committed partition "p" up to 1 after operation 7 had committed it up to 2',
    ]);
  });

  it('names the input, for those who can tell its path', () => {
    const wrong = history([...log, final({ a: 3, b: 10 })].join(' '));
    expect(judgeStream(wrong, exactlyOnce.options)).toMatchObject({
      anomalies: [
        { about: expect.stringMatching(/q@0 is counted more than once$/), inputs: ['q@0'] },
      ],
    });
  });
});

describe('inputs without an answer', () => {
  const unsure = '7:input{"partition":"p","offset":2,"records":[["a",4]]} 7:info';
  it.each([
    ['may be in', final({ a: 7, b: 5 }), true],
    ['may be out', final({ a: 3, b: 5 }), true],
    ['are in once or not at all', final({ a: 11, b: 5 }), false],
    ['are not half in', final({ a: 5, b: 5 }), false],
    ['stay in', `${commit({ p: 3, q: 1 }, { a: 7, b: 5 })} ${final({ a: 3, b: 5 })}`, false],
    ['stay out', `${commit({ p: 3, q: 1 }, { a: 3, b: 5 })} ${final({ a: 7, b: 5 })}`, false],
  ])('%s', (_, states, valid) => {
    expect(said([...log, unsure, states]).valid).toBe(valid);
  });

  it('are in with all their effects or with none', () => {
    const wide = '7:input{"partition":"p","offset":2,"records":[["a",4,"b",1]]} 7:info';
    expect(said([...log, wide, final({ a: 7, b: 6 })]).valid).toBe(true);
    expect(said([...log, wide, final({ a: 3, b: 5 })]).valid).toBe(true);
    expect(said([...log, wide, final({ a: 7, b: 5 })]).valid).toBe(false);
    expect(said([...log, wide, final({ a: 3, b: 6 })]).valid).toBe(false);
  });

  it('leave a surplus undecided if they may lie anywhere', () => {
    const adrift = '7:input{"partition":"p","records":[["a",4]]} 7:info';
    expect(said([...log, adrift, final({ a: 7, b: 5 })]).valid).toBe('unknown');
    const options = { monoid: 'multiset' };
    expect(said([...log, adrift, final({ a: [1], b: [5] })], options).valid).toBe(false);
  });
});

describe('weaker guarantees', () => {
  const cases = [
    ['a loss', final({ a: 1, b: 5 }), [false, false, true]],
    ['a duplicate', final({ a: 3, b: 10 }), [false, true, false]],
    ['both', final({ a: 1, b: 10 }), [false, false, false]],
    ['a phantom', final({ a: 3, b: 5, c: 1 }), [false, false, false]],
    ['nothing wrong', final({ a: 3, b: 5 }), [true, true, true]],
    ['a torn snapshot', commit({ p: 1, q: 1 }, { a: 3, b: 5 }), [false, true, true]],
  ] as const;
  it.each(cases)('judge %s', (_, state, verdicts) => {
    const found = guarantees.map((guarantee) => said([...log, state], { guarantee }).valid);
    expect(found).toEqual(verdicts);
  });
});

describe('exactly-once at the sink', () => {
  const owed = { outputsOwed: 'all' };
  const all = [output('p@0', 'x'), output('p@1', 'y'), output('q@0', 'z')];
  it('accepts one output for each input', () => {
    expect(said([...log, ...all], owed).valid).toBe(true);
  });

  it.each([
    ['a lost output', all.slice(1), 'the sink shows no output of p@0'],
    [
      'an output that is shown twice',
      [...all, output('p@1', 'y')],
      'the sink shows the same output of p@1 twice (operation 9: "y"; operation 13: "y")',
    ],
    [
      'an output of no input',
      [...all, output('p@9', 'y')],
      'the sink shows an output of p@9, which is no input (operation 13: "y")',
    ],
  ])('finds %s', (_, outputs, about) => {
    expect(abouts([...log, ...outputs], owed)).toEqual([about]);
  });

  it('finds two values of one output, also where duplicates are allowed', () => {
    const outputs = [...all, output('p@1', 'other')];
    const verdict = said([...log, ...outputs], { ...owed, guarantee: 'at-least-once' });
    expect(verdict).toMatchObject({ anomalies: [{ kind: 'divergent-output' }] });
  });

  it('finds outputs out of order where order is asked for', () => {
    const outputs = [output('p@1', 'y'), output('q@0', 'z'), output('p@0', 'x')];
    expect(said([...log, ...outputs], owed).valid).toBe(true);
    expect(said([...log, ...outputs], { ...owed, outputOrder: 'partition' })).toMatchObject({
      anomalies: [{ kind: 'reordered-output', ops: [0, 7, 11] }],
    });
  });

  it('owes, where only commits count, what lies below the last one', () => {
    const parts = [...log, commit({ p: 1 }, { a: 1 }), output('p@0', 'x')];
    expect(said(parts, { outputsOwed: 'committed' }).valid).toBe(true);
    expect(said(parts.slice(0, -1), { outputsOwed: 'committed' }).valid).toBe(false);
  });

  it('does not know about outputs that ended as info', () => {
    const parts = [...log, ...all.slice(1), '8:output{"partition":"p","offset":0} 8:info'];
    expect(said(parts, owed).valid).toBe('unknown');
  });
});

describe('progress', () => {
  it('refuses a run that never commits, where commits are required', () => {
    const parts = [...log, final({ a: 3, b: 5 })];
    expect(said(parts).valid).toBe(true);
    expect(abouts(parts, { commitsMin: 1 })).toEqual(['0 snapshots committed; at least 1 must be']);
  });

  it('counts what lies beyond the last commit', () => {
    const parts = [...log, commit({ p: 1 }, { a: 1 })];
    expect(said(parts, { uncommittedMax: 2 }).valid).toBe(true);
    expect(abouts(parts, { uncommittedMax: 1 })).toEqual([
      '2 accepted inputs lie beyond every committed snapshot, the first p@1',
    ]);
  });

  it.each([
    ['nothing went in', [final({})]],
    ['nothing was recorded', log],
    ['a state is no state', [...log, '| 2:state? 2:ok7']],
    ['an input has no offset', ['0:input{"partition":"p","records":[]} 0:ok']],
    ['two inputs have one place', [...log, input('p@0', 'a', 1), final({})]],
  ])('is unknown when %s', (_, parts) => {
    expect(said(parts).valid).toBe('unknown');
  });

  it('is unknown past movesMax', () => {
    const states = [commit({ p: 2 }, { a: 3 }), final({ a: 3, b: 5 })];
    expect(said([...log, ...states], { movesMax: 3 }).valid).toBe(true);
    expect(said([...log, ...states], { movesMax: 2 }).valid).toBe('unknown');
  });
});

/** Small logs, with states that are right, or nearly. */
const streams: fc.Arbitrary<{ history: History; monoid: Monoid }> = fc
  .record({
    monoid: fc.constantFrom(...monoids.filter((monoid) => monoid !== 'list')),
    inputs: fc.array(
      fc.record({
        partition: fc.constantFrom('p', 'q'),
        key: fc.constantFrom('a', 'b'),
        value: fc.oneof(
          { weight: 9, arbitrary: fc.nat({ max: 4 }) },
          fc.integer({ min: -3, max: 0 }),
        ),
        how: fc.constantFrom('ok', 'ok', 'ok', 'ok', 'info', 'fail'),
      }),
      { minLength: 1, maxLength: 5 },
    ),
    states: fc.array(
      fc.record({
        p: fc.nat({ max: 4 }),
        q: fc.nat({ max: 4 }),
        final: fc.boolean(),
        slip: fc.constantFrom('none', 'none', 'none', 'lose', 'twice', 'early', 'other'),
        at: fc.nat({ max: 5 }),
        infos: fc.nat({ max: 3 }),
      }),
      { minLength: 1, maxLength: 3 },
    ),
  })
  .map(({ monoid, inputs, states }) => {
    const next = { p: 0, q: 0 };
    const placed = inputs.map((each) => ({ ...each, offset: next[each.partition as 'p' | 'q']++ }));
    const parts = placed.map(({ partition, offset, key, value, how }, at) => {
      const fields = JSON.stringify({ partition, offset, records: [[key, value]] });
      return `${at}:input${fields} ${at}:${how}`;
    });
    const known = placed.filter(({ how }) => how !== 'fail');
    for (const { p, q, final: last, slip, at, infos } of states) {
      const clock: Record<string, number> = last ? { p: 9, q: 9 } : { p, q };
      const taken = known.flatMap((each, i) => {
        if (each.how === 'info' && (infos >> (i % 2)) % 2 === 0) return [];
        const below = each.offset < (clock[each.partition] ?? 0);
        const times = below ? 1 : 0;
        const slips = { none: 0, lose: -1, twice: 1, early: below ? 0 : 1, other: 0 }[slip];
        return Array.from({ length: times + (at === i ? slips : 0) || 0 }, () => each);
      });
      const state: Record<string, unknown> = {};
      for (const key of ['a', 'b']) {
        const values = taken.filter((each) => each.key === key).map(({ value }) => value);
        if (slip === 'other' && key === 'a') values.push(at);
        const folded = foldOf(monoid, values);
        if (folded !== undefined) state[key] = folded;
      }
      parts.push(last ? `| 90:state? 90:ok${JSON.stringify({ state })}` : '');
      if (!last) parts.push(`91:commit? 91:ok${JSON.stringify({ clock, state })}`);
    }
    return { history: history(parts.join(' ')), monoid };
  });

function foldOf(monoid: Monoid, values: readonly number[]): unknown {
  if (monoid === 'sum') return values.reduce((sum, value) => sum + value, 0);
  if (monoid === 'count') return values.length;
  if (monoid === 'set') return [...new Set(values)];
  if (monoid === 'multiset') return values;
  if (values.length === 0) return undefined;
  return monoid === 'max' ? Math.max(...values) : Math.min(...values);
}

describe('the definition', () => {
  it.each(guarantees)(
    'never disagrees, for %s',
    (guarantee) => {
      const tally = { true: 0, false: 0, unknown: 0 };
      fc.assert(
        fc.property(streams, ({ history: stream, monoid }) => {
          const parts = partsOf(stream);
          const finals = parts.states.filter(({ clock }) => clock === undefined);
          fc.pre(finals.length <= 1);
          const verdict = judge(exactlyOnce, stream, { options: { monoid, guarantee } });
          const stale =
            verdict.valid === false ? verdict.anomalies[0].kind === 'stale-commit' : false;
          fc.pre(!stale);
          tally[`${verdict.valid}`]++;
          if (verdict.valid === 'unknown') return;
          const text = `${monoid}: ${historyText(stream)}`;
          expect(verdict.valid, text).toBe(explainable(parts, monoid, guarantee));
        }),
        deep(1_500),
      );
      expect(tally.true).toBeGreaterThan(200);
      expect(tally.false).toBeGreaterThan(100);
      const all = tally.true + tally.false + tally.unknown;
      expect(tally.unknown / all).toBeLessThan(0.25);
    },
    deepTimeoutMs,
  );
});
