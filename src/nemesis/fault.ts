// The closed vocabulary of faults, as data. What each does to a world is `sim/faults.ts`; when it
// happens is a schedule's business. Names follow Jepsen's and Maelstrom's.
import type { Micros } from '../kernel/time.js';
import type { NodeId } from '../node/message.js';

/** What a crash does to writes that no completed sync made durable. */
export type LostWrites =
  | 'none' // The process died, the machine lived: the cache reaches the disk.
  | 'suffix' // A prefix, drawn by chance, reached the disk.
  | 'torn' // As `suffix`, and the first write after it reached the disk in part.
  | 'all';

/** Directed links; `['n0', 'n1']` is what n0 sends to n1. `*` stands for every party. */
export type Links = readonly (readonly [from: NodeId, to: NodeId])[];

/** What happens to messages on a cut link: gone, or kept and released in a burst at the heal. */
export type CutMode = 'drop' | 'hold';

/** One fault. Those that last end after the entry's `forUs`, by `heal`, or with the main phase. */
export type Fault =
  /** No messages between components; nodes that no component names are one component more. */
  | {
      readonly f: 'partition';
      readonly components: readonly (readonly NodeId[])[];
      readonly mode: CutMode;
    }
  | { readonly f: 'cut'; readonly links: Links; readonly mode: CutMode }
  /** Ends every partition, cut, loss, duplicate, reorder and slow-link that is active. */
  | { readonly f: 'heal' }
  | { readonly f: 'loss'; readonly ppm: number; readonly links: Links }
  | { readonly f: 'duplicate'; readonly ppm: number; readonly links: Links }
  /** With probability `ppm` a message waits up to `windowUs` longer, so that others overtake it. */
  | {
      readonly f: 'reorder';
      readonly ppm: number;
      readonly windowUs: Micros;
      readonly links: Links;
    }
  /** Latency times `factor`, plus `extraUs`. */
  | {
      readonly f: 'slow-link';
      readonly factor: number;
      readonly extraUs: Micros;
      readonly links: Links;
    }
  | { readonly f: 'crash'; readonly nodes: readonly NodeId[]; readonly lost: LostWrites }
  | { readonly f: 'restart'; readonly nodes: readonly NodeId[] }
  /** Nothing is lost: what would have happened at the node happens when it is resumed. */
  | { readonly f: 'pause'; readonly nodes: readonly NodeId[] }
  | { readonly f: 'resume'; readonly nodes: readonly NodeId[] }
  /** Every event at the node occupies it for `serviceUs`; later ones queue. */
  | { readonly f: 'slow-node'; readonly nodes: readonly NodeId[]; readonly serviceUs: Micros }
  /** The clock shows `offsetUs` more (or less) for as long as the fault lasts. */
  | { readonly f: 'clock-offset'; readonly nodes: readonly NodeId[]; readonly offsetUs: Micros }
  /** The clock runs `ppm` parts in a million fast (or slow); timers too. */
  | { readonly f: 'clock-drift'; readonly nodes: readonly NodeId[]; readonly ppm: number }
  /** The clock jumps by `byUs`, once and for good. */
  | { readonly f: 'clock-jump'; readonly nodes: readonly NodeId[]; readonly byUs: Micros }
  /** Syncs take `factor` times as long. */
  | { readonly f: 'disk-slow'; readonly nodes: readonly NodeId[]; readonly factor: number }
  /** Writes are refused; the sync after them reports `full`. */
  | { readonly f: 'disk-full'; readonly nodes: readonly NodeId[] }
  /** A sync fails with probability `ppm`, and its writes are lost (Rebello et al. 2020). */
  | { readonly f: 'disk-fail'; readonly nodes: readonly NodeId[]; readonly ppm: number }
  /** New members, or members that left before; a member that comes back keeps its disk. */
  | { readonly f: 'join'; readonly nodes: readonly NodeId[] }
  | { readonly f: 'leave'; readonly nodes: readonly NodeId[] };

/** The name of a kind of fault. */
export type FaultName = Fault['f'];

/** Faults that are over as soon as they have struck: there is nothing to end. */
export const instantaneous: ReadonlySet<FaultName> = new Set([
  'heal',
  'restart',
  'resume',
  'clock-jump',
]);

/** A fault with its identity and its time. The identity survives the removal of other faults. */
export interface PlannedFault {
  readonly id: string;
  readonly atUs: Micros;
  readonly fault: Fault;
  /** It ends after this long; `undefined`: it lasts to the end of the main phase. */
  readonly forUs: Micros | undefined;
}

/** In a milestone's fault this name stands for the node at which the milestone was reached. */
export const milestoneNode = '@node';

/**
 * A fault that waits for something to happen: the `count`-th note or state predicate that matches,
 * at one node (`node`) or anywhere, then `afterUs` more. It strikes once.
 */
export interface Milestone {
  readonly id: string;
  readonly when:
    | { readonly note: string } // The note's text starts with this.
    | { readonly state: string }; // A predicate of `Protocol.milestones`, from false to true.
  readonly node: NodeId | undefined;
  readonly count: number;
  readonly afterUs: Micros;
  readonly fault: Fault;
  readonly forUs: Micros | undefined;
}
