// Rows of traces as lines of JSON.
import { describe, expect, it } from 'vitest';
import type { Op } from '../../src/history/op.js';
import type { EventRow } from '../../src/scenario/trace-row.js';
import { jsonOf, lineOf, rowMaker } from '../../src/scenario/trace-row.js';
import type { Step } from '../../src/sim/step.js';

const step: Step = {
  index: 3,
  atUs: 17,
  key: '0123456789abcdef',
  cause: -1,
  happening: { kind: 'start', node: 'n0' },
  effects: [],
  crash: undefined,
  digest: 'fedcba9876543210',
};

const makeRow = () => rowMaker(() => []);

describe('a row', () => {
  it('is flat, with its digest at the end', () => {
    expect(lineOf(makeRow()(step))).toBe(
      '{"type":"event","index":3,"atUs":17,"key":"0123456789abcdef","cause":-1,' +
        '"kind":"start","node":"n0","effects":[],"digest":"fedcba9876543210"}\n',
    );
  });

  it('says what a handler threw', () => {
    expect(makeRow()({ ...step, crash: 'oh no' })).toMatchObject({ crash: 'oh no' });
  });

  it('says what the history grew by', () => {
    const history: Op[] = [];
    const row = rowMaker(() => history);
    const op = {
      index: 0,
      timeUs: 17,
      process: 0,
      type: 'invoke',
      f: 'read',
      value: null,
    } as const;
    history.push(op);
    expect(row(step).ops).toEqual([op]);
    expect(row(step).ops).toBeUndefined();
  });

  it.each([
    [new Map([[1, new Set(['a'])]]), { $map: [[1, { $set: ['a'] }]] }],
    [
      [Number.NaN, -0, Number.NEGATIVE_INFINITY],
      [{ $number: 'NaN' }, { $number: '-0' }, { $number: '-Infinity' }],
    ],
    [
      [undefined, null],
      [{ $undefined: true }, null],
    ],
    [{ a: { b: [1, 'x', true, null] } }, { a: { b: [1, 'x', true, null] } }],
  ])('can say %j, which JSON cannot', (value, json) => {
    expect(jsonOf(value)).toEqual(json);
    const line = lineOf({ ...makeRow()(step), value } as EventRow);
    expect(JSON.parse(line)).toMatchObject({ value: json });
  });
});
