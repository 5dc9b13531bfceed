// The language of assertions: what it can say, how it binds, and what it finds.
import { describe, expect, it } from 'vitest';
import { judgeAssertion, readAssertions } from '../../../src/maelstrom/assertions/assertion.js';
import type { Figures } from '../../../src/maelstrom/assertions/figures.js';

const figures: Figures = new Map([
  ['msgs-per-op', { dimension: 'number', value: 12.5 }],
  ['ok', { dimension: 'number', value: 100 }],
  ['invoked', { dimension: 'number', value: 125 }],
  ['ok-fraction', { dimension: 'number', value: 0.8 }],
  ['latency.p50', { dimension: 'time', value: 400_000 }],
  ['latency.max', { dimension: 'time', value: 1_500_000 }],
  ['stable-latency.p50', { dimension: 'time', value: undefined }],
]);

function holds(text: string): boolean {
  const [assertion] = readAssertions([text], []);
  if (assertion === undefined) throw new Error('one assertion is read');
  return judgeAssertion(assertion, figures).holds;
}

describe('an assertion holds', () => {
  it.each([
    ['msgs-per-op<12.6'],
    ['msgs-per-op <= 12.5'],
    ['12<msgs-per-op'],
    ['ok = 100'],
    ['ok == 100'],
    ['ok != 99'],
    ['latency.p50<401ms'],
    ['latency.p50 >= 0.4s'],
    ['latency.max < 1m'],
    ['ok-fraction >= 80%'],
    ['ok / invoked = ok-fraction'],
    ['latency.max / latency.p50 = 3.75'],
    ['2 * latency.p50 + 100ms < latency.max'],
    ['latency.max - latency.p50 > 1s'],
    ['ok - 50 * 2 = 0'],
    ['(ok - 50) * 2 = 100'],
    ['ok < 1 || ok > 1 && msgs-per-op > 1'],
    ['(ok < 1 or ok > 1) and msgs-per-op > 1'],
    ['(ok + 1) / 2 > 50'],
  ])('%s', (text) => {
    expect(holds(text)).toBe(true);
  });
});

describe('an assertion does not hold', () => {
  it.each([
    ['msgs-per-op<12.5'],
    ['ok-fraction > 80%'],
    ['latency.p50<400ms'],
    ['(ok < 1 or ok > 1) and msgs-per-op < 1'],
    ['ok < 1 && ok > 1 || msgs-per-op < 1'],
    // There is no such figure in this run, and nothing holds of it.
    ['stable-latency.p50 < 1s'],
    ['stable-latency.p50 >= 1s'],
    ['ok / 0 > 1'],
  ])('%s', (text) => {
    expect(holds(text)).toBe(false);
  });
});

it('names the figures that it found', () => {
  const [one] = readAssertions(['msgs-per-op*2<3 && latency.p50<1ms && stable-latency.p50<1s'], []);
  expect(one && judgeAssertion(one, figures).found).toBe(
    'msgs-per-op is 12.5, latency.p50 is 0.4s, stable-latency.p50 is unknown: ' +
      'there is none in this run',
  );
});

describe('figures of single functions', () => {
  it('are known for the functions of the workload, and for no others', () => {
    expect(() => readAssertions(['read.ok > 1'], ['read'])).not.toThrow();
    expect(() => readAssertions(['write.ok > 1'], ['read'])).toThrow('there is no figure');
  });
});

describe('apples and pears', () => {
  it.each([
    ['latency.p50 + 1 > 1s', 'adds a time and a number'],
    ['latency.p50 * latency.p50 > 1s', 'multiplies two times'],
    ['1 / latency.p50 > 1', 'divides a number by a time'],
    ['msgs-per-op < 1s', 'compares a time with a number'],
  ])('%s', (text, message) => {
    expect(() => readAssertions([text], [])).toThrow(message);
  });
});
