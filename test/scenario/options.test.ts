// Options: declared in code's units, written as text.
import { describe, expect, it } from 'vitest';
import { readOptions, writeOptions } from '../../src/scenario/options.js';
import type { Problem } from '../../src/scenario/usage-error.js';

const declared = {
  owner: 'protocol mine',
  options: { retryMaxUs: 250_000, lossPpm: 500, fanout: 3, name: 'x', eager: false, peers: [] },
};

function read(given: object) {
  const problems: Problem[] = [];
  const options = readOptions(declared, given, ['options'], (problem) => problems.push(problem));
  return { options, problems };
}

describe('options', () => {
  it('are the declared ones where a file says nothing', () => {
    expect(read({}).options).toEqual(declared.options);
  });

  it('are written without units in their names and with units in their values', () => {
    const { options, problems } = read({ 'retry-max': '1s', loss: '2%', fanout: 4, eager: true });
    expect(problems).toEqual([]);
    expect(options).toMatchObject({
      retryMaxUs: 1_000_000,
      lossPpm: 20_000,
      fanout: 4,
      eager: true,
    });
  });

  it('are read back from what is written', () => {
    expect(read(writeOptions(declared.options)).options).toEqual(declared.options);
  });

  it.each([
    [{ 'retry-max': 5 }, '"retry-max" is 5', 'a duration such as 250ms, 2s or 1.5m'],
    [{ loss: '5' }, '"loss" is "5"', 'a share from 0% to 100% such as 2% or 500ppm'],
    [{ fanout: 1.5 }, '"fanout" is 1.5', 'a whole number, not negative'],
    [{ fanout: Number.NaN }, '"fanout" is NaN', 'a whole number, not negative'],
    [{ eager: 'yes' }, '"eager" is "yes"', 'true or false'],
    [{ name: 3 }, '"name" is 3', 'a text'],
  ])('of the wrong kind are refused: %j', (given, about, expected) => {
    expect(read(given).problems).toMatchObject([{ about, expected, target: 'value' }]);
  });

  it('that nobody declared are refused, with the nearest name', () => {
    const [problem] = read({ 'retry-mx': '1s' }).problems;
    expect(problem).toMatchObject({
      about: 'protocol mine has no option "retry-mx"',
      nearest: 'retry-max',
      path: ['options', 'retry-mx'],
      target: 'key',
    });
  });
});
