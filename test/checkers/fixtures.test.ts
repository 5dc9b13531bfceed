// Every fixture gets the verdict of its folder, with the anomalies that its header names.
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/checkers/checker.js';
import { checkers } from '../../src/checkers/index.js';
import { formatHeader, formatOp } from '../../src/history/ndjson.js';
import { fixtures } from './fixture-files.js';

describe.each([...checkers.values()])('$name', (checker) => {
  const own = fixtures(`${checker.name}/`);

  it('has fixtures of all three verdicts', () => {
    const verdicts = new Set(own.map(({ valid }) => valid));
    expect(verdicts).toEqual(new Set([true, false, 'unknown']));
  });

  it.each(own)('judges $name as its folder says', ({ history, options, valid, expect: kinds }) => {
    const verdict = judge(checker, history, { options });
    expect(verdict).toMatchObject({ valid });
    const found = verdict.valid === false ? verdict.anomalies.map(({ kind }) => kind) : [];
    expect([...new Set(found)]).toEqual(kinds);
  });
});

describe('fixtures', () => {
  it.each(fixtures())('$name says what it is about and is in canonical form', (fixture) => {
    const { header, history, text, about } = fixture;
    expect(about).toMatch(/^\S.*\.$/);
    const { format: _, version: __, ...fields } = header ?? {};
    const lines = [formatHeader(fields), ...history.ops.map(formatOp)];
    expect(text).toBe(`${lines.join('\n')}\n`);
  });

  it('belong to checkers that exist', () => {
    const unknown = fixtures().filter(({ checker }) => !checkers.has(checker));
    expect(unknown.map(({ name }) => name)).toEqual([]);
  });
});
