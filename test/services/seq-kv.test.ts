// seq-kv is sequentially consistent, likes to be behind, and never goes back, however far a client
// lags.
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/checkers/checker.js';
import { sequential } from '../../src/checkers/sequential.js';
import { session } from '../../src/checkers/session.js';
import { historyOf } from '../../src/history/history.js';
import type { Op } from '../../src/history/op.js';
import { stream } from '../../src/kernel/random.js';
import type { AnyProtocol } from '../../src/node/protocol.js';
import { lwwKv } from '../../src/services/lww-kv.js';
import { seqKv } from '../../src/services/seq-kv.js';
import { type Ask, serving } from '../support/serving.js';

/** What clients ask of a store in turn, and what they hear; no value is written twice. */
function askedAtRandom(store: AnyProtocol, seed: string, options: object, count: number): Op[] {
  const ask = serving(store, seed, options);
  const random = stream(seed, 'clients');
  const ops: Op[] = [];
  const put = (op: Omit<Op, 'index' | 'timeUs'>) =>
    ops.push({ index: ops.length, timeUs: ops.length, ...op });
  const seen: (number | null)[] = [null, null];
  for (let number = 1; number <= count; number++) {
    const process = random.below(4);
    const key = random.below(2);
    const from = seen[key] as number | null;
    const f = random.pick(['read', 'read', 'write', 'cas']);
    const argument = { read: null, write: number, cas: [from, number] }[f];
    put({ process, type: 'invoke', f, value: [key, argument] as never });
    const creates = from === null ? { create_if_not_exists: true } : {};
    const body = { type: f, key, value: number, from, to: number, ...creates };
    const reply = ask(`n${process}`, body);
    const missing = f === 'read' && reply?.code === 20;
    const ok = reply?.type === `${f}_ok` || missing;
    const value = f === 'read' ? [key, reply?.value ?? null] : [key, argument];
    put({ process, type: ok ? 'ok' : 'fail', f, value: value as never });
    if (ok) seen[key] = f === 'read' ? ((reply?.value ?? null) as number | null) : number;
  }
  return ops;
}

const judged = (ops: Op[]) => judge(sequential, historyOf(ops), { options: { keyed: true } });

describe('seq-kv', () => {
  test.prop([fc.integer({ min: 1, max: 1_000_000 }), fc.constantFrom(1, 2, 5, 32)], {
    seed: 4,
    numRuns: 150,
  })('has an order that explains every answer', (number, statesMax) => {
    const ops = askedAtRandom(seqKv, `seq-${number}`, { statesMax }, 40);
    expect(judged(ops).valid).toBe(true);
  });

  test.prop([fc.integer({ min: 1, max: 1_000_000 })], { seed: 4, numRuns: 30 })(
    'keeps every session guarantee in long runs',
    (number) => {
      const ops = askedAtRandom(seqKv, `session-${number}`, {}, 600);
      const options = { keyed: true };
      expect(judge(session, historyOf(ops), { options }).valid).toBe(true);
    },
  );

  it('is a judgement that a store can fail: lww-kv does', () => {
    const refused = Array.from({ length: 40 }, (_, number) => {
      const ops = askedAtRandom(lwwKv, `seq-${number}`, {}, 40);
      return judged(ops).valid === false;
    });
    expect(refused.filter(Boolean).length).toBeGreaterThan(20);
  });

  it('never goes back for a client that lags further than states are kept', () => {
    const backward = Array.from({ length: 200 }, (_, number) => {
      const ask = serving(seqKv, `lag-${number}`);
      ask('n1', { type: 'read', key: 'x' });
      for (let value = 0; value < 200; value++) ask('n0', { type: 'write', key: 'x', value });
      const reads = Array.from({ length: 30 }, () => shown(ask('n1', { type: 'read', key: 'x' })));
      return reads.some((value, i) => i > 0 && value < (reads[i - 1] as number));
    });
    expect(backward.filter(Boolean)).toEqual([]);
  });

  it('lags at most one state less than it keeps', () => {
    const lags = Array.from({ length: 300 }, (_, number) => {
      const ask = serving(seqKv, `far-${number}`, { statesMax: 8 });
      for (let value = 0; value < 50; value++) ask('n0', { type: 'write', key: 'x', value });
      return 49 - shown(ask('n1', { type: 'read', key: 'x' }));
    });
    expect(Math.max(...lags)).toBe(7);
    expect(Math.min(...lags)).toBe(0);
  });

  it('is linearizable if it keeps one state', () => {
    const ask = counting(serving(seqKv, '1', { statesMax: 1 }));
    expect(shown(ask('n1', { type: 'read', key: 'x' }))).toBe(19);
  });

  it('shows a client what it wrote itself, and after any change the newest state', () => {
    for (let number = 0; number < 100; number++) {
      const ask = counting(serving(seqKv, `fresh-${number}`));
      ask('n1', { type: 'write', key: 'sync', value: number });
      expect(shown(ask('n1', { type: 'read', key: 'x' }))).toBe(19);
    }
  });

  it('is behind by the seed: now and then, and the same each time', () => {
    const reads = (seed: string): number[] => {
      const ask = counting(serving(seqKv, seed));
      return Array.from({ length: 5 }, () => shown(ask('n1', { type: 'read', key: 'x' })));
    };
    const runs = Array.from({ length: 50 }, (_, number) => reads(`again-${number}`));
    expect(runs.filter(([first]) => first !== 19).length).toBeGreaterThan(25);
    expect(runs).toEqual(Array.from({ length: 50 }, (_, number) => reads(`again-${number}`)));
  });
});

/** Where n0 has written 0 … 19 to x. */
function counting(ask: Ask): Ask {
  for (let value = 0; value < 20; value++) ask('n0', { type: 'write', key: 'x', value });
  return ask;
}

function shown(reply: ReturnType<Ask>): number {
  return reply?.type === 'read_ok' ? Number(reply.value) : -1;
}
