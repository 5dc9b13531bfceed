// A building block: what a conflict-free replicated data type is (Shapiro et al. 2011), in all
// three forms. State-based: `join` whole states. Delta-based (Almeida, Shoker & Baquero 2018):
// `join` the small states that `delta` makes. Operation-based: `apply` each `effect` once, causes
// first. The same operations through any of the three give the same value. States are plain data
// and immutable: every function returns a new one.

/** An operation of one replica, the n-th it made: no two operations have the same. */
export interface Dot {
  readonly actor: string;
  readonly n: number;
  /** The replica's clock, for types that order by time. */
  readonly timeUs: number;
}

/** Plain data, as kernel/plain has it. */
export type Value = null | boolean | number | string | readonly Value[];

/** An operation: its name and its argument. */
export interface Operation {
  readonly op: string;
  readonly arg: Value;
}

export interface Crdt<S = unknown, E = unknown> {
  readonly bottom: S;
  /** The operations it has. */
  readonly ops: readonly string[];
  /** The least state that, joined to `state`, has the operation's effect. */
  delta(state: S, operation: Operation, dot: Dot): S;
  /** The least upper bound: commutative, associative, idempotent. */
  join(a: S, b: S): S;
  /** What the operation will do everywhere, worked out where it was invoked. */
  effect(state: S, operation: Operation, dot: Dot): E;
  apply(state: S, effect: E): S;
  value(state: S): Value;
}
