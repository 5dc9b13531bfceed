// Columns: numbers that long histories are checked with.
import { describe, expect, it } from 'vitest';
import { copied, marks, numbers } from '../../src/checkers/columns.js';

describe('a column', () => {
  it.each([0, 10, 1_000_000])('of %i numbers is all 0, and can be copied', (length) => {
    const column = numbers(length);
    expect(column.length).toBe(length);
    expect(column.every((each) => each === 0)).toBe(true);
    const copy = copied(column.fill(7));
    column.fill(8);
    expect(copy.every((each) => each === 7)).toBe(true);
    expect(marks(length)).toEqual(new Uint8Array(length));
  });

  it('that is long does not make the collector look through a history', () => {
    const before = process.memoryUsage().external;
    const columns = Array.from({ length: 16 }, () => numbers(2 ** 20));
    const after = process.memoryUsage().external;
    expect(columns.length * 4 * 2 ** 20).toBe(2 ** 26);
    expect(after - before).toBeLessThan(2 ** 22);
  });
});
