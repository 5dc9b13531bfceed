// A history of a log, as steps: what each operation sent and polled. Two shapes are read:
//
//   Jepsen's    send, poll, txn [["send", key, message], ["poll"]] →
//               [["send", key, [offset, message]], ["poll", {key: [[offset, message] …]}]]
//   Maelstrom's send {key, msg} → {offset}
//               poll {offsets: {key: from}} → {msgs: {key: [[offset, message] …]}}
//
// and commit_offsets {offsets}, list_committed_offsets {keys} → {offsets}; assign, subscribe [key
// …].
import type { History } from '../../history/history.js';
import type { Op } from '../../history/op.js';
import { keyOf, showValue, type ValueKey } from '../../history/value.js';

/** A message sent, or a message polled. */
interface Send {
  readonly f: 'send';
  readonly key: ValueKey;
  readonly message: unknown;
  /** Undefined where nobody said. */
  readonly offset: number | undefined;
}

interface Poll {
  readonly f: 'poll';
  readonly key: ValueKey;
  /** Where it was asked to begin; undefined: where the client left off. */
  readonly from: number | undefined;
  readonly records: readonly LogRecord[];
}

interface LogRecord {
  readonly offset: number;
  readonly message: unknown;
}

/** An operation on the log. */
export interface Step {
  readonly invoked: Op;
  /** Undefined while it is open. */
  readonly done: Op | undefined;
  /** Offsets and records only if it ended ok. */
  readonly moves: readonly (Send | Poll)[];
  /** The keys that an `assign` or `subscribe` names. */
  readonly assigned: ReadonlySet<ValueKey> | undefined;
}

const functions = new Set(['send', 'poll', 'txn', 'assign', 'subscribe', 'crash']);

/** In the order of invocation. Throws where an operation has another shape. */
export function stepsOf(history: History): readonly Step[] {
  const steps: Step[] = [];
  for (const invoked of history.ops) {
    if (invoked.type !== 'invoke' || !functions.has(invoked.f)) continue;
    const done = history.completionOf(invoked);
    const assigns = invoked.f === 'assign' || invoked.f === 'subscribe';
    const keys = assigns && Array.isArray(invoked.value) ? invoked.value.map(keyOf) : [];
    const moves = assigns || invoked.f === 'crash' ? [] : movesOf(invoked, done);
    steps.push({ invoked, done, moves, assigned: assigns ? new Set(keys) : undefined });
  }
  return steps;
}

function movesOf(invoked: Op, done: Op | undefined): readonly (Send | Poll)[] {
  const ok = done?.type === 'ok' ? done : undefined;
  if (!Array.isArray(invoked.value)) return plainMoves(invoked, ok);
  const list = listOf(ok?.value ?? invoked.value, invoked);
  return list.flatMap((part): (Send | Poll)[] => {
    const [f, key, value] = listOf(part, invoked);
    if (f === 'poll') return pollsOf(key ?? {}, new Map(), ok ?? invoked);
    if (f !== 'send') throw misshapen(invoked, part);
    if (ok === undefined || !Array.isArray(value)) {
      return [{ f, key: keyOf(key), message: value, offset: undefined }];
    }
    return [{ f, key: keyOf(key), message: value[1], offset: offsetIn(value[0], invoked) }];
  });
}

function plainMoves(invoked: Op, ok: Op | undefined): readonly (Send | Poll)[] {
  const fields = fieldsOf(invoked.value, invoked);
  if (invoked.f === 'send') {
    const offset = ok === undefined ? undefined : offsetIn(fieldsOf(ok.value, ok).offset, ok);
    return [{ f: 'send', key: keyOf(fields.key), message: fields.msg, offset }];
  }
  const from = new Map(
    pairsOf(fields.offsets ?? {}, invoked).map(
      ([key, offset]) => [keyOf(key), offsetIn(offset, invoked) ?? 0] as const,
    ),
  );
  return ok === undefined ? [] : pollsOf(fieldsOf(ok.value, ok).msgs ?? {}, from, ok);
}

/** A key that was asked for and is not in the answer had nothing new. */
function pollsOf(messages: unknown, from: ReadonlyMap<ValueKey, number>, op: Op): Poll[] {
  return pairsOf(messages, op).map(([name, list]) => {
    const records = listOf(list, op).map((pair): LogRecord => {
      const [offset, message] = listOf(pair, op);
      return { offset: offsetIn(offset, op) ?? 0, message };
    });
    const key = keyOf(name);
    return { f: 'poll', key, from: from.get(key), records };
  });
}

/** Offsets by key, of a commit or of a list of commits. */
export function offsetsIn(value: unknown, op: Op): ReadonlyMap<ValueKey, number> {
  const fields = fieldsOf(value, op);
  const pairs = pairsOf(fields.offsets ?? {}, op);
  return new Map(pairs.map(([key, offset]) => [keyOf(key), offsetIn(offset, op) ?? 0]));
}

function offsetIn(value: unknown, op: Op): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (Number.isSafeInteger(value)) return value as number;
  throw misshapen(op, value);
}

function fieldsOf(value: unknown, op: Op): Readonly<{ [name: string]: unknown }> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<{ [name: string]: unknown }>;
  }
  throw misshapen(op, value);
}

function pairsOf(value: unknown, op: Op): readonly (readonly [unknown, unknown])[] {
  return value instanceof Map ? [...value] : Object.entries(fieldsOf(value, op));
}

function listOf(value: unknown, op: Op): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw misshapen(op, value);
}

function misshapen({ index, f }: Op, what: unknown): Error {
  return new Error(`operation ${index}, ${f}, has what no log understands: ${showValue(what)}`);
}
