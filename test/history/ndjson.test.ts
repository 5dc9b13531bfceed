// Histories as NDJSON: what is written can be read, and what is wrong is found to the column.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HistoryError } from '../../src/history/history-error.js';
import { formatHeader, formatOp, parseHistory } from '../../src/history/ndjson.js';
import { history } from '../../src/history/text.js';
import { chaoticHistory, pinned, plausibleHistory } from '../checkers/random-histories.js';

const line = (fields: object): string =>
  JSON.stringify({ index: 0, timeUs: 0, process: 0, type: 'invoke', f: 'read', ...fields });

describe('a history as NDJSON', () => {
  it('has one operation a line, fields in a fixed order', () => {
    const { ops } = history('0@n1:w{"b":1} 0:fail!full | 0@n1:r');
    expect(ops.map(formatOp)).toEqual([
      '{"index":0,"timeUs":0,"process":0,"type":"invoke","f":"write","value":{"b":1},"node":"n1"}',
      '{"index":1,"timeUs":1000,"process":0,"type":"fail","f":"write","error":"full","node":"n1"}',
      '{"index":2,"timeUs":2000,"process":0,"type":"invoke","f":"read","node":"n1","final":true}',
    ]);
  });

  it('is read as it was written', () => {
    fc.assert(
      fc.property(fc.oneof(chaoticHistory, plausibleHistory(100_000)), ({ ops }) => {
        const text = ops.map((op) => `${formatOp(op)}\n`).join('');
        expect(parseHistory(text).history.ops).toEqual(ops);
      }),
      pinned(500),
    );
  });

  it('keeps values of all kinds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = line({ value });
        const [op] = parseHistory(text).history.ops;
        expect(op && formatOp(op)).toBe(text);
      }),
      pinned(500),
    );
  });

  it('writes Maps and Sets as lists', () => {
    const op = { index: 0, timeUs: 0, process: 0, type: 'invoke', f: 'x' } as const;
    const value = { set: new Set([1, 2]), map: new Map([['k', new Set(['v'])]]) };
    expect(JSON.parse(formatOp({ ...op, value })).value).toEqual({
      set: [1, 2],
      map: [['k', ['v']]],
    });
  });

  it('may begin with a header', () => {
    const header = formatHeader({ about: 'Nothing.' });
    expect(parseHistory(`${header}\n`).header).toEqual({
      format: 'stormglass-history',
      version: 1,
      about: 'Nothing.',
    });
    expect(parseHistory('').header).toBeUndefined();
  });

  it('may leave out indices and the last line feed, and have empty lines and \\r', () => {
    const text = `\uFEFF\r\n${line({ index: undefined })}\r\n\r\n${line({ index: 1, type: 'ok' })}`;
    expect(parseHistory(text).history.ops.map(({ index }) => index)).toEqual([0, 1]);
  });
});

const wrong: readonly (readonly [text: string, line: number, column: number, message: RegExp])[] = [
  ['{"index":0,', 1, 12, /expected a field name in double quotes, found the end/],
  [`${line({})}\n{"index":1 "timeUs":2}`, 2, 12, /expected ',' or '}', found '"timeUs":2}'/],
  [`${line({})} x`, 1, 63, /expected the end of the line, found 'x'/],
  ['\n\n  [1]', 3, 3, /expected an operation, which is a JSON object, found '\[1\]'/],
  ['null', 1, 1, /expected an operation, which is a JSON object, found 'null'/],
  [line({ timeUs: '5ms' }), 1, 21, /as timeUs a whole number of microseconds, found "5ms"/],
  [line({ timeUs: -1 }), 1, 21, /as timeUs a whole number of microseconds, found -1/],
  [line({ timeUs: 1.5 }), 1, 21, /found 1.5/],
  [line({ timeUs: 1e300 }), 1, 21, /found 1e\+300/],
  [line({ timeUs: undefined }), 1, 1, /as timeUs a whole number of microseconds, found none/],
  [line({ process: 'n1' }), 1, 33, /as process a whole number, or "nemesis", found "n1"/],
  [line({ type: 'okay' }), 1, 42, /as type "invoke", "ok", "fail" or "info", found "okay"/],
  [line({ f: '' }), 1, 55, /as f the name of a function, found ""/],
  [line({ f: undefined }), 1, 1, /as f the name of a function, found none/],
  [line({ error: 11 }), 1, 70, /as error a text, found 11/],
  [line({ node: 3 }), 1, 69, /as node the name of a node, found 3/],
  [line({ final: 'yes' }), 1, 70, /as final true or false, found "yes"/],
  [line({ finall: true }), 1, 62, /expected a field of operations .*final\), found "finall"/],
  [line({ index: 1 }), 1, 10, /expected 0, found 1/],
  [
    `${line({})}\n${line({ index: 1 })}`,
    2,
    33,
    /a process without an open operation, found process 0/,
  ],
  [line({ type: 'ok' }), 1, 33, /a process with an open operation, found process 0/],
  [
    `${line({ timeUs: 9 })}\n\n${line({ index: 1, timeUs: 8, type: 'ok' })}`,
    3,
    21,
    /a time not before 9, found 8/,
  ],
  [
    `${line({})}\n${line({ index: 1, type: 'ok', f: 'cas' })}`,
    2,
    51,
    /'read', as invoked, found 'cas'/,
  ],
  ['{"format":"other"}', 1, 11, /expected "stormglass-history", found "other"/],
  [formatHeader({ version: 2 }), 1, 42, /expected 1, found 2/],
  ['{"format":"stormglass-history"}', 1, 1, /expected 1, found nothing/],
  [`${formatHeader({})}\n${formatHeader({})}`, 2, 2, /a field of operations/],
];

describe('what is no history', () => {
  it.each(wrong)('%j is wrong at line %i, column %i', (text, atLine, column, message) => {
    const error = errorOf(text);
    expect(error.message).toMatch(message);
    expect([error.line, error.column]).toEqual([atLine, column]);
    expect(error.message).toMatch(/^line \d+, column \d+: expected .+, found .+$/);
  });

  it('is reported for every way to cut a history off inside an operation', () => {
    const text = history('0@n1:w{"b":[1,"x"]} 0:ok').ops.map(formatOp).join('\n');
    for (let end = 1; end < text.length; end++) {
      if (text[end] === '\n' || text[end - 1] === '\n') continue;
      const error = errorOf(text.slice(0, end));
      expect(error.found).toBe('the end');
    }
  });
});

function errorOf(text: string): HistoryError {
  try {
    parseHistory(text);
  } catch (error) {
    if (error instanceof HistoryError) return error;
    throw error;
  }
  throw new Error(`nothing is wrong with ${text}`);
}
