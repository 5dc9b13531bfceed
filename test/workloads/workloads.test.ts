// The workloads without a file of their own: their operations, their requests, and what replies
// mean to them.
import { describe, expect, it } from 'vitest';
import { broadcast } from '../../src/workloads/broadcast.js';
import { crdt } from '../../src/workloads/crdt.js';
import { echo } from '../../src/workloads/echo.js';
import { workloads } from '../../src/workloads/index.js';
import { membership } from '../../src/workloads/membership.js';
import { uniqueIds } from '../../src/workloads/unique-ids.js';
import type { Invocation, Workload } from '../../src/workloads/workload.js';
import { generated } from '../support/operations.js';

const operations = (workload: Workload, count: number): readonly Invocation[] =>
  generated(workload, count).ops;

const op = (f: string, value: number | string | undefined): Invocation => ({ f, value });

describe('echo', () => {
  it('says Please echo and a number below 128', () => {
    const texts = operations(echo, 200).map(({ value }) => String(value));
    expect(texts.every((text) => /^Please echo (\d|\d\d|1[01]\d|12[0-7])$/.test(text))).toBe(true);
    expect(new Set(texts).size).toBeGreaterThan(50);
  });

  it('asks with the text and completes with the text that came back', () => {
    const hello = op('echo', 'hello');
    expect(echo.request(hello)).toEqual({ type: 'echo', echo: 'hello' });
    const reply = { type: 'echo_ok', echo: 'hullo', in_reply_to: 1 };
    expect(echo.complete(hello, reply)).toEqual({ type: 'ok', value: 'hullo' });
  });
});

describe('unique-ids', () => {
  it('generates without end and completes with the id', () => {
    expect(operations(uniqueIds, 2)).toEqual([
      op('generate', undefined),
      op('generate', undefined),
    ]);
    const reply = { type: 'generate_ok', id: ['n1', 7], msg_id: 3, in_reply_to: 1 };
    expect(uniqueIds.complete(op('generate', undefined), reply)).toEqual({
      type: 'ok',
      value: ['n1', 7],
    });
  });
});

describe('broadcast', () => {
  it('broadcasts 0, 1, 2 … and reads, about half and half', () => {
    const made = operations(broadcast, 1_000);
    const values = made.filter(({ f }) => f === 'broadcast').map(({ value }) => value);
    expect(values).toEqual(values.map((_, index) => index));
    expect(values.length).toBeGreaterThan(450);
    expect(values.length).toBeLessThan(550);
  });

  it('asks as Maelstrom does', () => {
    expect(broadcast.request(op('broadcast', 7))).toEqual({ type: 'broadcast', message: 7 });
    expect(broadcast.request(op('read', undefined))).toEqual({ type: 'read' });
  });

  it('tells every node the whole topology', () => {
    const sent = broadcast.setup?.(['n0', 'n1'], { topology: 'line' });
    const body = { type: 'topology', topology: { n0: ['n1'], n1: ['n0'] } };
    expect([...(sent ?? [])]).toEqual([
      ['n0', body],
      ['n1', body],
    ]);
  });

  it('reads once more at the end, and may read twice without harm', () => {
    expect(broadcast.final?.({}, 0)).toEqual([op('read', undefined)]);
    expect(broadcast.idempotent).toEqual(['read']);
  });

  it('completes a read with the list of values', () => {
    const reply = { type: 'read_ok', messages: [3, 1], in_reply_to: 1 };
    expect(broadcast.complete(op('read', undefined), reply)).toEqual({ type: 'ok', value: [3, 1] });
  });
});

describe('a reply of the wrong form', () => {
  const read = op('read', undefined);
  it.each([
    ['another type', read, { type: 'broadcast_ok' }, "type is 'broadcast_ok', should be 'read_ok'"],
    ['a missing field', read, { type: 'read_ok' }, 'messages should be a list'],
    [
      'a field of another kind',
      read,
      { type: 'read_ok', messages: 7 },
      'messages should be a list',
    ],
    [
      'a field too many',
      op('broadcast', 1),
      { type: 'broadcast_ok', at: 1 },
      'at should not be there',
    ],
    [
      'a field named like a method',
      read,
      { type: 'read_ok', messages: [], toString: 1 },
      'toString should not be there',
    ],
  ])('is info for %s', (_, invocation, reply, wrong) => {
    const completion = broadcast.complete(invocation, reply);
    expect(completion).toEqual({
      type: 'info',
      value: undefined,
      error: `malformed-reply: ${wrong}`,
    });
  });
});

it('registers those of Maelstrom and the lock under their own names', () => {
  const names = [
    ...['echo', 'unique-ids', 'broadcast', 'g-set', 'g-counter', 'pn-counter', 'lin-kv'],
    ...['txn-list-append', 'txn-rw-register', 'kafka', 'lock'],
  ];
  expect(names.map((name) => workloads.get(name)?.name)).toEqual(names);
});

describe('membership', () => {
  it('asks for views, and as many nodes to leave as it should', () => {
    const asked = operations({ ...membership, options: { leaves: 2 } }, 500);
    expect(asked.filter(({ f }) => f === 'leave')).toHaveLength(2);
    expect(asked.filter(({ f }) => f === 'members')).toHaveLength(498);
  });

  it('completes with the view, or with the incarnation in which the node leaves', () => {
    const members = [['n0', 'alive', 0]];
    expect(
      membership.complete(op('members', undefined), { type: 'members_ok', members } as never),
    ).toEqual({ type: 'ok', value: members });
    expect(
      membership.complete(op('leave', undefined), { type: 'leave_ok', incarnation: 3 } as never),
    ).toEqual({ type: 'ok', value: 3 });
  });

  it('asks no negative number of nodes to leave', () => {
    expect(membership.problem?.({ leaves: -1 })?.option).toBe('leaves');
  });
});

describe('crdt', () => {
  it('adds each element to the grow-only set once, and counts up and down', () => {
    const mutations = operations(crdt, 600).flatMap(({ value }) =>
      Array.isArray(value) ? [value as unknown as [string, string, number]] : [],
    );
    const added = mutations.filter(([type]) => type === 'g-set').map(([, , arg]) => arg);
    expect(new Set(added).size).toBe(added.length);
    const counting = mutations.filter(([type]) => type === 'pn-counter').map(([, name]) => name);
    expect(new Set(counting)).toEqual(new Set(['increment', 'decrement']));
  });

  it('asks with type, operation and argument, and completes with the document', () => {
    const add = { f: 'mutate', value: ['g-set', 'add', 7] };
    expect(crdt.request(add)).toEqual({ type: 'mutate', crdt: 'g-set', op: 'add', arg: 7 });
    const document = [['g-set', [7]]];
    expect(crdt.complete(op('read', undefined), { type: 'read_ok', document } as never)).toEqual({
      type: 'ok',
      value: document,
    });
  });
});
