// exactly-once where order and outputs count, against the definition: a list is right if it is an
// interleaving of the partitions, and a sink if it shows what was declared for each input.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/checkers/checker.js';
import { exactlyOnce } from '../../src/checkers/exactly-once/exactly-once.js';
import { history } from '../../src/history/text.js';
import { deep, deepTimeoutMs } from './deep.js';

/** One key's list, and the partitions whose inputs it should have taken in. */
const lists = fc
  .record({
    lengths: fc.tuple(fc.nat({ max: 3 }), fc.integer({ min: 1, max: 3 })),
    swaps: fc.array(fc.tuple(fc.nat({ max: 5 }), fc.nat({ max: 5 })), { maxLength: 2 }),
    merge: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
    slip: fc.constantFrom('none', 'none', 'none', 'lose', 'repeat'),
  })
  .map(({ lengths, swaps, merge, slip }) => {
    const partitions = lengths.map((length, p) =>
      Array.from({ length }, (_, offset) => `${'pq'[p]}${offset}`),
    );
    const [left, right] = partitions.map((partition) => [...partition]) as [string[], string[]];
    const list = merge.flatMap((first) => (first ? left : right).shift() ?? []);
    list.push(...left, ...right);
    for (const [a, b] of swaps) {
      const [one, other] = [list[a], list[b]];
      if (one === undefined || other === undefined) continue;
      list[a] = other;
      list[b] = one;
    }
    if (slip === 'lose') list.pop();
    if (slip === 'repeat') list.push(list[0] ?? '');
    return { partitions, list };
  });

/** Whether `list` can be taken apart into the partitions, each in its order. */
function interleaves(list: readonly string[], partitions: readonly (readonly string[])[]): boolean {
  const [first, ...rest] = list;
  if (first === undefined) return partitions.every(({ length }) => length === 0);
  return partitions.some((partition, p) => {
    if (partition[0] !== first) return false;
    return interleaves(rest, partitions.with(p, partition.slice(1)));
  });
}

describe('the order of lists', () => {
  it(
    'is right exactly if the list is an interleaving of the partitions',
    () => {
      const tally = { true: 0, false: 0, unknown: 0 };
      fc.assert(
        fc.property(lists, ({ partitions, list }) => {
          const inputs = partitions.flatMap((values, p) =>
            values.map((value, offset) => {
              const fields = { partition: 'pq'[p], offset, records: [['k', value]] };
              return `0:input${JSON.stringify(fields)} 0:ok`;
            }),
          );
          const state = `| 2:state? 2:ok${JSON.stringify({ state: { k: list } })}`;
          const text = [...inputs, state].join(' ');
          const { valid } = judge(exactlyOnce, history(text), { options: { monoid: 'list' } });
          tally[`${valid}`]++;
          expect(valid, text).toBe(interleaves(list, partitions));
        }),
        deep(2_000),
      );
      expect(tally.true).toBeGreaterThan(400);
      expect(tally.false).toBeGreaterThan(400);
    },
    deepTimeoutMs,
  );
});

interface Shown {
  readonly offset: number;
  readonly nth: number;
  readonly value: number;
  readonly how: 'ok' | 'info';
}

/** Inputs of one partition with what the sink should show for each, and what it shows. */
const sinks = fc.record({
  declared: fc.array(fc.array(fc.nat({ max: 1 }), { maxLength: 2 }), {
    minLength: 1,
    maxLength: 3,
  }),
  faithful: fc.boolean(),
  outputs: fc.array(
    fc.record({
      offset: fc.nat({ max: 3 }),
      nth: fc.nat({ max: 1 }),
      value: fc.nat({ max: 1 }),
      how: fc.constantFrom('ok' as const, 'ok' as const, 'ok' as const, 'info' as const),
    }),
    { maxLength: 3 },
  ),
  guarantee: fc.constantFrom('exactly-once', 'at-least-once', 'at-most-once'),
});

/** By the definition, each output by itself: false outweighs what is not known. */
function sinkIsRight(
  declared: readonly (readonly number[])[],
  shown: readonly Shown[],
  guarantee: string,
): boolean | 'unknown' {
  const sure = shown.filter(({ how }) => how === 'ok');
  if (sure.some(({ offset, nth, value }) => declared[offset]?.[nth] !== value)) return false;
  const ids = declared.flatMap((values, offset) => values.map((_, nth) => ({ offset, nth })));
  const times = (outputs: readonly Shown[], id: { offset: number; nth: number }): number =>
    outputs.filter(({ offset, nth }) => offset === id.offset && nth === id.nth).length;
  if (guarantee !== 'at-least-once' && ids.some((id) => times(sure, id) > 1)) return false;
  if (guarantee === 'at-most-once') return true;
  const missing = ids.filter((id) => times(sure, id) === 0);
  if (missing.some((id) => times(shown, id) === 0)) return false;
  return missing.length === 0 ? true : 'unknown';
}

describe('declared outputs', () => {
  it(
    'are what the sink must show, no more and no less',
    () => {
      const tally = { true: 0, false: 0, unknown: 0 };
      fc.assert(
        fc.property(sinks, ({ declared, faithful, outputs, guarantee }) => {
          const records = declared.map((_, at) => [['k', at]]);
          const due: Shown[] = declared.flatMap((values, offset) =>
            values.map((value, nth) => ({ offset, nth, value, how: 'ok' })),
          );
          const shown = faithful ? [...due, ...outputs.slice(2)] : outputs;
          const input = JSON.stringify({
            partition: 'p',
            offset: 0,
            records: records.flat(),
            outputs: declared,
          });
          const lines = shown.map(({ how, ...fields }, at) => {
            const client = at + 10;
            const text = JSON.stringify({ partition: 'p', ...fields });
            return `${client}:output${text} ${client}:${how}`;
          });
          const text = [`0:input${input} 0:ok`, ...lines].join(' ');
          const options = { outputsOwed: 'all', guarantee };
          const { valid } = judge(exactlyOnce, history(text), { options });
          tally[`${valid}`]++;
          const expected = sinkIsRight(declared, shown, guarantee);
          const lenient = guarantee === 'at-most-once' && valid === 'unknown';
          if (!lenient) expect(valid, `${guarantee} ${text}`).toBe(expected);
          else expect(expected, text).not.toBe(false);
        }),
        deep(3_000),
      );
      expect(tally.true).toBeGreaterThan(300);
      expect(tally.false).toBeGreaterThan(300);
    },
    deepTimeoutMs,
  );
});
