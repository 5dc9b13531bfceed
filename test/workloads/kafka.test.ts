// What clients of kafka do, remember and make of answers.
import { describe, expect, it } from 'vitest';
import type { Plain } from '../../src/kernel/plain.js';
import { kafka } from '../../src/workloads/kafka/kafka.js';
import type { Completion, Invocation, Session } from '../../src/workloads/workload.js';
import { generated } from '../support/operations.js';

const session = kafka.session as Session;
const ok = (value: Plain): Completion => ({ type: 'ok', value });
const poll: Invocation = { f: 'poll', value: undefined };

/** A client that has heard these answers to these operations. */
function clientAfter(...heard: readonly (readonly [Invocation, Completion])[]) {
  let mind = session.init;
  let next: readonly Invocation[] | undefined;
  for (const [op, completion] of heard) {
    const learnt = session.learn({ op, completion, final: false }, mind);
    mind = learnt.mind;
    next = learnt.next;
  }
  return { mind, next, offsets: session.fill(poll, mind).value };
}

const assign = (...keys: string[]) =>
  [{ f: 'assign', value: keys } as Invocation, ok(keys)] as const;
const listed = (keys: string[], offsets: Record<string, number>) =>
  [{ f: 'list_committed_offsets', value: { keys } } as Invocation, ok({ offsets })] as const;
const polled = (msgs: Record<string, [number, number][]>) => [poll, ok({ msgs })] as const;

describe('a client', () => {
  it('polls nothing before it is assigned keys, then from their beginnings', () => {
    expect(clientAfter().offsets).toEqual({ offsets: {} });
    expect(clientAfter(assign('1', '2')).offsets).toEqual({ offsets: { 1: 0, 2: 0 } });
  });

  it('goes on behind what it polled, and commits that', () => {
    const { offsets, next } = clientAfter(
      assign('1', '2'),
      polled({
        1: [
          [3, 7],
          [5, 8],
        ],
        2: [],
      }),
    );
    expect(offsets).toEqual({ offsets: { 1: 6, 2: 0 } });
    expect(next).toEqual([{ f: 'commit_offsets', value: { offsets: { 1: 5 } } }]);
  });

  it('asks for committed offsets before an assignment, and goes on behind them', () => {
    const { next } = clientAfter(listed(['1', '2'], { 1: 4 }));
    expect(next).toEqual([{ f: 'assign', value: ['1', '2'] }]);
    const { offsets } = clientAfter(listed(['1', '2'], { 1: 4 }), assign('1', '2'));
    expect(offsets).toEqual({ offsets: { 1: 5, 2: 0 } });
  });

  it('knows better than what is committed where it has been itself', () => {
    const own = [assign('1'), polled({ 1: [[9, 1]] })];
    const { offsets } = clientAfter(...own, listed(['1'], { 1: 4 }), assign('1'));
    expect(offsets).toEqual({ offsets: { 1: 10 } });
  });

  it('keeps its place when a commit or a poll fails', () => {
    const fail: Completion = { type: 'fail', value: undefined, error: 'temporarily-unavailable' };
    const commit = { f: 'commit_offsets', value: { offsets: { 1: 9 } } };
    const own = [assign('1'), polled({ 1: [[9, 1]] })];
    expect(clientAfter(...own, [commit, fail], [poll, fail]).offsets).toEqual({
      offsets: { 1: 10 },
    });
  });

  it('polls in the end until nothing new comes, and again where a poll failed', () => {
    const fail: Completion = { type: 'fail', value: undefined };
    const { mind } = clientAfter(assign('1'));
    const ends = [ok({ msgs: { 1: [[0, 1]] } }), ok({ msgs: { 1: [] } }), fail];
    const nexts = ends.map((completion) =>
      session.learn({ op: poll, completion, final: true }, mind).next?.map(({ f }) => f),
    );
    expect(nexts).toEqual([['commit_offsets', 'poll'], undefined, ['poll']]);
  });

  it('begins anew in the end when a poll had no answer, ten times', () => {
    const completion: Completion = { type: 'info', value: undefined, error: 'timeout' };
    let mind = clientAfter(assign('1', '2'), polled({ 1: [[3, 7]] })).mind;
    const all = { f: 'poll', value: { offsets: { 1: 4, 2: 0 } } };
    expect(session.lost?.({ op: all, completion, final: false }, mind).next).toBeUndefined();
    let times = 0;
    for (; times < 20; times++) {
      const learnt = session.lost?.({ op: all, completion, final: true }, mind);
      if (learnt?.next === undefined) break;
      expect(learnt.next).toEqual([{ f: 'assign', value: ['1', '2'] }, poll]);
      expect(session.fill(poll, learnt.mind).value).toEqual({ offsets: {} });
      mind = learnt.mind;
    }
    expect(times).toBe(10);
  });

  it('polls in the end no more than a thousand times, whatever comes', () => {
    let { mind } = clientAfter(assign('1'));
    let polls = 0;
    for (let more = true; more; polls++) {
      const completion = ok({ msgs: { 1: [[0, 1]] } });
      const learnt = session.learn({ op: poll, completion, final: true }, mind);
      mind = learnt.mind;
      more = learnt.next?.some(({ f }) => f === 'poll') ?? false;
    }
    expect(polls).toBe(1_000);
  });
});

describe('the generator', () => {
  const { ops, state } = generated(kafka, 20_000);
  const count = (name: string): number => ops.filter(({ f }) => f === name).length;

  it('sends and polls, half and half; one in 64 asks for other keys', () => {
    expect(count('send') / count('poll')).toBeCloseTo(1, 1);
    expect((64 * count('list_committed_offsets')) / ops.length).toBeCloseTo(1, 0);
  });

  it('crashes each worker once in half a minute', () => {
    // 20,000 operations at 100 a second are 200 s, of three workers.
    expect(count('crash')).toBeGreaterThan(10);
    expect(count('crash')).toBeLessThan(35);
  });

  it('has texts for keys and sends each message once', () => {
    const sent = ops.filter(({ f }) => f === 'send').map(({ value }) => JSON.stringify(value));
    expect(sent[0]).toMatch(/^\{"key":"\d+","msg":1\}$/);
    expect(new Set(sent).size).toBe(sent.length);
  });

  it('ends with a new client that polls every key from its beginning', () => {
    const [crash, everything, last] = kafka.final?.(kafka.options, state) ?? [];
    expect([crash?.f, everything?.f, last?.f]).toEqual(['crash', 'assign', 'poll']);
    const { keyNext } = (state as unknown as { pool: { keyNext: number } }).pool;
    expect(everything?.value).toHaveLength(keyNext);
  });

  it('catches up on what nobody has polled, and only on that', () => {
    const update = kafka.generator.update as NonNullable<typeof kafka.generator.update>;
    const before = { pool: { keys: [], writes: [], keyNext: 0 }, unpolled: new Map() };
    const ended = (op: Invocation, value: Plain) => ({ worker: 0, op, completion: ok(value) });
    const send = (key: string): Invocation => ({ f: 'send', value: { key, msg: 1 } });
    update(before, ended(send('1'), { offset: 4 }));
    update(before, ended(send('2'), { offset: 0 }));
    update(before, ended(poll, { msgs: { 1: [[3, 1]], 2: [[0, 1]] } }));
    expect(before.unpolled).toEqual(new Map([['1', 4]]));
  });
});

describe('replies', () => {
  const send = { f: 'send', value: { key: '1', msg: 1 } };
  it.each([
    [send, { type: 'send_ok', offset: '1' }, 'offset should be a whole number'],
    [poll, { type: 'poll_ok', msgs: [] }, 'msgs should be a map'],
    [
      poll,
      { type: 'poll_ok', msgs: { 1: [7] } },
      "msgs has '1', which should be a list of [offset, message]",
    ],
    [
      { f: 'list_committed_offsets', value: { keys: ['1'] } },
      { type: 'list_committed_offsets_ok', offsets: { 1: null } },
      "offsets has '1', which should be a whole number",
    ],
  ])('of the wrong form are found: %j %j', (op, reply, wrong) => {
    const { type, error } = kafka.complete(op, reply);
    expect([type, error]).toEqual(['info', `malformed-reply: ${wrong}`]);
  });

  it('are none to what asks nobody', () => {
    expect(kafka.local?.({ f: 'assign', value: ['1'] })).toEqual(ok(['1']));
    expect(kafka.local?.({ f: 'crash', value: undefined })?.type).toBe('info');
    expect(kafka.local?.(poll)).toBeUndefined();
  });
});
