// What a workload is: which operations clients invoke, how each becomes a request, what a reply
// means, which checkers judge the history. Jepsen's generator and client in one record of
// functions.
import type { OptionProblem } from '../kernel/option.js';
import type { Plain } from '../kernel/plain.js';
import type { Random } from '../kernel/random.js';
import type { Micros } from '../kernel/time.js';
import type { Body, NodeId } from '../node/message.js';

/** An operation to be invoked. */
export interface Invocation {
  readonly f: string;
  readonly value: Plain;
}

/** What a generator may look at when it makes the next operation. */
export interface GeneratorContext {
  /** Keyed by this operation's stable number, so that no other operation's draws matter. */
  readonly random: Random;
  /** The worker that will invoke it, 0 … concurrency − 1. Worker i talks to node i mod n. */
  readonly worker: number;
  /** The worker's process as of now: it has another one after each `info`. */
  readonly process: number;
  readonly concurrency: number;
  /** How many nodes there are at the start. */
  readonly nodeCount: number;
  readonly ratePerSecond: number;
  readonly options: WorkloadOptions;
}

/** Jepsen's pure generator: its state is plain data, so that a world can be forked. */
export interface Generator<G extends Plain = Plain> {
  readonly init: G;
  /** The next operation and state; `undefined` when there is nothing more to do. */
  next(state: G, ctx: GeneratorContext): { readonly op: Invocation; readonly state: G } | undefined;
  /**
   * The state once a worker's operation has ended. What is generated then depends on answers, and
   * leaving an operation out changes others: only for those who have to know.
   */
  update?(state: G, ended: Ended): G;
}

/** An operation that has ended, as it was invoked. */
interface Ended {
  readonly worker: number;
  readonly op: Invocation;
  readonly completion: Completion;
}

/**
 * What a client keeps in mind from one operation to the next, as plain data. A client that got an
 * `info` is gone, and the next one begins anew.
 */
export interface Session<M extends Plain = Plain> {
  readonly init: M;
  /** The operation as a client with this in mind invokes it. */
  fill(op: Invocation, mind: M): Invocation;
  /** What a client has in mind after an operation, and what it does at once because of it. */
  learn(ended: EndedOp, mind: M): Learnt<M>;
  /**
   * As `learn`, of the client that comes after one that got an `info` and had this in mind. Without
   * it, it begins with `init` and does nothing of itself.
   */
  lost?(ended: EndedOp, mind: M): Learnt<M>;
}

interface EndedOp extends Omit<Ended, 'worker'> {
  /** Whether it is an operation of the final phase. */
  readonly final: boolean;
}

interface Learnt<M> {
  readonly mind: M;
  readonly next?: readonly Invocation[];
}

/** Options of a workload with the scenario's values filled in. */
export type WorkloadOptions = Readonly<Record<string, Plain>>;

/** How an operation ended, as its reply tells. */
export interface Completion {
  readonly type: 'ok' | 'fail' | 'info';
  readonly value: Plain;
  readonly error?: string;
}

/** A checker with the options that this workload needs. */
interface CheckerChoice {
  readonly name: string;
  readonly options: Readonly<Record<string, unknown>>;
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
  /** Workers for each node unless the scenario says otherwise; 1 if this does not. */
  readonly workersPerNode?: number;
  /** How long clients wait unless the scenario says; `latencyUs` is a link's mean. */
  timeoutUs?(latencyUs: Micros): Micros;
  /** What clients keep in mind; without it, nothing. */
  readonly session?: Session;
  /** Operations of each worker after recovery, in order. `state` is the generator's. */
  final?(options: WorkloadOptions, state: Plain): readonly Invocation[];
  /** Types of requests that the first operations do not show. */
  readonly requests?: readonly string[];
  /** What an operation comes to that asks nobody (kafka's assign); `undefined`: it does ask. */
  local?(op: Invocation): Completion | undefined;
  /** The request that asks for `op`; `msg_id` is filled in by the client. */
  request(op: Invocation): Body;
  /**
   * What a reply that is not an error means. A reply that the workload does not understand is
   * `info` with `malformed-reply` and what is wrong with it.
   */
  complete(op: Invocation, reply: Body): Completion;
  /**
   * What an error reply, or none at all (code 0), means to this operation. `outcome` is what its
   * code says: `fail` where it certainly did not happen, else `info`.
   */
  failure?(op: Invocation, code: number, outcome: Completion): Completion;
  /** Operations that may be repeated without harm: their timeout is `fail`, not `info`. */
  readonly idempotent: readonly string[];
  /** The checkers that judge it unless the scenario says otherwise. */
  readonly checkers: readonly (string | CheckerChoice)[];
}

/** For clients that handle no errors, as some of Maelstrom's: nobody knows what an error means. */
export function asInfo(_op: Invocation, _code: number, outcome: Completion): Completion {
  return { ...outcome, type: 'info' };
}
