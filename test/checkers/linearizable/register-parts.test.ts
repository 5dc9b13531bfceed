// What parts are to registers, all at once and one by one.
import { describe, expect, it } from 'vitest';
import { registerPartOf } from '../../../src/checkers/linearizable/register-part.js';
import { registerPartsOf } from '../../../src/checkers/linearizable/register-parts.js';
import { splitOf } from '../../../src/checkers/linearizable/timeline.js';
import { type Family, historyOf, modelOf } from './families.js';

const keyed: Omit<Family, 'name' | 'model' | 'domain'> = {
  clients: 12,
  operations: 300,
  keys: 7,
  crashes: 5,
};
const some: readonly Family[] = [
  { name: 'cas, few values', model: 'cas-register', domain: 5, ...keyed },
  { name: 'cas, fresh values', model: 'cas-register', domain: 0, ...keyed },
  { name: 'register', model: 'register', domain: 3, ...keyed },
];

describe.each(some)('parts of the family $name', (family) => {
  it('are to registers what each is alone', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const model = modelOf(family);
      const split = splitOf(historyOf(family, seed), model.partition);
      const alone = split.parts.map((part) => registerPartOf(part, model));
      expect(registerPartsOf(split, model)).toEqual(alone);
    }
  });
});

it('parts with appends, or with what the model does not know, are left to be asked alone', () => {
  const split = splitOf([
    { client: 0, f: 'append', key: 'a', input: 'x', output: undefined, call: 0, return: 2 },
    { client: 1, f: 'put', key: 'b', input: 'y', output: undefined, call: 1, return: 3 },
    { client: 0, f: 'swap', key: 'c', input: 'x', output: undefined, call: 4, return: 5 },
  ]);
  const model = modelOf({ name: 'kv', model: 'kv', clients: 2, operations: 3, domain: 0 });
  const [a, b, c] = registerPartsOf(split, model) ?? [];
  expect([a, c]).toEqual([undefined, undefined]);
  expect(b?.kinds.length).toBe(1);
});
