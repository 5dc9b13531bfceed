// What a piped node needs of its program: to be started, told lines, asked what it has said, and
// ended. Behind it are real processes (`programs.ts`), or a recording of what they said
// (`player.ts`).
import type { NodeId } from '../../node/message.js';

/** A line that a program has said, or what can be shown of one that is no UTF-8. */
export type Said = string | { readonly garbled: string };

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
  /** Starts the program of a node afresh. */
  start(node: NodeId): void;
  /** Writes a line to it. */
  hand(node: NodeId, line: string): void;
  /**
   * What it has said until it is quiescent; of a program with timers of its own, until now.
   * `awaited` says of a line whether it is the first one that must come.
   */
  collect(node: NodeId, awaited?: (said: Said) => boolean): Reading;
  /** Kills it. */
  stop(node: NodeId): void;
}
