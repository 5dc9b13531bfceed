// Virtual time between numbers and texts.
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { assert, unreachable } from '../../src/kernel/assert.js';
import {
  formatDuration,
  formatInstant,
  minutes,
  ms,
  parseDuration,
  seconds,
  timeUsMax,
} from '../../src/kernel/time.js';

describe('durations', () => {
  const us = fc.oneof(
    fc.nat(10_000),
    fc.integer({ min: 0, max: timeUsMax }),
    fc.nat(1_000).map((count) => count * 60_000_000),
  );

  test.prop([us], { seed: 1, numRuns: 2_000 })('read back as they were written', (duration) => {
    expect(parseDuration(formatDuration(duration))).toBe(duration);
  });

  it.each([
    ['0s', 0],
    ['1us', 1],
    ['17µs', 17],
    ['250ms', 250_000],
    ['1.5s', 1_500_000],
    ['0.000001s', 1],
    ['2m', 120_000_000],
    ['1h', 3_600_000_000],
    ['0.5h', 1_800_000_000],
    ['12.345678s', 12_345_678],
  ])('reads %s', (text, us) => {
    expect(parseDuration(text)).toBe(us);
  });

  it.each([
    '',
    '5',
    's',
    '-1s',
    '1.5us',
    '1 s',
    '1e3s',
    '1.s',
    '.5s',
    '1S',
    '1d',
    '999999h',
    '+1s',
  ])('reads no duration from "%s"', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });

  it.each([
    [0, '0s'],
    [17, '17us'],
    [1_234, '1234us'],
    [250_000, '250ms'],
    [1_500_000, '1.5s'],
    [90_000_000, '90s'],
    [120_000_000, '2m'],
  ])('writes %i µs in the shortest way', (us, text) => {
    expect(formatDuration(us)).toBe(text);
  });

  it('are whole: there is no half a microsecond', () => {
    expect([ms(1.5), seconds(0.25), minutes(2)]).toEqual([1_500, 250_000, 120_000_000]);
    expect(() => ms(0.0005)).toThrow(RangeError);
  });
});

describe('formatInstant', () => {
  it.each([
    [0, '0.000000'],
    [12_000_345, '12.000345'],
    [59_999_999, '59.999999'],
  ])('shows %i µs in seconds', (us, text) => {
    expect(formatInstant(us)).toBe(text);
  });
});

describe('assert', () => {
  it('says what should hold, and shows the values', () => {
    const values = { atUs: 1, name: 'n0' };
    expect(() => assert(false, 'time goes on', values)).toThrow(
      'time goes on (atUs = 1, name = n0)',
    );
  });

  it('is silent about what holds', () => {
    expect(() => assert(true, 'time goes on')).not.toThrow();
  });

  it('fails where a union has one more member than was thought', () => {
    expect(() => unreachable('a new kind' as never)).toThrow(/value = a new kind/);
  });
});
