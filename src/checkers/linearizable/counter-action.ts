// What operations can be to a counter.

/** What an action is to a counter, all numbers being whole. */
export type CounterAction =
  /** The amount is added, whatever the sum is. */
  | { readonly kind: 'add'; readonly amount: number }
  /** The sum is `sum`. */
  | { readonly kind: 'read'; readonly sum: number }
  /** The amount is added, which gives `sum`. */
  | { readonly kind: 'add-and-get'; readonly amount: number; readonly sum: number }
  | { readonly kind: 'nothing' }
  /** No counter can have given this answer. */
  | { readonly kind: 'never' };
