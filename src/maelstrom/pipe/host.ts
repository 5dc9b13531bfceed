// What a piped node needs of its program: to be started, told lines, asked what it has said, and
// ended. Behind it are real processes (`programs.ts`), or a recording of what they said
// (`player.ts`).
import type { Micros } from '../../kernel/time.js';
import type { NodeId } from '../../node/message.js';

/** A line that a program has said, or what can be shown of one that is no UTF-8. */
export type Said = string | { readonly garbled: string };

/** A span of virtual time in which a program thinks. */
export interface Turn {
  readonly endsUs: Micros;
  /** Whether a line is the first that has to come, however long it takes; without: nothing has. */
  readonly awaited?: (said: Said) => boolean;
}

/** What a program has said since it was asked last. */
export interface Reading {
  readonly said: readonly Said[];
  /** It has timers of its own: virtual time has to follow the wall's. */
  readonly timed: boolean;
  /** Why it will say no more; `undefined` while it lives. */
  readonly ended: string | undefined;
}

/** The programs of one world, by the nodes that they are. */
export interface Host {
  /** Starts the program of a node afresh; it has a turn. */
  start(node: NodeId, turn: Turn): void;
  /** Writes lines to it. If it has no turn it has one now, which ends at `turnEndsUs`. */
  hand(node: NodeId, lines: readonly string[], turnEndsUs: Micros): void;
  /** Its turn ends. What it has said until it is quiescent; if it has timers, until now. */
  collect(node: NodeId, nowUs: Micros): Reading;
  /** Kills it. */
  stop(node: NodeId): void;
}
