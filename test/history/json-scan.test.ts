// The JSON scanner accepts what JSON.parse accepts, and says where the rest is wrong.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldPlaces, nestingMax, scanJson } from '../../src/history/json-scan.js';

const whole = (text: string): boolean => {
  const scan = scanJson(text, 0);
  return scan.kind === 'value' && text.slice(scan.end).trim() === '';
};
const parses = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** JSON with a few characters replaced, removed or inserted. */
const almostJson = fc
  .tuple(
    fc.json({ maxDepth: 3 }),
    fc.array(
      fc.tuple(fc.nat(), fc.nat({ max: 1 }), fc.constantFrom(...'{}[]",:0-+.eE\\utn \t\u0001x')),
      {
        maxLength: 3,
      },
    ),
  )
  .map(([json, edits]) =>
    edits.reduce((text, [place, removed, character]) => {
      const at = place % (text.length + 1);
      return text.slice(0, at) + character + text.slice(at + removed);
    }, json),
  );

describe('the JSON scanner', () => {
  it('accepts exactly what JSON.parse accepts', () => {
    fc.assert(
      fc.property(almostJson, (text) => {
        expect(whole(text), text).toBe(parses(text));
      }),
      { seed: 11, numRuns: 20_000 },
    );
  });

  it.each([
    ['', 0, 'a JSON value'],
    ['{"a":1,}', 7, 'a field name in double quotes'],
    ['{"a" 1}', 5, "':'"],
    ['{"a":1 "b":2}', 7, "',' or '}'"],
    ['[1,2', 4, "',' or ']'"],
    ['[1,]', 3, 'a JSON value'],
    ['"abc', 4, 'the rest of a text and its closing quote'],
    ['"a\\q"', 2, 'an escape of JSON'],
    ['{"a":nul}', 5, 'a JSON value'],
    ['{"a":{"b":[true,fals]}}', 16, 'a JSON value'],
    ['[01]', 2, "',' or ']'"],
  ])('says where %j is wrong', (text, at, expected) => {
    expect(scanJson(text, 0)).toEqual({ kind: 'mistake', at, expected });
  });

  it('refuses what nests too deeply', () => {
    const scan = scanJson('['.repeat(100_000), 0);
    expect(scan).toMatchObject({ kind: 'mistake', expected: `no more than ${nestingMax} levels` });
  });

  it('finds the outermost fields and their values', () => {
    const text = ' { "a" : 1, "b":{"a":2}, "\\u0063":[3] }';
    expect([...fieldPlaces(text)]).toEqual([
      ['a', { name: 3, value: 9 }],
      ['b', { name: 12, value: 16 }],
      ['c', { name: 25, value: 34 }],
    ]);
  });
});
