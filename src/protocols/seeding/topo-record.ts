// What is agreed on about a topo: its specification, the code that came with it, and who seeds it.
import type { Micros } from '../../kernel/time.js';
import type { NodeId } from '../../node/message.js';
import type { TopoStatus } from './notes.js';
import type { TopoId, TopoSpec } from './spec.js';

/** One piece of code that travels with a topo. */
export interface Package {
  readonly hash: string;
  readonly text: string;
}

/** What a home keeps of a topo. */
export interface TopoRecord {
  readonly topo: TopoId;
  readonly spec: TopoSpec;
  readonly packages: readonly Package[];
  readonly status: TopoStatus;
  /** Which attempt to find seeds this is. */
  readonly round: number;
  /** Of the seed set; 0: there is none. */
  readonly version: number;
  readonly seeds: readonly NodeId[];
  readonly sinceUs: Micros;
}
