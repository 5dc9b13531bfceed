// Every search against the oracle that tries every order, on small random histories of both
// verdicts. `npm run oracle` tries 100,000 of each; STORMGLASS_ORACLE_RUNS says how many here.
import { describe, expect, it } from 'vitest';
import { compare, compareLonger, ours } from './judges.js';
import { objects } from './object-list.js';
import { specs } from './specs.js';

const runs = Number(process.env.STORMGLASS_ORACLE_RUNS ?? 1_500);
/** Those that have searches of their own. */
const special = ['register', 'cas-register', 'kv', 'log', 'mutex', 'lock', 'counter'];
/** The general search takes its time for these. */
const slow = ['fifo-queue', 'set'];

describe.each(specs.filter(({ model }) => [...special, ...slow].includes(model)))(
  '$model',
  (spec) => {
    it('has the verdict of the general search on longer histories', () => {
      const share = slow.includes(spec.model) ? 100 : 5;
      expect(compareLonger(ours, spec, Math.ceil(runs / share))).toBeUndefined();
    }, 3_600_000);
  },
);

const narrower = objects.filter(({ name }) => /^(set-growing|set-members|counter-.+)$/.test(name));

describe.each(narrower)('$name', ({ spec }) => {
  it('has the verdict of brute force on every small random history', () => {
    expect(compare(ours, spec, runs).mistake).toBeUndefined();
  }, 3_600_000);
});

describe.each(specs)('$model', (spec) => {
  it('has the verdict of brute force on every small random history', () => {
    const { mistake, valid } = compare(ours, spec, runs);
    expect(mistake).toBeUndefined();
    expect(valid / runs).toBeGreaterThan(0.2);
    expect(valid / runs).toBeLessThan(0.8);
  }, 3_600_000);
});
