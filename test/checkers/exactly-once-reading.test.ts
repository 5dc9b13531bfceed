// exactly-once: what it reads many at once, and twice.
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/checkers/checker.js';
import { exactlyOnce } from '../../src/checkers/exactly-once/exactly-once.js';
import { Positions } from '../../src/checkers/exactly-once/positions.js';
import { history } from '../../src/history/text.js';

const input = (place: string, key: string, value: unknown): string => {
  const [partition, offset] = place.split('@');
  const records = [[key, value]];
  return `0:input${JSON.stringify({ partition, offset: Number(offset), records })} 0:ok`;
};
const log = [input('p@0', 'a', 1), input('p@1', 'a', 2), input('q@0', 'b', 5)];
const said = (parts: readonly string[]) => judge(exactlyOnce, history(parts.join(' ')));

describe('exactly-once reads many things at once', () => {
  const commits = (list: readonly object[]) => {
    return `1:commit? 1:ok${JSON.stringify({ commits: list })}`;
  };
  const first = { version: 0, clock: { p: 1 }, state: { a: 1 } };
  const second = { version: 1, clock: { p: 2, q: 1 }, state: { a: 3, b: 5 } };

  it('judges each commit of a list, and each version once', () => {
    const read = said([...log, commits([first]), commits([first, second])]);
    expect(read.valid).toBe(true);
    expect(read.stats?.snapshots).toBe(2);
    const wrong = { ...second, state: { a: 1, b: 5 } };
    expect(said([...log, commits([first, wrong])]).valid).toBe(false);
  });

  it('knows in which order commits of a list were made', () => {
    const back = { ...first, version: 2 };
    const verdict = said([...log, commits([first, second, back])]);
    expect(verdict.valid === false && verdict.anomalies[0].kind).toBe('stale-commit');
  });

  it('takes what a sink shows at a position for one output, however often it is read', () => {
    const shown = (from: number, outputs: readonly unknown[]) => {
      return `3:output? 3:ok${JSON.stringify({ sink: 's', from, outputs })}`;
    };
    const [one, two] = [
      ['p', 0, 0, 'x'],
      ['p', 1, 0, 'y'],
    ];
    expect(said([...log, shown(0, [one]), shown(0, [one, two])]).valid).toBe(true);
    const verdict = said([...log, shown(0, [one, two]), shown(2, [one])]);
    expect(verdict.valid === false && verdict.anomalies[0].kind).toBe('duplicated-output');
  });

  it('takes outputs in one list, four fields each, as it takes a list of each', () => {
    const shown = (from: number, outputs: readonly unknown[]) => {
      return `3:output? 3:ok${JSON.stringify({ sink: 's', from, outputs })}`;
    };
    const [one, two, three] = [
      ['p', 0, 0, 'x'],
      ['p', 1, 0, 'y'],
      ['q', 0, 0, 'z'],
    ];
    const owing = (parts: readonly string[]) => {
      return judge(exactlyOnce, history(parts.join(' ')), { options: { outputsOwed: 'all' } });
    };
    const flat = [one, two, three].flat();
    expect(owing([...log, shown(0, [one, two]), shown(0, flat)]).valid).toBe(true);
    expect(owing([...log, shown(2, three), shown(0, [one, two].flat())]).valid).toBe(true);
    expect(owing([...log, shown(0, [one, two].flat())]).valid).toBe(false);
    const twice = owing([...log, shown(0, flat), shown(3, two)]);
    expect(twice.valid === false && twice.anomalies[0].kind).toBe('duplicated-output');
    const torn = owing([...log, shown(0, flat.slice(0, -1))]);
    expect(torn.valid).toBe('unknown');
    expect(JSON.stringify(torn)).toContain('11 fields, which is not four for each');
  });

  it('takes one output for each record, where it is declared so', () => {
    const declared = { partition: 'p', offset: 0, keys: ['a', 'b'], values: [1, 1] };
    const fed = (outputs: readonly unknown[]) => {
      return `0:input${JSON.stringify({ ...declared, outputs })} 0:ok`;
    };
    const shown = (outputs: readonly unknown[]) => {
      return `3:output? 3:ok${JSON.stringify({ sink: 's', from: 0, outputs })}`;
    };
    const kindOf = (outputs: readonly unknown[]) => {
      const parts = [fed(['x', 'y']), shown(outputs)].join(' ');
      const verdict = judge(exactlyOnce, history(parts), { options: { outputsOwed: 'all' } });
      return verdict.valid === false ? verdict.anomalies[0].kind : verdict.valid;
    };
    expect(kindOf(['p', 0, 0, 'x', 'p', 1, 0, 'y'])).toBe(true);
    expect(kindOf(['p', 0, 0, 'x', 'p', 1, 0, 'x'])).toBe('wrong-output');
    expect(kindOf(['p', 0, 0, 'x', 'p', 1, 0, 'y', 'p', 1, 1, 'y'])).toBe('phantom-output');
    expect(kindOf(['p', 1, 0, 'y'])).toBe('lost-output');
    expect(judge(exactlyOnce, history(fed(['x']))).valid).toBe('unknown');
  });

  test.prop([fc.array(fc.tuple(fc.nat(30), fc.nat(9)), { maxLength: 12 })], { seed: 3 })(
    'takes each position once, whatever is read again',
    (reads) => {
      const [positions, taken] = [new Positions(), new Set<number>()];
      for (const [from, length] of reads) {
        const all = Array.from({ length }, (_, i) => from + i);
        const fresh = positions.take(from, from + length).flatMap(([begin, end]) => {
          return Array.from({ length: end - begin }, (_, i) => begin + i);
        });
        expect(fresh).toEqual(all.filter((position) => !taken.has(position)));
        for (const position of all) taken.add(position);
      }
    },
  );

  it('learns later where an input without an answer is, or that it is nowhere', () => {
    const asked = { id: 'i', partition: 'p', records: [['a', 7]] };
    const lost = `4:input${JSON.stringify(asked)} 4:info`;
    const where = (offset: unknown) =>
      `| 5:where? 5:ok${JSON.stringify({ found: [['i', offset]] })}`;
    const state = (a: number) => `2:state? 2:ok${JSON.stringify({ state: { a, b: 5 } })}`;
    expect(said([...log, lost, where(2), state(10)]).valid).toBe(true);
    expect(said([...log, lost, where(null), state(3)]).valid).toBe(true);
    expect(said([...log, lost, where(null), state(10)]).valid).toBe(false);
    expect(said([...log, lost, `| ${state(10)}`]).valid).toBe('unknown');
  });
});
