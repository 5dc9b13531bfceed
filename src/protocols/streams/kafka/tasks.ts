// A building block: the state of a node whose tasks are transactions, and its options. Plain data
// only.
import type { Body } from '../../../node/message.js';
import type { Context, OptionProblem } from '../../../node/protocol.js';
import { type Asks, askDefaults } from '../../leaning/asks.js';
import { type Session, sessionDefaults } from '../../leaning/session.js';
import { type ClientBodies, type Gate, gatewayDefaults } from '../gateway.js';
import type { OwnAim } from '../owning.js';
import type { Keyed } from '../topology/monoids.js';
import { topologies, topologyOf } from '../topology/named.js';
import { flawOf, type Plan } from '../topology/plan.js';

/** What lies in a partition between tasks. */
export interface Item {
  readonly p: number;
  readonly o: number;
  readonly fan: number;
  readonly key: string;
  readonly value: number;
}

export interface Task {
  readonly id: number;
  /** The number of the change by which this node came to own it. */
  readonly owned: number;
  /** The producer's epoch, and how many transactions it has ended. */
  epoch: number;
  nth: number;
  seq: number;
  /** How often it had to begin anew. */
  tries: number;
  state: Keyed;
  next: number;
  /** How far the changelog and the offsets are read, while they are. */
  log: number;
  /** The transaction that is open. */
  draft: Draft | undefined;
}

/** A transaction whose records are under way. */
interface Draft {
  readonly changes: Keyed;
  readonly next: number;
  /** Its first request, and those that are not answered. */
  readonly first: number;
  readonly open: Set<number>;
}

export interface OfTask {
  readonly task: number;
  readonly owned: number;
  readonly tries: number;
}

export type Aim =
  | Gate
  | OwnAim
  | (OfTask & { readonly do: 'init' | 'changelog' | 'offsets' | 'fetch' })
  | (OfTask & { readonly do: 'produce'; readonly seq: number })
  | (OfTask & { readonly do: 'end'; readonly commit: boolean })
  | {
      readonly do: 'read out';
      readonly gate: Gate;
      readonly sink: number;
      readonly outputs: readonly unknown[];
    };

export interface State {
  readonly asks: Asks<Aim>;
  readonly session: Session<Aim>;
  readonly plan: Plan;
  readonly tasks: Map<number, Task>;
}

/** A transaction whose records are not there yet is given up. */
export interface TooLong {
  readonly type: 'too long';
  readonly seq: number;
}

export const options = {
  ...{ ...gatewayDefaults, ...sessionDefaults, ...askDefaults },
  /** A list of vertices, or the name of a topology. */
  topology: topologies.get('word-count') as unknown,
  partitions: 2,
  fetchMax: 50,
  /** How long a transaction may take before it is aborted and made again. */
  abortUs: 1_000_000,
  /** task: a task's producer has one name for ever. random: each owner takes a new one. */
  producers: 'task',
};

export type Options = typeof options;
export type Ctx = Context<ClientBodies | Body, never, Options>;

/** Enough to read all that there is. */
export const readMax = 2 ** 30;

export function problem(given: Options): OptionProblem | undefined {
  const { topology, partitions, producers } = given;
  if (partitions < 1) return { option: 'partitions', expected: 'at least 1' };
  const names = ['task', 'random'];
  if (!names.includes(producers)) {
    return { option: 'producers', expected: names.join(' or '), names };
  }
  const flaw = flawOf(topologyOf(topology), { partitions, lawful: true, ids: true });
  return flaw === undefined ? undefined : { option: 'topology', expected: flaw };
}
