// What operations can be to a register. All models whose state is one value are spoken of in these
// terms, so that the searches for registers serve them all.

/** An action on a register, by what it demands of the value and what it makes of it. */
export type RegisterAction =
  /** The value is `value`. */
  | { readonly kind: 'read'; readonly value: unknown }
  /** The value becomes `value`, whatever it was. */
  | { readonly kind: 'write'; readonly value: unknown }
  /** The value is `from` and becomes `to`; where the outcome is unknown: if it is `from`. */
  | { readonly kind: 'cas'; readonly from: unknown; readonly to: unknown }
  /** The value is not `from`. */
  | { readonly kind: 'mismatch'; readonly from: unknown }
  /** The value becomes itself with `value` at its end. */
  | { readonly kind: 'append'; readonly value: unknown }
  /** Nothing is demanded and nothing changes. */
  | { readonly kind: 'nothing' };

/** Kinds as numbers, for parts. Appends have become one of the others there. */
export const kindOf = { read: 0, write: 1, cas: 2, mismatch: 3, nothing: 4 } as const;
