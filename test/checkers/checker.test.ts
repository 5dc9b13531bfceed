// What all checkers share: asking one, the worst of several verdicts, findings, quantiles, words.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Checker, judge, worst } from '../../src/checkers/checker.js';
import { countsOf, find, listedMax, noFindings, verdictOf } from '../../src/checkers/findings.js';
import { checkers } from '../../src/checkers/index.js';
import { quantilesOf } from '../../src/checkers/quantiles.js';
import { count, enumeration } from '../../src/checkers/words.js';
import { history } from '../../src/history/text.js';
import { pinned } from './random-histories.js';

const none = history('');

describe('the registry', () => {
  it('knows each checker by its name, with a line about it', () => {
    for (const [name, { name: own, about }] of checkers) {
      expect(own).toBe(name);
      expect(about).toMatch(/^[A-Z].{10,98}\.$/);
    }
  });
});

describe('judge', () => {
  it('fills in the defaults of options', () => {
    const given: unknown[] = [];
    const checker: Checker = {
      name: 'nosy',
      about: 'Looks at its options.',
      options: { a: 1, b: 2 },
      check: (_, options) => {
        given.push(options);
        return { valid: true };
      },
    };
    judge(checker, none, { options: { b: 3 } });
    expect(given).toEqual([{ a: 1, b: 3 }]);
  });

  it('answers unknown, with the reason, for a checker that throws', () => {
    const checker: Checker = {
      name: 'clumsy',
      about: 'Throws.',
      options: {},
      check: () => {
        throw new TypeError('no such thing');
      },
    };
    const reason = 'the checker clumsy gave up: no such thing';
    expect(judge(checker, none)).toEqual({ valid: 'unknown', reason });
  });

  it.each([
    ['availability', { minPpm: 'total' }],
    ['availability', { minPpm: -1 }],
    ['echo', { unansweredAllowed: 'yes' }],
  ])('answers unknown when %s gets the options %j', (name, options) => {
    const checker = checkers.get(name);
    expect(checker && judge(checker, none, { options })).toMatchObject({ valid: 'unknown' });
  });
});

describe('worst', () => {
  it('puts false before unknown before true', () => {
    expect(worst([true, 'unknown', false, true])).toBe(false);
    expect(worst([true, 'unknown', true])).toBe('unknown');
    expect(worst([])).toBe(true);
  });
});

describe('findings', () => {
  it('are listed by gravity and up to a limit, and all counted', () => {
    const findings = noFindings(['grave', 'slight']);
    find(findings, 'slight', () => ({ about: 'first met', ops: [0] }));
    for (let at = 0; at < 20; at++) find(findings, 'grave', () => ({ about: `${at}`, ops: [at] }));
    const verdict = verdictOf(findings, ['a doubt']);
    expect(verdict.valid === false && verdict.anomalies.map(({ kind }) => kind)).toEqual([
      ...Array.from({ length: listedMax }, () => 'grave'),
      'slight',
    ]);
    expect(countsOf(findings)).toEqual({ grave: 20, slight: 1 });
    expect(countsOf(noFindings(['grave']))).toEqual({});
  });

  it('of nothing are valid without doubts and unknown with them', () => {
    expect(verdictOf(noFindings(['any']), [])).toEqual({ valid: true });
    expect(verdictOf(noFindings(['any']), ['a', 'b'])).toEqual({
      valid: 'unknown',
      reason: 'a; b',
    });
  });

  it('of a kind that was not named are a mistake', () => {
    expect(() => find(noFindings([]), 'odd', () => ({ about: '', ops: [] }))).toThrow(/beforehand/);
  });
});

describe('quantiles', () => {
  it('are values of the list, at floor(n·q)', () => {
    const values = Array.from({ length: 100 }, (_, at) => 100 - at);
    const quantiles = { count: 100, min: 1, p50: 51, p95: 96, p99: 100, max: 100 };
    expect(quantilesOf(values)).toEqual(quantiles);
    const odd = { count: 7, min: 0, p50: 3, p95: 6, p99: 6, max: 6 };
    expect(quantilesOf([6, 5, 4, 3, 2, 1, 0])).toEqual(odd);
    expect(quantilesOf([7])).toEqual({ count: 1, min: 7, p50: 7, p95: 7, p99: 7, max: 7 });
    expect(quantilesOf([])).toBeUndefined();
  });

  it('sort by size and never fall', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 1 }), (values) => {
        const q = quantilesOf(values);
        const list = [q?.min, q?.p50, q?.p95, q?.p99, q?.max];
        expect([...list].sort((a = 0, b = 0) => a - b)).toEqual(list);
        expect([q?.min, q?.max]).toEqual([Math.min(...values), Math.max(...values)]);
      }),
      pinned(300),
    );
  });
});

describe('counts', () => {
  it('have a plural', () => {
    expect([0, 1, 2].map((n) => count(n, 'read'))).toEqual(['0 reads', '1 read', '2 reads']);
  });
});

describe('enumerations', () => {
  it.each([
    [[], 'none'],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c'], 'a, b and c'],
    [['a', 'b', 'c', 'd', 'e'], 'a, b, c and 2 more'],
  ])('of %j read %s', (items, text) => {
    expect(enumeration(items, 3)).toBe(text);
  });
});
