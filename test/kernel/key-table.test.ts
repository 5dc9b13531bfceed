// A table by 64-bit keys against a Map of their texts.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyTable } from '../../src/kernel/key-table.js';

const part = fc.constantFrom(-1, 0, 1, 2 ** 31 - 1);
const deed = fc.record({ hi: part, lo: part, value: fc.option(fc.nat(9), { nil: undefined }) });

describe('KeyTable', () => {
  it('holds what a Map of whole keys holds', () => {
    fc.assert(
      fc.property(fc.array(deed), (deeds) => {
        const [table, map] = [new KeyTable<number>(), new Map<string, number>()];
        for (const { hi, lo, value } of deeds) {
          if (value === undefined) table.delete(hi, lo);
          else table.set(hi, lo, value);
          if (value === undefined) map.delete(`${hi} ${lo}`);
          else map.set(`${hi} ${lo}`, value);
          for (const one of deeds) {
            expect(table.get(one.hi, one.lo)).toBe(map.get(`${one.hi} ${one.lo}`));
          }
        }
      }),
      { seed: 1 },
    );
  });
});
