// What all three key-value services answer, whatever is behind them: one client asks one of them.
import { describe, expect, it } from 'vitest';
import { linKv } from '../../src/services/lin-kv.js';
import { lwwKv } from '../../src/services/lww-kv.js';
import { seqKv } from '../../src/services/seq-kv.js';
import { serving } from '../support/serving.js';

const stores = [linKv, seqKv, lwwKv].map((store) => [store.name, store] as const);

describe.each(stores)('%s', (_, store) => {
  const options = store === lwwKv ? { replicas: 1 } : {};
  const asked = (...requests: object[]) => {
    const ask = serving(store, '1', options);
    return requests.map((request) => ask('n0', request as never)).at(-1);
  };
  const write = (key: unknown, value: unknown) => ({ type: 'write', key, value });
  const cas = (key: unknown, from: unknown, to: unknown) => ({ type: 'cas', key, from, to });
  const read = (key: unknown) => ({ type: 'read', key });

  it('reads what was written', () => {
    expect(asked(write('x', 1), read('x'))).toEqual({ type: 'read_ok', value: 1 });
  });

  it('knows no key that nobody wrote', () => {
    expect(asked(read('x'))).toMatchObject({ type: 'error', code: 20 });
    expect(asked(cas('x', 1, 2))).toMatchObject({ type: 'error', code: 20 });
  });

  it('sets what compares equal, by content', () => {
    const request = cas('x', { a: [1], b: 2 }, 3);
    expect(asked(write('x', { b: 2, a: [1] }), request)).toEqual({ type: 'cas_ok' });
    expect(asked(write('x', { b: 2, a: [1] }), request, read('x'))).toMatchObject({ value: 3 });
  });

  it('refuses what does not compare equal, and leaves it', () => {
    const refusal = { type: 'error', code: 22, text: 'current value 1 is not "1"' };
    expect(asked(write('x', 1), cas('x', '1', 2))).toEqual(refusal);
    expect(asked(write('x', 1), cas('x', '1', 2), read('x'))).toMatchObject({ value: 1 });
  });

  it('creates what does not exist if the request says so, and only then', () => {
    const create = { ...cas('x', null, 7), create_if_not_exists: true };
    expect(asked(create, read('x'))).toMatchObject({ value: 7 });
    expect(asked(write('x', 1), create)).toMatchObject({ code: 22 });
  });

  it('tells 1 from "1" and [1] from "[1]" as keys', () => {
    expect(asked(write(1, 'number'), read('1'))).toMatchObject({ code: 20 });
    expect(asked(write([1], 'list'), read('[1]'))).toMatchObject({ code: 20 });
    expect(asked(write([1], 'list'), read([1]))).toMatchObject({ value: 'list' });
  });

  it('stores null as a value', () => {
    expect(asked(write('x', null), read('x'))).toEqual({ type: 'read_ok', value: null });
  });

  it('does not understand a request that lacks a field', () => {
    expect(asked({ type: 'read' })).toEqual({ type: 'error', code: 12, text: 'read lacks key' });
    const text = 'cas lacks from, to';
    expect(asked({ type: 'cas', key: 'x' })).toEqual({ type: 'error', code: 12, text });
  });

  it('says nothing to a type that it does not know', () => {
    expect(asked({ type: 'delete', key: 'x' })).toBeUndefined();
  });
});
