// What SWIM's nodes say to each other and what each keeps in mind. Names are the paper's; those
// that only Lifeguard has are marked.
import type { Micros } from '../../../kernel/time.js';
import type { Body, NodeId } from '../../../node/message.js';
import type { Context, TimerId } from '../../../node/protocol.js';
import type { ClientBodies } from '../bodies.js';
import type { Table, Update } from '../standing.js';

/** A belief with who holds it: independent suspicions are counted (Lifeguard). */
export interface Rumour extends Update {
  readonly from: NodeId;
}

interface Piggyback extends Body {
  readonly updates: readonly Rumour[];
}

interface Ping extends Piggyback {
  readonly type: 'ping';
  readonly seq: number;
}

interface Ack extends Piggyback {
  readonly type: 'ack';
  readonly seq: number;
}

interface PingReq extends Piggyback {
  readonly type: 'ping-req';
  readonly seq: number;
  readonly target: NodeId;
}

/** The target has not answered in time, but this relay is there (Lifeguard). */
interface Nack extends Body {
  readonly type: 'nack';
  readonly seq: number;
}

/** All that the sender believes (memberlist's push-pull): for those who join or come back. */
interface Sync extends Body {
  readonly type: 'sync' | 'sync_ok';
  readonly incarnation: number;
  readonly updates: readonly Update[];
}

export type Bodies =
  | ClientBodies
  | Ping
  | Ack
  | PingReq
  | Nack
  | (Sync & { readonly type: 'sync' })
  | (Sync & { readonly type: 'sync_ok' });

export type Timers =
  | { readonly type: 'period' }
  /** No ack so far: others are asked. */
  | { readonly type: 'ack-timeout'; readonly seq: number }
  /** A relay has waited long enough. */
  | { readonly type: 'relay-timeout'; readonly seq: number }
  | { readonly type: 'sync' };

export interface Options {
  /** T′: from one ping to the next. */
  readonly periodUs: Micros;
  /** How long a ping may be unanswered before others are asked; less than a period. */
  readonly ackUs: Micros;
  /** k: how many are asked to ping in one's place. */
  readonly pingReqs: number;
  /** A suspect has this many times ⌈ln(n + 1)⌉ periods to refute; 0: no suspicion, as in §3. */
  readonly suspicionMult: number;
  /** λ: an update is sent at most this many times ⌈ln(n + 1)⌉ times by each node. */
  readonly retransmitMult: number;
  /** Updates in one message. */
  readonly updatesMax: number;
  /** How often all beliefs are exchanged with somebody, dead or alive; 0: at the start only. */
  readonly syncUs: Micros;
  /** Lifeguard, §4.A: the local health multiplier goes up to 1 + this; 0: off. memberlist: 8. */
  readonly healthMax: number;
  /**
   * Lifeguard, §4.B: a suspicion of one's own lasts this many times longer; 1: off. memberlist: 6.
   */
  readonly suspicionMaxMult: number;
  /** Lifeguard, §4.B: so many independent suspicions shorten it to the least. */
  readonly confirmations: number;
  /** Lifeguard, §4.C: a suspect is told so in the next ping, whatever else there is to tell. */
  readonly buddy: boolean;
}

export type Ctx = Context<Bodies, Timers, Options>;

/** The probe of one period (§3.1). */
export interface Probe {
  readonly target: NodeId;
  readonly seq: number;
  acked: boolean;
  /** Relays that were asked, and of which not even a nack came (Lifeguard). */
  unheard: number;
  timer: TimerId | undefined;
}

/** A ping on behalf of another node. */
export interface Relay {
  readonly requester: NodeId;
  readonly seq: number;
  readonly timer: TimerId;
}

/** A suspicion that runs. */
export interface Suspicion {
  /** By this node's count of periods. */
  readonly since: number;
  readonly first: NodeId;
  /** Who else holds it, on its own account. */
  readonly confirmedBy: Set<NodeId>;
  /** Whose suspicion is passed on. */
  latest: NodeId;
}

export interface State {
  readonly table: Table;
  /** This node's own incarnation. */
  incarnation: number;
  left: boolean;
  /** Periods since the start; a stretched one counts for what it was. */
  periods: number;
  /** Round-robin over members in an order that is drawn anew each round (§4.3). */
  round: { offset: number; stride: number; next: number; size: number };
  seq: number;
  probe: Probe | undefined;
  readonly relays: Map<number, Relay>;
  readonly suspicions: Map<NodeId, Suspicion>;
  /** About whom there is news, and how often each has been sent (§4.1). */
  readonly news: Map<NodeId, number>;
  /** 0: healthy (Lifeguard). */
  health: number;
}
