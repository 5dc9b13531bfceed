// A queue: what was enqueued first is dequeued first. Its state is the list of what waits.
import { keyOf } from '../../../history/value.js';
import { type Action, type Model, UnknownActionError } from '../model.js';
import type { QueueAction } from '../queue-action.js';

const known = ['enqueue', 'dequeue'];

/** `dequeue` returns the value that waited longest, or null when none waits. */
export const fifoQueue: Model<readonly unknown[]> = {
  name: 'fifo-queue',
  about: 'A queue: enqueue, and dequeue in the same order (null when it is empty).',
  init: [],
  step: stepQueue,
  queue: queueAction,
};

function queueAction(action: Action): QueueAction {
  const { f, input, output, known: told } = action;
  if (f === 'enqueue') return { kind: 'enqueue', value: input };
  if (f !== 'dequeue') throw new UnknownActionError('fifo-queue', known, action);
  if (!told || output === undefined) return { kind: 'some' };
  return output === null ? { kind: 'empty' } : { kind: 'dequeue', value: output };
}

function stepQueue(waiting: readonly unknown[], action: Action): readonly unknown[] | undefined {
  const { f, input, output } = action;
  if (f === 'enqueue') return [...waiting, input];
  if (f !== 'dequeue') throw new UnknownActionError('fifo-queue', known, action);
  if (!action.known || output === undefined) return waiting.slice(1);
  if (waiting.length === 0) return output === null ? waiting : undefined;
  return Object.is(keyOf(waiting[0]), keyOf(output)) ? waiting.slice(1) : undefined;
}
