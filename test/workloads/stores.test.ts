// The workloads of stores: what they generate, ask and make of answers, as Maelstrom's do.
import { describe, expect, it } from 'vitest';
import { stream } from '../../src/kernel/random.js';
import { gCounter } from '../../src/workloads/g-counter.js';
import { gSet } from '../../src/workloads/g-set.js';
import { drawPlace, emptyPool, filled, written } from '../../src/workloads/key-pool.js';
import { linKv } from '../../src/workloads/lin-kv.js';
import { lock } from '../../src/workloads/lock.js';
import { pnCounter } from '../../src/workloads/pn-counter.js';
import { txnListAppend } from '../../src/workloads/txn-list-append.js';
import { txnRwRegister } from '../../src/workloads/txn-rw-register.js';
import type { GeneratorContext, Invocation, Workload } from '../../src/workloads/workload.js';
import { generated } from '../support/operations.js';

const op = (f: string, value?: Invocation['value']): Invocation => ({ f, value });
const refused = (value: Invocation['value']) =>
  ({ type: 'fail', value, error: 'temporarily-unavailable' }) as const;

describe('g-set', () => {
  it('adds 0, 1, 2 … and reads, about half and half, and reads in the end', () => {
    const { ops } = generated(gSet, 1_000);
    const added = ops.filter(({ f }) => f === 'add').map(({ value }) => value);
    expect(added).toEqual(added.map((_, index) => index));
    expect(added.length).toBeGreaterThan(450);
    expect(added.length).toBeLessThan(550);
    expect(gSet.final?.({}, 0)).toEqual([op('read')]);
  });

  it('adds some twice if it is told to', () => {
    const { ops } = generated(gSet, 1_000, { repeatPpm: 500_000 });
    const added = ops.filter(({ f }) => f === 'add').map(({ value }) => value);
    expect(new Set(added).size).toBeLessThan(added.length * 0.8);
  });

  it('asks and understands as Maelstrom does', () => {
    expect(gSet.request(op('add', 3))).toEqual({ type: 'add', element: 3 });
    expect(gSet.request(op('read'))).toEqual({ type: 'read' });
    const reply = { type: 'read_ok', value: [3, 1] };
    expect(gSet.complete(op('read'), reply)).toEqual({ type: 'ok', value: [3, 1] });
    const elements = { type: 'read_ok', elements: [3] };
    expect(gSet.complete(op('read'), elements)).toMatchObject({ type: 'info' });
  });
});

describe.each([
  ['g-counter', gCounter, [0, 1, 2, 3, 4], 1 / 3],
  ['pn-counter', pnCounter, [-5, -4, -3, -2, -1, 0, 1, 2, 3, 4], 1 / 2],
] as const)('%s', (_, workload, deltas, share) => {
  it('adds every delta of its range, evenly, between reads', () => {
    const { ops } = generated(workload, 6_000);
    const added = ops.filter(({ f }) => f === 'add').map(({ value }) => Number(value));
    expect(added.length / ops.length).toBeCloseTo(share, 1);
    const counts = deltas.map((delta) => added.filter((value) => value === delta).length);
    expect(counts.reduce((sum, count) => sum + count)).toBe(added.length);
    for (const count of counts) expect(count).toBeGreaterThan((0.8 * added.length) / deltas.length);
  });

  it('asks for a delta and reads a whole number', () => {
    expect(workload.request(op('add', 2))).toEqual({ type: 'add', delta: 2 });
    const half = { type: 'read_ok', value: 1.5 };
    expect(workload.complete(op('read'), half)).toMatchObject({ type: 'info' });
    const seven = { type: 'read_ok', value: 7 };
    expect(workload.complete(op('read'), seven)).toEqual({ type: 'ok', value: 7 });
  });
});

it.each([gSet, gCounter, pnCounter])('$name takes no error for an answer', (workload) => {
  expect(workload.failure?.(op('add', 1), 11, refused(1))).toMatchObject({ type: 'info' });
  expect(workload.failure?.(op('read'), 0, refused(undefined))).toMatchObject({ type: 'info' });
});

/** What a worker of a cluster of two nodes is told. */
function at(worker: number, process: number, number: number, concurrency = 8): GeneratorContext {
  const random = stream('stores', `${worker}/${number}`);
  const around = { concurrency, nodeCount: 2, ratePerSecond: 100, options: {} };
  return { random, worker, process, ...around };
}

/** The operations of these workers and processes in turn. */
function inTurn(workload: Workload, contexts: readonly GeneratorContext[]): Invocation[] {
  let state = workload.generator.init;
  return contexts.map((ctx) => {
    const next = workload.generator.next(state, ctx);
    state = next?.state;
    return next?.op as Invocation;
  });
}

const keyOf = ({ value }: Invocation): number => (value as readonly [number])[0];

describe('lin-kv', () => {
  it('has groups of two workers a node with a key of their own, half of whom only read', () => {
    const workers = Array.from({ length: 400 }, (_, number) => number % 8);
    const ops = inTurn(
      linKv,
      workers.map((worker, number) => at(worker, worker, number)),
    );
    expect(ops.map(keyOf)).toEqual(workers.map((worker) => (worker < 4 ? 0 : 1)));
    const kinds = ops.map(({ f }, i) => [(workers[i] as number) % 4 < 2, f === 'read']);
    expect(kinds.every(([reader, reads]) => reader === reads)).toBe(true);
    const writes = ops.filter(({ f }) => f === 'write').length;
    expect(writes).toBeGreaterThan(200 * 0.23);
    expect(writes).toBeLessThan(200 * 0.43);
  });

  it('ends a key when 20 processes have touched it, and begins the next new one', () => {
    const processes = Array.from({ length: 41 }, (_, i) => at(0, i, i));
    const other = at(4, 99, 99);
    const keys = inTurn(linKv, [at(0, 0, 0), other, ...processes]).map(keyOf);
    expect(keys.slice(2, 22)).toEqual(Array(20).fill(0));
    expect(keys.slice(22, 42)).toEqual(Array(20).fill(2));
    expect(keys.at(-1)).toBe(3);
  });

  it('uses what workers there are where they are fewer, or one', () => {
    const three = [0, 1, 2].flatMap((w) => [1, 2, 3, 4].map((n) => at(w, w, n, 3)));
    const kinds = inTurn(linKv, three).map(({ f }) => f);
    expect(new Set(kinds.slice(0, 4))).toEqual(new Set(['read']));
    expect(kinds.slice(4)).not.toContain('read');
    const one = inTurn(
      linKv,
      Array.from({ length: 40 }, (_, n) => at(0, 0, n, 1)),
    );
    expect(new Set(one.map(({ f }) => f))).toEqual(new Set(['read', 'write', 'cas']));
  });

  it('asks as Maelstrom does', () => {
    expect(linKv.request(op('read', [3, null]))).toEqual({ type: 'read', key: 3 });
    expect(linKv.request(op('write', [3, 1]))).toEqual({ type: 'write', key: 3, value: 1 });
    expect(linKv.request(op('cas', [3, [1, 2]]))).toEqual({ type: 'cas', key: 3, from: 1, to: 2 });
  });

  it('takes "key does not exist" for what was read, and only for a read', () => {
    const read = op('read', [3, null]);
    expect(linKv.failure?.(read, 20, refused([3, null]))).toEqual({ type: 'ok', value: [3, null] });
    const cas = op('cas', [3, [1, 2]]);
    expect(linKv.failure?.(cas, 20, refused([3, [1, 2]]))).toMatchObject({ type: 'fail' });
    expect(linKv.failure?.(read, 11, refused([3, null]))).toMatchObject({ type: 'fail' });
  });

  it('waits ten times the latency, and a second at least', () => {
    expect(linKv.timeoutUs?.(500_000)).toBe(5_000_000);
    expect(linKv.timeoutUs?.(1_000)).toBe(1_000_000);
  });
});

describe('lock', () => {
  it('lets each worker acquire and release in turn', () => {
    const ops = inTurn(
      lock,
      [0, 1, 0, 1, 0, 1].map((worker, number) => at(worker, worker, number)),
    );
    const fs = ['acquire', 'acquire', 'release', 'release', 'acquire', 'acquire'];
    expect(ops).toEqual(fs.map((f) => op(f, [0, null])));
    expect(lock.request(op('acquire', [0, null]))).toEqual({ type: 'acquire', lock: 0 });
  });

  it('goes on with another lock when nobody knows who has this one', () => {
    const first = lock.generator.next(lock.generator.init, at(0, 0, 0));
    const completion = { type: 'info', value: [0, null] } as const;
    const ended = { worker: 0, op: op('acquire', [0, null]), completion };
    const state = lock.generator.update?.(first?.state, ended);
    expect(lock.generator.next(state, at(1, 1, 1))?.op).toEqual(op('acquire', [1, null]));
    const kept = lock.generator.update?.(first?.state, {
      ...ended,
      completion: { ...completion, type: 'fail' },
    });
    expect(lock.generator.next(kept, at(1, 1, 1))?.op).toEqual(op('acquire', [0, null]));
  });
});

describe('keys', () => {
  const options = { keyCount: 4, maxWritesPerKey: 3 };

  it('are drawn by weights that double from place to place', () => {
    const random = stream('keys', 'weights');
    const pool = filled(emptyPool, options);
    const counts = [0, 0, 0, 0];
    for (let i = 0; i < 15_000; i++) (counts[drawPlace(pool, random)] as number)++;
    const shares = counts.map((count) => Math.round(count / 100) / 10);
    for (const [place, share] of shares.entries()) {
      expect(Math.abs(share - 2 ** place)).toBeLessThan(0.5);
    }
  });

  it('count their writes, and give way to a new one after the last', () => {
    let pool = filled(emptyPool, options);
    const values = [1, 2, 3, 4].map(() => {
      const next = written(pool, 1, options);
      pool = next.pool;
      return next.value;
    });
    expect(values).toEqual([1, 2, 3, 1]);
    expect(pool).toEqual({ keys: [0, 4, 2, 3], writes: [0, 1, 0, 0], keyNext: 5 });
  });

  it('can be many', () => {
    const pool = filled(emptyPool, { keyCount: 100 });
    const random = stream('keys', 'many');
    const places = Array.from({ length: 1_000 }, () => drawPlace(pool, random));
    expect(Math.min(...places)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...places)).toBe(99);
  });
});

describe.each([
  [txnListAppend, 'append'],
  [txnRwRegister, 'w'],
] as const)('$name', (workload, write) => {
  const { ops } = generated(workload, 2_000);
  const micros = ops.flatMap(({ value }) => value as [string, number, number | null][]);

  it('has transactions of one to four operations, half of them writes', () => {
    const lengths = ops.map(({ value }) => (value as unknown[]).length);
    const counts = [1, 2, 3, 4].map((length) => lengths.filter((each) => each === length).length);
    expect(counts.reduce((sum, count) => sum + count)).toBe(2_000);
    for (const count of counts) expect(count).toBeGreaterThan(400);
    const writes = micros.filter(([f]) => f === write).length;
    expect(writes / micros.length).toBeCloseTo(0.5, 1);
  });

  it('writes 1, 2, 3 … to each key, each value once', () => {
    const byKey = new Map<number, (number | null)[]>();
    for (const [f, key, value] of micros) {
      if (f === write) byKey.set(key, [...(byKey.get(key) ?? []), value]);
    }
    for (const values of byKey.values()) expect(values).toEqual(values.map((_, i) => i + 1));
    expect(Math.max(...[...byKey.values()].map(({ length }) => length))).toBe(16);
  });

  it('asks with the transaction, and completes with that of the reply', () => {
    const txn = [['r', 1, null]];
    expect(workload.request(op('txn', txn))).toEqual({ type: 'txn', txn });
    const reply = { type: 'txn_ok', txn: [['r', 1, 4]] };
    expect(workload.complete(op('txn', txn), reply)).toEqual({ type: 'ok', value: [['r', 1, 4]] });
  });

  it('needs lengths and keys of at least one', () => {
    const names = ['keyCount', 'maxWritesPerKey', 'maxTxnLength'];
    const problems = names.map((name) => workload.problem?.({ ...workload.options, [name]: 0 }));
    expect(problems.map((problem) => problem?.option)).toEqual(names);
    expect(workload.problem?.(workload.options)).toBeUndefined();
  });
});
