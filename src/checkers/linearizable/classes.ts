// Equal actions on a register are interchangeable, whether their outcome is known or not: they form
// a class. What is known of classes.

/** The classes of a part. All lists go by class, or by value where the name says so. */
export interface Classes {
  readonly count: number;
  readonly kinds: readonly number[];
  readonly froms: readonly number[];
  readonly tos: readonly number[];
  /** By operation. */
  readonly classOf: Int32Array;
  /** By value: the class of writes of it, where some have an unknown outcome; else −1. */
  readonly unknownWrites: Int32Array;
  /** By value: the classes of unknown compare-and-sets that make it, and that take it. */
  readonly unknownTo: ReadonlyMap<number, readonly number[]>;
  readonly unknownFrom: ReadonlyMap<number, readonly number[]>;
}
