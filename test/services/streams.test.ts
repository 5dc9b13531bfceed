// The services that streams lean on: a log, a snapshot store, sinks.
import { describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { services } from '../../src/services/index.js';
import { type Line, type Told, told, withOptions } from '../support/telling.js';

type Fault = NonNullable<ScenarioInput['faults']>[number];

const bodies = (heard: readonly Told[]): unknown[] => heard.map(({ body }) => body);

describe('log', () => {
  const append = (records: readonly unknown[], id?: string) => {
    return { type: 'append', partition: 0, records, ...(id && { id }) };
  };
  const fetch = (offset: number, more: object = {}) => {
    return { type: 'fetch', partition: 0, offset, ...more };
  };

  it('gives records offsets, and shows them again from any of these', () => {
    const lines: Line[] = [
      [0, append(['a', 'b'])],
      [10, append(['c'])],
      [20, fetch(1)],
      [30, fetch(0, { max: 1 })],
    ];
    expect(bodies(told('log', lines))).toEqual([
      { type: 'append_ok', offset: 0 },
      { type: 'append_ok', offset: 2 },
      { type: 'fetch_ok', offset: 1, records: ['b', 'c'], end: 3 },
      { type: 'fetch_ok', offset: 0, records: ['a'], end: 3 },
    ]);
  });

  it('appends once what is sent twice with one id, and knows where it is', () => {
    const where = { type: 'where', ids: ['x', 'y'] };
    const lines: Line[] = [
      [0, append(['a'], 'x')],
      [10, append(['a'], 'x')],
      [20, where],
    ];
    expect(bodies(told('log', lines))).toEqual([
      { type: 'append_ok', offset: 0 },
      { type: 'append_ok', offset: 0 },
      {
        type: 'where_ok',
        found: [
          ['x', 0],
          ['y', null],
        ],
      },
    ]);
  });

  it('lets a fetch wait for a record, and no longer than it wants to', () => {
    const wait = { waitUs: 500_000 };
    const heard = told('log', [
      [0, fetch(0, wait)],
      [100, append(['a'])],
      [200, fetch(1, wait)],
    ]);
    expect(heard.map(({ ms, body }) => [ms, body.type, body.records])).toEqual([
      [103, 'append_ok', undefined],
      [103, 'fetch_ok', ['a']],
      [702, 'fetch_ok', []],
    ]);
  });

  it('drops the oldest records, and says so to whoever wants them', () => {
    const options = withOptions('log', { 'retention-count': 2 });
    const lines: Line[] = [
      [0, append(['a', 'b', 'c'])],
      [10, fetch(0)],
      [20, { type: 'offsets', partition: 0 }],
    ];
    expect(bodies(told('log', lines, options)).slice(1)).toEqual([
      { type: 'error', code: 20, text: 'offset 0 is gone: the log starts at 1' },
      { type: 'offsets_ok', start: 1, end: 3 },
    ]);
  });

  it('keeps records for as long as it should', () => {
    const options = withOptions('log', { retention: '1s' });
    const offsets = { type: 'offsets', partition: 0 };
    const lines: Line[] = [
      [0, append(['a'])],
      [600, append(['b'])],
      [900, offsets],
      [1_300, offsets],
    ];
    const starts = told('log', lines, options).flatMap(({ body }) => body.start ?? []);
    expect(starts).toEqual([0, 1]);
  });

  it('has after a crash what it acknowledged', () => {
    const crash: Fault = { fault: 'crash', nodes: ['log'], at: '1s', for: '1s' };
    const heard = told(
      'log',
      [
        [0, append(['a'], 'x')],
        [2_500, append(['a'], 'x')],
        [2_600, fetch(0)],
      ],
      { faults: [crash] },
    );
    expect(bodies(heard).slice(1)).toEqual([
      { type: 'append_ok', offset: 0 },
      { type: 'fetch_ok', offset: 0, records: ['a'], end: 1 },
    ]);
  });
});

describe('snapshot-store', () => {
  const put = (key: string, value: unknown, more: object = {}) => {
    return { type: 'put', key, value, ...more };
  };
  const find = (key: string, more: object = {}) => ({ type: 'find', key, ...more });

  it('finds what was put last, and what was there before by its version', () => {
    const heard = told('snapshot-store', [
      [0, put('a', 1)],
      [10, put('a', 2)],
      [20, find('a')],
      [30, { type: 'drop', keys: ['a'] }],
      [40, find('a')],
      [50, { type: 'archive', names: [0, 1, 'a', 'b'] }],
    ]);
    expect(bodies(heard)).toEqual([
      { type: 'put_ok', version: 0 },
      { type: 'put_ok', version: 1 },
      { type: 'find_ok', value: 2, version: 1 },
      { type: 'drop_ok' },
      { type: 'error', code: 20, text: 'there is no a' },
      { type: 'archive_ok', values: [1, 2, 2, undefined] },
    ]);
  });

  it('takes as long as it is told, and fails as often', () => {
    const slow = withOptions('snapshot-store', { write: '100ms', slow: '100%', delay: '1s' });
    const [first] = told('snapshot-store', [[0, put('a', 1)]], slow);
    expect(first?.ms).toBeGreaterThan(103);
    expect(first?.ms).toBeLessThan(1_103);
    const failing = withOptions('snapshot-store', { fail: '100%' });
    const lines: Line[] = [
      [0, put('a', 1)],
      [10, find('a')],
    ];
    const codes = told('snapshot-store', lines, failing).map(({ body }) => body.code);
    expect(codes).toEqual([11, 20]);
  });

  it('refuses whoever has been replaced, and what comes late', () => {
    const heard = told('snapshot-store', [
      [0, put('a', 'old', { epoch: 1, seq: 5 })],
      [10, put('a', 'older', { epoch: 1, seq: 4 })],
      [20, find('a', { epoch: 2 })],
      [30, put('a', 'zombie', { epoch: 1, seq: 6 })],
      [40, put('a', 'new', { epoch: 2, seq: 0 })],
      [50, find('a')],
    ]);
    const short = heard.map(({ body }) => body.value ?? body.code ?? body.version);
    expect(short).toEqual([0, 0, 'old', 22, 1, 'new']);
  });
});

describe('sink', () => {
  const emit = (seq: number, outputs: readonly unknown[], epoch = 1) => {
    return { type: 'emit', source: 's', epoch, seq, outputs };
  };
  const a = [0, 0, 0, 'a'];
  const b = [0, 1, 0, 'b'];
  const shown = { type: 'shown', from: 0 };
  const outputsAt = (heard: readonly Told[]) => heard.at(-1)?.body.outputs;

  it('shows what it is given, but no message twice', () => {
    const heard = told('sink', [
      [0, emit(0, a)],
      [10, emit(0, a)],
      [20, emit(1, [...a, ...b])],
      [30, shown],
    ]);
    expect(outputsAt(heard)).toEqual([...a, ...a, ...b]);
  });

  it('shows some of what it was given in many messages', () => {
    const emits = Array.from({ length: 2_005 }, (_, n) => [n, emit(n, [0, n, 0, 'a'])] as const);
    const some = { type: 'shown', from: 1_000, max: 2 };
    const heard = told('sink', [...emits, [3_000, some], [3_010, { ...some, from: 2_004 }]]);
    expect(heard.at(-2)?.body).toMatchObject({
      ...{ outputs: [0, 1_000, 0, 'a', 0, 1_001, 0, 'a'], end: 2_005 },
    });
    expect(outputsAt(heard)).toEqual([0, 2_004, 0, 'a']);
  });

  it('shows an output once where it knows them by name', () => {
    const heard = told(
      'sink',
      [
        [0, emit(0, a)],
        [10, emit(1, [...a, ...b])],
        [20, shown],
      ],
      {
        ...withOptions('sink', { kind: 'idempotent' }),
      },
    );
    expect(outputsAt(heard)).toEqual([...a, ...b]);
  });

  it('shows a transaction when it is committed, once', () => {
    const txn = (type: string, more: object = {}) => {
      return { type, txn: 't', source: 's', epoch: 1, ...more };
    };
    const options = withOptions('sink', { kind: 'transactional' });
    const heard = told(
      'sink',
      [
        [0, txn('prepare', { outputs: [...a, ...b] })],
        [10, shown],
        [20, txn('commit')],
        [30, txn('commit')],
        [40, txn('commit', { txn: 'u', outputs: a })],
        [50, shown],
      ],
      options,
    );
    expect(heard[1]?.body.outputs).toEqual([]);
    expect(outputsAt(heard)).toEqual([...a, ...b, ...a]);
  });

  it('forgets a transaction that is aborted, or not committed in time', () => {
    const options = withOptions('sink', { kind: 'transactional', transaction: '1s' });
    const txn = (name: string, type: string, more: object = {}) => {
      return { type, txn: name, source: 's', epoch: 1, ...more };
    };
    const heard = told(
      'sink',
      [
        [0, txn('t', 'prepare', { outputs: a })],
        [10, txn('u', 'prepare', { outputs: b })],
        [20, txn('u', 'abort')],
        [30, txn('u', 'commit')],
        [2_000, txn('t', 'commit')],
        [2_010, shown],
      ],
      options,
    );
    expect(heard.flatMap(({ body }) => body.text ?? [])).toEqual([
      'the transaction u was aborted',
      'the transaction t was aborted',
    ]);
    expect(outputsAt(heard)).toEqual([]);
  });

  it('refuses the epoch before, unless it is not to', () => {
    const lines: Line[] = [
      [0, emit(0, a, 2)],
      [10, emit(9, b, 1)],
      [20, shown],
    ];
    expect(outputsAt(told('sink', lines))).toEqual(a);
    const open = withOptions('sink', { fenced: false });
    expect(outputsAt(told('sink', lines, open))).toEqual([...a, ...b]);
  });
});

it('registers them under their names', () => {
  const names = ['log', 'coordination', 'snapshot-store', 'sink'];
  for (const name of names) expect(services.get(name)?.name).toBe(name);
});
