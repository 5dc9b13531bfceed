// Edits: what a run takes beside its seed in order to go differently at one place. Each addresses a
// message, an event, an operation or a fault by its identity, never by its position, so it survives
// the removal of others.
import type { Plain } from '../kernel/plain.js';
import type { Micros } from '../kernel/time.js';
import type { Fault } from '../nemesis/fault.js';
import type { Body } from '../node/message.js';

/** The key of a message or event: 16 hexadecimal digits, as traces show it. */
export type EventKey = string;

/** All that a message says instead of what it was given to say. */
type Altered = Body & Readonly<Record<string, Plain>>;

export type Edit =
  | { readonly edit: 'drop'; readonly message: EventKey }
  /** It arrives `byUs` later than it would have. */
  | { readonly edit: 'delay'; readonly message: EventKey; readonly byUs: Micros }
  /** One more copy arrives `afterUs` after the original. */
  | { readonly edit: 'duplicate'; readonly message: EventKey; readonly afterUs: Micros }
  /** It arrives in the instant in which it is sent, whatever the network would do to it. */
  | { readonly edit: 'deliver'; readonly message: EventKey }
  /**
   * It arrives right before the event is due, whatever the network would do to it. It waits for
   * that event, for good if it never comes.
   */
  | { readonly edit: 'deliver-before'; readonly message: EventKey; readonly event: EventKey }
  /** What is under way is this, whatever was sent. */
  | { readonly edit: 'alter'; readonly message: EventKey; readonly body: Altered }
  /** A fault strikes right after the event: crash, pause, cut … */
  | {
      readonly edit: 'fault';
      readonly at: EventKey;
      readonly fault: Fault;
      readonly forUs: Micros | undefined;
    }
  /**
   * One choice of chance comes out as `value`. Labels at a message: `loss` and `duplicate` (true or
   * false), `latency` (microseconds). At an event: `random#0`, `random#1` … (the draws of
   * `ctx.random`, whole numbers). At the end of a sync: `disk-fail` (true or false). At a crash:
   * `survivors/n1` (how many of that node's writes that no sync covers are on its disk after it).
   */
  | {
      readonly edit: 'choose';
      readonly at: EventKey;
      readonly choice: string;
      readonly value: Plain;
    }
  /** The operation with this number is never invoked. */
  | { readonly edit: 'omit-op'; readonly op: number }
  /** The planned fault with this id never strikes. */
  | { readonly edit: 'omit-fault'; readonly fault: string };
