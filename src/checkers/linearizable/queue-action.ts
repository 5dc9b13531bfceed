// What operations can be to a FIFO queue.

/** What an action is to a queue: `some` takes whatever is first, or nothing. */
export type QueueAction =
  | { readonly kind: 'enqueue' | 'dequeue'; readonly value: unknown }
  | { readonly kind: 'empty' }
  | { readonly kind: 'some' };
