// What the nodes of `broadcast/adaptive` say to each other, and what each keeps in mind.
import type { Micros } from '../../../kernel/time.js';
import type { Body, NodeId } from '../../../node/message.js';
import type { Context, TimerId } from '../../../node/protocol.js';
import type { ClientBodies } from '../bodies.js';
import type { Have, Logs, Run } from '../logs.js';

/** Where a node stands in the tree, as it tells others. */
export interface Place {
  readonly root: NodeId;
  /** Hops to the root. */
  readonly depth: number;
  /** The last of the root's slots that it knows of: news of the tree are the fresher the higher. */
  readonly beat: number;
  /** It will be heard of again within this time. */
  readonly periodUs: Micros;
}

interface Exchange extends Body {
  /** What the receiver lacked when it was last heard. */
  readonly runs: readonly Run[];
  /** All that the sender has. */
  readonly have: Have;
}

/** To a child: news, and that the parent lives. */
interface Down extends Exchange {
  readonly type: 'down';
  readonly place: Place;
}

/** To the parent: news, what has arrived, and that the sender wants to be its child. */
interface Up extends Exchange {
  readonly type: 'up';
  /** It has children itself. */
  readonly deep: boolean;
  /** What it carries has missed its slot and should not wait for the next. */
  readonly late: boolean;
}

/** Who hears me, and where do you stand? It carries what the sender's parent may have missed. */
interface Probe extends Exchange {
  readonly type: 'probe';
}

/** Here I stand: be my child. */
interface Offer extends Exchange {
  readonly type: 'offer';
  readonly place: Place;
}

export type Bodies = ClientBodies | Down | Up | Probe | Offer;

export type Timers =
  /** A root hands out what it has. */
  | { readonly type: 'slot' }
  /** A child tells its parent what it has. */
  | { readonly type: 'up' }
  /** The parent is overdue. */
  | { readonly type: 'overdue' }
  /** A better parent is looked for. */
  | { readonly type: 'probe' };

export interface Options {
  /** From one slot of the root to the next, while there is news. */
  readonly slotUs: Micros;
  /** While there is none, periods double up to this. */
  readonly idleUs: Micros;
  /** What a message usually takes. It decides when to send, never what is true. */
  readonly hopUs: Micros;
  /** How much later than it promised a parent may be heard. */
  readonly patienceUs: Micros;
  /** How often a node without the best parent looks for a better one. */
  readonly probeUs: Micros;
}

export type Ctx = Context<Bodies, Timers, Options>;

interface Child {
  have: Have;
  deep: boolean;
  /** Slots in a row after which it was not heard. */
  silent: number;
}

export interface State {
  readonly logs: Logs;
  place: Place;
  /** `undefined`: this node is a root. */
  parent: NodeId | undefined;
  parentHas: Have;
  /** The place that an orphan had: see `isFeasible`. */
  lost: Place | undefined;
  readonly children: Map<NodeId, Child>;
  /** Something is new since the last slot. */
  news: boolean;
  /** The next `up` carries what has missed its slot. */
  late: boolean;
  /** One timer of each kind. */
  readonly timers: Map<Timers['type'], TimerId>;
}
