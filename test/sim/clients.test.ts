// Clients: what becomes of their operations, and of the process that invoked them.
import { describe, expect, it } from 'vitest';
import type { Op } from '../../src/history/op.js';
import type { AnyProtocol, Context } from '../../src/node/protocol.js';
import type { Workload } from '../../src/workloads/workload.js';
import { type Answer, asked, ends, lines, ok, silent, values } from '../support/asking.js';
import { second } from '../support/worlds.js';

describe('an operation', () => {
  it('that is answered is ok, with the answer’s value', () => {
    const { result } = asked(ok, { workload: values('x', 'y') });
    expect(lines(result.history)).toEqual(['0 invoke x', '0 ok x', '0 invoke y', '0 ok y']);
  });

  it('is recorded with the node that was asked, in the order of time', () => {
    const { result } = asked(ok, { spec: { concurrency: 2, ratePerSecond: 50 } });
    const nodes = new Set(result.history.map(({ process, node }) => `${process} ${node}`));
    expect(nodes).toEqual(new Set(['0 n0', '1 n1']));
    expect(result.history.map(({ index }) => index)).toEqual([...result.history.keys()]);
    const times = result.history.map(({ timeUs }) => timeUs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
  });

  it('without an answer is info after its timeout: nobody knows', () => {
    const { result } = asked(silent, { workload: values('x'), spec: { timeoutUs: 300_000 } });
    expect(lines(result.history)).toEqual(['0 invoke x', '0 info x timeout']);
    expect((result.history[1]?.timeUs ?? 0) - (result.history[0]?.timeUs ?? 0)).toBe(300_000);
  });

  it('that can be repeated without harm fails instead', () => {
    const workload = { ...values('x', 'y'), idempotent: ['ask'] };
    const { result } = asked(silent, { workload, spec: { timeoutUs: 1_000 } });
    expect(lines(result.history)).toEqual([
      '0 invoke x',
      '0 fail x timeout',
      '0 invoke y',
      '0 fail y timeout',
    ]);
  });

  it.each([
    [0, 'info', 'timeout'],
    [1, 'fail', 'node-not-found'],
    [10, 'fail', 'not-supported'],
    [11, 'fail', 'temporarily-unavailable'],
    [12, 'fail', 'malformed-request'],
    [13, 'info', 'crash'],
    [14, 'fail', 'abort'],
    [20, 'fail', 'key-does-not-exist'],
    [21, 'fail', 'key-already-exists'],
    [22, 'fail', 'precondition-failed'],
    [30, 'fail', 'txn-conflict'],
    [999, 'info', 'error 999'],
    ['odd', 'info', 'error odd'],
  ])('that is answered by error %s is %s', (code, type, error) => {
    const answer: Answer = (message, ctx) => ctx.reply(message, { type: 'error', code } as never);
    const { result } = asked(answer, { workload: values('x') });
    expect(ends(result.history)).toMatchObject([{ type, error, value: 'x' }]);
  });

  it('keeps the text of an error', () => {
    const answer: Answer = (message, ctx) =>
      ctx.reply(message, { type: 'error', code: 14, text: 'not today' });
    const { result } = asked(answer, { workload: values('x') });
    expect(ends(result.history)).toMatchObject([{ error: 'abort: not today' }]);
  });
});

describe('a process', () => {
  it('is retired by info: the worker goes on under a number higher by the concurrency', () => {
    const answer: Answer = (message, ctx) => {
      if (message.body.value % 2 === 0) ok(message, ctx);
    };
    const spec = { concurrency: 3, timeoutUs: 1_000, ratePerSecond: 30 };
    const { result } = asked(answer, { spec });
    const byWorker = new Map<number, number>();
    for (const { process, type } of result.history) {
      const worker = Number(process) % 3;
      expect(process).toBe(byWorker.get(worker) ?? worker);
      if (type === 'info') byWorker.set(worker, Number(process) + 3);
    }
    expect(Math.max(...byWorker.values())).toBeGreaterThan(8);
  });

  it('has a client of its own, and so has the next', () => {
    const clients: string[] = [];
    const answer: Answer = ({ src }) => clients.push(src);
    asked(answer, { workload: values(1, 2, 3), spec: { concurrency: 1, timeoutUs: 30_000 } });
    expect(clients).toEqual(['c0', 'c1', 'c2']);
  });

  it('stays when an operation fails', () => {
    const answer: Answer = (message, ctx) => ctx.reply(message, { type: 'error', code: 14 });
    const { result } = asked(answer);
    expect(new Set(result.history.map(({ process }) => process))).toEqual(new Set([0]));
  });

  it('has one operation open at a time, whatever is due meanwhile', () => {
    const later: Answer = ({ src, body }, ctx) =>
      ctx.setTimer({ type: 'answer', src, id: body.msg_id } as never, 200_000);
    const answer = (_: unknown, { src, id }: { src: string; id: number }, ctx: Context) =>
      ctx.send(src, { type: 'ask_ok', in_reply_to: id });
    const { result } = asked(later, {
      parts: { timers: { answer: answer as never } },
      spec: { concurrency: 2, ratePerSecond: 40 },
    });
    const open = new Set<unknown>();
    for (const { process, type } of result.history) {
      expect(open.has(process)).toBe(type !== 'invoke');
      if (type === 'invoke') open.add(process);
      else open.delete(process);
    }
    expect(result.history.length).toBeGreaterThan(15);
  });

  it('does what is due while it waits, in its order, as soon as it can', () => {
    const { result } = asked(silent, { spec: { ratePerSecond: 20, timeoutUs: 200_000 } });
    const invoked = result.history.filter(({ type }) => type === 'invoke');
    expect(invoked.map(({ value }) => value)).toEqual([...invoked.keys()]);
    const gaps = invoked.slice(1).map(({ timeUs }, i) => timeUs - (invoked[i]?.timeUs ?? 0));
    expect(gaps.filter((gapUs) => gapUs === 200_000).length).toBeGreaterThanOrEqual(3);
  });
});

describe('the main phase', () => {
  it('takes operations that still wait for their turn with it', () => {
    const spec = { ratePerSecond: 20, timeoutUs: 300_000 };
    const { result } = asked(silent, { spec, recoveryUs: 10 * second });
    const invoked = result.history.filter(({ type }) => type === 'invoke');
    expect(Math.max(...invoked.map(({ timeUs }) => timeUs))).toBeLessThan(second);
    expect(invoked.length).toBeLessThan(5);
  });
});

describe('a reply', () => {
  const delayed = (delayUs: number): Partial<AnyProtocol> => ({
    timers: {
      answer: (_: unknown, { src, id }: { src: string; id: number }, ctx: Context) =>
        ctx.send(src, { type: 'ask_ok', in_reply_to: id, value: 'late' } as never),
    } as never,
    on: {
      ask: (_, { src, body }, ctx) =>
        ctx.setTimer({ type: 'answer', src, id: body.msg_id } as never, delayUs),
    },
  });

  it('that comes too late is ignored', () => {
    const { result } = asked(silent, {
      parts: delayed(150_000),
      spec: { timeoutUs: 100_000 },
    });
    expect(new Set(ends(result.history).map(({ type }) => type))).toEqual(new Set(['info']));
  });

  it('that comes too late for one operation does not answer the next of the same process', () => {
    const { result } = asked(silent, {
      parts: delayed(150_000),
      workload: { idempotent: ['ask'] },
      spec: { timeoutUs: 100_000 },
    });
    expect(new Set(ends(result.history).map(({ type }) => type))).toEqual(new Set(['fail']));
  });

  it('counts once, however often it comes', () => {
    const twice: Answer = (message, ctx) => {
      ok(message, ctx);
      ok(message, ctx);
    };
    const { result } = asked(twice, { workload: values('x', 'y') });
    expect(lines(result.history)).toEqual(['0 invoke x', '0 ok x', '0 invoke y', '0 ok y']);
  });

  it('that answers nothing is ignored', () => {
    const answer: Answer = ({ src }, ctx) => ctx.send(src, { type: 'ask_ok' });
    const { result } = asked(answer, { workload: values('x') });
    expect(ends(result.history)).toMatchObject([{ type: 'info', error: 'timeout' }]);
  });

  it('that the workload finds odd is what the workload says', () => {
    const complete: Workload['complete'] = () => ({
      type: 'info',
      value: 1,
      error: 'malformed-reply',
    });
    const { result } = asked(ok, { workload: { ...values('x'), complete } });
    expect(ends(result.history)).toMatchObject([
      { type: 'info', value: 1, error: 'malformed-reply' },
    ]);
  });
});

describe('clients’ messages', () => {
  const spec = { ratePerSecond: 50 };

  it('take no time and are never lost when they are instant', () => {
    const { result } = asked(ok, {
      spec,
      network: { clients: 'instant', lossPpm: 1_000_000 },
      faults: [[0, { f: 'cut', links: [['*', '*']], mode: 'drop' }]],
    });
    const [invoked, ended] = [result.history[0], result.history[1]];
    expect(ended).toMatchObject({ type: 'ok', timeUs: invoked?.timeUs });
    expect(ends(result.history).every(({ type }) => type === 'ok')).toBe(true);
  });

  it('are never copied when they are instant, whatever happens to others', () => {
    const answer: Answer = (message, ctx) => {
      ctx.send('n1', { type: 'gossip' });
      ok(message, ctx);
    };
    const { result } = asked(answer, { spec, network: { clients: 'instant', duplicatePpm: 1e6 } });
    const { clients, servers } = result.counts.messages;
    expect([clients.duplicated, servers.duplicated]).toEqual([0, servers.sent]);
    expect(servers.sent).toBeGreaterThan(10);
  });

  it('are subject to the network otherwise', () => {
    const lossy = { network: { lossPpm: 500_000 }, spec: { ...spec, timeoutUs: 50_000 } };
    const { result } = asked(ok, lossy);
    const types = new Set(ends(result.history).map(({ type }) => type));
    expect(types).toEqual(new Set(['ok', 'info']));
    const answered = ends(result.history).find(({ type }) => type === 'ok') as Op;
    const invoked = result.history.find(({ process }) => process === answered.process) as Op;
    expect((answered.timeUs - invoked.timeUs) % 20_000).toBe(0);
  });

  it('are not cut by a partition, which is of nodes', () => {
    const { result } = asked(ok, {
      spec: { ...spec, concurrency: 2 },
      faults: [[0, { f: 'partition', components: [['n0'], ['n1']], mode: 'drop' }]],
    });
    expect(ends(result.history).every(({ type }) => type === 'ok')).toBe(true);
  });

  it('are shown with the event that invokes the operation: key, node and fate', () => {
    const { steps } = asked(ok, { workload: values('x') });
    const invoke = steps.find(({ happening }) => happening.kind === 'invoke');
    const arrival = steps.find(({ happening }) => happening.kind === 'deliver');
    expect(invoke?.effects).toMatchObject([
      { effect: 'send', key: arrival?.key, dest: 'n0', body: { type: 'ask', msg_id: 1 } },
    ]);
  });
});

describe('the generator', () => {
  it('ends the operations when it has no more', () => {
    const { result } = asked(ok, { workload: values('x', 'y'), durationUs: 10 * second });
    expect(ends(result.history)).toHaveLength(2);
  });

  it('is told the worker, the options, and chance of its own for each operation', () => {
    const seen: string[] = [];
    const workload: Partial<Workload> = {
      generator: {
        init: 0,
        next: (state, { worker, options, random }) => {
          seen.push(`${worker} ${options.size} ${random.below(1_000_000)}`);
          return { op: { f: 'ask', value: 0 }, state };
        },
      },
    };
    const spec = { concurrency: 2, options: { size: 7 } };
    asked(ok, { workload, spec });
    const first = seen.splice(0);
    asked(silent, { workload, spec, network: { lossPpm: 300_000 } });
    expect(seen).toEqual(first);
    expect(first.every((line) => /^[01] 7 \d+$/.test(line))).toBe(true);
    expect(new Set(first.map((line) => line.split(' ')[2])).size).toBe(first.length);
  });

  it('that changes its state in place does not disturb the next run', () => {
    const init: number[] = [];
    const workload: Partial<Workload> = {
      generator: {
        init,
        next: (state) => {
          (state as number[]).push(1);
          return { op: { f: 'ask', value: (state as number[]).length }, state };
        },
      },
    };
    const runs = [0, 1].map(() => asked(ok, { workload }).result.history);
    expect(runs[1]).toEqual(runs[0]);
    expect(init).toEqual([]);
  });
});
