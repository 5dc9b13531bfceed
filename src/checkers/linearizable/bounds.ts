// How far a search goes, and what it can say. Bounds count configurations and bytes, never time, so
// that every machine gives the same verdict.

/** What a search may spend on a history. */
export interface Bounds {
  /** Configurations visited. */
  readonly configurationsMax: number;
  /** Bytes of remembered configurations, states and steps. */
  readonly bytesMax: number;
  /** Hears now and then what share of the part can be explained so far; changes nothing. */
  readonly progress?: (share: number) => void;
}

/** Why a part is invalid, as far as a search happens to know. */
export interface Clue {
  /** No order gets beyond about this rank: a hint where to look for the shortest bad prefix. */
  readonly stuck: number;
  /** Operations that suffice: with what happened before, they cannot be explained. */
  readonly conflict?: readonly number[];
  /** Whether all that had happened up to there makes it impossible, whatever came later. */
  readonly certain?: boolean;
  /** Configurations visited to find out: to prove it again costs about as many. */
  readonly spent?: number;
}

/** What a search found out about a part. */
export type Outcome =
  | { readonly verdict: 'valid' }
  | ({ readonly verdict: 'invalid' } & Clue)
  /** Everything up to the event of rank `reached` can be linearized; then a bound was met. */
  | { readonly verdict: 'unknown'; readonly reached: number; readonly bound: BoundName };

/** What a search can run out of. */
export type BoundName = 'configurationsMax' | 'bytesMax';

/** An outcome and what it cost. */
export interface Searched {
  readonly outcome: Outcome;
  readonly configurations: number;
}
