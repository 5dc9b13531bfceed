// unique-ids: what it says, and that it agrees with comparing every pair.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/checkers/checker.js';
import { uniqueIds } from '../../src/checkers/unique-ids.js';
import { history } from '../../src/history/text.js';
import { equal } from '../../src/kernel/plain.js';
import { pinned } from './random-histories.js';

describe('unique-ids', () => {
  it('says who handed out an id twice, and when', () => {
    expect(judge(uniqueIds, history('0@n0:g 1@n1:g 0:ok7 1:ok7'))).toMatchObject({
      anomalies: [
        {
          kind: 'duplicate-id',
          about: 'the id 7 was handed out 2 times: by n0 at 0.002000 s and by n1 at 0.003000 s',
          ops: [2, 3],
        },
      ],
    });
  });

  it('gives the figures of Maelstrom, and a range of ids of mixed kinds', () => {
    const text = '0:g 0:ok"b" 0:g 0:ok2 0:g 0:ok"b" 0:g 0:ok2 0:w1 0:ok1 0:g 0:info 1:g';
    const { stats } = judge(uniqueIds, history(text));
    expect(stats?.maelstrom).toEqual({
      'valid?': false,
      'attempted-count': 6,
      'acknowledged-count': 4,
      'duplicated-count': 2,
      duplicated: [
        [2, 2],
        ['b', 2],
      ],
      range: [2, 'b'],
    });
  });

  it('finds a duplicate exactly if two ids are equal', () => {
    const few = fc.oneof(fc.nat({ max: 30 }), fc.constantFrom('1', 'a', true), fc.jsonValue());
    fc.assert(
      fc.property(fc.array(few, { maxLength: 12 }), (ids) => {
        // -0 is 0 in JSON, and null is no id.
        const given = (JSON.parse(JSON.stringify(ids)) as unknown[]).filter((id) => id !== null);
        fc.pre(given.length > 0);
        const twice = given.some((id, at) => given.slice(at + 1).some((other) => equal(id, other)));
        const text = given.map((id) => `0:g 0:ok(${JSON.stringify(id)})`).join(' ');
        expect(judge(uniqueIds, history(text)).valid).toBe(!twice);
      }),
      pinned(1_000),
    );
  });

  it('refuses a duplicate wherever it is put among distinct ids', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), fc.nat(), fc.nat(), (n, a, b) => {
        fc.pre(a % n !== b % n);
        const ids = Array.from({ length: n }, (_, at) => (at === b % n ? a % n : at));
        const text = ids.map((id, at) => `${at}:g ${at}:ok${id}`).join(' ');
        expect(judge(uniqueIds, history(text))).toMatchObject({ valid: false });
      }),
      pinned(200),
    );
  });
});
