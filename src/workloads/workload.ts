// What a workload is: which operations clients invoke, how each becomes a request, what a reply
// means, which checkers judge the history. Jepsen's generator and client in one record of
// functions.
import type { OptionProblem } from '../kernel/option.js';
import type { Plain } from '../kernel/plain.js';
import type { Random } from '../kernel/random.js';
import type { Body, NodeId } from '../node/message.js';

/** An operation to be invoked. */
export interface Invocation {
  readonly f: string;
  readonly value: Plain;
}

/** What a generator may look at when it makes the next operation. */
interface GeneratorContext {
  /** Keyed by this operation's stable number, so that no other operation's draws matter. */
  readonly random: Random;
  /** The worker that will invoke it, 0 … concurrency − 1. Worker i talks to node i mod n. */
  readonly worker: number;
  readonly options: WorkloadOptions;
}

/** Jepsen's pure generator: its state is plain data, so that a world can be forked. */
export interface Generator<G extends Plain = Plain> {
  readonly init: G;
  /** The next operation and state; `undefined` when there is nothing more to do. */
  next(state: G, ctx: GeneratorContext): { readonly op: Invocation; readonly state: G } | undefined;
}

/** Options of a workload with the scenario's values filled in. */
export type WorkloadOptions = Readonly<Record<string, Plain>>;

/** How an operation ended, as its reply tells. */
export interface Completion {
  readonly type: 'ok' | 'fail' | 'info';
  readonly value: Plain;
  readonly error?: string;
}

export interface Workload {
  readonly name: string;
  /** One line for `stormglass list`. */
  readonly about: string;
  /** Every option with its default; durations end in `Us`. */
  readonly options: WorkloadOptions;
  /** What is wrong with these options, which have the right types; `undefined`: nothing. */
  problem?(options: WorkloadOptions): OptionProblem | undefined;
  /** Requests that an administrator sends at the start and after each join or leave (topology). */
  setup?(nodes: readonly NodeId[], options: WorkloadOptions): ReadonlyMap<NodeId, Body>;
  readonly generator: Generator;
  /** Operations of each worker after recovery, in order. */
  final?(options: WorkloadOptions): readonly Invocation[];
  /** The request that asks for `op`; `msg_id` is filled in by the client. */
  request(op: Invocation): Body;
  /**
   * What a reply that is not an error means. A reply that the workload does not understand is
   * `info` with `malformed-reply` and what is wrong with it.
   */
  complete(op: Invocation, reply: Body): Completion;
  /** Operations that may be repeated without harm: their timeout is `fail`, not `info`. */
  readonly idempotent: readonly string[];
  /** Names of the checkers that judge it unless the scenario says otherwise. */
  readonly checkers: readonly string[];
}
