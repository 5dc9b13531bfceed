// Clients that remember, operations that ask nobody, errors that mean what the workload says, and
// generators that hear how operations ended.
import { describe, expect, it } from 'vitest';
import type { Plain } from '../../src/kernel/plain.js';
import { createWorld, forkWorld } from '../../src/sim/create.js';
import { advance } from '../../src/sim/loop.js';
import { resultOf } from '../../src/sim/result.js';
import type { Session, Workload } from '../../src/workloads/workload.js';
import { type Answer, asked, ends, lines, ok, silent, values } from '../support/asking.js';
import { clientsOf, second, specOf } from '../support/worlds.js';

/** Adds up what it hears, asks for the sum so far plus what it is told to, and notes each time. */
const adding: Session = {
  init: 0,
  fill: (op, mind) => (op.f === 'ask' ? { f: 'ask', value: Number(op.value) + Number(mind) } : op),
  learn: ({ op, completion }, mind) =>
    op.f === 'ask' && completion.type === 'ok'
      ? { mind: completion.value, next: [{ f: 'note', value: completion.value }] }
      : { mind },
};

const noting: Partial<Workload> = {
  session: adding,
  local: ({ f, value }) => (f === 'note' ? { type: 'ok', value } : undefined),
};

const refusing: Answer = (message, ctx) =>
  ctx.reply(message, { type: 'error', code: message.body.value } as never);

describe('a session', () => {
  it('fills in what it knows and does what follows at once', () => {
    const { result } = asked(ok, { workload: { ...values(1, 10, 100), ...noting } });
    const told = result.history.map(({ type, f, value }) => `${type} ${f} ${value}`);
    expect(told.slice(0, 8)).toEqual([
      ...['invoke ask 1', 'ok ask 1', 'invoke note 1', 'ok note 1'],
      ...['invoke ask 11', 'ok ask 11', 'invoke note 11', 'ok note 11'],
    ]);
    const [, done, , noted] = result.history;
    expect(noted?.timeUs).toBe(done?.timeUs);
  });

  it('begins anew after an operation of which nobody knows', () => {
    const odd: Answer = (message, ctx) => {
      if (message.body.value !== 11) ok(message, ctx);
    };
    const spec = { timeoutUs: 50_000 };
    const { result } = asked(odd, { workload: { ...values(1, 10, 100), ...noting }, spec });
    const told = lines(result.history.filter(({ f }) => f === 'ask'));
    expect(told).toEqual([
      ...['0 invoke 1', '0 ok 1', '0 invoke 11', '0 info 11 timeout'],
      ...['1 invoke 100', '1 ok 100'],
    ]);
  });

  it('hands on to the next client what it wants to', () => {
    const lost: Session['lost'] = (_, mind) => ({
      mind: Number(mind) + 1_000,
      next: [{ f: 'note', value: 'gone' }],
    });
    const workload = { ...values(1, 10), ...noting, session: { ...adding, lost } };
    const { result } = asked(silent, { workload, spec: { timeoutUs: 50_000 } });
    expect(lines(result.history)).toEqual([
      ...['0 invoke 1', '0 info 1 timeout', '1 invoke gone', '1 ok gone'],
      ...['1 invoke 1010', '1 info 1010 timeout', '2 invoke gone', '2 ok gone'],
    ]);
  });

  it('is each worker’s own', () => {
    const spec = { concurrency: 2 };
    const { result } = asked(ok, { workload: { ...values(1, 1, 1, 1, 1, 1), ...noting }, spec });
    const oks = result.history.filter(({ f, type }) => f === 'ask' && type === 'ok');
    for (const process of [0, 1]) {
      const own = oks.filter((op) => op.process === process).map(({ value }) => value);
      expect(own).toEqual(own.map((_, i) => i + 1));
    }
  });

  it('keeps the chance of other operations when an operation is left out', () => {
    const drawn = (edits: { edit: 'omit-op'; op: number }[]) => {
      const init: Plain = 0;
      const generator: Workload['generator'] = {
        init,
        next: (state, { random }) => ({ op: { f: 'ask', value: random.below(1_000) }, state }),
      };
      const { result } = asked(ok, {
        workload: { generator, local: noting.local as never },
        edits,
      });
      return result.history.filter(({ type }) => type === 'invoke').map(({ value }) => value);
    };
    const [first, left, ...others] = drawn([]);
    expect(drawn([{ edit: 'omit-op', op: 1 }])).toEqual([first, ...others]);
    expect(left).not.toBe(others[0]);
  });

  it('goes on alike in a fork', () => {
    const spec = specOf({
      clients: clientsOf({ ...values(1, 2, 3, 4, 5, 6), ...noting }, { concurrency: 2 }),
      protocol: { on: { ask: (_, message, ctx) => ok(message, ctx) } },
    });
    const whole = createWorld(spec);
    while (advance(whole, 1_000));
    const original = createWorld(spec);
    advance(original, 12);
    const fork = forkWorld(original);
    for (const world of [original, fork]) {
      while (advance(world, 1_000));
      expect(resultOf(world).digest).toBe(resultOf(whole).digest);
      expect(resultOf(world).history).toEqual(resultOf(whole).history);
    }
  });
});

describe('an operation that asks nobody', () => {
  it('ends when it begins, however it says', () => {
    const local: Workload['local'] = ({ value }) => ({ type: 'info', value, error: 'crash' });
    const { result } = asked(silent, { workload: { ...values(1, 2), local } });
    expect(lines(result.history)).toEqual([
      ...['0 invoke 1', '0 info 1 crash', '1 invoke 2', '1 info 2 crash'],
    ]);
    expect(result.counts.messages.clients.sent).toBe(0);
  });

  it('does not end the final phase before what comes after it', () => {
    const final = () => ['now', 'later', 'last'].map((value) => ({ f: 'ask', value }));
    const local: Workload['local'] = ({ value }) =>
      value === 'now' ? { type: 'ok', value } : undefined;
    const spec = { concurrency: 2 };
    const { result } = asked(ok, { workload: { ...values(), final, local }, spec });
    const done = ends(result.history).map(({ process, value }) => `${process} ${value}`);
    expect(done.toSorted()).toEqual([
      ...['0 last', '0 later', '0 now', '1 last', '1 later', '1 now'],
    ]);
  });
});

describe('an error', () => {
  it('means what the workload makes of it, by its code; no answer is 0', () => {
    const failure: Workload['failure'] = (op, code, outcome) =>
      code === 20 ? { type: 'ok', value: null } : { ...outcome, value: `${op.value} ${code}` };
    const spec = { timeoutUs: 50_000 };
    const answer: Answer = (message, ctx) => {
      if (message.body.value > 0) refusing(message, ctx);
    };
    const { result } = asked(answer, { workload: { ...values(20, 22, 13, 0), failure }, spec });
    expect(ends(result.history).map(({ type, value }) => [type, value])).toEqual([
      ['ok', null],
      ['fail', '22 22'],
      ['info', '13 13'],
      ['info', '0 0'],
    ]);
  });

  it('of a harmless final operation is retried although it is info', () => {
    const final = () => [{ f: 'ask', value: 1 }];
    const answer: Answer = (message, ctx) => {
      if (ctx.nowUs > 2 * second + 50_000) ok(message, ctx);
    };
    const failure: Workload['failure'] = (_, __, outcome) => ({ ...outcome, type: 'info' });
    const workload = { ...values(), final, failure, idempotent: ['ask'] };
    const spec = { timeoutUs: 50_000 };
    const { result } = asked(answer, { workload, spec, nodes: ['n0'] });
    expect(lines(result.history)).toEqual([
      ...['0 invoke 1', '0 info 1 timeout', '1 invoke 1', '1 ok 1'],
    ]);
  });
});

it('tells a generator how operations ended, and what it knows of workers', () => {
  const generator: Workload['generator'] = {
    init: ['begun'],
    next: (state, { process, concurrency, nodeCount, ratePerSecond }) => {
      const heard = state as readonly Plain[];
      const value = [...heard, process, concurrency, nodeCount, ratePerSecond].join(' ');
      return heard.length > 2 ? undefined : { op: { f: 'ask', value }, state };
    },
    update: (state, { worker, completion }) => [
      ...(state as readonly Plain[]),
      `${worker} ${completion.type}`,
    ],
  };
  const { result } = asked(silent, { workload: { generator }, spec: { timeoutUs: 50_000 } });
  const invoked = result.history.filter(({ type }) => type === 'invoke');
  expect(invoked.map(({ value }) => value)).toEqual(['begun 0 1 2 10', 'begun 0 info 1 1 2 10']);
});
