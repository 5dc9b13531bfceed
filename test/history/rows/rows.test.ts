// A history in rows is the history that its lines are, or none.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ndjson } from '../../../src/history/formats/ndjson.js';
import type { Op } from '../../../src/history/op.js';
import { extracted, joined } from '../../../src/history/rows/joined.js';
import { ndjsonRows } from '../../../src/history/rows/ndjson-rows.js';
import type { Rows, Stretch } from '../../../src/history/rows/rows.js';
import { historyOf, modelOf } from '../../checkers/linearizable/families.js';
import { historyLines } from '../../support/history-lines.js';

function stretchOf(text: string): Stretch {
  const buffer = Buffer.from(text, 'latin1'); // Bytes that are no UTF-8 may be among them.
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  return { bytes: buffer, text: (from, to) => decoder.decode(buffer.subarray(from, to)) };
}

/** Operations as a checker of keys sees them; undefined where rows do not tell. */
function opsByRows(texts: readonly string[]): readonly Op[] | undefined {
  const stretches = texts.map(stretchOf);
  const rows = stretches.map(ndjsonRows);
  if (rows.some((each) => each === undefined)) return undefined;
  const all = joined(rows as readonly Rows[]);
  return all && extracted(all, stretches, () => true)?.history.ops;
}

/** The same by the reader of lines; undefined where it refuses them. */
function opsByLines(text: string): readonly Op[] | undefined {
  try {
    const reader = ndjson.open();
    reader.read(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(text, 'latin1')));
    return reader.end().history.ops;
  } catch {
    return undefined;
  }
}

/** What stays of an operation in rows. */
function essence({ process, type, f, value, error }: Op) {
  return { process, type, f, value, error };
}

function ofClients(ops: readonly Op[] | undefined) {
  return ops?.filter(({ process }) => process !== 'nemesis').map(essence);
}

const keyed = { clients: 4, operations: 20, domain: 5, keys: 3, crashes: 20 };
const families = [
  { name: 'cas', model: 'cas-register', ...keyed },
  { name: 'kv', model: 'kv', ...keyed, domain: 0 },
] as const;

function linesOf(family: (typeof families)[number], seed: number): readonly string[] {
  const init = modelOf(family).init;
  return historyLines(historyOf(family, seed), { model: family.model, init }).slice(1);
}

const text = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('');

/** Pieces of lines that mean something, or nearly. */
const scraps = ['0', '-', '"', '\\', ',', ']', '}', ' ', '\n', '1e3', 'ü', '\u0000', '{}', '[1]'];
const fields = ['"error":"x"', '"final":true', '"node":"n1"', '"index":1', '"value":1', '"f":"w"'];

const change = fc.record({
  at: fc.nat(),
  gone: fc.nat(3),
  scrap: fc.constantFrom('', ...scraps, ...fields.map((field) => `,${field}`)),
  end: fc.boolean(),
});
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** Replaces some characters: anywhere, or at the end of a line. */
function changed(whole: string, { at, gone, scrap, end }: Change): string {
  const place = at % whole.length;
  const brace = end ? whole.indexOf('}\n', place) : -1;
  const from = brace < 0 ? place : brace;
  return whole.slice(0, from) + scrap + whole.slice(from + (brace < 0 ? gone : 0));
}

describe.each(families)('a history of the family $name in rows', (family) => {
  it('is what its lines are', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const lines = linesOf(family, seed);
      const expected = ofClients(opsByLines(text(lines)));
      expect(ofClients(opsByRows([text(lines)]))).toEqual(expected);
      const halves = [text(lines.slice(0, 7)), text(lines.slice(7))];
      expect(ofClients(opsByRows(halves))).toEqual(expected);
    }
  });

  it('is none, or what its lines are, however it was changed', () => {
    let accepted = 0;
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), fc.nat(9), (changes, seed) => {
        const whole = changes.reduce(changed, text(linesOf(family, seed)));
        const byRows = ofClients(opsByRows([whole]));
        if (byRows === undefined) return;
        expect(byRows).toEqual(ofClients(opsByLines(whole)));
        accepted++;
      }),
      { seed: 7, numRuns: 5_000 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});

describe('rows', () => {
  const call = '{"timeUs":1,"process":0,"type":"invoke","f":"r","value":["a",null]}';
  const other = '{"timeUs":2,"process":1,"type":"invoke","f":"r","value":[1,null]}';

  it.each([
    [
      'fields in another order',
      '{"f":"r","value":[2,null],"timeUs":2,"type":"invoke","process":2}',
    ],
    [
      'a key in other words',
      '{"timeUs":2,"process":2,"type":"invoke","f":"r","value":["\\u0061",1]}',
    ],
    ['the nemesis', '{"timeUs":2,"process":"nemesis","type":"info","f":"halves","value":"n1"}'],
    ['what is beside the operation', `${other.slice(0, -1)},"node":"n1","final":true}`],
    ['a carriage return', `${other.replace('"process":1', '"process":2')}\r`],
    ['a blank line', '  '],
  ])('know %s', (_, line) => {
    const lines = text([call, line, other.replace('"process":1', '"process":3')]);
    const expected = ofClients(opsByLines(lines));
    expect(expected).toBeDefined();
    expect(ofClients(opsByRows([lines]))).toEqual(expected);
  });

  it.each([
    ['a time that runs back', text([call, other.replace(':2,', ':0,')])],
    ['a process that is not free', text([call, other, call.replace(':1,', ':3,')])],
    ['an index that is not the position', text([call, other.replace('{', '{"index":2,')])],
    ['one key only', text([call])],
  ])('leave %s to the reader of lines', (_, lines) => {
    expect(opsByRows([lines])).toBeUndefined();
  });

  it('of stretches that do not follow each other are none', () => {
    const later = text([other.replace(':2,', ':0,')]);
    expect(opsByRows([text([call]), text([other])])).toBeDefined();
    expect(opsByRows([text([call]), later])).toBeUndefined();
  });
});
