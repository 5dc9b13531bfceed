// Maelstrom's kafka: messages go into logs, one for each key, and come out in order. What a client
// does is generator.ts's business, what it remembers session.ts's. Where Maelstrom's client hides a
// commit in the poll that caused it, and an answer about commits in an assign, they are operations
// of their own here, so that their errors spoil nothing else and committed offsets can be judged.
// Source: Maelstrom, workload/kafka.clj; jepsen.tests.kafka.
import type { Plain } from '../../kernel/plain.js';
import { emptyPool, poolDefaults, poolProblem } from '../key-pool.js';
import { completion, type FieldCheck, mapOf, whole } from '../reply.js';
import { request } from '../request.js';
import type { Session, Workload } from '../workload.js';
import { finalOps, nextOp, noteEnd } from './generator.js';
import { fill, freshMind, learn, lost } from './session.js';

/** A list of [offset, message]. */
const records: FieldCheck = (value) => {
  const sound =
    Array.isArray(value) &&
    value.every((pair) => Array.isArray(pair) && pair.length === 2 && !whole(pair[0]));
  return sound ? undefined : 'should be a list of [offset, message]';
};

export const kafka: Workload = {
  name: 'kafka',
  about: 'Clients send to logs, poll them and commit how far they came; nothing may be lost.',
  options: poolDefaults,
  problem: poolProblem,
  generator: {
    init: { pool: emptyPool, unpolled: new Map() },
    next: nextOp,
    update: noteEnd,
  },
  session: { init: freshMind, fill, learn, lost } as Session,
  final: finalOps,
  requests: ['send', 'poll', 'commit_offsets', 'list_committed_offsets'],
  local: ({ f, value }) => {
    if (f === 'assign') return { type: 'ok', value };
    if (f === 'crash') return { type: 'info', value, error: 'crash' };
    return undefined;
  },
  request: ({ f, value }) => request(f, value as Readonly<Record<string, Plain>>),
  complete: ({ f, value }, reply) => {
    switch (f) {
      case 'send':
        return completion(reply, 'send_ok', { offset: whole }, ({ offset }) => ({ offset }));
      case 'poll':
        return completion(reply, 'poll_ok', { msgs: mapOf(records) }, ({ msgs }) => ({ msgs }));
      case 'list_committed_offsets': {
        const shape = { offsets: mapOf(whole) };
        return completion(reply, `${f}_ok`, shape, ({ offsets }) => ({ offsets }));
      }
      default:
        return completion(reply, `${f}_ok`, {}, () => value);
    }
  },
  idempotent: ['list_committed_offsets'],
  checkers: ['kafka'],
};
