// The narrow waist: all that a protocol may import. A protocol is a constant; its state is plain
// data that its handlers mutate; its only door is the context; what it does through the context is
// recorded and takes place when the handler returns. The shape is etcd/raft's pure core with
// Stateright's actors: see the table of alternatives in docs/writing-a-protocol.md.
import type { OptionProblem } from '../kernel/option.js';
import type { Plain } from '../kernel/plain.js';
import type { Random } from '../kernel/random.js';
import type { Micros } from '../kernel/time.js';
import type { Body, ErrorBody, Message, NodeId } from './message.js';
import type { AnyProperty } from './property.js';

export type { OptionProblem } from '../kernel/option.js';

/** What a timer carries: plain data, found again in `Protocol.timers` by its `type`. */
export interface Timer {
  readonly type: string;
}

/** Names one set timer of one node incarnation: 1, 2, 3 … in the order in which it set them. */
export type TimerId = number;

/** Why a sync failed: `full`, writes since the last one were refused; `failed`, they are lost. */
export type DiskError = 'full' | 'failed';

/** The disk of one node: keys with plain values, durable once a later `sync` has completed. */
export interface Store<T extends Timer = Timer> {
  /** The last value written, synced or not (the operating system's cache); `undefined` if none. */
  read(key: string): Plain;
  /** Keys that hold a value, in the order in which they were first written. */
  keys(): readonly string[];
  /** Writes to the cache; `undefined` deletes the key. Lost by a crash before `sync` completes. */
  write(key: string, value: Plain): void;
  /**
   * Makes every write before it durable, which takes virtual time; then `done` arrives in
   * `Protocol.timers`. If the disk is full or fails, `Protocol.diskFailed` gets it instead.
   */
  sync(done: T): void;
}

/** All that a handler can do. Valid only while the handler runs. */
export interface Context<B extends Body = Body, T extends Timer = Timer, O = unknown> {
  readonly self: NodeId;
  /** The cluster's members, this one included, as of now; joins and leaves change it. */
  readonly nodes: readonly NodeId[];
  /** The protocol's options with the scenario's values filled in. */
  readonly options: O;
  /** This node's own clock, which faults may skew, drift and make jump. */
  readonly nowUs: Micros;
  /** 1 for the first start of this node, then one more per restart. */
  readonly incarnation: number;
  /** Chance, keyed by the event being handled: it depends on nothing that other events drew. */
  readonly random: Random;
  readonly store: Store<T>;
  /** Sends a copy of `body`. Anything can happen to it on the way. */
  send(dest: NodeId, body: B): void;
  /** Answers `request`: type `x` takes `x_ok` or an error. `in_reply_to` is filled in. */
  reply<R extends Body>(request: Message<R>, body: ReplyTo<B, R['type']>): void;
  /** Fires once in `Protocol.timers` after `delayUs` of this node's clock, unless cleared. */
  setTimer(timer: T, delayUs: Micros): TimerId;
  /** Clears a timer; one that has fired or was cleared is no longer there, which is no error. */
  clearTimer(id: TimerId): void;
  /** A line in the trace; milestones and tests look for it. */
  note(text: string): void;
}

/**
 * A protocol: S its state (plain data), B the bodies it speaks, T its timers, O its options.
 * Handlers are synchronous and mutate `state` in place. One that throws crashes its node, and
 * nothing of what it did takes place.
 */
export interface Protocol<
  S = Plain,
  B extends Body = Body,
  T extends Timer = Timer,
  O extends object = object,
> {
  readonly name: string;
  /** One line for `stormglass list`. */
  readonly about: string;
  /** Every option with its default. Durations end in `Us` and are written `250ms` in scenarios. */
  readonly options: O;
  /** What is wrong with these options, which have the right types; `undefined`: nothing. */
  problem?(options: O): OptionProblem | undefined;
  /** Runs at every start. After a crash the store holds what was durable; all else is gone. */
  init(ctx: Context<B, T, O>): S;
  readonly on: {
    readonly [K in B['type']]?: (
      state: S,
      message: Message<Of<B, K>>,
      ctx: Context<B, T, O>,
    ) => void;
  };
  /** Any message whose type `on` does not name. */
  other?(state: S, message: Message, ctx: Context<B, T, O>): void;
  readonly timers?: {
    readonly [K in T['type']]?: (state: S, timer: Of<T, K>, ctx: Context<B, T, O>) => void;
  };
  /** A sync failed. Without this handler the node crashes, as a careful program does. */
  diskFailed?(state: S, done: T, error: DiskError, ctx: Context<B, T, O>): void;
  /** A connection to `peer` broke (transport `connection` only). Messages under way are lost. */
  disconnected?(state: S, peer: NodeId, ctx: Context<B, T, O>): void;
  /** Throws when the state is not one that a sound node can be in; run after every event there. */
  invariant?(state: Readonly<S>): void;
  /** What must hold of the whole cluster, seen from outside. */
  readonly properties?: readonly AnyProperty[];
  /** Predicates that a scenario's milestones can name: `when: { state: leader }`. */
  readonly milestones?: { readonly [name: string]: (state: Readonly<S>) => boolean };
  /**
   * Which inputs of a stream a message bears, or the effects of which: where one went wrong, its
   * path is told. `body` may be any that was sent to or by such a node.
   */
  inputsOf?(body: Body): readonly StreamInput[];
  /** Set where nodes are programs that `state` cannot hold: programs of others, hosted. */
  readonly hosted?: Hosted;
}

/** The place of an input of a stream in its log. */
export type StreamInput = readonly [partition: Plain, offset: Plain];

/** Messages of set-up that are none of the simulated network. */
export interface Handshakes {
  readonly asked: number;
  readonly answered: number;
}

/** Something that a hosted program should not have done, in a sentence that names the line. */
export interface Misconduct {
  /** `garbage`, `twice`, `out-of-turn` … */
  readonly kind: string;
  readonly about: string;
}

/** What a protocol of hosted programs is: such a world can be neither forked nor run strictly. */
interface Hosted {
  /** The protocol that runs one world; its programs are that world's own. */
  perWorld(services: readonly NodeId[]): AnyProtocol;
  /** The program of `node` is gone: it crashed, or left. `init` starts another. */
  ended(node: NodeId): void;
  /** The world is over, or nobody wants more of it: lets go of all programs, if any are left. */
  over?(): void;
  /** How many `init` its programs were sent, and how many they answered: messages, to Maelstrom. */
  handshakes?(): Handshakes;
  /** What the programs should not have said until now: the built-in judge `conduct` tells it. */
  misconduct?(): readonly Misconduct[];
  /**
   * When they speak is not ours to decide: what becomes of a message is then a function of its link
   * and of how many messages the link has carried, not of what caused it.
   */
  readonly keyedByLink?: true;
}

/** The member of union `U` whose `type` is `K`. */
type Of<U, K> = Extract<U, { readonly type: K }>;

/** What may answer a request of type `K`. */
type ReplyTo<B extends Body, K extends string> = Of<B, `${K}_ok`> | ErrorBody;

/** A protocol whose types are not known here; registries and the world hold these. */
// biome-ignore lint/suspicious/noExplicitAny: state, bodies and timers differ per entry.
export type AnyProtocol = Protocol<any, any, any, any>;
