// Guessing which name was meant.
import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/scenario/nearest.js';

const names = ['crash', 'cut', 'partition', 'broadcast/flood', 'broadcast/flood-retry'];

describe('the nearest name', () => {
  it.each([
    ['crsh', 'crash'],
    ['crahs', 'crash'],
    ['CRASH', 'crash'],
    ['partitoin', 'partition'],
    ['brodcast/flood', 'broadcast/flood'],
  ])('to %s is %s', (found, name) => {
    expect(nearest(found, names)).toBe(name);
  });

  it('is found by its last part', () => {
    expect(nearest('flood-retry', names)).toBe('broadcast/flood-retry');
  });

  it.each(['xyz', 'linearizable', '', 'n9'])('to %j is none', (found) => {
    expect(nearest(found, names)).toBeUndefined();
  });

  it('is the first of equals', () => {
    expect(nearest('abcx', ['abca', 'abcb'])).toBe('abca');
  });

  it('is not looked for beyond any slip of the fingers', () => {
    expect(nearest('c'.repeat(100_000), names)).toBeUndefined();
  });
});
