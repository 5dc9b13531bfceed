// Operations as intervals: what a client asked, what it was told, and between which two instants.
// Source of the words: Wing & Gong 1993, and Porcupine's `Operation`.
import type { History } from '../../history/history.js';
import { showValue } from '../../history/value.js';

/** A closed interval: a call at the instant of a return is concurrent with it. */
export interface Operation {
  readonly client: number;
  readonly f: string;
  /** Operations of different keys have nothing to do with each other. */
  readonly key?: unknown;
  readonly input: unknown;
  /** What the client was told; not looked at where `return` is `never`. */
  readonly output: unknown;
  readonly call: number;
  /** `never` where the outcome is unknown: it may take effect at any time after `call`, or not. */
  readonly return: number;
  /** The position of the invocation in the history it was recorded in, and of the completion. */
  readonly at?: readonly [invoked: number, completed: number];
}

/** The return of an operation of which nobody knows whether and when it took effect. */
export const never = Number.POSITIVE_INFINITY;

/**
 * The operations of a history, by invocation. Positions in the history are their instants. Those
 * that certainly failed and the nemesis are left out. `keyed`: every value is `[key, value]`, as
 * Jepsen's independent keys have it. O(n).
 */
export function operationsOf(history: History, keyed: boolean): readonly Operation[] {
  const operations: Operation[] = [];
  for (const op of history.ops) {
    if (op.process === 'nemesis' || op.type !== 'invoke') continue;
    const completion = history.completionOf(op);
    if (completion?.type === 'fail') continue;
    const done = completion?.type === 'ok' ? completion : undefined;
    const key = keyed ? keyIn(op.value, op.index) : undefined;
    const output = done?.value;
    operations.push({
      client: op.process,
      f: op.f,
      key,
      input: keyed ? (op.value as readonly unknown[])[1] : op.value,
      output: keyed && Array.isArray(output) ? output[1] : output,
      call: op.index,
      return: done?.index ?? never,
      at: [op.index, completion?.index ?? op.index],
    });
  }
  return operations;
}

function keyIn(value: unknown, index: number): unknown {
  if (Array.isArray(value)) return value[0];
  throw new TypeError(`operation ${index} should have [key, value], but has ${showValue(value)}`);
}
