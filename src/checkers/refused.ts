// Operations that were definitely refused. Most end as `fail`; but Maelstrom's clients of sets and
// counters take every error for unknown, so an `info` whose error is by name a definite one was
// refused as well. What was refused did not take place, and must not be seen. Source: Maelstrom,
// doc/protocol.md, errors.
import type { Op } from '../history/op.js';

/** Errors that say that an operation certainly did not take place. */
const definiteErrors: ReadonlySet<string> = new Set([
  'node-not-found',
  'not-supported',
  'temporarily-unavailable',
  'malformed-request',
  'abort',
  'key-does-not-exist',
  'key-already-exists',
  'precondition-failed',
  'txn-conflict',
]);

/** Whether an operation that completed so certainly did not take place. */
export function isRefused(completion: Op): boolean {
  if (completion.type === 'fail') return true;
  return completion.type === 'info' && definiteErrors.has(errorName(completion));
}

/** Errors are texts such as `abort: …`, or lists as Maelstrom writes them in EDN; or none, ''. */
export function errorName({ error = '' }: Op): string {
  return /^\W*([\w-]+)/.exec(error)?.[1] ?? '';
}
