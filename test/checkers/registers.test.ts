// session and sequential: that they agree with trying every order.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/checkers/checker.js';
import { sequential } from '../../src/checkers/sequential.js';
import { session } from '../../src/checkers/session.js';
import { history } from '../../src/history/text.js';
import { deep, deepTimeoutMs } from './deep.js';

interface Act {
  readonly f: 'r' | 'w' | 'c';
  readonly key: string;
  readonly from: number | null;
  readonly value: number | null;
  readonly sure: boolean;
}

type Line = readonly Act[];

const value = fc.constantFrom(null, 1, 1, 2, 2, 3);
const act: fc.Arbitrary<Act> = fc.record({
  f: fc.constantFrom<Act['f']>('r', 'r', 'w', 'w', 'c'),
  key: fc.constantFrom('x', 'x', 'y'),
  from: value,
  value,
  sure: fc.constant(true),
});
const lines: fc.Arbitrary<readonly Line[]> = fc
  .array(fc.tuple(fc.array(act, { minLength: 1, maxLength: 4 }), fc.nat({ max: 4 })), {
    minLength: 1,
    maxLength: 3,
  })
  .map((all) =>
    all.map(([line, end]) =>
      // One process in five ends without an answer.
      line.map((each, at) => ({ ...each, sure: !(end === 0 && at === line.length - 1) })),
    ),
  );

/** The processes one after the other in turns, which says nothing about when things happened. */
function textOf(all: readonly Line[]): string {
  const parts: string[] = [];
  const longest = Math.max(...all.map(({ length }) => length));
  for (let at = 0; at < longest; at++) {
    for (const [process, line] of all.entries()) {
      const each = line[at];
      if (each !== undefined) parts.push(`${process}:${wordOf(each)}`);
    }
    for (const [process, line] of all.entries()) {
      const each = line[at];
      if (each === undefined) continue;
      const result = each.f === 'r' && each.sure ? JSON.stringify([each.key, each.value]) : '';
      parts.push(`${process}:${each.sure ? 'ok' : 'info'}${result}`);
    }
  }
  return parts.join(' ');
}

function wordOf({ f, key, from, value: to }: Act): string {
  if (f === 'r') return 'r';
  return f + JSON.stringify([key, f === 'c' ? [from, to] : to]);
}

/** Whether some order of all acts fits, tried one by one. */
function anyOrder(
  all: readonly Line[],
  at: readonly number[],
  now: ReadonlyMap<string, number | null>,
): boolean {
  if (!all.some((line, p) => line.slice(at[p]).some(({ sure }) => sure))) return true;
  return all.some((line, p) => {
    const each = line[at[p] ?? 0];
    if (each === undefined) return false;
    const next = at.map((i, q) => (q === p ? i + 1 : i));
    const seen = now.get(each.key) ?? null;
    if (each.f === 'r') return (!each.sure || seen === each.value) && anyOrder(all, next, now);
    if (each.f === 'c' && seen !== each.from) return false;
    return anyOrder(all, next, new Map([...now, [each.key, each.value]]));
  });
}

describe('sequential', () => {
  it(
    'agrees with trying every order',
    () => {
      const tally = { true: 0, false: 0, unknown: 0 };
      fc.assert(
        fc.property(lines, (all) => {
          fc.pre(all.some((line) => line.some(({ f, sure }) => f !== 'w' && sure)));
          const text = textOf(all);
          const verdict = judge(sequential, history(text), { options: { keyed: true } });
          const start = all.map(() => 0);
          // The checker hears when things ended: a read of what is written later is a phantom.
          const early =
            verdict.valid === false &&
            verdict.anomalies.some(({ kind }) => kind === 'phantom-read');
          fc.pre(!early);
          tally[`${verdict.valid}`]++;
          expect(verdict.valid, text).toBe(anyOrder(all, start, new Map()));
        }),
        deep(3_000),
      );
      expect(tally.true).toBeGreaterThan(300);
      expect(tally.false).toBeGreaterThan(300);
    },
    deepTimeoutMs,
  );

  it('finds the order of a long history that is linearizable, at once', () => {
    const parts: string[] = [];
    for (let at = 1; at <= 2_000; at++) parts.push(`0:w${at} 0:ok 1:r 1:ok${at} 2:r 2:ok${at}`);
    const { valid } = judge(sequential, history(parts.join(' ')));
    expect(valid).toBe(true);
  });
});

const guarantees = [
  'monotonic-reads',
  'read-your-writes',
  'writes-follow-reads',
  'monotonic-writes',
];

/** Writes of different values, and reads of any of them. */
const unique: fc.Arbitrary<readonly Line[]> = fc
  .array(
    fc.array(fc.record({ write: fc.boolean(), read: fc.nat({ max: 4 }) }), {
      minLength: 1,
      maxLength: 4,
    }),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((all) => {
    let written = 0;
    return all.map((line) =>
      line.map(({ write, read }): Act => {
        if (write && written < 4) {
          return { f: 'w', key: 'x', from: null, value: ++written, sure: true };
        }
        return { f: 'r', key: 'x', from: null, value: read === 0 ? null : read, sure: true };
      }),
    );
  });

/** Whether some order of the writes keeps all guarantees. */
function keepable(all: readonly Line[], asked: readonly string[]): boolean {
  const writes = all
    .flat()
    .filter(({ f }) => f === 'w')
    .map((each) => each.value);
  return permutations(writes).some((order) => {
    const rank = (each: Act): number => (each.value === null ? -1 : order.indexOf(each.value));
    return all.every((line) =>
      line.every((later, at) =>
        line.slice(0, at).every((before) => {
          const rule = `${before.f}${later.f}`;
          const name = { rr: 0, wr: 1, rw: 2, ww: 3 }[rule] ?? -1;
          return !asked.includes(guarantees[name] ?? '') || rank(before) <= rank(later);
        }),
      ),
    );
  });
}

function permutations<T>(items: readonly T[]): readonly (readonly T[])[] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, at) =>
    permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]),
  );
}

describe('session', () => {
  it(
    'agrees with trying every order of the writes, whatever is asked for',
    () => {
      const tally = { true: 0, false: 0, unknown: 0 };
      fc.assert(
        fc.property(unique, fc.subarray(guarantees, { minLength: 1 }), (all, asked) => {
          const flat = all.flat();
          const written = new Set(flat.filter(({ f }) => f === 'w').map((each) => each.value));
          fc.pre(flat.some(({ f }) => f === 'r'));
          fc.pre(flat.every(({ f, value: v }) => f === 'w' || v === null || written.has(v)));
          const text = textOf(all);
          const verdict = judge(session, history(text), {
            options: { keyed: true, guarantees: asked },
          });
          const early =
            verdict.valid === false &&
            verdict.anomalies.some(({ kind }) => kind === 'phantom-read');
          fc.pre(!early);
          tally[`${verdict.valid}`]++;
          expect(verdict.valid, `${asked}: ${text}`).toBe(keepable(all, asked));
        }),
        deep(3_000),
      );
      expect(tally.true).toBeGreaterThan(300);
      expect(tally.false).toBeGreaterThan(300);
    },
    deepTimeoutMs,
  );
});
