// What an observer of a run is told: one step per event, with everything that the event did. Built
// only when somebody listens; the loop itself never needs it.
import type { Plain } from '../kernel/plain.js';
import type { Micros } from '../kernel/time.js';
import type { Fault } from '../nemesis/fault.js';
import type { Message, NodeId } from '../node/message.js';
import type { Timer, TimerId } from '../node/protocol.js';
import type { EventKey } from './edit.js';

/** What became of a message when it was sent. */
export type Fate =
  | { readonly fate: 'sent'; readonly arrivesUs: Micros; readonly copies: number }
  | { readonly fate: 'held' } // A cut in mode `hold`; it goes on at the heal.
  | { readonly fate: 'waits' } // For an event: an edit wants it to arrive before that.
  | { readonly fate: 'lost'; readonly why: string };

export type EffectRow =
  | {
      readonly effect: 'send';
      readonly key: EventKey;
      readonly dest: NodeId;
      readonly body: Plain;
      readonly fate: Fate;
    }
  | {
      readonly effect: 'timer';
      readonly key: EventKey;
      readonly id: TimerId;
      readonly timer: Timer;
      readonly atUs: Micros;
    }
  | { readonly effect: 'clear'; readonly id: TimerId }
  | { readonly effect: 'write'; readonly key: string; readonly value: Plain }
  | { readonly effect: 'sync'; readonly done: Timer; readonly atUs: Micros }
  | { readonly effect: 'note'; readonly text: string };

/** What happened. `lost` messages met a cut link or a node that was down; `held` ones are kept. */
export type Happening =
  | { readonly kind: 'start'; readonly node: NodeId }
  | { readonly kind: 'deliver'; readonly node: NodeId; readonly message: Message }
  | {
      readonly kind: 'lost';
      readonly node: NodeId;
      readonly message: Message;
      readonly why: string;
    }
  /** A cut in mode `hold` met it on arrival; it comes again, under the same key, at the heal. */
  | { readonly kind: 'held'; readonly node: NodeId; readonly message: Message }
  | { readonly kind: 'timer'; readonly node: NodeId; readonly id: TimerId; readonly timer: Timer }
  | {
      readonly kind: 'synced';
      readonly node: NodeId;
      readonly done: Timer;
      readonly error: string | undefined;
    }
  | { readonly kind: 'disconnected'; readonly node: NodeId; readonly peer: NodeId }
  | { readonly kind: 'invoke'; readonly worker: number; readonly op: number }
  | { readonly kind: 'timeout'; readonly worker: number; readonly op: number }
  | { readonly kind: 'fault'; readonly id: string; readonly fault: Fault }
  | { readonly kind: 'fault-end'; readonly id: string; readonly fault: Fault }
  | { readonly kind: 'phase'; readonly phase: Phase };

export type Phase = 'main' | 'recovery' | 'final' | 'done';

/** One event of a run: a row of its trace. */
export interface Step {
  /** Position in the run, from 0. */
  readonly index: number;
  readonly atUs: Micros;
  readonly key: EventKey;
  /** The index of the event that caused it; −1 for roots (starts, operations, planned faults). */
  readonly cause: number;
  readonly happening: Happening;
  readonly effects: readonly EffectRow[];
  /** The node threw and crashed: message and stack. */
  readonly crash: string | undefined;
  /** The chained digest after this event, 16 hexadecimal digits. */
  readonly digest: string;
}
