// Operations as the lines of a history in our own format.
import { never, type Operation } from '../../src/checkers/linearizable/operation.js';
import { formatHeader, formatOp } from '../../src/history/ndjson.js';
import type { Op, OpType } from '../../src/history/op.js';

/** What the header says of the checker's options. */
interface Said {
  readonly model: string;
  readonly init: unknown;
}

/**
 * The lines: each operation is called and returns. A compare-and-set that found another value fails
 * with an error; of two operations whose outcome is unknown one says so.
 */
export function historyLines(operations: readonly Operation[], said: Said): readonly string[] {
  const events = operations.flatMap((operation, nth) => [
    { at: operation.call, op: opOf(operation, 'invoke') },
    ...(operation.return === never
      ? nth % 2 === 0
        ? [{ at: operation.call + 0.5, op: opOf(operation, 'info') }]
        : []
      : [{ at: operation.return, op: opOf(operation, typeOf(operation)) }]),
  ]);
  events.sort((a, b) => a.at - b.at);
  const lines = events.map(({ op }, index) => formatOp({ ...op, index, timeUs: 10 * index }));
  return [formatHeader({ options: { ...said, keyed: true } }), ...lines];
}

function typeOf({ f, output }: Operation): OpType {
  return f === 'cas' && output === false ? 'fail' : 'ok';
}

function opOf({ client, f, key, input, output }: Operation, type: OpType): Op {
  const value = [key, (type === 'ok' ? (output ?? input) : input) ?? null];
  const error = type === 'fail' ? { error: 'precondition-failed' } : {};
  return { index: 0, timeUs: 0, process: client, type, f, value, ...error };
}
