// A building block: the state of a node of a stream of batches, what its tasks say to each other,
// and its options. Task 0 coordinates, then come the spouts, then the counters. Plain data only.
import type { Body, NodeId } from '../../../node/message.js';
import type { Context, OptionProblem } from '../../../node/protocol.js';
import { type Asks, askDefaults } from '../../leaning/asks.js';
import { type Session, sessionDefaults } from '../../leaning/session.js';
import { type ClientBodies, type Gate, gatewayDefaults } from '../gateway.js';
import type { OwnAim } from '../owning.js';

/** One attempt at a batch. A coordinator that was replaced has a lower epoch. */
export interface Attempt {
  readonly epoch: number;
  readonly txid: number;
  readonly attempt: number;
}

/** The coordinator wants a batch: from an offset up to another, or as far as there is something. */
export interface EmitBatch extends Body, Attempt {
  readonly type: 'emit_batch';
  readonly to: number;
  readonly from: number;
  readonly until: number | undefined;
}

/** A spout has sent its share of the batch, which ends there; or, first, says where it would. */
export interface Emitted extends Body, Attempt {
  readonly type: 'emitted';
  readonly partition: number;
  readonly until: number;
}

/** A spout's share of a batch, which ends there, for one counter. */
export interface Share extends Body, Attempt {
  readonly type: 'share';
  readonly to: number;
  readonly partition: number;
  readonly until: number;
  readonly tuples: readonly Tuple[];
}

/** Partition, offset and number of a word, and the word. */
export type Tuple = readonly [p: number, o: number, nth: number, word: string];

/** The coordinator wants a batch in the state: the one that ends there, by partition. */
export interface CommitBatch extends Body, Attempt {
  readonly type: 'commit_batch';
  readonly to: number;
  readonly until: readonly (number | undefined)[];
}

export interface Committed extends Body, Attempt {
  readonly type: 'committed';
  readonly from: number;
}

/** A count, the last batch in it, and what it was before that. */
export interface Row {
  readonly txid: number;
  readonly prev: number;
  readonly value: number;
}

interface OfTask {
  readonly task: number;
  readonly owned: number;
}

export interface Coordinator extends OfTask {
  readonly kind: 'coordinator';
  ready: boolean;
  txid: number;
  attempt: number;
  /** By partition where the batch begins, and, once that is fixed, where it ends. */
  next: number[];
  until: (number | undefined)[];
  phase: 'planning' | 'fixing' | 'emitting' | 'committing' | 'closing';
  /** Tasks that have not answered. */
  readonly open: Set<number>;
  saves: number;
}

export interface Spout extends OfTask {
  readonly kind: 'spout';
}

export interface Counter extends OfTask {
  readonly kind: 'counter';
  ready: boolean;
  readonly rows: Map<string, Row>;
  /** The attempt that it has shares of, and those. */
  seen: Attempt;
  readonly shares: Map<number, Pick<Share, 'until' | 'tuples'>>;
  /** Rows that are being written. */
  readonly open: Set<string>;
  /** The attempt that waits for them, and is shown then, with what it has. */
  committing: (Attempt & Pick<Share, 'tuples'>) | undefined;
  puts: number;
  emitted: number;
}

export type Task = Coordinator | Spout | Counter;

export type Aim =
  | Gate
  | OwnAim
  | (OfTask & { readonly do: 'load' | 'rows' | 'fix' | 'close' })
  | (OfTask & { readonly do: 'fetch'; readonly of: EmitBatch })
  | (OfTask & { readonly do: 'row'; readonly word: string; readonly row: Row })
  | (OfTask & { readonly do: 'show' });

export interface TridentState {
  readonly asks: Asks<Aim>;
  readonly session: Session<Aim>;
  readonly tasks: Map<number, Task>;
  /** By task the node that owned it when anybody last looked. */
  readonly places: Map<number, NodeId>;
}

export const tridentDefaults = {
  ...{ ...gatewayDefaults, ...sessionDefaults, ...askDefaults },
  partitions: 2,
  counters: 2,
  /** transactional: a batch done again is the same batch. opaque: it is what there is by then. */
  spout: 'transactional',
  /** transactional: a batch that is in is skipped. opaque: it is taken back first. */
  state: 'transactional',
  batchMax: 20,
  /** An attempt that takes longer has failed. */
  attemptUs: 400_000,
  /** How long to wait when there is nothing to count. */
  idleUs: 30_000,
};

export type TridentOptions = typeof tridentDefaults;
export type TridentBodies = ClientBodies | EmitBatch | Emitted | Share | CommitBatch | Committed;
export type TridentCtx = Context<TridentBodies | Body, never, TridentOptions>;

export function tridentProblem(options: TridentOptions): OptionProblem | undefined {
  const { partitions, counters, batchMax, spout, state } = options;
  for (const [option, value] of Object.entries({ partitions, counters, batchMax })) {
    if (value < 1) return { option, expected: 'at least 1' };
  }
  const names = ['transactional', 'opaque'];
  for (const [option, value] of Object.entries({ spout, state })) {
    if (!names.includes(value)) return { option, expected: names.join(' or '), names };
  }
  return undefined;
}

export const spoutTask = (partition: number): number => 1 + partition;
export const counterTask = (nth: number, { partitions }: TridentOptions): number =>
  1 + partitions + nth;

/** To be called with what a task says; whoever has no place hears nothing, and is asked again. */
export function tell(
  { places }: Pick<TridentState, 'places'>,
  task: number,
  body: TridentBodies,
  ctx: TridentCtx,
): void {
  const place = places.get(task);
  if (place !== undefined) ctx.send(place, body);
}

export const sameAttempt = (a: Attempt, b: Attempt): boolean =>
  a.epoch === b.epoch && a.txid === b.txid && a.attempt === b.attempt;
