// Every format is told by its first lines and read into the operations that checkers expect.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { formatNamed, formatOf, formats } from '../../../src/history/formats/index.js';
import type { Recording } from '../../../src/history/formats/recording.js';
import { HistoryError } from '../../../src/history/history-error.js';
import type { Op } from '../../../src/history/op.js';

const folder = fileURLToPath(new URL('../../../fixtures/histories/formats/', import.meta.url));
const textOf = (name: string): string => readFileSync(`${folder}${name}`, 'utf8');

/** Reads a text in one piece, or line by line. */
function read(text: string, format = formatOf(text)?.name ?? '', pieces = [text]): Recording {
  const reader = formatNamed(format)?.open();
  if (reader === undefined) throw new Error(`no format ${format}`);
  for (const piece of pieces) reader.read(piece);
  return reader.end();
}

const told = ({ process, type, f, value }: Op): unknown => [process, type, f, value];
const ops = (recording: Recording): unknown => recording.history.ops.map(told);

const fixtures: readonly (readonly [name: string, format: string])[] = [
  ['register.jsonl', 'ndjson'],
  ['intervals.jsonl', 'intervals'],
  ['history.edn', 'edn'],
  ['cas-register-bad.edn', 'edn'],
  ['list-append.edn', 'edn'],
  ['etcd.log', 'etcd-log'],
  ['kv.log', 'kv-log'],
];

describe('formats', () => {
  it.each(fixtures)('tells that %s is %s', (name, format) => {
    expect(formatOf(textOf(name))?.name).toBe(format);
  });

  it('has a fixture of every format', () => {
    const shown = new Set(fixtures.map(([, format]) => format));
    expect(shown).toEqual(new Set(formats.map(({ name }) => name)));
  });

  it.each(readdirSync(folder))('reads the same from %s whole and line by line', (name) => {
    const text = textOf(name);
    const lines = text.split(/(?<=\n)/);
    expect(ops(read(text, undefined, lines))).toEqual(ops(read(text)));
  });

  it('does not take prose for a history', () => {
    expect(formatOf('Dear Sir,\nno history here.\n')).toBeUndefined();
  });
});

describe('edn', () => {
  const line = (value: string) => `{:process 0, :type :invoke, :f :write, :value ${value}}\n`;
  const readValue = (text: string) => read(line(text)).history.ops[0]?.value;

  it.each([
    ['nil', null],
    ['true', true],
    ['-12', -12],
    ['3N', 3],
    ['1.5M', 1.5],
    ['1e3', 1000],
    ['1/3', '1/3'],
    ['9007199254740993', '9007199254740993'],
    [':a/b', 'a/b'],
    ['symbol', 'symbol'],
    ['"a\\n\\"\\u0041"', 'a\n"A'],
    ['\\x', 'x'],
    ['\\newline', '\n'],
    [
      '[[:append 1 2] (:r 3 nil)]',
      [
        ['append', 1, 2],
        ['r', 3, null],
      ],
    ],
    ['#{1 2}', [1, 2]],
    ['{:a 1, 2 3, [4] 5}', { a: 1, '2': 3, '[4]': 5 }],
    ['#inst "2026-01-01"', '2026-01-01'],
    ['#jepsen.Tuple{:key 1}', { key: 1 }],
    ['#_ignored 7 ; a comment', 7],
  ])('reads %s as plain data', (text, expected) => {
    const rest = text.includes(';') ? `${text}\n` : text;
    expect(readValue(rest)).toEqual(expected);
  });

  it('rounds nanoseconds down to microseconds', () => {
    const text = line('1 :time 1999').replace('}', ' }');
    expect(read(text).history.ops[0]?.timeUs).toBe(1);
  });

  it('pairs keys with values where operations have a :key', () => {
    const recording = read(textOf('kv.log'));
    expect(recording).toMatchObject({ usual: 'kv', options: { init: '', keyed: true } });
    expect(told(recording.history.ops[2] as Op)).toEqual([0, 'ok', 'get', ['a', '']]);
  });

  it('knows where each operation stands', () => {
    const recording = read(textOf('cas-register-bad.edn'));
    expect(recording.placeOf(1)).toEqual({ line: 3, column: 29 });
  });
});

describe('etcd-log', () => {
  const { history } = read(textOf('etcd.log'));

  it('takes a compare-and-set that failed for one that saw another value', () => {
    expect(told(history.ops[5] as Op)).toEqual([0, 'ok', 'cas', false]);
  });

  it('leaves an operation without completion open', () => {
    expect(history.completionOf(history.ops.at(-1) as Op)).toBeUndefined();
  });

  it('takes a write that timed out for unknown, whatever the log calls it', () => {
    const text = [':invoke\t:write\t1', ':fail\t:write\t:timed-out']
      .map((each) => `INFO  jepsen.util - 0\t${each}\n`)
      .join('');
    expect(read(text).history.ops[1]).toMatchObject({ type: 'info', error: 'timed-out' });
  });
});

describe('intervals', () => {
  const line = (more: object) =>
    `${JSON.stringify({ client: 0, f: 'write', call: 0, ret: 1, type: 'ok', in: 1, ...more })}\n`;

  it('puts calls before returns at the same instant', () => {
    const text = line({ ret: 5 }) + line({ client: 1, call: 5, ret: 6 });
    const types = read(text).history.ops.map(({ process, type }) => `${process} ${type}`);
    expect(types).toEqual(['0 invoke', '1 invoke', '0 ok', '1 ok']);
  });

  it('gives a client a new number after an unknown outcome', () => {
    const text = line({ type: 'info', ret: null }) + line({ call: 7, ret: 8 });
    expect(read(text).history.ops.map(({ process }) => process)).toEqual([0, 1, 1]);
  });

  it('takes what failed for certain out, returned or not', () => {
    const text = line({ type: 'fail', ret: null });
    expect(read(text).history.ops.map(({ type }) => type)).toEqual(['invoke', 'fail']);
  });

  it('reads the model and the first state from the header', () => {
    const recording = read(textOf('intervals.jsonl'));
    expect(recording).toMatchObject({ model: 'kv', options: { init: '', keyed: true } });
  });
});

/** Where and what: a text, the place of the mistake, and what should have been there. */
const mistakes: readonly (readonly [text: string, place: string, expected: RegExp])[] = [
  ['[{:process 0, :type :invoke, :f :read, :value nil}', '1:51', /'\]'/],
  ['[{:process 0, :type :invoke, :f :read, :value nil})', '1:51', /map, or '\]'/],
  ['{:process 0, :type :invoke, :f :read, :value', '1:45', /value/],
  ['{:process 0 :type :invoke :f :write :value "x', '1:46', /closing quote/],
  ['{:process 0 :type :invoke :f :write :value ##NaN}', '1:44', /finite number/],
  ['{:process 0 :type :invoke :f :write :value 1a}', '1:44', /a number/],
  ['{:process x :type :invoke :f :write}', '1:11', /whole number, or :nemesis/],
  ['{:process 0 :type :begin :f :write}', '1:19', /:invoke, :ok, :fail or :info/],
  ['{:process 0 :type :invoke}', '1:1', /as :f a keyword/],
  ['{:process 0 :type :invoke :f :w :time -1}', '1:39', /nanoseconds/],
  ['{:process 0 :type :ok :f :w}', '1:11', /open operation/],
  ['[] []', '1:4', /end of the text/],
  ['{:process 0 :type :invoke :f :w}\n7', '2:1', /a map/],
  ['INFO  jepsen.util - 0\t:invoke\t:read\n', '1:36', /a value/],
  ['INFO  jepsen.util - 0\t:inv', '1:21', /PROCESS :TYPE :F VALUE/],
  ['INFO  jepsen.util', '1:18', /PROCESS/],
  ['INFO  jepsen.util - 0\t:invoke\t:cas\t[1 2', '1:40', /'\]'/],
  ['{"client":0,"f":"read","call":5,"ret":4,"type":"ok"}', '1:39', /not before the call/],
  ['{"client":0,"f":"read","call":0.5,"ret":4,"type":"ok"}', '1:31', /as call a whole/],
  ['{"client":0,"f":"read","call":0,"type":"ok"}', '1:1', /because the operation is ok/],
  ['{"client":0,"f":"w","call":0,"ret":1,"type":"ok","in":9007199254740993}', '1:55', /texts/],
  ['{"model":7}', '1:10', /name of a model/],
];

describe('mistakes', () => {
  it.each(mistakes)('are found in %s at %s', (text, place, expected) => {
    let thrown: unknown;
    try {
      read(text);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(HistoryError);
    const { line, column, expected: wish } = thrown as HistoryError;
    expect([`${line}:${column}`, wish]).toEqual([place, expect.stringMatching(expected)]);
  });
});
